"""What became of each mail: a sender's MTA that tries again, and the account
that must be right when all is over.

    ledger = Ledger(site)
    ledger.offer(3)                 reports, once each: the codes
    ledger.settle()                 again and again, until each was accepted
    ledger.check()

Each mail that was accepted is in the list's mailbox exactly once, as it was
sent, with the tags of an issue that counts it exactly once; nothing else is.
"""
import re

from guarded_site import LIST, OTHER
from private_postfix import wait_for


def read_field(mail, name):
    found = re.findall(rb"^%s: *(.*)$" % name, mail, re.M | re.I)
    assert len(found) == 1, (name, found)
    return found[0].decode().strip().strip("<>")


class Ledger:
    def __init__(self, site):
        self.site = site
        self.waiting, self.accepted = {}, {}

    def report(self, **fields):
        """Another mail, not sent yet; its id."""
        number = len(self.waiting) + len(self.accepted)
        name = "report%d@reporter.test" % number
        self.waiting[name] = self.site.reporter.encrypted_mail(
            LIST, self.site.key, id=name, **fields)
        return name

    def send(self, name):
        """One attempt; the code."""
        code, text = self.site.send(self.waiting[name])
        self.note(name, code)
        assert code in (250, 451), (name, code, text)
        return code

    def note(self, name, code):
        if code == 250:
            self.accepted[name] = self.waiting.pop(name)

    def offer(self, count=1):
        return [self.send(self.report()) for _ in range(count)]

    def settle(self, seconds=30):
        """As its queue does it, only faster."""
        for name in list(self.waiting):
            wait_for(lambda one=name: self.send(one) == 250, seconds,
                     "a 250 for " + name)

    def check(self):
        assert not self.waiting, list(self.waiting)
        tracked = self.delivered()
        counted = self.site.redis_hash("embargo:{distros}:counters")
        assert int(counted["accepted"]) == len(self.accepted), counted
        issues = {one["id"]: one["messages"] for one in
                  self.site.ctl_json("list", "--all")}
        assert sum(issues.values()) == len(self.accepted), issues
        assert set(issues) == set(tracked.values()), (issues, tracked)

    def delivered(self):
        """The issue of each mail in the list's box; each mail is there."""
        tracked = {}
        for mail in self.site.postfix.mails():
            if read_field(mail, b"Delivered-To") != LIST:
                continue
            name = read_field(mail, b"Message-ID")
            assert name not in tracked, name + " was delivered twice"
            assert b"-----BEGIN PGP MESSAGE-----" in mail, "in clear: " + name
            tracked[name] = read_field(mail, b"X-Embargo-Issue")
        lost = set(self.accepted) - set(tracked)
        assert not lost, "accepted and lost: %s" % lost
        strange = set(tracked) - set(self.accepted)
        assert not strange, "delivered without a 250: %s" % strange
        return tracked

    def check_others(self, other_code=250):
        """Clear text stays refused, other mail passes."""
        site = self.site
        code, text = site.send(site.reporter.clear_mail(LIST))
        assert code == (550 if other_code == 250 else other_code), text
        code, text = site.send(site.reporter.clear_mail(OTHER), OTHER)
        assert code == other_code, text
