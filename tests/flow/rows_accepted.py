"""Mail that must be accepted, because real programs write it:
(name, reason, message)."""
import mails
import openpgp as pgp
from mails import multipart, part, pgp_mime
from shapes import TEXT

VERSIONS = (
    "Version: GnuPG v2", "Version: GnuPG v1.4.12 (GNU/Linux)",
    "Version: GnuPG v2.0.22 (MingW32)", "Version: BCPG v1.58",
    "Version: OpenPGP.js v4.10.10", "Version: Mailvelope v4.6.1",
    "Version: FlowCrypt Email Encryption 8.1.5", "Version: ProtonMail",
    "Version: PGP Desktop 9.10.0 (Build 500)", "Version: GopenPGP 2.7.4",
    "Version: Encryption Desktop 10.3.2 (Build 15238)",
    "Comment: GPGTools - https://gpgtools.org",
    "Comment: Using GnuPG with Thunderbird - https://www.enigmail.net/",
    "Comment: Using GnuPG with Mozilla - http://enigmail.mozdev.org/",
    "Comment: https://www.mailvelope.com",
    "Comment: Seamlessly send and receive encrypted email",
    "Comment: https://protonmail.com", "Comment: https://gopenpgp.org",
    "Charset: utf-8", "Charset: ISO-8859-1", "Hash: SHA256",
    "MessageID: 4iQ+xOwWPbZGGRxV7mXq0t4NcYwpPnb8")


ALPINE = b"""\
  This message is in MIME format.  The first part should be readable text,
  while the remaining parts are likely unreadable without MIME-aware tools.

"""


def gnupg(s):
    """What gpg itself writes, as PGP/MIME and inline."""
    keys = s.keys
    for name, armored in (
            ("gpg", s.real),
            ("signed", keys.encrypt(TEXT, [keys.list], "--sign", "-u",
                                    keys.member)),
            ("to two keys", keys.encrypt(TEXT, [keys.list, keys.foreign])),
            ("the list's key last", keys.encrypt(
                TEXT, [keys.foreign, keys.other, keys.list])),
            ("partial lengths", keys.encrypt(
                pgp.random_bytes(300000), [keys.list], "-z", "0")),
            ("no compression", keys.encrypt(TEXT, [keys.list], "-z", "0")),
            ("one byte", keys.encrypt(b"x", [keys.list])),
            ("nothing", keys.encrypt(b"", [keys.list])),
            ("AEAD asked for", keys.encrypt(TEXT, [keys.list],
                                            "--rfc4880")),
            ("with a comment of its own", keys.encrypt(
                TEXT, [keys.list], "--emit-version"))):
        yield name, "pgp-mime", s.mail(pgp_mime(armored))
        yield name, "pgp-inline", s.mail(part(armored))
    yield "list and hidden recipient", "pgp-mime", s.mail(pgp_mime(
        keys.encrypt(TEXT, [keys.list], "-R", keys.foreign)))


def packets(s):
    """Packet forms of all programs."""
    fingerprint, sealed = s.key, pgp.seipd(500)
    for name, data in (
            ("old-format headers", pgp.pkesk(s.key, old=True) + sealed),
            ("old-format headers, four octets", pgp.pkesk(
                s.key, old=True, octets=4) + sealed),
            ("new-format headers", s.made),
            ("length of five octets", pgp.pkesk(s.key, octets=5) +
             pgp.seipd(500, octets=5)),
            ("partial lengths of 512", pgp.pkesk(s.key) +
             pgp.seipd(5000, partial=9)),
            ("partial lengths of 8,192", pgp.pkesk(s.key) +
             pgp.seipd(50000, partial=13)),
            ("RSA", pgp.pkesk(s.key, algorithm=pgp.RSA) + sealed),
            ("ElGamal", pgp.pkesk(s.key, algorithm=pgp.ELGAMAL) + sealed),
            ("X25519", pgp.pkesk(s.key, algorithm=pgp.X25519) + sealed),
            ("X448", pgp.pkesk(s.key, algorithm=pgp.X448) + sealed),
            ("an algorithm of tomorrow", pgp.pkesk(s.key, algorithm=105) +
             sealed),
            ("AEAD packet", pgp.pkesk(s.key) + pgp.aead(500)),
            ("AEAD packet in partial lengths", pgp.pkesk(s.key) +
             pgp.aead(5000, partial=9)),
            ("SEIPD version 2", pgp.pkesk(s.key) +
             pgp.seipd(500, version=2)),
            ("version 6 session key", pgp.pkesk(fingerprint, version=6) +
             pgp.seipd(500, version=2)),
            ("version 6 for a foreign v6 key too", pgp.pkesk(
                fingerprint, version=6) + pgp.pkesk(
                pgp.random_bytes(32), version=6, algorithm=pgp.X25519) +
             pgp.seipd(500, version=2)),
            ("marker first", pgp.marker() + s.made),
            ("64 session keys", pgp.encrypted(
                *[pgp.random_bytes(8) for _ in range(63)], s.key)),
            ("a megabyte", pgp.encrypted(s.key, size=700000))):
        yield name, "pgp-mime", s.mime(data)
        yield name, "pgp-inline", s.inline(data)


def armour(s):
    for line in VERSIONS:
        yield "armour line " + line, "pgp-inline", s.inline(headers=[line])
    made = s.armored()
    lines = made.splitlines(True)
    yield "two armour lines", "pgp-mime", s.mail(pgp_mime(s.armored(
        headers=VERSIONS[:1] + VERSIONS[11:12])))
    yield "no checksum", "pgp-mime", s.mail(pgp_mime(s.armored(
        checksum=False)))
    yield "76 columns", "pgp-mime", s.mail(pgp_mime(s.armored(width=76)))
    yield "one line of 64 KB", "pgp-mime", s.mail(pgp_mime(s.armored(
        pgp.encrypted(s.key, size=48000), width=10**6)))
    yield "trailing blanks", "pgp-mime", s.mail(pgp_mime(
        made.replace(b"\n", b" \n")))
    yield "trailing tabs", "pgp-inline", s.mail(part(
        made.replace(b"\n", b"\t\n")))
    yield "blank lines round it", "pgp-inline", s.text(
        b"\n \n\n", b"\n\t\n\n")
    yield "blank line before the checksum", "pgp-inline", s.mail(part(
        b"".join(lines[:-2] + [b"\n"] + lines[-2:])))
    yield "no line end behind it", "pgp-inline", s.mail(part(
        made.rstrip(b"\n")))


def encodings(s):
    made = s.armored()
    for encoding in ("base64", "quoted-printable", "7bit", "8bit"):
        yield "payload in " + encoding, "pgp-mime", s.mail(pgp_mime(
            b"", second=mails.payload_part(made, encoding=encoding)))
        yield "text in " + encoding, "pgp-inline", s.mail(part(
            made, encoding=encoding))
    yield "binary in base64", "pgp-mime", s.mail(pgp_mime(
        b"", second=part(s.made, "application/octet-stream",
                         encoding="base64")))
    yield "binary in base64, named .gpg", "pgp-inline", s.mixed(
        part(made), part(s.made, 'application/octet-stream; '
                         'name="attachment.gpg"', encoding="base64",
                         disposition='attachment; '
                         'filename="attachment.gpg"'))
    yield "version part in base64", "pgp-mime", s.mime(first=part(
        mails.VERSION, "application/pgp-encrypted", encoding="base64"))
    yield "Version: 1 and blanks", "pgp-mime", s.mime(
        first=mails.version_part(b"Version: 1 \n\n"))
    yield "version: 1", "pgp-mime", s.mime(
        first=mails.version_part(b"version: 1"))


def structure(s):
    made = s.armored()
    kind = 'multipart/encrypted; protocol="application/pgp-encrypted"; '
    yield "the usual preamble", "pgp-mime", s.mime(
        preamble=b"This is an OpenPGP/MIME encrypted message "
        b"(RFC 4880 and 3156)\n")
    yield "blanks behind the boundary", "pgp-mime", s.raw(
        ["Content-Type: " + kind + 'boundary="b"'],
        b"--b \n" + bytes(mails.version_part()) + b"\n--b\t \n" +
        bytes(mails.payload_part(made)) + b"\n--b-- \n\n")
    yield "boundary without quotes", "pgp-mime", s.raw(
        ["Content-Type: " + kind + "boundary=abc.DEF_1"],
        pgp_mime(made, boundary="abc.DEF_1").body)
    yield "folded Content-Type", "pgp-mime", s.raw(
        ["Content-Type: multipart/encrypted;",
         '\tprotocol="application/pgp-encrypted";',
         '\tboundary="%s"' % mails.BOUNDARY], pgp_mime(made).body)
    yield "upper case", "pgp-mime", s.raw(
        ['CONTENT-TYPE: MULTIPART/ENCRYPTED; PROTOCOL='
         '"APPLICATION/PGP-ENCRYPTED"; BOUNDARY="%s"' % mails.BOUNDARY],
        pgp_mime(made).body)
    yield "parts without blank line between", "pgp-mime", s.raw(
        ["Content-Type: " + kind + 'boundary="b"'],
        b"--b\n" + bytes(mails.version_part()) + b"--b\n" +
        bytes(mails.payload_part(made)) + b"--b--")
    yield "mixed of one", "pgp-mime", s.mixed(pgp_mime(
        made, boundary="inner"))
    yield "mixed, an empty text beside", "pgp-mime", s.mixed(
        part(b"\n"), pgp_mime(made, boundary="inner"))
    yield "mixed, all leaves encrypted", "pgp-inline", s.mixed(
        part(made), part(s.real, 'application/octet-stream; '
                         'name="encrypted.asc"', disposition="attachment"))
    yield "no MIME fields", "pgp-inline", mails.mail(
        mails.Part([], made), mime=False)
    signature = s.keys.sign(bytes(pgp_mime(made, boundary="inner")),
                            s.keys.member)
    yield "encrypted inside signed", "pgp-mime", s.mail(mails.signed(
        pgp_mime(made, boundary="inner"), signature))
    yield "format=flowed", "pgp-inline", s.mail(part(
        made, "text/plain; charset=utf-8; format=flowed; delsp=yes"))
    for charset in ("ISO-8859-15", "ISO-2022-JP", "latin1"):
        yield "charset " + charset, "pgp-inline", s.mail(part(
            made, 'text/plain; charset="%s"' % charset))
    for kind in ("text/plain; charset=us-ascii; x-action=pgp-encrypted",
                 "application/pgp; format=text; x-action=encrypt"):
        yield "Mutt's " + kind, "pgp-inline", s.mail(part(made, kind))
    yield "Alpine's preamble", "pgp-mime", s.mime(preamble=ALPINE)
    yield "nested three deep", "pgp-mime", s.mail(mails.nested(
        3, pgp_mime(made)))


def clients(s):
    """Part headers as known clients write them."""
    made = s.armored()
    apple = "Content-Transfer-Encoding: 7bit"
    yield "Apple Mail", "pgp-mime", s.mail(pgp_mime(
        b"", first=part(mails.VERSION, "application/pgp-encrypted", lines=(
            apple, "Content-Description: PGP/MIME Versions "
            "Identification")), second=part(
            made, "application/octet-stream;\n\tname=encrypted.asc", lines=(
                apple, "Content-Disposition: inline;\n"
                "\tfilename=encrypted.asc", "Content-Description: OpenPGP "
                "encrypted message"))))
    yield "Mutt", "pgp-mime", s.mail(pgp_mime(
        b"", first=part(mails.VERSION, "application/pgp-encrypted",
                        disposition="attachment"),
        second=part(made, "application/octet-stream",
                    disposition='inline; filename="msg.asc"')))
    yield "KMail", "pgp-mime", s.mail(pgp_mime(
        b"", first=part(mails.VERSION, "application/pgp-encrypted",
                        disposition="attachment", encoding="7bit"),
        second=part(made, "application/octet-stream", encoding="7bit",
                    disposition='inline; filename="msg.asc"')))
    yield "GpgOL", "pgp-mime", s.mail(pgp_mime(
        b"", first=part(mails.VERSION, "application/pgp-encrypted",
                        disposition="attachment"),
        second=part(made, 'application/octet-stream; '
                    'name="gpgol_mime_structure.txt"', disposition="inline;"
                    '\n\tfilename="gpgol_mime_structure.txt"')))
    yield "Proton", "pgp-mime", s.mail(pgp_mime(
        b"", first=part(mails.VERSION, "application/pgp-encrypted", lines=(
            "Content-Description: PGP/MIME version identification",)),
        second=part(made, 'application/octet-stream; name="encrypted.asc"',
                    disposition='inline; filename="encrypted.asc"',
                    encoding="7bit")))
    yield "size and dates", "pgp-mime", s.in_part(
        'Content-Disposition: attachment; filename="encrypted.asc"; '
        'size=1234; creation-date="Mon, 23 Nov 2026 10:00:00 GMT"')
    yield "protected-headers", "pgp-mime", s.mail(multipart(
        "encrypted", mails.version_part(), mails.payload_part(made),
        parameters='; protocol="application/pgp-encrypted"; '
        'protected-headers="v1"'))
    yield "outer fields of many servers", "pgp-mime", s.mail(
        pgp_mime(made), lines=[
            "Received: from a.example.org (a [192.0.2.1]) by b with ESMTPS;"
            "\n\tMon, 23 Nov 2026 10:00:00 +0000"] * 20 + [
            "DKIM-Signature: v=1; a=rsa-sha256; d=example.org; s=x;"
            " h=from:to;\n bh=" + "A" * 43 + "=; b=" + "B" * 170,
            "Autocrypt: addr=reporter@example.org; keydata=" + "A" * 2000,
            "User-Agent: Mozilla Thunderbird", "X-Mailer: iPad Mail",
            "Thread-Topic: x", "OpenPGP: url=https://example.org/key.asc",
            "X-Spam-Status: No, score=-1.0", "List-Id: <x.example.org>",
            "Content-Language: en-US", "Importance: high"])
    yield "Outlook's language field", "pgp-mime", s.in_part(
        "Content-Language: en-US")
    yield "no Subject, no Message-ID", "pgp-mime", mails.mail(
        pgp_mime(made), message_id=None, subject=None)
