#!/usr/bin/env python3
"""Makes the corpus of tests/data/mail, or says whether it still stands.

    make_corpus.py              write all files and EXPECTED.tsv
    make_corpus.py --check      compare with what is there; 1 if it differs
    make_corpus.py --new-keys   new keys, new output of gpg, then all files

A file is REASON/NAME.EOL.eml: the reason that is expected, the client, the
attack after a "+", the line ends (lf, crlf).  EXPECTED.tsv has for each:
file, verdict, reason, what it is.  Keys and gpg's output are read from the
folder itself; everything else follows from them, byte for byte.
"""
import argparse
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(os.path.dirname(HERE), "lib")]

import attacks_armor                                        # noqa: E402
import attacks_fields                                       # noqa: E402
import attacks_packets                                      # noqa: E402
import attacks_structure                                    # noqa: E402
import attacks_syntax                                       # noqa: E402
import clients                                              # noqa: E402
import notes                                                # noqa: E402
import openpgp as pgp                                       # noqa: E402
import others                                               # noqa: E402
import refusals                                             # noqa: E402
import testkeys                                             # noqa: E402
from shape import Inline, with_crlf                         # noqa: E402

FOLDER = os.path.join(os.path.dirname(HERE), "data", "mail")
HEAD = """\
# Expected verdicts of the messages in this folder: file, verdict, reason, what
# it is.  Written by tests/corpus/make_corpus.py; do not edit.
"""
ENDS = ("lf", "crlf")
NAME_MAX = 60       # so that the whole path fits into a v7 tar archive
ON_INLINE = attacks_fields.GENERATORS + attacks_armor.GENERATORS
ON_MIME = attacks_structure.GENERATORS + attacks_syntax.GENERATORS + \
    attacks_fields.MIME_GENERATORS + ON_INLINE
# Attacks that every client's mail undergoes; the others take turns.
EVERYWHERE = {
    # MIME
    "preamble", "epilogue", "third-part", "third-part-html", "part-before",
    "part-between", "mixed-text-first", "alternative-html",
    "alternative-text-first", "related-html", "nested-footer",
    "inner-preamble", "outer-epilogue", "forwarded", "forwarded-alone",
    "signed-beside", "version-more", "type-two", "type-two-text-first",
    "type-rfc2231", "boundary-no-end", "boundary-inner-no-end",
    "boundary-equal", "boundary-outer-prefix", "boundary-inner-prefix",
    "part-description", "part-filename", "part-type-name", "part-x-field",
    "part-two-types", "encoded-clear-behind",
    # what lists and gateways add
    *("beside-" + name for name in notes.BEHIND),
    *("beside-" + name for name in notes.BEFORE),
    *("behind-" + name for name in notes.BEHIND),
    *("before-" + name for name in notes.BEFORE),
    # armour and packets
    "before-text", "behind-text", "before-nbsp", "behind-nbsp",
    "second-clear-signed", "second-literal", "second-same",
    "html-alternative", "armor-comment", "armor-version", "data-text",
    "data-checksum", "then-literal", "then-private", "key-then-literal",
    "readable-text", "field-comments",
}


def seeded(generator, *arguments):
    """The rows of a generator.  Each has its own seed, so that a new row does
    not change the random bytes of those behind it in other groups."""
    rows, number = generator(*arguments), 0
    while True:
        pgp.seed("%s %d" % (generator.__name__, number))
        number += 1
        try:
            yield next(rows)
        except StopIteration:
            return


def accepted(keys):
    """(name, reason, what, message) of all that must pass."""
    for shape in [*clients.kinds(keys), *seeded(others.shapes, keys)]:
        yield shape.name, shape.reason, "accepted", shape
    for name, reason, message in others.wrapped(keys):
        yield name, reason, "accepted", message


def is_inline(shape):
    return isinstance(shape, Inline)


def on_shapes(keys):
    """(client's number, client, rows) of attacks on a client's mail."""
    for number, shape in enumerate(clients.kinds(keys)):
        for generator in (ON_INLINE if is_inline(shape) else ON_MIME):
            yield number, shape, seeded(generator, shape)
        if is_inline(shape):
            yield number, shape, seeded(attacks_armor.second_block, keys,
                                        shape)


def of_packets(keys):
    """The same of attacks inside the OpenPGP data."""
    for number, shape in enumerate(clients.kinds(keys)):
        for generator in attacks_packets.GENERATORS:
            # with a ciphertext beside it, a fake would be partly-cleartext
            if not (is_inline(shape) and shape.beside):
                yield number, shape, [
                    (name, reason, what, shape.packets(data)) for
                    name, reason, what, data in seeded(generator, keys)]


def attacked(keys):
    """(name, reason, what, message, line ends)"""
    for group, every in ((on_shapes, 4), (of_packets, 6)):
        for number, shape, rows in group(keys):
            for i, (name, reason, what, message) in enumerate(rows):
                if name in EVERYWHERE or (number + i) % every == 0:
                    yield "%s+%s" % (shape.name, name), reason, what, \
                        message, ENDS[(number + i // every) % 2]


def as_bytes(message, end):
    data = bytes(message)
    return with_crlf(data) if end == "crlf" else data


def messages(keys):
    """(file, verdict, reason, what, bytes), sorted by file."""
    rows = []

    def add(folder, verdict, name, reason, what, message, end):
        rows.append(("%s/%s.%s.eml" % (folder, name, end), verdict, reason,
                     what, as_bytes(message, end)))
    for row in accepted(keys):
        for end in ENDS:
            add("accept", "accept", *row, end)
    for row in attacked(keys):
        add(row[1], "reject", *row)
    for generator in refusals.GENERATORS:
        for row in seeded(generator, keys):
            for end in ENDS[:1 if row[1] == "too-big" else 2]:
                add(row[1], "reject", *row, end)
    return sorted(rows, key=lambda row: row[0])


def manifest(rows):
    return (HEAD + "".join("\t".join(row[:4]) + "\n" for row in rows)).encode(
        "ascii")


def files(folder):
    """{path in the folder: bytes} of all that is to be there."""
    rows = messages(testkeys.Recorded(folder))
    made = {row[0]: row[4] for row in rows}
    names = [row[0] for row in rows]
    wrong = {name for name in names
             if names.count(name) > 1 or len(name) > NAME_MAX}
    if wrong:
        raise ValueError("twice, or too long: %s" % sorted(wrong))
    made["EXPECTED.tsv"] = manifest(rows)
    return made


def present(folder):
    """The same of what is there."""
    found = {}
    for root, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(root, name)
            short = os.path.relpath(path, folder)
            if name.endswith(".eml") or short == "EXPECTED.tsv":
                with open(path, "rb") as file:
                    found[short] = file.read()
    return found


def check(folder):
    """What differs, as lines."""
    want, have = files(folder), present(folder)
    return [*("missing: " + name for name in sorted(want.keys() - have)),
            *("unknown: " + name for name in sorted(have.keys() - want)),
            *("differs: " + name for name in sorted(want.keys() & have)
              if want[name] != have[name])]


def write(folder):
    want = files(folder)
    for name in present(folder).keys() - want:
        os.unlink(os.path.join(folder, name))
    for name, data in want.items():
        path = os.path.join(folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        testkeys.write(path, data)
    print("%d messages, %d bytes" % (
        len(want) - 1, sum(len(data) for data in want.values())))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--new-keys", action="store_true")
    parser.add_argument("--folder", default=FOLDER)
    options = parser.parse_args()
    if options.check:
        differences = check(options.folder)
        print("\n".join(differences or ["the corpus stands"]))
        return int(bool(differences))
    if options.new_keys:
        testkeys.record(options.folder)
    write(options.folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
