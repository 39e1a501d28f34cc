"""What operators and reporters get by mail, through a real Postfix and by the
very filter that guards the list."""
import os
import signal
import sys

import tap
from guarded_site import LIST, GuardedSite, end_on_signals
from private_postfix import wait_for

BUILDDIR = os.environ.get("top_builddir", ".")
OPS = "ops@site.test"
ALICE = b"alice@reporter.test"
# Postfix's own sendmail wants its group, which a test's user does not have.
SENDMAIL = '''#!{python}
import smtplib, sys
assert sys.argv[1:3] == ["-i", "-f"] and sys.argv[4] == "--", sys.argv
with smtplib.SMTP("127.0.0.1", {port}, "mx.site.test", 30) as server:
    server.sendmail(sys.argv[3], sys.argv[5:], sys.stdin.buffer.read())
'''


def to(site, address):
    """What was delivered there."""
    return [mail for mail in site.postfix.mails()
            if b"\nTo: " + address + b"\n" in mail.replace(b"\r\n", b"\n")]


def report(site):
    code, text = site.send(site.reporter.encrypted_mail(LIST, site.key))
    assert code == 250, (code, text)
    site.warn()
    return site.ctl_json("list")[0]["id"]


def test_an_alert_reaches_its_operator(site):
    """A report without a date: the operator reads why, nobody else does."""
    issue = report(site)
    mail, = to(site, OPS.encode())
    assert b"multipart/encrypted" in mail and b"Subject: ...\n" in mail, mail
    for word in (issue, "no-date", "VS-", "embargoctl"):
        assert word.encode() not in mail, word
    inside = site.reporter.decrypt(mail)
    assert "Subject: [embargo] %s: no-date" % issue in inside, inside
    assert "embargoctl show " + issue in inside, inside
    assert "X-Embargo-Issue" not in mail.decode()


def test_its_reporter_is_told_once(site):
    issue = report(site)
    code, _ = site.send(site.reporter.encrypted_mail(
        LIST, site.key, id="second@reporter.test",
        more="In-Reply-To: <report@reporter.test>\n"))
    assert code == 250
    site.warn()
    mail, = to(site, ALICE)
    assert b"recorded as " + issue.encode() in mail, mail
    assert b"\nAuto-Submitted: auto-replied\n" in mail, mail
    assert b"[vs]" not in mail and b"frob" not in mail, mail
    assert b"Return-Path: <>" in mail, mail


def test_our_mail_opens_no_issue(site):
    """An operator who put the list among its operators is warned of it."""
    report(site)
    assert len(site.ctl_json("list")) == 1
    site.postfix.sendmail(to(site, OPS.encode())[0], "embargo@vs.site.test",
                          LIST)
    site.postfix.look_for_local_mail()
    wait_for(lambda: "reason=wrong-key" in site.log_text() or
             "reason=automatic" in site.log_text(), about="a refusal")
    assert len(site.ctl_json("list")) == 1


def test_postfix_is_away(site):
    """The mail waits in the stream, and comes when Postfix is back."""
    site.warn()     # what came before the first look would be an archive
    site.postfix.stop()
    try:
        site.redis("XADD", "embargo:{distros}:alerts", "*", "kind", "moved",
                   "issue", "", "at", 1800000000, "due_at", 0, "state", "",
                   "text", "Something")
        site._ask("embargo-warnd", "--once", code=69)
    finally:
        site.postfix.start()
        write_sendmail(site)
    [[entry, *_]] = site.redis("XPENDING", "embargo:{distros}:alerts", "mail",
                               "-", "+", 10)
    site.redis("XCLAIM", "embargo:{distros}:alerts", "mail", "test", 0,
               entry, "IDLE", 3600000, "JUSTID")
    site.warn()
    mail, = to(site, OPS.encode())
    assert b"Message-ID: <embargo.distros.alert.%s@" % entry.encode() in mail


def write_sendmail(site):
    """Its path.  Each start of Postfix takes another port."""
    path = os.path.join(site.folder, "sendmail")
    with open(path, "w") as file:
        file.write(SENDMAIL.format(python="/usr/bin/python3",
                                   port=site.postfix.port))
    os.chmod(path, 0o755)
    return path


def settle(site):
    """Operators with a key, mails by way of our Postfix."""
    key = site.reporter.make_key("ops <%s>" % OPS)
    site.reporter.export(key, site.home, "nobody")
    with open(site.conf) as file:
        text = file.read().partition("alerts: {")[0]
    with open(site.conf, "w") as file:
        file.write(text + 'alerts: { mail_to = [ "%s" ]; encrypt_to = '
                   '[ "%s" ]; sendmail = "%s"; acknowledge = true; };\n' % (
                       OPS, key, write_sendmail(site)))
    site.filter.send_signal(signal.SIGUSR1)
    wait_for(lambda: "read again" in site.log_text(),
             about="the new configuration")


def on(site, test):
    """The test on a site without mail and issues."""
    def run():
        site.reset()
        test()
    return run


def main(word=""):
    """All tests, or those with a word in their names."""
    end_on_signals()
    with GuardedSite(BUILDDIR) as site:
        settle(site)
        return tap.run([(name, on(site, test)) for name, test in
                        tap.collect(globals(), site) if word in name])


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))
