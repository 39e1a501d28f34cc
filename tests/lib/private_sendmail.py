"""A Sendmail of the test's own: queue, configuration and mailboxes in a folder,
on a loopback port, without DNS.  Needs root, as Sendmail does.

It is not installed: unpack_sendmail.sh has put its packages into a folder,
$SENDMAIL_ROOT or the one below.  Each mail ends as a file in one box, with the
recipient in a first line that says Delivered-To.
"""
import glob
import os
import re
import signal
import smtplib
import subprocess

from private_postfix import free_port, transact, wait_for

ROOT = os.environ.get("SENDMAIL_ROOT", "/var/cache/embargo-milter/sendmail")
DELIVER = '''#!/bin/sh
file=$(mktemp {box}/.XXXXXX) || exit 75
{{ echo "Delivered-To: ${{1%.}}"; cat; }} >"$file" && mv "$file" "{box}/$$"
'''
# Tabs matter in the rules at the end.
CONF = '''divert(0)dnl
include(`{root}/usr/share/sendmail/cf/m4/cf.m4')dnl
OSTYPE(`linux')dnl
define(`confDOMAIN_NAME', `mx.site.test')dnl
define(`confSERVICE_SWITCH_FILE', `{folder}/switch')dnl
define(`confHOSTS_FILE', `/dev/null')dnl
define(`QUEUE_DIR', `{folder}/queue')dnl
define(`STATUS_FILE', `/dev/null')dnl
define(`confPID_FILE', `{folder}/pid')dnl
define(`ALIAS_FILE', `')dnl
define(`HELP_FILE', `')dnl
define(`confDONT_PROBE_INTERFACES', `True')dnl
define(`confTO_IDENT', `0')dnl
define(`confDELIVERY_MODE', `i')dnl
define(`confQUEUE_LA', `999')dnl
define(`confREFUSE_LA', `999')dnl
define(`confDONT_BLAME_SENDMAIL', `TrustStickyBit,GroupWritableDirPathSafe')dnl
FEATURE(`nocanonify')dnl
FEATURE(`accept_unresolvable_domains')dnl
FEATURE(`accept_unqualified_senders')dnl
FEATURE(`promiscuous_relay')dnl
FEATURE(`no_default_msa')dnl
DAEMON_OPTIONS(`Name=MTA, Family=inet, Addr=127.0.0.1, Port={port}')dnl
{filters}
MAILER(`local')dnl
MAILER(`smtp')dnl
MAILER_DEFINITIONS
Mbox,	P={folder}/deliver, F=lnsDFMu:/|@qP, U=65534:65534,
	S=EnvFromSMTP/HdrFromL, R=EnvToL/HdrToL, T=DNS/RFC822/X-Unix,
	A=deliver $u@$h
LOCAL_RULE_0
R$+ < @ $+ > $*	$#box $@ $2 $: $1 < @ $2 > $3
'''


class PrivateSendmail:
    """start(), send(), mails(), stop(); the folder is the caller's."""

    def __init__(self, folder, filters):
        """filters: INPUT_MAIL_FILTER lines."""
        assert os.path.isdir(ROOT), "no Sendmail in %s: tests/lib/" \
            "unpack_sendmail.sh %s puts it there" % (ROOT, ROOT)
        self.folder, self.filters = folder, filters
        self.box = os.path.join(folder, "box")
        self.process, self.port = None, 0
        libraries = [os.path.join(ROOT, top, "x86_64-linux-gnu")
                     for top in ("lib", "usr/lib")]
        self.environment = dict(os.environ, LD_LIBRARY_PATH=":".join(
            glob.glob(os.path.join(ROOT, "lib", "*-linux-gnu")) +
            glob.glob(os.path.join(ROOT, "usr/lib", "*-linux-gnu")) or
            libraries))
        for name in ("box", "queue"):
            os.mkdir(os.path.join(folder, name))
        os.chmod(os.path.join(folder, "queue"), 0o700)
        os.chown(self.box, 65534, 65534)
        self._write("switch", "hosts files\naliases files\n")
        self._write("deliver", DELIVER.format(box=self.box))
        os.chmod(os.path.join(folder, "deliver"), 0o755)

    def _write(self, name, text):
        with open(os.path.join(self.folder, name), "w") as file:
            file.write(text)

    def start(self):
        self.port = free_port()
        cf = os.path.join(ROOT, "usr/share/sendmail/cf/")
        text = subprocess.run(
            ["m4", "-D_CF_DIR_=" + cf], check=True, capture_output=True,
            text=True, input=CONF.format(
                root=ROOT, folder=self.folder, port=self.port,
                filters=self.filters)).stdout
        self._write("sendmail.cf", text)
        # without a host name with a dot it would wait for one
        with open(os.path.join(self.folder, "sendmail.log"), "ab") as log:
            self.process = subprocess.Popen(
                ["unshare", "-u", "sh", "-c", 'hostname mx.site.test; '
                 'exec "$@"', "sh",
                 os.path.join(ROOT, "usr/libexec/sendmail/sendmail"), "-C",
                 os.path.join(self.folder, "sendmail.cf"), "-bD", "-q1h",
                 "-X", os.path.join(self.folder, "transcript")],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                env=self.environment, start_new_session=True)
        wait_for(self._answers, about="Sendmail")

    def _answers(self):
        if self.process.poll() is not None:
            raise RuntimeError("Sendmail ended: " + self.log_text())
        try:
            with self.client(5):
                return True
        except OSError:
            return False

    def log_text(self):
        with open(os.path.join(self.folder, "sendmail.log"),
                  errors="replace") as file:
            return file.read()

    def client(self, timeout=60):
        return smtplib.SMTP("127.0.0.1", self.port, "client.test", timeout)

    def send(self, mail, sender, *recipients):
        """One message on a connection of its own: the reply's code, text."""
        with self.client() as client:
            return transact(client, mail, sender, *recipients)

    def mails(self, count=0):
        """What was delivered.  It delivers before it answers."""
        names = glob.glob(os.path.join(self.box, "[0-9]*"))
        assert not count or len(names) == count, (
            "%d mails instead of %d" % (len(names), count))
        found = []
        for name in sorted(names, key=os.path.getmtime):
            with open(name, "rb") as file:
                found.append(re.sub(rb"\r\n", b"\n", file.read()))
        return found

    def forget(self):
        for name in glob.glob(os.path.join(self.box, "[0-9]*")):
            os.unlink(name)

    def stop(self):
        if self.process is None:
            return
        os.killpg(self.process.pid, signal.SIGTERM)
        self.process.wait(20)
        self.process = None
