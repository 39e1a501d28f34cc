"""The commands of embargoctl that change an issue, as typed into a shell."""
import sys
import time

import tap
from operator_desk import BASE, DAY, Desk

ONE = "VS-2027-0001"


def test_dates(desk):
    """Each form that is promised, and what was understood is said."""
    desk.issue(1, due=3 * DAY)
    desk.types("""
$ embargoctl set-date VS-2027-0001 2031-12-03 14:00 UTC
VS-2027-0001: the embargo ends at 2031-12-03T14:00:00Z (Wednesday ...)
remark: more than 14 d 0 h after the report, the most that distros allows
$ embargoctl set-date VS-2027-0001 "2031-12-03T16:30:00+02:00"
VS-2027-0001: the embargo ends at 2031-12-03T14:30:00Z (Wednesday ...)
remark: ...
$ embargoctl set-date VS-2027-0001 5 Dec 2031 15:00 +0000
VS-2027-0001: the embargo ends at 2031-12-05T15:00:00Z (Friday ...)
remark: ...
remark: a Friday
$ embargoctl set-date VS-2027-0001 2031-12-03
VS-2027-0001: the embargo ends at 2031-12-03T14:00:00Z (..., the hour ...)
remark: ...
$ embargoctl set-date VS-2027-0001 +36h | head -1
VS-2027-0001: the embargo ends at ...Z (... UTC, in 1 d ...)
$ embargoctl set-date VS-2027-0001 tomorrow 14:00 | head -1
VS-2027-0001: the embargo ends at ...T14:00:00Z (... 14:00 UTC, in ...)
$ embargoctl set-date VS-2027-0001 +3d | head -1
VS-2027-0001: the embargo ends at ...Z (... UTC, in ... d ...)
""")
    due = int(desk.field(ONE, "due_at"))
    assert abs(due - time.time() - 3 * DAY) < 60, due
    log = [line.split()[:2] for line in desk.log(ONE)]
    assert log.count(["moved", "olga"]) == 7, log


def test_unreadable_dates(desk):
    """One line, the forms that are accepted, and nothing is changed."""
    desk.issue(1, due=3 * DAY)
    before = desk.all()
    for text, why in (("whenever", "cannot be read as a date"),
                      ("02/06/2031", "day and month could be either"),
                      ("2031-02-30", "no such date"),
                      ("friday", "relative date"), ("''", "nothing"),
                      ("3d", "duration without a date"),
                      ("x" * 400, "too long")):
        for command in ("set-date", "exploit"):
            desk.types("""
$ embargoctl %s VS-2027-0001 %s
embargoctl %s: no date: %s...; accepted: "2026-12-01 14:00 UTC", ...
? 64
""" % (command, text, command, why))
    assert desk.all() == before


def test_past_dates(desk):
    """Asked for on a terminal, else --yes is wanted."""
    desk.issue(1, due=3 * DAY)
    before = desk.all()
    desk.types("""
$ embargoctl set-date VS-2027-0001 2020-12-01 14:00
embargoctl set-date: Set a date in the past, 2020-12-01T14:00:00Z ...yes does
? 64
""")
    code, said = desk.on_terminal("set-date", ONE, "2020-12-01 14:00",
                                  answer="n\n")
    assert code == 1 and "? [y/N] " in said, (code, said)
    assert "nothing was changed" in said, said
    code, said = desk.on_terminal("set-date", ONE, "2020-12-01 14:00",
                                  answer="\x04")
    assert code == 1, (code, said)
    assert desk.all() == before
    code, said = desk.on_terminal("set-date", ONE, "2020-12-01 14:00",
                                  answer="y\n")
    assert code == 0, (code, said)
    assert desk.field(ONE, "due_at") == "1606831200"
    desk.types("""
$ embargoctl set-date --yes VS-2027-0001 2020-12-02 14:00
VS-2027-0001: the embargo ends at 2020-12-02T14:00:00Z (Wednesday ...)
""")


def test_default_hour_of_the_list(desk):
    """Of the list that has the issue, not of the first one."""
    desk.issue(1, due=3 * DAY, list="late")
    desk.settings["lists"].append({
        "name": "late", "address": ["late@vs.example.org"],
        "key": desk.settings["lists"][0]["key"], "tracker": "distros",
        "embargo": {"default_hour": "17:30"}})
    desk.write_conf()
    desk.types("""
$ embargoctl set-date VS-2027-0001 2031-12-03
VS-2027-0001: the embargo ends at 2031-12-03T17:30:00Z (..., the hour ...)
remark: more than 14 d 0 h after the report, the most that late allows
""")
    desk.settings["lists"].pop()
    desk.write_conf()


def test_states(desk):
    desk.issue(1, due=3 * DAY)
    desk.types("""
$ embargoctl semi-public VS-2027-0001 https://example.org/1
VS-2027-0001: semi-public
$ embargoctl public VS-2027-0001 https://example.org/2
VS-2027-0001: public
$ embargoctl public VS-2027-0001
VS-2027-0001: public, as before
$ embargoctl public VS-2027-0001 https://example.org/3
VS-2027-0001: public
$ embargoctl reopen VS-2027-0001
VS-2027-0001: embargoed again
$ embargoctl reopen VS-2027-0001
VS-2027-0001: embargoed again, as before
$ embargoctl broken VS-2027-0001
VS-2027-0001: broken
$ embargoctl broken VS-2027-0001
VS-2027-0001: broken, as before
$ embargoctl invalid VS-2027-0001
VS-2027-0001: invalid
""")
    assert desk.log(ONE) == [
        "semi-public olga https://example.org/1",
        "public olga https://example.org/2",
        "public olga https://example.org/3", "reopened olga public",
        "broken olga", "invalid olga"], desk.log(ONE)


def test_public_since(desk):
    """It was published before somebody said so."""
    desk.issue(1, due=-3 * DAY)
    desk.types("""
$ embargoctl public VS-2027-0001 https://example.org/1
VS-2027-0001: public
$ embargoctl public VS-2027-0001 --at 2020-12-01 14:00
VS-2027-0001: public
$ embargoctl public VS-2027-0001 --at +3d
embargoctl public: nothing is public before its time; see embargoctl set-date
? 64
$ embargoctl broken VS-2027-0001 --at 2020-12-01
usage: embargoctl [-c FILE] broken ISSUE [URL]
? 64
""")
    assert desk.field(ONE, "public_at") == "1606831200"
    assert desk.field(ONE, "url") == "https://example.org/1"


def test_wrong_urls(desk):
    desk.issue(1, due=3 * DAY)
    before = desk.all()
    desk.types("""
$ embargoctl public VS-2027-0001 advisory
embargoctl public: advisory is no URL; accepted: https://example.org/advisory
? 64
$ embargoctl public VS-2027-0001 'javascript:alert(1)'
embargoctl public: javascript:alert(1) is no URL; accepted: https://...
? 64
$ embargoctl invalid VS-2027-0001 https://example.org
usage: embargoctl [-c FILE] invalid ISSUE
? 64
""")
    assert desk.all() == before


def test_cve_note_exploit(desk):
    desk.issue(1, due=3 * DAY)
    desk.types("""
$ embargoctl cve VS-2027-0001 cve-2027-1234 CVE-2027-56789
VS-2027-0001: CVE-2027-1234 CVE-2027-56789
$ embargoctl cve VS-2027-0001 2027-1234
embargoctl cve: accepted: CVE ids, as CVE-2026-1234
? 64
$ embargoctl note VS-2027-0001 asked upstream, "no answer"
VS-2027-0001: noted
$ embargoctl note VS-2027-0001 -- --yes it is
VS-2027-0001: noted
$ embargoctl note VS-2027-0001 "$(printf 'two\\nlines\\033[1m')"
VS-2027-0001: noted
$ embargoctl note VS-2027-0001 ' '
embargoctl note: accepted: 1 to 1000 bytes
? 64
$ embargoctl note VS-2027-0001 $(seq 1000)
embargoctl note: accepted: 1 to 1000 bytes
? 64
$ embargoctl exploit VS-2027-0001 yes
VS-2027-0001: an exploit will follow
$ embargoctl exploit VS-2027-0001 2031-12-03 14:00
VS-2027-0001: the exploit is due at 2031-12-03T14:00:00Z (Wednesday ...)
$ embargoctl exploit VS-2027-0001 none
VS-2027-0001: no exploit
""")
    assert desk.log(ONE) == [
        "cve olga CVE-2027-1234 CVE-2027-56789",
        "note olga asked upstream, no answer", "note olga --yes it is",
        "note olga two lines [1m", "exploit olga 0",
        "exploit olga 1954072800", "exploit olga none"], desk.log(ONE)


def test_merge(desk):
    """It cannot be undone, so it is asked for."""
    desk.issue(1, due=3 * DAY)
    desk.issue(2, due=2 * DAY)
    before = desk.all()
    desk.types("""
$ embargoctl merge VS-2027-0001 VS-2027-0002
embargoctl merge: Make VS-2027-0001 a part of VS-2027-0002 for ...yes does
? 64
$ embargoctl merge --yes VS-2027-0001 VS-2027-0009
embargoctl merge: there is no issue VS-2027-0009
? 1
$ embargoctl merge --yes VS-2027-0001 VS-2027-0001
embargoctl merge: VS-2027-0001 cannot be merged into itself
? 64
""")
    after = desk.all()
    for name in ("due", "issues", "issue:VS-2027-0002"):
        assert after[BASE + name] == before[BASE + name], name
    code, said = desk.on_terminal("merge", "VS-2027-0002", ONE,
                                  answer="yes\n")
    assert code == 0, said
    assert desk.field("VS-2027-0002", "merged_into") == ONE
    assert desk.log(ONE)[0] == "merged olga from VS-2027-0002"


def test_ack(desk):
    desk.issue(1, due=-3 * DAY)
    desk.types("""
$ embargoctl ack VS-2027-0001 overdue
VS-2027-0001: overdue will not be repeated
$ embargoctl ack VS-2027-0001
VS-2027-0001: what was told will not be repeated
$ embargoctl ack VS-2027-0001 today
embargoctl ack: today is no kind of alert that repeats; accepted: overdue, ...
? 64
""")
    assert desk.log(ONE) == ["ack olga overdue", "ack olga *"]


def test_move(desk):
    desk.issue(1, due=3 * DAY)
    desk.types("""
$ embargoctl move '<a@example.org>' VS-2027-0001
embargoctl move: no message with this Message-ID is known
? 1
$ embargoctl move a@example.org VS-2027-0009
embargoctl move: there is no issue VS-2027-0009
? 1
""")


def test_admit(desk):
    """The leak guard's circle holds the digest that record.lua would."""
    desk.issue(1, due=3 * DAY)
    desk.types("""
$ embargoctl admit VS-2027-0001 '"Ann B" <Ann+x@Example.org>'
VS-2027-0001: ann@example.org takes part
$ embargoctl admit VS-2027-0001 nobody
embargoctl admit: nobody is no address; accepted: somebody@example.org
? 64
""")
    circle = desk.redis.hash(BASE + "circle:" + ONE)
    assert circle == {sha("ann@example.org"): ""}, circle
    desk.types("""
$ embargoctl admit --undo VS-2027-0001 ann@example.org
VS-2027-0001: ann@example.org takes no part
""")
    assert desk.redis.hash(BASE + "circle:" + ONE) == {}
    assert "ann" not in str(desk.all()), desk.all()


def sha(text):
    import hashlib
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def test_unknown_issues(desk):
    """Each command: one line, exit code 1, nothing is written."""
    desk.issue(1, due=3 * DAY)
    before = desk.all()
    for command in CHANGES:
        name = command.split()[0]
        for issue in ("VS-2027-0099", "nonsense"):
            code, said = desk.shell("embargoctl " + command % issue)
            assert code == 1, (command, code, said)
            assert said.count("\n") == 1, said
            assert said.startswith("embargoctl %s: " % name), said
            assert issue in said, said
    assert desk.all() == before


CHANGES = ("set-date %s +3d", "public %s", "semi-public %s", "broken %s",
           "invalid %s", "reopen %s", "cve %s CVE-2027-1234", "note %s text",
           "exploit %s none", "merge %s VS-2027-0001", "ack %s",
           "admit %s a@example.org", "move a@example.org %s")


def test_redis_down(desk):
    desk.issue(1, due=3 * DAY)
    desk.redis.kill()
    try:
        for command in CHANGES:
            code, said = desk.shell("embargoctl " + command % ONE)
            assert code == 69, (command, code, said)
            assert said.count("\n") == 1, said
    finally:
        desk.redis.start()


def test_operator(desk):
    """Who does it: behind sudo the one who called it."""
    desk.issue(1, due=3 * DAY)
    for name, seen in (("anna", "anna"), ("", "root"), ("a b\x1b[1m", "root"),
                       ("dom.ain@host", "dom.ain@host")):
        desk.environment["SUDO_USER"] = name
        desk.ctl("note", ONE, "x")
        assert desk.log(ONE)[-1] == "note %s x" % seen, desk.log(ONE)[-1]
    desk.environment["SUDO_USER"] = "olga"


def test_without_words(desk):
    for command in CHANGES:
        name = command.split()[0]
        code, said = desk.shell("embargoctl " + name)
        assert code == 64 and said.startswith("usage: "), (code, said)
        code, said = desk.shell("embargoctl %s --help" % name)
        assert code == 0 and said.startswith("usage: "), (code, said)


def each(test, desk):
    desk.redis("FLUSHALL")
    test(desk)


def main():
    with Desk() as desk:
        tests = [(name[5:].replace("_", " "),
                  lambda test=test: each(test, desk))
                 for name, test in globals().items()
                 if name.startswith("test_")]
        return tap.run(tests)


if __name__ == "__main__":
    sys.exit(main())
