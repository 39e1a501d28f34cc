"""ics: RFC 5545, read by a parser that forgives nothing.

    embargoctl ics >embargoes.ics
    embargoctl ics --subjects
"""
import re
import sys
import time

import tap
from ctl_rig import DAY, CtlRig

LINE = re.compile(r"([A-Z-]+)((?:;[A-Z-]+=[^;:\"]+)*):(.*)", re.S)
# What section 3.6 wants once, and what it allows once at most.
ONCE = {"VCALENDAR": ("PRODID", "VERSION"), "VEVENT": ("UID", "DTSTAMP"),
        "VALARM": ("ACTION", "TRIGGER", "DESCRIPTION")}
MOST = {"VEVENT": ("DTSTART", "CLASS", "STATUS", "SUMMARY", "SEQUENCE",
                   "TRANSP", "DESCRIPTION", "LAST-MODIFIED")}


def unfold(text):
    """Content lines; each is checked to be at most 75 octets (3.1)."""
    assert text.endswith("\r\n")
    assert "\n" not in text.replace("\r\n", "")
    for line in text.split("\r\n"):
        assert len(line.encode()) <= 75, line
        assert not re.search(r"[\x00-\x08\x0a-\x1f\x7f]", line), line
    return text.replace("\r\n ", "").split("\r\n")[:-1]


def parse(text):
    """Components: their kind, their properties, what they hold."""
    stack = [("", {}, [])]
    for line in unfold(text):
        name, _, value = LINE.fullmatch(line).groups()
        if name == "BEGIN":
            stack.append((value, {}, []))
        elif name == "END":
            done = stack.pop()
            assert done[0] == value, line
            check(done)
            stack[-1][2].append(done)
        else:
            stack[-1][1].setdefault(name, []).append(value)
    (_, loose, (calendar,)), = stack
    assert not loose and calendar[0] == "VCALENDAR"
    return calendar


def check(component):
    kind, properties, _ = component
    for name in ONCE.get(kind, ()):
        assert len(properties.get(name, ())) == 1, (kind, name, properties)
    for name in MOST.get(kind, ()):
        assert len(properties.get(name, ())) <= 1, (kind, name, properties)
    for name in ("DTSTAMP", "DTSTART", "LAST-MODIFIED"):
        for value in properties.get(name, ()) if kind == "VEVENT" else ():
            time.strptime(value, "%Y%m%dT%H%M%SZ")


def plain(value):
    """TEXT (3.3.11); an escape that there is none of is an error."""
    assert not re.search(r"(?<!\\)(\\\\)*[;,]", value), value
    assert not re.search(r"\\[^\\;,nN]", value.replace("\\\\", "")), value
    return re.sub(r"\\(.)", lambda m: "\n" if m[1] in "nN" else m[1], value)


def events(rig, *words):
    calendar = parse(rig.raw("ics", *words))
    return {plain(e[1]["UID"][0]): e for e in calendar[2]
            if e[0] == "VEVENT"}


def one(event, name):
    return plain(event[1][name][0])


def stamp(at):
    return time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(at))


def test_events(rig):
    """One for each deadline; none for what is over or has no date."""
    found = events(rig)
    assert sorted(found) == [
        "VS-2027-0001-embargo@distros", "VS-2027-0002-embargo@distros",
        "VS-2027-0002-exploit@distros", "VS-2027-0005-exploit@distros"]
    event = found["VS-2027-0002-embargo@distros"]
    assert one(event, "DTSTART") == stamp(rig.now + 5 * DAY)
    assert one(event, "SUMMARY") == "VS-2027-0002: embargo ends"
    assert one(event, "STATUS") == "TENTATIVE"
    assert one(event, "CLASS") == "CONFIDENTIAL"
    event = found["VS-2027-0001-embargo@distros"]
    assert one(event, "STATUS") == "CONFIRMED"
    event = found["VS-2027-0005-exploit@distros"]
    assert one(event, "DTSTART") == stamp(rig.now + 2 * DAY)
    assert one(event, "SUMMARY") == "VS-2027-0005: exploit due"


def test_alarms(rig):
    """Those of alerts.before, and one at the time itself."""
    for event in events(rig).values():
        triggers = [alarm[1]["TRIGGER"][0] for alarm in event[2]]
        assert triggers == ["-P2D", "-PT2H", "-PT1H30M", "PT0S"], triggers
        assert {alarm[1]["ACTION"][0] for alarm in event[2]} == {"DISPLAY"}


def test_sequence(rig):
    """It rises with each change of the date, and nothing else does."""
    def state(kind="embargo"):
        event = events(rig)["VS-2027-0001-%s@distros" % kind]
        return (int(one(event, "SEQUENCE")), one(event, "DTSTAMP"),
                one(event, "LAST-MODIFIED"))
    assert state()[0] == 1      # agreed, then moved
    before = rig.raw("ics")
    rig.ok("note", "VS-2027-0001", "nothing of the date")
    assert rig.raw("ics") == before
    rig.ok("set-date", "VS-2027-0001", "+9d")
    sequence, changed, modified = state()
    assert sequence == 2 and changed == modified >= stamp(rig.now)
    rig.ok("exploit", "VS-2027-0001", "+12d")
    assert state()[0] == 2 and state("exploit")[0] == 0
    rig.ok("exploit", "VS-2027-0001", "+13d")
    assert state("exploit")[0] == 1


def test_same_file(rig):
    """Nothing has changed: not a byte has."""
    first = rig.raw("ics")
    time.sleep(1.1)
    assert rig.raw("ics") == first


def test_subjects(rig):
    """Only when asked for, and no line of another's making."""
    assert "telling" not in rig.raw("ics")
    event = events(rig, "--subjects")["VS-2027-0002-embargo@distros"]
    text = one(event, "DESCRIPTION")
    assert "Subject: a, telling; subject\\  BEGIN:VALARM" in text, text
    assert "\u20ac" * 60 in text


def test_nothing_due():
    """A calendar holds something always."""
    with CtlRig() as rig:
        calendar = parse(rig.raw("ics"))
        assert [c[0] for c in calendar[2]] == ["VTIMEZONE"]
        assert [c[0] for c in calendar[2][0][2]] == ["STANDARD"]


def test_json(rig):
    found = rig.json("ics")
    assert {(e["issue"], e["kind"]) for e in found} == {
        tuple(re.match(r"(.*)-(\w+)@", uid).groups()) for uid in events(rig)}


def test_bad_input(rig):
    assert "usage:" in rig.fails(64, "ics", "--all")


def fill(rig):
    rig.issue("VS-2027-0001", due=3 * DAY, log=[
        ("opened", "distros", "message 1"),
        ("date", str(rig.now + 2 * DAY), "message 1"),
        ("moved", "%d %d" % (rig.now + 2 * DAY, rig.now + 3 * DAY), "olga")])
    rig.issue("VS-2027-0002", due=5 * DAY, assumed=1, exploit=9 * DAY,
              subject="a, telling; subject\\\r\nBEGIN:VALARM" + "\u20ac" * 60)
    rig.issue("VS-2027-0003", needs_human=1)
    rig.issue("VS-2027-0004", due=-DAY, public=-DAY, state="public")
    rig.issue("VS-2027-0005", due=-DAY, public=-DAY, state="public",
              exploit=2 * DAY)
    rig.issue("VS-2027-0006", due=DAY, state="broken")
    rig.flush()


def main():
    with CtlRig(before=["2d", "2h", "90m"]) as rig:
        fill(rig)
        return tap.run(tap.collect(globals(), rig))


if __name__ == "__main__":
    sys.exit(main())
