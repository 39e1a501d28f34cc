"""Many connections, large messages, clients that are slow or vanish.

The daemon keeps within its budget of memory, answers others meanwhile, and has
afterwards what it had before: descriptors, processes, memory.
"""
import contextlib
import os
import re
import sys
import threading
import time

import fake_mta as wire
import openpgp as pgp
import tap
from fake_mta import split_message
from mails import mail, part, pgp_mime
from milter_rig import Rig
from processes import descendants, rss
from shapes import TEXT

ELSE = "someone@example.com"
CLEAR = mail(part(TEXT))
CROWD = 500
BIG = 25 * 1000 * 1000 - 10000          # of max_message = 25M
BUDGET_KB = 8 * 1024                    # beside 2 N


class LimitedRig(Rig):
    """At most 128 files open."""

    def command(self, *options):
        return ["prlimit", "--nofile=128:128", *super().command(*options)]


def files_of(rig):
    return len(os.listdir("/proc/%d/fd" % rig.process.pid))


def test_one_connection_too_many(_):
    """It is told 4xx, and nobody else notices."""
    with LimitedRig() as rig, contextlib.ExitStack() as stack:
        crowd = [stack.enter_context(rig.connect()) for _ in range(64)]
        for one in crowd:
            assert not one.greet()
        for _ in range(20):
            answer = rig.send(rig.good_mail())
            assert (answer.verdict, answer.at) == ("tempfail", "connect"), \
                answer
            assert rig.send(CLEAR, [ELSE]).verdict == "tempfail"
        for one in crowd:
            assert one.send(CLEAR).code == 550
            assert one.send(CLEAR, [ELSE]).verdict == "accept"
        crowd.pop().quit()
        tap.poll(lambda: rig.send(rig.good_mail()).verdict == "accept", 5)
        assert rig.log().count("connections at once") == 1, rig.log()


def good_mail(rig, size):
    """As good mail of this size, without gpg's help."""
    key = rig.keys.subkey(rig.keys.list)
    return mail(pgp_mime(pgp.armor(pgp.encrypted(key, size * 3 // 4))))


def main():
    with Rig(timeout=None) as rig:
        return tap.run(tap.collect(globals(), rig))


if __name__ == "__main__":
    sys.exit(main())
