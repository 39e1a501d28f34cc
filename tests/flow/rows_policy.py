"""What a list's settings say: (name, expected, message, list, options).

`expected` is a verdict and a reason as the log has them; `list` is a name of
LISTS; `options` are those of FakeMTA.send().
"""
import time

import openpgp as pgp
from mails import mail, part, pgp_mime
from shapes import MARK, SUBJECT, TEXT

DOMAIN = "@vs.example.org"
# One list for each setting; all have the same key.
LISTS = {
    "tags": {"subject_tags": ["[vs]", "[vs-plain]"]},
    "strict": {"embargo": {"missing": "reject", "over_max": "reject"}},
    "hold": {"cleartext": "quarantine", "bounces": "quarantine"},
    "warn": {"cleartext": "warn"},
    "door": {"allow_passphrase": True},
    "mime": {"accept": ["pgp-mime"]},
    "inline": {"accept": ["pgp-inline"]},
    "trial": {"enforce": False},
    "nourl": {"subject_url": None},
}


def in_days(days):
    return time.strftime("%Y-%m-%d %H:%M UTC",
                         time.gmtime(time.time() + days * 86400))


def subject_tags(s):
    good = pgp_mime(s.armored())

    def tagged(subject, **fields):
        return mail(good, subject=subject, **fields)
    refused = "reject missing-subject-tag"
    yield "no tag", refused, tagged("report " + MARK), "tags", {}
    yield "no Subject", refused, tagged(None), "tags", {}
    yield "half a tag", refused, tagged("[vs report"), "tags", {}
    yield "a tag", "accept pgp-mime", tagged(SUBJECT), "tags", {}
    yield "a tag in a reply", "accept pgp-mime", tagged(
        "Re: [distros] [vs-plain] x"), "tags", {}
    yield "a tag in upper case", "accept pgp-mime", tagged("[VS] x"), \
        "tags", {}
    yield "a tag in an encoded word", "accept pgp-mime", tagged(
        "=?utf-8?q?=5Bvs=5D_r=C3=A9port?="), "tags", {}
    yield "no tag, list without tags", "accept pgp-mime", tagged("x"), \
        "nourl", {}
    yield "cleartext before the tag", "reject cleartext", s.mail(
        part(TEXT), subject="no tag"), "tags", {}


def public_copies(s):
    good, refused = pgp_mime(s.armored()), "reject public-copy"
    public = "oss-security@lists.openwall.com"
    for name, fields in (
            ("To", {"to": "distros@vs.example.org, " + public}),
            ("Cc", {"cc": public}),
            ("Cc with a name", {"cc": '"OSS, Security" <%s>' % public}),
            ("Cc in upper case", {"cc": public.upper()}),
            ("Cc, folded", {"cc": "a@example.org,\n %s" % public}),
            ("Cc in a group", {"cc": "all: a@example.org, %s;" % public}),
            ("Cc with a comment", {"cc": "(x) %s (list)" % public}),
            ("Cc by pattern", {"cc": "netdev@vger.kernel.org"}),
            ("Bcc field", {"lines": ["Bcc: " + public]}),
            ("Resent-To", {"lines": ["Resent-To: " + public]}),
            ("second Cc field", {"cc": "a@example.org",
                                 "lines": ["Cc: " + public]})):
        yield name, refused, mail(good, subject=SUBJECT, **fields), \
            "nourl", {}
    yield "envelope", refused, s.mail(good), "nourl", {"also": [public]}
    yield "envelope, plus", refused, s.mail(good), "nourl", {
        "also": ["oss-security+x@lists.openwall.com"]}
    yield "another list of that host", "accept pgp-mime", s.mail(
        good, cc="x@lists.openwall.com"), "nourl", {}
    yield "cleartext let through", refused, s.mail(
        part(TEXT), cc=public), "warn", {}


def automatic(s):
    good, refused = pgp_mime(s.armored()), "reject automatic"
    yield "null sender", refused, s.mail(good), "nourl", {"sender": ""}
    yield "null sender, cleartext", refused, s.mail(part(TEXT)), "nourl", {
        "sender": ""}
    for field in ("Auto-Submitted: auto-replied",
                  "Auto-Submitted: auto-generated (vacation)",
                  "auto-submitted: AUTO-NOTIFIED", "Precedence: auto_reply",
                  "X-Autoreply: yes", "X-Autorespond: vacation"):
        yield field, refused, s.mail(good, lines=[field]), "nourl", {}
    yield "Auto-Submitted: no", "accept pgp-mime", s.mail(
        good, lines=["Auto-Submitted: no"]), "nourl", {}
    yield "Precedence: list", "accept pgp-mime", s.mail(
        good, lines=["Precedence: list"]), "nourl", {}
    yield "held", "quarantine automatic", s.mail(good), "hold", {
        "sender": ""}


def dates(s):
    good = pgp_mime(s.armored())
    yield "no date", "reject missing-date", s.mail(good), "strict", {}
    yield "date in the past", "reject missing-date", s.mail(
        good, lines=["Embargo-Until: 2020-01-01 14:00 UTC"]), "strict", {}
    yield "date that is none", "reject missing-date", s.mail(
        good, lines=["Embargo-Until: next week"]), "strict", {}
    yield "date too late", "reject over-max", s.mail(
        good, lines=["Embargo-Until: " + in_days(20)]), "strict", {}
    yield "date in time", "accept pgp-mime", s.mail(
        good, lines=["Embargo-Until: " + in_days(10)]), "strict", {}


def settings(s):
    good, clear = s.mail(pgp_mime(s.armored())), s.mail(part(TEXT))
    block = s.inline()
    both = s.mime(pgp.pkesk(s.key) + pgp.skesk() + pgp.seipd())
    yield "PGP/MIME where it is taken", "accept pgp-mime", good, "mime", {}
    yield "inline where it is not", "reject pgp-inline", block, "mime", {}
    yield "PGP/MIME where it is not", "reject pgp-mime", good, "inline", {}
    yield "inline where it is taken", "accept pgp-inline", block, "inline", {}
    yield "allowed passphrase", "accept pgp-mime", both, "door", {}
    yield "passphrase alone, allowed", "reject symmetric-only", s.mime(
        pgp.skesk() + pgp.seipd()), "door", {}
    yield "cleartext held", "quarantine cleartext", clear, "hold", {}
    yield "partly cleartext held", "quarantine partly-cleartext", \
        s.text(TEXT), "hold", {}
    yield "wrong key is not held", "reject wrong-key", s.mime(
        pgp.encrypted(pgp.random_bytes(8))), "hold", {}
    yield "malformed is not held", "reject malformed", s.inline(
        checksum="AAAA"), "hold", {}
    yield "cleartext warned of", "warn cleartext", clear, "warn", {}
    yield "signed warned of", "warn signed-only", s.mail(part(s.keys.sign(
        TEXT, s.keys.member, "--clear-sign"))), "warn", {}
    yield "fake is not let through", "reject not-encrypted-inside", \
        s.mime(pgp.literal(TEXT)), "warn", {}
    yield "trial run, good", "accept pgp-mime", good, "trial", {}
    yield "trial run, cleartext", "would-reject cleartext", clear, "trial", {}
    yield "trial run, wrong key", "would-reject wrong-key", s.mime(
        pgp.encrypted(pgp.random_bytes(8))), "trial", {}
    yield "trial run, too big", "would-reject too-big", s.mail(part(
        (b"x" * 70 + b"\n") * 40000)), \
        "trial", {}
    yield "no URL", "reject cleartext", clear, "nourl", {}


def sizes(s):
    line = b"x" * 70 + b"\n"
    yield "cleartext", "reject too-big", s.mail(part(line * 40000)), \
        "nourl", {}
    yield "encrypted", "reject too-big", s.mime(
        pgp.encrypted(s.key, size=2000000)), "nourl", {}
    yield "one line without end", "reject too-big", s.mail(part(
        b"x" * 2500000)), "nourl", {}
    yield "null bytes", "reject too-big", s.mail(part(bytes(2500000))), \
        "nourl", {}
