"""The demonstration of contrib/quickstart: a guarded list on this machine.

Postfix, Redis, GnuPG and the programs as built are real; the mail host, its
key and its folders live until the end of the story.

    demo.py BUILDDIR
"""
import re
import signal
import smtplib
import sys
import textwrap
import time

from guarded_site import LIST, GuardedSite, end_on_signals
from private_postfix import wait_for

ALICE = "alice@reporter.test"
CAROL = "carol@member.test"
TITLE = "a report"      # the Subject is never encrypted


def say(text):
    """A paragraph of ours, apart from what programs say."""
    print()
    for line in textwrap.dedent(text).strip("\n").split("\n"):
        print("   " + line, flush=True)


def show(text, mark=None):
    """What a program said; `mark`: the lines to look at."""
    for line in text.rstrip("\n").split("\n"):
        sign = ">" if mark and re.match(mark, line) else " "
        print(("  %s   %s" % (sign, line)).rstrip(), flush=True)


def quote(text, mark=None):
    """A block of what a program said or will read."""
    print()
    show(text, mark)


def step(number, title):
    print("\n%d. %s" % (number, title), flush=True)


def run(words):
    """The words of a command as a person would type them."""
    quote("$ " + words)


class Dialogue(smtplib.SMTP):
    """An SMTP client that shows what is said from `first` to the end."""

    def __init__(self, first, *words):
        self.first = first
        self.is_shown = False
        super().__init__(*words)

    def putcmd(self, cmd, args=""):
        super().putcmd(cmd, args)
        self.is_shown = self.is_shown or cmd == self.first
        if self.is_shown:
            show("client: " + ("%s %s" % (cmd.upper(), args)).strip())

    def getreply(self):
        code, text = super().getreply()
        if not self.is_shown:
            return code, text
        lines = text.decode().split("\n")
        for line in lines[:-1]:
            show("server: %d-%s" % (code, line))
        show("server: %d %s" % (code, lines[-1]))
        return code, text


def deliver(site, mail, sender, note, first="data"):
    """Send the mail and show how that went; the server's last code."""
    print()
    client = Dialogue(first, "127.0.0.1", site.postfix.port, "client.test", 30)
    try:
        client.ehlo()
        client.mail(sender)
        client.rcpt(LIST)
        client.putcmd("data")
        client.getreply()
        show("client: (%s, %d bytes)" % (note, len(mail)))
        client.send(mail + b".\r\n")
        return client.getreply()[0]
    finally:
        client.close()      # no farewell: it would wait when we must end


def expect(is_so, what):
    if not is_so:
        raise RuntimeError("that is not how it should be: " + what)


def show_host(site):
    step(1, "A mail host with a private list, %s" % LIST)
    say("""
        Postfix listens on 127.0.0.1:%d. Its main.cf has four lines more:
        """ % site.postfix.port)
    quote("\n".join(line for line in site.main_cf.split("\n")
                    if line and line[0] != "#"))
    say("""
        smtpd asks embargo-milter about each message; Redis remembers what
        was reported and until when it is secret; embargo-warnd watches the
        dates. The mail host has the public half of the list's key only:
        """)
    quote(site.key)


def show_refusal(site):
    step(2, "Alice reports a hole and forgets to encrypt")
    code = deliver(site, site.reporter.clear_mail(
        LIST, subject="[vs] " + TITLE), ALICE, "her report, readable", "mail")
    expect(code == 550, "cleartext was answered with %d" % code)
    say("""
        Refused before it was in the queue. Alice reads at once why and what
        to do; nobody has got her report, and Redis holds a counter only.
        """)


def show_report(site):
    step(3, "Alice encrypts to the list's key and sends it again")
    code = deliver(site, site.reporter.encrypted_mail(
        LIST, site.key, subject="[vs] " + TITLE, id="one@reporter.test"),
        ALICE, "her report, PGP/MIME")
    expect(code == 250, "an encrypted report was answered with %d" % code)
    mail, = site.postfix.mails(1)
    say("The list gets the message as it was sent, with four tags (>):")
    quote("\n".join(mail.decode().split("\n")[:24] + ["..."]), "X-Embargo-")
    say("""
        The report proposed no date: the longest that the list allows, 14
        days, is assumed.
        """)
    return re.search(r"X-Embargo-Issue: (\S+)", mail.decode())[1]


def show_reply(site, issue):
    step(4, "Carol, a member of the list, answers")
    code = deliver(site, site.reporter.encrypted_mail(
        LIST, site.key, sender=CAROL, subject="Re: [vs] " + TITLE,
        id="two@member.test", more="In-Reply-To: <one@reporter.test>\n"),
        CAROL, "her answer, PGP/MIME")
    expect(code == 250, "an encrypted reply was answered with %d" % code)
    tags = "\n".join(line for line in site.postfix.mails(2)[1].decode().split(
        "\n") if line.startswith("X-Embargo"))
    expect(issue in tags and "reply" in tags, tags)
    say("Her answer belongs to the same issue:")
    quote(tags, "X-Embargo-(Issue|Status)")


def show_issue(site, issue):
    step(5, "An operator looks at what is open, and agrees on a date")
    run("embargoctl list")
    show(site.ctl("list"))
    due = time.strftime("%Y-%m-%d %H:%M UTC",
                        time.gmtime(time.time() + 90 * 60))
    run('embargoctl set-date %s "%s"' % (issue, due))
    show(site.ctl("set-date", issue, due))


def show_alert(site, issue):
    step(6, "The date comes near, and embargo-warnd says so")
    site.warnd.send_signal(signal.SIGUSR1)  # else within half a minute
    wait_for(lambda: any(alert["kind"] == "approaching"
                         for alert in site.alerts()), about="the alert")
    run("embargoctl alerts")
    show(site.ctl("alerts"), ".*approaching")
    run("embargoctl list")
    show(site.ctl("list"))
    say("""
        Each alert comes once, however often the daemon is restarted. After
        the publication: embargoctl public %s URL
        """ % issue)


def story(site):
    site.start_warnd()
    show_host(site)
    show_refusal(site)
    issue = show_report(site)
    show_reply(site, issue)
    show_issue(site, issue)
    show_alert(site, issue)


def main():
    end_on_signals()
    with GuardedSite(sys.argv[1]) as site:
        story(site)
    step(7, "Everything is stopped, and its folders are gone.")
    say("How to have this on your mail host: README, \"Install it\".")


if __name__ == "__main__":
    main()
