"""Mail without ciphertext, and mail that is refused for its manners.

(name, reason, what, message)
"""
import mails
import notes
import openpgp as pgp
from clients import (DATE, FROM, MIME, SUBJECT, TO, fields, gpg, gpgol, k9,
                     kinds, mutt, thunderbird)
from mails import (Part, TEXT, exchange, mixed, multipart, part, rfc822)
from shape import HTML, WORDS, Whole

CLEAR, SIGNED = "cleartext", "signed-only"
PARTLY, FAKE = "partly-cleartext", "not-encrypted-inside"
REPLY = b"I can reproduce it.\n" + notes.QUOTE
HEAD = fields("b0c1d2e3@example.com", "User-Agent: Mozilla Thunderbird")


def texts():
    """Text as people send it, in all encodings."""
    yield "plain", "a plain text", part(TEXT)
    yield "reply", "a reply that quotes the decrypted mail", part(REPLY)
    yield "html", "HTML", part(HTML, "text/html; charset=utf-8")
    yield "alternative", "text and HTML", multipart(
        "alternative", part(TEXT), part(HTML, "text/html"))
    yield "outlook", "Outlook's mixed of alternative and a patch", mixed(
        multipart("alternative", part(TEXT), part(HTML, "text/html"),
                  boundary="_000_DB9PR01"),
        part(TEXT, 'application/octet-stream; name="a.patch"', "base64",
             'attachment; filename="a.patch"; size=46'),
        boundary="_004_DB9PR01")
    yield "attachment", "a PDF alone", part(
        b"%PDF-1.7\n" + TEXT, 'application/pdf; name="report.pdf"', "base64",
        "attachment")
    yield "empty", "nothing", part(b"")
    yield "blank", "blank lines", part(b"\n \n\t\n")
    yield "no-fields", "no MIME fields", Part([], TEXT)
    yield "base64", "text in base64", part(TEXT, encoding="base64")
    yield "quoted-printable", "text in quoted-printable", part(
        TEXT, encoding="quoted-printable")
    yield "uuencode", "a uuencoded patch", part(
        TEXT + b"begin 644 a.patch\n#0V%T\n`\nend\n")
    yield "x-uuencode", "an unknown encoding", part(
        TEXT, encoding="x-uuencode")
    yield "yenc", "yEnc", part(b"=ybegin line=128 size=3 name=a.c\n"
                               b"\x8b\x8c\x8d\n=yend size=3\n")
    yield "binhex", "BinHex", part(
        b"(This file must be converted with BinHex 4.0)\n\n:#&4&8:\n",
        "application/mac-binhex40")
    for charset in ("utf-16", "utf-16be", "utf-32"):
        yield charset, charset, part(
            TEXT.decode().encode(charset), "text/plain; charset=" + charset,
            "base64")
    yield "utf-7", "UTF-7", part(b"+AFQ-here is a hole\n",
                                 "text/plain; charset=utf-7")
    yield "nul", "NUL bytes", part(b"\0" + TEXT)
    yield "cr-only", "CR as line end", part(TEXT.replace(b" ", b"\r"))
    yield "8bit", "bytes of no charset", part(b"\xff\xfe\xe9" + TEXT)


def other_contents(keys):
    yield "forward", "a forwarded message", rfc822(
        bytes(Whole(HEAD, part(TEXT))))
    yield "partial", "message/partial", part(
        TEXT, 'message/partial; id="a@example.org"; number=1; total=2')
    yield "external", "message/external-body", part(
        b"Content-Type: text/plain\n\n", "message/external-body; "
        'access-type=URL; URL="https://example.org/a"')
    yield "tnef", "winmail.dat", part(
        b"\x78\x9f\x3e\x22\x01\x00" + TEXT,
        'application/ms-tnef; name="winmail.dat"', "base64")
    yield "invitation", "a calendar entry", part(
        b"BEGIN:VCALENDAR\nSUMMARY:%s\nEND:VCALENDAR\n" % WORDS.encode(),
        "text/calendar; method=REQUEST")
    yield "voice", "a voice message", part(
        pgp.random_bytes(200), 'audio/mp4; name="memo.m4a"', "base64")
    yield "image", "a screenshot", part(
        b"\x89PNG\r\n\x1a\n" + pgp.random_bytes(200), "image/png", "base64")
    yield "noise", "random bytes", part(
        pgp.random_bytes(200), "application/octet-stream", "base64")
    yield "zip", "an archive with a password", part(
        b"PK\x03\x04\x14\0\1\0\x08\0" + pgp.random_bytes(200),
        'application/zip; name="report.zip"', "base64", "attachment")
    yield "age", "age", part(
        b"age-encryption.org/v1\n-> X25519 x\n" + pgp.random_bytes(200),
        'application/octet-stream; name="report.age"', "base64")
    yield "name-pgp", "a name that says .pgp", part(
        TEXT, 'application/octet-stream; name="report.pgp"')
    yield "begin-only", "a line that begins armour", part(
        TEXT + b"-----BEGIN PGP-----\n")
    yield "no-parts", "a multipart without parts", multipart(
        "mixed", preamble=TEXT)
    yield "no-boundary", "a multipart without boundary", part(
        TEXT, "multipart/mixed")
    yield "wrong-boundary", "a boundary that never comes", Part(
        ['Content-Type: multipart/mixed; boundary="x"'], TEXT)
    yield "nested-12", "12 levels", mails.nested(12, part(TEXT))
    yield "digest", "a digest", multipart(
        "digest", rfc822(bytes(Whole(HEAD, part(TEXT)))))
    yield "key", "a text and a public key", mixed(part(TEXT), part(
        keys.public("member"), 'application/pgp-keys; name="key.asc"'))
    yield "smime-compressed", "S/MIME compressed data", mails.smime(
        mails.cms(mails.COMPRESSED_DATA), "compressed-data")
    yield "smime-certificates", "certificates only", mails.smime(
        b"0\x03\x02\x01\x00" + bytes(30), "certs-only", "smime.p7c")


def clear(keys):
    for name, what, content in [*texts(), *other_contents(keys)]:
        yield name, CLEAR, what, Whole(HEAD, content)
    yield "two-types", "malformed", "text under two types", Whole(
        [*HEAD, "Content-Type: text/html"], part(TEXT))


def signed(keys):
    inner = part(TEXT)
    both = mails.signed(inner, keys["signature"], boundary="inner")
    clear_signed = keys["clear-signed"]
    for name, what, content in (
            ("clear-signed", "a clear-signed text", part(clear_signed)),
            ("multipart", "multipart/signed", both),
            ("mailman", "signed, and a list's footer", mixed(
                both, part(notes.MAILMAN))),
            ("reply", "a signed reply that quotes", mails.signed(
                part(REPLY), keys["signature"])),
            ("in-encrypted", "clear-signed in multipart/encrypted",
             mails.pgp_mime(clear_signed)),
            ("clear-signed-footer", "clear-signed, and a list's footer",
             part(clear_signed + notes.MAILMAN)),
            ("clear-signed-alternative", "clear-signed, and HTML",
             multipart("alternative", part(clear_signed),
                       part(HTML, "text/html"))),
            ("smime", "S/MIME signed data", mails.smime(
                mails.cms(mails.SIGNED_DATA, TEXT), "signed-data")),
            ("smime-multipart", "multipart/signed, S/MIME", multipart(
                "signed", inner, part(
                    mails.cms(mails.SIGNED_DATA, b""),
                    'application/pkcs7-signature; name="smime.p7s"',
                    "base64"), parameters='; micalg=sha-256; protocol='
                '"application/pkcs7-signature"'))):
        yield name, SIGNED, what, Whole(HEAD, content)


def smime(keys):
    enveloped = mails.smime()
    for name, what, content in (
            ("enveloped", "enveloped data", enveloped),
            ("auth-enveloped", "authenticated-enveloped data", mails.smime(
                mails.auth_enveloped(), "authenveloped-data")),
            ("x-pkcs7", "the old type", part(
                mails.cms(), "application/x-pkcs7-mime", "base64")),
            ("octets", "known by its name", part(
                mails.cms(), 'application/octet-stream; name="smime.p7m"',
                "base64")),
            ("in-mixed", "in a mixed of one", mixed(enveloped)),
            ("indefinite", "indefinite lengths", mails.smime(
                mails.cms(shell=mails.ber)))):
        yield name, "smime", what, Whole(HEAD, content)
    for name, what, content in (
            ("footer", "S/MIME and a footer", mixed(
                enveloped, part(notes.MAILMAN))),
            ("text-first", "S/MIME and a text before", mixed(
                part(TEXT), enveloped)),
            ("filename", "S/MIME with a telling name", mails.smime(
                name="libexample-overflow.p7m"))):
        yield "smime-" + name, PARTLY, what, Whole(HEAD, content)
    yield from smime_shapes(keys, enveloped)


def smime_shapes(keys, enveloped):
    """S/MIME that looks encrypted to a hasty reader."""
    behind, text = mails.cms() + TEXT, mails.der(0x0c, TEXT)
    attribute = mails.der(0x30, mails.der(6, b"\x55\4\x0d"),
                          mails.der(0x31, text))
    readable = mails.cms_content(content=(TEXT * 20)[:320])
    for name, reason, what, content in (
            ("and-pgp", "malformed", "S/MIME and OpenPGP", mixed(
                enveloped, part(keys["gpg"]))),
            ("text", FAKE, "text called S/MIME", mails.smime(TEXT)),
            ("readable", FAKE, "S/MIME, text as ciphertext", mails.smime(
                mails.cms(info=readable))),
            ("compressed", FAKE, "compressed data called S/MIME",
             mails.smime(mails.cms(mails.COMPRESSED_DATA, TEXT))),
            ("behind", PARTLY, "S/MIME, text behind the data", mails.smime(
                behind)),
            ("attribute", PARTLY, "S/MIME, an unprotected attribute",
             mails.smime(mails.cms(more=mails.der(0xa1, attribute)))),
            ("inside", "malformed", "S/MIME, text in its structure",
             mails.smime(mails.cms(more=text))),
            ("cut", "malformed", "S/MIME, cut off", mails.smime(
                mails.cms()[:-9]))):
        yield "smime-" + name, reason, what, Whole(HEAD, content)


def mangled(keys):
    for shape in (thunderbird(keys), gpgol(keys), k9(keys)):
        version = part(shape.version, "application/pgp-encrypted")
        payload = part(shape.armor, "application/octet-stream")
        named = part(shape.version, 'application/pgp-encrypted; '
                     'name="version.asc"')
        for name, content in (
                ("exchange", exchange(shape.armor)),
                ("two-parts", mixed(version, payload)),
                ("named", mixed(part(b"\n"), named, payload)),
                ("html", mixed(part(b"\n", "text/html"), version, payload)),
                ("blank-version", mixed(part(b"\n"), part(
                    b"", "application/pgp-encrypted"), payload))):
            yield "%s-%s" % (shape.name, name), "mangled", \
                "taken apart by a gateway", shape.around(content)
        for name, content in (
                ("text", mixed(part(TEXT), version, payload)),
                ("footer", mixed(part(b"\n"), version, payload,
                                 part(notes.DISCLAIMER))),
                ("banner", mixed(part(notes.EXTERNAL), version, payload))):
            yield "%s-mangled-%s" % (shape.name, name), PARTLY, \
                "taken apart by a gateway, and a text", shape.around(content)


def subjects(keys):
    for shape in kinds(keys):
        yield shape.name, "missing-subject-tag", "no tag in the Subject", \
            shape.instead("Subject", "Subject: report")
    for name, subject in (("hidden", "..."), ("delta-chat", "[...]"),
                          ("half", "[vs report"), ("spaced", "[ vs ]"),
                          ("other", "[vsx] report"), ("empty", "")):
        yield "subject-" + name, "missing-subject-tag", "Subject: " + \
            subject, mutt(keys).instead("Subject", "Subject: " + subject)
    yield "subject-none", "missing-subject-tag", "no Subject", \
        mutt(keys).instead("Subject")


def public_copies(keys):
    public = "oss-security@lists.openwall.com"
    for name, line in (
            ("cc", "Cc: " + public), ("cc-angle", "Cc: <%s>" % public),
            ("cc-name", 'Cc: "OSS, Security" <%s>' % public),
            ("cc-upper", "Cc: " + public.upper()),
            ("cc-folded", "Cc: a@example.org,\n %s" % public),
            ("cc-group", "Cc: all: a@example.org, %s;" % public),
            ("cc-comment", "Cc: (x) %s (list)" % public),
            ("cc-pattern", "Cc: netdev@vger.kernel.org"),
            ("cc-plus", "Cc: oss-security+x@lists.openwall.com"),
            ("cc-quoted", 'Cc: "oss-security"@lists.openwall.com'),
            ("cc-40th", "Cc: " + ", ".join("a%d@example.org" % i for i in
                                           range(39)) + ", " + public),
            ("bcc", "Bcc: " + public), ("resent-to", "Resent-To: " + public),
            ("to", "To: distros@vs.example.org, " + public)):
        shape = (gpg if len(line) % 2 else thunderbird)(keys)
        yield "%s+%s" % (shape.name, name), "public-copy", \
            line.split(":")[0] + " names a public list", \
            shape.instead("To", line) if name == "to" else \
            shape.with_field(line)


def automatic(keys):
    for name, line in (
            ("replied", "Auto-Submitted: auto-replied"),
            ("generated", "Auto-Submitted: auto-generated (vacation)"),
            ("upper", "auto-submitted: AUTO-NOTIFIED"),
            ("precedence", "Precedence: auto_reply"),
            ("x-autoreply", "X-Autoreply: yes"),
            ("x-autorespond", "X-Autorespond: vacation")):
        yield name, "automatic", line, mutt(keys).with_field(line)
        yield name + "-clear", "automatic", line + ", cleartext", Whole(
            [*HEAD, line], part(TEXT))


def too_complex(keys):
    armor = keys["gpg-unsigned"]
    for name, content in (
            ("parts", mixed(*[part(b"", None)] * 1010)),
            ("parts-and-cipher", mixed(part(armor), *[Part([], b"")] * 1010)),
            ("levels", mails.nested(101, part(armor))),
            ("part-fields", mixed(part(armor, lines=["X: x"] * 1010)))):
        yield name, "too-complex", "too many " + name, Whole(HEAD, content)
    yield "fields", "too-complex", "1,010 header fields", Whole(
        [*HEAD, *["X: x"] * 1010], part(armor))


def too_big(keys):
    """More than the corpus is judged with: max_message of 32 KB."""
    for name, content in (
            ("clear", part((b"x" * 70 + b"\n") * 480)),
            ("cipher", mails.pgp_mime(pgp.armor(pgp.encrypted(
                keys.sub(), size=25000))))):
        yield name, "too-big", "larger than max_message", Whole(HEAD,
                                                                content)


GENERATORS = (clear, signed, smime, mangled, subjects, public_copies,
              automatic, too_complex, too_big)
