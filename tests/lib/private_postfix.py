"""A Postfix of the test's own: queue, configuration, log and mailboxes in one
folder, on a loopback port, without DNS.  Needs root, as Postfix does.

Mail to the domains of `mailboxes` ends in one maildir, a file per recipient;
mail to all others is thrown away.  Nothing leaves the machine.
"""
import glob
import json
import os
import re
import smtplib
import socket
import subprocess
import time

SERVICES = '''\
127.0.0.1:{port} inet n - {jail} - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - {jail} - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
local unix - n n - - local
virtual unix - n n - - virtual
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
'''

NOBODY = "static:65534"


def free_port():
    """A port nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(what, seconds=30, about="something"):
    """Ask `what` until it says something true, and return that."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        answer = what()
        if answer:
            return answer
        time.sleep(0.02)
    raise AssertionError("waited %d s in vain for %s" % (seconds, about))


class PrivatePostfix:
    """start(), send(), mails(), stop(); the folder is the caller's."""

    def __init__(self, folder, mailboxes, jail=False):
        """`jail`: smtpd and cleanup in a chroot, as Debian has them."""
        self.jail = jail
        self.services = ""      # further lines of master.cf
        self.etc = os.path.join(folder, "etc")
        self.queue = os.path.join(folder, "queue")
        self.boxes = os.path.join(folder, "maildir")
        self.log = os.path.join(folder, "postfix.log")
        self.port = 0
        self.settings = self._settings(folder, mailboxes)
        os.mkdir(self.etc)
        os.mkdir(self.queue)
        os.mkdir(self.boxes)
        os.chown(self.boxes, 65534, 65534)
        os.mkdir(os.path.join(folder, "data"), 0o700)
        self._give_to_postfix(os.path.join(folder, "data"))

    @staticmethod
    def _give_to_postfix(path):
        subprocess.run(["chown", "postfix", path], check=True)

    def _settings(self, folder, mailboxes):
        return {
            "compatibility_level": "3.6",
            "queue_directory": self.queue,
            "data_directory": os.path.join(folder, "data"),
            "maillog_file": self.log,
            "maillog_file_prefixes": folder,
            "myhostname": "mx.site.test",
            "mydestination": "",
            "inet_interfaces": "127.0.0.1",
            "inet_protocols": "ipv4",
            "mynetworks": "127.0.0.0/8",
            "smtp_dns_support_level": "disabled",
            "smtp_host_lookup": "native",
            "smtpd_peername_lookup": "no",
            "alias_maps": "",
            "alias_database": "",
            "local_recipient_maps": "",
            "virtual_mailbox_domains": ", ".join(mailboxes),
            "virtual_mailbox_base": self.boxes,
            "virtual_mailbox_maps": "static:all/",
            "virtual_minimum_uid": "1",
            "virtual_uid_maps": NOBODY,
            "virtual_gid_maps": NOBODY,
            "default_transport": "discard:",
            "relay_transport": "discard:",
            "smtpd_client_connection_rate_limit": "0",
            "smtpd_client_connection_count_limit": "0",
            "smtpd_error_sleep_time": "0",
            "in_flow_delay": "0",
        }

    def write(self):
        with open(os.path.join(self.etc, "main.cf"), "w") as file:
            for name, value in self.settings.items():
                file.write("%s = %s\n" % (name, value))
        with open(os.path.join(self.etc, "master.cf"), "w") as file:
            file.write(SERVICES.format(port=self.port,
                                       jail="y" if self.jail else "n") +
                       self.services)

    def _run(self, program, *words, **more):
        return subprocess.run(
            [program, *words], stdin=more.pop("stdin", subprocess.DEVNULL),
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C"},
            timeout=60, **more)

    def control(self, what):
        """postfix start, stop, reload ...; what it printed."""
        return self._run("postfix", "-c", self.etc, what)

    def is_up(self):
        try:
            with socket.create_connection(("127.0.0.1", self.port), 5):
                return True
        except OSError:
            return False

    def start(self):
        for _ in range(5):      # another program may take the port first
            self.port = free_port()
            self.write()
            done = self.control("start")
            if done.returncode == 0:
                break
        else:
            raise RuntimeError("Postfix does not start: %s%s" % (
                done.stdout.decode(), self.log_text()))
        wait_for(self.is_up, about="smtpd")

    def master(self):
        """The pid of the running master, or 0."""
        try:
            with open(os.path.join(self.queue, "pid/master.pid")) as file:
                pid = int(file.read())
            with open("/proc/%d/cmdline" % pid, "rb") as file:
                return pid if b"master" in file.read() else 0
        except (OSError, ValueError):
            return 0

    def stop(self):
        pid = self.master()
        if pid == 0:
            return
        self.control("stop")
        wait_for(lambda: self.master() != pid, about="the end of Postfix")

    def postconf(self, **settings):
        """Change main.cf and tell the running Postfix."""
        self.settings.update(settings)
        self.write()
        done = self.control("reload")
        assert done.returncode == 0, done.stdout.decode()

    def postconf_text(self, text):
        """Take lines as they would stand in main.cf."""
        lines = re.sub(r"\n[ \t]+", " ", text).splitlines()
        for line in lines:
            if line.strip() and not line.startswith("#"):
                name, value = line.split("=", 1)
                self.settings[name.strip()] = value.strip()

    def sendmail(self, mail, sender, *recipients):
        """Submit locally, as a program on the mail host would."""
        return self._run("sendmail", "-C", self.etc, "-i", "-f", sender,
                         "--", *recipients, stdin=None, input=mail)

    def look_for_local_mail(self):
        """What pickup does once a minute."""
        self._run("postkick", "-c", self.etc, "public", "pickup", "W")

    def client(self, timeout=60):
        return smtplib.SMTP("127.0.0.1", self.port, "client.test", timeout)

    def send(self, mail, sender, *recipients):
        """One message on a connection of its own: the reply's code, text."""
        with self.client() as client:
            return transact(client, mail, sender, *recipients)

    def queued(self):
        """What Postfix took and still has; not what waits in maildrop for
        the filter to come back."""
        done = self._run("postqueue", "-c", self.etc, "-j")
        lines = done.stdout.decode().splitlines()
        entries = [json.loads(line) for line in lines if line[:1] == "{"]
        return [e for e in entries if e["queue_name"] != "maildrop"]

    def wait_idle(self):
        wait_for(lambda: not self.queued(), about="an empty queue")

    def mails(self, count=0):
        """What was delivered, oldest first; waits for `count` of them."""
        self.wait_idle()
        names = glob.glob(os.path.join(self.boxes, "all/new/*"))
        assert not count or len(names) == count, (
            "%d mails instead of %d" % (len(names), count))
        found = []
        for name in sorted(names, key=os.path.getmtime):
            with open(name, "rb") as file:
                found.append(file.read())
        return found

    def forget(self):
        """Empty the mailboxes."""
        self.wait_idle()
        for name in glob.glob(os.path.join(self.boxes, "all/new/*")):
            os.unlink(name)

    def log_text(self):
        try:
            with open(self.log) as file:
                return file.read()
        except FileNotFoundError:
            return ""


def transact(client, mail, sender, *recipients):
    """One message on an open connection; the decisive reply."""
    client.ehlo_or_helo_if_needed()
    code, text = client.mail(sender)
    for recipient in recipients:
        if code == 250:
            code, text = client.rcpt(recipient)
    if code != 250:
        client.rset()
        return code, text.decode("ascii")
    try:
        code, text = client.data(mail)
    except smtplib.SMTPDataError as error:
        code, text = error.smtp_code, error.smtp_error
    return code, text.decode("ascii")
