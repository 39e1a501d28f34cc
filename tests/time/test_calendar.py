"""Two months of a list: every alert is as a person has reviewed it.

    python3 tests/time/test_calendar.py --print     what is told now
"""
import difflib
import os
import sys

import tap
from gpg_keys import Keys
from history import HERE, TRACKERS, History, read_events


def expected():
    with open(os.path.join(HERE, "alerts")) as file:
        return [line.rstrip("\n") for line in file
                if line.strip() and not line.startswith("#")]


def test_alerts(history):
    difference = list(difflib.unified_diff(
        expected(), history.alerts(), "reviewed", "told", lineterm="", n=0))
    assert not difference, "\n".join(difference)


def test_mail(history):
    """Each alert once."""
    mailed = history.mailed()
    ids = [entry for tracker in TRACKERS for entry, _ in history.rig.redis(
        "XRANGE", history.rig.key("alerts", tracker), "-", "+")]
    assert len(mailed) == len(set(mailed)) == len(ids), (
        len(mailed), len(set(mailed)), len(ids))
    for entry in ids:
        assert any(".alert.%s@" % entry in one for one in mailed), entry


def main():
    with Keys() as keys, History(keys) as history:
        history.run(read_events())
        if sys.argv[1:] == ["--print"]:
            print("\n".join(history.alerts()))
            return 0
        return tap.run(tap.collect(globals(), history))


if __name__ == "__main__":
    sys.exit(main())
