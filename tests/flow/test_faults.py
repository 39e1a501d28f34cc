"""Failing closed: Redis and gpg in every kind of trouble.

Encrypted list mail meets 451 4.3.0, cleartext still 550, other mail passes; and
when the trouble is over, the retried message is accepted and counted once.
"""
import re
import signal
import subprocess
import sys
import threading
import time

import mails
import openpgp as pgp
import tap
from fake_gpg import FakeGpg
from mails import mail, part, pgp_mime
from milter_rig import Rig
from processes import freeze
from redis_trouble import TROUBLES
from shapes import TEXT

ELSE = "someone@example.com"
CLEAR = mail(part(TEXT))
TIMEOUT = 1                 # of Redis and gpg, as configured here
PATIENCE = TIMEOUT + 1.5    # 451 must come before


def within(seconds, rig, message, **options):
    begin = time.monotonic()
    answer = rig.send(message, **options)
    took = time.monotonic() - begin
    assert took < seconds, "%.1f s for %r" % (took, answer)
    return answer


def check_closed(rig, message):
    """What every trouble looks like from outside."""
    assert within(1, rig, CLEAR, rcpt=[ELSE]).at == "data"
    for _ in range(2):
        answer = within(PATIENCE, rig, message)
        assert (answer.verdict, answer.code, answer.enhanced) == (
            "tempfail", 451, "4.3.0"), answer
        assert answer.edits == [], answer
        assert rig.last_line()["reason"] == "later", rig.last_line()
    for refused in (CLEAR, mail(pgp_mime(pgp.armor(pgp.literal(TEXT)))),
                    mail(pgp_mime(pgp.armor(pgp.encrypted(
                        rig.keys.foreign))))):
        answer = within(PATIENCE, rig, refused)
        assert (answer.code, answer.enhanced) == (550, "5.7.1"), answer


def check_trouble(rig, trouble):
    rig.redis("FLUSHALL")
    message = rig.good_mail()
    with trouble(rig.redis):
        check_closed(rig, message)
    tap.poll(lambda: rig.send(message).verdict == "accept", 5)
    answer = rig.send(message)
    issue = answer.tags["X-Embargo-Issue"]
    assert rig.issues() == [issue], rig.issues()
    assert rig.issue(issue)["messages"] == "1", rig.issue(issue)
    assert answer.tags["X-Embargo-Status"] == "new", answer.tags


def test_scripts_flushed(rig):
    """No trouble at all."""
    rig.redis("SCRIPT", "FLUSH")
    assert rig.send(rig.good_mail()).verdict == "accept"
    rig.redis("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
    assert rig.send(rig.good_mail()).verdict == "accept"


def test_a_message_waits_for_the_replicas_it_must_have(rig):
    redis = dict(rig.settings["redis"])
    rig.reload(redis={**redis, "replicas": 1})
    check_closed(rig, rig.good_mail())
    rig.reload(redis=redis)
    assert rig.send(rig.good_mail()).verdict == "accept"


def test_several_clients_while_Redis_comes_and_goes(rig):
    """Never an accept without a record, never a wrong refusal."""
    rig.redis("FLUSHALL")
    results, stop = [], threading.Event()
    key = rig.keys.subkey(rig.keys.list)

    def client():
        while not stop.is_set():
            message = mail(pgp_mime(pgp.armor(pgp.encrypted(key))))
            answer = rig.send(message)
            results.append((answer.verdict, message))
    threads = [threading.Thread(target=client) for _ in range(4)]
    for one in threads:
        one.start()
    for _ in range(4):
        time.sleep(0.15)
        freeze(rig.redis.process.pid)
        time.sleep(0.1)
        rig.redis.process.send_signal(signal.SIGCONT)
        rig.redis("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
    stop.set()
    for one in threads:
        one.join()
    verdicts = {verdict for verdict, _ in results}
    assert verdicts <= {"accept", "tempfail"} and "accept" in verdicts
    accepted = sum(verdict == "accept" for verdict, _ in results)
    recorded = sum(int(rig.issue(i)["messages"]) for i in rig.issues())
    assert accepted <= recorded <= len(results), (accepted, recorded)
    for verdict, message in results:    # as the MTA would
        if verdict == "tempfail":
            tap.poll(lambda m=message: rig.send(m).verdict == "accept")
    recorded = sum(int(rig.issue(i)["messages"]) for i in rig.issues())
    assert recorded == len(results), (recorded, len(results))


# gpg

BROKEN = ("missing", "exit", "fail", "kill", "garbage", "hang", "flood")


def test_gpg_in_trouble(rig, gpg):
    """Keys are in memory: only a wrong key needs gpg, to be certain."""
    other = mail(pgp_mime(rig.encrypt(to=[rig.keys.foreign])))
    for mode in BROKEN:
        gpg.set(mode)
        assert within(PATIENCE, rig, CLEAR).code == 550, mode
        assert within(PATIENCE, rig, rig.good_mail()).verdict == "accept"
        answer = within(PATIENCE, rig, other)
        assert (answer.code, answer.enhanced) == (451, "4.3.0"), (
            mode, answer, rig.log()[-500:])
        tap.poll(lambda: gpg.living() == [])
    gpg.set("real")
    answer = rig.send(other)
    assert answer.code == 550 and "5.7.1" in answer.enhanced, answer


def test_reload_while_gpg_is_in_trouble(rig, gpg):
    for mode in BROKEN:
        gpg.set(mode)
        begin = time.monotonic()
        said = rig.reload()
        assert "stays in force" in said, (mode, said)
        assert time.monotonic() - begin < PATIENCE, mode
        assert rig.send(rig.good_mail()).verdict == "accept", mode
        tap.poll(lambda: gpg.living() == [])
    gpg.set("real")
    assert "read again" in rig.reload()


def test_start_while_gpg_is_in_trouble(rig, gpg):
    for mode in BROKEN:
        gpg.set(mode)
        done = subprocess.run(rig.command("-F", "-p", rig.socket + "2"),
                              capture_output=True, text=True, timeout=20,
                              env=rig.environment)
        assert done.returncode == 69, (mode, done)
        assert re.search("gpg|GPG", done.stderr), (mode, done)
    gpg.set("real")


def test_a_key_that_is_added_later(rig, gpg):
    """No reload is needed: a wrong key is looked up once more."""
    rig.keys.add_subkey(rig.keys.list, "new")
    new = rig.keys.subkey(rig.keys.list, "new")
    message = mail(pgp_mime(rig.encrypt(to=[new])))
    assert rig.send(message).code == 550
    rig.keys.import_public(rig.keys.list)
    assert rig.send(message).verdict == "accept"


def test_no_gpg_stays_behind(rig, gpg):
    assert len(gpg.pids()) > 10, "the fake was not used"
    tap.poll(lambda: gpg.living() == [])


def main():
    with FakeGpg() as gpg, Rig(start=False,
                               environment=gpg.environment) as rig:
        rig.settings["redis"]["timeout"] = "%ds" % TIMEOUT
        rig.settings["gnupg"]["timeout"] = "%ds" % TIMEOUT
        rig.write_conf()
        rig.start()
        names = [(name, value) for name, value in globals().items()
                 if name.startswith("test_")]
        tests = [("Redis " + name, lambda t=trouble: check_trouble(rig, t))
                 for name, trouble in TROUBLES]
        for name, test in names:
            takes_gpg = test.__code__.co_argcount == 2
            tests.append((name[5:].replace("_", " "),
                          (lambda t=test: t(rig, gpg)) if takes_gpg else
                          (lambda t=test: t(rig))))
        return tap.run([*tests, ("ends in peace", lambda: end(rig))])


def end(rig):
    assert rig.stop() == 0, rig.log()


if __name__ == "__main__":
    sys.exit(main())
