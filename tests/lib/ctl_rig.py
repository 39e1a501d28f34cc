"""embargoctl with a Redis of its own and made-up issues.

    with CtlRig() as rig:
        rig.issue("VS-2027-0001", due=3 * DAY)
        rig.issue("VS-2026-0009", state="public", opened=-20 * DAY, ...)
        rig.ok("list"), rig.json("list"), rig("show", "x").returncode

Times are seconds from now, or None for none.
"""
import json
import os
import shutil
import subprocess
import tempfile
import time

from milter_rig import BUILD, LIST, conf_text
from private_redis import PrivateRedis

CTL = os.path.join(os.path.abspath(BUILD), "embargoctl")
KEY = "0123456789ABCDEF0123456789ABCDEF01234567"
BASE = "embargo:{distros}:"
MINUTE, HOUR, DAY = 60, 3600, 86400
# What a shell of somebody's may have set must not matter.
ENVIRONMENT = {**{k: v for k, v in os.environ.items() if k not in (
    "NO_COLOR", "COLUMNS", "LANG", "LC_CTYPE", "TERM")}, "LC_ALL": "C.UTF-8"}


class CtlRig:
    """lists: dictionaries, each what differs from the list "distros"."""

    def __init__(self, lists=({},), **alerts):
        self.folder = tempfile.mkdtemp(prefix="ctl-", dir="/tmp")
        self.path = os.path.join(self.folder, "conf")
        self.redis = PrivateRedis()
        self.now = int(time.time())
        self.pipeline = []
        self.settings = {
            "log": "stderr",
            "redis": {"address": "unix:" + self.redis.socket,
                      "timeout": "2s"},
            "lists": [{"name": "distros", "address": [LIST], "key": [KEY],
                       **one} for one in lists],
            "alerts": alerts or {"repeat": "1d"}}
        self.write_conf()

    def write_conf(self):
        with open(self.path, "w") as file:
            file.write(conf_text(self.settings))

    # the program

    def command(self, *words):
        return [CTL, "-c", self.path, *words]

    def __call__(self, *words, **environment):
        """A run in a pipe."""
        return subprocess.run(
            self.command(*words), stdin=subprocess.DEVNULL,
            capture_output=True, text=True, timeout=120,
            env={**ENVIRONMENT, **environment})

    def ok(self, *words, **environment):
        """Its output; it must end with 0 and nothing on standard error."""
        done = self(*words, **environment)
        assert (done.returncode, done.stderr) == (0, ""), (words, done)
        return done.stdout

    def raw(self, *words):
        """Its output with the line ends that it has."""
        return subprocess.run(
            self.command(*words), stdin=subprocess.DEVNULL, check=True,
            stdout=subprocess.PIPE, timeout=120,
            env=ENVIRONMENT).stdout.decode()

    def json(self, *words):
        return json.loads(self.ok(*words, "--json"))

    def fails(self, code, *words):
        """One clear line, nothing on standard output, this exit code."""
        done = self(*words)
        assert done.returncode == code, (words, done)
        assert done.stdout == "", (words, done)
        assert done.stderr.count("\n") == 1, (words, done)
        return done.stderr

    # what is in Redis

    def at(self, seconds):
        return 0 if seconds is None else self.now + seconds

    def issue(self, name, due=None, state="embargoed", opened=-5 * DAY,
              public=None, answered=None, exploit=None, base=BASE, log=(),
              **more):
        """exploit: "" for announced without a date; log: (what, text, by)."""
        is_open = state in ("embargoed", "semi-public")
        fields = {"id": name, "state": state, "opened_at": self.at(opened),
                  "due_at": self.at(due), "list": "distros", "messages": 3,
                  "revision": 4, "last_at": self.at(opened), **more}
        if public is not None:
            fields["public_at"] = self.at(public)
        if answered is not None:
            fields["answered_at"] = self.at(answered)
        if exploit is not None:
            fields["exploit_at"] = 0 if exploit == "" else self.at(exploit)
        self.do("SET", base + "schema", 1)
        self.do("HSET", base + "issue:" + name,
                *(x for pair in fields.items() for x in pair))
        self.do("ZADD", base + "issues", fields["opened_at"], name)
        if is_open:
            self.do("ZADD", base + "due", fields["due_at"] or "+inf", name)
        for what, text, by in log:
            self.do("XADD", base + "log:" + name, "*", "at",
                    fields["opened_at"], "what", what, "by", by, "text", text)
        return name

    def do(self, *words):
        """A command, its answer read by flush(): thousands are quick so."""
        self.redis.client.send(*words)
        self.pipeline.append(words)
        if len(self.pipeline) >= 200:
            self.flush()

    def flush(self):
        for _ in self.pipeline:
            self.redis.client.read()
        self.pipeline = []

    def alert(self, kind, issue="", text="Do something.", base=BASE):
        """An entry as the scripts write it."""
        self.flush()
        return self.redis(
            "XADD", base + "alerts", "*", "kind", kind, "issue", issue, "at",
            int(time.time()), "due_at", 0, "state", "embargoed", "text", text)

    # the end

    def close(self):
        self.flush()
        self.redis.__exit__()
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
