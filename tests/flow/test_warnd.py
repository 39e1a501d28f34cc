"""embargo-warnd against a redis-server: each alert once, whatever happens."""
import json
import os
import signal
import subprocess
import sys
import tempfile
import time

from account import SETTING, give
from milter_rig import conf_text
from private_redis import Client, PrivateRedis
from shift_clock import at_time

WARND = os.path.join(os.environ.get("top_builddir", "."), "embargo-warnd")
BASE = "embargo:{distros}:"
# these tests are about the embargo date: the other families keep quiet
SETTLED = ("url", "https://x.test", "ack:quiet", 1, "ack:no-progress", 1,
           "ack:no-date", 1)
HOUR, DAY = 3600, 86400
CONF = '''
log = "stderr";
redis: {{ address = "unix:{socket}"; timeout = "2s"; }};
gnupg: {{ home = "/nonexistent/gnupg"; timeout = "1s"; }};
lists = ( {{ name = "distros"; address = [ "distros@vs.example.org" ];
    key = [ "0123456789ABCDEF0123456789ABCDEF01234567" ]; }} );
alerts: {{ before = [ "7d", "3d", "1d", "2h" ]; repeat = "1d"; }};
'''


class Rig:
    def __init__(self):
        self.redis = PrivateRedis()
        self.folder = tempfile.TemporaryDirectory(prefix="warnd-")
        give(self.folder.name)
        self.conf = os.path.join(self.folder.name, "conf")
        self.write_conf()

    def write_conf(self, text=None):
        with open(self.conf, "w") as file:
            file.write(conf_text(SETTING) + (
                text or CONF.format(socket=self.redis.socket)))

    def command(self, *options):
        return [WARND, "-c", self.conf, *options]

    def once(self, *wrapper):
        done = subprocess.run([*wrapper, *self.command("--once")],
                              capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, (done.returncode, done.stderr)
        return done

    def start(self, *options):
        return subprocess.Popen(self.command(*options),
                                stdin=subprocess.DEVNULL,
                                stdout=subprocess.DEVNULL,
                                stderr=subprocess.PIPE, text=True)

    def add(self, number, due, state="embargoed", looked=0, opened=None):
        """An issue as the filter would leave it; due 0: no date."""
        now = int(time.time())
        issue = "VS-2027-%04d" % number
        opened = opened or now - 5 * DAY
        self.redis("SET", BASE + "schema", 2)
        self.redis("HSET", BASE + "issue:" + issue, "id", issue, "state",
                   state, "opened_at", opened, "list", "distros",
                   "messages", 1, "revision", 1, "due_at", due,
                   "looked_at", looked, *SETTLED)
        self.redis("ZADD", BASE + "issues", opened, issue)
        if state in ("embargoed", "semi-public"):
            self.redis("ZADD", BASE + "due", due or "+inf", issue)
            self.redis("ZADD", BASE + "warn", opened, issue)
        return issue

    def alerts(self):
        return self.redis.stream(BASE + "alerts")

    def kinds(self):
        return [(a["issue"][-4:].lstrip("0"), a["kind"])
                for a in self.alerts()]

    def close(self):
        self.redis.__exit__()
        self.folder.cleanup()


def test_each_kind(rig):
    """At eight in the morning: "today" has its moment at midnight."""
    now = int(time.time()) // DAY * DAY + 8 * HOUR
    rig.add(1, now + 90 * 60)
    rig.add(2, now - 60, looked=now - HOUR)
    rig.add(3, now - 30 * HOUR, looked=now - 29 * HOUR)
    rig.add(4, now + 20 * DAY)
    rig.add(5, now - DAY, state="public")
    rig.add(6, 0)
    rig.add(7, now + 60, state="semi-public", looked=now - HOUR)
    rig.add(8, now + 30, state="semi-public", looked=now - 3 * HOUR)
    rig.once(*at_time(now))
    assert sorted(rig.kinds()) == [
        ("1", "approaching"), ("2", "reached"), ("3", "overdue"),
        ("8", "approaching")], rig.kinds()
    alert = next(a for a in rig.alerts() if a["kind"] == "reached")
    assert sorted(alert) == ["at", "due_at", "issue", "kind", "state",
                             "text"], alert
    assert alert["due_at"] == str(now - 60)
    assert abs(int(alert["at"]) - now) < 10
    assert alert["state"] == "embargoed"
    assert "embargoctl public" in alert["text"]
    log = rig.redis.stream(BASE + "log:VS-2027-0002")
    assert [(e["what"], e["text"]) for e in log] == [("alert", "reached")]
    rig.once(*at_time(now))
    assert len(rig.kinds()) == 4, rig.kinds()
    # when it looks next
    score = rig.redis("ZSCORE", BASE + "warn", "VS-2027-0001")
    midnight = now - now % DAY + DAY
    assert int(score) == min(now + 90 * 60, midnight), score
    score = rig.redis("ZSCORE", BASE + "warn", "VS-2027-0002")
    assert int(score) == now - 60 + DAY, score
    assert rig.redis("ZSCORE", BASE + "warn", "VS-2027-0006") is None
    passed = int(rig.redis("HGET", BASE + "counters", "last_pass_at"))
    assert abs(passed - now) < 10


def test_life(rig):
    """A whole embargo by the calendar, a pass every six hours."""
    due = 1800000000
    rig.add(1, due, opened=due - 14 * DAY)
    for hours in range(-14 * 24, 3 * 24, 6):
        rig.once(*at_time(due + hours * HOUR + 1))
    kinds = [kind for _, kind in rig.kinds()]
    # two hours before falls between two passes: the date itself is stronger
    assert kinds == ["approaching"] * 3 + ["today", "reached"] + \
        ["overdue"] * 2, kinds
    hours = [(int(a["at"]) - due) // HOUR for a in rig.alerts()]
    assert hours == [-168, -72, -24, -6, 0, 24, 48], hours


def test_published(rig):
    now = int(time.time())
    rig.add(1, now - 60, looked=now - HOUR)
    listener = Client(rig.redis.socket)
    listener("SUBSCRIBE", BASE + "alerts")
    rig.once()
    kind, channel, text = listener.read()
    listener.close()
    assert (kind, channel) == ("message", BASE + "alerts")
    alert = rig.alerts()[0]
    alert["at"], alert["due_at"] = int(alert["at"]), int(alert["due_at"])
    assert json.loads(text) == alert, text


def expect_each_once(rig, count):
    kinds = rig.kinds()
    assert len(kinds) == len(set(kinds)), "an alert came twice"
    assert len(kinds) == count, (len(kinds), count)


def fill(rig, count):
    now = int(time.time())
    for number in range(1, count + 1):
        rig.add(number, now - 60, looked=now - HOUR)


def test_several_at_once(rig):
    fill(rig, 400)
    running = [rig.start("--once") for _ in range(5)]
    for process in running:
        _, errors = process.communicate(timeout=60)
        assert process.returncode == 0, errors
    expect_each_once(rig, 400)


def test_killed_again_and_again(rig):
    fill(rig, 1000)
    kills = 0
    for delay in range(60):
        process = rig.start("--once")
        time.sleep(0.002 + delay * 0.001)
        kills += process.poll() is None
        process.kill()
        process.communicate()
    assert kills > 5, "nothing was killed in flight"
    rig.once()
    expect_each_once(rig, 1000)


def test_changed_meanwhile(rig):
    """An operator moved the date after it had been looked at."""
    now = int(time.time())
    issue = rig.add(1, now - 60, looked=now - HOUR)
    rig.redis("HSET", BASE + "issue:" + issue, "due_at", now + 30 * DAY,
              "looked_at", 0)
    rig.redis("HINCRBY", BASE + "issue:" + issue, "revision", 1)
    rig.once()
    assert rig.kinds() == [], rig.kinds()
    score = int(rig.redis("ZSCORE", BASE + "warn", issue))
    assert score == now + 30 * DAY - 7 * DAY, score


def test_gone_issue(rig):
    now = int(time.time())
    rig.redis("ZADD", BASE + "warn", now - 60, "VS-2027-0099")
    rig.add(1, now - 60, looked=now - HOUR)
    rig.once()
    rig.once()
    assert rig.kinds() == [("99", "needs-human"), ("1", "reached")]
    assert rig.redis("ZSCORE", BASE + "warn", "VS-2027-0099") is None


def code_of(*command):
    return subprocess.run(command, capture_output=True, text=True,
                          timeout=60).returncode


def test_exit_codes(rig):
    assert code_of(WARND, "--help") == 0
    assert code_of(WARND, "--version") == 0
    assert code_of(WARND, "--nonsense") == 64
    assert code_of(WARND, "surplus") == 64
    assert code_of(*rig.command("-n")) == 0
    assert code_of(WARND, "-c", "/nonexistent", "--once") == 78
    rig.redis("SET", BASE + "schema", "99")
    assert code_of(*rig.command("--once")) == 69
    rig.redis.kill()
    assert code_of(*rig.command("--once")) == 69
    assert code_of(*rig.command("-n")) == 0
    rig.write_conf("nonsense = 1;")
    assert code_of(*rig.command("-n")) == 78
    assert code_of(*rig.command("--once")) == 78


def wait_for(what, seconds=20):
    until = time.time() + seconds
    while time.time() < until:
        if what():
            return
        time.sleep(0.05)
    raise AssertionError("waited in vain")


def test_daemon(rig):
    """Redis comes late, dies and returns; SIGUSR1; SIGTERM."""
    rig.redis.kill()
    process = rig.start("-F")
    try:
        time.sleep(0.3)
        assert process.poll() is None, "it must wait for Redis"
        rig.redis.start()
        now = int(time.time())
        rig.add(1, now + 4, looked=now)
        wait_for(lambda: rig.kinds() == [("1", "reached")])
        rig.redis.kill()
        rig.write_conf("nonsense = 1;")
        process.send_signal(signal.SIGUSR1)
        time.sleep(0.3)
        assert process.poll() is None, "a broken file must not end it"
        rig.redis.start()
        rig.add(2, now - 60, looked=now - HOUR)
        process.send_signal(signal.SIGUSR1)
        wait_for(lambda: rig.kinds() == [("2", "reached")])
        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=10)
        assert process.returncode == 0, errors
        assert "old configuration" in errors, errors
    finally:
        process.kill()
        process.communicate()


def main():
    tests = [(name, test) for name, test in sorted(globals().items())
             if name.startswith("test_")]
    print("1..%d" % len(tests))
    failed = False
    for number, (name, test) in enumerate(tests, 1):
        rig = Rig()
        try:
            test(rig)
            print("ok %d - %s" % (number, name))
        except Exception as error:
            failed = True
            print("not ok %d - %s" % (number, name))
            print("# %s: %s" % (type(error).__name__,
                                str(error).replace("\n", " ")))
        finally:
            rig.close()
        sys.stdout.flush()
    return failed


if __name__ == "__main__":
    sys.exit(main())
