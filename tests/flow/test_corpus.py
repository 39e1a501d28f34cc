#!/usr/bin/env python3
"""The corpus of tests/data/mail: every message gets the verdict that
EXPECTED.tsv has for it, from embargoctl classify and from the real daemon."""
import collections
import os
import subprocess
import sys

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.append(os.path.join(TESTS, "corpus"))

import make_corpus                                          # noqa: E402
import mails                                                # noqa: E402
import milter_rig                                           # noqa: E402
import tap                                                  # noqa: E402
import testkeys                                             # noqa: E402

CTL = os.path.join(os.path.dirname(milter_rig.PROGRAM), "embargoctl")
LIST = {"subject_tags": ["[vs]", "[vs-plain]"]}
MAX_MESSAGE = "32K"         # less than the messages of too-big
MAX_BYTES = 4 * 1000 * 1000
TEXT = mails.TEXT.strip()
INSERTED = (TEXT, b" " + TEXT, b"X-Note: " + TEXT, b"Comment: " + TEXT,
            b"--" + TEXT, b"\xc2\xa0", b"-- ")
REASONS = """pgp-mime pgp-inline cleartext partly-cleartext signed-only
    not-encrypted-inside symmetric-only passphrase-too no-integrity wrong-key
    hidden-recipient smime malformed mangled missing-subject-tag public-copy
    automatic too-big too-complex""".split()


def read_manifest(folder):
    """{file: "verdict reason"}"""
    expected = {}
    with open(os.path.join(folder, "EXPECTED.tsv")) as file:
        for line in file:
            if not line.startswith("#"):
                name, verdict, reason, _ = line.rstrip("\n").split("\t")
                expected[name] = "%s %s" % (verdict, reason)
    return expected


def differences(expected, got):
    return ["%s: %s instead of %s" % (name, got.get(name), want)
            for name, want in expected.items() if got.get(name) != want]


class Judges:
    """Both, on first use: {file: "verdict reason"}."""

    def __init__(self, rig, folder, expected):
        self.rig, self.folder, self.expected = rig, folder, expected
        self.replies = {}

    def path(self, name):
        return os.path.join(self.folder, name)

    def classify(self):
        done = subprocess.run(
            [CTL, "-c", self.rig.path, "classify", "--list", "distros",
             *map(self.path, self.expected)],
            capture_output=True, text=True, timeout=60)
        assert (done.returncode, done.stderr) == (1, ""), done.stderr
        got = {}
        for line in done.stdout.splitlines():
            path, _, rest = line.partition(": ")
            name = os.path.relpath(path, self.folder)
            assert name not in got, name
            got[name] = rest.split(":")[0]
        return got

    def daemon(self):
        """All over one connection; each with a queue id of its own."""
        ids, at = {}, self.rig.log_size()
        with self.rig.connect() as mta:
            for number, name in enumerate(self.expected):
                if name.startswith("accept/"):  # they share ciphertext
                    self.rig.redis("FLUSHDB")
                with open(self.path(name), "rb") as file:
                    message = file.read()
                queue_id = "4Xy%05d" % number
                ids[queue_id] = name
                self.replies[name] = mta.send(message, queue_id=queue_id)
        lines = map(milter_rig.parse_line, self.rig.log(at).splitlines())
        return {ids[line["queue_id"]]: "%s %s" % (
            line["verdict"], line["reason"]) for line in lines if line}


def check(expected, got, part=""):
    wanted = {name: want for name, want in expected.items()
              if name.startswith(part)}
    wrong = differences(wanted, got)
    assert wanted and not wrong, "%d of %d: %s" % (
        len(wrong), len(wanted), "; ".join(wrong[:8]))


def check_answers(judges):
    """What the client meets is what the log says, and quotes nothing."""
    for name, want in judges.expected.items():
        answer = judges.replies[name]
        verdict, reason = want.split()
        assert answer.verdict == verdict, (name, answer)
        if verdict == "accept":
            assert answer.tags["X-Embargo-Verdict"] == want, (name, answer)
            continue
        assert answer.code in (550, 552), (name, answer)
        assert answer.edits == [], (name, answer)
        assert mails.SECRET_WORDS[0] not in answer.text, (name, answer)


def check_summary(folder, expected):
    counts = collections.Counter(want.split()[1]
                                 for want in expected.values())
    assert len(expected) >= 500, len(expected)
    assert sorted(counts) == sorted(REASONS), counts
    for end in make_corpus.ENDS:
        for reason in set(REASONS) - {"too-big"}:
            assert any(want.endswith(" " + reason) and
                       name.endswith(".%s.eml" % end)
                       for name, want in expected.items()), (reason, end)
    for name, want in expected.items():
        place = name.split("/")[0]
        assert place == ("accept" if want.startswith("accept") else
                         want.split()[1]), name
    total = sum(os.path.getsize(os.path.join(folder, name))
                for name in expected)
    assert total < MAX_BYTES, total


def check_attacks(keys, expected):
    """Every client's mail is there, good and attacked in every way."""
    names = {name.split("/")[1].rsplit(".", 2)[0] for name in expected}
    for shape in make_corpus.clients.kinds(keys):
        assert shape.name in names, shape.name
        attacks = {name.split("+")[1] for name in names
                   if name.startswith(shape.name + "+")}
        assert len(attacks) >= 30, (shape.name, len(attacks))
    attacks = {name.split("+")[1] for name in names if "+" in name}
    assert make_corpus.EVERYWHERE <= attacks, \
        make_corpus.EVERYWHERE - attacks


def none_let_in(judges, got):
    """No hostile message passes, whatever the reason it is refused for."""
    hostile = [name for name in judges.expected
               if not name.startswith("accept/")]
    passed = [name for name in hostile if not got[name].startswith("reject")]
    assert len(hostile) >= 500 and not passed, passed[:8]


def check_inserted(judges, keys):
    """A text as a line of its own anywhere in the body: no good mail stays
    good."""
    folder = os.path.join(judges.rig.folder, "inserted")
    os.mkdir(folder)
    paths = []
    for shape in make_corpus.clients.kinds(keys):
        head, body = bytes(shape).split(b"\n\n", 1)
        lines = body.split(b"\n")
        for at in range(len(lines) + 1):
            for number, text in enumerate(INSERTED):
                paths.append(os.path.join(folder, "%s-%d-%d" % (
                    shape.name, at, number)))
                testkeys.write(paths[-1], head + b"\n\n" + b"\n".join(
                    [*lines[:at], text, *lines[at:]]))
    done = subprocess.run(
        [CTL, "-c", judges.rig.path, "classify", *paths],
        capture_output=True, text=True, timeout=60)
    lines = done.stdout.splitlines()
    passed = [line for line in lines if ": reject " not in line]
    assert len(lines) == len(paths) > 500 and not passed, passed[:8]


def tests(judges, recorded):
    """Each judge is asked once; then a test for each folder."""
    expected = judges.expected
    folders = sorted({name.split("/")[0] for name in expected})
    for title, ask in (("classify", judges.classify),
                       ("daemon", judges.daemon)):
        got = {}
        yield title + ": it judges them all", lambda ask=ask, got=got: \
            got.update(ask())
        for folder in folders:
            yield "%s: %s" % (title, folder), \
                lambda got=got, folder=folder: check(
                    expected, got, folder + "/")
        yield title + ": no hostile message passes", \
            lambda got=got: none_let_in(judges, got)
    yield "daemon: the answers", lambda: check_answers(judges)
    yield "classify: a text at any line of any client's mail", \
        lambda: check_inserted(judges, recorded)


def generated(folder):
    wrong = make_corpus.check(folder)
    assert not wrong, "%d: %s" % (len(wrong), "; ".join(wrong[:8]))


def main():
    folder = make_corpus.FOLDER
    expected = read_manifest(folder)
    recorded = testkeys.Recorded(folder)
    with testkeys.Home(recorded) as keys, milter_rig.Rig(
            [LIST], keys=keys, max_message=MAX_MESSAGE) as rig:
        judges = Judges(rig, folder, expected)
        return tap.run([
            ("the generator makes these files", lambda: generated(folder)),
            ("500 messages, every reason, both line ends",
             lambda: check_summary(folder, expected)),
            ("every client and every attack",
             lambda: check_attacks(recorded, expected)),
            *tests(judges, recorded)])


if __name__ == "__main__":
    sys.exit(main())
