#!/usr/bin/python3
"""Inputs for the fuzz targets to begin with: seeds.py FOLDER.

Writes FOLDER/TARGET/NAME for each target.  The committed corpora below
tests/data/fuzz grew out of these: explore.sh merges what it finds into them.
"""
import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                os.pardir, "lib"))
import mails  # noqa: E402
import openpgp as pgp  # noqa: E402

TOP = os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir,
                   os.pardir)
KEY = "0123456789ABCDEF0123456789ABCDEF01234567"
LEAST = 'lists = ( { name = "x"; address = "a@b.c"; key = "%s"; } );\n' % KEY


def packets():
    """Messages and signatures by name."""
    one = pgp.pkesk(KEY)
    yield "plain", one + pgp.seipd(60)
    yield "old", pgp.pkesk(KEY, algorithm=pgp.RSA, old=True) + pgp.seipd(60)
    yield "partial", one + pgp.seipd(700, partial=9)
    yield "v2", one + pgp.seipd(80, version=2)
    yield "aead", one + pgp.aead(80)
    yield "aead-partial", one + pgp.aead(900, partial=9)
    yield "marker", pgp.marker() + one + pgp.seipd(60)
    yield "marker-text", one + pgp.marker(b"The hole") + pgp.seipd(60)
    yield "passphrase", pgp.skesk() + one + pgp.seipd(60)
    for version in 4, 5, 6:
        yield "skesk%d" % version, pgp.skesk(version) + pgp.seipd(60)
    yield "argon2", pgp.skesk(4, 4) + pgp.seipd(60)
    yield "simple", pgp.skesk(4, 0) + pgp.seipd(60)
    for name in "ELGAMAL", "X25519", "X448":
        yield name.lower(), pgp.pkesk(
            KEY, algorithm=getattr(pgp, name)) + pgp.seipd(60)
    yield "pqc", pgp.pkesk(KEY, algorithm=35) + pgp.seipd(60)
    yield "v6", pgp.pkesk(KEY, 6, pgp.X25519) + pgp.seipd(80, version=2)
    yield "hidden", pgp.pkesk() + pgp.seipd(60)
    yield "sed", one + pgp.sed(60)
    yield "literal", one + pgp.literal()
    yield "signed", pgp.signed_message()
    yield "key", pgp.key()
    yield "compressed", pgp.compressed()
    yield "trailing", one + pgp.seipd(60) + pgp.literal()
    yield "padding", one + pgp.padding() + pgp.seipd(60)
    yield "signature", pgp.signature()
    yield "signatures", pgp.signature() + pgp.signature(hashed=pgp.subpacket(
        28, b"a@example.org") + pgp.subpacket(33, b"\4" + bytes(20)))


def smimes():
    """S/MIME data and a certificate by name."""
    der = mails.der
    key, small = mails.cms_recipient(), mails.cms_content(48)
    name = der(0x30, der(0x31, der(0x30, der(6, b"\x55\4\3"), der(
        0x0c, b"Test CA"))))
    wrap = der(0x30, der(6, mails.AES + b"\5"))
    issued = der(0x30, der(2, b"\0"), der(0x30, name, der(2, b"\x12\x34")),
                 der(0x30, der(6, mails.RSA), der(5)),
                 der(4, mails.noise(64)))
    agreed = der(0xa1, der(2, b"\3"), der(0xa0, der(0xa1, der(0x30, der(
        6, b"\x2a\x86\x48\xce\x3d\2\1")), der(3, b"\0\4" + mails.noise(
            64)))), der(0x30, der(6, b"\x2b\x81\5\1\x0b\1"), wrap), der(
                0x30, der(0x30, der(0xa0, der(4, bytes(range(20)))), der(
                    4, mails.noise(24)))))
    known = der(0xa2, der(2, b"\4"), der(0x30, der(4, b"\1\2")), wrap,
                der(4, mails.noise(24)))
    password = der(0xa3, der(2, b"\0"), der(0x30, der(6, b"\x2a\3"), der(
        4, mails.noise(16))), der(4, mails.noise(32)))
    pieces = small[:small.rindex(b"\x80\x30")]
    pieces = der(0x30, pieces[2:] + mails.ber(0xa0, der(
        4, mails.noise(32)), der(4, mails.noise(16))))
    for shell in mails.der, mails.ber:
        for number, to in enumerate(([key], [issued], [agreed],
                                     [known, password], [key, issued])):
            yield "%s%d" % (shell.__name__, number), mails.cms(
                recipients=to, info=small, shell=shell)
        yield shell.__name__ + "-pieces", mails.cms(
            recipients=[issued], info=pieces, shell=shell)
        yield shell.__name__ + "-gcm", mails.auth_enveloped(
            recipients=[issued], info=mails.cms_content(20, True),
            shell=shell)
    yield "attributes", mails.cms(info=small, more=der(0xa1, der(0x30)))
    yield "compressed", mails.cms(mails.COMPRESSED_DATA, b"x")
    yield "signed", mails.ber(0x30, der(6, mails.SIGNED_DATA), mails.ber(
        0xa0, der(0x30, der(2, b"\1"), der(0x31), der(0x30, der(
            6, mails.PLAIN_DATA)), der(0xa0, der(0x30)), der(0x31, der(
                0x30, der(2, b"\1"), der(0x30), der(0x30), der(0x30),
                der(4, mails.noise(64)))))))
    times = der(0x30, der(0x17, b"260101000000Z"),
                der(0x18, b"20560101000000Z"))
    yield "certificate", der(0x30, der(
        0x30, der(0xa0, der(2, b"\2")), der(2, b"\x12\x34"), der(0x30), name,
        times, name, der(0x30), der(0xa3, der(0x30, der(0x30, der(
            6, b"\x55\x1d\x0e"), der(4, der(4, bytes(20))))))),
        der(0x30), der(3, bytes(65)))


def messages():
    """Mails by name."""
    data = pgp.pkesk(KEY) + pgp.seipd(60)
    block = pgp.armor(data)
    bare = pgp.armor(data, checksum=False)
    octets = "application/octet-stream"
    shapes = {
        "mime": mails.pgp_mime(block),
        "mime-bare": mails.pgp_mime(bare),
        "mime-base64": mails.pgp_mime(None, second=mails.part(
            data, octets, "base64")),
        "mime-binary": mails.pgp_mime(None, second=mails.part(data, octets)),
        "mime-quoted": mails.pgp_mime(None, second=mails.part(
            block, octets, "quoted-printable")),
        "inline": mails.part(block),
        "inline-headers": mails.part(pgp.armor(data, headers=[
            "Version: GnuPG v2", "Comment: https://gpgtools.org",
            "Charset: utf-8"])),
        "inline-quoted": mails.part(block, encoding="quoted-printable"),
        "inline-base64": mails.part(block, encoding="base64"),
        "mixed": mails.mixed(mails.part(b"\n"), mails.part(block),
                             mails.part(data, octets + '; name="a.pgp"',
                                        "base64")),
        "nested": mails.nested(3, mails.pgp_mime(bare)),
        "signed": mails.signed(mails.pgp_mime(bare), pgp.armor(
            pgp.signature(), "SIGNATURE")),
        "exchange": mails.exchange(block),
        "preamble": mails.pgp_mime(bare, preamble=b"This is an OpenPGP/MIME "
                                   b"encrypted message (RFC 4880 and 3156)"
                                   b"\n"),
        "smime": mails.smime(),
        "text": mails.part(),
        "two": mails.mixed(mails.part(), mails.part(bare)),
        "rfc822": mails.mixed(mails.rfc822(bytes(mails.part(bare)))),
    }
    for name, shape in shapes.items():
        text = b"MIME-Version: 1.0\n" + bytes(shape)
        yield name, text
        if b"binary" not in name.encode():
            yield name + "-crlf", text.replace(b"\n", b"\r\n")


def armors():
    data = pgp.pkesk(KEY) + pgp.seipd(60)
    yield "plain", pgp.armor(data)
    yield "bare", pgp.armor(data, checksum=False)
    yield "crlf", pgp.armor(data, eol=b"\r\n")
    yield "headers", pgp.armor(data, headers=[
        "Version: OpenPGP.js v4.10.10", "Comment: https://openpgpjs.org",
        "Hash: SHA256", "Charset: UTF-8", "MessageID: " + "a" * 32])
    yield "one-line", pgp.armor(data, width=1000)
    for kind in "SIGNATURE", "PUBLIC KEY BLOCK", "SIGNED MESSAGE":
        yield kind.replace(" ", "-"), pgp.armor(pgp.signature(), kind)
    yield "part", pgp.armor(data, "MESSAGE, PART 1/2")
    yield "text", b"Hi\n" + pgp.armor(data) + b"Bye\n"


def fields():
    yield "mail", (
        b"From: A B <a@example.org>\nTo: \"C, D\" <c@d.test>, g: e@f, (x) "
        b"h@i;\nReferences: <1@a> <2@b>\n\t<3@c>\nIn-Reply-To: <3@c>\n"
        b"Content-Type: text/plain; charset=\"utf-8\"; format=flowed\n"
        b"Content-Disposition: attachment; filename*=utf-8''a; size=3\n\n")
    for name, value in (
            ("type", b"multipart/mixed; boundary=\"a b\"; charset=x"),
            ("comment", b"text/plain (a comment); a=b"),
            ("2231", b"a/b; c*0=\"d\"; c*1=\"e\"; f*=utf-8''%20"),
            ("version", b"Version: GnuPG v2.0.22 (GNU/Linux)"),
            ("enigmail", b"Comment: Using GnuPG with Thunderbird - "
             b"https://www.enigmail.net/"),
            ("preamble", b"This is a multi-part message in MIME format."),
            ("description", b"OpenPGP encrypted message"),
            ("encoded", b"=?utf-8?q?OpenPGP_verschl=C3=BCsselte_Nachricht?="),
            ("date", b"Mon, 3 Aug 2026 14:00:00 +0000"),
            ("charset", b"iso-8859-15"), ("name", b"encrypted (1).asc")):
        yield name, value


def addresses():
    for number, text in enumerate((
            "distros@vs.example.org", "DISTROS+x@vs.example.org.",
            "\"distros\"@vs.example.org", "\"di\\stros\"@vs.example.org",
            "@a.test,@b.test:distros@vs.example.org",
            "distros%vs.example.org@mx", "vs.example.org!distros",
            "distros@[127.0.0.1]", "distro\u017f@vs.example.org", "abc",
            "x@lists.example.org", "a%b%c%d@e", "a!b!c!d@e", "a@b@c", "")):
        yield str(number), text.encode()


def confs():
    """The sample, without its comments; and with every key set."""
    with open(os.path.join(TOP, "conf/embargo-milter.conf")) as file:
        sample = file.read()
    sample = sample.replace("THE LIST'S ADDRESS", "a@b.c")
    sample = sample.replace("ITS FINGERPRINT", KEY)
    keys = re.sub(r"(?m)^([ \t]*)#( {4}\"|\w+ = .)", r"\1\2", sample)
    for name, text in ("sample", sample), ("all", keys):
        text = re.sub(r"(?m)[ \t]*#.*$", "", text)
        yield name, b"c" + re.sub(r"\n\s*", "\n", text).encode()
        for group in "redis", "gnupg", "limits", "alerts":
            found = re.search(r"(?ms)^%s: \{.*?^\};" % group, text)
            yield name + "-" + group, b"c" + (LEAST + found[0]).encode()
    yield "least", b"c" + LEAST.encode()
    yield "members", b"m# who\na@b.c, %s\nd@e.f 0123 %s\n" % (
        KEY.encode(), KEY[4:].encode())


def resp(value):
    """A value as Redis writes it."""
    if value is None:
        return b"$-1\r\n"
    if isinstance(value, int):
        return b":%d\r\n" % value
    if isinstance(value, (list, tuple)):
        return b"*%d\r\n" % len(value) + b"".join(map(resp, value))
    return b"$%d\r\n%s\r\n" % (len(value), value.encode())


def replies():
    issue = ["id", "VS-2026-0001", "state", "embargoed", "opened_at",
             "1799000000", "due_at", "1800500000", "messages", "2",
             "revision", "3", "list", "distros", "url", "", "subject", "x"]
    entry = ["1799000000000-0", ["kind", "reached", "issue", "VS-2026-0001",
                                 "at", "1799000000", "text", "it is time"]]
    yield "record", b"\0" + resp(["new", "VS-2026-0001", "new",
                                  1800000000, 1, 0, 0, 0, "new"])
    yield "refused", b"\0" + resp(["refused", "replayed"])
    yield "due", b"\1" + resp([1800000000, [issue, issue], ["VS-2026-0002"]])
    yield "list", b"\2" + resp([[issue, issue], ["VS-2026-0003"]]) + \
        resp([[issue], []])
    yield "load", b"\3" + resp(issue) + resp([issue])
    yield "alerts", b"\4" + resp([["stream", [entry, entry]]])
    yield "log", b"\5" + resp([entry, entry])
    yield "counters", b"\6" + resp(["refused", "3", "accepted", "4"])
    yield "health", b"\7" + resp(["role", ["master"]]) + resp(
        "role:master\r\naof_enabled:1\r\nmaxmemory_policy:noeviction\r\n") \
        + resp(["schema", "1"]) + resp(5) + resp(2)
    yield "error", b"\0-LOADING Redis is loading\r\n"
    yield "nil", b"\4" + resp(None)


def texts():
    yield "html", (b"<html><head><style>p{}</style></head><body><p>The CRD is"
                   b" <b>2026-08-03</b> 14:00&nbsp;UTC &#x41;&amp;<br>x"
                   b"<blockquote>old <!-- no --></blockquote></body></html>")
    yield "flowed", b"The date \nis 2026-08-03 \n14:00 UTC\n-- \n> quoted \n"
    yield "notice", (
        b"Embargo-Status: public https://example.org/a\n"
        b"Embargo-CVE: CVE-2026-1234 CVE-2026-12345\nEmbargo-Exploit: yes\n"
        b"Embargo-Issue: VS-2026-0007\nEmbargo-Until: 2026-08-03\n\n"
        b"Embargo-Exploit: 2026-08-10 14:00 UTC\nEmbargo-Status: broken\n")


def dates():
    with open(os.path.join(TOP, "tests/data/crd.tsv"), "rb") as file:
        rows = [line.split(b"\t") for line in file if b"\t" in line]
    for number, row in enumerate(rows[::4]):
        yield str(number), row[1].replace(b"\\n", b"\n")


TARGETS = {
    "address": addresses, "armor": armors, "classify": messages,
    "cms": smimes, "conf": confs, "crd": dates, "entity": messages,
    "field": fields, "inside": texts, "mime": messages, "openpgp": packets,
    "store": replies,
}


def main(folder):
    for target, make in TARGETS.items():
        pgp.seed(1)
        os.makedirs(os.path.join(folder, target), exist_ok=True)
        for name, data in make():
            path = os.path.join(folder, target, "seed-" + name)
            with open(path, "wb") as file:
                file.write(data)


if __name__ == "__main__":
    main(sys.argv[1])
