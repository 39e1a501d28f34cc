"""What the filter has others told: reporters of their issue, operators of
refusals; and that our own mails never become issues."""
import re
import subprocess
import sys
import time

import mails
import tap
from fake_sendmail import FakeSendmail
from gpg_keys import Keys
from milter_rig import LIST, OTHER, Rig
from shift_clock import at_time
from warnd_rig import WARND

SENDER = "reporter@example.org"
REPLIES = "replies"


class Site:
    """The filter, embargo-warnd and a sendmail."""

    def __init__(self, keys, lists=({},), **alerts):
        self.sendmail = FakeSendmail()
        self.rig = Rig(lists=lists, keys=keys, alerts={
            "sendmail": self.sendmail.path, **alerts})

    def once(self, *wrapper, code=0):
        done = subprocess.run([*wrapper, WARND, "-c", self.rig.path, "--once"],
                              capture_output=True, text=True, timeout=60)
        assert done.returncode == code, (done.returncode, done.stderr)
        return done.stderr

    def send(self, sender=SENDER, accepted=True, rcpt=(LIST,), **fields):
        answer = self.rig.send(self.rig.good_mail(**fields), rcpt,
                               sender=sender)
        assert (answer.kind == "accept") == accepted, answer
        return answer

    def replies(self):
        return self.rig.redis.stream(self.rig.key(REPLIES))

    def alerts(self):
        return self.rig.redis.stream(self.rig.key("alerts"))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.rig.close()
        self.sendmail.close()


# ---- acknowledgements

def test_reporter_is_told(keys):
    """Issue and date, once, and nothing else of the report."""
    with Site(keys, acknowledge=True) as site:
        message = site.rig.good_mail(subject="[vs] Sesame", message_id="<r@x>")
        for _ in range(2):  # the MTA tries again
            assert site.rig.send(message,
                                 sender=SENDER).kind == "accept"
        site.send(in_reply_to="<r@x>")
        reply, = site.replies()
        assert reply["to"] == SENDER, reply
        site.once()
        mail, = site.sendmail.mails()
        assert mail.arguments == ["-i", "-f", "<>", "--", SENDER]
        assert mail["To"] == SENDER
        assert mail["From"] == "embargo@vs.example.org"
        assert mail["Auto-Submitted"] == "auto-replied"
        issue, = site.rig.issues()
        due = int(site.rig.issue(issue)["due_at"])
        assert mail["Subject"] == "Your report: " + issue
        assert mail.get_payload() == (
            "Your report was recorded as %s.\n"
            "The embargo date recorded is %s,\n"
            "assumed because none was stated.\n" % (issue, time.strftime(
                "%Y-%m-%dT%H:%M:%SZ", time.gmtime(due)))), mail.get_payload()
        assert b"Sesame" not in mail.raw and b"r@x" not in mail.raw
        assert re.fullmatch(r"<embargo\.distros\.reply\.\d+-\d+@vs\."
                            r"example\.org>", mail["Message-ID"])


def test_address_is_forgotten(keys):
    """It stands in Redis until the mail was taken, and no longer."""
    with Site(keys, acknowledge=True) as site:
        site.send()
        site.sendmail.set("fail")
        site.once(code=69)
        assert SENDER in str(everything(site.rig.redis))
        site.sendmail.set("ok")
        ids = [one[0] for one in site.rig.redis(
            "XPENDING", site.rig.key(REPLIES), "mail", "-", "+", 10)]
        site.rig.redis("XCLAIM", site.rig.key(REPLIES), "mail", "x", 0, *ids,
                       "IDLE", 300000, "JUSTID")
        site.once()
        assert len(site.sendmail.mails()) == 1
        assert site.replies() == []
        assert SENDER not in str(everything(site.rig.redis))


def everything(redis):
    """The contents of the database."""
    found = []
    for key in redis("KEYS", "*"):
        kind = redis("TYPE", key)
        if kind == "hash":
            found.append(redis("HGETALL", key))
        elif kind == "stream":
            found.append(redis("XRANGE", key, "-", "+"))
        elif kind == "zset":
            found.append(redis("ZRANGE", key, 0, -1))
        else:
            found.append(redis("GET", key))
    assert found
    return found


def test_too_late(keys):
    """After three days the reporter has asked, and is not told any more."""
    with Site(keys, acknowledge=True) as site:
        site.send()
        assert "not told any more" in site.once(
            *at_time(time.time() + 73 * 3600))
        assert site.sendmail.mails() == [] and site.replies() == []


NOT_TOLD = (
    ("owner-list@example.org", {}),
    ("list-bounces+x=y@example.org", {}),
    ("list-request@example.org", {}),
    ("MAILER-DAEMON@example.org", {}),
    (SENDER, {"lines": ["List-Id: <x.example.org>"]}),
    (SENDER, {"lines": ["Precedence: bulk"]}),
    (SENDER, {"lines": ["Precedence: list"]}),
    ("embargo@vs.example.org", {}),                 # mail_from
    (LIST, {}),
    ("distros+x@vs.example.org", {}),
    ("", {"accepted": False}),
    (SENDER, {"lines": ["Auto-Submitted: auto-generated"],
              "accepted": False}),
    (SENDER, {"cc": "oss-security@lists.openwall.com", "accepted": False}),
    ('"x\\" y"@example.org', {}),
)


def test_nobody_else_is_told(keys):
    with Site(keys, acknowledge=True) as site:
        for sender, fields in NOT_TOLD:
            site.send(sender=sender, **fields)
            assert site.replies() == [], (sender, fields)
        assert len(site.rig.issues()) == sum(
            1 for _, fields in NOT_TOLD if fields.get("accepted", True))
        assert not site.rig.redis("EXISTS", site.rig.key(REPLIES))


def test_unless_asked_for(keys):
    with Site(keys) as site:
        site.send()
        assert site.replies() == [] and len(site.rig.issues()) == 1


# ---- refusals

def test_refusals_are_gathered(keys):
    """Hour, reason, list and domain; nothing else of the messages."""
    clear = mails.part(b"Sesame\n")
    with Site(keys, mail_to=["ops@example.org"]) as site:
        for sender in ("a@example.net", "b@example.net", "c@example.com"):
            answer = site.rig.send(mails.mail(clear, subject="[vs] Sesame"),
                                   sender=sender)
            assert answer.code == 550, answer
        wrong = mails.mail(mails.pgp_mime(
            keys.encrypt(b"x", [keys.foreign])))
        assert site.rig.send(wrong, sender="d@example.com").code == 550
        counters = site.rig.counters()
        assert counters["refused:cleartext"] == "3", counters
        site.once()
        assert site.alerts() == []
        running = [subprocess.Popen(
            [*at_time(time.time() + 3600), WARND, "-c", site.rig.path,
             "--once"], stderr=subprocess.DEVNULL) for _ in range(4)]
        assert [process.wait(60) for process in running] == [0] * 4
        alert, = site.alerts()
        assert alert["kind"] == "refused" and alert["issue"] == ""
        assert re.fullmatch(
            r"4 messages refused from \d\d:00 to \d\d:00 UTC: "
            r"cleartext to distros from example\.net \(2\), "
            r"cleartext to distros from example\.com \(1\), "
            r"wrong-key to distros from example\.com \(1\)\.  A report .*",
            alert["text"]), alert
        assert "Sesame" not in str(everything(site.rig.redis))
        mail, = site.sendmail.mails()
        assert mail["Subject"] == "[embargo] refused"


def test_what_is_not_refused(keys):
    """Trial runs, quarantine and our own trouble are not."""
    with Site(keys, lists=({"enforce": False}, ), mail_to=[
            "ops@example.org"]) as site:
        answer = site.rig.send(mails.mail(mails.part(b"x")))
        assert answer.kind == "accept", answer
        assert not site.rig.redis("EXISTS", site.rig.key("refused"))
        assert site.rig.counters()["would-reject:cleartext"] == "1"


# ---- our own mail

def test_our_mail_is_no_report(keys):
    """Sealed to the list's very key, and refused; told of to nobody."""
    with Site(keys, mail_to=["ops@example.org"], acknowledge=True,
              encrypt_to=[keys.list]) as site:
        site.send()
        site.once()
        sent = site.sendmail.mails()
        assert len(sent) == 2, sent     # no-date, and the reply
        for mail in sent:
            sender = mail.arguments[2]
            answer = site.rig.send(mail.raw, sender=sender)
            assert answer.code == 550, answer
            line = site.rig.last_line()
            assert line["reason"] == "automatic", line
        assert len(site.rig.issues()) == 1
        assert len(site.replies()) == 0
        # a refusal of it would be mailed, and refused, for ever
        refused = site.rig.redis.hash(site.rig.key("refused"))
        assert not any("vs.example.org" in field for field in refused), refused


def test_list_among_operators(keys):
    """mail_to must not lead to a list: it would refuse every alert."""
    with Site(keys, lists=({}, {"name": "kernel", "address": [OTHER], "key": [
            keys.other]})) as site:
        for address in (LIST, "DISTROS+x@vs.example.org", OTHER):
            site.rig.settings["alerts"]["mail_to"] = [address]
            site.rig.write_conf()
            log = site.once(code=78)
            assert "mail_to: an address of a list" in log, log


def main():
    with Keys() as keys:
        return tap.run(tap.collect(globals(), keys))


if __name__ == "__main__":
    sys.exit(main())
