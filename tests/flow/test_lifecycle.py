"""Reloads, ends and restarts while mail flows; connections that do nothing.

Nobody is told anything wrong, each message is tracked once, and nothing is left
behind.  Arguments: how many messages, reloads, SIGTERMs, overlapping restarts.
"""
import contextlib
import os
import resource
import signal
import statistics
import subprocess
import sys
import threading
import time

import fake_mta as wire
import openpgp as pgp
import tap
from fake_mta import Closed, FakeMTA, split_message
from mails import mail, part, pgp_mime
from milter_rig import LIST, Rig
from shapes import TEXT

CLEAR = mail(part(TEXT))
ELSE = "someone@example.com"
SENDERS = 4
STALLED, IDLE = 500, 1000
SOON = 0.05     # a new session among them; more is allowed where others work


class Traffic:
    """Senders that try again until so many messages have their answer."""

    def __init__(self, rig, messages):
        self.rig, self.left = rig, messages
        self.key = rig.keys.subkey(rig.keys.list)
        self.lock = threading.Lock()
        self.accepted, self.deferred, self.wrong = 0, 0, []
        self.given_up = False
        self.threads = [threading.Thread(target=self.run)
                        for _ in range(SENDERS)]
        for one in self.threads:
            one.start()

    def take(self):
        with self.lock:
            self.left -= 1
            return self.left >= 0

    def run(self):
        while self.take():
            message = mail(pgp_mime(pgp.armor(pgp.encrypted(self.key))))
            self.until("accept", message, LIST)
            self.until("reject", CLEAR, LIST)
            with self.lock:
                self.accepted += 1

    def until(self, wanted, message, to):
        while not self.given_up:
            try:
                with FakeMTA(self.rig.socket) as mta:
                    verdict = mta.send(message, [to]).verdict
            except (Closed, OSError):
                verdict = "tempfail"
            if verdict == wanted:
                return
            with self.lock:
                self.deferred += 1
                if verdict != "tempfail":
                    self.wrong.append((wanted, verdict))
            time.sleep(0.01)

    def is_over(self):
        return not any(one.is_alive() for one in self.threads)

    def finish(self):
        for one in self.threads:
            one.join()
        assert self.wrong == [], self.wrong[:9]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.given_up, self.left = True, 0


def check_account(rig, traffic):
    count = traffic.accepted
    assert int(rig.counters()["accepted"]) == count, rig.counters()
    assert len(rig.issues()) == count
    assert sum(int(rig.issue(i)["messages"]) for i in rig.issues()) == count


def test_reloads_and_ends_during_traffic(counts):
    messages, reloads, ends, _ = counts
    with Rig() as rig, Traffic(rig, messages) as traffic:
        done = ended = 0
        while not traffic.is_over() and (done < reloads or ended < ends):
            if done * ends <= ended * reloads:
                rig.signal(signal.SIGUSR1)
                done += 1
                time.sleep(0.005)
            else:
                assert rig.stop() == 0
                rig.start()
                ended += 1
        traffic.finish()
        assert done >= reloads and ended >= ends, (done, ended)
        check_account(rig, traffic)
        assert rig.stop() == 0
        print("# %d reloads, %d ends, %d messages, %d deferrals" % (
            done, ended, 2 * traffic.accepted, traffic.deferred), flush=True)


# a restart that overlaps

def start_another(rig):
    """Another process of the same configuration; it serves."""
    at = rig.log_size()
    with open(rig.log_path, "ab") as log:
        process = subprocess.Popen(
            rig.command("-F"), stdin=subprocess.DEVNULL, stdout=log,
            stderr=log, env=rig.environment)

    def serves():
        assert process.poll() is None, rig.log(at)
        return "serving" in rig.log(at)
    tap.poll(serves)
    return process


def overlap(rig):
    """The old one has a message in flight when the new one begins."""
    message = rig.good_mail()
    fields, body = split_message(message)
    answer = wire.Answer()
    with rig.connect() as mta:
        mta.envelope([LIST], answer=answer)
        mta.content(fields, body[:100], answer)
        old = rig.process
        old.send_signal(signal.SIGTERM)
        tap.poll(lambda: not os.path.exists(rig.unix_path))
        rig.process = start_another(rig)
        assert rig.send(CLEAR).code == 550
        assert old.poll() is None, "the old one did not wait"
        mta.body(body[100:], answer)
        mta.eom(answer)
    assert answer.verdict == "accept", answer
    assert old.wait(10) == 0
    assert os.path.exists(rig.unix_path), "the old one took the socket along"
    assert rig.send(message).verdict == "accept"


def test_overlapping_restarts(counts):
    times = counts[3]
    with Rig() as rig:
        for _ in range(times):
            overlap(rig)
        assert len(rig.issues()) == times
        done = subprocess.run(rig.command("-F"), capture_output=True,
                              text=True, timeout=20, env=rig.environment)
        assert done.returncode == 69, done
        assert "another instance" in done.stderr, done
        assert rig.stop() == 0
        assert not os.path.exists(rig.unix_path)


# connections that do nothing

def stall(mta):
    """In the middle of a message's body."""
    answer = wire.Answer()
    fields, body = split_message(CLEAR)
    mta.envelope([LIST], answer=answer)
    mta.content(fields, body[:10], answer)


def test_stalled_and_idle_connections(_):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    with Rig() as rig, contextlib.ExitStack() as stack:
        before = quiet_time(rig)
        stalled = [stack.enter_context(rig.connect())
                   for _ in range(STALLED)]
        for one in stalled:
            stall(one)
        idle = [stack.enter_context(rig.connect()) for _ in range(IDLE)]
        for one in idle:
            one.negotiate()
        after = quiet_time(rig)
        print("# a session: %.1f ms, among %d connections %.1f ms" % (
            before * 1000, len(stalled) + len(idle), after * 1000),
            flush=True)
        assert after < SOON + 10 * before, (before, after)
        for one in stalled[::50]:       # they were not forgotten
            answer = wire.Answer()
            one.eom(answer)
            assert answer.code == 550, answer
        for one in idle[::100]:
            assert one.send(CLEAR, [ELSE]).verdict == "accept"
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def quiet_time(rig):
    """Seconds of a session with a refusal, the median of some."""
    times = []
    for _ in range(15):
        began = time.monotonic()
        assert rig.send(CLEAR).code == 550
        times.append(time.monotonic() - began)
    return statistics.median(times)


def main(*words):
    counts = [int(word) for word in words] or [400, 60, 6, 4]
    return tap.run(tap.collect(globals(), counts))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
