"""Sighted lists while gpg, its agent, its keys or the keeper are in trouble.

Mail that has to be looked into meets 451 4.3.0 within gnupg.timeout, cleartext
still 550, other mail and blind lists notice nothing; no process stays behind;
and all is well again by itself.
"""
import contextlib
import itertools
import os
import re
import signal
import subprocess
import sys
import threading
import time

import openpgp as pgp
import tap
from fake_gpg import FakeGpg
from mails import mail, part
from processes import descendants, freeze, is_alive
from sighted import DOMAIN, MEMBER, TEXT, Site, entity

TIMEOUT = 1
PATIENCE = TIMEOUT + 2          # two cores are shared with others
# libmilter may let one of many events that come at once wait for another's end
PATIENCE_OF_MANY = PATIENCE + TIMEOUT
CLEAR = mail(part(TEXT))
BROKEN = ("missing", "exit", "fail", "kill", "garbage", "hang", "stubborn",
          "flood", "babble", "die", "lie")


def within(seconds, site, message, to="distros"):
    begin = time.monotonic()
    answer = site.send(message, to)
    took = time.monotonic() - begin
    assert took < seconds, "%.1f s for %r" % (took, answer)
    return answer


def good_mails(site):
    yield site.mail(site.seal(entity()))
    yield site.mail(site.seal(site.parts()))
    # more than a pipe takes while gpg does not read
    yield mail(part(site.seal(TEXT * 10000, site.keys.member, None, "-z",
                              "0")), sender=MEMBER)


def check_deferred(site, message, to="member"):
    answer = within(PATIENCE, site, message, to)
    check_is_later(site, answer)


def check_is_later(site, answer):
    told = answer, site.rig.log()[-500:]
    assert (answer.code, answer.enhanced) == (451, "4.3.0"), told
    assert answer.edits == [], told
    assert site.rig.last_line()["reason"] == "later", told
    assert site.rig.redis("DBSIZE") == 0, told


def check_others(site):
    """Those who need no gpg notice nothing."""
    begin = time.monotonic()
    assert site.rig.send(CLEAR, ["someone@example.com"]).at == "data"
    assert site.send(site.mail(site.seal(TEXT)), "blind").tags
    for to in ("distros", "member", "blind"):
        assert site.send(CLEAR, to).code == 550
    literal = site.mail(pgp.armor(pgp.literal(TEXT)))
    assert site.send(literal).code == 550
    assert time.monotonic() - begin < PATIENCE


def check_well(site):
    for message in good_mails(site):
        tap.poll(lambda m=message: site.send(m).verdict == "accept", 5)


def check_trouble(site, gpg):
    """Two lists: one that reads, one that verifies as well."""
    site.rig.redis("FLUSHDB")
    damaged = bytearray(pgp.dearmor(site.seal(TEXT)))
    damaged[-30] ^= 1
    messages = [*good_mails(site), site.mail(pgp.armor(bytes(damaged)))]
    for answer, took in parallel(site, messages, "distros", "distros member"):
        check_is_later(site, answer)
        assert took < PATIENCE_OF_MANY, (took, answer)
    check_others(site)
    tap.poll(lambda: gpg.living() == [], 1)


def broken(site, gpg, mode):
    gpg.set(mode)
    try:
        check_trouble(site, gpg)
    finally:
        gpg.set("real")
    check_well(site)


def test_many_messages_while_gpg_hangs(site, gpg):
    """They share the time: nobody waits for the others' as well."""
    gpg.set("hang")
    try:
        clients = parallel(site, [site.mail(site.seal(TEXT))
                                  for _ in range(6)])
        for answer, took in clients:
            assert answer.code == 451, answer
            assert took < PATIENCE_OF_MANY, took
        tap.poll(lambda: gpg.living() == [], 1)
    finally:
        gpg.set("real")
    check_well(site)


def parallel(site, messages, *lists):
    """[(Answer, seconds), ...] of all at once, to one or the other list."""
    results = []

    def client(message, to):
        begin = time.monotonic()
        answer = site.rig.send(message, [t + DOMAIN for t in to.split()])
        results.append((answer, time.monotonic() - begin))
    lists = itertools.cycle(lists or ["distros"])
    threads = [threading.Thread(target=client, args=pair)
               for pair in zip(messages, lists)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(results) == len(messages)
    return results


def test_not_more_gpgs_than_jobs(site, gpg):
    site.rig.reload(gnupg={**site.rig.settings["gnupg"], "timeout": "20s"})
    gpg.set("slow")
    ended, most = threading.Event(), []
    sampler = threading.Thread(target=lambda: [
        most.append(len(gpg.living())) for _ in iter(ended.is_set, True)])
    sampler.start()
    try:
        messages = [site.mail(site.seal(TEXT)) for _ in range(20)]
        for answer, _ in parallel(site, messages):
            assert answer.verdict == "accept", answer
    finally:
        ended.set()
        sampler.join()
        gpg.set("real")
        site.rig.reload(gnupg={**site.rig.settings["gnupg"],
                               "timeout": "%ds" % TIMEOUT})
    assert len(most) > 50 and max(most) == 2, (len(most), max(most))


# the agent and the keys

def agent_pid(site):
    done = subprocess.run(
        ["gpg-connect-agent", "--homedir", site.keys.home, "--no-autostart",
         "getinfo pid", "/bye"], capture_output=True, text=True, timeout=10)
    return int(re.search(r"D (\d+)", done.stdout)[1])


def test_the_agent_is_killed(site, gpg):
    for _ in range(3):
        os.kill(agent_pid(site), signal.SIGKILL)
        for message in good_mails(site):
            assert site.send(message).verdict == "accept"


def test_the_agent_hangs(site, gpg):
    pid = agent_pid(site)
    freeze(pid)
    try:
        check_deferred(site, site.mail(site.seal(TEXT)))
        check_others(site)
        tap.poll(lambda: gpg.living() == [], 1)
    finally:
        os.kill(pid, signal.SIGCONT)
    check_well(site)


@contextlib.contextmanager
def away(path):
    os.rename(path, path + ".away")
    try:
        yield
    finally:
        assert not os.path.exists(path), "gpg has made another one"
        os.rename(path + ".away", path)


def test_the_home_is_gone(site, gpg):
    sent = list(good_mails(site))       # they need the home as well
    with away(site.keys.home):
        for message in sent:
            check_deferred(site, message)
        assert site.send(CLEAR).code == 550
        assert "stays in force" in site.rig.reload()
    check_well(site)
    assert "read again" in site.rig.reload()


def test_the_home_is_a_file(site, gpg):
    sent = list(good_mails(site))
    with away(site.keys.home):
        with open(site.keys.home, "w"):
            pass
        try:
            for message in sent:
                check_deferred(site, message)
        finally:
            os.unlink(site.keys.home)
    check_well(site)


def test_the_secret_key_is_gone(site, gpg):
    """Whatever gpg says of the message, it is not the sender's fault."""
    sent = list(good_mails(site))
    damaged = pgp.armor(pgp.encrypted(site.keys.subkey(site.keys.list)))
    with away(os.path.join(site.keys.home, "private-keys-v1.d")):
        for message in [*sent, site.mail(damaged)]:
            check_deferred(site, message)
            check_deferred(site, message, "distros")
        assert site.send(CLEAR).code == 550
        assert "stays in force" in site.rig.reload()
        with contextlib.suppress(FileNotFoundError):    # the agent's
            os.rmdir(site.keys.home + "/private-keys-v1.d")
    check_well(site)
    assert site.send(site.mail(damaged)).code == 550


def test_the_public_keys_are_gone(site, gpg):
    """Nobody's signature is called unknown for that."""
    signed = site.signed()
    keyring = os.path.join(site.keys.home, "pubring.kbx")
    with away(keyring):
        try:
            check_deferred(site, signed)
            check_deferred(site, signed, "distros")
        finally:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(keyring)
    assert site.send(signed, "member").verdict == "accept"


def test_the_keyring_is_broken(site, gpg):
    signed = site.signed()
    keyring = os.path.join(site.keys.home, "pubring.kbx")
    with away(keyring):
        with open(keyring, "wb") as file:
            file.write(os.urandom(5000))
        try:
            check_deferred(site, signed)
        finally:
            os.unlink(keyring)
    assert site.send(signed, "member").verdict == "accept"


# the keeper

def keeper_pid(site):
    found = [pid for pid in descendants(site.rig.process.pid)
             if name_of(pid) == "embargo-keeper" and
             parent_of(pid) == site.rig.process.pid]
    assert len(found) == 1, found
    return found[0]


def name_of(pid):
    with contextlib.suppress(OSError), open("/proc/%d/comm" % pid) as file:
        return file.read().strip()


def parent_of(pid):
    with contextlib.suppress(OSError), open("/proc/%d/stat" % pid) as file:
        return int(file.read().rpartition(")")[2].split()[1])


def test_the_keeper_is_killed(site, gpg):
    for message in good_mails(site):
        os.kill(keeper_pid(site), signal.SIGKILL)
        assert site.send(message).verdict == "accept"


def kill_keepers(site, killed, done):
    """Three, one after the other; each needs a job to be started."""
    while len(killed) < 3 and not done.wait(0.03):
        with contextlib.suppress(AssertionError, ProcessLookupError):
            pid = keeper_pid(site)
            os.kill(pid, signal.SIGKILL)
            killed.append(pid)


def test_the_keeper_is_killed_under_load(site, gpg):
    """Deferred at worst, never refused; and the retry is accepted."""
    messages = [site.mail(site.seal(TEXT)) for _ in range(20)]
    killed, done = [], threading.Event()
    killer = threading.Thread(target=kill_keepers, args=(site, killed, done))
    killer.start()
    verdicts = [answer.verdict for answer, _ in parallel(site, messages)]
    done.set()
    killer.join()
    assert killed
    assert set(verdicts) <= {"accept", "tempfail"}, verdicts
    assert verdicts.count("accept") >= 10, verdicts
    for message in messages:
        assert site.rig.send(message).verdict == "accept"


def test_gpg_is_replaced_by_another(site, gpg):
    """An upgrade: the keeper has looked for gpg once, which still holds."""
    os.rename(gpg.path, gpg.path + ".new")
    check_deferred(site, site.mail(site.seal(TEXT)))
    os.rename(gpg.path + ".new", gpg.path)
    check_well(site)


# the daemon

def hanging(site, gpg, to="distros"):
    """A client whose message hangs; the processes of that."""
    gpg.set("stubborn")
    message = site.mail(site.seal(TEXT))
    answers = []

    def client():
        with contextlib.suppress(OSError):
            answers.append(site.rig.send(message, [to + DOMAIN]))
    thread = threading.Thread(target=client)
    thread.start()
    tap.poll(lambda: len(gpg.living()) == 2)
    below = descendants(site.rig.process.pid)
    assert len(below) >= 4, below       # keeper, job, gpg and its child
    return thread, answers, {*below, *gpg.living()}


def test_the_daemon_is_killed(site, gpg):
    thread, answers, pids = hanging(site, gpg)
    site.rig.kill()
    try:
        tap.poll(lambda: not any(map(is_alive, pids)), 1)
    finally:
        gpg.set("real")
    thread.join()
    assert answers == []
    os.unlink(site.rig.unix_path)
    site.rig.start()
    check_well(site)


def test_the_daemon_ends_in_peace(site, gpg):
    """The message in flight gets its answer."""
    thread, answers, pids = hanging(site, gpg)
    try:
        assert site.rig.stop() == 0, site.rig.log()
    finally:
        gpg.set("real")
    thread.join()
    assert [a.code for a in answers] == [451], answers
    tap.poll(lambda: not any(map(is_alive, pids)), 1)


def main():
    with FakeGpg() as gpg, Site(
            gnupg={"timeout": "%ds" % TIMEOUT},
            environment=gpg.environment) as site:
        assert gpg.pids(), "the fake is not used"
        tests = [("gpg: " + mode, lambda m=mode: broken(site, gpg, m))
                 for mode in BROKEN]
        return tap.run([*tests, *tap.collect(globals(), site, gpg)])


if __name__ == "__main__":
    sys.exit(main())
