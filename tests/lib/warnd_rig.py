"""embargo-warnd with a Redis and a sendmail of its own, and gpg where wanted.

    with WarndRig(keys=keys, encrypt_to=[keys.member]) as rig:
        rig.alert("moved", "VS-2027-0001")
        rig.once()
        rig.sendmail.mails()

The tests make time pass by changing since when an entry is being mailed.
"""
import os
import shutil
import signal
import subprocess
import tempfile
import time

from account import SETTING, give
from fake_sendmail import FakeSendmail
from milter_rig import BUILD, LIST, conf_text
from private_redis import PrivateRedis, RedisError

WARND = os.path.join(os.path.abspath(BUILD), "embargo-warnd")
KEY = "0123456789ABCDEF0123456789ABCDEF01234567"
OPERATORS = ["ops@example.org"]
FROM = "embargo@vs.example.org"
BASE = "embargo:{distros}:"
MINUTE, HOUR, DAY = 60, 3600, 86400


class WarndRig:
    """keys: shared Keys, or None for a home without any."""

    def __init__(self, keys=None, environment=None, lists=None, **alerts):
        self.folder = tempfile.mkdtemp(prefix="warnd-", dir="/tmp")
        give(self.folder)
        self.running = []
        self.sendmail = FakeSendmail()
        self.environment = dict(os.environ, **(environment or {}))
        self.path = os.path.join(self.folder, "conf")
        self.redis = PrivateRedis()
        home = keys.public if keys else os.path.join(self.folder, "none")
        self.settings = {
            "log": "stderr", **SETTING,
            "redis": {"address": "unix:" + self.redis.socket,
                      "timeout": "2s"},
            "gnupg": {"home": home, "timeout": "5s"},
            "lists": lists or [
                {"name": "distros", "address": [LIST],
                 "key": [keys.list if keys else KEY]}],
            "alerts": {"mail_to": OPERATORS, "sendmail": self.sendmail.path,
                       **alerts}}
        self.write_conf()

    def write_conf(self):
        with open(self.path, "w") as file:
            file.write(conf_text(self.settings))

    # the program

    def command(self, *options):
        return [WARND, "-c", self.path, *options]

    def once(self, code=0, wrapper=()):
        """One pass; what it logged."""
        done = subprocess.run([*wrapper, *self.command("--once")],
                              capture_output=True, text=True, timeout=60,
                              env=self.environment)
        assert done.returncode == code, (done.returncode, done.stderr)
        return done.stderr

    def start(self, *options):
        with open(os.path.join(self.folder, "log"), "ab") as log:
            process = subprocess.Popen(
                self.command(*(options or ("-F",))),
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                stderr=log, env=self.environment)
        self.running.append(process)
        return process

    def log(self):
        with open(os.path.join(self.folder, "log")) as file:
            return file.read()

    def kill(self, process):
        process.kill()
        process.wait()
        self.running.remove(process)

    def stop(self, process):
        process.send_signal(signal.SIGTERM)
        code = process.wait(20)
        self.running.remove(process)
        assert code == 0, code

    # what is in Redis

    def alert(self, kind, issue="", text="Do something.", at=None, **more):
        """An entry as the scripts write it; its id."""
        fields = {"kind": kind, "issue": issue, "at": at or int(time.time()),
                  "due_at": 0, "state": "embargoed" if issue else "",
                  "text": text, **more}
        return self.redis("XADD", BASE + "alerts", "*",
                          *(x for pair in fields.items() for x in pair))

    def issue(self, number, due, looked=0, **more):
        """An issue as the filter would leave it, settled but for its date."""
        now = int(time.time())
        issue = "VS-2027-%04d" % number
        fields = {"id": issue, "state": "embargoed", "opened_at":
                  now - 5 * DAY, "list": "distros", "messages": 1,
                  "revision": 1, "due_at": due, "looked_at": looked,
                  "url": "https://x.test", "ack:quiet": 1,
                  "ack:no-progress": 1, "ack:no-date": 1, **more}
        self.redis("SET", BASE + "schema", 2)
        self.redis("HSET", BASE + "issue:" + issue,
                   *(x for pair in fields.items() for x in pair))
        self.redis("ZADD", BASE + "issues", now - 5 * DAY, issue)
        self.redis("ZADD", BASE + "due", due or "+inf", issue)
        self.redis("ZADD", BASE + "warn", now - 5 * DAY, issue)
        return issue

    def alerts(self):
        return self.redis.stream(BASE + "alerts")

    def kinds(self):
        return [alert["kind"] for alert in self.alerts()]

    def pending(self, stream="alerts"):
        """Ids of entries that somebody has taken and not mailed."""
        try:
            return [one[0] for one in self.redis(
                "XPENDING", BASE + stream, "mail", "-", "+", 10000)]
        except RedisError as error:     # nobody took any yet
            assert str(error).startswith("NOGROUP"), error
            return []

    def let_pass(self, seconds, stream="alerts"):
        """Let so much time pass for what is being mailed."""
        ids = self.pending(stream)
        if ids:
            self.redis("XCLAIM", BASE + stream, "mail", "test", 0, *ids,
                       "IDLE", seconds * 1000, "JUSTID")

    # the end

    def close(self):
        for process in list(self.running):
            self.kill(process)
        self.redis.__exit__()
        self.sendmail.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
