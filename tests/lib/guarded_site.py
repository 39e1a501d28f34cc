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

from private_postfix import PrivatePostfix, wait_for
from private_redis import PrivateRedis
from reporter import Reporter

LIST = "distros@vs.site.test"
OTHER = "bob@site.test"
USER = "nobody"
MAIN_CF = '''
smtpd_milters = unix:embargo-milter/milter.sock
non_smtpd_milters = unix:embargo-milter/milter.sock
milter_default_action = tempfail
'''
CONF = '''
socket = "unix:{socket}";
user = "{user}";
log = "stderr";
redis: {{ address = "unix:{redis}"; timeout = "2s"; }};
gnupg: {{ home = "{home}"; }};
lists = ( {{
  name = "distros";
  address = [ {addresses} ];
  key = [ "{key}" ];
  subject_tags = [ "[vs]" ];
  subject_url = "https://site.test/policy";
}} );
alerts: {{ before = [ "7d", "3d", "1d", "2h" ]; }};
'''


class Trouble(Exception):
    """A program of ours ended in a way that it must not."""


class GuardedSite:
    """`with GuardedSite() as site:`; everything in one folder of /tmp."""

    def __init__(self, builddir, main_cf=MAIN_CF, addresses=(LIST,),
                 jail=False):
        self.builddir = os.path.abspath(builddir)
        self.folder = tempfile.mkdtemp(prefix="site-")
        os.chmod(self.folder, 0o755)
        self.filter = self.redis = self.postfix = self.reporter = None
        try:
            self._make(main_cf, addresses, jail)
        except BaseException:
            self.close()
            raise

    def _make(self, main_cf, addresses, jail):
        self.reporter = Reporter()
        self.key = self.reporter.make_key("distros <%s>" % LIST)
        self.home = os.path.join(self.folder, "gnupg")
        self.reporter.export(self.key, self.home, USER)
        self.redis = PrivateRedis("--unixsocketperm", "777")
        os.chmod(self.redis.folder, 0o755)
        self.postfix = PrivatePostfix(self.folder, ["site.test",
                                                    "vs.site.test",
                                                    "reporter.test"], jail)
        self._make_socket_folder()
        self.conf = os.path.join(self.folder, "embargo-milter.conf")
        self.write_conf(addresses)
        self.start_filter()
        self.postfix.postconf_text(main_cf)
        self.postfix.start()

    def _make_socket_folder(self):
        """The filter's own folder; its group lets Postfix in."""
        folder = os.path.join(self.postfix.queue, "embargo-milter")
        os.mkdir(folder)
        subprocess.run(["chown", USER + ":postfix", folder], check=True)
        os.chmod(folder, 0o2750)
        self.socket = os.path.join(folder, "milter.sock")

    def write_conf(self, addresses=(LIST,)):
        with open(self.conf, "w") as file:
            file.write(CONF.format(
                socket=self.socket, user=USER, home=self.home, key=self.key,
                redis=self.redis.socket, addresses=", ".join(
                    '"%s"' % address for address in addresses)))

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

    def start_filter(self):
        with open(os.path.join(self.folder, "filter.log"), "ab") as log:
            self.filter = subprocess.Popen(
                [*self.program("embargo-milter"), "-F"],
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                stderr=log)
        wait_for(self._answers, about="embargo-milter")

    def kill_filter(self):
        """End it as a crash would, frozen or not."""
        self.filter.kill()
        self.filter.wait()

    def stop_filter(self):
        """End it as an administrator would; it must end well."""
        if self.filter is None or self.filter.returncode is not None:
            return
        self.filter.send_signal(signal.SIGTERM)
        self._nudge()
        try:
            code = self.filter.wait(90)
        except subprocess.TimeoutExpired:
            self.kill_filter()
            raise Trouble("embargo-milter does not end") from None
        if code != 0:
            raise Trouble("embargo-milter: exit %d: %s" % (
                code, self.log_text()))

    def _nudge(self):
        """libmilter looks for its end every 5 s, or at a connection."""
        with socket.socket(socket.AF_UNIX) as probe:
            probe.connect_ex(self.socket)

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
                          (self.redis, "__exit__"),
                          (self.reporter, "close")):
            try:
                if part is not None:
                    getattr(part, end)()
            except Exception as error:
                failed = failed or error
        shutil.rmtree(self.folder, ignore_errors=True)
        if failed is not None:
            raise failed
