"""A mail host that guards a list: Postfix, Redis, GnuPG and our programs.

The filter runs as a user of its own and keeps its socket in Postfix's queue
directory, as the README tells an administrator to do.
"""
import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile

from account import USER
from private_postfix import PrivatePostfix, wait_for
from private_redis import PrivateRedis
from reporter import Reporter

LIST = "distros@vs.site.test"
OTHER = "bob@site.test"
MAIN_CF = os.path.join(os.path.dirname(os.path.abspath(__file__)),
                       "../../conf/postfix-main.cf.snippet")
CONF = '''
socket = "unix:{socket}";
user = "{user}";
log = "stderr";
redis: {{ {redis} timeout = "2s"; }};
gnupg: {{ home = "{home}"; {gnupg} }};
lists = ( {{
  name = "distros";
  address = [ {addresses} ];
  key = [ "{key}" ];
  subject_tags = [ "[vs]" ];
  subject_url = "https://site.test/policy";
  {more}
}} );
alerts: {{ before = [ "7d", "3d", "1d", "2h" ]; }};
'''


def end_on_signals():
    """Tidy up before we end by a signal."""
    signals = (signal.SIGHUP, signal.SIGINT, signal.SIGTERM)

    def end(number, _):
        for other in signals:
            signal.signal(other, signal.SIG_IGN)
        raise SystemExit(128 + number)
    for number in signals:
        signal.signal(number, end)


class Trouble(Exception):
    """A program of ours ended in a way that it must not."""


class GuardedSite:
    """`with GuardedSite() as site:`; everything in one folder of /tmp.

    more: further keys of the list, as text; gnupg: those of that group;
    has_secret: the list's secret key is in the filter's keyring;
    environment: of the filter, what differs; keeps: Redis writes each command
    to its disk before it answers.
    """

    def __init__(self, builddir, main_cf=None, jail=False, more="", gnupg="",
                 has_secret=False, environment=None, keeps=False):
        self.builddir = os.path.abspath(builddir)
        self.folder = tempfile.mkdtemp(prefix="site-")
        os.chmod(self.folder, 0o755)
        self.filter = self.redis = self.postfix = self.reporter = None
        self.warnd = None
        self.more, self.gnupg, self.has_secret = more, gnupg, has_secret
        self.environment = dict(os.environ, **(environment or {}))
        if main_cf is None:
            with open(MAIN_CF) as file:
                main_cf = file.read()
        self.main_cf = main_cf
        try:
            self._make(jail, ("--appendonly", "yes", "--appendfsync",
                              "always") if keeps else ())
        except BaseException:
            self.close()
            raise

    def _make(self, jail, redis_options):
        self.reporter = Reporter()
        self.key = self.reporter.make_key("distros <%s>" % LIST)
        self.home = os.path.join(self.folder, "gnupg")
        self.reporter.export(self.key, self.home, USER, self.has_secret)
        self.redis = PrivateRedis(*redis_options)
        self.postfix = PrivatePostfix(self.folder, ["site.test",
                                                    "vs.site.test",
                                                    "reporter.test"], jail)
        self._make_socket_folder()
        self.conf = os.path.join(self.folder, "embargo-milter.conf")
        self.write_conf()
        self.start_filter()
        self.postfix.postconf_text(self.main_cf)
        self.postfix.start()

    def _make_socket_folder(self):
        """The filter's own folder; its group lets Postfix in."""
        folder = os.path.join(self.postfix.queue, "embargo-milter")
        os.mkdir(folder)
        subprocess.run(["chown", USER + ":postfix", folder], check=True)
        os.chmod(folder, 0o2750)
        self.socket = os.path.join(folder, "milter.sock")

    def redis_keys(self):
        """Where Redis is, as the configuration has it."""
        return 'address = "unix:%s";' % self.redis.socket

    def write_conf(self, addresses=(LIST,), more=None):
        """more: instead of what the site was made with."""
        with open(self.conf, "w") as file:
            file.write(CONF.format(
                socket=self.socket, user=USER, home=self.home, key=self.key,
                redis=self.redis_keys(), gnupg=self.gnupg,
                more=self.more if more is None else more,
                addresses=", ".join('"%s"' % one for one in addresses)))
        os.chmod(self.conf, 0o644)

    def program(self, name):
        return [os.path.join(self.builddir, name), "-c", self.conf]

    def _answers(self):
        if self.filter.poll() is not None:
            raise Trouble("embargo-milter ended: " + self.log_text())
        with socket.socket(socket.AF_UNIX) as probe:
            try:
                probe.connect(self.socket)
                return True
            except OSError:
                return False

    def _start(self, name, log):
        with open(os.path.join(self.folder, log), "ab") as file:
            return subprocess.Popen(
                [*self.program(name), "-F"], stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL, stderr=file, env=self.environment)

    def start_filter(self):
        self.filter = self._start("embargo-milter", "filter.log")
        wait_for(self._answers, about="embargo-milter")

    def start_warnd(self):
        self.warnd = self._start("embargo-warnd", "warnd.log")

    def kill_filter(self):
        """End it as a crash would, frozen or not."""
        self.filter.kill()
        self.filter.wait()

    def stop_filter(self):
        """End it as an administrator would; it must end well."""
        self._stop(self.filter)

    def stop_warnd(self):
        self._stop(self.warnd)

    def _stop(self, process):
        if process is None or process.returncode is not None:
            return
        process.send_signal(signal.SIGTERM)
        try:
            code = process.wait(90)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise Trouble("%s does not end" % process.args[0]) from None
        if code != 0:
            raise Trouble("%s: exit %d: ...%s" % (process.args[0], code,
                                                  self.log_text()[-2000:]))

    def log_text(self):
        with open(os.path.join(self.folder, "filter.log")) as file:
            return file.read()

    def ctl(self, *words, code=0):
        """embargoctl: what it printed."""
        return self._ask("embargoctl", *words, code=code)

    def ctl_json(self, *words):
        return json.loads(self.ctl(*words, "--json"))

    def alerts(self):
        """embargoctl alerts: an object a line."""
        return [json.loads(line) for line in
                self.ctl("alerts", "--json").splitlines()]

    def warn(self):
        """One look at the calendar."""
        return self._ask("embargo-warnd", "--once")

    def _ask(self, program, *words, code=0):
        done = subprocess.run([*self.program(program), *words],
                              stdin=subprocess.DEVNULL, capture_output=True,
                              text=True, timeout=60)
        if done.returncode != code:
            raise Trouble("%s %s: exit %d: %s%s" % (
                program, " ".join(words), done.returncode, done.stdout,
                done.stderr))
        return done.stdout

    def send(self, mail, *recipients, sender="alice@reporter.test"):
        return self.postfix.send(mail, sender, *recipients or (LIST,))

    def redis_hash(self, key):
        return self.redis.hash(key)

    def reset(self):
        """No mail, no issue: as after the start."""
        self.postfix.forget()
        self.redis("FLUSHALL")

    def heal(self):
        """After a failed test: all runs again, so that others can."""
        if self.redis.client is None:
            self.redis.start()
        if self.filter.poll() is not None:
            self.start_filter()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        """End all that runs, whatever fails on the way; then the folders."""
        failed = None
        for part, end in ((self.postfix, "stop"), (self, "stop_filter"),
                          (self, "stop_warnd"), (self.redis, "__exit__"),
                          (self.reporter, "close")):
            try:
                if part is not None:
                    getattr(part, end)()
            except Exception as error:
                failed = failed or error
        shutil.rmtree(self.folder, ignore_errors=True)
        if failed is not None:
            raise failed
