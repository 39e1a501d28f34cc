"""embargoctl probe on a real Postfix, guarded and with one way in left open."""
import json
import os
import subprocess
import sys

import tap
from guarded_site import LIST, GuardedSite
from milter_rig import BUILD
from private_postfix import free_port

REFUSED, CLOSED, SKIPPED, OPEN = ("refused", "closed", "not probed",
                                  "NOT REFUSED")


def run(site, *words, code=0, path="/usr/sbin:/usr/bin:/sbin:/bin"):
    done = subprocess.run(
        [*site.program("embargoctl"), "probe", *words], capture_output=True,
        text=True, timeout=120, stdin=subprocess.DEVNULL,
        env={**os.environ, "MAIL_CONFIG": site.postfix.etc, "PATH": path})
    assert done.returncode == code, (done.returncode, done.stdout,
                                     done.stderr)
    return done.stdout + done.stderr


def probe(site, *words, code=0):
    """What became of each: (result, entrance, address)."""
    return sorted((one["result"], one["entrance"], one["address"])
                  for one in json.loads(run(site, "--json", *words,
                                            code=code)))


def smtpd(site):
    return "127.0.0.1:%d" % site.postfix.port


def test_guarded(site):
    """All is refused, nobody is bothered, and nothing is left of it."""
    assert probe(site) == [(REFUSED, smtpd(site), LIST),
                           (REFUSED, "sendmail", LIST)]
    said = run(site)
    assert said.endswith("2 test mails, 0 not refused\n"), said
    assert "550 5.7.1" in said, said
    domains = site.redis.hash("embargo:{distros}:refused")
    assert not any("invalid" in one for one in domains), domains
    assert site.postfix.mails() == []


def test_entrance_that_is_open(site):
    """Another port of smtpd, for mail from a content filter, say."""
    port = free_port()
    site.postfix.services = \
        "127.0.0.1:%d inet n - n - - smtpd -o smtpd_milters=\n" % port
    site.postfix.postconf()
    name = "127.0.0.1:%d" % port
    assert probe(site, code=1) == [
        (OPEN, name, LIST), (REFUSED, smtpd(site), LIST),
        (REFUSED, "sendmail", LIST)]
    mail, = site.postfix.mails()
    assert b"holds nothing secret" in mail, mail
    said = run(site, code=1)
    line, = [one for one in said.splitlines() if one.startswith(OPEN)]
    assert name in line and LIST in line, line
    assert said.endswith("3 test mails, 1 not refused\n"), said
    site.postfix.services = ""
    site.postfix.postconf()
    site.postfix.forget()


def test_sendmail_that_is_open(site):
    site.postfix.postconf(non_smtpd_milters="")
    assert probe(site, "--wait", "3s", code=1) == [
        (OPEN, "sendmail", LIST), (REFUSED, smtpd(site), LIST)]
    assert len(site.postfix.mails()) == 1
    site.postfix.postconf(non_smtpd_milters="$smtpd_milters")
    site.postfix.forget()


def postmap(site, command, name, text):
    path = os.path.join(site.folder, name)
    with open(path, "w", encoding="ascii") as file:
        file.write(text)
    subprocess.run([command, "-c", site.postfix.etc, "hash:" + path],
                   check=True)
    return "hash:" + path


def test_aliases(site):
    """The filter does not know them unless `address' does."""
    table = postmap(site, "postmap", "virtual",
                    "secalert@site.test  %s\n"
                    "old@site.test       someone@site.test, secalert\n"
                    "other@site.test     bob@site.test\n"
                    "%s                  %s\n" % (LIST, LIST, LIST))
    site.postfix.postconf(virtual_alias_maps=table, myorigin="site.test")
    found = probe(site, "--wait", "3s", code=1)
    assert [one for one in found if one[0] == OPEN] == [
        (OPEN, smtpd(site), "old@site.test"),
        (OPEN, smtpd(site), "secalert@site.test"),
        (OPEN, "sendmail", "old@site.test"),
        (OPEN, "sendmail", "secalert@site.test")], found
    site.write_conf([LIST, "secalert@site.test", "old@site.test"])
    site.stop_filter()
    site.start_filter()
    found = probe(site)
    assert len(found) == 6 and {one[0] for one in found} == {REFUSED}, found
    site.write_conf()
    site.stop_filter()
    site.start_filter()
    site.postfix.postconf(virtual_alias_maps="regexp:/etc/passwd")
    found = probe(site)
    assert (SKIPPED, "regexp:/etc/passwd", "distros") in found, found
    site.postfix.postconf(virtual_alias_maps="")
    site.postfix.forget()


def test_local_aliases(site):
    table = postmap(site, "postalias", "aliases", "security: %s\n" % LIST)
    site.postfix.postconf(alias_maps=table, myorigin="site.test")
    found = probe(site, "--wait", "3s", code=1)
    assert (OPEN, smtpd(site), "security@site.test") in found, found
    site.postfix.postconf(alias_maps="")
    site.postfix.forget()


def test_closed_by_the_mta(site):
    """A port for those who log in: told, and no cause for alarm."""
    port = free_port()
    site.postfix.services = (
        "127.0.0.1:%d inet n - n - - smtpd\n"
        "  -o smtpd_client_restrictions=reject\n" % port)
    site.postfix.postconf()
    assert (CLOSED, "127.0.0.1:%d" % port, LIST) in probe(site)
    assert "who may log in there was not tried" in run(site)
    site.postfix.services = (
        "127.0.0.1:%d inet n - n - - smtpd\n"
        "  -o smtpd_tls_wrappermode=yes\n" % port)
    site.postfix.postconf()
    assert (SKIPPED, "127.0.0.1:%d" % port, LIST) in probe(site)
    site.postfix.services = ""
    site.postfix.postconf()


def test_filter_is_away(site):
    """A deferral is no refusal: the text would be sent again and again."""
    site.stop_filter()
    assert probe(site, "--wait", "1s", code=1) == [
        (OPEN, smtpd(site), LIST), (OPEN, "sendmail", LIST)]
    assert "only deferred at" in run(site, "--wait", "1s", code=1)
    site.start_filter()


def test_named_entrance(site):
    assert probe(site, "--smtp", smtpd(site)) == [
        (REFUSED, smtpd(site), LIST)]
    port = free_port()
    found = probe(site, "--smtp", "127.0.0.1:%d" % port, code=1)
    assert found == [(OPEN, "127.0.0.1:%d" % port, LIST)], found
    assert "no connection" in run(site, "--smtp", "127.0.0.1:%d" % port,
                                  code=1)


def test_trial_run(site):
    """enforce = false: the list is not guarded yet."""
    site.write_conf(more="enforce = false;")
    site.stop_filter()
    site.start_filter()
    assert {one[0] for one in probe(site, "--wait", "2s", code=1)} == {OPEN}
    site.write_conf(more='cleartext = "warn";')
    assert probe(site, code=1) == [(SKIPPED, "", "distros")]
    site.write_conf()
    site.stop_filter()
    site.start_filter()
    site.postfix.forget()


def test_trouble(site):
    assert run(site, "--smtp", "x", code=64).startswith("usage: ")
    assert run(site, "now", code=64).startswith("usage: ")
    site.redis.kill()
    try:
        said = run(site, "--wait", "2s", code=69)
        assert "550 5.7.1" in said, said
    finally:
        site.redis.start()


def main():
    with GuardedSite(BUILD) as site:
        return tap.run(tap.collect(globals(), site))


if __name__ == "__main__":
    sys.exit(main())
