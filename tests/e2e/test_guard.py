"""The leak guard on a real Postfix: replies that go astray, and the list
manager's copies."""
import os
import signal
import sys

import tap
from guarded_site import LIST, OTHER, GuardedSite, end_on_signals
from private_postfix import transact, wait_for

BUILDDIR = os.environ.get("top_builddir", ".")
CAROL, MEMBER = "carol@site.test", "member@site.test"
MANAGER = "distros-bounces@vs.site.test"
TAGS = ("X-Embargo-Issue: VS-2026-0007\nX-Embargo-Status: reply\n"
        "X-Embargo-Verdict: accept pgp-mime\n")
GUARD = 'guard = true; members = "%s"; sender = [ "' + MANAGER + '" ];'


def expect(reply, code, *words):
    assert reply[0] == code, reply
    for word in words:
        assert word in reply[1], (word, reply)


def report(site, **fields):
    """An issue, by its name; the report's Message-ID is first@..."""
    fields.setdefault("id", "first@reporter.test")
    expect(site.send(site.reporter.encrypted_mail(LIST, site.key, **fields)),
           250)
    site.postfix.wait_idle()
    site.postfix.forget()
    return site.ctl_json("list")[0]["id"]


def reply(site, to, **fields):
    """A reply in clear to the report."""
    fields.setdefault("more", "In-Reply-To: <first@reporter.test>\n"
                      "References: <first@reporter.test>\n")
    return site.reporter.clear_mail(to, subject="Re: [vs] a report",
                                    sender=CAROL, **fields)


def leaks(site):
    return [one for one in site.alerts() if one["kind"] == "leak-blocked"]


def test_a_reply_to_a_stranger_is_refused(site):
    issue = report(site)
    expect(site.send(reply(site, OTHER), OTHER, sender=CAROL), 550,
           "under embargo", "Remove the recipients", "site.test/policy")
    expect(site.send(reply(site, OTHER), MEMBER, OTHER, sender=CAROL), 550)
    assert site.postfix.mails() == []
    first, second = leaks(site)
    assert first["issue"] == second["issue"] == issue, first
    assert "reason=embargo-leak list=distros issue=" + issue in \
        site.log_text()
    count = site.redis.hash("embargo:{distros}:counters")
    assert count["refused:embargo-leak"] == "2", count


def test_a_reply_to_a_member_passes(site):
    report(site)
    sent = reply(site, MEMBER)
    expect(site.send(sent, MEMBER, sender=CAROL), 250)
    mail, = site.postfix.mails(1)
    assert b"X-Embargo-" not in mail and b"frob" in mail, mail
    assert leaks(site) == []


def test_a_reply_to_the_reporter_passes(site):
    report(site)
    alice = "alice@reporter.test"
    expect(site.send(reply(site, alice), alice, sender=CAROL), 250)
    assert len(site.postfix.mails(1)) == 1


def test_after_publication_everything_passes(site):
    issue = report(site)
    expect(site.send(reply(site, OTHER), OTHER, sender=CAROL), 550)
    site.ctl("public", issue, "https://example.org/posting")
    expect(site.send(reply(site, OTHER), OTHER, sender=CAROL), 250)
    assert len(site.postfix.mails(1)) == 1


def test_other_mail_is_as_it_was(site):
    report(site)
    expect(site.send(site.reporter.clear_mail(OTHER), OTHER), 250)
    expect(site.send(reply(site, OTHER, more="In-Reply-To: <x@y.test>\n"),
                     OTHER, sender=CAROL), 250)
    assert len(site.postfix.mails(2)) == 2


def test_one_session_with_all_of_it(site):
    """What was answered of one message must not count for the next."""
    report(site)
    with site.postfix.client() as client:
        for _ in range(3):
            expect(transact(client, reply(site, OTHER), CAROL, OTHER), 550)
            expect(transact(client, reply(site, MEMBER), CAROL, MEMBER), 250)
            expect(transact(client, site.reporter.clear_mail(LIST), CAROL,
                            LIST), 550)
            expect(transact(client, site.reporter.clear_mail(OTHER), CAROL,
                            OTHER), 250)
    assert len(site.postfix.mails(6)) == 6


def test_a_local_reply_is_guarded(site):
    """From sendmail(1), where a refusal becomes a bounce."""
    report(site)
    sent = reply(site, OTHER).replace(b"\r\n", b"\n")
    site.postfix.sendmail(sent, CAROL, OTHER)
    wait_for(lambda: leaks(site), about="the alert")
    site.postfix.wait_idle()
    for mail in site.postfix.mails():
        assert b"Delivered-To: " + OTHER.encode() not in mail, mail


def test_what_the_manager_sends(site):
    report(site)
    copy = site.reporter.encrypted_mail(
        LIST, site.reporter.make_key("member <%s>" % MEMBER),
        more=TAGS + "References: <first@reporter.test>\nPrecedence: list\n")
    expect(site.send(copy, MEMBER, OTHER, sender=MANAGER), 250)
    for mail in site.postfix.mails(2):
        tags = [line for line in mail.decode().splitlines()
                if line.startswith("X-Embargo-")]
        assert tags == TAGS.splitlines(), tags
    site.postfix.forget()
    expect(site.send(reply(site, LIST), MEMBER, sender=MANAGER), 550,
           "not encrypted")
    assert site.postfix.mails() == [] and len(leaks(site)) == 1


def test_while_redis_is_gone_other_mail_passes(site):
    site.redis.kill()
    expect(site.send(reply(site, OTHER), OTHER, sender=CAROL), 250)
    assert len(site.postfix.mails(1)) == 1
    assert site.log_text().count("passes unguarded") == 1


def on(site, test):
    """The test on a site without mail and issues."""
    def run():
        site.reset()
        try:
            test()
        finally:
            site.heal()
    return run


def guard(site):
    """Switch it on; the member's key is of no matter here."""
    path = os.path.join(site.folder, "members")
    with open(path, "w") as file:
        file.write("%s, %s\n" % (MEMBER, site.key))
    os.chmod(path, 0o644)
    site.write_conf(more=GUARD % path)
    site.filter.send_signal(signal.SIGUSR1)
    wait_for(lambda: "read again" in site.log_text(),
             about="the new configuration")


def main(word=""):
    """All tests, or those with a word in their names."""
    end_on_signals()
    with GuardedSite(BUILDDIR) as site:
        guard(site)
        return tap.run([(name, on(site, test)) for name, test in
                        tap.collect(globals(), site) if word in name])


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))
