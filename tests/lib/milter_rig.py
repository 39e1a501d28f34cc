"""The real daemon with a Redis and a GNUPGHOME of its own.

    with Rig() as rig:
        answer = rig.send(mail(pgp_mime(rig.encrypt())))
        line = rig.last_line()

Everything lives in one folder below /tmp and is gone afterwards: processes,
sockets, files.  The configuration is a dictionary (conf()), written as
libconfig text by conf_text(); `lists` may be changed by list_conf().
"""
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time

import mails
import tap
from account import SETTING, give
from fake_mta import FakeMTA
from gpg_keys import Keys
from private_redis import PrivateRedis

BUILD = os.environ.get("top_builddir", ".")
PROGRAM = os.path.join(os.path.abspath(BUILD), "embargo-milter")
LIST = "distros@vs.example.org"
OTHER = "kernel@vs.example.org"
URL = "https://example.org/policy"


def conf_value(value):
    """A Python value as libconfig writes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        return '"%s"' % value.replace("\\", "\\\\").replace('"', '\\"')
    if isinstance(value, dict):
        return "{ %s }" % conf_text(value)
    if value and isinstance(value[0], dict):
        return "( %s )" % ",\n".join(conf_value(v) for v in value)
    return "[ %s ]" % ", ".join(conf_value(v) for v in value)


def conf_text(settings):
    """A dictionary as lines of a libconfig file."""
    return "".join("%s = %s;\n" % (key, conf_value(value))
                   for key, value in settings.items())


class Rig:
    """conf and lists: see conf() and list_conf(); keys: shared Keys.

    lists: a list of dictionaries, each what differs from list_conf().
    """

    def __init__(self, lists=({},), keys=None, environment=None, tcp=False,
                 options=(), start=True, **conf):
        self.folder = tempfile.mkdtemp(prefix="rig-", dir="/tmp")
        give(self.folder)       # the socket will be there
        self.process = self.redis = None
        self.own_keys = keys is None
        self.keys = None
        self.options = list(options)
        self.environment = dict(os.environ, **(environment or {}))
        self.path = os.path.join(self.folder, "conf")
        self.log_path = os.path.join(self.folder, "log")
        self.unix_path = os.path.join(self.folder, "sock")
        self.socket = "inet:%d@127.0.0.1" % free_port() if tcp else \
            "unix:" + self.unix_path
        try:
            self.keys = Keys() if keys is None else keys
            self.redis = PrivateRedis()
            self.settings = self.conf(lists, conf)
            self.write_conf()
            if start:
                self.start()
        except BaseException:
            self.close()
            raise

    # configuration

    def list_conf(self, **changes):
        """A list, as its dictionary; a change to None leaves a key out."""
        settings = {"name": "distros", "address": [LIST],
                    "key": [self.keys.list], "subject_url": URL, **changes}
        return {k: v for k, v in settings.items() if v is not None}

    def other_list(self, **changes):
        """A second one with a key of its own."""
        return self.list_conf(**{
            "name": "kernel", "address": [OTHER], "key": [self.keys.other],
            **changes})

    def conf(self, lists, changes):
        settings = {
            "socket": self.socket, "log": "stderr", **SETTING,
            "redis": {"address": "unix:" + self.redis.socket,
                      "timeout": "2s"},
            "gnupg": {"home": self.keys.public, "timeout": "5s"},
            "lists": [self.list_conf(**one) for one in lists], **changes}
        return {k: v for k, v in settings.items() if v is not None}

    def write_conf(self, text=None):
        """Write the settings, or any text, to the file."""
        with open(self.path, "w") as file:
            file.write(conf_text(self.settings) if text is None else text)

    # the process

    def command(self, *options):
        return [PROGRAM, "-c", self.path, *options]

    def start(self):
        """Start the daemon and wait until it serves."""
        with open(self.log_path, "ab") as log:
            self.log_start = log.tell()
            self.process = subprocess.Popen(
                self.command("-F", *self.options), stdin=subprocess.DEVNULL,
                stdout=log, stderr=log, env=self.environment,
                start_new_session=True)
        tap.poll(self._is_ready)

    def _is_ready(self):
        if self.process.poll() is not None:
            raise RuntimeError("the daemon ended with %d: %s" % (
                self.process.returncode, self.log()))
        return "serving" in self.log(self.log_start)

    def is_running(self):
        return self.process is not None and self.process.poll() is None

    def signal(self, number):
        self.process.send_signal(number)

    def wait(self, seconds=10):
        """Wait for the end of the daemon; its exit code."""
        return self.process.wait(seconds)

    def stop(self, seconds=10):
        """SIGTERM; the exit code."""
        self.signal(signal.SIGTERM)
        return self.wait(seconds)

    def kill(self):
        """As a crash would."""
        self.process.kill()
        self.process.wait()

    def restart(self):
        self.stop()
        self.start()

    def reload(self, text=None, **changes):
        """Write another configuration, SIGUSR1, wait for the log to say so.

        What it says: "read again" or the complaint.
        """
        self.settings.update(changes)
        self.write_conf(text)
        at = self.log_size()
        self.signal(signal.SIGUSR1)
        return tap.poll(lambda: re.search(
            r".*(?:read again|stays in force).*\n", self.log(at)))[0].strip()

    # the log

    def log_size(self):
        return os.path.getsize(self.log_path)

    def log(self, start=0):
        """All that was logged, from a position on."""
        with open(self.log_path, errors="surrogateescape") as file:
            file.seek(start)
            return file.read()

    def lines(self, queue_id=None):
        """The line of each message, oldest first, as dictionaries."""
        found = [parse_line(line) for line in self.log().splitlines()]
        return [one for one in found
                if one and queue_id in (None, one["queue_id"])]

    def last_line(self):
        return self.lines()[-1]

    # messages

    def connect(self, **options):
        """A FakeMTA."""
        return FakeMTA(self.socket, **options)

    def send(self, message, rcpt=(LIST,), **options):
        """One message over a connection of its own; its Answer."""
        with self.connect() as mta:
            return mta.send(message, rcpt, **options)

    def encrypt(self, data=mails.TEXT, to=None, *options, **more):
        """Armour to the list's key, or to others."""
        return self.keys.encrypt(data, to or [self.keys.list], *options,
                                 **more)

    def good_mail(self, **fields):
        """A mail that the list takes."""
        return mails.mail(mails.pgp_mime(self.encrypt()), **fields)

    # the issues

    def key(self, name, tracker="distros"):
        return "embargo:{%s}:%s" % (tracker, name)

    def issue(self, number, tracker="distros"):
        """An issue's hash by its id."""
        return self.redis.hash(self.key("issue:" + number, tracker))

    def issues(self, tracker="distros"):
        return self.redis("ZRANGE", self.key("issues", tracker), 0, -1)

    def counters(self, tracker="distros"):
        return self.redis.hash(self.key("counters", tracker))

    # the end

    def close(self):
        try:
            if self.is_running():
                self.kill()
        finally:
            if self.redis is not None:
                self.redis.__exit__()
            if self.own_keys and self.keys is not None:
                self.keys.close()
            shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


LINE = re.compile(
    r"embargo-milter: (?P<queue_id>\S+): (?P<verdict>[a-z-]+) "
    r"reason=(?P<reason>\S+) list=(?P<list>\S+) issue=(?P<issue>\S+) "
    r"embargo=(?P<embargo>\S+) from=<(?P<sender>[^>]*)>"
    r"(?: why=(?P<why>.*))?")


def parse_line(line):
    """The words of a message's log line; None for another line."""
    found = LINE.fullmatch(line)
    return found and found.groupdict()


def free_port():
    """A TCP port that nobody listens on just now."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]


def utc(seconds):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))
