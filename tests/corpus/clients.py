"""Encrypted mail as known programs write it.

The shapes were written from what these programs' sources and documentation
say: which fields, in which order and spelling, which part headers, boundaries,
armour lines.  Names, addresses and ciphertext are our own.

kinds(): the ones to which every attack is applied.  others(): accepted too.
"""
import base64

import openpgp as pgp
from mails import encode, part
from shape import Inline, Mime

SUBJECT = "Subject: [vs] report"
TO = "To: distros@vs.example.org"
FROM = "From: Member <member@example.com>"
DATE = "Date: Mon, 23 Nov 2026 10:00:00 +0000"
MIME = "MIME-Version: 1.0"
PROTOCOL = 'protocol="application/pgp-encrypted"'
USUAL = b"This is an OpenPGP/MIME encrypted message (RFC %s and 3156)\n"
FIRST = ("Content-Type: application/pgp-encrypted",
         "Content-Description: PGP/MIME version identification")
SECOND = ('Content-Type: application/octet-stream; name="encrypted.asc"',
          "Content-Description: OpenPGP encrypted message",
          'Content-Disposition: inline; filename="encrypted.asc"')
SEVEN = "Content-Transfer-Encoding: 7bit"
TEXT_UTF8 = "Content-Type: text/plain; charset=utf-8"


def fields(message_id, *more, subject=SUBJECT, sender=FROM):
    """The header that every mail has, and a client's own fields."""
    return [sender, TO, subject, DATE, "Message-ID: <%s>" % message_id, MIME,
            *more]


def autocrypt(keys, folded=78):
    """The field of Autocrypt Level 1 with the member's real key."""
    data = base64.b64encode(pgp.dearmor(keys.public("member"))).decode()
    lines = [data[i:i + folded] for i in range(0, len(data), folded)]
    return "Autocrypt: addr=member@example.com; keydata=\n " + \
        "\n ".join(lines)


def armor(keys, name, *lines, **options):
    """gpg's output with a client's armour lines."""
    return pgp.armor(keys.data(name), headers=lines, **options)


def thunderbird(keys):
    return Mime(
        "thunderbird", armor(keys, "thunderbird"), fields(
            "0d7c1f3e-61a5-4c3e-9b0e-2f6a7d1c5b48@example.com",
            "User-Agent: Mozilla Thunderbird", "Content-Language: en-US",
            "Organization: Example Security Research", autocrypt(keys)),
        ["Content-Type: multipart/encrypted;\n " + PROTOCOL +
         ';\n boundary="%s"'], first=FIRST, second=SECOND,
        boundary="------------Zq0H4mW2cNfT8yLrUe6KdBvX",
        preamble=USUAL % b"4880")


def enigmail(keys):
    lines = ("Version: GnuPG v2", "Comment: Using GnuPG with Thunderbird - "
             "https://www.enigmail.net/")
    return Mime(
        "enigmail", armor(keys, "enigmail", *lines), fields(
            "5BFB1C2A.3040506@example.com", "User-Agent: Mozilla/5.0 (X11; "
            "Linux x86_64; rv:60.0) Gecko/20100101\n Thunderbird/60.9.0",
            "Openpgp: preference=signencrypt", "X-Enigmail-Version: 2.0.12"),
        ["Content-Type: multipart/encrypted;\n " + PROTOCOL +
         ';\n boundary="%s"'], lines, first=FIRST, second=SECOND,
        boundary="pXWb7o1Tq9vEJmZc3RkFhYd5LsNgUa2Ii",
        preamble=USUAL % b"4880")


def mutt(keys):
    return Mime(
        "mutt", armor(keys, "mutt"), fields(
            "20261123100000.GA4242@host.example.com",
            "User-Agent: Mutt/2.2.9 (2022-11-12)"),
        ["Content-Type: multipart/encrypted; " + PROTOCOL +
         ';\n\tboundary="%s"', "Content-Disposition: inline"],
        boundary="k4fbXQ8mT2uZ6JvA",
        first=("Content-Type: application/pgp-encrypted",
               "Content-Disposition: attachment"),
        second=("Content-Type: application/octet-stream",
                'Content-Disposition: inline; filename="msg.asc"'))


def k9(keys):
    return Mime(
        "k9", armor(keys, "k9"), fields(
            "7A1C9E52-0B3D-4F86-9C2A-5D8E7F601B23@example.com",
            "User-Agent: K-9 Mail for Android"),
        ['Content-Type: multipart/encrypted; boundary="%s";\n ' + PROTOCOL,
         SEVEN], boundary="----BQ7D2M0XK5ZP8TJ3WFHV6NRYCAG1EL",
        version=b"Version: 1",
        second=('Content-Type: application/octet-stream;\n '
                'name="encrypted.asc"',
                'Content-Disposition: inline;\n filename="encrypted.asc"'))


def apple_mail(keys):
    lines = ("Comment: GPGTools - https://gpgtools.org",)
    return Mime(
        "apple-mail", armor(keys, "apple-mail", *lines), [
            FROM, SUBJECT, "Mime-Version: 1.0 (Mac OS X Mail 16.0 "
            "\\(3774.600.62\\))", "X-Pgp-Agent: GPGMail", DATE,
            "Message-Id: <3A0C5D1E-77B2-49F8-8E64-91C20DFA6B35@example.com>",
            TO, "X-Mailer: Apple Mail (2.3774.600.62)"],
        ['Content-Type: multipart/encrypted;\n\tboundary="%s";\n\t' +
         PROTOCOL, SEVEN, "Content-Description: OpenPGP encrypted message"],
        lines, boundary="Apple-Mail=_6E2B7C14-0F5A-4D3B-A8C9-17D0E4F52B86",
        preamble=USUAL % b"2440",
        first=(SEVEN, FIRST[0],
               "Content-Description: PGP/MIME Versions Identification"),
        second=(SEVEN,
                "Content-Disposition: inline;\n\tfilename=encrypted.asc",
                "Content-Type: application/octet-stream;\n\t"
                "name=encrypted.asc", SECOND[1]))


def gpgol(keys):
    return Mime(
        "gpgol", armor(keys, "gpgol"), [
            FROM, TO, SUBJECT, "Thread-Topic: [vs] report",
            "Thread-Index: AdrBkGm3x0VbJ2ZyTfa0n6yK1sQd3w==", DATE,
            "Message-ID: <DB9PR01MB7654A1B2C3D4@DB9PR01MB7654.eurprd01."
            "prod.example.com>", "Accept-Language: en-US, de-DE",
            "Content-Language: en-US", "X-MS-Has-Attach: yes",
            "X-MS-TNEF-Correlator:", "X-Mailer: Microsoft Outlook 16.0",
            MIME],
        ["Content-Type: multipart/encrypted;\n\t" + PROTOCOL +
         ';\n\tboundary="%s"'], boundary="=-=uTq3Zb1kMvPz7w=-=",
        first=("Content-Type: application/pgp-encrypted",
               "Content-Disposition: attachment"),
        second=("Content-Type: application/octet-stream",
                "Content-Disposition: inline; "
                'filename="openpgp-encrypted-message.asc"'))


def proton(keys):
    lines = ("Version: ProtonMail",)
    return Mime(
        "proton", armor(keys, "proton", *lines), fields(
            "Jq3m0WfZ1uT9aYx7KcVbNpLsDgHrEo2iQk4t5R6y8e0=@proton.example",
            "Feedback-ID: 1234567:user:proton",
            "X-Pm-Message-ID: 0c9d8e7f6a5b4c3d2e1f"),
        ["Content-Type: multipart/encrypted; " + PROTOCOL +
         '; boundary="%s"; charset=utf-8'], lines, first=FIRST,
        second=SECOND, boundary="------" + "5d1b0c7e92af4863" * 4,
        preamble=USUAL % b"4880")


def delta_chat(keys):
    return Mime(
        "delta-chat", armor(keys, "delta-chat"), [
            "From: <member@example.com>", "To: <distros@vs.example.org>",
            SUBJECT, DATE, "Message-ID: <1f0c2b7d-9e4a-4b63-8d5c-"
            "6a7b8c9d0e1f@localhost>", "Chat-Version: 1.0", autocrypt(keys),
            MIME],
        ["Content-Type: multipart/encrypted; " + PROTOCOL +
         ';\n\tboundary="%s"'],
        boundary="17f3a9c0d2b4e681_5c7e9a1b3d5f7092_8d6b4f2e0c1a3957",
        first=('Content-Type: application/pgp-encrypted; charset="utf-8"',
               FIRST[1], SEVEN), version=b"Version: 1\n\n",
        second=('Content-Type: application/octet-stream; '
                'name="encrypted.asc"; \n\tcharset="utf-8"', SECOND[1],
                SECOND[2] + ";", SEVEN))


def openpgpjs(keys):
    return Mime(
        "openpgpjs", armor(keys, "mailvelope", checksum=False), fields(
            "CAF0x7Kq2ZbN1mWcT8yLrUe6Kd@mail.gmail.example"),
        ["Content-Type: multipart/encrypted; " + PROTOCOL + ";\n "
         'boundary="%s"'], checksum=False, first=FIRST, second=SECOND,
        boundary="----sinikael-?=_1-17325384000000.8437261905")


def gpg(keys):
    return Inline(
        "gpg", keys["gpg"], fields(
            "20261123100000.Xq3Zb%member@host.example.com",
            "User-Agent: s-nail v14.9.24"),
        ["Content-Type: text/plain; charset=us-ascii",
         "Content-Transfer-Encoding: 7bit", "Content-Disposition: inline"])


def flowcrypt(keys):
    lines = ("Version: FlowCrypt Email Encryption 8.5.5",
             "Comment: Seamlessly send and receive encrypted email")
    data = keys.data("attachment")
    return Inline(
        "flowcrypt", armor(keys, "flowcrypt", *lines), fields(
            "CAOtq1m0f7x2KcVbNpLs@mail.gmail.example", "Openpgp: "
            "id=" + keys.key("member")),
        [TEXT_UTF8, "Content-Transfer-Encoding: quoted-printable"], lines,
        encoding="quoted-printable",
        boundary="----sinikael-?=_1-17325384123450.20717936",
        beside=(part(data, 'application/octet-stream; name="file.pdf.pgp"',
                     "base64", 'attachment; filename="file.pdf.pgp"',
                     ["X-Attachment-Id: f_0a1b2c3d4e5f",
                      "Content-Id: <f_0a1b2c3d4e5f@flowcrypt>"]),))


def mailvelope(keys):
    lines = ("Version: Mailvelope v4.6.1",
             "Comment: https://www.mailvelope.com")
    return Inline(
        "mailvelope", armor(keys, "mailvelope", *lines), fields(
            "CAF0x7Kq2Zb9sDgHrEo2iQk4t5R@mail.gmail.example",
            "X-Gm-Message-State: ANoB5pk0Zq4mW2cN"),
        ['Content-Type: text/plain; charset="UTF-8"'], lines)


def sequoia(keys):
    return Inline(
        "sequoia", armor(keys, "sequoia", checksum=False), fields(
            "87r0x9qk3z.fsf@example.com", "User-Agent: mu4e 1.10.8; emacs "
            "29.4"), [TEXT_UTF8], checksum=False)


def attached(keys):
    """Text and attachments, each encrypted by hand."""
    data = keys.data("attachment")
    return Inline(
        "attached", keys["gpg-unsigned"], fields(
            "alpine.DEB.2.26.2611231000000.1234@host.example.com",
            "User-Agent: Alpine 2.26 (DEB 649 2022-06-02)"),
        ["Content-Type: text/plain; charset=US-ASCII; format=flowed"],
        boundary="8323329-1234567-1732356000=:1234",
        beside=(part(pgp.armor(data), 'application/pgp-encrypted; '
                     'name="patch.asc"', disposition="attachment; "
                     'filename="patch.asc"'),
                part(data, 'application/octet-stream; name="a.tar.gz.gpg"',
                     "base64", 'attachment; filename="a.tar.gz.gpg"')))


KINDS = (thunderbird, enigmail, mutt, k9, apple_mail, gpgol, proton,
         delta_chat, openpgpjs, gpg, flowcrypt, mailvelope, sequoia,
         attached)


def kinds(keys):
    return [kind(keys) for kind in KINDS]


def encoded(shape, encoding):
    """The payload or text in another transfer encoding."""
    field = "Content-Transfer-Encoding: " + encoding
    name = "%s-%s" % (shape.name, encoding)
    if isinstance(shape, Inline):
        return shape.but(name=name, encoding=encoding,
                         lines=[shape.lines[0], field])
    return shape.but(name=name, encoding=encoding, second=(
        *(line for line in shape.second if "Encoding" not in line), field))


def binary(shape, data):
    """PGP/MIME whose payload is not armoured."""
    return shape.but(name=shape.name + "-binary", armor=data,
                     encoding="base64", second=(
                         "Content-Type: application/octet-stream",
                         "Content-Transfer-Encoding: base64"),
                     first=("Content-Type: application/pgp-encrypted",
                            "Content-Transfer-Encoding: base64"),
                     version=encode(b"Version: 1\r\n", "base64"))
