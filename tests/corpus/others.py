"""More encrypted mail that must pass: other programs, encodings, packet forms,
and the header fields that servers add.  accepted(keys) yields shapes."""
import mails
import openpgp as pgp
from clients import (FIRST, FROM, PROTOCOL, SECOND, SEVEN, TEXT_UTF8, USUAL,
                     DATE, MIME, SUBJECT, TO, apple_mail, armor, binary,
                     encoded, fields, gpg, gpgol, k9, mutt, thunderbird)
from mails import Part, part
from shape import Inline, Mime

ID = "a1b2c3d4@example.com"
PLAIN = ("Content-Type: application/pgp-encrypted",)
SEALED = ("Content-Type: application/octet-stream",)


def mime_programs(usual):
    """(name, Content-Type value, boundary, what differs)"""
    yield "evolution", 'multipart/encrypted; ' \
        'protocol="application/pgp-encrypted";\n\tboundary="%s"', \
        "=-Zq3WbT1mK9c0vLxR7sYd", {
            "first": (PLAIN[0], SEVEN), "second": (
                SEALED[0] + '; name="encrypted.asc"', "Content-Description: "
                "This is a digitally encrypted message part", SEVEN)}
    yield "kmail", "multipart/encrypted; boundary=\"%s\"; " + PROTOCOL, \
        "nextPart4242424.kQvXqLzYbF", {
            "first": (PLAIN[0], "Content-Disposition: attachment",
                      "Content-Description: version code"),
            "second": (SEALED[0], 'Content-Disposition: inline; '
                       'filename="msg.asc"',
                       "Content-Description: encrypted data")}
    yield "claws-mail", usual, "Encrypt_/xQ0bYV5sKpZ+2nJm7LrTwc8", {}
    yield "notmuch", "multipart/encrypted; boundary=\"%s\";\n\t" + PROTOCOL, \
        "=-=-=", {}
    yield "roundcube", "multipart/encrypted; " + PROTOCOL + \
        ';\n boundary="%s"', "=_0f1e2d3c4b5a69788796a5b4c3d2e1f0", {
            "preamble": USUAL % b"4880", "version": b"Version: 1",
            "first": (SEVEN, *FIRST), "second": (
                SEVEN, SEALED[0] + ";\n name=encrypted.asc",
                "Content-Disposition: inline;\n filename=encrypted.asc",
                "Content-Description: PGP/MIME encrypted message")}
    yield "nextcloud", usual, "=_Yk3ZbQ0mW2cNfT8yLrUe6Kd", {
        "first": (PLAIN[0], "Content-Description: PGP/MIME Versions "
                  "Identification"), "second": (
            SEALED[0] + "; name=encrypted.asc", SECOND[1],
            "Content-Disposition: inline; filename=encrypted.asc")}
    yield "ox-guard", "multipart/encrypted; " + PROTOCOL + \
        '; \n\tboundary="%s"', "----=_Part_42_1234567890.1732356000000", {
            "first": (*FIRST, SEVEN), "second": (
                SEALED[0] + "; name=encrypted.asc", SEVEN,
                "Content-Disposition: inline; filename=encrypted.asc",
                SECOND[1])}


def more_programs(usual):
    """The same."""
    yield "zimbra", "multipart/encrypted;" + PROTOCOL + ";boundary=%s", \
        "k3j5h6g7f8d9s0", {"version": b"Version: 1", "first": (
            PLAIN[0], SEVEN, "Content-Description: PGP/MIME Versions "
            "Identification"), "second": (SECOND[0], SEVEN, SECOND[2],
                                          SECOND[1])}
    yield "fairemail", "multipart/encrypted; " + PROTOCOL + \
        ";\n boundary=\"%s\"", "----ZQ0H4MW2CNFT8YLRUE6KDBVXPA3S5G", {
            "first": (PLAIN[0], "Content-Description: PGP/MIME Versions "
                      "Identification", SEVEN),
            "second": (SECOND[0], SECOND[1], SECOND[2], SEVEN)}
    yield "mailmate", "multipart/encrypted;\n boundary=\"%s\";\n " + \
        PROTOCOL, "=_MailMate_6E2B7C14-0F5A-4D3B-A8C9-17D0E4F52B86_=", {
            "first": (PLAIN[0],), "second": (
                SEALED[0] + "; name=encrypted.asc",)}
    yield "schleuder", "multipart/encrypted;\n boundary=\"%s\";\n " + \
        PROTOCOL + ';\n charset=UTF-8', \
        "--==_mimepart_65a1b2c3d4e5f_2a43fec1234567890", {
            "preamble": b"\n", "first": (
                PLAIN[0] + ";\n charset=UTF-8", SEVEN, FIRST[1]),
            "second": (SEALED[0] + ';\n name=encrypted.asc;\n charset='
                       "UTF-8", SEVEN, "Content-Disposition: inline;\n "
                       "filename=encrypted.asc", SECOND[1])}
    yield "zammad", "multipart/encrypted; " + PROTOCOL + "; boundary=%s", \
        "0f3b2a1c4d5e", {"preamble": b"This is an OpenPGP/MIME encrypted "
                         b"message (RFC 3156)\n"}
    yield "zeyple", 'multipart/encrypted; boundary="%s"; ' + PROTOCOL, \
        "===============4242424242424242424==", {
            "first": (PLAIN[0], MIME, FIRST[1]),
            "second": (SECOND[0], MIME, SECOND[1], SECOND[2])}
    yield "java-mail", usual, "----=_Part_0_7.8", {
        "armor_lines": ("Version: BCPG v1.69",)}
    yield "pep", usual, "6c2f0a1b3c4d5e6f7a8b9c0d1e2f3a4b", {
        "second": (SEALED[0], 'Content-Disposition: inline; '
                   'filename="msg.asc"', SEVEN)}


def programs(keys):
    data = keys.data("k9")
    usual = "multipart/encrypted; " + PROTOCOL + ';\n boundary="%s"'
    for name, value, boundary, changes in [*mime_programs(usual),
                                           *more_programs(usual)]:
        lines = changes.get("armor_lines", ())
        yield Mime(name, pgp.armor(data, headers=lines), fields(ID),
                   ["Content-Type: " + value], boundary=boundary,
                   **{"first": PLAIN, "second": SEALED, **changes})


ARMOR_LINES = (
    ("Version: GnuPG v1.4.10 (GNU/Linux)", "Comment: Using GnuPG with "
     "Mozilla - http://enigmail.mozdev.org/"),
    ("Version: GnuPG/MacGPG2 v2.0.22 (Darwin)",
     "Comment: GPGTools - http://gpgtools.org"),
    ("Version: PGP Universal 3.4.2 (Build 289)", "Charset: utf-8"),
    ("Version: Encryption Desktop 10.4.2 (Build 502)", "Charset: utf-8"),
    ("Version: PGP Desktop 10.3.2 (Build 16127) - not licensed for "
     "commercial use: www.pgp.com", "Charset: iso-8859-1"),
    ("Version: Keybase OpenPGP v2.0.77",
     "Comment: https://keybase.io/crypto"),
    ("Version: OpenPGP.js v4.10.10", "Comment: https://openpgpjs.org"),
    ("Version: FlowCrypt 5.0.4 Gmail Encryption",
     "Comment: Seamlessly send, receive and search encrypted email"),
    ("Version: Mailvelope v0.13.1", "Comment: Email security by Mailvelope "
     "- https://www.mailvelope.com"),
    ("Version: GopenPGP 2.7.4", "Comment: https://gopenpgp.org"),
    ("Version: ProtonMail", "Comment: https://protonmail.com"),
    ("Version: OpenKeychain v3.2",), ("Version: APG v1.1.1",),
    ("Version: iPGMail (3.01)",), ("Version: BCPG C# v1.6.1.0",),
    ("Charset: utf-8",), ("Hash: SHA256",), ("Comment: ", "Version: "),
)


def inline_programs(keys):
    """Armour as the text, with the armour lines of many programs."""
    for number, lines in enumerate(ARMOR_LINES, 1):
        yield Inline("armor-lines-%02d" % number,
                     armor(keys, "gpg", *lines), fields(ID), [TEXT_UTF8],
                     lines)
    plain = armor(keys, "gpg")
    for name, text in (
            ("trailing-blanks", plain.replace(b"\n", b" \t\n")),
            ("blank-lines", b"\n \n\t\n" + plain + b"\n\n \n"),
            ("no-last-line-end", plain.rstrip(b"\n")),
            ("line-ends-mixed", plain.replace(b"\n", b"\r\n", 4)),
            ("76-columns", armor(keys, "gpg", width=76)),
            ("one-line", armor(keys, "gpg", width=10**6)),
            ("no-checksum", armor(keys, "gpg", checksum=False))):
        yield Inline("armor-" + name, text, fields(ID), [TEXT_UTF8])
    yield Inline("no-mime-fields", plain, [
        FROM, TO, SUBJECT, DATE, "Message-ID: <%s>" % ID], [])
    for charset in ("us-ascii", '"ISO-8859-15"', "windows-1252", "KOI8-R",
                    "utf-8; format=flowed; delsp=yes", "GB18030"):
        yield Inline("charset-" + charset.strip('"').lower().split(";")[0] +
                     ("-flowed" if ";" in charset else ""), plain,
                     fields(ID), ["Content-Type: text/plain; charset=" +
                                  charset, "Content-Transfer-Encoding: 8bit"])


def made_packets(keys):
    """Forms of packets that gpg here does not write, others do."""
    sub, sealed = keys.sub(), pgp.seipd(300)
    for name, data in (
            ("old-headers", pgp.pkesk(sub, old=True) + sealed),
            ("five-octets", pgp.pkesk(sub, octets=5) +
             pgp.seipd(300, octets=5)),
            ("partial-512", pgp.pkesk(sub) + pgp.seipd(1400, partial=9)),
            ("partial-2048", pgp.pkesk(sub) + pgp.seipd(3000, partial=11)),
            ("rsa", pgp.pkesk(sub, algorithm=pgp.RSA) + sealed),
            ("elgamal", pgp.pkesk(sub, algorithm=pgp.ELGAMAL) + sealed),
            ("x25519", pgp.pkesk(sub, algorithm=pgp.X25519) + sealed),
            ("x448", pgp.pkesk(sub, algorithm=pgp.X448) + sealed),
            ("aead", pgp.pkesk(sub) + pgp.aead(300)),
            ("seipd2", pgp.pkesk(sub) + pgp.seipd(300, version=2)),
            ("pkesk6", pgp.pkesk(sub, version=6) +
             pgp.seipd(300, version=2)),
            ("pkesk6-others", pgp.pkesk(pgp.random_bytes(32), version=6,
                                        algorithm=pgp.X25519) +
             pgp.pkesk(sub, version=6) + pgp.seipd(300, version=2)),
            ("post-quantum", pgp.pkesk(sub, algorithm=105) + sealed),
            ("marker", pgp.marker() + pgp.encrypted(sub)),
            ("64-keys", pgp.encrypted(*[pgp.random_bytes(8)] * 63, sub))):
        yield thunderbird(keys).packets(data).but(name="packets-" + name)
        yield gpg(keys).packets(data).but(name="packets-inline-" + name)
    for name in ("two-keys", "hidden-beside"):
        yield thunderbird(keys).packets(keys.data(name)).but(name="gpg-" +
                                                             name)


def encodings(keys):
    for encoding in ("base64", "quoted-printable", "8bit", "binary"):
        for client in (thunderbird, gpg):
            yield encoded(client(keys), encoding)
    yield binary(gpgol(keys), keys.data("gpgol"))
    made = thunderbird(keys)
    yield made.but(name="blanks-behind-boundary", lines=[
        made.lines[0]], boundary=made.boundary, epilogue=b"\n \n")
    yield made.but(name="no-preamble", preamble=b"")
    yield made.but(name="size-and-dates", second=(
        SEALED[0], 'Content-Disposition: attachment; '
        'filename="encrypted.asc"; size=1234;\n creation-date="Mon, 23 Nov '
        '2026 10:00:00 GMT";\n modification-date="Mon, 23 Nov 2026 10:00:00 '
        'GMT"'))
    yield made.but(name="protected-headers", lines=[
        made.lines[0] + '; protected-headers="v1"'])


def wrapped(keys):
    """A whole multipart/encrypted in harmless company."""
    inner = mutt(keys)
    for name, content in (
            ("mixed-of-one", mails.mixed(inner.entity())),
            ("mixed-blank-text", mails.mixed(part(b"\n"), inner.entity())),
            ("nested-3", mails.nested(3, inner.entity())),
            ("signed", mails.signed(inner.entity(), keys["signature"]))):
        yield name, inner.reason, inner.around(content)


SERVERS = [
    "Return-Path: <member@example.com>", "Delivered-To: distros@vs.example."
    "org", "Received: from mail-ej1-f42.example.net (mail-ej1-f42.example.net"
    " [192.0.2.42])\n\tby mx.example.org (Postfix) with ESMTPS id 4XyZ1Q2wzz"
    "\n\tfor <distros@vs.example.org>; Mon, 23 Nov 2026 10:00:01 +0000 (UTC)",
    "ARC-Seal: i=1; a=rsa-sha256; t=1795428000; cv=none; d=example.net; "
    "s=arc;\n b=" + "Zq0H4mW2" * 8, "DKIM-Signature: v=1; a=rsa-sha256; "
    "c=relaxed/relaxed; d=example.com; s=x;\n h=from:to:subject:date;\n "
    "bh=" + "A" * 43 + "=;\n b=" + "cNfT8yLr" * 8,
    "Authentication-Results: mx.example.org; dkim=pass header.i=@example.com;"
    "\n spf=pass (mx.example.org: domain of member@example.com designates "
    "192.0.2.42\n as permitted sender) smtp.mailfrom=member@example.com",
    "Received-SPF: pass (mx.example.org: domain of member@example.com "
    "designates 192.0.2.42 as permitted sender) client-ip=192.0.2.42;",
    "X-Spam-Status: No, score=-1.9 required=5.0 tests=BAYES_00,DKIM_SIGNED,\n"
    "\tDKIM_VALID,ENCRYPTED_MESSAGE autolearn=ham version=4.0.0",
    "X-Spam-Report: * -1.9 BAYES_00 BODY: Bayes spam probability is 0 to 1%\n"
    "\t* -1.0 ENCRYPTED_MESSAGE Message is encrypted, not likely to be spam",
    "X-Virus-Scanned: Debian amavisd-new at mx.example.org",
    "X-Originating-IP: [192.0.2.7]", "X-MS-Exchange-Organization-SCL: -1",
    "X-Forefront-Antispam-Report: CIP:192.0.2.42;CTRY:;LANG:en;SCL:1;",
    "X-Google-Smtp-Source: AGHT+IFm0Zq4mW2cNfT8yLr",
    "List-Id: distros <distros.vs.example.org>",
    "List-Unsubscribe: <mailto:distros-leave@vs.example.org>",
    "Precedence: list", "Errors-To: distros-bounces@vs.example.org",
    "Reply-To: Member <member@example.com>", "Auto-Submitted: no",
    "Importance: high", "X-Priority: 1 (Highest)",
    "X-Clacks-Overhead: GNU Terry Pratchett", "X-Operating-System: Linux "
    "6.1.0-28-amd64 x86_64", "X-GPG-Fingerprint: 9A72 D5B6 816D EAA3 ACC0  "
    "6E58 EB03 FBCE 695E 0FAB", "OpenPGP: id=EB03FBCE695E0FAB;\n url=https://"
    "example.com/key.asc; preference=signencrypt",
    "In-Reply-To: <20261122090000.GA1@example.org>",
    "References: <1@example.org>\n <20261122090000.GA1@example.org>",
    "Embargo-Until: 2026-12-01 14:00 UTC", "X-Embargo-Issue: VS-2026-0001",
    "Cc: \"Member, Second\" <second@example.com>, third@example.net",
]


def servers(keys):
    """What hosts on the way write into the header."""
    for client in (thunderbird, k9, gpg, apple_mail):
        shape = client(keys)
        yield shape.but(name=shape.name + "-delivered",
                        head=[*SERVERS, *shape.head])
    for name, subject in (
            ("encoded", "=?utf-8?q?=5Bvs=5D_r=C3=A9port?="),
            ("reply", "Re: [distros] [vs-plain] report"),
            ("upper", "[VS] report"), ("folded", "[vs]\n report")):
        yield mutt(keys).instead("Subject", "Subject: " + subject).but(
            name="subject-" + name)


def shapes(keys):
    for group in (programs, inline_programs, made_packets, encodings,
                  servers):
        yield from group(keys)
