"""The benchmark: prints the budget's table and writes it to RESULTS.

    bench.py [--short] [--output FILE] [WORD...]    rows with one of the words

What is compared runs in turn, A B A B ..., and the median of the ratios
counts: what else the machine does hits both.  Processor time is that of
everybody: the client, the filter with its processes, Redis.
"""
import argparse
import contextlib
import dataclasses
import datetime
import os
import re
import shutil
import subprocess
import sys
import tempfile
from statistics import median

import meter
import scenes
from account import give
from gpg_keys import Keys
from milter_rig import LIST

MB = 1000 * 1000


@dataclasses.dataclass
class Sizes:
    """How much is done."""
    connections: tuple = (1, 8, 64)
    rounds: int = 15
    messages: int = 600         # of a run
    sighted: int = 60           # the same
    large: tuple = (1 * MB, 10 * MB, 25 * MB)
    tracked: tuple = (100, 1000, 10000, 100000, 1000000)
    tracked_rounds: int = 200


SHORT = Sizes(connections=(1, 8), rounds=3, messages=60, sighted=6,
              large=(1 * MB,), tracked=(100, 10000), tracked_rounds=10)


@dataclasses.dataclass
class Row:
    """A line of the table; limit None: for information."""
    what: str
    measured: float
    limit: float = None
    unit: str = "x"
    at_least: bool = False      # the limit

    @property
    def verdict(self):
        if self.limit is None:
            return ""
        misses = self.measured < self.limit if self.at_least \
            else self.measured > self.limit
        return "MISS" if misses else "pass"

    def __str__(self):
        budget = "" if self.limit is None else "%s %g" % (
            ">=" if self.at_least else "<=", self.limit)
        return "%-56s %8s %9.2f %-2s %s" % (
            self.what, budget, self.measured, self.unit, self.verdict)


class Bench:
    """The rig of all rows; what it learns goes to `rows`."""

    def __init__(self, sizes):
        self.sizes = sizes
        self.rows = []
        self.blind_us = None    # what a message costs, when that is known
        self.stack = contextlib.ExitStack()
        self.folder = tempfile.mkdtemp(prefix="bench-", dir="/tmp")
        self.stack.callback(shutil.rmtree, self.folder)
        give(self.folder)
        self.keys = self.stack.enter_context(Keys())

    def close(self):
        self.stack.close()

    def add(self, *words, **more):
        self.rows.append(Row(*words, **more))
        print(self.rows[-1], flush=True)

    def put(self, name, data):
        path = os.path.join(self.folder, name)
        with open(path, "wb") as file:
            file.write(data)
        return path

    @contextlib.contextmanager
    def nothing(self, wants):
        filter = scenes.Nothing(self.folder, wants)
        try:
            yield filter
        finally:
            filter.close()

    def compare(self, what, limit, theirs, ours, recipient, files):
        """Two filters with the same mails."""
        every, costs = [], []
        for connections in self.sizes.connections:
            runs = [[scenes.run(one, connections, self.sizes.messages,
                                recipient, files) for one in (theirs, ours)]
                    for _ in range(self.sizes.rounds)]
            every += [b.all / a.all for a, b in runs]
            costs += [b.all for _, b in runs]
            print("# %s, %d connections: processor time of all %.0f and %.0f "
                  "us a message, of the filters %.0f and %.0f, messages/s "
                  "%.0f and %.0f" % (
                      what, connections,
                      *(median(getattr(run[i], kind) for run in runs)
                        for kind in ("all", "filter") for i in (0, 1)),
                      *(1e6 / median(run[i].wall for run in runs)
                        for i in (0, 1))), flush=True)
        self.add(what, median(every), limit)
        return median(costs)

    # the rows

    def other(self):
        files = [self.put("other", scenes.other_mail())]
        with self.nothing("header") as theirs:
            with scenes.Ours(self.keys) as ours:
                self.compare("mail for no list: a filter that does nothing",
                             1.05, theirs, ours, scenes.ELSE, files)

    def blind(self):
        files = [self.put("blind-%d" % i, one) for i, one in enumerate(
            scenes.talk(self.keys))]
        with scenes.Ours(self.keys) as ours:
            for wants, limit, what in (
                    ("plain", 1.5, "blind, 5 KB, with Redis: a filter that "
                     "reads it"),
                    ("body", None, "the same: that asks the MTA for no more "
                     "than we")):
                with self.nothing(wants) as theirs:
                    self.blind_us = self.compare(what, limit, theirs, ours,
                                                 LIST, files)

    def sighted(self):
        for name, key in (("rsa3072", scenes.rsa_key(self.keys)),
                          ("cv25519", self.keys.list)):
            files = [self.put("%s-%d" % (name, i),
                              scenes.sealed(self.keys, key))
                     for i in range(self.sizes.sighted)]
            bare = scenes.Bare(self.keys, self.put)
            with scenes.Ours(self.keys, decrypt=True, key=[key]) as ours:
                for jobs in (1, scenes.MOST_JOBS):
                    self._compare_sighted(name, bare, ours, jobs, files)

    def _compare_sighted(self, name, bare, ours, jobs, files):
        runs = [[one(jobs, self.sizes.sighted, files) for one in (
                    bare.run, lambda *a: scenes.run_sighted(ours, *a))]
                for _ in range(self.sizes.rounds)]
        wall = median(b.wall / a.wall for a, b in runs)
        used = median(b.all / a.all for a, b in runs)
        name = "sighted, %s, %d at once" % (name, jobs)
        print("# %s: %.2f and %.2f ms a message, processor time %.2f and %.2f "
              "ms, %.1f cores of %d in use" % (
                  name, *(median(getattr(run[i], kind) for run in runs) / 1000
                          for kind in ("wall", "all") for i in (0, 1)),
                  median(b.all / b.wall for _, b in runs), os.cpu_count()),
              flush=True)
        follows = used == used      # the system lets us follow processes
        if follows:
            self.add(name + ": bare gpg --decrypt", used,
                     1.15 if jobs > 1 else None)
        self.add(name + ": the same, time that passes", wall,
                 1.15 if jobs == 1 else None)
        if follows and jobs > 1:
            self.add(name + ": its use of all cores", median(
                (b.all / b.wall) / (a.all / a.wall) for a, b in runs), 0.95,
                at_least=True)

    def memory(self):
        for size in self.sizes.large:
            file = self.put("large", scenes.large_mail(self.keys, size))
            size = os.path.getsize(file)
            with scenes.Ours(self.keys) as ours:
                pid = ours.process.pid
                scenes.run(ours, 1, 5, LIST,
                           [self.put("small", scenes.talk(self.keys)[0])])
                before = meter.resident(pid)
                meter.forget_peak(pid)
                scenes.run(ours, 1, 1, LIST, [file])
                peak, after = meter.peak(pid), meter.resident(pid)
            name = "memory, %.1f MB: " % (size / MB)
            self.add(name + "at most, less 2 N", (peak - 2 * size) / MB, 8,
                     "MB")
            self.add(name + "afterwards, more than before",
                     (after - before) / MB, 2, "MB")

    def tracked(self):
        done = subprocess.run(
            [os.path.join(scenes.HERE, "tracked"),
             str(self.sizes.tracked_rounds), *map(str, self.sizes.tracked)],
            capture_output=True, text=True, check=True)
        found = [list(map(float, line.split()))
                 for line in done.stdout.splitlines()]
        for size, recent, any_age, bytes in found:
            print("# %d messages tracked: %.1f us of Redis for one, %.1f if "
                  "its issue may be any, %.1f bytes" % (
                      size, recent, any_age, bytes), flush=True)
        (few, *before, _), (many, *after, _) = found[0], found[-1]
        what = "tracked: %d, against %d: " % (many, few)
        if self.blind_us is not None:
            more = max(after) - max(before)
            self.add(what + "a blind message", 1 + more / self.blind_us, 1.1)
        self.add(what + "Redis alone", after[0] / before[0])
        self.add(what + "the same, any issue", after[1] / before[1])
        for size, _, _, bytes in found:
            if size >= 10000:
                self.add("Redis for a message, of %d, with a seal" % size,
                         bytes, 120, "B")


ROWS = ("other", "blind", "sighted", "memory", "tracked")


def machine():
    """What it ran on, without names and paths."""
    with open("/proc/cpuinfo") as file:
        model = re.search(r"model name\s*:\s*(.*)", file.read())
    versions = [subprocess.run([program, "--version"], capture_output=True,
                               text=True).stdout.splitlines()[0]
                for program in ("redis-server", "gpg")]
    return ["%s, %s, %d processors" % (
        datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d"),
        model[1] if model else os.uname().machine, os.cpu_count()),
        "Linux %s; %s; %s" % (os.uname().release.split("-")[0],
                              re.sub(r" sha=.*", "", versions[0]),
                              versions[1])]


def main(arguments):
    parser = argparse.ArgumentParser()
    parser.add_argument("--short", action="store_true")
    parser.add_argument("--output")
    parser.add_argument("rows", nargs="*", metavar="WORD")
    options = parser.parse_args(arguments)
    bench = Bench(SHORT if options.short else Sizes())
    try:
        for name in ROWS:
            if not options.rows or name in options.rows:
                getattr(bench, name)()
    finally:
        bench.close()
    if options.output:
        with open(options.output, "w") as file:
            for line in [*machine(), "", *bench.rows]:
                file.write(str(line).rstrip() + "\n")
    return bench.rows


if __name__ == "__main__":
    main(sys.argv[1:])
