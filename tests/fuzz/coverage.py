#!/usr/bin/python3
"""Line coverage of core, and branches of the files that decide.

    coverage.py FOLDER      FOLDER was built with --enable-coverage and tested

Called by `make coverage`.  Exit code 1 when a goal is not reached: 95 % of the
lines of core, every branch of packet, armor and verdict.  The branch inside an
assert() that ends the program does not count.
"""
import glob
import json
import os
import subprocess
import sys

LINES_GOAL = 95
BRANCHES = {"packet": 100, "armor": 100, "verdict": 100, "policy": 95}


def measure(folder, path):
    """What gcov says of one source file: its lines."""
    done = subprocess.run(
        ["gcov", "--branch-probabilities", "--json-format", "--stdout",
         os.path.splitext(path)[0] + ".o"], cwd=folder,
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True)
    for report in done.stdout.splitlines():
        for one in json.loads(report)["files"]:
            if os.path.normpath(one["file"]).endswith(path):
                return one["lines"]
    return []


def count_branches(lines, source):
    """(taken, all, the lines with one that was not)"""
    taken = total = 0
    missing = []
    for line in lines:
        if "assert(" in source[line["line_number"] - 1]:
            continue
        counts = [branch["count"] for branch in line["branches"]]
        taken += sum(count > 0 for count in counts)
        total += len(counts)
        if 0 in counts:
            missing.append(line["line_number"])
    return taken, total, missing


def percent(part, whole):
    return 100 * part / whole if whole else 100.0


def main(folder):
    covered = total = 0
    good = True
    branches = []
    for full in sorted(glob.glob(os.path.join(folder, "milter/core/*.c"))):
        path = os.path.relpath(full, folder)
        name = os.path.splitext(os.path.basename(path))[0]
        lines = measure(folder, path)
        done = sum(line["count"] > 0 for line in lines)
        covered, total = covered + done, total + len(lines)
        missing = [line["line_number"] for line in lines
                   if line["count"] == 0]
        print("%-14s %4d of %4d lines %6.1f %%  %s" % (
            name, done, len(lines), percent(done, len(lines)),
            " ".join(map(str, missing[:12]))))
        if name in BRANCHES:
            with open(full) as file:
                branches.append((name, count_branches(
                    lines, file.read().split("\n"))))
    print("%-14s %4d of %4d lines %6.1f %%" % (
        "core", covered, total, percent(covered, total)))
    good = percent(covered, total) >= LINES_GOAL
    for name, (done, whole, missing) in branches:
        print("%-14s %4d of %4d branches %3.1f %%  %s" % (
            name, done, whole, percent(done, whole),
            " ".join(map(str, missing))))
        good = good and percent(done, whole) >= BRANCHES[name]
    return 0 if good and total else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
