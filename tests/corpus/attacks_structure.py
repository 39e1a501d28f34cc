"""Attacks on the MIME structure of PGP/MIME: (name, reason, what, message).

Each shows a text in some client, or makes two clients see two structures.
"""
import mails
import notes
import openpgp as pgp
from mails import Part, TEXT, mixed, multipart, part, rfc822
from shape import HTML, WORDS, Whole

PARTLY, MALFORMED = "partly-cleartext", "malformed"
NBSP = "\N{NO-BREAK SPACE}\n".encode()


def outside(c):
    """Before the first and behind the last boundary."""
    for name, text in (
            ("", TEXT), ("-nbsp", NBSP), ("-dot", b".\n"),
            ("-html", HTML), ("-zero-width", b"\xe2\x80\x8b\n"),
            ("-boundary-like", b"--" + TEXT)):
        yield "preamble" + name, PARTLY, "text before the first boundary", \
            c.but(preamble=text)
        yield "epilogue" + name, PARTLY, "text behind the last boundary", \
            c.but(epilogue=text)
    yield "preamble-more", PARTLY, "text behind the usual preamble", \
        c.but(preamble=b"This is an OpenPGP/MIME encrypted message "
              b"(RFC 4880 and 3156)\n" + TEXT)
    yield "preamble-same-line", PARTLY, "text in the line of the preamble", \
        c.but(preamble=b"This is an OpenPGP/MIME encrypted message "
              b"(RFC 4880 and 3156) " + TEXT)
    yield "epilogue-part", PARTLY, "a part behind the last boundary", c.but(
        epilogue=b"--%s\n%s" % (c.boundary.encode(), bytes(part(TEXT))))
    yield "epilogue-second-end", PARTLY, "text and a second end", c.but(
        epilogue=TEXT + b"--%s--\n" % c.boundary.encode())
    yield "epilogue-uuencode", PARTLY, "a uuencoded file behind the end", \
        c.but(epilogue=b"begin 644 a.txt\n#0V%T\n`\nend\n")
    yield "epilogue-mbox", PARTLY, "another mail of an mbox", c.but(
        epilogue=b"\nFrom a@example.org Mon Nov 23 10:00:00 2026\n"
        b"Subject: %s\n" % WORDS.encode())


def further_parts(c):
    """More than two parts in the multipart/encrypted."""
    version, payload = c.version_part(), c.payload_part()
    text, html = part(TEXT), part(HTML, "text/html")
    yield "third-part", PARTLY, "a text as third part", c.but(more=(text,))
    yield "third-part-html", PARTLY, "HTML as third part", c.but(
        more=(html,))
    yield "third-part-attached", PARTLY, "a patch as third part", c.but(
        more=(part(TEXT, 'text/x-patch; name="a.patch"',
                   disposition="attachment"),))
    yield "third-part-blank", PARTLY, "a blank third part", c.but(
        more=(part(b"\n"),))
    yield "third-part-nothing", PARTLY, "an empty third part", c.but(
        more=(Part([], b""),))
    yield "third-part-cipher", PARTLY, "a second ciphertext", c.but(
        more=(c.payload_part(),))
    yield "part-before", PARTLY, "a text as first part", c.of(
        text, version, payload)
    yield "part-between", PARTLY, "a text as second part", c.of(
        version, text, payload)
    yield "part-for-payload", PARTLY, "payload beside a text, in mixed", \
        c.of(version, mixed(payload, text, boundary="inner"))
    yield "payload-twice", MALFORMED, "no version part", c.of(
        payload, payload)


def beside(c):
    """The whole multipart/encrypted with something beside it."""
    inner = c.entity()
    text, html = part(TEXT), part(HTML, "text/html")
    for name, note in {**notes.BEHIND, **notes.BEFORE}.items():
        foot = part(note, 'text/plain; charset="us-ascii"', "7bit", "inline")
        pair = (foot, inner) if name in notes.BEFORE else (inner, foot)
        yield "beside-" + name, PARTLY, "a note of kind " + name, c.around(
            mixed(*pair))
    yield "mixed-text-first", PARTLY, "a text before", c.around(
        mixed(text, inner))
    yield "mixed-text-both", PARTLY, "a text before and one behind", \
        c.around(mixed(text, inner, text))
    yield "mixed-attachment", PARTLY, "a patch beside", c.around(mixed(
        inner, part(TEXT, 'text/x-patch; name="a.patch"', "base64",
                    "attachment")))
    yield "mixed-image", PARTLY, "a screenshot beside", c.around(mixed(
        inner, part(b"\x89PNG\r\n\x1a\n" + pgp.random_bytes(90),
                    'image/png; name="image.png"', "base64", "inline")))
    yield "mixed-key", PARTLY, "a public key beside", c.around(mixed(
        inner, part(pgp.armor(pgp.key(), "PUBLIC KEY BLOCK"),
                    'application/pgp-keys; name="key.asc"')))
    yield "mixed-invitation", PARTLY, "a calendar entry beside", c.around(
        mixed(inner, part(b"BEGIN:VCALENDAR\nSUMMARY:%s\nEND:VCALENDAR\n" %
                          WORDS.encode(), "text/calendar; method=REQUEST")))
    for subtype in ("alternative", "related", "parallel", "report", "digest",
                    "x-unknown", "appledouble"):
        yield subtype + "-html", PARTLY, "HTML behind, in " + subtype, \
            c.around(multipart(subtype, inner, html))
        yield subtype + "-text-first", PARTLY, "text before, in " + subtype, \
            c.around(multipart(subtype, text, inner))


def deeper(c):
    """The same some levels down."""
    inner, text = c.entity(), part(TEXT)
    yield "nested-footer", PARTLY, "a text two levels below", c.around(
        mixed(mixed(inner, text, boundary="in1"), boundary="out1"))
    yield "nested-footer-outer", PARTLY, "a text one level above", c.around(
        mixed(mixed(inner, boundary="in1"), text, boundary="out1"))
    yield "outer-preamble", PARTLY, "preamble of a mixed", c.around(
        mixed(inner, preamble=TEXT))
    yield "outer-epilogue", PARTLY, "epilogue of a mixed", c.around(
        mixed(inner, epilogue=TEXT))
    yield "inner-preamble", PARTLY, "preamble below a mixed", c.around(
        mixed(c.but(preamble=TEXT).entity()))
    yield "inner-epilogue", PARTLY, "epilogue below a mixed", c.around(
        mixed(c.but(epilogue=TEXT).entity()))
    yield "nested-20", PARTLY, "a text 20 levels below", c.around(mails.nested(
        20, mixed(inner, text, boundary="in1")))
    yield "signed-beside", PARTLY, "signed: mixed of cipher and text", \
        c.around(mails.signed(mixed(inner, text, boundary="in1"), pgp.armor(
            pgp.signature(), "SIGNATURE")))
    yield "signed-preamble", PARTLY, "preamble of multipart/signed", \
        c.around(mails.signed(inner, pgp.armor(
            pgp.signature(), "SIGNATURE"), preamble=TEXT))
    yield "forwarded", PARTLY, "forwarded with a cover text", c.around(mixed(
        part(notes.COVER), rfc822(bytes(c))))
    yield "forwarded-alone", PARTLY, "as an attached message", c.around(
        rfc822(bytes(c)))
    yield "bounce", PARTLY, "in a delivery report", c.around(multipart(
        "report", part(TEXT), part(b"Reporting-MTA: dns; a.example.org\n",
                                   "message/delivery-status"),
        rfc822(bytes(c)), parameters="; report-type=delivery-status"))
    yield "digest", PARTLY, "in a digest of a list", c.around(multipart(
        "digest", rfc822(bytes(c)), rfc822(bytes(Whole(c.head, text)))))


def version_part(c):
    """What stands where "Version: 1" should."""
    for name, reason, body in (
            ("more", PARTLY, b"Version: 1\n" + TEXT),
            ("text", PARTLY, TEXT), ("two", PARTLY, b"Version: 2\n"),
            ("same-line", PARTLY, b"Version: 1 " + TEXT),
            ("comment", PARTLY, b"Version: 1\nComment: " + TEXT),
            ("nbsp", PARTLY, b"Version: 1\n" + NBSP),
            ("empty", MALFORMED, b""), ("armour", PARTLY, c.armor)):
        yield "version-" + name, reason, "in the version part", c.but(
            version=body)
    yield "version-type", MALFORMED, "first part of another type", c.but(
        first=("Content-Type: text/plain",), version=b"")
    yield "payload-type-text", MALFORMED, "second part is text/plain", \
        c.second_as("Content-Type: text/plain")
    yield "payload-type-html", PARTLY, "second part is text/html", \
        c.second_as("Content-Type: text/html")
    yield "order", MALFORMED, "wrong order", c.of(
        c.payload_part(), c.version_part())
    yield "one-part", MALFORMED, "a single part", c.of(c.payload_part())


GENERATORS = (outside, further_parts, beside, deeper, version_part)
