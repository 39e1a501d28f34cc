"""embargoctl purge: what ended long ago goes, and all that was its own."""
import subprocess
import sys
import time

import tap
from operator_desk import BASE, DAY, Desk

YEAR = 366 * DAY


def message(desk, number, issue):
    """A message's digest: while the table has one hash it is number 0."""
    desk.redis("HSET", BASE + "tables", "msg", 1)
    desk.redis("HINCRBY", BASE + "tables", "n:msg", 1)
    desk.redis("HSET", BASE + "msg:0", number.to_bytes(12, "big"),
               issue.encode() + b":\x00\xff345678n")


def closed(desk, number, state, ago, merged=None, **more):
    """An issue that ended so long ago, with all that one can have."""
    at = int(time.time()) - ago
    if state == "public":
        more["public_at"] = at
    if merged:
        more["merged_into"] = merged
    issue = desk.issue(number, due=-ago, state=state,
                       opened_at=at - 10 * DAY, **more)
    desk.redis("XADD", BASE + "log:" + issue, "*", "at", at, "what", state,
               "by", "olga", "text", "")
    desk.redis("HSET", BASE + "circle:" + issue, "0123456789abcdef", "")
    desk.redis("HSET", BASE + "leaks:" + issue, "mark", at)
    desk.redis("XADD", BASE + "alerts", "*", "kind", "reached", "issue",
               issue, "at", at)
    desk.redis("ZADD", BASE + "warn", at, issue)
    for n in range(3):
        message(desk, number * 1000 + n, issue)
    return issue


def fill(desk):
    """(old, young): the issues that are to go and to stay."""
    old = [closed(desk, 1, "public", YEAR), closed(desk, 2, "broken", YEAR),
           closed(desk, 3, "invalid", YEAR)]
    old.append(closed(desk, 4, "invalid", 2 * DAY, merged=old[0]))
    young = [closed(desk, 5, "public", 300 * DAY),
             closed(desk, 6, "embargoed", YEAR),
             closed(desk, 7, "semi-public", YEAR),
             closed(desk, 8, "public", YEAR,
                    exploit_at=int(time.time()) + DAY)]
    young.append(closed(desk, 9, "invalid", YEAR, merged=young[0]))
    desk.redis("XADD", BASE + "alerts", "*", "kind", "refused", "issue", "")
    desk.redis("HSET", BASE + "counters", "issues:2027", 9)
    return old, young


def of(desk, issues):
    """What of these issues is in Redis."""
    found = []
    for key, value in desk.all().items():
        for issue in issues:
            if issue in key or issue in str(value):
                found.append((key, issue))
    return sorted(found)


def test_dry_run(desk):
    """It says what it would do, and does nothing."""
    old, _ = fill(desk)
    before = desk.all()
    desk.types("""
$ embargoctl purge --older-than 365d --dry-run
VS-2027-0001  public       20...
VS-2027-0002  broken       -
VS-2027-0003  invalid      -
VS-2027-0004  invalid      -
would forget 4 issues, 12 message digests, 4 alerts
$ embargoctl purge --older-than 365d --dry-run --json | grep -c '"id"'
4
$ embargoctl purge --older-than 3650d --dry-run
would forget 0 issues, 0 message digests, 0 alerts
""")
    assert desk.all() == before and len(old) == 4


def test_all_that_was_its_own(desk):
    old, young = fill(desk)
    others = of(desk, young)
    desk.types("""
$ embargoctl purge --older-than 365d
embargoctl purge: Forget for good 4 issues, 12 message digests, 4 alerts: ...
? 64
$ embargoctl purge --older-than 365d --yes
forgot 4 issues, 12 message digests, 4 alerts
$ embargoctl purge --older-than 365d --yes
forgot 0 issues, 0 message digests, 0 alerts
""")
    # the last one that stays tells which issue it was merged into
    assert of(desk, old) == [], of(desk, old)
    assert of(desk, young) == others
    counters = desk.redis.hash(BASE + "counters")
    assert counters == {"issues:2027": "9", "purged": "4"}, counters
    assert desk.redis("XLEN", BASE + "alerts") == 6


def test_asks_on_a_terminal(desk):
    fill(desk)
    before = desk.all()
    code, said = desk.on_terminal("purge", "--older-than", "365d",
                                  answer="no\n")
    assert code == 1 and "4 issues, 12 message digests" in said, said
    assert desk.all() == before
    code, said = desk.on_terminal("purge", "--older-than", "365d",
                                  answer="yes\n")
    assert code == 0 and "forgot 4 issues" in said, said


def test_killed_half_way(desk):
    """Whole issues only, and a second run does the rest."""
    for number in range(1, 1501):
        closed(desk, number, "public", YEAR)
    purge = subprocess.Popen(
        desk.command("purge", "--older-than", "365d", "--yes"),
        stdout=subprocess.DEVNULL, env=desk.environment)
    tap.poll(lambda: int(desk.redis("HGET", BASE + "counters", "purged") or
                         0) > 100, pause=0)
    purge.kill()
    purge.wait()
    left = desk.redis("ZCARD", BASE + "issues")
    assert 0 < left < 1500, left
    keys = desk.redis("KEYS", "*")
    for name in ("issue:", "log:", "circle:", "leaks:"):
        count = len([k for k in keys if k.startswith(BASE + name)])
        assert count == left, (name, count, left)
    desk.ctl("purge", "--older-than", "365d", "--yes")
    keys = sorted(key[len(BASE):] for key in desk.redis("KEYS", "*"))
    assert keys == ["alerts", "counters", "schema", "tables"], keys
    tables = desk.redis.hash(BASE + "tables")
    assert tables == {"msg": "1", "n:msg": "0"}, tables
    assert desk.redis("XLEN", BASE + "alerts") == 0


def test_data_that_is_lost(desk):
    """An issue that is listed while its hash is gone waits for a backup."""
    issue = closed(desk, 1, "public", YEAR)
    desk.redis("DEL", BASE + "issue:" + issue)
    before = desk.all()
    desk.ctl("purge", "--older-than", "365d", "--yes")
    assert desk.all() == before


def test_numbers_go_on(desk):
    """A number that was given is not given again, and mail goes on."""
    old, _ = fill(desk)
    desk.ctl("purge", "--older-than", "365d", "--yes")
    code, said = desk.shell("embargoctl show " + old[0])
    assert (code, said.strip()) == (
        1, "embargoctl show: there is no issue " + old[0]), said


def test_trouble(desk):
    fill(desk)
    for words in ("", "--older-than", "--older-than soon",
                  "--older-than -1d", "--older-than 0d", "365d"):
        code, said = desk.shell("embargoctl purge --yes " + words)
        assert code == 64 and said.startswith("usage: "), (words, said)
    desk.redis.kill()
    try:
        code, said = desk.shell("embargoctl purge --older-than 1d --yes")
        assert code == 69 and said.count("\n") == 1, (code, said)
    finally:
        desk.redis.start()


def each(test, desk):
    desk.redis("FLUSHALL")
    test(desk)


def main():
    with Desk() as desk:
        return tap.run([(name[5:].replace("_", " "),
                         lambda test=test: each(test, desk))
                        for name, test in globals().items()
                        if name.startswith("test_")])


if __name__ == "__main__":
    sys.exit(main())
