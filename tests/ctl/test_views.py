"""list, due, show, alerts, report in a pipe: for scripts, and bad input.

    embargoctl list --due 3d
    embargoctl list --state public --json | jq -r '.[].id'
    embargoctl due --weeks 6
    embargoctl show VS-2027-0003
"""
import json
import re
import subprocess
import sys
import time

import tap
from ctl_rig import DAY, ENVIRONMENT, HOUR, MINUTE, CtlRig

READERS = (("list",), ("list", "--all"), ("due",), ("show", "VS-2027-0003"),
           ("alerts",), ("stats",), ("stats", "--html"), ("stats", "--csv"),
           ("stats", "--wiki"), ("report", "--html"), ("ics",), ("metrics",))


def ids(text):
    """In the order of their lines, each once."""
    return list(dict.fromkeys(re.findall(r"VS-2027-\d+", text)))


def numbers(*numbers):
    return ["VS-2027-%04d" % number for number in numbers]


# ---- list

def test_open(rig):
    assert ids(rig.ok("list")) == numbers(1, 2, 3, 4, 5)
    assert [one["id"] for one in rig.json("list")] == numbers(1, 2, 3, 4, 5)


def test_all(rig):
    assert ids(rig.ok("list", "--all")) == numbers(7, 1, 6, 2, 3, 4, 5)


def test_due_within(rig):
    assert ids(rig.ok("list", "--due", "3d")) == numbers(1, 2)
    assert ids(rig.ok("list", "--due", "12h")) == numbers(1, 2)
    assert ids(rig.ok("list", "--due", "0d")) == numbers(1)
    assert ids(rig.ok("list", "--due", "6d")) == numbers(1, 2, 3)


def test_state(rig):
    for state, expected in (("embargoed", numbers(1, 3, 4, 5)),
                            ("semi-public", numbers(2)),
                            ("public", numbers(6)), ("broken", numbers(7))):
        assert ids(rig.ok("list", "--state", state)) == expected, state
    assert rig.ok("list", "--state", "invalid") == "no such issues\n"
    assert rig.json("list", "--state", "invalid") == []


def test_columns(rig):
    """What a script may cut out: always the same places, nothing cut."""
    head, *lines = rig.ok("list").splitlines()
    places = [head.index(word) for word in ("DEADLINE", "ISSUE", "STATE",
                                            "LIST", "REMARKS")]
    for line in lines:
        assert line[places[1]:].startswith("VS-2027-"), line
        assert re.match(r"embargoed |semi-public ", line[places[2]:]), line
    assert "a-list-with-a-name-that-is-longer-than-others" in lines[3]
    assert lines[3].endswith("capped, over-max"), lines[3]
    assert all(line == line.rstrip() for line in lines)


def test_json_fields(rig):
    found = {one["id"]: one for one in rig.json("list", "--all")}
    one = found["VS-2027-0003"]
    assert one["assumed"] is True and one["exploit"] is True
    assert one["due_at"] and one["public_at"] is None
    assert one["answered_at"] and one["messages"] == 3
    assert one["subject"] == "[vs] \u00fcber"
    assert found["VS-2027-0004"]["subject"] is None     # no UTF-8


# ---- due

def test_time_line(rig):
    """A hundred columns of ASCII, whatever the locale."""
    for locale in ("C", "C.UTF-8"):
        text = rig.ok("due", LC_ALL=locale)
        assert text.isascii()
        lines = text.splitlines()
        assert all(len(line) <= 100 for line in lines), text
        assert ids(text) == numbers(1, 2, 6, 3, 4, 5)
        longest = max(lines, key=lambda line: line.count("="))
        assert "VS-2027-0004" in longest


def test_time_line_weeks(rig):
    text = rig.ok("due", "--weeks", "1")
    late = next(line for line in text.splitlines() if "0004" in line)
    assert late.endswith(">"), text     # later than is shown


def test_time_line_far(rig):
    """What is far away says its year."""
    rig.issue("VS-2027-0021", due=400 * DAY)
    rig.flush()
    line = rig.ok("due").splitlines()[-2]
    year = time.gmtime(rig.now + 400 * DAY).tm_year
    assert re.match(r"VS-2027-0021  \w{3} [ \d]\d \w{3} %d " % year, line)
    assert line.endswith(">"), line
    rig.redis("ZREM", "embargo:{distros}:issues", "VS-2027-0021")
    rig.redis("ZREM", "embargo:{distros}:due", "VS-2027-0021")


def test_time_line_json(rig):
    told = rig.json("due")
    assert [(e["issue"][-1], e["kind"]) for e in told] == [
        ("1", "embargo"), ("2", "embargo"), ("6", "exploit"),
        ("3", "embargo"), ("3", "exploit"), ("4", "embargo"),
        ("5", "embargo")]
    assert [e["overdue"] for e in told] == [True] + 6 * [False]
    assert told[0]["seconds_left"] < 0 < told[1]["seconds_left"]
    assert told[-1]["at"] is None and told[-1]["seconds_left"] is None


def test_exploit_seen_to(rig):
    """A past exploit of a public issue is shown until it is seen to."""
    rig.issue("VS-2027-0020", state="public", public=-9 * DAY, due=-9 * DAY,
              exploit=-DAY)
    rig.flush()
    assert "VS-2027-0020" in rig.ok("due")
    rig.ok("ack", "VS-2027-0020", "exploit-overdue")
    assert "VS-2027-0020" not in rig.ok("due")
    rig.redis("ZREM", "embargo:{distros}:issues", "VS-2027-0020")


# ---- show

def test_show(rig):
    text = rig.ok("show", "VS-2027-0003")
    assert re.search(r"^deadline +\S+ \S+ UTC \(in 5 d 0 h\), assumed$",
                     text, re.M), text
    assert "subject    [vs] \u00fcber" in text
    assert re.search(r" moved +\d{4}-\d\d-\d\d \d\d:\d\d to "
                     r"\d{4}-\d\d-\d\d \d\d:\d\d  \(olga\)", text), text
    assert re.search(r" exploit +no date|exploit +\S+ \S+  \(olga\)", text)
    assert re.search(r" note +1234567890 is no time here  \(olga\)", text)


def test_show_json(rig):
    told = rig.json("show", "VS-2027-0003")
    assert [e["what"] for e in told["log"]] == ["opened", "moved", "note",
                                                "exploit"]
    assert told["id"] == "VS-2027-0003"


# ---- alerts

def test_alerts(rig):
    lines = rig.ok("alerts").splitlines()
    assert len(lines) == 3 and "VS-2027-0001" in lines[0]
    assert lines[1].count("approaching") == 1
    told = [json.loads(line) for line in
            rig.ok("alerts", "--json").splitlines()]
    assert [e["kind"] for e in told] == ["overdue", "exploit-approaching",
                                         "refused"]


# ---- in general

def test_read_only(rig):
    """Reading leaves no trace: a MONITOR sees no command that writes."""
    monitor = rig.redis.connect()
    monitor("MONITOR")
    for words in READERS:
        assert rig(*words).returncode == 0, words
    rig.redis("ECHO", "the end")
    seen = set()
    while True:
        line = monitor.read()
        if "the end" in line:
            break
        seen.add(re.search(r'"(\w+)"', line)[1].upper())
    monitor.close()
    assert seen >= {"HGETALL", "XRANGE", "XREAD"}, seen
    writes = {"HSET", "ZADD", "XADD", "ZREM", "HDEL", "SET", "DEL", "EXPIRE",
              "HINCRBY", "PUBLISH", "XACK", "SETNX"}
    assert not seen & writes, seen & writes


def test_two_trackers():
    """All of them together, or one."""
    with CtlRig(lists=({}, {"name": "kernel", "address": ["k@x.example"],
                            "tracker": "kernel"})) as rig:
        rig.issue("VS-2027-0001", due=3 * DAY)
        rig.issue("K-2027-0001", due=2 * DAY, list="kernel",
                  base="embargo:{kernel}:")
        rig.flush()
        told = rig.json("list")
        assert [(e["id"], e["tracker"]) for e in told] == [
            ("K-2027-0001", "kernel"), ("VS-2027-0001", "distros")]
        assert len(rig.json("due", "--list", "kernel")) == 1
        assert rig.json("show", "K-2027-0001")["tracker"] == "kernel"
        assert "knows no list x" in rig.fails(64, "list", "--list", "x")


def test_empty():
    with CtlRig() as rig:
        assert rig.ok("list") == "no such issues\n"
        assert rig.ok("due") == "nothing is due\n"
        assert rig.ok("alerts") == ""
        assert rig.json("due") == [] and rig.json("report") == []
        assert "<dt>Open</dt>" in rig.ok("report", "--html")


def test_no_redis(rig):
    """One clear line and 69; nothing half done."""
    rig.redis.kill()
    try:
        for words in READERS + (("alerts", "--follow"),):
            assert "redis" in rig.fails(69, *words).lower(), words
    finally:
        rig.redis.start()
        fill(rig)


def test_bad_input(rig):
    for words, said in (
            (("list", "--due", "soon"), "--due takes a duration"),
            (("list", "--due"), "usage:"),
            (("list", "--state", "secret"), "--state takes embargoed"),
            (("list", "x"), "usage:"),
            (("due", "--weeks", "0"), "from 1 to 26"),
            (("due", "--weeks", "27"), "from 1 to 26"),
            (("due", "--weeks", "many"), "from 1 to 26"),
            (("due", "x"), "usage:"),
            (("show",), "usage:"),
            (("show", "VS-2027-0001", "x"), "usage:"),
            (("alerts", "--tail"), "usage:"),
            (("report",), "usage:"),
            (("report", "--html", "--json"), "usage:")):
        assert said in rig.fails(64, *words), words
    assert "no issue VS-2027-9999" in rig.fails(1, "show", "VS-2027-9999")
    assert "is not the id" in rig.fails(1, "show", "'; DROP TABLE")


def test_full_disk(rig):
    """What could not be written is not called done."""
    for words in READERS:
        with open("/dev/full", "w") as full:
            done = subprocess.run(
                rig.command(*words), stdin=subprocess.DEVNULL, stdout=full,
                stderr=subprocess.PIPE, text=True, env=ENVIRONMENT,
                timeout=60)
        assert done.returncode == 74, (words, done)
        assert "No space left" in done.stderr, (words, done)


def test_help(rig):
    for name in ("list", "due", "show", "alerts", "stats", "report", "ics",
                 "metrics"):
        text = rig.ok(name, "--help")
        assert text.startswith("usage: embargoctl [-c FILE] " + name), text


def fill(rig):
    half = 30 * MINUTE
    rig.issue("VS-2027-0001", due=-2 * DAY)
    rig.issue("VS-2027-0002", due=5 * HOUR, state="semi-public")
    rig.issue("VS-2027-0003", due=5 * DAY + half, assumed=1,
              exploit=9 * DAY, answered=-4 * DAY, subject="[vs] \u00fcber",
              log=[("opened", "distros", "message 1"),
                   ("moved", "1800000000 1800086400", "olga"),
                   ("note", "1234567890 is no time here", "olga"),
                   ("exploit", "1800086400", "olga")])
    rig.issue("VS-2027-0004", due=12 * DAY, over_max=1, capped=1,
              list="a-list-with-a-name-that-is-longer-than-others",
              subject=b"\xff\xfe")
    rig.issue("VS-2027-0005", needs_human=1)
    rig.issue("VS-2027-0006", state="public", public=-DAY, due=-DAY,
              exploit=2 * DAY)
    rig.issue("VS-2027-0007", state="broken", due=-3 * DAY)
    for kind, issue in (("overdue", "VS-2027-0001"),
                        ("exploit-approaching", "VS-2027-0006"),
                        ("refused", "")):
        rig.alert(kind, issue)


def main():
    with CtlRig() as rig:
        fill(rig)
        return tap.run(tap.collect(globals(), rig))


if __name__ == "__main__":
    sys.exit(main())
