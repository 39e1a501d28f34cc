"""Mail that is damaged or can be read in more than one way.

(name, message, words): expected `malformed`, unless a row names a reason as
its fourth element.
"""
import mails
import openpgp as pgp
from mails import mixed, multipart, part, pgp_mime
from shapes import MARK, TEXT

ENCRYPTED = 'multipart/encrypted; protocol="application/pgp-encrypted"'


def armour(s):
    armor, lines = s.armored(), s.armored().splitlines(True)
    yield "wrong checksum", s.inline(checksum="AAAA"), "checksum"
    yield "no END line", s.inline(end=""), "END line"
    yield "END of another kind", s.inline(
        end="-----END PGP SIGNATURE-----"), ""
    yield "dash escapes", s.mail(part(armor.replace(b"-----", b"- -----"))), \
        "", "partly-cleartext"
    yield "part 1 of 2", s.inline(kind="MESSAGE, PART 1/2"), ""
    yield "cut-off base64", s.mail(part(b"".join(
        lines[:3] + [lines[3][:-3] + b"\n"] + lines[-1:]))), ""
    yield "junk in base64", s.mail(part(b"".join(
        lines[:3] + [b"!" + lines[3][1:]] + lines[4:]))), "line 4"
    yield "padding in mid-stream", s.mail(part(b"".join(
        lines[:3] + [b"AA==\n"] + lines[3:]))), ""
    yield "data behind the checksum", s.mail(part(b"".join(
        lines[:-1] + lines[2:3] + lines[-1:]))), ""
    yield "no blank line", s.mail(part(b"".join(lines[:1] + lines[2:]))), ""
    yield "second BEGIN line", s.mail(part(b"".join(
        lines[:4] + lines[:1] + lines[4:]))), ""
    yield "NUL in the armour", s.mail(part(b"".join(
        lines[:3] + [b"\0" + lines[3]] + lines[4:]))), ""
    yield "CR-only lines", s.mail(part(armor.replace(b"\n", b"\r"))), "", None
    yield "CR inside a line", s.mail(part(b"".join(
        lines[:3] + [lines[3][:9] + b"\r" + lines[3][9:]] + lines[4:]))), ""
    yield "text in the armour", s.mail(part(b"".join(
        lines[:3] + [TEXT] + lines[3:]))), ""


def packets(s):
    key = pgp.pkesk(s.key)
    for name, data in (
            ("length beyond the end", key + pgp.packet(
                pgp.SEIPD, b"\1" + pgp.random_bytes(99), length=1000)),
            ("huge length", key + pgp.packet(
                pgp.SEIPD, b"\1" + pgp.random_bytes(99),
                length=0xfffffff0, octets=5)),
            ("cut-off partial length", key + pgp.seipd(2000,
                                                       partial=9)[:-100]),
            ("first partial length too short", key + pgp.seipd(
                2000, partial=8)),
            ("partial session key", pgp.packet(
                pgp.PKESK, pgp.random_bytes(600), partial=9) + pgp.seipd()),
            ("unknown session key version", pgp.pkesk(s.key, version=7) +
             pgp.seipd()),
            ("session key of readable bytes", pgp.pkesk(
                s.key, algorithm=99, fields=TEXT * 20) + pgp.seipd()),
            ("session key with a tail", pgp.pkesk(
                s.key, fields=pgp.session_key() + b"more") + pgp.seipd()),
            ("unknown SEIPD version", key + pgp.packet(
                pgp.SEIPD, b"\3" + pgp.random_bytes(200))),
            ("a v6 key named with text", pgp.pkesk(
                b"The hole: foo.c, in its line 12,", version=6,
                algorithm=pgp.X25519) + pgp.seipd(version=2)),
            ("text as an X25519 point", pgp.pkesk(
                s.key, algorithm=pgp.X25519, fields=TEXT[:32] + b"\x28" +
                pgp.random_bytes(40)) + pgp.seipd()),
            ("SEIPD too short", key + pgp.seipd(10)),
            ("SEIPD version 2 too short", key + pgp.seipd(20, version=2)),
            ("tag 0", key + pgp.packet(0, pgp.random_bytes(99))),
            ("no packet", b"\x01" + pgp.random_bytes(99))):
        yield name, s.mime(data), "part 2"


def encodings(s):
    armor = s.armored()
    yield "junk in a base64 part", s.mail(pgp_mime(b"", second=mails.Part(
        ["Content-Type: application/octet-stream",
         "Content-Transfer-Encoding: base64"],
        mails.encode(armor, "base64") + b"****\n"))), "part 2"
    yield "bad quoted-printable", s.mail(pgp_mime(b"", second=mails.Part(
        ["Content-Type: application/octet-stream",
         "Content-Transfer-Encoding: quoted-printable"],
        armor.replace(b"=", b"=3D") + b"=ZZ\n"))), "part 2"
    yield "unknown encoding", s.mail(pgp_mime(b"", second=part(
        armor, "application/octet-stream", lines=[
            "Content-Transfer-Encoding: x-uue"]))), ""
    yield "two encodings", s.in_part("Content-Transfer-Encoding: 7bit",
                                     "Content-Transfer-Encoding: base64"), ""
    yield "encoded multipart", s.mail(pgp_mime(armor, lines=[
        "Content-Transfer-Encoding: base64"])), ""
    yield "charset UTF-7", s.mail(part(armor, "text/plain; charset=utf-7")), \
        ""
    yield "charset UTF-16", s.mail(part(
        armor, "text/plain; charset=utf-16")), ""


def content_fields(s):
    """Fields that mail programs read differently."""
    kind = ENCRYPTED + '; boundary="%s"' % mails.BOUNDARY
    text = "text/plain"
    yield "two Content-Type fields", s.with_head(
        "Content-Type: " + kind, "Content-Type: " + text), ""
    yield "the same, text first", s.with_head(
        "Content-Type: " + text, "Content-Type: " + kind), ""
    yield "two MIME-Version fields", s.mail(pgp_mime(s.armored()), lines=[
        "MIME-Version: 1.0"]), ""
    yield "two types in a part", s.in_part("Content-Type: text/html"), ""
    yield "blank before the colon in a part", s.in_part(
        "Content-Type : text/html"), ""
    yield "boundary twice", s.with_head(
        "Content-Type: " + kind + '; boundary="other"'), ""
    yield "boundary*0", s.with_head("Content-Type: " + ENCRYPTED + "; "
                                    'boundary*0="=_b0"; '
                                    'boundary*1="undary-1"'), ""
    yield "boundary*=", s.with_head("Content-Type: " + ENCRYPTED + "; "
                                    "boundary*=us-ascii''%3D_b0undary-1"), ""
    yield "boundary with a comment", s.with_head(
        "Content-Type: " + ENCRYPTED + "; boundary=(x)" + mails.BOUNDARY), ""
    yield "quoted pair in the boundary", s.with_head(
        "Content-Type: " + ENCRYPTED + '; boundary="=_b0\\undary-1"'), ""
    yield "boundary without its quote", s.with_head(
        "Content-Type: " + ENCRYPTED + '; boundary="' + mails.BOUNDARY), ""
    yield "comment in the type", s.with_head(
        "Content-Type: multipart/(text/plain)encrypted; boundary=\"%s\"; "
        'protocol="application/pgp-encrypted"' % mails.BOUNDARY), ""
    yield "no semicolon", s.with_head(
        'Content-Type: multipart/encrypted boundary="%s"' % mails.BOUNDARY), \
        ""
    yield "part header without blank line", s.mail(pgp_mime(
        b"", second=s.armored())), ""
    yield "broken field in a part", s.mail(pgp_mime(
        b"", second=b"no field at all\n\n" + s.armored())), ""


def boundaries(s):
    armor = s.armored()
    yield "boundary of 71 characters", s.mime(boundary="x" * 71), ""
    yield "boundary ends with a blank", s.mime(boundary="x "), ""
    yield "no end boundary", s.mime(end=False), ""
    yield "inner one without its end", s.mixed(pgp_mime(
        armor, boundary="inner", end=False)), ""
    yield "the same boundary twice", s.mixed(pgp_mime(armor)), ""
    yield "inner boundary is a prefix", s.mixed(
        pgp_mime(armor, boundary="ab"), boundary="abc"), ""
    yield "outer boundary is a prefix", s.mixed(
        pgp_mime(armor, boundary="abc"), boundary="ab"), ""
    yield "line that begins like a boundary", s.mime(
        boundary="a", preamble=b"--a text\n"), "", None
    yield "bare CR round the boundary", s.raw(
        ["Content-Type: " + ENCRYPTED + '; boundary="b"'],
        b"--b\n" + bytes(mails.version_part()) + b"\n--b\r" +
        bytes(mails.payload_part(armor)) + b"\n--b--\n"), "", None


def encrypted_shape(s):
    """RFC 3156: two parts, in order, of these types."""
    armor = s.armored()
    yield "one part", s.mail(multipart(
        "encrypted", mails.payload_part(armor),
        parameters='; protocol="application/pgp-encrypted"')), ""
    yield "wrong order", s.mime(first=mails.payload_part(armor),
                                second=mails.version_part()), ""
    yield "no Version: 1", s.mime(first=mails.version_part(b"")), "part 1"
    yield "Version: 2", s.mime(first=mails.version_part(
        b"Version: 2\n")), "part 1", "partly-cleartext"
    yield "wrong first type", s.mime(first=mails.version_part(
        type="text/plain")), "part 1", None
    yield "wrong second type", s.mime(second=part(armor)), "part 2"
    yield "second type HTML", s.mime(second=part(armor, "text/html")), \
        "part 2", None
    yield "other protocol", s.mime(
        protocol='; protocol="application/pkcs7-mime"'), ""
    yield "no protocol", s.mime(protocol=""), ""


def outer_fields(s):
    """What stands in the header of the message itself."""
    yield "NUL in Content-Type", s.raw(
        [b"Content-Type: " + ENCRYPTED.encode() + b"\0; boundary=\"x\""],
        pgp_mime(s.armored()).body), "", None
    yield "blank line that is folded", s.mail(
        pgp_mime(s.armored()), lines=["X-Note: a\n \n " + MARK]), "line end"
    yield "8-bit name of a field", s.mail(pgp_mime(s.armored()), lines=[
        "X-\u00e4: " + MARK]), "", None
    yield "mixed of nothing but blanks", s.mixed(part(b"\n"), part(b"\n")), \
        "", "cleartext"
