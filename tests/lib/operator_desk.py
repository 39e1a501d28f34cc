"""An operator's desk: embargoctl with a Redis of its own, and a shell.

    with Desk() as desk:
        desk.issue(1, due="+3d")
        desk.types('''
            $ embargoctl public VS-2027-0001
            VS-2027-0001: public
            $ embargoctl public VS-2027-0009
            embargoctl public: there is no issue VS-2027-0009
            ? 1
            ''')

What stands behind "$" can be pasted into a shell in which embargoctl is

    embargoctl() { command embargoctl -c "$CONF" "$@"; }

and the lines below are what it prints, on either output; "..." stands for
anything within a line, "? 1" for an exit code that is not 0.
"""
import json
import os
import pty
import re
import select
import shutil
import subprocess
import tempfile
import textwrap
import time

from account import SETTING, give
from milter_rig import BUILD, LIST, conf_text
from private_redis import PrivateRedis

BASE = "embargo:{distros}:"
KEY = "0123456789ABCDEF0123456789ABCDEF01234567"
DAY = 86400
SHELL = 'embargoctl() { command embargoctl -c "$CONF" "$@"; }\n'


class Desk:
    """keys: shared Keys; lists: the configuration's; conf: what differs."""

    def __init__(self, keys=None, lists=None, redis=None, **conf):
        self.folder = tempfile.mkdtemp(prefix="desk-", dir="/tmp")
        give(self.folder)
        self.redis = redis or PrivateRedis()
        self.path = os.path.join(self.folder, "conf")
        home = keys.public if keys else os.path.join(self.folder, "none")
        self.settings = {
            "log": "stderr", **SETTING,
            "redis": {"address": "unix:" + self.redis.socket,
                      "timeout": "2s"},
            "gnupg": {"home": home, "timeout": "10s"},
            "lists": lists or [{"name": "distros", "address": [LIST],
                                "key": [keys.list if keys else KEY]}],
            **conf}
        self.write_conf()
        self.environment = {
            **os.environ, "CONF": self.path, "SUDO_USER": "olga",
            "PATH": os.path.abspath(BUILD) + ":" + os.environ["PATH"],
            "NO_COLOR": "1", "LC_ALL": "C.UTF-8"}

    def write_conf(self):
        with open(self.path, "w") as file:
            file.write(conf_text(self.settings))

    # what an operator does

    def command(self, *words):
        return [os.path.join(os.path.abspath(BUILD), "embargoctl"), "-c",
                self.path, *words]

    def ctl(self, *words, code=0, **options):
        """embargoctl; what it printed on its standard output."""
        done = subprocess.run(self.command(*words), capture_output=True,
                              stdin=options.pop("stdin",
                                                subprocess.DEVNULL),
                              text=True, timeout=120, cwd=self.folder,
                              env=self.environment, **options)
        assert done.returncode == code, (words, done.returncode,
                                         done.stdout, done.stderr)
        return done.stdout

    def ctl_json(self, *words, code=0):
        return json.loads(self.ctl(*words, "--json", code=code))

    def shell(self, command):
        """The exit code and what was printed."""
        done = subprocess.run(
            ["bash", "-c", SHELL + command], stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            timeout=120, cwd=self.folder, env=self.environment)
        return done.returncode, done.stdout

    def types(self, session):
        """A session in a shell; AssertionError where it went otherwise."""
        for command, wanted in parse(session):
            code, said = self.shell(command)
            said += "" if code == 0 else "? %d\n" % code
            assert matches(wanted, said), "$ %s\n%s" % (command, said)

    def on_terminal(self, *words, answer="", seconds=60, program=None):
        """With a terminal on all its ends: the exit code and what it said.

        program: another one, for which words[0] is its name.
        """
        command = list(words) if program else self.command(*words)
        pid, fd = pty.fork()
        if pid == 0:
            os.chdir(self.folder)
            os.execve(program or command[0], command, self.environment)
        os.write(fd, answer.encode())
        said = read_all(fd, time.monotonic() + seconds)
        os.close(fd)
        _, status = os.waitpid(pid, 0)
        return os.waitstatus_to_exitcode(status), said.replace("\r\n", "\n")

    # what is in Redis

    def issue(self, number, due=0, **more):
        """An issue as the filter would leave it; its id."""
        now = int(time.time())
        issue = "VS-2027-%04d" % number
        due = now + due if due else 0
        fields = {"id": issue, "state": "embargoed",
                  "opened_at": now - 5 * DAY, "list": "distros",
                  "messages": 1, "revision": 1, "due_at": due, **more}
        self.redis("SET", BASE + "schema", 2)
        self.redis("HSET", BASE + "issue:" + issue,
                   *(x for pair in fields.items() for x in pair))
        self.redis("ZADD", BASE + "issues", fields["opened_at"], issue)
        if fields["state"] in ("embargoed", "semi-public"):
            self.redis("ZADD", BASE + "due", due or "+inf", issue)
        return issue

    def field(self, issue, name):
        return self.redis("HGET", BASE + "issue:" + issue, name)

    def log(self, issue):
        """The issue's log: "what by text" each."""
        return [" ".join((e["what"], e["by"], e["text"])).strip()
                for e in self.redis.stream(BASE + "log:" + issue)]

    def all(self):
        """All that is in Redis, by key."""
        found = {}
        for key in self.redis("KEYS", "*"):
            kind = self.redis("TYPE", key)
            found[key] = read_key(self.redis, kind, key)
        return found

    def close(self):
        self.redis.__exit__()
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def read_key(redis, kind, key):
    if kind == "hash":
        return redis.hash(key)
    if kind == "zset":
        flat = redis("ZRANGE", key, 0, -1, "WITHSCORES")
        return dict(zip(flat[::2], flat[1::2]))
    if kind == "stream":
        return redis("XRANGE", key, "-", "+")
    return redis("GET", key)


def read_some(fd, seconds):
    """What the other end of a terminal says within that time; None: gone."""
    if not select.select([fd], [], [], seconds)[0]:
        return ""
    try:
        return os.read(fd, 65536).decode(errors="replace") or None
    except OSError:
        return None


def read_all(fd, until):
    """Until the other end is closed."""
    said = ""
    while time.monotonic() < until:
        some = read_some(fd, 0.2)
        if some is None:
            break
        said += some
    return said


def parse(session):
    """Pairs of a command and what it should print."""
    pairs = []
    for line in textwrap.dedent(session).strip("\n").splitlines():
        if line.startswith("$ "):
            pairs.append([line[2:], ""])
        elif line.startswith("> "):
            pairs[-1][0] += "\n" + line[2:]
        else:
            pairs[-1][1] += line + "\n"
    return pairs


def matches(wanted, said):
    pattern = "[^\n]*".join(re.escape(part) for part in wanted.split("..."))
    return re.fullmatch(pattern, said) is not None
