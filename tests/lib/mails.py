"""Mails, good and bad, as bytes with LF line ends.

    message = mail(pgp_mime(keys.encrypt(b"text", [keys.list])))
    message = mail(mixed(part(text), part(armor)), subject="[vs] hello")

A Part is a list of header lines and a body; mail() puts the outer header round
one.  Whatever a test wants to be wrong it can change: the lines are plain
text, nothing is checked or normalised.
"""
import base64
import dataclasses
import quopri
import random

TEXT = b"There is a hole in libexample: see the patch.\n"
SECRET_WORDS = ("libexample", "hole")   # of TEXT: no reply may hold them
BOUNDARY = "=_b0undary-1"
VERSION = b"Version: 1\n"


@dataclasses.dataclass
class Part:
    lines: list         # "Content-Type: text/plain"
    body: bytes

    def __bytes__(self):
        return b"".join(_line(line) for line in self.lines) + b"\n" + \
            self.body


def _line(line):
    if isinstance(line, str):
        line = line.encode("utf-8", "surrogateescape")
    return line + b"\n"


def encode(body, encoding):
    """body in a transfer encoding."""
    if encoding == "base64":
        return base64.encodebytes(body)
    if encoding == "quoted-printable":
        return quopri.encodestring(body)
    return body


def part(body=TEXT, type="text/plain; charset=utf-8", encoding=None,
         disposition=None, lines=()):
    """One body part.  type None: no Content-Type."""
    head = ["Content-Type: " + type] if type else []
    if encoding:
        head.append("Content-Transfer-Encoding: " + encoding)
    if disposition:
        head.append("Content-Disposition: " + disposition)
    return Part(head + list(lines), encode(body, encoding))


def multipart(subtype, *parts, boundary=BOUNDARY, parameters="",
              preamble=b"", epilogue=b"", end=True, lines=(), type=None):
    """A multipart of Parts or of bytes that are whole parts."""
    if type is None:
        type = 'multipart/%s%s; boundary="%s"' % (subtype, parameters,
                                                  boundary)
    delimiter = b"--" + boundary.encode()
    body = preamble
    for one in parts:
        body += delimiter + b"\n" + bytes(one) + b"\n"
    if end:
        body += delimiter + b"--\n"
    return Part(["Content-Type: " + type, *lines], body + epilogue)


def mixed(*parts, **options):
    return multipart("mixed", *parts, **options)


def version_part(body=VERSION, type="application/pgp-encrypted", lines=(
        "Content-Description: PGP/MIME version identification",)):
    return part(body, type, lines=lines)


def payload_part(armored, type='application/octet-stream; '
                 'name="encrypted.asc"', disposition='inline; '
                 'filename="encrypted.asc"', lines=(), **options):
    return part(armored, type, disposition=disposition, lines=(
        "Content-Description: OpenPGP encrypted message", *lines), **options)


def pgp_mime(armored, first=None, second=None, more=(), protocol="; protocol="
             '"application/pgp-encrypted"', **options):
    """multipart/encrypted as RFC 3156 has it; `more` are further parts."""
    parts = [version_part() if first is None else first,
             payload_part(armored) if second is None else second, *more]
    return multipart("encrypted", *parts, parameters=protocol, **options)


def inline(armored, **options):
    """Armour as the whole text."""
    return part(armored, **options)


def signed(inner, signature, **options):
    """multipart/signed (RFC 3156) round a Part."""
    return multipart(
        "signed", inner,
        part(signature, 'application/pgp-signature; name="signature.asc"'),
        parameters='; micalg=pgp-sha512; '
        'protocol="application/pgp-signature"', **options)


def rfc822(message):
    """A forwarded message."""
    return part(message, "message/rfc822")


def nested(depth, inner, subtype="mixed"):
    """inner in so many multiparts."""
    for level in range(depth):
        inner = multipart(subtype, inner, boundary="level%d" % level)
    return inner


def exchange(armored):
    """What Exchange makes of PGP/MIME."""
    return mixed(part(b"\n", "text/plain; charset=us-ascii"),
                 part(VERSION, "application/pgp-encrypted; "
                      'name="PGPMIME version identification"',
                      disposition='attachment; '
                      'filename="PGPMIME version identification"',
                      encoding="base64"),
                 part(armored, 'application/octet-stream; '
                      'name="encrypted.asc"', encoding="base64",
                      disposition='attachment; filename="encrypted.asc"'))


# S/MIME in shape, with nothing inside that anybody could open

PKCS7 = bytes.fromhex("2a864886f70d0107")
SMIME = bytes.fromhex("2a864886f70d010910")
ENVELOPED, AUTH_ENVELOPED = PKCS7 + b"\3", SMIME + b"\1\x17"
PLAIN_DATA, SIGNED_DATA = PKCS7 + b"\1", PKCS7 + b"\2"
COMPRESSED_DATA = SMIME + b"\1\x09"
AES = bytes.fromhex("6086480165030401")
RSA = bytes.fromhex("2a864886f70d010101")


def noise(size):
    """The same bytes each time: random as far as anybody can see."""
    return random.Random(size).randbytes(size)


def der(tag, *content):
    body = b"".join(content)
    size = len(body)
    if size < 128:
        return bytes([tag, size]) + body
    octets = (size.bit_length() + 7) // 8
    return bytes([tag, 0x80 | octets]) + size.to_bytes(octets, "big") + body


def ber(tag, *content):
    """The same with an indefinite length."""
    return bytes([tag, 0x80]) + b"".join(content) + bytes(2)


def cms_recipient(key_id=bytes(range(20)), algorithm=RSA, key=None):
    """A KeyTransRecipientInfo that names a subject key identifier."""
    return der(0x30, der(2, b"\2"), der(0x80, key_id),
               der(0x30, der(6, algorithm), der(5)),
               der(4, key or noise(256)))


def cms_content(size=320, aead=False, content=None):
    """EncryptedContentInfo: AES-256 in CBC or GCM mode."""
    parameters = der(0x30, der(4, noise(12)), der(2, b"\x10")) \
        if aead else der(4, noise(16))
    return der(0x30, der(6, PLAIN_DATA), der(
        0x30, der(6, AES + (b"\x2e" if aead else b"\x2a")), parameters),
        der(0x80, content or noise(size)))


def cms(kind=ENVELOPED, content=b"", recipients=None, info=None, more=b"",
        shell=der):
    """A ContentInfo (RFC 5652 section 3); shell: der or ber.

    Signed and compressed data have no more than a shape.
    """
    aead = kind == AUTH_ENVELOPED
    if kind in (ENVELOPED, AUTH_ENVELOPED):
        inner = [shell(0x31, *(recipients or [cms_recipient()])),
                 info or cms_content(aead=aead),
                 der(4, noise(16)) if aead else b"", more]
    else:
        inner = [der(4, content), more]
    return shell(0x30, der(6, kind), shell(0xa0, shell(
        0x30, der(2, b"\0"), *inner)))


def auth_enveloped(**options):
    """Authenticated-enveloped data (RFC 5083)."""
    return cms(AUTH_ENVELOPED, **options)


def smime(data=None, smime_type="enveloped-data", name="smime.p7m"):
    return part(cms() if data is None else data,
                'application/pkcs7-mime; smime-type=%s; name="%s"' % (
                    smime_type, name), encoding="base64",
                disposition='attachment; filename="%s"' % name)


# the outer header

def header(subject="[vs] report", to="distros@vs.example.org", cc=None,
           sender="Reporter <reporter@example.org>", message_id=None,
           in_reply_to=None, references=(), date="Mon, 23 Nov 2026 10:00:00 "
           "+0000", lines=()):
    """The lines of an outer header; None leaves a field out."""
    fields = (("From", sender), ("To", to), ("Cc", cc), ("Date", date),
              ("Subject", subject), ("Message-ID", message_id),
              ("In-Reply-To", in_reply_to),
              ("References", "\n ".join(references) or None))
    return ["%s: %s" % field for field in fields if field[1] is not None] + \
        list(lines)


_numbers = iter(range(1, 10**9))


def new_id():
    """A Message-ID that no other mail of this run has."""
    return "<m%d@example.org>" % next(_numbers)


def mail(content, mime=True, message_id=True, **fields):
    """A whole message round a Part.

    fields: those of header(); message_id True invents one
    """
    if message_id is True:
        message_id = new_id()
    head = header(message_id=message_id, **fields)
    if mime:
        head.append("MIME-Version: 1.0")
    return b"".join(_line(line) for line in head) + bytes(content)
