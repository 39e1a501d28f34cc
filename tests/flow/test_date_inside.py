"""Sighted lists: the date inside the encryption, and who may move it."""
import sys

import mails
from mails import mail, mixed, multipart, part
from sighted import (DOMAIN, MARK, MEMBER, TEXT, Site, crlf, entity,
                     run, soon)

SOMEONE = "Someone <someone@example.net>"
FOOTNOTE = ("\n-- \nA. Member, %s\n" % MARK).encode()


def until(site, message, to="distros", keep=False):
    """X-Embargo-Until of a first mail."""
    if not keep:
        site.rig.redis("FLUSHDB")
    answer = site.rig.send(message, [to + DOMAIN])
    assert answer.verdict == "accept", answer
    assert MARK not in site.rig.log()
    return answer.tags["X-Embargo-Until"]


def sealed(site, inside, **fields):
    """An unsigned mail with this entity inside."""
    return site.mail(site.seal(inside), **fields)


def expect(site, inside, wanted, **fields):
    got = until(site, sealed(site, inside, **fields))
    assert got == wanted, (got, wanted, inside)


def text(words, before=b"Hello,\n\n", behind=b"\nRegards\n" + FOOTNOTE):
    return before + words.encode() + b"\n" + behind


def assumed(site, inside, **fields):
    got = until(site, sealed(site, inside, **fields))
    assert got.endswith("; assumed"), (got, inside)


# where it may stand

def test_the_protected_header(site):
    said, tag = soon(5)
    expect(site, entity(lines=["Embargo-Until: " + said]), tag)
    expect(site, crlf(entity(lines=["Embargo-Until: " + said])), tag)
    expect(site, entity(lines=["EMBARGO-UNTIL:\n " + said]), tag)


def test_a_line_of_its_own(site):
    said, tag = soon(5)
    expect(site, entity(text("Embargo-Until: " + said)), tag)


def test_a_label_in_the_text(site):
    said, tag = soon(5)
    for words in ("Coordinated Release Date: " + said,
                  "CRD: %s" % said, "The embargo ends at\n%s." % said,
                  "**CRD:** " + said,
                  "Proposed public disclosure date: " + said):
        expect(site, entity(text(words)), tag)


def test_transfer_encodings(site):
    said, tag = soon(6)
    words = text("Ein süßes Datum = gut.\n\nCRD: " + said)
    for encoding in ("quoted-printable", "base64", "8bit", None):
        expect(site, entity(words, encoding=encoding), tag)
    split = words.replace(b"CRD: ", b"C=\nRD=3A=20")
    expect(site, bytes(part(split, lines=[
        "Content-Transfer-Encoding: quoted-printable"])), tag)


def test_charsets(site):
    said, tag = soon(6)
    words = "Größe: 3 µm.\n\nCRD:\u00a0%s\n" % said
    for charset, codec in (("iso-8859-1", "latin-1"),
                           ("ISO-8859-15", "iso8859-15"),
                           ("windows-1252", "cp1252"), ("utf-8", "utf-8"),
                           ("utf-16", "utf-16")):
        encoding = "base64" if charset == "utf-16" else "8bit"
        expect(site, entity(words.encode(codec), type="text/plain; "
                            "charset=" + charset, encoding=encoding), tag)
    expect(site, entity(text("CRD: " + said), type="text/plain; "
                        "charset=no-such-thing"), tag)


def test_nothing_to_decode(site):
    said, tag = soon(6)
    words = text("CRD: " + said)
    for type in ("text/plain", "text/plain; charset=us-ascii",
                 "TEXT/Plain; Charset=UTF-8", 'text/plain; charset="utf-8"'):
        expect(site, entity(words, type=type), tag)
        expect(site, crlf(entity(words, type=type, encoding="7bit")), tag)
    expect(site, entity(b"\0\xff\n" + words), tag)
    expect(site, entity(words, lines=["Content-Disposition: inline"]), tag)
    assumed(site, entity(words, lines=["Content-Disposition: attachment"]))


def test_format_flowed(site):
    said, tag = soon(6)
    words = "The embargo for this ends \non %s, \nsays \nvendor X.\n" % said
    expect(site, entity(words.encode(), type="text/plain; charset=utf-8; "
                        "format=flowed"), tag)


def test_alternatives(site):
    said, tag = soon(6)
    for inner in (part(text("CRD: " + said)),
                  part(text("CRD: " + said), encoding="base64")):
        both = multipart("alternative", inner, part(
            b"<p>See the text.</p>", "text/html; charset=utf-8"))
        expect(site, bytes(both), tag)
        expect(site, bytes(mixed(both, part(b"\0" * 100, "application/pdf",
                                            "base64"), boundary="x")), tag)


def test_signed_inside(site):
    said, tag = soon(6)
    armor = site.seal(site.parts(part(text("CRD: " + said))))
    assert until(site, site.mail(armor), "member") == tag
    inner = part(TEXT, lines=["Embargo-Until: " + said])
    assert until(site, site.mail(site.seal(site.parts(inner))),
                 "member") == tag


def test_inline(site):
    said, tag = soon(6)
    one = site.seal(text("CRD: " + said))
    assert until(site, mail(part(one), sender=MEMBER)) == tag
    two = mixed(part(site.seal(TEXT)), part(one))
    assert until(site, mail(two, sender=MEMBER)) == tag


# where it does not count

def test_what_others_said_does_not_count(site):
    said, _ = soon(5)
    for words in ("> CRD: %s\n> Embargo-Until: %s" % (said, said),
                  "On Monday, A wrote:\n> CRD: " + said,
                  "-----Original Message-----\nCRD: " + said,
                  "-- \nCRD: " + said):
        assumed(site, entity(text(words)))


def test_attachments_and_forwarded_mails_do_not_count(site):
    said, _ = soon(5)
    dated = text("CRD: " + said)
    field = ["Embargo-Until: " + said]
    for other in (part(dated, disposition="attachment"),
                  part(dated, disposition='attachment; filename="x.txt"'),
                  part(dated, "application/octet-stream"),
                  part(dated, "text/x-patch"),
                  mails.rfc822(mail(part(dated), lines=field)),
                  part(dated, "text/rfc822-headers"),
                  part(TEXT, lines=field),
                  mixed(part(TEXT), lines=field, boundary="in")):
        assumed(site, bytes(mixed(part(TEXT), other)))


def test_an_encrypted_attachment_does_not_count(site):
    said, _ = soon(5)
    dated = part(site.seal(text("CRD: " + said)),
                 'application/octet-stream; name="file.pgp"',
                 disposition="attachment")
    got = until(site, mail(mixed(part(site.seal(TEXT)), dated),
                           sender=MEMBER))
    assert got.endswith("; assumed"), got


def test_what_stands_beside_the_signed_part_does_not_count(site):
    said, _ = soon(5)
    whole = site.parts()
    outside = b"Embargo-Until: " + said.encode() + b"\n" + whole
    armor = site.seal(outside)
    assert until(site, site.mail(armor), "member").endswith("; assumed")


# which one holds

def test_inside_beats_outside(site):
    inside, tag = soon(5)
    outside, other = soon(8)
    field = ["Embargo-Until: " + outside]
    expect(site, entity(text("CRD: " + inside)), tag, lines=field)
    expect(site, entity(text("CRD: " + inside)), tag,
           subject="[vs] [embargo %s]" % outside)
    expect(site, entity(), other, lines=field)


def test_the_protected_header_beats_the_text(site):
    field, tag = soon(5)
    words, _ = soon(8)
    expect(site, entity(text("CRD: " + words),
                        ["Embargo-Until: " + field]), tag)


def test_no_hour_is_the_default_hour(site):
    _, tag = soon(5, "16:30")
    day = tag[:10]
    expect(site, entity(text("CRD: " + day)), tag + "; assumed")
    expect(site, entity(lines=["Embargo-Until: " + day]), tag + "; assumed")
    said, exact = soon(5, "09:15")
    expect(site, entity(text("CRD: " + said)), exact)


def test_two_different_dates_need_a_human(site):
    one, tag = soon(5)
    two, _ = soon(6)
    for inside in (entity(text("CRD: %s\n\nCRD: %s" % (one, two))),
                   entity(lines=["Embargo-Until: " + one,
                                 "Embargo-Until: " + two])):
        got = until(site, sealed(site, inside))
        assert got.endswith("needs-human"), got
    blocks = mixed(*[part(site.seal(text("CRD: " + said)))
                     for said in (one, two)])
    got = until(site, mail(blocks, sender=MEMBER))
    assert got.endswith("needs-human"), got
    same = entity(text("CRD: %s\n\nEmbargo-Until: %s" % (one, one)))
    expect(site, same, tag)


def test_what_cannot_be_taken_needs_a_human(site):
    for words in ("CRD: in two weeks", "CRD: 31 February 2027 14:00 UTC",
                  "Embargo-Until: soon"):
        got = until(site, sealed(site, entity(text(words))))
        assert got.endswith("needs-human"), (got, words)


def test_a_date_in_a_long_text_is_found_in_linear_time(site):
    said, tag = soon(5)
    words = ("CRD: %s\n" % said).encode() + TEXT * 30000
    expect(site, entity(words), tag)
    dates = "\n".join("Row %d: %s" % (i, said) for i in range(20000))
    assumed(site, entity(dates.encode()))


# who may move it

def reply(site, said, first, signer=None, sender=MEMBER, to="member"):
    """A reply to the mail with Message-ID first states another date."""
    inside = entity(text("CRD: " + said))
    message = site.mail(site.seal(inside, signer), sender,
                        in_reply_to=first)
    answer = site.rig.send(message, [to + DOMAIN])
    return answer.tags.get("X-Embargo-Until"), answer


def begin(site, to="member"):
    """A first mail with a date; its Message-ID and tag."""
    site.rig.redis("FLUSHDB")
    first, (said, tag) = mails.new_id(), soon(5)
    message = site.signed(text("CRD: " + said), message_id=first)
    assert until(site, message, to, keep=True) == tag
    return first, tag


def alerts(site, tracker):
    return [one["kind"] for one in site.rig.redis.stream(
        site.rig.key("alerts", tracker))]


def test_a_member_moves_the_date(site):
    for signer in (site.keys.member, site.keys.member_subkey):
        first, _ = begin(site)
        later, moved = soon(7)
        got, answer = reply(site, later, first, signer)
        assert got == moved, (got, moved)
        assert answer.tags["X-Embargo-Status"] == "moved"
        assert "moved" in alerts(site, "member")


def test_others_only_propose(site):
    """distros takes anybody's mail; only members would move a date."""
    keys = site.keys
    for name, signer, sender in (
            ("unsigned", None, MEMBER),
            ("a known key", keys.foreign, SOMEONE),
            ("no member's address", keys.member, SOMEONE),
            ("another address of the key", keys.member,
             "second@example.com"),
            ("someone else's signature", keys.foreign, MEMBER)):
        first, tag = begin(site, "open")
        later, _ = soon(7)
        got, answer = reply(site, later, first, signer, sender, "open")
        assert got == tag, (name, got, tag)
        assert answer.tags["X-Embargo-Status"] == "reply", name
        assert "proposed" in alerts(site, "open"), name
    first, tag = begin(site, "open")
    later, moved = soon(7)
    assert reply(site, later, first, keys.member, to="open")[0] == moved


def test_a_signature_that_does_not_hold_only_proposes(site):
    first, tag = begin(site, "open")
    later, _ = soon(7)
    inside = site.parts(part(text("CRD: " + later)))
    inside = inside.replace(b"Hello", b"Hallo")
    answer = site.rig.send(site.mail(site.seal(inside), in_reply_to=first),
                           ["open" + DOMAIN])
    assert answer.tags["X-Embargo-Until"] == tag, answer.tags


def test_embargoctl_still_says_the_same(site):
    """Of the mails with dates: that they are accepted."""
    said, _ = soon(5)
    for to in ("distros", "member", "open"):
        site.check(site.signed(text("CRD: " + said)), "accept pgp-mime",
                   to=to)
    site.classify()


def main():
    day = {"default_hour": "16:30", "max": "30d"}
    with Site(embargo=day) as site:
        return run(globals(), site)


if __name__ == "__main__":
    sys.exit(main())
