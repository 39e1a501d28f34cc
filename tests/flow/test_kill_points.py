"""kill -9 at every boundary: after each packet of the milter protocol, before
and after each command to Redis, around each gpg; and at random under load.

Then the message is sent again, as its MTA would.  What is in Redis must be what
a run without a kill leaves, and nobody was told "accept" of a mail that is not
there.  Arguments: how often each point, and how many kills under load.
"""
import contextlib
import os
import random
import re
import signal
import sys
import threading
import time

import openpgp as pgp
import tap
from account import give
from cutting_proxy import CuttingProxy
from fake_mta import Closed, FakeMTA
from mails import mail, new_id, part, pgp_mime
from milter_rig import LIST, Rig
from processes import is_alive
from sighted import DOMAIN, Site

FIRST = "<first@example.org>"
BLIND = "blind" + DOMAIN
SENDERS = 6
GPG = '''#!/bin/sh
# at the moment that the file names, kill the filter
read moment pid <{folder}/plan
case $moment in
before) rm -f {folder}/plan; kill -9 $pid ;;
during) rm -f {folder}/plan; (sleep 0.00$(($$ % 10)); kill -9 $pid) & ;;
after) rm -f {folder}/plan; /usr/bin/gpg "$@"; code=$?; kill -9 $pid
	exit $code ;;
esac 2>/dev/null
exec /usr/bin/gpg "$@"
'''


class KillingMTA(FakeMTA):
    """Kills after its n-th packet, or after the n-th answer to the end."""

    def __init__(self, rig, number=0, answers=False, pause=0.0):
        super().__init__(rig.socket)
        self.rig, self.number, self.pause = rig, number, pause
        self.answers, self.count = answers, 0

    def _step_done(self, is_answer):
        if is_answer != self.answers:
            return
        self.count += 1
        if self.count == self.number:
            time.sleep(self.pause)
            self.rig.kill()

    def packet(self, command, data=b""):
        super().packet(command, data)
        self._step_done(False)

    def read(self):
        found = super().read()
        self._step_done(True)
        return found


def attempt(mta, message, to):
    """What the client meets when the filter dies: 451, as the MTA says."""
    try:
        with mta:
            return mta.send(message, [to]).verdict
    except (Closed, OSError):
        return "tempfail"


def state(redis):
    """All of Redis, without times and what counts attempts."""
    found = {}
    for key in redis("KEYS", "*"):
        kind = redis("TYPE", key)
        if kind == "hash":
            value = {k: v for k, v in redis.hash(key).items()
                     if k not in ("retried", "later")}
        elif kind == "zset":
            value = redis("ZRANGE", key, 0, -1)
        elif kind == "stream":
            value = redis.stream(key)
        elif kind == "string":
            value = redis("GET", key)
        else:
            value = sorted(redis({"set": "SMEMBERS"}[kind], key))
        found[key] = re.sub(r"\b1\d{9}\b", "T", repr(value))
    return found


class Point:
    """A message, to be killed in, on a Redis that is as before."""

    def __init__(self, site, proxy, name, to, before=()):
        self.site, self.proxy, self.to = site, proxy, to
        self.rig, self.name, self.before = site.rig, name, before
        seal = site.seal()
        self.message = site.mail(seal, message_id="<this@example.org>",
                                 in_reply_to=FIRST if before else None)
        self.measure()

    def prepare(self):
        self.rig.redis("FLUSHALL")
        for message in self.before:
            assert self.rig.send(message, [self.to]).verdict == "accept"
        self.rig.redis("SCRIPT", "FLUSH")   # to be sent once more

    def measure(self):
        """A run without a kill: what it leaves, how many steps it has."""
        self.prepare()
        self.proxy.plan()
        mta = KillingMTA(self.rig)
        assert attempt(mta, self.message, self.to) == "accept"
        self.packets = mta.count
        self.commands = self.proxy.seen
        self.clean = state(self.rig.redis)
        self.prepare()
        mta = KillingMTA(self.rig, answers=True)
        assert attempt(mta, self.message, self.to) == "accept"
        self.answers = mta.count

    def points(self):
        """(what it is called, how it is done)"""
        for n in range(1, self.packets + 1):
            yield "packet %d" % n, lambda p, n=n: self.send(
                KillingMTA(self.rig, n, pause=p))
        for n in range(1, self.answers + 1):
            yield "answer %d" % n, lambda p, n=n: self.send(
                KillingMTA(self.rig, n, True))
        for n in range(1, self.commands + 1):
            for when in ("before", "after"):
                yield "%s command %d" % (when, n), lambda p, n=n, w=when: \
                    self.at_command(n, w)

    def send(self, mta):
        return attempt(mta, self.message, self.to)

    def at_command(self, number, when):
        self.proxy.plan(number, when, self.rig.kill)
        return self.send(KillingMTA(self.rig))

    def check(self, kill, pause):
        self.prepare()
        verdict = kill(pause)
        tap.poll(lambda: not self.rig.is_running())
        if verdict == "accept":
            assert state(self.rig.redis) == self.clean, "accepted before it "\
                "was recorded"
        self.rig.start()
        assert self.rig.send(self.message, [self.to]).verdict == "accept"
        left = state(self.rig.redis)
        assert left == self.clean, "%s instead of %s" % (
            sorted(left.items() - self.clean.items()),
            sorted(self.clean.items() - left.items()))
        return verdict

    def run(self, times):
        count = 0
        for name, kill in self.points():
            for i in range(times):
                try:
                    self.check(kill, 0 if i % 2 == 0 else 0.001 * i)
                except AssertionError as error:
                    raise AssertionError("%s, %s: %s" % (
                        self.name, name, error)) from error
                count += 1
        print("# %s: %d packets, %d answers, %d commands; %d kills" % (
            self.name, self.packets, self.answers, self.commands, count),
            flush=True)


class GpgPoint(Point):
    """Around each gpg that looks into the message."""

    def points(self):
        for when in ("before", "during", "after"):
            yield when + " gpg", lambda p, w=when: self.at_gpg(w)

    def at_gpg(self, when):
        path = os.path.join(self.site.folder, "plan")
        with open(path + ".new", "w") as file:
            file.write("%s %d\n" % (when, self.rig.process.pid))
        give(path + ".new")
        os.rename(path + ".new", path)
        return self.send(KillingMTA(self.rig))


def kill_points(site, proxy, times):
    first = site.mail(site.seal(), message_id=FIRST)
    for name, to, before in (("a report", BLIND, ()),
                             ("a reply", "distros" + DOMAIN, (first,))):
        yield name, lambda n=name, t=to, b=before: Point(
            site, proxy, n, t, b).run(times)
    yield "a report that is decrypted", lambda: GpgPoint(
        site, proxy, "gpg", "distros" + DOMAIN).run(3 * times)


# the connection to Redis is cut, the filter lives

def test_cuts(site, proxy):
    """The answer may be 451 or, by a second attempt of ours, accept."""
    point = Point(site, proxy, "a cut", BLIND)
    for number in range(1, point.commands + 1):
        for when in ("before", "after"):
            point.prepare()
            proxy.plan(number, when, proxy.nothing)
            verdict = site.rig.send(point.message, [BLIND]).verdict
            assert verdict in ("accept", "tempfail"), verdict
            assert proxy.has_acted(), (number, when)
            tap.poll(lambda: site.rig.send(
                point.message, [BLIND]).verdict == "accept")
            assert state(site.rig.redis) == point.clean, (number, when)


# under load

class Load:
    """Senders that try again until each of their messages is accepted."""

    def __init__(self, site):
        self.rig, self.key = site.rig, site.keys.subkey(site.keys.list)
        self.ended = threading.Event()
        self.accepted, self.failures, self.tries = [], [], 0

    def sender(self):
        while not self.ended.is_set():
            message_id = new_id()
            message = mail(pgp_mime(pgp.armor(pgp.encrypted(self.key))),
                           message_id=message_id)
            clear = mail(part(b"Readable."))
            while self.verdict(clear, "reject") != "reject":
                continue
            while self.verdict(message, "accept") != "accept":
                continue
            self.accepted.append(message_id)

    def verdict(self, message, wanted):
        try:
            found = attempt(FakeMTA(self.rig.socket), message, BLIND)
        except OSError:
            found = "tempfail"
        self.tries += 1
        if found not in (wanted, "tempfail"):
            self.failures.append(found)
        if found != wanted:
            time.sleep(0.02)
        return found


def random_kills(site, kills):
    rig, load = site.rig, Load(site)
    rig.redis("FLUSHALL")
    senders = [threading.Thread(target=load.sender) for _ in range(SENDERS)]
    for one in senders:
        one.start()
    for _ in range(kills):
        time.sleep(random.random() * 0.08)
        rig.kill()
        rig.start()
    load.ended.set()
    for one in senders:
        one.join()
    assert load.failures == [], load.failures[:9]
    count = len(load.accepted)
    issues = rig.issues("blind")
    assert len(issues) == count and count > kills, (len(issues), count)
    counted = rig.counters("blind")
    assert int(counted["accepted"]) == count, counted
    assert {rig.issue(i, "blind")["messages"] for i in issues} == {"1"}
    print("# %d kills, %d messages in %d attempts: none lost, none twice" % (
        kills, 2 * count, load.tries), flush=True)


def test_nothing_stays_behind(site, proxy):
    site.rig.stop()
    left = [pid for pid in map(int, filter(str.isdigit, os.listdir("/proc")))
            if is_alive(pid) and keeper_of(pid)]
    assert left == [], left


def keeper_of(pid):
    """Is it a keeper, or a job, that lost its filter?"""
    with contextlib.suppress(OSError), open("/proc/%d/stat" % pid) as file:
        head, _, tail = file.read().rpartition(")")
        return head.endswith("(embargo-keeper") and tail.split()[1] == "1"


def install_gpg(site):
    """The script that kills, where gpgme finds it."""
    for name, text in (("gpg", GPG.format(folder=site.folder)), (
            "gpgconf", "#!/bin/sh\n/usr/bin/gpgconf \"$@\" | sed 's|^gpg:"
            "\\([^:]*\\):.*|gpg:\\1:%s/gpg|'\n" % site.folder)):
        path = os.path.join(site.folder, name)
        with open(path, "w") as file:
            file.write(text)
        os.chmod(path, 0o755)
    site.rig.environment["PATH"] = "%s:%s" % (site.folder,
                                              os.environ["PATH"])


def main(times=1, kills=15):
    random.seed(4711)
    with Site() as site, CuttingProxy(site.rig.redis.socket) as proxy:
        site.rig.stop()
        install_gpg(site)
        site.rig.settings["redis"]["address"] = "unix:" + proxy.path
        site.rig.write_conf()
        site.rig.start()
        tests = [*kill_points(site, proxy, int(times)),
                 ("kills at random", lambda: random_kills(site, int(kills))),
                 *tap.collect(globals(), site, proxy)]
        return tap.run(tests)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
