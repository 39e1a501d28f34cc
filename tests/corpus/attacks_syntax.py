"""Attacks on the syntax of MIME: two readers, two messages.

(name, reason, what, message), for PGP/MIME.
"""
import mails
from mails import Part, TEXT, mixed, part
from shape import WORDS

PARTLY, MALFORMED = "partly-cleartext", "malformed"
ENCRYPTED = 'Content-Type: multipart/encrypted; protocol="application/' \
    'pgp-encrypted"'


def content_type(c):
    """Content-Type of the message."""
    usual = ENCRYPTED + '; boundary="%s"' % c.boundary
    half = len(c.boundary) // 2
    begin, rest = c.boundary[:half], c.boundary[half:]
    for name, lines in (
            ("two", (usual, "Content-Type: text/plain")),
            ("two-text-first", ("Content-Type: text/plain", usual)),
            ("two-alike", (usual, usual)),
            ("two-case", (usual, "content-TYPE: text/html")),
            ("two-boundaries", (usual + '; boundary="x"',)),
            ("two-boundaries-first", (
                ENCRYPTED + '; boundary="x"; boundary="%s"' % c.boundary,)),
            ("rfc2231", (ENCRYPTED + '; boundary*0="%s"; boundary*1="%s"' % (
                begin, rest),)),
            ("rfc2231-both", (usual + '; boundary*0="x"; boundary*1="y"',)),
            ("rfc2231-charset", (
                ENCRYPTED + "; boundary*=us-ascii''" + c.boundary,)),
            ("quoted-pair", (ENCRYPTED + '; boundary="%s\\%s"' % (
                begin, rest),)),
            ("comment", (ENCRYPTED + '; (boundary="x") boundary="%s"' %
                         c.boundary,)),
            ("comment-value", (ENCRYPTED + '; boundary=(x)"%s"' %
                               c.boundary,)),
            ("comment-end", (usual + " (%s)" % WORDS,)),
            ("comment-type", (usual.replace(
                "multipart/", "multipart/(text/plain)"),)),
            ("open-quote", (ENCRYPTED + '; boundary="%s' % c.boundary,)),
            ("no-semicolon", (usual.replace('encrypted"; ', 'encrypted" '),)),
            ("comma", (usual.replace("; b", ", b"),)),
            ("no-boundary", (ENCRYPTED,)),
            ("empty-boundary", (ENCRYPTED + '; boundary=""',)),
            ("blank-boundary", (ENCRYPTED + '; boundary=" "',)),
            ("no-protocol", (
                'Content-Type: multipart/encrypted; boundary="%s"' %
                c.boundary,)),
            ("other-protocol", (usual.replace("pgp-encrypted",
                                              "pkcs7-mime"),)),
            ("base64", (usual, "Content-Transfer-Encoding: base64")),
            ("quoted-printable", (
                usual, "Content-Transfer-Encoding: quoted-printable")),
            ("two-encodings", (usual, "Content-Transfer-Encoding: 7bit",
                               "Content-Transfer-Encoding: 8bit")),
            ("two-dispositions", (usual, "Content-Disposition: inline",
                                  "Content-Disposition: attachment"))):
        yield "type-" + name, MALFORMED, "Content-Type: " + name, \
            c.typed(*lines)
    yield "type-encoded-word", PARTLY, "an encoded word as type", c.typed(
        'Content-Type: =?us-ascii?q?multipart/encrypted?=; boundary="%s"' %
        c.boundary)
    yield "mime-version-twice", MALFORMED, "MIME-Version twice", \
        c.with_field("MIME-Version: 1.0")
    for name, line in (("blank", "Content-Type : text/plain"),
                       ("tab", "Content-Type\t: text/html")):
        yield "type-%s-colon" % name, MALFORMED, "before the colon", \
            c.typed(usual, line)


def as_text(c):
    """The parts of PGP/MIME under a type that shows them."""
    for name, line in (
            ("text", "Content-Type: text/plain"), ("none", None),
            ("html", "Content-Type: text/html; charset=utf-8"),
            ("octets", "Content-Type: application/octet-stream"),
            ("rfc822", "Content-Type: message/rfc822"),
            ("partial", 'Content-Type: message/partial; id="a@example.org"; '
             "number=1; total=1")):
        yield "as-" + name, PARTLY, "the whole as one part", c.typed(
            *([line] if line else []))


def boundaries(c):
    inner = c.entity()
    end = c.but(end=False).entity()
    line = b"--%s" % c.boundary.encode()
    body = c.body()
    lines = c.entity().lines
    yield "boundary-no-end", MALFORMED, "no end", c.but(end=False)
    yield "boundary-cut", MALFORMED, "cut off in the payload", c.around(Part(
        lines, body[:body.rindex(b"-----END")]))
    yield "boundary-inner-no-end", MALFORMED, "inner one without its end", \
        c.around(mixed(end))
    yield "boundary-inner-no-end-text", MALFORMED, "the same, and a text", \
        c.around(mixed(end, part(TEXT)))
    yield "boundary-equal", MALFORMED, "inner one equals the outer", \
        c.around(mixed(inner, boundary=c.boundary))
    yield "boundary-outer-prefix", MALFORMED, "outer one begins the inner", \
        c.around(mixed(inner, boundary=c.boundary[:-2]))
    yield "boundary-inner-prefix", MALFORMED, "inner one begins the outer", \
        c.around(mixed(c.but(boundary="=_a").entity(), boundary="=_ab"))
    for name, boundary in (("long", "x" * 71), ("blank-end", "x "),
                           ("8bit", "x\N{LATIN SMALL LETTER E WITH ACUTE}")):
        yield "boundary-" + name, MALFORMED, "a boundary that is none", \
            c.but(boundary=boundary)
    yield "boundary-words", PARTLY, "a boundary of words", c.but(
        boundary=WORDS.replace(":", ""))
    for name, wrong in (("text", line + b" and text"), ("dash", line + b"-"),
                        ("longer", line + b"x"), ("nbsp", line + b"\xa0")):
        yield "boundary-like-" + name, PARTLY, \
            "a line that begins like a boundary", c.around(Part(
                lines, body.replace(b"\n" + line + b"--\n",
                                    b"\n" + wrong + b"\n" + line + b"--\n")))
    yield "boundary-bare-cr", MALFORMED, "CR before and behind a boundary", \
        c.around(Part(lines, body.replace(
            line + b"--", TEXT.strip() + b"\r" + line + b"--")))
    yield "boundary-indented", MALFORMED, "a blank before the end", \
        c.around(Part(lines, body.replace(line + b"--", b" " + line + b"--")))


def part_syntax(c):
    """Broken part headers and encodings."""
    payload, version = c.payload_part(), c.version_part()

    def raw(header, body=c.armor):
        return c.of(version, header + body)
    octets = b"Content-Type: application/octet-stream\n"
    yield "part-no-blank-line", MALFORMED, "no blank line", raw(b"")
    yield "part-text-line", MALFORMED, "a text in the part header", raw(
        octets + TEXT + b"\n")
    yield "part-colon-text", PARTLY, "a text with a colon there", raw(
        octets + b"Note: " + TEXT + b"\n")
    yield "part-blank-colon", MALFORMED, "Content-Type with a blank", raw(
        octets + b"Content-Type : text/plain\n\n")
    yield "part-nul", MALFORMED, "NUL in the part header", raw(
        octets.replace(b"\n", b"\0; name=x\n") + b"\n")
    yield "part-cr", MALFORMED, "CR in the part header", raw(
        octets.replace(b"\n", b"\rContent-Type: text/plain\n") + b"\n")
    yield "part-fold-first", MALFORMED, "a folded first line", raw(
        b" " + TEXT + octets + b"\n")
    yield "part-from-line", MALFORMED, "an mbox line in the header", raw(
        b"From a@example.org Mon Nov 23 10:00:00 2026\n" + octets + b"\n")
    for name, lines in (
            ("types", ("Content-Type: text/html",)),
            ("encodings", ("Content-Transfer-Encoding: 7bit",
                           "Content-Transfer-Encoding: base64")),
            ("dispositions", ("Content-Disposition: inline",
                              "Content-Disposition: attachment"))):
        yield "part-two-" + name, MALFORMED, "twice in the part", \
            c.second_as("Content-Type: application/octet-stream", *lines)
    for name, encoding in (
            ("x-uue", "x-uue"), ("x-uuencode", "x-uuencode"),
            ("binhex", "binhex"), ("parameter", "7bit; x=y"),
            ("utf-8", "utf-8"), ("blank", "8 bit"),
            ("both", "base64 quoted-printable")):
        yield "part-encoding-" + name, MALFORMED, "an unknown encoding", \
            c.second_as("Content-Type: application/octet-stream",
                        "Content-Transfer-Encoding: " + encoding)
    yield "part-deep", PARTLY, "payload below a rfc822 part", c.of(
        version, mails.rfc822(b"Subject: x\n" + bytes(payload)))


def encoded_payload(c):
    """Transfer encodings that decoders stop in, or read on in."""
    binary, lines = mails.encode(c.armor, "base64"), (
        "Content-Type: application/octet-stream",
        "Content-Transfer-Encoding: base64")
    quoted = ("Content-Type: application/octet-stream",
              "Content-Transfer-Encoding: quoted-printable")
    cut = binary[:binary.index(b"\n", 400) + 1]
    clear = mails.encode(TEXT, "base64")
    for name, reason, head, body in (
            ("junk", MALFORMED, lines, binary + b"****\n"),
            ("text-behind", MALFORMED, lines, binary + TEXT),
            ("text-before", MALFORMED, lines, TEXT + binary),
            ("text-between", MALFORMED, lines,
             cut + TEXT + binary[len(cut):]),
            ("second", MALFORMED, lines,
             mails.encode(c.armor + b"\n", "base64").rstrip(b"\n") +
             b"\n=" + clear),
            ("padding", MALFORMED, lines, cut + b"AA==\n" +
             binary[len(cut):]),
            ("clear-before", PARTLY, lines,
             mails.encode(TEXT + c.armor, "base64")),
            ("clear-behind", PARTLY, lines,
             mails.encode(c.armor + TEXT, "base64")),
            ("nul-behind", PARTLY, lines,
             mails.encode(c.armor + b"\0" * 30, "base64")),
            ("comment", MALFORMED, (
                lines[0], lines[1] + " (%s)" % WORDS), binary),
            ("quoted-bad", MALFORMED, quoted,
             c.armor.replace(b"=", b"=3D") + b"=ZZ\n"),
            ("quoted-8bit", MALFORMED, quoted,
             c.armor.replace(b"=", b"=3D") + b"\xc3\xa9\n"),
            ("quoted-behind", PARTLY, quoted,
             c.armor.replace(b"=", b"=3D") + b"=54here is a hole\n"),
            ("quoted-soft", MALFORMED, quoted,
             c.armor.replace(b"=", b"=3D") + b"= %s" % TEXT)):
        yield "encoded-" + name, reason, "in the encoded payload", c.of(
            c.version_part(), Part(list(head), body))


GENERATORS = (content_type, as_text, boundaries, part_syntax,
              encoded_payload)
