"""Another time for a program, and for gpg below it.

    subprocess.run([*at_time(1800000000), WARND, "--once"])

Time goes on from there.  lib/shift_clock.c does it, from a copy that the user
of the programs can read.
"""
import atexit
import math
import os
import shutil
import tempfile
import time

from account import give

SOURCE = os.path.join(os.environ.get("top_builddir", "."),
                      "tests/lib/shift-clock.so")
copies = []


def library():
    if not copies:
        folder = tempfile.mkdtemp(prefix="clock-", dir="/tmp")
        atexit.register(shutil.rmtree, folder)
        give(folder)
        copies.append(shutil.copy(SOURCE, folder))
    return copies[0]


def at_time(at):
    """A wrapper that shows a program this time, or a little later."""
    return ["env", "LD_PRELOAD=" + library(),
            "EMBARGO_TEST_SHIFT=%d" % math.ceil(at - time.time())]
