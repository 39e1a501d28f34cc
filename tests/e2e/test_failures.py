"""When something fails: each row of the matrix, on a real Postfix.

Whatever is broken, encrypted reports meet 451 or are accepted, clear text is
refused, other mail passes; and when it is mended, each report that was sent is
delivered once and tracked once.
"""
import contextlib
import os
import signal
import subprocess
import sys
import time

import redis_group
import redis_trouble
import tap
from account import IDENTITY
from fake_gpg import FakeGpg
from guarded_site import LIST, GuardedSite, end_on_signals
from ledger import Ledger
from private_postfix import wait_for
from private_redis import RedisError
from processes import descendants, freeze, is_instrumented, rss
from redis_group import RedisGroup

BUILDDIR = os.environ.get("top_builddir", ".")
MAILS = 3
PATIENCE = 9        # of three mails, with time-outs of two seconds
WAIT = 'timeout = "2s";'


def suffer(site, trouble, codes=(451,), other_code=250, fresh=True):
    """Some mails before, during and after; then the account."""
    if fresh:
        site.reset()
    ledger = Ledger(site)
    assert ledger.offer() == [250]
    with trouble:
        began = time.monotonic()
        for code in ledger.offer(MAILS):
            assert code in codes, code
        took = time.monotonic() - began
        assert took < PATIENCE, "%.1f s" % took
        ledger.check_others(other_code)
    site.heal()
    ledger.settle()
    ledger.offer()
    ledger.settle()
    ledger.check()


# Redis

REDIS_ROWS = {name: trouble for name, trouble in redis_trouble.TROUBLES
              if name in ("stopped", "frozen", "loading", "out of memory",
                          "a read-only replica", "short of replicas",
                          "with another password", "dripping",
                          "hanging up at once", "answering MISCONF")}


def redis_tests(site):
    assert len(REDIS_ROWS) == 10
    return [("Redis " + name, lambda t=trouble: suffer(site, t(site.redis)))
            for name, trouble in REDIS_ROWS.items()]


class SentinelSite(GuardedSite):
    """Its Redis is a group with sentinels; a message waits for a replica.

    Sentinels as impatient as these make a busy machine's second master give
    way to the first one, which has just come back from its crash: it must have
    kept all that it had.
    """

    def __init__(self):
        self.group = RedisGroup(replicas=1, options=(
            "--appendonly", "yes", "--appendfsync", "always"))
        try:
            super().__init__(BUILDDIR)
        except BaseException:
            self.group.close()
            raise

    def redis_keys(self):
        path = os.path.join(self.folder, "secret")
        with open(path, "w") as file:
            file.write(redis_group.PASSWORD + "\n")
        with open(path + "2", "w") as file:
            file.write(redis_group.SENTINEL_PASSWORD + "\n")
        return 'sentinels = [ %s ]; master = "%s"; password_file = "%s"; ' \
            'sentinel_password_file = "%s2"; replicas = 1;' % (", ".join(
                '"%s"' % a for a in self.group.addresses()),
                redis_group.NAME, path, path)

    def redis_hash(self, key):
        return self.group.master().hash(key)

    def close(self):
        try:
            super().close()
        finally:
            self.group.close()


def test_failover():
    """With one replica of two servers left there is nobody to wait for: the
    old master comes back as a replica, and only then mail is accepted."""
    with SentinelSite() as site:
        group, ledger = site.group, Ledger(site)
        assert ledger.offer(2) == [250, 250]
        old = group.master()
        old.kill()
        for code in ledger.offer(MAILS):
            assert code == 451, code
        ledger.check_others()
        group.wait_for_failover(old)
        old.start()
        group.wait_until_whole(30)
        ledger.settle(60)
        ledger.check()


# gpg: a list that decrypts

def gpg_trouble(gpg, mode):
    @contextlib.contextmanager
    def trouble():
        gpg.set(mode)
        try:
            yield
        finally:
            gpg.set("real")
    return trouble()


GPG_MODES = ("missing", "hang", "exit", "fail", "kill", "garbage")


def gpg_tests(site, gpg):
    return [("gpg: " + mode, lambda m=mode: suffer(
        site, gpg_trouble(gpg, m))) for mode in GPG_MODES]


def agent_of(site):
    """The pid of the filter's gpg-agent, or 0."""
    done = subprocess.run(
        ["gpg-connect-agent", "--homedir", site.home, "--no-autostart",
         "getinfo pid", "/bye"], capture_output=True, text=True, timeout=20,
        **IDENTITY)
    return int(done.stdout.split()[1]) if done.stdout[:2] == "D " else 0


@contextlib.contextmanager
def frozen_agent(site):
    pid = agent_of(site)
    assert pid, "no agent"
    freeze(pid)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


def test_agent_frozen(site):
    suffer(site, frozen_agent(site))


def test_agent_killed(site):
    """gpg starts another one: nothing is to be seen."""
    site.reset()
    ledger = Ledger(site)
    ledger.offer()
    for _ in range(4):
        os.kill(agent_of(site), signal.SIGKILL)
        ledger.offer()
    ledger.settle()
    ledger.check()


def test_no_gpg_stays_behind(site, gpg):
    wait_for(lambda: gpg.living() == [], about="the end of all gpgs")
    found = descendants(site.filter.pid)
    assert len(found) == 1, found       # the keeper


# the host

@contextlib.contextmanager
def small_disk(site):
    """Redis's folder and gpg's home on one megabyte."""
    def run(*command):
        subprocess.run(command, check=True, capture_output=True)
    run("gpgconf", "--homedir", site.home, "--kill", "all")
    site.redis.kill()
    run("mount", "-t", "tmpfs", "-o", "size=1M,mode=755", "tmpfs",
        site.redis.folder)
    try:
        home = os.path.join(site.redis.folder, "gnupg")
        run("cp", "-a", site.home, home)
        run("mount", "--bind", home, site.home)
        site.redis.start()
        site.redis("CONFIG", "SET", "appendfsync", "everysec")
        yield
    finally:
        if site.redis.client is not None:
            site.redis.kill()
        run("gpgconf", "--homedir", site.home, "--kill", "all")
        run("umount", "-l", site.home)
        run("umount", "-l", site.redis.folder)
        site.redis.start()


def fill(folder):
    """Not a byte is left."""
    for size in (4096, 1):
        with contextlib.suppress(OSError), open(os.path.join(
                folder, "filler%d" % size), "wb", 0) as file:
            while True:
                file.write(bytes(size))


@contextlib.contextmanager
def full_disk(site):
    fill(site.redis.folder)
    wait_for(lambda: "MISCONF" in write(site.redis), about="MISCONF")
    try:
        yield
    finally:
        for size in (4096, 1):
            os.unlink(os.path.join(site.redis.folder, "filler%d" % size))
        wait_for(lambda: write(site.redis) == "OK", about="Redis")


def write(redis):
    """What it answers."""
    try:
        return redis("SET", "probe", "x" * 10000)
    except RedisError as error:
        return str(error)


def test_disk_full(site):
    with small_disk(site):
        suffer(site, full_disk(site))


@contextlib.contextmanager
def limited(site, name, value):
    """The soft limit of the running filter.  Root may not, its user may."""
    def prlimit(*words):
        return subprocess.run(
            ["prlimit", "--pid", str(site.filter.pid), *words], check=True,
            capture_output=True, text=True, **IDENTITY).stdout.strip()
    before = prlimit("--raw", "--noheadings", "--output=SOFT", "--" + name)
    prlimit("--%s=%s:" % (name, value))
    try:
        yield
    finally:
        if site.filter.poll() is None:
            prlimit("--%s=%s:" % (name, before))


def test_descriptors_short(site):
    """Enough for the connection, none for a pipe to gpg or to Redis."""
    site.reset()
    site.stop_filter()
    site.start_filter()
    count = len(os.listdir("/proc/%d/fd" % site.filter.pid))
    site.postfix.postconf(milter_command_timeout="3s")
    try:
        suffer(site, limited(site, "nofile", count + 1),
               fresh=False)
    finally:
        site.postfix.postconf(milter_command_timeout="30s")


def test_memory_short(site):
    """Who gets none ends, and the MTA defers: never an unexamined pass."""
    site.reset()
    ledger = Ledger(site)
    ledger.offer()
    size = rss(site.filter.pid, "VmData") * 1024
    big = site.reporter.clear_mail(LIST, text="This is readable.\n" * 450000)
    with limited(site, "data", size + (1 << 20)):
        seen = [site.send(big)[0] for _ in range(2)]
        assert set(seen) <= {451, 550} and 451 in seen, seen
        ledger.offer(MAILS)
    assert site.filter.poll() is not None, "it found enough"
    site.heal()
    ledger.settle()
    ledger.check()


@contextlib.contextmanager
def without_filter(site):
    site.kill_filter()
    yield


def test_filter_killed(site):
    suffer(site, without_filter(site), other_code=451)


def test_warnd_killed(site):
    """Again and again: each alert once, and mail goes its way."""
    site.reset()
    ledger = Ledger(site)
    soon = "Embargo-Until: %s\n" % time.strftime(
        "%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 3600))
    for _ in range(8):
        ledger.send(ledger.report(more=soon))
        site.start_warnd()
        time.sleep(0.05)
        site.warnd.kill()
        site.warnd.wait()
    site.warn()
    ledger.check()
    told = [(one["issue"], one["kind"]) for one in site.alerts()]
    assert len(told) == len(set(told)), told
    assert sum(kind == "approaching" for _, kind in told) == 8, told


BLIND = {test_warnd_killed}


def bind(test, blind, sighted, gpg):
    """With as many arguments as it takes."""
    site = blind if test in BLIND else sighted
    arguments = (site, gpg)[:test.__code__.co_argcount]
    return test.__name__[5:].replace("_", " "), lambda: test(*arguments)


def main(word=""):
    """All tests, or those with a word in their names."""
    end_on_signals()
    with FakeGpg() as gpg, GuardedSite(
            BUILDDIR, keeps=True) as blind, GuardedSite(
            BUILDDIR, keeps=True, more="decrypt = true;", gnupg=WAIT,
            has_secret=True, environment=gpg.environment) as sighted:
        tests = redis_tests(blind) + gpg_tests(sighted, gpg)
        tests += [bind(test, blind, sighted, gpg)
                  for name, test in globals().items()
                  if name.startswith("test_")]
        if is_instrumented(os.path.join(BUILDDIR, "embargo-milter")):
            # a sanitizer wants memory of its own, and reports that it got none
            tests = [one for one in tests if one[0] != "memory short"]
        return tap.run([one for one in tests if word in one[0]])


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))
