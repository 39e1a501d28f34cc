"""Many connections, large messages, clients that are slow or vanish.

The daemon keeps within its budget of memory, answers others meanwhile, and has
afterwards what it had before: descriptors, processes, memory.  Argument: how
many messages the test for leaks sends.
"""
import contextlib
import os
import random
import resource
import sys
import threading
import time

import fake_mta as wire
import openpgp as pgp
import tap
from fake_mta import CHUNK, Closed, split_message
from mails import mail, part, pgp_mime
from milter_rig import LIST, PROGRAM, Rig
from processes import descendants, is_instrumented, rss
from shapes import TEXT

ELSE = "someone@example.com"
CLEAR = mail(part(TEXT))
CROWD = 500
LARGE = 25 * 1000 * 1000        # less than max_message = "25M"
SIDE_BY_SIDE = 3
ROOM_KB = 8 * 1024              # of the budget, beside 2 N
CLIENTS = 4
IS_PLAIN = not is_instrumented(PROGRAM)


class LimitedRig(Rig):
    """At most 128 files open."""

    def command(self, *options):
        return ["prlimit", "--nofile=128:128", *super().command(*options)]


def test_one_connection_too_many(*_):
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


def good_mail(rig, size=500):
    """One that the list takes, about so large, without gpg's help."""
    key = rig.keys.subkey(rig.keys.list)
    return mail(pgp_mime(pgp.armor(pgp.encrypted(key, size=size * 3 // 4))))


def parallel(functions):
    """All at once; what they gave.  One that fails, fails the test."""
    results = [None] * len(functions)

    def run(number, function):
        try:
            results[number] = function()
        except Exception as error:
            results[number] = error
    threads = [threading.Thread(target=run, args=pair)
               for pair in enumerate(functions)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return results


def count_files(rig):
    return len(os.listdir("/proc/%d/fd" % rig.process.pid))


def tracked(rig):
    return sum(int(rig.issue(i)["messages"]) for i in rig.issues())


def test_a_crowd(rig, _):
    """500 connections are open, and all end their messages at once."""
    rig.redis("FLUSHALL")
    files, barrier = count_files(rig), threading.Barrier(CROWD)
    messages = [good_mail(rig) if i % 2 else CLEAR for i in range(CROWD)]

    def client(message):
        answer, (fields, body) = wire.Answer(), split_message(message)
        with rig.connect(timeout=120) as mta:
            mta.envelope([LIST], answer=answer)
            mta.content(fields, body, answer)
            barrier.wait(60)
            mta.eom(answer)
        return answer.verdict
    verdicts = parallel([lambda m=m: client(m) for m in messages])
    wanted = ["accept" if i % 2 else "reject" for i in range(CROWD)]
    wrong = [pair for pair in zip(verdicts, wanted)
             if pair[0] not in (pair[1], "tempfail")]
    assert wrong == [], wrong[:5]
    assert verdicts.count("tempfail") == 0, verdicts.count("tempfail")
    assert tracked(rig) == CROWD // 2
    tap.poll(lambda: count_files(rig) <= files + 64)    # Redis's pool


def drip(rig, message, pause):
    """A client with a thin line: some bytes at a time, packets cut anywhere."""
    answer, (fields, body) = wire.Answer(), split_message(message)
    with rig.connect() as mta:
        mta.envelope([LIST], answer=answer)
        mta.content(fields, b"", answer)
        for start in range(0, len(body), 100):
            packet = b"B" + body[start:start + 100]
            packet = len(packet).to_bytes(4, "big") + packet
            for at in range(0, len(packet), 40):
                mta.sock.sendall(packet[at:at + 40])
                time.sleep(pause)
            mta.take_answer("body", answer)
        mta.eom(answer)
    return answer.verdict


def test_slow_clients(rig, _):
    """Others do not wait for them."""
    ended = threading.Event()
    slow = threading.Thread(target=lambda: (results.extend(parallel(
        [lambda: drip(rig, good_mail(rig), 0.02)] * 50)), ended.set()))
    results, times = [], []
    slow.start()
    while not ended.is_set():
        began = time.monotonic()
        assert rig.send(CLEAR).code == 550
        times.append(time.monotonic() - began)
        time.sleep(0.02)
    slow.join()
    assert results == ["accept"] * 50, results
    assert sorted(times)[len(times) // 2] < 0.25, sorted(times)[-9:]


def vanish(rig, rng):
    """A client that goes away, cleanly or with a reset, wherever it is."""
    message = good_mail(rig) if rng.random() < 0.5 else CLEAR
    left = rng.randrange(1, 22)

    class Vanishing(wire.FakeMTA):
        def packet(self, command, data=b""):
            nonlocal left
            left -= 1
            if left == 0:
                cut = rng.randrange(0, len(data) + 5)
                self.sock.sendall(((len(data) + 1).to_bytes(4, "big") +
                                   command + data)[:cut])
                raise Closed("it is the client's turn to go")
            super().packet(command, data)
    mta = Vanishing(rig.socket)
    with contextlib.suppress(Closed):
        mta.send(message)
    mta.close()


def test_clients_that_vanish(rig, _):
    files, rng = count_files(rig), random.Random(4711)
    for _ in range(60):
        assert parallel([lambda: vanish(rig, rng)] * 5) == [None] * 5
    assert rig.send(CLEAR).code == 550
    tap.poll(lambda: count_files(rig) <= files + 1)
    assert rig.is_running()


# memory

def peak_and_rest(rig, functions):
    """Kilobytes above those of before: at most, and a second later."""
    with open("/proc/%d/clear_refs" % rig.process.pid, "w") as file:
        file.write("5")         # VmHWM begins anew
    before = rss(rig.process.pid, "VmRSS")
    results = parallel(functions)
    peak = rss(rig.process.pid) - before
    time.sleep(1)
    return results, peak, rss(rig.process.pid, "VmRSS") - before


def test_large_messages_side_by_side(_, __):
    """2 N + 8 MB, and back.

    The peak is only to be believed where nothing else lives in the process.
    """
    with Rig() as rig:
        assert rig.send(good_mail(rig)).verdict == "accept"
        message = good_mail(rig, LARGE)
        size = len(message) // 1024
        for count in (1, SIDE_BY_SIDE):
            verdicts, peak, rest = peak_and_rest(
                rig, [lambda: rig.send(message).verdict] * count)
            print("# %d x %d KB: %d KB at most, %d KB afterwards" % (
                count, size, peak, rest), flush=True)
            assert verdicts == ["accept"] * count, verdicts
            if IS_PLAIN:
                assert peak <= count * 2 * size + ROOM_KB, peak
                assert rest <= ROOM_KB, rest


# leaks

def work(rig, count):
    """Messages of all sorts over connections that serve some each."""
    rng = random.Random(count)
    sorts = [(good_mail(rig), LIST, "accept"), (CLEAR, LIST, "reject"),
             (CLEAR, ELSE, "accept"),
             (mail(part(TEXT * 2000)), LIST, "reject")]
    while count > 0:
        with rig.connect() as mta:
            for _ in range(min(count, rng.randrange(1, 30))):
                message, to, wanted = rng.choice(sorts)
                verdict = mta.send(message, [to]).verdict
                if verdict != wanted:
                    raise AssertionError("%s, not %s" % (verdict, wanted))
                count -= 1


def all_work(rig, count):
    found = parallel([lambda: work(rig, count // CLIENTS)] * CLIENTS)
    assert found == [None] * CLIENTS, found


def held(rig):
    """What a leak would make more: files, processes, kilobytes."""
    return (count_files(rig), len(descendants(rig.process.pid)),
            rss(rig.process.pid, "VmRSS"))


def test_no_leaks(_, messages):
    with Rig() as rig:
        all_work(rig, 1000)
        before = held(rig)
        all_work(rig, messages)
        after = held(rig)
        print("# %d messages: from %d files, %d processes, %d KB to %d, %d, "
              "%d" % (messages, *before, *after), flush=True)
        assert after[0] <= before[0] + 2 * CLIENTS and after[1] == before[1]
        if IS_PLAIN:
            assert after[2] < before[2] + ROOM_KB, (before, after)
        assert rig.stop() == 0


def main(messages=3000):
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (limits[1], limits[1]))
    with Rig() as rig:
        return tap.run(tap.collect(globals(), rig, int(messages)))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))
