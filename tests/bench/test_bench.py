"""The benchmark in its short form works, and what it says is not absurd.

How fast something is depends on the machine and on what else runs there: the
budget itself is the matter of "make bench".
"""
import math
import re
import sys
import tempfile

import bench
import tap
from milter_rig import PROGRAM
from processes import is_instrumented

# What rows begin with, and between what their values must be.
BOUNDS = [
    ("mail for no list", 0.2, 5),
    ("blind, 5 KB", 0.2, 10),
    ("sighted, ", 0.1, 20),
    ("memory, ", -100, 100),
    ("tracked: 10000, against 100", 0.2, 5),
    ("Redis for a message", 20, 200),
]


def test_every_row_is_there(text, rows):
    for begin, *_ in BOUNDS:
        assert any(row.what.startswith(begin) for row in rows), begin
        assert begin in text, text
    limited = [row for row in rows if row.limit is not None]
    assert len(limited) >= 6, limited
    for row in limited:
        over = row.measured - row.limit
        misses = over < 0 if row.at_least else over > 0
        assert row.verdict == ("MISS" if misses else "pass"), row
        assert row.verdict in str(row) and "%g" % row.limit in str(row)


def test_verdicts(*_):
    for measured, at_least, verdict in (
            (0.94, False, "pass"), (0.95, False, "pass"),
            (0.96, False, "MISS"), (0.94, True, "MISS"),
            (0.95, True, "pass"), (0.96, True, "pass")):
        row = bench.Row("x", measured, 0.95, at_least=at_least)
        assert row.verdict == verdict, row
    assert bench.Row("x", 9).verdict == ""


def test_nothing_is_absurd(_, rows):
    for begin, least, most in BOUNDS:
        for row in rows:
            if not row.what.startswith(begin):
                continue
            assert math.isfinite(row.measured), str(row)
            assert is_instrumented(PROGRAM) or \
                least <= row.measured <= most, str(row)


def test_the_machine_is_told_without_paths(text, _):
    assert re.match(r"\d{4}-\d\d-\d\d, .*\d+ processors\n", text), text
    assert "/" not in text.split("\n\n")[0], text


def main():
    with tempfile.NamedTemporaryFile("r") as file:
        rows = bench.main(["--short", "--output", file.name])
        text = file.read()
    return tap.run(tap.collect(globals(), text, rows))


if __name__ == "__main__":
    sys.exit(main())
