"""list, due and alerts --follow in a terminal: tmux shows what people see.

    embargoctl list
    embargoctl due
    embargoctl alerts --follow
"""
import json
import os
import pty
import re
import subprocess
import sys
import unicodedata

import past
import tap
from ctl_rig import CTL, DAY, ENVIRONMENT, HOUR, CtlRig
from terminal import Terminal

UTF8 = {**ENVIRONMENT, "LC_ALL": "C.UTF-8"}
C = {**ENVIRONMENT, "LC_ALL": "C"}


def columns(line):
    return sum(0 if unicodedata.combining(c) else
               2 if unicodedata.east_asian_width(c) in "WF" else 1
               for c in line)


def run(rig, command, width=100, environment=None, done=r"DONE 0"):
    """The screen after a command, and the same with colours."""
    with Terminal(width, 40, environment or UTF8) as terminal:
        terminal.type("clear; %s; echo DONE $?" % command)
        screen = terminal.wait_for(done)
        return screen.split(done)[0], terminal.screen(colours=True)


def ctl(rig, *words):
    return " ".join((CTL, "-c", rig.path) + words)


def line_of(screen, word):
    return next(line for line in screen.split("\n") if word in line)


def coloured(screen, word):
    """The codes of the colour in which a word is shown."""
    line = line_of(screen, word)
    return re.findall(r"\x1b\[([\d;]*)m", line[:line.index(word)])[-1:] or [""]


# ---- list

def test_list(rig):
    """Deadline first; red, yellow and plain."""
    screen, colours = run(rig, ctl(rig, "list"))
    lines = screen.strip().split("\n")
    assert lines[0].split()[:2] == ["DEADLINE", "(UTC)"]
    ids = re.findall(r"VS-2027-\d+", screen)
    assert ids == ["VS-2027-0001", "VS-2027-0002", "VS-2027-0003",
                   "VS-2027-0004", "VS-2027-0005"], ids
    assert "2 d 0 h ago" in lines[1] and "in 5 h" in lines[2], screen
    assert "no date" in line_of(screen, "VS-2027-0005")
    assert "31" in coloured(colours, "2 d 0 h ago")[0]
    assert "33" in coloured(colours, "in 5 h")[0]
    assert "31" not in coloured(colours, "in 5 d")[0]
    assert "36" in coloured(colours, "semi-public")[0]


def test_list_widths(rig):
    """No line is broken; what matters stays longest."""
    for width in (40, 60, 72, 80, 100, 132):
        screen, _ = run(rig, ctl(rig, "list"), width)
        lines = screen.strip().split("\n")
        assert len(lines) == 6, (width, screen)
        assert all(columns(line) <= width for line in lines), (width, screen)
        if width >= 60:
            assert re.search(r"h ago +VS-2027-0001", screen), screen
    assert "MAILS" in run(rig, ctl(rig, "list"), 132)[0]
    assert "MAILS" not in run(rig, ctl(rig, "list"), 72)[0]


def test_no_colour(rig):
    for environment in ({"NO_COLOR": "1"}, {"TERM": "dumb"}):
        setting = " ".join("%s=%s" % pair for pair in environment.items())
        screen, colours = run(rig, setting + " " + ctl(rig, "list"))
        assert "VS-2027-0001" in screen
        assert "\x1b[" not in colours.split("DONE")[0], colours
    _, colours = run(rig, "NO_COLOR= " + ctl(rig, "list"))
    assert "\x1b[" in colours       # empty is as not set


def test_hostile_text(rig):
    """What others wrote moves no cursor and turns no line round."""
    screen, colours = run(rig, ctl(rig, "show", "VS-2027-0002"))
    assert "?[2Jboo?" in screen, screen
    assert "\x1b[2J" not in colours and "\u202e" not in screen
    screen, _ = run(rig, ctl(rig, "show", "VS-2027-0002"), environment=C)
    assert "r?sum?" in screen, screen


# ---- due

def test_due(rig):
    """A bar for each deadline, as long as its time, ending in an eighth."""
    screen, colours = run(rig, ctl(rig, "due"))
    lines = screen.strip().split("\n")
    assert lines[0].startswith("now (UTC)")
    bars = {re.match(r"VS-2027-\d+", line)[0]: sum(
        map(line.count, "\u2588\u2589\u258a\u258b\u258c\u258d\u258e\u258f"))
        for line in lines[1:] if "\u2500" not in line}
    assert bars["VS-2027-0001"] == 0 and "\u25c0 overdue" in line_of(
        screen, "VS-2027-0001")
    assert bars["VS-2027-0002"] == 1
    assert 2 < bars["VS-2027-0003"] < bars["VS-2027-0004"]
    ratio = bars["VS-2027-0004"] / bars["VS-2027-0003"]
    assert abs(ratio - 12 / 5) < 0.5, (ratio, screen)
    exploit = [line for line in lines if "\u25c6" in line]
    assert len(exploit) == 1 and "exploit" in exploit[0], screen
    assert "no date" in line_of(screen, "VS-2027-0005")
    assert "31" in coloured(colours, "\u25c0")[0]


def test_due_widths(rig):
    for width in (40, 60, 72, 80, 100, 160):
        screen, _ = run(rig, ctl(rig, "due"), width)
        lines = screen.strip().split("\n")
        assert len(lines) == 7, (width, screen)
        assert all(columns(line) <= width for line in lines), (width, screen)
    assert "\u2588" in run(rig, ctl(rig, "due"), 60)[0]


def test_due_marks(rig):
    """The marks of the weeks stand below their labels."""
    screen, _ = run(rig, ctl(rig, "due", "--weeks", "8"), 120)
    head, *lines = screen.strip("\n").split("\n")
    places = {m.start() for m in re.finditer(r"(?<= )\d+ [A-Z][a-z]{2}",
                                             head[30:])}
    places = {place + 30 for place in places}
    assert len(places) >= 4, head
    row = line_of(screen, "VS-2027-0001")
    marks = {i for i, c in enumerate(row) if c == "\u250a"}
    # there is no room for a label at the very end
    assert {i for i in marks if i < 114} <= places and marks, screen


def test_due_posix(rig):
    """ASCII where the locale is not UTF-8."""
    screen, _ = run(rig, ctl(rig, "due"), environment=C)
    assert screen.isascii() and "=====" in screen, screen
    assert "< overdue" in screen and "*" in screen


# ---- alerts --follow

def test_follow(rig):
    """An alert appears as it comes; Ctrl-C ends it with 0."""
    with Terminal(100, 40, UTF8) as terminal:
        terminal.type("clear; " + ctl(rig, "alerts", "--follow") +
                      "; echo DONE $?")
        terminal.wait_for("VS-2027-0001")
        rig.alert("overdue", "VS-2027-0002", "This came while we looked.")
        screen = terminal.wait_for("This came while we looked")
        assert "DONE" not in screen.replace("echo DONE", "")
        terminal.key("C-c")
        screen = terminal.wait_for(r"DONE \d")
        assert "DONE 0" in screen, screen
        assert "31" in coloured(terminal.screen(colours=True), "overdue")[0]


def test_follow_through_a_restart(rig):
    """Redis goes and comes back; said once each, nothing lost or doubled."""
    rig.redis("CONFIG", "SET", "appendonly", "yes")
    tap.poll(lambda: "aof_rewrite_in_progress:0" in rig.redis("INFO"))
    with Terminal(110, 40, UTF8) as terminal:
        terminal.type("clear; " + ctl(rig, "alerts", "--follow"))
        terminal.wait_for("VS-2027-0001")
        rig.flush()
        rig.redis.kill()
        terminal.wait_for("waiting for it")
        rig.redis.start("--appendonly", "yes")
        rig.alert("moved", "VS-2027-0003", "After the restart.")
        screen = terminal.wait_for("After the restart")
        assert screen.count("waiting for it") == 1, screen
        assert screen.count("Redis is back") == 1, screen
        assert screen.count("first alert of all") == 1, screen
        terminal.key("C-c")


def test_follow_lines(rig):
    """JSON Lines in a pipe, each at once; SIGTERM ends it cleanly, too."""
    process = subprocess.Popen(
        rig.command("alerts", "--follow", "--json"), text=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, env=ENVIRONMENT)
    try:
        first = json.loads(process.stdout.readline())
        assert first["text"] == "This is the first alert of all."
        for number in range(3):
            rig.alert("moved", "VS-2027-0001", "number %d\nof three" % number)
            while True:
                entry = json.loads(process.stdout.readline())
                if entry["text"] == "number %d\nof three" % number:
                    break
        process.terminate()
        rest, errors = process.communicate(timeout=20)
        assert (process.returncode, errors, rest) == (0, "", "")
    finally:
        process.kill()
        process.wait()


# ---- progress

def stderr_on_terminal(rig, *words):
    """Standard error is a terminal, standard output is not."""
    ours, theirs = pty.openpty()
    done = subprocess.run(rig.command(*words), stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=theirs, text=True,
                          timeout=60, env=ENVIRONMENT)
    os.close(theirs)
    said = b""
    try:
        while True:
            said += os.read(ours, 65536)
    except OSError:
        pass
    os.close(ours)
    assert done.returncode == 0, said
    return done.stdout, said.decode()


def test_progress(rig):
    """Statistics over years say how far they are, and wipe it away."""
    past.fill(rig, 500)
    output, said = stderr_on_terminal(rig, "stats", "--json")
    assert len(json.loads(output)["rows"]) > 500
    assert said == "", said         # so quick that there is nothing to say
    rig.redis("CLIENT", "PAUSE", 900)
    output, said = stderr_on_terminal(rig, "stats", "--json")
    assert len(json.loads(output)["rows"]) > 500
    assert re.match(r"\rreading issues: \d+ of \d{3} \(\d+ %\)", said), said
    assert said.endswith("\r\x1b[K"), said
    rig.redis("CLIENT", "PAUSE", 900)
    rig.ok("stats", "--json")       # in a pipe: nothing


def fill(rig):
    rig.issue("VS-2027-0001", due=-2 * DAY - HOUR // 2)
    rig.issue("VS-2027-0002", due=5 * HOUR + HOUR // 2, state="semi-public",
              subject="r\u00e9sum\u00e9 \x1b[2Jboo\u202e")
    rig.issue("VS-2027-0003", due=5 * DAY + HOUR // 2, assumed=1,
              exploit=9 * DAY)
    rig.issue("VS-2027-0004", due=12 * DAY + HOUR // 2, list="kernel-security",
              over_max=1)
    rig.issue("VS-2027-0005", needs_human=1)
    rig.alert("approaching", "VS-2027-0001",
              "This is the first alert of all.")


def main():
    with CtlRig() as rig:
        fill(rig)
        return tap.run(tap.collect(globals(), rig))


if __name__ == "__main__":
    sys.exit(main())
