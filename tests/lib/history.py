"""Weeks of a list in seconds: real programs that ask a file for the time.

    with History(keys) as history:
        history.run(read_events())
        history.alerts()

What happens is read from tests/data/calendar/history, where its lines are
explained.  Between two events the clock stops wherever something may be due,
and goes on when embargo-warnd has looked.
"""
import calendar
import os
import re
import shlex
import signal
import subprocess
import time

import mails
import tap
from fake_sendmail import FakeSendmail
from milter_rig import BUILD, LIST, OTHER, Rig
from private_redis import RedisError

HERE = os.path.join(os.environ.get("top_srcdir", "."), "tests/data/calendar")
PROGRAMS = os.path.join(os.path.abspath(BUILD), "tests/time")
TRACKERS = ("distros", "kernel")
MEMBER = "Member <member@example.com>"
ELSE = "Else <else@example.net>"
HOUR = 3600


def seconds(text):
    """Of "2027-01-04 09:12"."""
    return calendar.timegm(time.strptime(text, "%Y-%m-%d %H:%M"))


def minutes(at):
    """"2027-01-04 09:12", with the seconds if there are any."""
    text = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(int(at)))
    return text[:-3] if text.endswith(":00") else text


def read_events(path=os.path.join(HERE, "history")):
    """(time, what, words) of each, in the order of their times."""
    with open(path) as file:
        lines = [line for line in file if not line.startswith("#")]
    words = re.split(r"^(\d{4}-\d\d-\d\d \d\d:\d\d) +", "".join(lines),
                     flags=re.M)[1:]
    events = [(seconds(at), *what) for at, what in zip(
        words[::2], map(split_event, words[1::2]))]
    return sorted(events, key=lambda event: event[0])


def split_event(text):
    what, *words = shlex.split(text)
    return what, words


class Filter(Rig):
    def command(self, *options):
        return [os.path.join(PROGRAMS, "embargo-milter"), "-c", self.path,
                *options]


class History:
    """redis: options of the redis-server; instances: of embargo-warnd."""

    def __init__(self, keys, redis=(), instances=1):
        self.keys = keys
        self.sendmail = FakeSendmail()
        self.clock = os.path.join(self.sendmail.folder, "clock")
        members = os.path.join(self.sendmail.folder, "members")
        with open(members, "w") as file:
            file.write("member@example.com %s\n" % keys.member)
        sighted = {"decrypt": True, "members": members}
        self.environment = dict(os.environ, EMBARGO_TEST_CLOCK=self.clock)
        self.rig = Filter(
            keys=keys, start=False,
            environment={"EMBARGO_TEST_CLOCK": self.clock},
            lists=[sighted, {"name": "kernel", "address": [OTHER],
                             "key": [keys.other], "issue_prefix": "KS",
                             "embargo": {"missing": "leave"}, **sighted}],
            gnupg={"home": keys.home, "timeout": "20s"},
            alerts={"mail_to": ["ops@example.org"],
                    "sendmail": self.sendmail.path})
        self.instances = instances
        self.running = []
        self.issues = {}        # name: id
        self.sent = {}          # name: number of messages
        self.now = 0

    # programs

    def watch(self, number=None):
        """Start embargo-warnd: an instance, or all of them."""
        for _ in range(self.instances if number is None else number):
            with open(os.path.join(self.rig.folder, "warnd.log"),
                      "ab") as log:
                self.running.append(subprocess.Popen(
                    [os.path.join(PROGRAMS, "embargo-warnd"), "-c",
                     self.rig.path, "-F"], env=self.environment,
                    stdin=subprocess.DEVNULL, stdout=log, stderr=log))

    def end(self, process):
        """As a crash would."""
        process.kill()
        process.wait()
        self.running.remove(process)

    def blind(self):
        for process in list(self.running):
            self.end(process)

    def set_clock(self, now):
        self.now = now
        with open(self.clock + ".new", "w") as file:
            file.write("%d\n" % now)
        os.rename(self.clock + ".new", self.clock)

    # what happens

    def mail(self, name, text, *options, sender=None, **fields):
        number = self.sent[name] = self.sent.get(name, 0) + 1
        is_kernel = name.startswith("kernel:")
        key = self.keys.other if is_kernel else self.keys.list
        report = "<1.%s@example.org>" % name.replace(":", ".")
        if number > 1:
            fields.update(lines=["In-Reply-To: " + report], sender=sender)
        armor = self.keys.encrypt(bytes(mails.part(text.encode() + b"\n")),
                                  [key], *options)
        answer = self.rig.send(
            mails.mail(mails.pgp_mime(armor),
                       message_id=report.replace("<1", "<%d" % number),
                       **fields), [OTHER if is_kernel else LIST],
            sender=re.search("<(.*)>", sender)[1] if sender else
            "reporter@example.org")
        assert answer.verdict == "accept", (name, answer)
        return answer.tags["X-Embargo-Issue"]

    def do_report(self, name, text):
        self.issues[name] = self.mail(name, text)

    def do_reply(self, name, *words):
        *member, text = words
        options = ("--sign", "-u", self.keys.member) if member else ()
        issue = self.mail(name, text, *options,
                          sender=MEMBER if member else ELSE)
        assert issue == self.issues[name], (name, issue)

    def do_ctl(self, *words):
        command = [os.path.join(PROGRAMS, "embargoctl"), "-c", self.rig.path,
                   *[self.issues.get(word, word) for word in words]]
        done = subprocess.run(command, env=self.environment, text=True,
                              capture_output=True, timeout=60)
        assert done.returncode == 0, (command, done.stderr)

    def do_refuse(self):
        answer = self.rig.send(mails.mail(mails.part()))
        assert answer.code == 550, answer

    def do_stop(self):
        self.blind()

    def do_start(self):
        self.watch()

    def do_clock(self, *words):
        self.set_clock(seconds(" ".join(words)))

    def do_end(self):
        pass

    # time

    def redis(self, *words):
        """Tried again while it starts."""
        return tap.poll(lambda: self._ask(*words), 20)[0]

    def _ask(self, *words):
        try:
            return [self.rig.redis(*words)]
        except (OSError, RedisError, TypeError):
            return None

    def next_stop(self, until):
        """The next moment when something may be due."""
        stops = [until]
        for tracker in TRACKERS:
            first = self.redis("ZRANGEBYSCORE", self.rig.key("warn", tracker),
                               "(%d" % self.now, "(%d" % until, "WITHSCORES",
                               "LIMIT", 0, 1)
            stops += [int(float(at)) for at in first[1::2]]
            if self.redis("EXISTS", self.rig.key("refused", tracker)):
                stops.append(self.now - self.now % HOUR + HOUR)
        return min(stops)

    def has_looked(self):
        """Also at what changed a moment ago."""
        return all(self.redis("HGET", self.rig.key("counters", tracker),
                              "last_pass_at") == str(self.now) and
                   self.redis("ZCOUNT", self.rig.key("warn", tracker),
                              "-inf", self.now) == 0
                   for tracker in TRACKERS)

    def look(self):
        """Have embargo-warnd look now."""
        for process in list(self.running):
            if is_ready(process):
                process.send_signal(signal.SIGUSR1)

    def disturb(self):
        """For tests that want to; called until all have looked."""

    def stop_here(self):
        if not self.running:
            return
        self.redis("HDEL", self.rig.key("counters"), "last_pass_at")
        tap.poll(self._step, 60)

    def _step(self):
        self.disturb()
        self.look()
        try:
            tap.poll(self.has_looked, 0.5, 0.002)
        except AssertionError:
            return False
        return True

    def run(self, events):
        self.set_clock(events[0][0])
        self.rig.start()
        self.watch()
        for at, what, words in events:
            while self.now < at:
                self.set_clock(self.next_stop(at) if self.running else at)
                if self.now < at:
                    self.stop_here()
            getattr(self, "do_" + what)(*words)
            self.stop_here()

    # what was told

    def name_of(self, issue):
        for name, known in self.issues.items():
            if known == issue:
                return name
        return issue or "-"

    def alerts(self):
        """A line of text for each, trackers one after the other."""
        lines = []
        for tracker in TRACKERS:
            for one in self.rig.redis.stream(self.rig.key("alerts",
                                                          tracker)):
                lines.append(self.line(one))
        return lines

    def line(self, alert):
        text = alert["text"]
        for name, issue in self.issues.items():
            text = text.replace(issue, name)
        return "%s %s %s, due %s, %s: %s" % (
            minutes(alert["at"]), self.name_of(alert["issue"]),
            alert["kind"], minutes(alert["due_at"]) if alert["due_at"] != "0"
            else "-", alert["state"] or "-", text)

    def mailed(self):
        """The Message-ID of each mail."""
        return [mail["Message-ID"] for mail in self.sendmail.mails()]

    def close(self):
        self.blind()
        self.rig.close()
        self.sendmail.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def is_ready(process):
    """SIGUSR1 ends a process that has not said yet what to do then."""
    try:
        with open("/proc/%d/status" % process.pid) as file:
            for line in file:
                if line.startswith("SigCgt:"):
                    caught = int(line.split()[1], 16)
                    return bool(caught & (1 << (signal.SIGUSR1 - 1)))
    except OSError:
        pass
    return False
