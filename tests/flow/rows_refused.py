"""Mail that is not, or not wholly, encrypted: (name, reason, message, words).

`words` must stand in the reply: the place, mostly.
"""
import mails
import openpgp as pgp
from mails import mail, mixed, multipart, part, pgp_mime, rfc822
from shapes import MARK, SUBJECT, TEXT

HTML = b"<html><body><p>" + TEXT + b"</p></body></html>\n"
CYRILLIC = "\u0434\u044b\u0440\u0430 ".encode() * 6
WORDS = TEXT.decode().strip()


def cleartext(s):
    yield "plain text", part(TEXT)
    yield "HTML", part(HTML, "text/html; charset=utf-8")
    yield "alternative", multipart("alternative", part(TEXT),
                                   part(HTML, "text/html"))
    yield "attachment only", part(TEXT, 'application/pdf; name="a.pdf"',
                                  encoding="base64",
                                  disposition="attachment")
    yield "text and attachment", mixed(part(TEXT), part(
        TEXT, "text/x-patch", disposition="attachment"))
    yield "empty body", part(b"")
    yield "blank lines", part(b"\n \n\t\n")
    yield "no MIME fields", mails.Part([], TEXT)
    yield "unknown type", part(TEXT, "chemical/x-pdb")
    yield "base64 text", part(TEXT, encoding="base64")
    yield "quoted-printable text", part(TEXT, encoding="quoted-printable")
    yield "unknown encoding", part(TEXT, encoding="x-uuencode")
    yield "UTF-16", part(TEXT.decode().encode("utf-16"),
                         "text/plain; charset=utf-16", encoding="base64")
    yield "UTF-7", part(b"+AEE-" + TEXT, "text/plain; charset=utf-7")
    yield "NUL bytes", part(b"\0" + TEXT)
    yield "forwarded text", rfc822(mail(part(TEXT)))
    yield "multipart without parts", multipart("mixed", preamble=TEXT)
    yield "multipart without boundary", part(TEXT, "multipart/mixed")
    yield "multipart of a wrong boundary", mails.Part(
        ['Content-Type: multipart/mixed; boundary="x"'], TEXT)
    yield "name that says .pgp", part(TEXT, 'application/octet-stream; '
                                      'name="a.pgp"')
    yield "TNEF", part(b"\x78\x9f\x3e\x22" + TEXT, "application/ms-tnef; "
                       'name="winmail.dat"', encoding="base64")
    yield "line that speaks of PGP", part(TEXT + b"-----BEGIN PGP-----\n")
    yield "nested ten deep", mails.nested(10, part(TEXT))
    yield "S/MIME compressed data", mails.smime(
        mails.cms(mails.COMPRESSED_DATA), "compressed-data")
    yield "text called S/MIME certificates", mails.smime(
        TEXT, "certs-only", "smime.p7c")


def partly_round_armor(s):
    """Inline: text round the block."""
    nbsp = "\N{NO-BREAK SPACE}\n".encode()
    yield "text before the block", s.text(TEXT), "text before"
    yield "text behind the block", s.text(behind=TEXT), "text behind"
    yield "one letter behind", s.text(behind=b"x\n"), "line"
    yield "NBSP before", s.text(nbsp), "line 1"
    yield "NBSP behind", s.text(behind=nbsp), ""
    yield "form feed behind", s.text(behind=b"\f\n"), ""
    yield "quoted block", s.mail(part(b"".join(
        b"> " + line for line in s.armored().splitlines(True)))), ""
    yield "indented block", s.mail(part(b"".join(
        b"  " + line for line in s.armored().splitlines(True)))), ""
    yield "clear-signed text behind", s.text(behind=s.keys.sign(
        TEXT, s.keys.member, "--clear-sign")), "text behind"
    yield "two blocks in a part", s.text(behind=s.armored()), "text behind"
    yield "block with a literal behind", s.text(
        behind=s.armored(pgp.literal(TEXT))), "text behind"
    yield "key behind the block", s.text(behind=s.armored(
        pgp.key(), kind="PUBLIC KEY BLOCK")), "text behind"
    for line in ("Comment: " + MARK, "Version: " + WORDS, "Hash: " + MARK,
                 "Charset: " + MARK, "MessageID: " + MARK, "X-Note: " + MARK,
                 "Version: GnuPG v2 %s is a word" % MARK,
                 "Comment: GPGTools - http://gpgtools.org " + MARK):
        yield "armour line " + line, s.inline(headers=[line]), "line 2"
    yield "armour lines, the second telling", s.inline(
        headers=["Version: GnuPG v2", "Comment: " + WORDS]), "line 3"
    yield "same in PGP/MIME", s.mail(pgp_mime(s.armored(
        headers=["Comment: " + WORDS]))), "part 2, line 2"
    yield "text in quoted-printable", s.mail(part(
        TEXT + s.armored(), encoding="quoted-printable")), "text before"


def partly_in_structure(s):
    """MIME: text round the encrypted part."""
    armor = s.armored()
    yield "preamble", s.mime(preamble=TEXT), "before the first boundary"
    yield "epilogue", s.mime(epilogue=TEXT), "behind the last boundary"
    yield "third part", s.mime(more=[part(TEXT)]), "part 3"
    yield "third part of blanks", s.mime(more=[part(b" \n")]), "part 3"
    yield "footer of a list", s.beside(part(TEXT)), "part 2"
    yield "text before in mixed", s.mixed(part(TEXT), pgp_mime(
        armor, boundary="inner")), "part 1"
    yield "alternative", s.beside(part(HTML, "text/html"), "alternative"), \
        "part 2"
    yield "related", s.beside(part(HTML, "text/html"), "related"), "part 2"
    yield "unknown multipart", s.beside(part(TEXT), "x-odd"), "part 2"
    yield "cover text and attachment", s.mixed(part(TEXT), part(
        armor, 'application/octet-stream; name="message.asc"')), "part 1"
    yield "scanner's note in mixed", s.mixed(part(armor), part(TEXT)), \
        "part 2"
    yield "preamble of mixed", s.mixed(part(armor), preamble=TEXT), ""
    yield "inner preamble", s.mixed(multipart(
        "encrypted", mails.version_part(), mails.payload_part(armor),
        parameters='; protocol="application/pgp-encrypted"',
        boundary="inner", preamble=TEXT)), "part 1"
    yield "forwarded text beside", s.beside(rfc822(mail(part(TEXT)))), ""
    yield "signed, with a text beside", s.mail(mails.signed(
        mixed(part(armor), part(TEXT), boundary="inner"),
        s.armored(pgp.signature(), kind="SIGNATURE"))), ""
    yield "HTML that holds armour", s.mail(part(
        b"<pre>" + armor + b"</pre>", "text/html")), ""
    yield "armour in HTML, no tags", s.mail(part(armor, "text/html")), ""
    yield "encrypted and literal blocks", s.mixed(part(armor), part(
        s.armored(pgp.literal(TEXT)))), "part 2"
    yield "encrypted block and a key", s.mixed(part(armor), part(s.armored(
        pgp.key(), kind="PUBLIC KEY BLOCK"), "application/pgp-keys")), \
        "part 2"
    yield "S/MIME and text", s.mixed(mails.smime(), part(TEXT)), "part 2"


def partly_in_fields(s):
    """Text in the header of a part or in outer fields that clients show."""
    yield "file name", s.in_part(
        'Content-Disposition: attachment; filename="%s.asc"' % MARK), \
        "part 2"
    yield "name parameter", s.in_part(
        type='application/octet-stream; name="%s.asc"' % MARK), "part 2"
    yield "unknown parameter", s.in_part(
        type='application/octet-stream; x-note="%s"' % MARK), "part 2"
    yield "Content-Description", s.in_part(
        "Content-Description: " + WORDS), "part 2"
    yield "X- field of a part", s.in_part("X-Note: " + WORDS), "part 2"
    yield "Subject of a part", s.in_part("Subject: " + WORDS), "part 2"
    yield "Content-ID of words", s.in_part("Content-ID: <%s>" % WORDS), \
        "part 2"
    yield "file name, RFC 2231", s.in_part(
        "Content-Disposition: attachment; filename*=utf-8''%s.asc" % MARK), \
        "part 2"
    yield "file name, encoded word", s.in_part(
        'Content-Disposition: attachment; filename="=?utf-8?q?%s?="' % MARK), \
        "part 2"
    for name in ("Comments", "Keywords"):
        yield "outer " + name, s.mail(pgp_mime(s.armored()), lines=[
            "%s: %s" % (name, WORDS)]), ""
    yield "outer Content-Description", s.mail(pgp_mime(s.armored()), lines=[
        "Content-Description: " + WORDS]), ""
    yield "boundary of words", s.mime(boundary="the hole %s is in" % MARK), \
        ""
    yield "version part with more", s.mime(first=mails.version_part(
        b"Version: 1\n" + TEXT)), "part 1"


def partly_in_packets(s):
    """Readable packets behind the encrypted ones."""
    for name, data in (
            ("literal", pgp.literal(TEXT)),
            ("literal, old format", pgp.literal(TEXT, old=True)),
            ("compressed", pgp.compressed(pgp.literal(TEXT))),
            ("private packet", pgp.private(TEXT)),
            ("user id", pgp.packet(pgp.USER_ID, TEXT)),
            ("marker", pgp.marker(TEXT)), ("padding of text", pgp.padding(
                content=TEXT)), ("signature", pgp.signature()),
            ("second message", s.encrypted()), ("garbage", b"\x01" + TEXT),
            ("no packet", TEXT), ("NUL bytes", bytes(40))):
        yield "encrypted, then " + name, s.mime(s.made + data), "part 2"
    yield "same, in base64", s.mail(pgp_mime(b"", second=part(
        s.made + pgp.literal(TEXT), "application/octet-stream",
        encoding="base64"))), "part 2"


def signed_only(s):
    inner = part(TEXT)
    yield "clear-signed", part(s.keys.sign(TEXT, s.keys.member,
                                           "--clear-sign"))
    yield "multipart/signed", mails.signed(inner, s.keys.sign(
        bytes(inner), s.keys.member))
    yield "clear-signed in multipart/encrypted", pgp_mime(s.keys.sign(
        TEXT, s.keys.member, "--clear-sign"))
    yield "signed and a footer", mixed(
        mails.signed(inner, s.keys.sign(bytes(inner), s.keys.member),
                     boundary="inner"), part(TEXT))
    yield "S/MIME signed data", mails.smime(
        mails.cms(mails.SIGNED_DATA, TEXT), "signed-data")
    yield "multipart/signed, S/MIME", multipart("signed", inner, part(
        b"0\x80", "application/pkcs7-signature", encoding="base64"))


def not_encrypted_inside(s):
    """Each as PGP/MIME and inline."""
    sealed = pgp.seipd(500)
    for name, data in (
            ("literal", pgp.literal(TEXT)),
            ("compressed literal", pgp.compressed(pgp.literal(TEXT))),
            ("compressed, uncompressed", pgp.compressed(
                pgp.literal(TEXT), algorithm=0)),
            ("signed message", pgp.signed_message(TEXT)),
            ("signature", pgp.signature()), ("public key", pgp.key()),
            ("secret key", pgp.key(secret=True)), ("marker", pgp.marker()),
            ("padding", pgp.padding()), ("private packet",
                                         pgp.private(TEXT)),
            ("user id", pgp.packet(pgp.USER_ID, TEXT)),
            ("session key alone", pgp.pkesk(s.key)),
            ("session key, then literal", pgp.pkesk(s.key) +
             pgp.literal(TEXT)),
            ("session key, then compressed", pgp.pkesk(s.key) +
             pgp.compressed()),
            ("session key, then marker, literal", pgp.pkesk(s.key) +
             pgp.marker() + pgp.literal(TEXT)),
            ("encrypted data without session key", sealed),
            ("text in encrypted data", pgp.pkesk(s.key) +
             pgp.seipd(content=TEXT * 20)),
            ("text in encrypted data, partial", pgp.pkesk(s.key) +
             pgp.seipd(content=TEXT * 50, partial=9)),
            ("text in AEAD data", pgp.pkesk(s.key) +
             pgp.aead(content=TEXT * 20)),
            ("text in SEIPD version 2", pgp.pkesk(s.key) +
             pgp.seipd(content=TEXT * 20, version=2)),
            ("text as a salt", pgp.pkesk(s.key) + pgp.packet(
                pgp.SEIPD, b"\2\x09\2\x06" + TEXT[:32] +
                pgp.random_bytes(400))),
            ("Cyrillic between noise", pgp.pkesk(s.key) + pgp.seipd(
                content=pgp.random_bytes(500) + CYRILLIC +
                pgp.random_bytes(400))),
            ("a short text in UTF-16", pgp.pkesk(s.key) + pgp.seipd(
                content=TEXT[:20].decode().encode("utf-16"))),
            ("base64 in encrypted data", pgp.pkesk(s.key) + pgp.seipd(
                content=s.armored(pgp.literal(TEXT * 20))))):
        yield name, s.mime(data)
        yield name + ", inline", s.inline(data)
    yield "no block at all", s.mail(pgp_mime(TEXT))
    yield "empty payload", s.mail(pgp_mime(b""))


def keys_and_passphrases(s):
    """(reason, name, packets)"""
    keys, sealed = s.keys, pgp.seipd(500)
    real = keys.encrypt(TEXT, [keys.list])
    for version in (4, 5, 6):
        yield "symmetric-only", "SKESK version %d" % version, \
            pgp.skesk(version) + sealed
        yield "passphrase-too", "SKESK version %d" % version, \
            pgp.pkesk(s.key) + pgp.skesk(version) + sealed
    yield "symmetric-only", "gpg --symmetric", pgp.dearmor(keys.gpg(
        "--armor", "--passphrase", "x", "--symmetric", data=TEXT))
    yield "passphrase-too", "gpg --symmetric --encrypt", pgp.dearmor(
        keys.encrypt(TEXT, [keys.list], "--passphrase", "x",
                     "--symmetric"))
    yield "passphrase-too", "passphrase first", \
        pgp.skesk() + pgp.pkesk(s.key) + sealed
    yield "no-integrity", "SED", pgp.pkesk(s.key) + pgp.sed()
    yield "no-integrity", "SED, old format", \
        pgp.pkesk(s.key, old=True) + pgp.sed(old=True)
    yield "no-integrity", "SED, no length", \
        pgp.pkesk(s.key, old=True) + pgp.sed(indeterminate=True)
    yield "wrong-key", "foreign key", pgp.dearmor(
        keys.encrypt(TEXT, [keys.foreign]))
    yield "wrong-key", "another list's key", pgp.dearmor(
        keys.encrypt(TEXT, [keys.other]))
    yield "wrong-key", "expired subkey", pgp.dearmor(keys.encrypt(
        TEXT, [keys.subkey(keys.list, "expired")], when="20200301T000000"))
    yield "wrong-key", "revoked subkey", pgp.readdress(
        pgp.dearmor(real), s.key, keys.subkey(keys.list, "revoked"))
    yield "wrong-key", "the primary key", pgp.encrypted(keys.list)
    yield "wrong-key", "PKESK v6 to a foreign key", pgp.pkesk(
        keys.subkey(keys.foreign), version=6) + pgp.seipd(version=2)
    yield "wrong-key", "20 foreign keys", pgp.encrypted(
        *[pgp.random_bytes(8) for _ in range(20)])
    yield "hidden-recipient", "gpg --hidden-recipient", pgp.dearmor(
        keys.encrypt(TEXT, [], "-R", keys.list))
    yield "hidden-recipient", "gpg --throw-keyids", pgp.dearmor(
        keys.encrypt(TEXT, [keys.list, keys.foreign], "--throw-keyids"))
    yield "hidden-recipient", "PKESK v6 without fingerprint", pgp.pkesk(
        None, version=6) + pgp.seipd(version=2)


def smime(s):
    yield "enveloped data", mails.smime()
    yield "authenticated-enveloped data", mails.smime(
        mails.auth_enveloped(), "authenveloped-data")
    yield "octet-stream by its name", part(
        mails.cms(), 'application/octet-stream; name="smime.p7m"',
        encoding="base64")
    yield "x-pkcs7-mime", part(mails.cms(), "application/x-pkcs7-mime",
                               encoding="base64")


def mangled(s):
    armor = s.armored()
    version = part(mails.VERSION, "application/pgp-encrypted")
    payload = part(armor, "application/octet-stream")
    yield "Exchange", mails.exchange(armor)
    yield "without the empty text", mixed(version, payload)
    yield "with name parameters", mixed(
        part(b"\n"), part(mails.VERSION, 'application/pgp-encrypted; '
                          'name="version.asc"'), payload)


def too_complex(s):
    many = mixed(*[part(b"x\n") for _ in range(1100)])
    yield "65 session keys", pgp_mime(s.armored(pgp.encrypted(
        *[s.key] * 65, size=100)))
    yield "65 passphrases", pgp_mime(s.armored(
        pgp.pkesk(s.key) + pgp.skesk() * 64 + pgp.seipd()))
    yield "101 levels", mails.nested(101, part(s.armored()))
    yield "1,100 parts", many
    yield "part header of 1.2 MB", mixed(part(TEXT, lines=[
        "X-%d: %s" % (i, "x" * 1000) for i in range(900)] + [
        "X-Long: " + "x" * 300000]))


def fields_of_all(s):
    """Limits of the outer header."""
    yield "1,100 header fields", mail(pgp_mime(s.armored()), lines=[
        "X-%d: x" % i for i in range(1100)], subject=SUBJECT)
    yield "header of more than 1 MiB", mail(pgp_mime(s.armored()), lines=[
        "X-%d: %s" % (i, "x" * 50000) for i in range(22)], subject=SUBJECT)
