"""The same two months with three instances that are killed at random, and a
Redis that crashes: each alert of the reviewed list stands in the stream exactly
once, and each was mailed at least once.

    python3 tests/time/test_calendar_chaos.py [SEED [RUNS]]
"""
import os
import random
import signal
import sys
import time

import tap
from gpg_keys import Keys
from history import TRACKERS, History, read_events
from private_redis import RedisError
from test_calendar import expected

INSTANCES = 3
AOF = ("--appendonly", "yes", "--appendfsync", "always")
DISTURB = 0.5       # so often at each stop of the clock
RUNS = 2


class Chaos(History):
    def __init__(self, keys, seed):
        super().__init__(keys, instances=INSTANCES)
        self.random = random.Random(seed)
        self.frozen = None
        self.kills = self.crashes = self.freezes = 0
        self.rig.redis("CONFIG", "SET", "appendfsync", "always")
        self.rig.redis("CONFIG", "SET", "appendonly", "yes")
        tap.poll(lambda: "aof_rewrite_in_progress:0" in self.rig.redis(
            "INFO", "persistence"))

    def disturb(self):
        self.thaw()
        if self.random.random() > DISTURB:
            return
        self.look()
        time.sleep(self.random.random() * 0.03)
        dice = self.random.random()
        if dice < 0.04 or (self.crashes == 0 and self.kills > 20):
            self.rig.redis.kill()
            self.rig.redis.start(*AOF)
            self.crashes += 1
        elif dice < 0.15:
            self.freeze()
        else:
            self.end(self.random.choice(self.running))
            self.watch(1)
            self.kills += 1

    def freeze(self):
        """One is stopped in the midst and goes on at another time."""
        self.frozen = self.random.choice(self.running)
        self.frozen.send_signal(signal.SIGSTOP)
        self.freezes += 1

    def thaw(self):
        if self.frozen is not None and self.frozen.poll() is None:
            self.frozen.send_signal(signal.SIGCONT)
        self.frozen = None

    def pending(self):
        """Alerts that an instance took and did not mail, all trackers."""
        found = []
        for tracker in TRACKERS:
            key = self.rig.key("alerts", tracker)
            try:
                for one in self.rig.redis("XPENDING", key, "mail", "-", "+",
                                          10000):
                    found.append((key, one[0]))
            except RedisError as error:
                assert str(error).startswith("NOGROUP"), error
        return found

    def settle(self):
        """Peace: what dead instances held is mailed by others."""
        self.thaw()
        for _ in range(20):
            for key, entry in self.pending():
                self.rig.redis("XCLAIM", key, "mail", "test", 0, entry,
                               "IDLE", 3600 * 1000, "JUSTID")
            self.look()
            time.sleep(0.3)
            if not self.pending():
                return
        raise AssertionError("never mailed: %s" % self.pending())


def check_stream(chaos):
    told, wanted = sorted(chaos.alerts()), sorted(expected())
    doubled = sorted({one for one in told if told.count(one) > 1})
    assert told == wanted, "doubled %s, missing %s, strange %s" % (
        doubled, sorted(set(wanted) - set(told)),
        sorted(set(told) - set(wanted)))


def check_mail(chaos):
    ids = {"<embargo.%s.alert.%s@vs.example.org>" % (tracker, entry)
           for tracker in TRACKERS for entry, _ in chaos.rig.redis(
               "XRANGE", chaos.rig.key("alerts", tracker), "-", "+")}
    mailed = chaos.mailed()
    assert set(mailed) == ids, "%d of %d mailed, %d strange" % (
        len(set(mailed) & ids), len(ids), len(set(mailed) - ids))
    return len(mailed) - len(ids)


def run(keys, seed):
    with Chaos(keys, seed) as chaos:
        chaos.run(read_events())
        chaos.settle()
        check_stream(chaos)
        again = check_mail(chaos)
        print("# seed %d: %d alerts, %d kills, %d freezes, %d crashes of "
              "Redis, %d mails more than once" % (
                  seed, len(chaos.alerts()), chaos.kills, chaos.freezes,
                  chaos.crashes, again), flush=True)
        assert chaos.kills > 40 and chaos.crashes > 0, "no chaos"


def main():
    seed = int(sys.argv[1]) if len(sys.argv) > 1 else \
        int.from_bytes(os.urandom(4), "big")
    runs = int(sys.argv[2]) if len(sys.argv) > 2 else RUNS
    with Keys() as keys:
        return tap.run([("seed %d" % one, lambda one=one: run(keys, one))
                        for one in range(seed, seed + runs)])


if __name__ == "__main__":
    sys.exit(main())
