"""embargoctl check on a mail host that is well, and with one thing wrong.

Where a finding comes with a command, the command is run as it stands, and the
finding must be gone.
"""
import json
import os
import subprocess
import sys

import tap
from gpg_keys import Keys
from guarded_site import GuardedSite
from milter_rig import BUILD
from operator_desk import DAY, Desk
from private_postfix import free_port

# The container of a test may have no time server, and nobody looks here.
ALWAYS = {"kept by no time server", "embargo-warnd last looked: never",
          "append-only file is off: a crash loses issues"}


def findings(site, *words, code=None):
    done = subprocess.run(
        [*site.program("embargoctl"), "check", "--json", *words],
        capture_output=True, text=True, timeout=60, env=environment(site))
    assert done.returncode == code or code is None, (done.returncode,
                                                     done.stderr)
    return json.loads(done.stdout)


def environment(site):
    """Postfix reads a file that was just changed over and over for a second:
    instead of a reload, which takes long as well, let it look older."""
    path = os.path.join(site.folder, "bin")
    if not os.path.isdir(path):
        os.mkdir(path)
        with open(path + "/postfix", "w", encoding="ascii") as file:
            file.write("#!/bin/sh\ntouch -d '1 hour ago' %s/*.cf\n" %
                       site.postfix.etc)
        os.chmod(path + "/postfix", 0o755)
        subprocess.run([path + "/postfix"], check=True)
    return {**os.environ, "MAIL_CONFIG": site.postfix.etc,
            "PATH": path + ":/usr/sbin:/usr/bin:/sbin:/bin"}


def main_cf(site, **settings):
    """Change it; who asks postconf need not wait for Postfix to reload."""
    site.postfix.settings.update(settings)
    site.postfix.write()
    subprocess.run([os.path.join(site.folder, "bin/postfix")], check=True)


def problems(site, **options):
    """What is wrong beside what always is: text and remedy."""
    return [(one["subject"], one["text"], one["remedy"])
            for one in findings(site, **options)
            if not one["good"] and one["text"] not in ALWAYS]


def expect(site, words, subject=None):
    """One problem that says so; its remedy."""
    found = problems(site, code=1)
    match = [one for one in found if words in one[1] and
             subject in (None, one[0])]
    assert match, (words, found)
    return match[0][2]


def mend(site, words, subject=None):
    """The problem is there, and its command mends it."""
    command = expect(site, words, subject)
    done = subprocess.run(["sh", "-c", command], env=environment(site),
                          capture_output=True, text=True, timeout=60)
    left = [one for one in problems(site) if words in one[1]]
    assert not left, (command, done.stdout, done.stderr, left)


def test_all_is_well(site):
    assert problems(site, code=1) == [], problems(site)
    texts = " ".join(one["text"] for one in findings(site))
    for words in ("1 usable encryption subkeys", "reachable, a master",
                  "never evicts", "the filter listens", "Postfix may use it",
                  "others may not use it", "as the last one", "tempfail"):
        assert words in texts, (words, texts)


def test_nothing_is_changed(site):
    site.redis("CONFIG", "RESETSTAT")
    with open(os.path.join(site.postfix.etc, "main.cf"), "rb") as file:
        before = file.read()
    findings(site)
    stats = site.redis("INFO", "commandstats")
    for word in ("set", "hset", "del", "xadd", "expire", "zadd", "hdel"):
        assert "cmdstat_%s:" % word not in stats, stats
    with open(os.path.join(site.postfix.etc, "main.cf"), "rb") as file:
        assert file.read() == before


def test_redis(site):
    site.redis("CONFIG", "SET", "maxmemory-policy", "allkeys-lru")
    mend(site, "may evict keys", "redis")
    site.redis("CONFIG", "SET", "appendonly", "yes")
    site.redis("CONFIG", "SET", "appendfsync", "no")
    mend(site, "appendfsync is no", "redis")
    site.redis("CONFIG", "SET", "appendonly", "no")
    site.redis("CONFIG", "SET", "maxmemory", "1100000")
    assert "config set maxmemory" in expect(site, "% of maxmemory in use")
    site.redis("CONFIG", "SET", "maxmemory", "0")


def test_aof_remedy(site):
    found = [one for one in findings(site)
             if one["text"].startswith("append-only file is off")]
    subprocess.run(["sh", "-c", found[0]["remedy"]], check=False,
                   env=environment(site), capture_output=True)
    assert site.redis("CONFIG", "GET", "appendonly")[1] == "yes"
    site.redis("CONFIG", "SET", "appendonly", "no")


def test_redis_with_few_rights(site):
    """Who may not ask for appendfsync is told the rest."""
    site.redis("CONFIG", "SET", "appendonly", "yes")
    site.redis("ACL", "SETUSER", "default", "-config")
    texts = [one["text"] for one in findings(site)]
    assert any("appendfsync is not known" in one for one in texts), texts
    site.redis("ACL", "SETUSER", "default", "+config")
    site.redis("CONFIG", "SET", "appendonly", "no")


def test_overdue_issue(site):
    opened = 1700000000
    site.redis("SET", "embargo:{distros}:schema", 1)
    site.redis("HSET", "embargo:{distros}:issue:VS-2027-0001", "id",
               "VS-2027-0001", "state", "embargoed", "opened_at", opened,
               "due_at", opened + DAY, "list", "distros")
    site.redis("ZADD", "embargo:{distros}:issues", opened, "VS-2027-0001")
    site.redis("ZADD", "embargo:{distros}:due", opened, "VS-2027-0001")
    expect(site, "1 open issues, 1 overdue", "distros")
    site.redis("ZADD", "embargo:{distros}:due", "+inf", "VS-2027-0001")
    expect(site, "1 open issues without a date", "distros")
    site.redis("FLUSHALL")


def test_default_action(site):
    main_cf(site, milter_default_action="accept")
    mend(site, "accept, so that anything passes", "postfix sendmail")
    main_cf(site, milter_default_action="tempfail")


def test_entrance_without_filter(site):
    main_cf(site, non_smtpd_milters="")
    mend(site, "non_smtpd_milters: lacks the filter: this way is open",
         "postfix sendmail")
    main_cf(site, non_smtpd_milters="$smtpd_milters")


def test_service_without_filter(site):
    """What master.cf says of one service counts, in either spelling."""
    port = free_port()
    name = "postfix 127.0.0.1:%d/inet" % port
    for options in ("-o smtpd_milters=", "-o { smtpd_milters = }",
                    "-o smtpd_milters=$nothing"):
        site.postfix.services = "127.0.0.1:%d inet n - n - - smtpd\n  %s\n" \
            % (port, options)
        main_cf(site)
        mend(site, "smtpd_milters: lacks the filter", name)
    site.postfix.services = "127.0.0.1:%d inet n - n - - smtpd\n" \
        "  -o receive_override_options=no_milters,no_address_mappings\n" % port
    main_cf(site)
    mend(site, "switches all filters off", name)
    site.postfix.services = ""
    main_cf(site)


def test_place_of_the_filter(site):
    ours = site.postfix.settings["smtpd_milters"]
    main_cf(site, smtpd_milters=ours + ", inet:127.0.0.1:8891")
    mend(site, "smtpd_milters: has filters behind ours",
         "postfix 127.0.0.1:%d/inet" % site.postfix.port)
    assert problems(site) == [], problems(site)
    main_cf(
        site, smtpd_milters="inet:127.0.0.1:8891, { %s, "
        "default_action=accept }"
        % ours, non_smtpd_milters="$smtpd_milters")
    expect(site, "accept, so that anything passes", "postfix sendmail")
    main_cf(site, smtpd_milters="unix:" + site.socket)
    assert problems(site) == [], problems(site)
    main_cf(site, smtpd_milters=ours)


def test_aliases(site):
    """Those that the filter does not know as the list's."""
    path = os.path.join(site.folder, "virtual")
    with open(path, "w", encoding="ascii") as file:
        file.write("secalert@site.test  distros@vs.site.test\n")
    subprocess.run(["postmap", "-c", site.postfix.etc, "hash:" + path],
                   check=True)
    main_cf(site, virtual_alias_maps="hash:" + path)
    assert 'add "secalert@site.test" to its address' in expect(
        site, "the alias secalert@site.test leads to it", "distros")
    site.write_conf(["distros@vs.site.test", "secalert@site.test"])
    assert problems(site) == [], problems(site)
    main_cf(site, virtual_alias_maps="")
    site.write_conf()


def test_limits_of_postfix(site):
    main_cf(site, milter_content_timeout="10s")
    mend(site, "it waits 10s for the filter", "postfix sendmail")
    main_cf(site, milter_content_timeout="300s",
                          message_size_limit="0")
    mend(site, "takes mail of up to any number of bytes", "postfix")
    main_cf(site, message_size_limit="10240000",
                          message_reject_characters="")
    mend(site, "takes mail with NUL bytes", "postfix")
    main_cf(site, message_reject_characters="\\0")


def test_socket_for_all(site):
    folder = os.path.dirname(site.socket)
    os.chmod(folder, 0o755)
    os.chmod(site.socket, 0o666)
    expect(site, "others may use it", "socket")
    os.chmod(folder, 0o777)
    mend(site, "others could put another in its place", "socket")
    os.chmod(folder, 0o700)
    os.chmod(site.socket, 0o660)
    mend(site, "Postfix has no way through", "socket")
    os.chmod(folder, 0o2750)


def test_no_filter(site):
    site.stop_filter()
    expect(site, "milter.sock is not there", "socket")
    site.start_filter()


def test_redis_down(site):
    """What else is wrong is told all the same; exit code 69."""
    site.redis.kill()
    try:
        found = findings(site, code=69)
        assert [one["subject"] for one in found if not one["good"]] == [
            "redis"], found
        assert "postfix sendmail" in [one["subject"] for one in found]
    finally:
        site.redis.start()


def keys_that_end(keys):
    """A list key that ends in ten days, members without and with a key."""
    soon = keys.make("Soon <soon@vs.example.org>")
    keys.gpg("--quick-set-expire", soon, "10d")
    keys.gpg("--quick-set-expire", soon, "10d", "*")
    keys.import_public(soon, keys.member)
    return soon


def test_keys(_):
    with Keys() as keys:
        soon = keys_that_end(keys)
        members = os.path.join(keys.folder, "members")
        lost = "0123456789ABCDEF0123456789ABCDEF01234567"
        with open(members, "w", encoding="ascii") as file:
            file.write("a@x.test %s\nb@x.test %s\n" % (keys.member, lost))
        lists = [{"name": "soon", "address": ["soon@vs.example.org"],
                  "key": [soon], "members": members},
                 {"name": "none", "address": ["none@vs.example.org"],
                  "key": [lost]}]
        with Desk(keys=keys, lists=lists) as desk:
            found = desk.ctl_json("check", code=1)
    bad = {(one["subject"], one["text"].split(" expires")[0])
           for one in found if not one["good"]}
    texts = "\n".join("%s: %s" % one for one in sorted(bad))
    assert "soon: 1 usable encryption subkeys" in texts, texts
    assert "soon: the list's key %s" % soon in texts, texts
    assert "soon: the key of b@x.test: " in texts, texts
    assert "a@x.test" not in texts, texts
    assert "none: " in texts, texts
    good = "\n".join(one["text"] for one in found if one["good"])
    assert "the key of a@x.test %s expires: never" % keys.member in good


def test_for_people(site):
    done = subprocess.run([*site.program("embargoctl"), "check"],
                          capture_output=True, text=True, timeout=60,
                          env=environment(site))
    assert done.returncode == 1 and "\x1b" not in done.stdout
    lines = done.stdout.splitlines()
    at = [n for n, line in enumerate(lines) if line.startswith("PROBLEM")]
    assert at and all(lines[n + 1].startswith("        ") for n in at), lines


def main():
    with GuardedSite(BUILD) as site:
        return tap.run(tap.collect(globals(), site))


if __name__ == "__main__":
    sys.exit(main())
