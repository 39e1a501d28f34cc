"""Failover: real redis-sentinels, a master that is killed, the real daemon.

A sender's MTA may meet 451 meanwhile and tries again; a message that was
accepted is in the issues ever after.  redis.replicas = 1 is enough for that
when the master dies.  While a living one is replaced it goes on for a moment,
and then the write must have reached each replica, also the one that is
promoted: with 1 of 2, five of a hundred accepted messages were lost in such a
switch.
"""
import json
import os
import signal
import subprocess
import sys
import threading
import time

import redis_group
import tap
from milter_rig import BUILD, Rig, conf_text
from processes import freeze
from redis_group import RedisGroup

SENDERS = 4
MAILS = 12                      # of each sender
BASE = "embargo:{distros}:"


class Site:
    """A group of Redis servers and a daemon that knows its sentinels only."""

    def __init__(self):
        self.group = RedisGroup()
        self.rig = None
        self.accepted = {}      # message -> issue
        try:
            self.rig = Rig(start=False)
            self.rig.settings["redis"] = {
                "sentinels": self.group.addresses(),
                "master": redis_group.NAME,
                "password_file": self.secret("redis", redis_group.PASSWORD),
                "sentinel_password_file": self.secret(
                    "sentinel", redis_group.SENTINEL_PASSWORD),
                "timeout": "1s", "replicas": 1}
            self.rig.write_conf()
            self.rig.start()
        except BaseException:
            self.close()
            raise

    def secret(self, name, password):
        path = os.path.join(self.rig.folder, name + ".secret")
        with open(path, "w") as file:
            file.write(password + "\n")
        return path

    def send(self, message):
        """As an MTA: try until it is accepted.  How often it had to wait."""
        waits, until = 0, time.monotonic() + 30
        while True:
            answer = self.rig.send(message)
            if answer.verdict == "accept":
                issue = answer.tags["X-Embargo-Issue"]
                assert self.accepted.setdefault(message, issue) == issue
                return waits
            assert answer.code == 451, answer
            assert time.monotonic() < until, self.rig.log()[-1000:]
            waits += 1
            time.sleep(0.1)

    def counter(self, name):
        return int(self.group.master()(
            "HGET", BASE + "counters", name) or 0)

    def check(self):
        """All that was accepted is there, once, and nothing else."""
        count, retried = len(self.accepted), self.counter("retried")
        assert self.counter("accepted") == count, "%d of %d are known" % (
            self.counter("accepted"), count)
        for message in list(self.accepted):
            self.send(message)  # the same answer as before
        assert self.counter("accepted") == count
        assert self.counter("retried") >= retried + count
        assert self.group.master()("ZCARD", BASE + "issues") == \
            len(set(self.accepted.values())) == count

    def close(self):
        try:
            if self.rig is not None:
                self.rig.close()
        finally:
            self.group.close()


def check_conf(rig, redis, words):
    """The configuration is refused with exit code 78 and these words."""
    path = os.path.join(rig.folder, "other.conf")
    with open(path, "w") as file:
        file.write(conf_text(dict(rig.settings, redis=redis)))
    done = subprocess.run([os.path.join(BUILD, "embargo-milter"), "-n", "-c",
                           path], capture_output=True, text=True, timeout=20)
    assert done.returncode == (78 if words else 0), done
    assert words in done.stderr, done.stderr
    assert not words or ": redis" in done.stderr or ".conf:" in done.stderr


def test_configuration(site):
    rig, one = site.rig, ["127.0.0.1:26379"]
    check_conf(rig, {"sentinels": one, "master": "x"}, "")
    check_conf(rig, {"sentinels": ["[::1]:1", "tcp:h:2", "unix:/s"],
                     "master": "x"}, "")
    check_conf(rig, {"sentinels": []}, "")
    for redis, words in [
            ({"sentinels": one}, "master: missing"),
            ({"master": "x"}, "needs sentinels"),
            ({"sentinel_password_file": "/x"}, "needs sentinels"),
            ({"sentinels": one, "master": "x", "sentinel_username": "y"},
             "needs sentinel_password_file"),
            ({"username": "y"}, "needs password_file"),
            ({"sentinels": one, "master": "x", "address": "tcp:h:1"},
             "not together with sentinels"),
            ({"sentinels": ["host"], "master": "x"}, '"host:port"'),
            ({"sentinels": ["tls:host:1"], "master": "x"}, "no TLS"),
            ({"sentinels": [1], "master": "x"}, '"host:port"'),
            ({"address": "tls:host:1"}, "no TLS"),
            ({"address": "rediss://host"}, "no TLS"),
            ({"address": "host:1"}, '"tcp:host:port"'),
            ({"tls": True}, "no TLS"),
            ({"tls_ca_file": "/x"}, "no TLS"),
            ({"sentinels": one, "master": "x",
              "sentinel_password_file": "/nonexistent"},
             "sentinel_password_file /nonexistent cannot be read")]:
        check_conf(rig, redis, words)


def test_the_master_is_found(site):
    site.send(site.rig.good_mail())
    assert site.counter("accepted") == 1
    done = subprocess.run([os.path.join(BUILD, "embargoctl"), "-c",
                           site.rig.path, "list", "--json"],
                          capture_output=True, text=True, timeout=20)
    assert [i["id"] for i in json.loads(done.stdout)] == \
        list(site.accepted.values()), done


def test_too_few_replicas(site):
    replicas, mail = site.group.replicas(), site.rig.good_mail()
    at = site.rig.log_size()
    try:
        for one in replicas:
            freeze(one.process.pid)
        for _ in range(2):
            assert site.rig.send(mail).code == 451
        assert "0 of 1 replicas" in site.rig.log(at), site.rig.log(at)
    finally:
        for one in replicas:
            one.process.send_signal(signal.SIGCONT)
    site.send(mail)
    site.check()


def start_senders(site, count):
    """Threads that send so many mails each; they append how often each had
    to wait."""
    mails = [site.rig.good_mail() for _ in range(SENDERS * count)]
    waits = []

    def send_all(mine):
        for mail in mine:
            waits.append(site.send(mail))
            time.sleep(0.03)
    senders = [threading.Thread(target=send_all, args=(mails[i::SENDERS],))
               for i in range(SENDERS)]
    for one in senders:
        one.start()
    tap.poll(lambda: len(waits) > SENDERS)
    return senders, waits


def finish(senders, waits, count):
    for one in senders:
        one.join()
    assert len(waits) == SENDERS * count, "a sender gave up"
    return sum(w > 0 for w in waits)


def test_a_switch_on_demand(site):
    site.rig.reload(redis=dict(site.rig.settings["redis"], replicas=2))
    try:
        senders, waits = start_senders(site, MAILS)
        old = site.group.master()
        site.group.switch()
        new = site.group.wait_for_failover(old)
        # so do the sentinels, but not before eight seconds are over
        old("REPLICAOF", "127.0.0.1", new.port)
        waited = finish(senders, waits, MAILS)
        site.group.wait_until_whole()
        site.check()
    finally:
        site.rig.reload(redis=dict(site.rig.settings["redis"], replicas=1))
    print("# %d messages had to wait" % waited)


def test_the_master_and_a_sentinel_are_killed(site):
    at = site.rig.log_size()
    senders, waits = start_senders(site, MAILS)
    old = site.group.master()
    site.group.sentinels.pop(0).__exit__()
    old.kill()
    waited = finish(senders, waits, MAILS)
    assert waited > 0, "nobody noticed"
    assert "later reason=later" in site.rig.log(at)
    assert site.group.wait_for_failover(old) is not old
    site.check()
    print("# %d messages had to wait" % waited)


def test_the_old_master_comes_back_empty(site):
    old = next(s for s in site.group.servers if s.client is None)
    old.start()                 # and believes that it is a master
    assert old.role() == "master" and old("DBSIZE") == 0
    for _ in range(10):
        site.send(site.rig.good_mail())
    site.rig.restart()          # who knows nothing of before finds the right
    site.send(site.rig.good_mail())
    site.check()
    assert old.role() != "master" or old("DBSIZE") == 0


def main():
    site = Site()
    try:
        return tap.run(tap.collect(globals(), site))
    finally:
        site.close()


if __name__ == "__main__":
    sys.exit(main())
