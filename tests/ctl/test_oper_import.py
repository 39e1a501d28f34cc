"""embargoctl import --mbox: a list's history becomes issues, in silence."""
import os
import subprocess
import sys
import time

import past_mail
import tap
from gpg_keys import Keys
from milter_rig import BUILD
from operator_desk import BASE, DAY, Desk
from past_mail import iso, letter

YEAR = 365 * DAY


def write(desk, name, data):
    path = os.path.join(desk.folder, name)
    with open(path, "wb") as file:
        file.write(data)
    return path


def history(desk, keys, start):
    """Two threads, the second one without a date of its own."""
    until = "Embargo-Until: " + iso(start + 10 * DAY)
    return write(desk, "past", past_mail.mbox(
        letter(keys, 1, start, lines=[until]),
        letter(keys, 2, start + DAY, parent=1, sender="m@example.com"),
        letter(keys, 3, start + 2 * DAY),
        letter(keys, 4, start + 3 * DAY, clear=True),
        letter(keys, 5, start + 4 * DAY, parent=3, lines=[
            "Embargo-Status: public https://example.org/5"])))


def alerts_of_warnd(desk):
    """What a pass of embargo-warnd makes of it."""
    subprocess.run([os.path.join(BUILD, "embargo-warnd"), "-c", desk.path,
                    "--once"], check=True, capture_output=True, timeout=60)
    return [one["kind"] for one in desk.redis.stream(BASE + "alerts")]


def test_history(desk, keys):
    start = 1600000000
    path = history(desk, keys, start)
    said = desk.ctl("import", "--mbox", path)
    assert said.startswith(path + ":4: not taken: cleartext: "), said
    assert said.endswith("5 messages: 4 taken, 0 known before, 1 not taken; "
                         "2 issues, 2 of them new\n"), said
    first, second = desk.redis("ZRANGE", BASE + "issues", 0, -1)
    assert (first, second) == ("VS-2020-0001", "VS-2020-0002")
    issue = desk.redis.hash(BASE + "issue:" + first)
    assert issue["opened_at"] == str(start), issue
    assert issue["due_at"] == str((start + 10 * DAY) // 60 * 60), issue
    assert issue["messages"] == "2" and "answered_at" in issue, issue
    assert desk.field(second, "due_at") == str(start + 16 * DAY)
    assert desk.field(second, "assumed") == "1"
    assert "note olga from past mail" in desk.log(first)


def test_silence(desk, keys):
    """Nothing is told of what is past, neither now nor by embargo-warnd."""
    desk.ctl("import", "--mbox", history(desk, keys, 1600000000))
    assert desk.redis("XLEN", BASE + "alerts") == 0
    assert alerts_of_warnd(desk) == []
    assert "VS-2020-0001" in desk.ctl("list")


def test_what_is_still_to_come(desk, keys):
    """An issue of now is watched from now on."""
    now = int(time.time())
    until = "Embargo-Until: " + iso(now + 90)
    desk.ctl("import", "--mbox", write(desk, "new", past_mail.mbox(
        letter(keys, 1, now - 9 * DAY, lines=[until]))))
    issue, = desk.redis("ZRANGE", BASE + "issues", 0, -1)
    assert alerts_of_warnd(desk) == []
    assert desk.field(issue, "ack:*") is None
    due = int(desk.field(issue, "due_at"))
    next_look = float(desk.redis("ZSCORE", BASE + "warn", issue))
    assert now < next_look <= due, (now, next_look, due)


def test_again(desk, keys):
    """The same once more changes nothing."""
    path = history(desk, keys, 1600000000)
    desk.ctl("import", "--mbox", path)
    before = desk.all()
    said = desk.ctl("import", "--mbox", path)
    assert "0 taken, 4 known before" in said, said
    after = desk.all()
    counters = after[BASE + "counters"]
    assert counters.pop("retried") == "4"
    assert after == before


def test_killed_half_way(desk, keys):
    """A second run does the rest."""
    start = 1600000000
    path = write(desk, "long", past_mail.mbox(*(
        letter(keys, n, start + n * 60, parent=n // 2 or None)
        for n in range(1, 61))))
    ctl = subprocess.Popen(desk.command("import", "--mbox", path),
                           stdout=subprocess.DEVNULL, env=desk.environment)
    tap.poll(lambda: int(desk.redis("HGET", BASE + "counters", "accepted")
                         or 0) >= 10)
    ctl.kill()
    ctl.wait()
    some = int(desk.redis("HGET", BASE + "counters", "accepted"))
    assert some < 60, "killed too late"
    said = desk.ctl("import", "--mbox", path)
    assert "60 messages: %d taken, %d known before" % (60 - some, some) in \
        said, said
    assert desk.redis("HGET", BASE + "counters", "accepted") == "60"
    assert desk.field("VS-2020-0001", "messages") == "60"


def test_closed(desk, keys):
    desk.ctl("import", "--mbox", "--closed",
             history(desk, keys, 1600000000))
    due = desk.field("VS-2020-0001", "due_at")
    assert desk.field("VS-2020-0001", "state") == "public"
    assert desk.field("VS-2020-0001", "public_at") == due
    assert desk.redis("ZCARD", BASE + "due") == 0
    assert "public olga" in desk.log("VS-2020-0001")
    assert alerts_of_warnd(desk) == []


def test_order_of_time(desk, keys):
    """A Maildir in any order; its tmp is nobody's."""
    folder = os.path.join(desk.folder, "Maildir")
    past_mail.maildir(folder, letter(keys, 2, 1600086400, parent=1),
                      letter(keys, 1, 1600000000))
    said = desk.ctl("import", "--mbox", folder)
    assert "2 messages: 2 taken" in said and "1 issues" in said, said
    assert desk.field("VS-2020-0001", "opened_at") == "1600000000"


def test_without_a_date(desk, keys):
    mail = letter(keys, 1, 1600000000).replace(b"Date: ", b"X-D: ").replace(
        b"Received: ", b"X-R: ")
    said = desk.ctl("import", "--mbox", write(desk, "odd", mail))
    assert "odd: not taken: it has no date" in said, said
    assert desk.all() == {}


def test_lists(desk, keys):
    """With two lists, the one that the mail names, or --list."""
    desk.settings["lists"].append(
        {"name": "kernel", "address": ["kernel@vs.example.org"],
         "key": [keys.list], "issue_prefix": "KERN"})
    desk.write_conf()
    try:
        path = write(desk, "mail", letter(keys, 1, 1600000000,
                                          to="kernel@vs.example.org"))
        other = write(desk, "other", letter(keys, 2, 1600000000,
                                            to="x@example.org"))
        said = desk.ctl("import", "--mbox", path, other)
        assert "other: not taken: it names no list; see --list" in said, said
        assert desk.redis("ZRANGE", "embargo:{kernel}:issues", 0, -1) == [
            "KERN-2020-0001"]
        desk.ctl("import", "--mbox", "--list", "distros", other)
        assert desk.redis("ZCARD", BASE + "issues") == 1
    finally:
        desk.settings["lists"].pop()
        desk.write_conf()


def test_trouble(desk, keys):
    """One line each; what is not there is no empty mailbox."""
    desk.types("""
$ embargoctl import --mbox nowhere
embargoctl import: nowhere: No such file or directory
? 65
$ embargoctl import --mbox
usage: embargoctl [-c FILE] import --mbox [--closed] [--list NAME] FILE...
? 64
$ embargoctl import --list nobody --mbox nowhere
embargoctl: ... knows no list nobody
? 64
""")
    path = history(desk, keys, 1600000000)
    desk.redis.kill()
    try:
        code, said = desk.shell("embargoctl import --mbox " + path)
        assert code == 69 and said.count("\n") == 1, (code, said)
    finally:
        desk.redis.start()


def test_progress(desk, keys):
    """On a terminal, and gone in the end."""
    mail = letter(keys, 1, 1600000000)
    folder = os.path.join(desk.folder, "many")
    os.mkdir(folder)
    for number in range(4000):
        with open(os.path.join(folder, "%d" % number), "wb") as file:
            file.write(mail)
    code, said = desk.on_terminal("import", "--mbox", folder)
    assert code == 0, said
    assert " of 4000 (" in said and said.count("\r\x1b[K") >= 1, said
    assert "\n" not in said[:said.index("4000 messages: ")], said


def each(test, desk, keys):
    desk.redis("FLUSHALL")
    test(desk, keys)


def main():
    with Keys() as keys, Desk(keys) as desk:
        return tap.run([(name[5:].replace("_", " "),
                         lambda test=test: each(test, desk, keys))
                        for name, test in globals().items()
                        if name.startswith("test_")])


if __name__ == "__main__":
    sys.exit(main())
