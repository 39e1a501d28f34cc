"""Three instances killed at random while alerts are raised: the stream holds
each alert exactly once, and each is mailed at least once.

Also frozen instances and a sendmail that fails.

    python3 tests/flow/test_mail_chaos.py [SEED [RUNS]]
"""
import os
import random
import signal
import sys
import time

import tap
from gpg_keys import Keys
from warnd_rig import BASE, HOUR, MINUTE, WarndRig

SECONDS = 8
INSTANCES = 3
STEP = 0.08


class Chaos:
    def __init__(self, rig, seed):
        self.rig, self.random = rig, random.Random(seed)
        self.running = [rig.start() for _ in range(INSTANCES)]
        self.frozen = None
        self.issues, self.told = [], []
        self.kills = self.freezes = 0

    def raise_alert(self):
        """By the calendar, or as the filter does."""
        now = int(time.time())
        number = len(self.issues) + len(self.told) + 1
        if self.random.random() < 0.6:
            self.issues.append(self.rig.issue(number, now - 60,
                                              looked=now - HOUR))
        else:
            issue = "VS-2026-%04d" % number
            self.rig.alert("moved", issue, text="Sesame")
            self.told.append(issue)

    def kill(self):
        victim = self.random.randrange(INSTANCES)
        self.thaw()
        self.rig.kill(self.running[victim])
        self.kills += 1
        self.running[victim] = self.rig.start()

    def freeze(self):
        """It goes on later, when others have taken what it held."""
        self.thaw()
        self.frozen = self.random.choice(self.running)
        self.frozen.send_signal(signal.SIGSTOP)
        self.freezes += 1

    def thaw(self):
        if self.frozen is not None:
            self.frozen.send_signal(signal.SIGCONT)
            self.frozen = None

    def step(self):
        self.raise_alert()
        dice = self.random.random()
        if dice < 0.35:
            self.kill()
        elif dice < 0.42:
            self.freeze()
        elif dice < 0.50:
            self.rig.sendmail.set(self.random.choice(
                ("ok", "ok", "fail", "lose")))
        elif dice < 0.60:
            self.rig.let_pass(20 * MINUTE)
        for process in self.running:    # a reload makes a pass
            if process.poll() is None and self.is_ready(process):
                process.send_signal(signal.SIGUSR1)
        time.sleep(self.random.random() * STEP)

    @staticmethod
    def is_ready(process):
        """SIGUSR1 ends a process that has not said yet what to do then."""
        with open("/proc/%d/status" % process.pid) as file:
            for line in file:
                if line.startswith("SigCgt:"):
                    caught = int(line.split()[1], 16)
                    return bool(caught & (1 << (signal.SIGUSR1 - 1)))
        return False

    def finish(self):
        """Peace: what is left is mailed."""
        self.thaw()
        self.rig.sendmail.set("ok")
        for process in self.running:
            if process.poll() is None:
                self.rig.kill(process)
        for _ in range(20):
            self.rig.let_pass(20 * MINUTE)
            self.rig.once()
            if not self.rig.pending():
                return
        raise AssertionError("%d alerts are never mailed" %
                             len(self.rig.pending()))


def check_stream(chaos):
    seen = [(a["issue"], a["kind"]) for a in chaos.rig.alerts()]
    expected = [(i, "reached") for i in chaos.issues] + \
        [(i, "moved") for i in chaos.told]
    doubled = len(seen) - len(set(seen))
    missing = set(expected) - set(seen)
    assert not doubled and not missing and len(seen) == len(expected), (
        "%d doubled, %d missing, %d of %d" % (doubled, len(missing),
                                              len(seen), len(expected)))


def check_mails(chaos):
    ids = {"<embargo.distros.alert.%s@vs.example.org>" % entry for entry, _ in
           chaos.rig.redis("XRANGE", BASE + "alerts", "-", "+")}
    mails = chaos.rig.sendmail.mails()
    sent = [mail["Message-ID"] for mail in mails]
    assert set(sent) == ids, "%d of %d alerts mailed, %d strange" % (
        len(set(sent) & ids), len(ids), len(set(sent) - ids))
    for mail in mails:
        assert b"Sesame" not in mail.raw and b"VS-202" not in mail.raw
        assert mail.get_content_type() == "multipart/encrypted"
        assert b"-----END PGP MESSAGE-----" in mail.raw, "a mail was cut"
    return len(sent) - len(ids)


def run(keys, seed):
    with WarndRig(keys, encrypt_to=[keys.member]) as rig:
        chaos = Chaos(rig, seed)
        until = time.monotonic() + SECONDS
        while time.monotonic() < until:
            chaos.step()
        chaos.finish()
        check_stream(chaos)
        again = check_mails(chaos)
        print("# seed %d: %d alerts, %d kills, %d freezes, %d mails more than "
              "once" % (seed, len(rig.alerts()), chaos.kills, chaos.freezes,
                        again), flush=True)
        assert chaos.kills > 10 and len(rig.alerts()) > 50, "no chaos"


def main():
    seed = int(sys.argv[1]) if len(sys.argv) > 1 else \
        int.from_bytes(os.urandom(4), "big")
    runs = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    with Keys() as keys:
        keys.import_public(keys.member)
        return tap.run([("seed %d" % one, lambda one=one: run(keys, one))
                        for one in range(seed, seed + runs)])


if __name__ == "__main__":
    sys.exit(main())
