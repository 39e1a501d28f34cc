"""The README followed to the letter on a bare host.

Its commands and lines are run and written as they stand, beside Debian's own
main.cf, master.cf (smtpd in a chroot) and redis.conf.  What comes out must
guard a list that is an alias of two members.
"""
import os
import re
import shutil
import smtplib
import sys

import bare_host
import tap
from bare_host import problems, read, sh
from private_postfix import transact, wait_for
from reporter import Reporter

TOP = os.path.abspath(os.environ.get("top_srcdir", "."))
LIST = "distros@example.org"
SRC = "/run/src"
ALICE = "alice@reporter.test"


def blocks():
    """The README's commands and lines, in their order."""
    text = read(TOP + "/README").split("\nInstall it\n")[1]
    text = text.split("\nRead on\n")[0]
    return [re.sub("^    ", "", found, flags=re.M)
            for found in re.findall(r"^(?:    .*\n)+", text, re.M)]


def block(start):
    found, = [b for b in blocks() if b.startswith(start)]
    return found


def in_sources(command, code=0):
    """As typed in the unpacked tree; && at the end of a line goes on."""
    return sh("cd %s && set -e\n%s" % (SRC, command), code=code)


def copy_sources():
    """What a release holds; not what was built here."""
    os.mkdir(SRC)
    for name in ("Makefile.am", "configure.ac", "COPYING", "README", "m4",
                 "milter", "conf", "contrib", "tests"):
        path = os.path.join(TOP, name)
        if os.path.isdir(path):
            shutil.copytree(path, os.path.join(SRC, name),
                            ignore=shutil.ignore_patterns(
                                "*.o", "*.a", "*.log", "*.trs", ".deps",
                                ".dirstamp", "data", "*.lua.h"))
        else:
            shutil.copy(path, SRC)
    # named by a rule, and read by no one here
    os.symlink(os.path.join(os.path.realpath(TOP), "tests/data"),
               SRC + "/tests/data")


def send(mail, *recipients):
    with smtplib.SMTP("127.0.0.1", 25, "client.test", 60) as client:
        return transact(client, mail, ALICE, *recipients or (LIST,))


def test_builds_and_installs(_):
    copy_sources()
    in_sources(block("autoreconf"))
    sh("embargo-milter --version && embargo-setup --version")


def test_sets_up(desk):
    with open(SRC + "/distros.asc", "wb") as file:
        file.write(desk.gpg("--armor", "--export", desk.key))
    text = in_sources(block("embargo-setup"))
    assert problems(text) == [], text
    for line in block("smtpd_milters").splitlines():
        assert "    " + line in text.splitlines(), (line, text)


def test_hooks_up(_):
    with open("/etc/postfix/main.cf", "a") as file:
        file.write(block("smtpd_milters"))
    text = in_sources(re.sub("(?=postfix reload)", "sleep 1; ",
                             block("systemctl")), code=None)
    assert problems(text) == [] and "the filter listens" in text, text
    assert re.search(r"\brefused\b", text) and "NOT REFUSED" not in text, text


def test_guards_the_list(desk):
    code, text = send(desk.clear_mail(LIST))
    assert code == 550 and desk.key in text, (code, text)
    code, text = send(desk.encrypted_mail(LIST, desk.key))
    assert code == 250, (code, text)
    for name in ("carol", "dave"):
        wait_for(lambda: os.path.exists("/var/mail/" + name),
                 about="mail to " + name)
        mail = read("/var/mail/" + name)
        assert "X-Embargo-Issue: VS-" in mail, mail
    assert "VS-" in sh("embargoctl list")


def test_other_mail_passes(desk):
    code, text = send(desk.clear_mail("carol@example.org"),
                      "carol@example.org")
    assert code == 250, (code, text)


def test_local_mail_is_guarded(desk):
    """Debian's cleanup is in the chroot, too."""
    mail = desk.clear_mail(LIST).replace(b"\r\n", b"\n")
    sh("sendmail -f carol@example.org " + LIST, given=mail)
    wait_for(lambda: "550 5.7.1" in read("/var/mail/carol"), about="a bounce")
    assert "frob" not in read("/var/mail/dave")


def page_block(page, start):
    """The literal block of a manual page that begins so, as it is shown."""
    found, = re.findall(r"^\.Bd -literal.*\n(%s(?:.*\n)*?)\.Ed" %
                        re.escape(start), read(TOP + "/conf/" + page), re.M)
    return found.replace("\\e", "\\")


def test_members_guide_writes_a_mail_that_is_taken(desk):
    command = page_block("embargo-members.7", "(cat <<EOF")
    assert "you@example.net" in command
    sh("mkdir -p /run/desk && cd /run/desk && cp -a %s/. gnupg && "
       "echo a hole >report.txt" % desk.home)
    text = sh("cd /run/desk && export GNUPGHOME=/run/desk/gnupg && "
              "echo trust-model always >>gnupg/gpg.conf && " +
              command.replace("FINGERPRINT", desk.key))
    wait_for(lambda: "Embargo-Until: 2026-12-01 14:00 UTC" in
             read("/var/mail/dave"), about="the report; " + text)
    mail = read("/var/mail/dave").split("Subject: [vs] a report")[1]
    assert "a hole" not in mail and "BEGIN PGP MESSAGE" in mail, mail


def test_operations_guide_makes_the_key_last_longer(desk):
    lines = page_block("embargo-milter.7", "$ gpg --quick").splitlines()
    words = "gpg --batch --pinentry-mode loopback --passphrase ''"
    for line in lines:
        line = line.replace("FINGERPRINT", desk.key)
        if line.startswith("$ "):
            line = line.replace("$ gpg", "GNUPGHOME=%s %s" % (
                desk.home, words))
        line = line.removeprefix("# ")
        # there is no systemd: what its reload would do
        line = re.sub("^systemctl reload .*",
                      "pkill -USR1 -x embargo-milter", line)
        sh("cd /run && " + line)
    year = int(sh("date +%Y")) + 2
    wait_for(lambda: "expires: %d" % year in sh("embargoctl check",
                                                code=None),
             about="the new date")


def test_backup_can_be_restored(_):
    """The two commands of the operations guide, an empty Redis between."""
    page = read(TOP + "/conf/embargo-milter.7")
    keep, = re.findall(r"^\.Dl # (embargoctl export .*)", page, re.M)
    back, = re.findall(r"^\.Dl # (embargoctl import .*)", page, re.M)
    before = sh("embargoctl list --all --json")
    assert "VS-" in before
    sh("cd /run && " + keep)
    sh("redis-cli flushall")
    sh("cd /run && " + back)
    assert sh("embargoctl list --all --json") == before


def test_setup_again_keeps_everything(_):
    text = in_sources(block("embargo-setup"), code=None)
    assert problems(text) == [] and "has the filter" in text, text
    assert re.search(r"\brefused\b", text) and "NOT REFUSED" not in text, text
    assert not re.search("^(wrote|made|imported|joined|moved)", text, re.M)


def test_away_means_later(desk):
    sh("kill $(pidof embargo-milter); "
       "while pidof embargo-milter; do sleep 0.1; done")
    mail = desk.encrypted_mail(LIST, desk.key, id="two@reporter.test")
    wait_for(lambda: send(mail)[0] == 451, about="a 451")
    sh("systemctl enable --now embargo-milter")
    wait_for(lambda: send(mail)[0] == 250, about="a 250")


def test_uninstalls(_):
    in_sources("make uninstall")
    left = sh("find /usr/local -type f | grep -v systemctl", code=None)
    assert left == "", left
    assert os.path.exists("/etc/embargo-milter/embargo-milter.conf")


def main():
    bare_host.enter()
    os.environ["PATH"] = "/usr/local/sbin:/usr/local/bin:" \
        "/usr/sbin:/usr/bin:/sbin:/bin"
    for name in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL", "TMPDIR"):
        os.environ.pop(name, None)
    bare_host.add_systemctl()
    bare_host.start_syslog()
    bare_host.start_redis()
    with open("/etc/aliases", "a") as file:
        file.write("distros: carol, dave\n")
    bare_host.start_postfix("carol", "dave")
    desk = Reporter()
    desk.key = desk.make_key("distros <%s>" % LIST)
    try:
        return tap.run(tap.collect(globals(), desk))
    finally:
        desk.close()


if __name__ == "__main__":
    sys.exit(main())
