"""embargoctl classify: one file as ever, and mboxes, Maildirs and folders."""
import os
import subprocess
import sys

import mails
import past_mail
import tap
from gpg_keys import Keys
from operator_desk import Desk

START = 1600000000
GOOD, CLEAR = "accept pgp-mime", "reject cleartext: "


def write(desk, name, *letters):
    path = os.path.join(desk.folder, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(b"".join(letters))
    return path


def two(keys):
    """A good mail and one in clear."""
    return (past_mail.letter(keys, 1, START),
            past_mail.letter(keys, 2, START, clear=True))


def verdicts(desk, *words, code=1, **options):
    """(name, verdict and reason) of each line."""
    lines = desk.ctl("classify", *words, code=code, **options).splitlines()
    found = []
    for line in lines:
        name, _, said = line.partition(": ")
        found.append((os.path.relpath(name, desk.folder)
                      if name[:1] == "/" else name,
                      " ".join(said.split(":")[0].split()[:2])))
    return found


def test_one_file(desk, keys):
    good, clear = two(keys)
    write(desk, "good.eml", good)
    write(desk, "clear.eml", clear)
    desk.types("""
$ embargoctl classify good.eml
good.eml: accept pgp-mime
$ embargoctl classify good.eml clear.eml
good.eml: accept pgp-mime
clear.eml: reject cleartext: ...
? 1
$ embargoctl classify --any-key good.eml
good.eml: accept pgp-mime
$ embargoctl classify /dev/stdin < good.eml
/dev/stdin: accept pgp-mime
$ cat good.eml | embargoctl classify /dev/stdin
/dev/stdin: accept pgp-mime
$ embargoctl classify <(cat good.eml) | sed 's/^[^:]*//'
: accept pgp-mime
""")


def test_mbox_of_one(desk, keys):
    """Is that mail, as a client saves it; no number."""
    good, _ = two(keys)
    write(desk, "saved", past_mail.mbox(good))
    assert verdicts(desk, "saved", code=0) == [("saved", GOOD)]


def test_mbox(desk, keys):
    good, clear = two(keys)
    path = write(desk, "box", past_mail.mbox(good, clear, good))
    assert verdicts(desk, "box") == [
        ("box:1", GOOD), ("box:2", "reject cleartext"), ("box:3", GOOD)]
    with open(path, "rb") as file:
        text = file.read()
    write(desk, "crlf", text.replace(b"\n", b"\r\n"))
    assert [one[1] for one in verdicts(desk, "crlf")] == [
        GOOD, "reject cleartext", GOOD]


def test_separators(desk, keys):
    """Only "From " with a time behind an empty line divides."""
    good, _ = two(keys)
    tricky = mails.mail(mails.part(
        b"x\nFrom a Wed Nov 25 14:00:00 2026\n\nFrom here on it is clear\n"))
    write(desk, "box", past_mail.mbox(good, tricky.replace(
        b"\n\nFrom here", b"\n\n>From here")) + past_mail.mbox(good))
    assert [one[0] for one in verdicts(desk, "box")] == ["box:1", "box:2",
                                                         "box:3"]


def test_same_bytes(desk, keys):
    """Each message of an mbox is judged as the file that it came from."""
    letters = [past_mail.letter(keys, n, START, clear=n % 2 == 0)
               for n in range(6)]
    names = ["one-%d" % n for n in range(6)]
    for name, letter in zip(names, letters):
        write(desk, name, letter)
    write(desk, "all", past_mail.mbox(*letters))
    alone = [one[1] for one in verdicts(desk, *names)]
    assert [one[1] for one in verdicts(desk, "all")] == alone


def test_maildir(desk, keys):
    past_mail.maildir(os.path.join(desk.folder, "Maildir"), *two(keys))
    assert verdicts(desk, "Maildir") == [
        ("Maildir/cur/000.x", GOOD), ("Maildir/new/001.x",
                                      "reject cleartext")]


def test_folder(desk, keys):
    """All files in it and below, in order, but hidden ones."""
    good, clear = two(keys)
    write(desk, "mails/b/1", clear)
    write(desk, "mails/a", good)
    write(desk, "mails/.hidden", clear)
    write(desk, "mails/c", past_mail.mbox(good, good))
    assert verdicts(desk, "mails") == [
        ("mails/a", GOOD), ("mails/b/1", "reject cleartext"),
        ("mails/c:1", GOOD), ("mails/c:2", GOOD)]
    assert verdicts(desk, "mails/c", "mails/a", code=0) == [
        ("mails/c:1", GOOD), ("mails/c:2", GOOD), ("mails/a", GOOD)]


def test_json(desk, keys):
    write(desk, "box", past_mail.mbox(*two(keys)))
    found = desk.ctl_json("classify", "box", code=1)
    assert [(one["file"], one["verdict"]) for one in found] == [
        ("box:1", "accept"), ("box:2", "reject")], found


def test_unreadable(desk, keys):
    """What cannot be read is told, the rest is judged; exit code 65."""
    good, _ = two(keys)
    write(desk, "good.eml", good)
    desk.types("""
$ embargoctl classify nowhere good.eml
embargoctl classify: nowhere: No such file or directory
good.eml: accept pgp-mime
? 65
$ mkdir -p loop && ln -sfn . loop/again && embargoctl classify loop
embargoctl classify: loop/again/...: Too many levels of symbolic links
? 65
$ embargoctl classify
usage: embargoctl [-c FILE] classify [--list ADDRESS | --any-key] ...
? 64
""")


def test_too_big(desk, keys):
    good, _ = two(keys)
    desk.settings["max_message"] = "1M"
    desk.write_conf()
    write(desk, "box", past_mail.mbox(good, good + b"x\n" * 600000, good))
    found = [one[1] for one in verdicts(desk, "box")]
    del desk.settings["max_message"]
    desk.write_conf()
    assert found == [GOOD, "reject too-big", GOOD], found


def test_progress(desk, keys):
    """On a terminal, where the lines go elsewhere."""
    good, _ = two(keys)
    write(desk, "box", *[past_mail.mbox(good)] * 20000)
    command = " ".join(desk.command("classify", "box")) + " >out"
    code, said = desk.on_terminal("sh", "-c", command, program="/bin/sh")
    assert code == 0, said
    assert "classify: " in said and " of 20000 (" in said, said
    assert said.endswith("\r\x1b[K"), said
    with open(os.path.join(desk.folder, "out"), encoding="ascii") as file:
        assert len(file.readlines()) == 20000
    done = subprocess.run(desk.command("classify", "box"), cwd=desk.folder,
                          capture_output=True, check=True)
    assert done.stderr == b""


def main():
    with Keys() as keys, Desk(keys) as desk:
        return tap.run(tap.collect(globals(), desk, keys))


if __name__ == "__main__":
    sys.exit(main())
