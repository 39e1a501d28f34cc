"""What contrib/ offers is loaded by the program that it is made for.

On a bare host: Mutt sends with the fields that the macros set; logcheck's and
logwatch's rules read what a syslog daemon got from our programs; cron's line
and the statistics' unit do their work.
"""
import os
import pty
import re
import select
import shlex
import subprocess
import sys
import time

import bare_host
import tap
from bare_host import read, sh, write
from private_postfix import wait_for
from reporter import Reporter

TOP = os.path.abspath(os.environ.get("top_srcdir", "."))
BUILDDIR = os.path.abspath(os.environ.get("top_builddir", "."))
CONTRIB = TOP + "/contrib/"
CONF = "/etc/embargo-milter/embargo-milter.conf"
LIST = "distros@example.org"

MUTTRC = """
set from = "alice@reporter.test" sendmail = "/run/outbox" copy = no
set editor = "true" abort_unmodified = no confirmappend = no postpone = no
set autoedit = yes edit_headers = yes folder = /run record = ""
source /run/embargo.muttrc
"""


class Terminal:
    """A program in a terminal of its own, read and typed to."""

    def __init__(self, *words):
        self.seen = ""
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.environ["TERM"] = "vt100"
            os.execvp(words[0], words)

    def read(self):
        if select.select([self.fd], [], [], 0.05)[0]:
            try:
                self.seen += os.read(self.fd, 65536).decode(errors="replace")
            except OSError:
                return False
        return True

    def expect(self, text):
        """Wait until it shows the text; what came before is forgotten."""
        until = time.monotonic() + 30
        while text not in self.seen:
            assert self.read() and time.monotonic() < until, (
                "no %r in %r" % (text, self.seen[-1500:]))
        self.seen = self.seen.split(text, 1)[1]

    def type(self, text):
        os.write(self.fd, text.encode())

    def end(self):
        while self.read():
            pass
        os.close(self.fd)
        return os.waitpid(self.pid, 0)[1]


def compose(*steps, rc="/run/muttrc"):
    """The mail that Mutt sends when this is typed in its compose menu.

    A step is a pair: the field that is asked for, and the answers.
    """
    if os.path.exists("/run/mail"):
        os.unlink("/run/mail")
    mutt = Terminal("mutt", "-n", "-F", rc, "-s", "[vs] report",
                    "-i", "/etc/hosts", LIST)
    mutt.expect("y:Send")
    for key, field, answers in steps:
        mutt.type("\033" + key)
        for answer in answers:
            mutt.expect(field + ": ")
            mutt.type(answer + "\r")
        mutt.expect("y:Send")
    mutt.type("y")
    wait_for(lambda: os.path.exists("/run/mail"), about="Mutt's mail")
    assert mutt.end() == 0
    return read("/run/mail").split("\n\n")[0]


def prepare_mutt():
    rc = read(CONTRIB + "mutt/embargo.muttrc.in").replace(
        "@pkgdatadir@", CONTRIB.rstrip("/"))
    write("/run/embargo.muttrc", rc)
    write("/run/muttrc", MUTTRC)
    write("/run/outbox", "#!/bin/sh\ncat >/run/mail.new\n"
          "mv /run/mail.new /run/mail\n")
    os.chmod("/run/outbox", 0o755)


def test_mutt_sets_the_date(_):
    prepare_mutt()
    header = compose(("u", "Embargo-Until", ["2026-12-01 15:00 +0100"]))
    assert "\nEmbargo-Until: 2026-12-01 14:00 UTC" in header, header
    assert "\nSubject: [vs] report" in header, header


def test_mutt_leaves_the_hour_to_the_list(_):
    header = compose(("u", "Embargo-Until", ["2026-12-01"]))
    assert "\nEmbargo-Until: 2026-12-01\n" in header + "\n", header


def test_mutt_changes_its_mind(_):
    header = compose(
        ("u", "Embargo-Until", ["2026-12-01"]),
        ("u", "Embargo-Until", ["soon", "2026-12-03 14:00 UTC"]),
        ("i", "Embargo-Issue", ["VS-2026-0007"]),
        ("s", "Embargo-Status", ["public https://example.org/"]),
        ("s", "Embargo-Status", [""]))
    fields = re.findall(r"^Embargo-\w+: .*", header, re.M)
    assert sorted(fields) == ["Embargo-Issue: VS-2026-0007",
                              "Embargo-Until: 2026-12-03 14:00 UTC"], header


def test_mutt_encrypts_as_the_guide_says(desk):
    page = read(TOP + "/conf/embargo-members.7").replace("\\e", "\\")
    lines = re.search(r"^set crypt(?:.*\n)*?(?=\.Ed)", page, re.M)[0]
    assert "\nsource /usr/share/embargo-milter/mutt/embargo.muttrc" in lines
    lines = re.sub("[0-9A-F]{40}", desk.key, lines).replace(
        "/usr/share/embargo-milter/mutt", "/run")
    write("/run/muttrc-guide", MUTTRC.split("source")[0] + lines)
    os.environ["GNUPGHOME"] = desk.home
    try:
        compose(("u", "Embargo-Until", ["2026-12-01 14:00 UTC"]),
                rc="/run/muttrc-guide")
    finally:
        del os.environ["GNUPGHOME"]
    mail = read("/run/mail")
    assert "\nEmbargo-Until: 2026-12-01 14:00 UTC\n" in mail, mail
    said = sh("embargoctl classify --any-key /run/mail")
    assert "accept pgp-mime" in said, said


def start_all(desk):
    """The programs as daemons that log to syslog, beside Debian's MTA."""
    with open("/run/list.asc", "wb") as file:
        file.write(desk.gpg("--export", desk.key))
    lines = sh("%sembargo-setup --conf %s --address %s --key /run/list.asc "
               "--redis-setup" % (CONTRIB, CONF, LIST))
    with open("/etc/postfix/main.cf", "a") as file:
        file.write("\n".join(re.findall("^    (.* = .*)", lines, re.M)))
    sh("embargo-milter -c %s && embargo-warnd -c %s && postfix reload" % (
        CONF, CONF))


def log_lines(program):
    return [line for line in read("/run/syslog").split("\n")
            if program + "[" in line]


def logged(text):
    wait_for(lambda: text in read("/run/syslog"), about=text)


def send(mail):
    """Through sendmail; the MTA asks the filter."""
    return sh("sendmail -f alice@example.org " + LIST,
              given=mail.replace(b"\r\n", b"\n"))


def test_the_log_has_all_that_we_say(desk):
    start_all(desk)
    send(desk.encrypted_mail(LIST, desk.key, more="Embargo-Until: %s\n" %
                             time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime(
                                 time.time() + 5000))))
    send(desk.clear_mail(LIST))
    logged(": accept reason=pgp-mime ")
    logged(": reject reason=cleartext ")
    sh("pkill -USR1 -x embargo-warnd; pkill -USR1 -x embargo-milter")
    logged("alert: approaching issue=VS-")
    logged("milter[%s]: the configuration was read again" % sh(
        "pgrep -o -x embargo-milter").strip())
    sh("pkill -x redis-server")
    wait_for(lambda: not bare_host.answers(6379), about="Redis's end")
    send(desk.encrypted_mail(LIST, desk.key, id="two@reporter.test"))
    logged(": later reason=later ")
    logged("; trying again")


def unmatched():
    """What logcheck would mail: it greps just so."""
    write("/run/ours", "\n".join(log_lines("embargo-milter") +
                                 log_lines("embargo-warnd")) + "\n")
    return sh("grep -E -v -f %slogcheck/embargo-milter /run/ours" % CONTRIB)


def test_logcheck_is_silent_unless_something_is_wrong(_):
    left = unmatched().splitlines()
    assert len(left) >= 3, left
    for line in left:
        assert re.search(r": later reason=|[Rr]edis|trying again", line), line
    assert any("; trying again" in line for line in left), left


def test_logwatch_counts(_):
    # *OnlyService and *RemoveHeaders
    text = re.sub(r"(?m)^.{15} \S+ embargo-\w+\[\d+\]: ", "",
                  read("/run/ours"))
    write("/run/ours", text)
    shown = sh("perl -wT %slogwatch/embargo-milter </run/ours" % CONTRIB)
    assert re.search(r"Mail to distros:\n(?: .*\n)*? +1  accept pgp-mime\n",
                     shown), shown
    assert re.search(r" +1  reject cleartext\n", shown), shown
    assert re.search(r"Refused.*\n +\d+  example.org\n", shown), shown
    assert re.search(r"Alerts:\n(?: .*\n)*? +1  approaching VS-", shown), shown
    other = shown.split("Other lines")[1]
    assert "trying again" in other, other
    assert not re.search("reason=|alert:|ing 1 lists|read again", other), other


def test_logwatch_service_is_one(_):
    text = read(CONTRIB + "logwatch/embargo-milter.conf")
    assert re.search(r'^Title = "\S+"$', text, re.M), text
    service = re.search(r"^\*OnlyService = (.*)$", text, re.M)[1]
    for program in ("embargo-milter", "embargo-warnd"):
        assert re.fullmatch(service, program), service


def test_cron_looks_at_the_calendar(_):
    """As the account and with the PATH that the table names."""
    text = read(CONTRIB + "cron/embargo-milter")
    path = re.search("^PATH=(.*)$", text, re.M)[1]
    line, = re.findall(r"^(?:\S+ ){4}\S+\t(.*)$", text, re.M)
    account, command = line.split("\t")
    write("/run/cron", "%s -c %s\n" % (command, CONF))
    call = "runuser -u %s -- env -i PATH=%s:%s sh /run/cron" % (
        account, os.environ["PATH"].split(":")[0], path)
    said = sh(call, code=69)
    assert "redis" in said.lower(), said
    start_redis_again()
    assert sh(call) == ""


def start_redis_again():
    bare_host.start("redis",
                    "redis-server /etc/redis/redis.conf --daemonize no")
    wait_for(lambda: bare_host.answers(6379), about="redis-server")


def test_statistics_are_written(_):
    units = CONTRIB + "statistics/embargo-statistics"
    said = sh("systemd-analyze verify --man=no %s.timer %s.service" % (
        units, units), code=None)
    assert not re.search(r"embargo-statistics\.\w+:\d+:", said), said
    text = read(units + ".service")
    words = re.search("^ExecStart=(.*)$", text, re.M)[1]
    account = re.search("^User=(.*)$", text, re.M)[1]
    page = re.search("^StandardOutput=truncate:(.*)$", text, re.M)[1]
    words = words.replace("embargoctl", "embargoctl -c " + CONF)
    with open(page, "wb") as file:
        subprocess.run(["runuser", "-u", account, "--", *shlex.split(words)],
                       stdout=file, check=True, timeout=60)
    assert "<html" in read(page), read(page)
    move = re.search("^ExecStartPost=(.*)$", text, re.M)[1]
    sh(move)
    assert os.path.exists(move.split()[-1])


def main():
    bare_host.enter()
    bin_folder = bare_host.fresh("/run/bin", "root", 0o755)
    for name in ("embargo-milter", "embargo-warnd", "embargoctl"):
        sh("install -m 755 %s/%s %s" % (BUILDDIR, name, bin_folder))
    os.environ["PATH"] = bin_folder + ":/usr/sbin:/usr/bin:/sbin:/bin"
    bare_host.start_syslog()
    bare_host.start_redis()
    bare_host.start_postfix()
    desk = Reporter()
    desk.key = desk.make_key("distros <%s>" % LIST)
    try:
        return tap.run(tap.collect(globals(), desk))
    finally:
        desk.close()


if __name__ == "__main__":
    sys.exit(main())
