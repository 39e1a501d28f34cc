"""S/MIME: what openssl, gpgsm and known mail programs make of it, and what a
hostile sender could, through the real daemon."""
import os
import subprocess
import sys

import mails
import openpgp as pgp
import tap
from gpg_keys import Keys
from mails import der, mail, mixed, multipart, part, pgp_mime, smime
from milter_rig import BUILD, Rig
from shapes import MARK, SUBJECT, TEXT
from test_reasons import check
from x509 import EC, Certificates

ENTITY = b"Content-Type: text/plain; charset=utf-8\r\n\r\n" + TEXT
GCM = "authEnveloped-data"
ACCEPT = "accept smime"
ALL = ["pgp-mime", "pgp-inline", "smime"]


def make_certificates():
    certs = Certificates()
    certs.make("list", "distros@vs.example.org")
    certs.make("ec", "distros@vs.example.org", key=EC)
    certs.make("old", end="20200201000000Z")
    certs.make("new", start="20550101000000Z")
    certs.make("kernel", "kernel@vs.example.org")
    certs.make("signer", usage="digitalSignature")
    certs.make_foreign("foreign")
    return certs


def lists(keys, certs):
    one = certs.fingerprint
    every = [keys.list] + [one(name) for name in ("list", "ec", "old",
                                                  "new")]
    domain = "@vs.example.org"
    return [
        {"key": every, "accept": ALL},
        {"name": "smime", "address": ["smime" + domain],
         "key": [one("list").lower()], "accept": ["smime"]},
        {"name": "allow", "address": ["allow" + domain], "key": every,
         "accept": ALL, "allow_passphrase": True},
        {"name": "openpgp", "address": ["openpgp" + domain]},
        {"name": "kernel", "address": ["kernel" + domain],
         "key": [keys.other, one("kernel")], "accept": ALL}]


def whole(data=None, smime_type="enveloped-data", **fields):
    """A mail that is one S/MIME part."""
    return mail(smime(data, smime_type), subject=SUBJECT, **fields)


class Shapes:
    def __init__(self, keys, certs):
        self.keys, self.certs = keys, certs
        self.key_id = self._key_id()
        self.real = certs.envelop(ENTITY, ["list"])

    def _key_id(self):
        text = self.certs.openssl("x509", "-in", "list.pem", "-noout",
                                  "-ext", "subjectKeyIdentifier").decode()
        return bytes.fromhex(text.split()[-1].replace(":", ""))

    def recipient(self, **options):
        """The list by its key identifier, the key made up."""
        return mails.cms_recipient(self.key_id, **options)

    def cms(self, *recipients, kind=mails.ENVELOPED, **options):
        return mails.cms(kind, recipients=[*recipients] or [
            self.recipient()], **options)


def programs(s):
    """(name, message) as openssl encrypts."""
    envelop = s.certs.envelop
    for cipher in ("aes128", "aes192", "aes256", "camellia256", "des3"):
        yield cipher, whole(envelop(ENTITY, ["list"], "-" + cipher))
    for cipher in ("aes-128-gcm", "aes-256-gcm"):
        yield cipher, whole(envelop(ENTITY, ["list"], "-" + cipher), GCM)
        yield cipher + ", elliptic curve", whole(
            envelop(ENTITY, ["ec"], "-" + cipher), GCM)
    yield "elliptic curve", whole(envelop(ENTITY, ["ec"]))
    for digest in ("sha256", "sha512"):
        yield "elliptic curve, " + digest, whole(envelop(
            ENTITY, ["ec"], keyopts=["ecdh_kdf_md:" + digest]))
    yield "OAEP", whole(envelop(ENTITY, ["list"], keyopts=[
        "rsa_padding_mode:oaep"]))
    yield "OAEP with SHA-256", whole(envelop(ENTITY, ["list"], keyopts=[
        "rsa_padding_mode:oaep", "rsa_oaep_md:sha256",
        "rsa_mgf1_md:sha256"]))
    yield "key identifier", whole(envelop(ENTITY, ["list"], "-aes256",
                                          "-keyid"))
    yield "BER", whole(envelop(ENTITY, ["list"], "-aes256", "-stream"))
    yield "BER, GCM", whole(envelop(ENTITY, ["list"], "-aes-256-gcm",
                                    "-stream"), GCM)
    yield "a megabyte in BER", whole(envelop(
        pgp.random_bytes(1 << 20), ["list"], "-aes256", "-stream"))
    yield "a megabyte in DER", whole(envelop(
        pgp.random_bytes(1 << 20), ["list"]))
    yield "to others too", whole(envelop(ENTITY, [
        "foreign", "kernel", "list"]))
    yield "to both certificates", whole(envelop(ENTITY, ["list", "ec"]))
    yield "to an old one too", whole(envelop(ENTITY, ["old", "list"]))
    yield "signed inside", whole(envelop(s.certs.sign(
        ENTITY, "list", "-nodetach"), ["list"]))
    yield "one byte", whole(envelop(b"x", ["list"]))
    yield "nothing", whole(envelop(b"", ["list"]))


def gpgsm(s):
    """gpgsm's own, which needs to trust the root."""
    s.certs.import_public(s.keys.home, "list", "foreign")
    s.certs.trust(s.keys.home)
    s.certs.trust(s.keys.home, "foreign")
    for name, to in (("gpgsm", ["list"]), ("gpgsm, two", ["foreign",
                                                          "list"])):
        arguments = []
        for one in to:
            arguments += ["-r", s.certs.fingerprint(one)]
        yield name, whole(s.certs.gpgsm(
            s.keys.home, "--encrypt", *arguments, data=ENTITY))


def headers(s):
    """Part headers as known clients write them."""
    kind, der = "application/pkcs7-mime", s.real
    file = 'attachment; filename="smime.p7m"'
    for name, type, disposition, lines in (
            ("Outlook", kind + ';\n\tsmime-type=enveloped-data;\n'
             '\tname="smime.p7m"', file, ()),
            ("Exchange", 'application/x-pkcs7-mime;'
             'smime-type=enveloped-data;name="smime.p7m"', file, ()),
            ("Apple Mail", kind + ";\n\tname=smime.p7m;\n"
             "\tsmime-type=enveloped-data",
             "attachment;\n\tfilename=smime.p7m", ()),
            ("Thunderbird", kind + '; name="smime.p7m"; '
             "smime-type=enveloped-data", file,
             ["Content-Description: S/MIME Encrypted Message"]),
            ("KMail", kind + ';\n name="smime.p7m";\n '
             'smime-type="enveloped-data"', file, ()),
            ("a gateway", 'application/octet-stream; name="smime.p7m"',
             file, ()),
            ("no smime-type", kind + '; name="smime.p7m"', file, ()),
            ("no name", kind, None, ())):
        yield name, mail(part(der, type, "base64", disposition, lines),
                         subject=SUBJECT)
    yield "mixed of one", mail(mixed(smime(der)), subject=SUBJECT)
    yield "mixed, an empty text beside", mail(mixed(
        smime(der), part(b"\n")), subject=SUBJECT)
    yield "two encrypted parts", mail(mixed(smime(der), smime(
        s.certs.envelop(ENTITY, ["ec"]))), subject=SUBJECT)


def made(s):
    """By hand: what is not to be had from openssl."""
    yield "in shape", whole(s.cms())
    yield "GCM in shape", whole(s.cms(kind=mails.AUTH_ENVELOPED), GCM)
    yield "indefinite lengths", whole(s.cms(shell=mails.ber))
    yield "64 recipients", whole(s.cms(*[
        mails.cms_recipient(pgp.random_bytes(20)) for _ in range(63)],
        s.recipient()))
    yield "a later algorithm", whole(s.cms(s.recipient(
        algorithm=bytes.fromhex("6086480165030404"), key=pgp.random_bytes(
            1088))))
    yield "a line end behind it", whole(s.cms() + b"\r\n")


def wrong_key(s):
    """(name, message, words)"""
    envelop = s.certs.envelop
    other = "other certificates only"
    yield "foreign certificate", whole(envelop(ENTITY, ["foreign"])), other
    yield "another list's", whole(envelop(ENTITY, ["kernel"])), other
    yield "foreign key identifier", whole(mails.cms()), other
    yield "expired", whole(envelop(ENTITY, ["old"])), "has expired"
    yield "not yet valid", whole(envelop(ENTITY, ["new"])), "not valid"
    yield "expired and foreign", whole(envelop(
        ENTITY, ["old", "foreign"])), "has expired"
    yield "one part for another", mail(mixed(smime(s.real), smime(
        envelop(ENTITY, ["foreign"]))), subject=SUBJECT), "part 2"
    yield "the same serial of another issuer", whole(
        s.real.replace(b"Test CA", b"Best CA")), other


def passphrases(s):
    """(reason, name, data)"""
    envelop = s.certs.envelop
    password = ["-aes256", "-pwri_password", "correct horse"]
    secret = ["-aes256", "-secretkey", "00" * 16, "-secretkeyid", "0102"]
    for name, options in (("password", password), ("known key", secret)):
        yield "symmetric-only", name, envelop(ENTITY, [], *options)
        yield "passphrase-too", name, envelop(ENTITY, ["list"], *options)


def attribute(text=TEXT):
    """One attribute, description, in its SET OF."""
    return der(0x30, der(6, bytes.fromhex("55040d")),
                     der(0x31, der(0x0c, text)))


def partly(s):
    """Something readable beside the ciphertext: (name, message, words)."""
    inner = smime(s.real)
    auth = mails.AUTH_ENVELOPED
    beside = "beside the encrypted content"
    yield "text beside", mail(mixed(inner, part(TEXT)), subject=SUBJECT), \
        "part 2"
    yield "cover text", mail(mixed(part(TEXT), inner), subject=SUBJECT), \
        "part 1"
    yield "third part", mail(mixed(inner, part(b"\n"), part(
        TEXT, "text/html")), subject=SUBJECT), "part 3"
    yield "preamble", mail(mixed(inner, preamble=TEXT), subject=SUBJECT), ""
    yield "epilogue", mail(mixed(inner, epilogue=TEXT), subject=SUBJECT), ""
    yield "signed S/MIME beside", mail(mixed(inner, smime(s.certs.sign(
        ENTITY, "list", "-nodetach"), "signed-data")), subject=SUBJECT), \
        "part 2"
    yield "a signature round it", mail(multipart(
        "signed", inner, part(s.certs.sign(bytes(inner), "list"),
                              "application/pkcs7-signature", "base64"),
        parameters='; micalg=sha-256; '
        'protocol="application/pkcs7-signature"'), subject=SUBJECT), ""
    for name, more in (("a text", TEXT), ("a byte", b"\0"), ("line ends",
                       b"\r\n\r\n"), ("another message", s.real)):
        yield name + " behind the data", whole(s.real + more), \
            "more data behind"
    yield "unprotected attribute", whole(s.cms(
        more=der(0xa1, attribute()))), "attributes " + beside
    yield "unauthenticated attribute", whole(s.cms(
        kind=auth, more=der(0xa2, attribute())), GCM), \
        "attributes " + beside
    yield "authenticated attribute", whole(s.cms(
        kind=auth, info=mails.cms_content(aead=True) + der(
            0xa1, attribute())), GCM), "attributes " + beside
    yield "certificates", whole(with_certificates(s)), \
        "certificates " + beside
    yield "telling file name", mail(smime(s.real, name=MARK + ".p7m"),
                                    subject=SUBJECT), "file name"
    yield "text in a parameter", mail(part(
        s.real, "application/pkcs7-mime; hint=%s" % MARK, "base64"),
        subject=SUBJECT), "parameter"
    yield "text in a field", mail(part(
        s.real, "application/pkcs7-mime", "base64", lines=[
            "Content-Description: the hole %s" % MARK]), subject=SUBJECT), ""
    yield "text in Comments", whole(s.real, lines=["Comments: " + MARK]), ""
    yield "in a part that clients show", mail(part(
        s.real, 'text/html; name="smime.p7m"', "base64"),
        subject=SUBJECT), "another type"


def with_certificates(s):
    """OriginatorInfo with a certificate."""
    info = der(0xa0, der(0xa0, s.certs.openssl(
        "x509", "-in", "list.pem", "-outform", "DER")))
    return der(0x30, der(6, mails.ENVELOPED), der(0xa0, der(
        0x30, der(2, b"\0"), info, der(0x31, s.recipient()),
        mails.cms_content())))


def malformed(s):
    """(name, message, words)"""
    for at in (1, 20, 100, len(s.real) // 2, len(s.real) - 1):
        yield "cut off at %d" % at, whole(s.real[:at]), ""
    for at in (1, 2, 15, 20, 30):
        broken = bytearray(s.real)
        broken[at] ^= 1
        yield "byte %d changed" % at, whole(bytes(broken)), ""
    yield "no end-of-contents", whole(s.cms(shell=mails.ber)[:-2]), ""
    yield "text as ciphertext's neighbour", whole(s.cms(
        info=mails.cms_content() + der(0x0c, TEXT))), ""
    yield "story in an issuer", whole(s.cms(named(
        b"there is a hole in the code that reads the length fields"))), \
        "recipient"
    yield "label of text", whole(s.cms(s.recipient(
        algorithm=mails.RSA + der(4, TEXT)))), "recipient"
    yield "text as encrypted key", whole(s.cms(s.recipient(key=TEXT * 5))), \
        "recipient"
    yield "RC2", whole(s.cms(info=content(
        "2a864886f70d0302", der(0x30, der(2, b"\x3a"), der(
            4, bytes(8)))))), "cipher"
    yield "unknown cipher", whole(s.cms(info=content(
        "2a831a8c9a440104", der(4, bytes(16))))), "cipher"
    yield "initialisation vector of text", whole(s.cms(info=content(
        "60864801650304012a", der(4, TEXT)))), "cipher"
    yield "GCM in enveloped data", whole(s.cms(
        info=mails.cms_content(aead=True))), "cipher"
    yield "the list named five times", whole(s.cms(*[s.recipient()] * 5)), \
        "again and again"
    yield "signed-data, it says", whole(s.real, "signed-data"), "smime-type"
    yield "OpenPGP beside it", mail(mixed(smime(s.real), part(
        s.keys.encrypt(TEXT, [s.keys.list]))), subject=SUBJECT), "OpenPGP"
    yield "in multipart/encrypted", mail(pgp_mime(b"", second=smime(
        s.real)), subject=SUBJECT), ""
    yield "as it is: there are line ends in it", mail(part(
        s.real, "application/pkcs7-mime", "binary"), subject=SUBJECT), ""
    yield "two types", mail(part(s.real, "application/pkcs7-mime", "base64",
                                 lines=["Content-Type: text/plain"]),
                            subject=SUBJECT), ""


def named(text):
    """A recipient by an issuer and a serial number."""
    issuer = der(0x30, der(0x31, der(0x30, der(6, b"\x55\4\3"),
                                     der(0x0c, text))))
    return der(0x30, der(2, b"\0"), der(0x30, issuer, der(2, b"\1")),
               der(0x30, der(6, mails.RSA), der(5)),
               der(4, pgp.random_bytes(256)))


def not_encrypted_inside(s):
    """(name, message)"""
    yield "text", whole(TEXT)
    yield "base64 of text", whole(b"VGhlcmU=\n")
    yield "compressed data", whole(mails.cms(mails.COMPRESSED_DATA, TEXT))
    yield "plain data", whole(mails.cms(mails.PLAIN_DATA, TEXT))
    yield "no content", whole(s.cms(info=content(
        "60864801650304012a", der(4, bytes(range(16))), b"")))
    yield "readable content", whole(s.cms(info=mails.cms_content(
        content=(TEXT * 20)[:320])))
    yield "zeros", whole(s.cms(info=mails.cms_content(content=bytes(320))))


def content(cipher, parameters, data=None):
    """EncryptedContentInfo of an algorithm in hexadecimal digits."""
    data = der(0x80, pgp.random_bytes(320)) if data is None else data
    return der(0x30, der(6, mails.PLAIN_DATA), der(
        0x30, der(6, bytes.fromhex(cipher)), parameters), data)


def signed_only(s):
    """(name, message)"""
    inner = part(TEXT)
    yield "opaque", whole(s.certs.sign(ENTITY, "list", "-nodetach"),
                          "signed-data")
    yield "opaque, enveloped-data it says", whole(s.certs.sign(
        ENTITY, "list", "-nodetach"))
    yield "detached", mail(multipart(
        "signed", inner, part(s.certs.sign(bytes(inner), "list"),
                              'application/pkcs7-signature; '
                              'name="smime.p7s"', "base64"),
        parameters='; micalg=sha-256; '
        'protocol="application/pkcs7-signature"'), subject=SUBJECT)


def rows(s):
    """(name, message, verdict and reason, words, list)"""
    for source in (programs, gpgsm, headers, made):
        for name, message in source(s):
            yield name, message, ACCEPT, "", "distros"
    for reason, source in (
            ("wrong-key", wrong_key), ("partly-cleartext", partly),
            ("malformed", malformed)):
        for name, message, words in source(s):
            yield name, message, "reject " + reason, words, "distros"
    for reason, source in (("not-encrypted-inside", not_encrypted_inside),
                           ("signed-only", signed_only)):
        for name, message in source(s):
            yield name, message, "reject " + reason, "", "distros"
    for reason, name, data in passphrases(s):
        yield name, whole(data), "reject " + reason, "", "distros"
        if reason == "passphrase-too":
            yield name, whole(data), ACCEPT, "", "allow"
    yield from lists_differ(s)


def lists_differ(s):
    kernel = s.certs.envelop(ENTITY, ["kernel"])
    armored = s.keys.encrypt(TEXT, [s.keys.list])
    yield "65 recipients", whole(s.cms(*[s.recipient()] * 65)), \
        "reject too-complex", "", "distros"
    for to, verdict in (("openpgp", "reject smime"), ("smime", ACCEPT),
                        ("kernel", "reject wrong-key")):
        yield "by list", whole(s.real), verdict, "", to
    yield "by list", whole(kernel), ACCEPT, "", "kernel"
    yield "elliptic curve", whole(s.certs.envelop(ENTITY, ["ec"])), \
        "reject wrong-key", "", "smime"
    yield "OpenPGP", mail(pgp_mime(armored), subject=SUBJECT), \
        "accept pgp-mime", "", "distros"
    yield "OpenPGP", mail(pgp_mime(armored), subject=SUBJECT), \
        "reject pgp-mime", "", "smime"
    yield "OpenPGP inline", mail(part(armored), subject=SUBJECT), \
        "reject pgp-inline", "", "smime"
    yield "text", mail(part(TEXT), subject=SUBJECT), "reject cleartext", \
        "", "smime"


class Named:
    """The reply to the list `smime` names its certificate, not a key."""

    def __init__(self, rig, name):
        self.rig, self.keys = rig, type("", (), {"list": name})

    def __getattr__(self, name):
        return getattr(self.rig, name)


def check_row(rig, s, message, expected, words, to):
    if to in ("smime", "kernel"):
        name = "list" if to == "smime" else "kernel"
        rig = Named(rig, s.certs.fingerprint(name))
    check(rig, message, expected, words, to=to)


# the same message again

def garbled(der):
    """The list can still open it, but every byte of its content differs."""
    at = der.index(mails.AES + b"\x2a\x04\x10") + len(mails.AES) + 3
    return der[:at] + bytes(b ^ 1 for b in der[at:at + 16]) + der[at + 16:]


def send(rig, message, **fields):
    return rig.send(mail(smime(message), subject=SUBJECT, **fields))


def replays(rig, s):
    der = s.certs.envelop(ENTITY, ["foreign", "list"])
    mallory = "Mallory <mallory@example.net>"
    assert send(rig, der, message_id="<1@x>").verdict == "accept"
    assert send(rig, der, message_id="<1@x>").verdict == "accept"
    for again in (der, garbled(der)):
        answer = send(rig, again, sender=mallory)
        assert answer.verdict == "reject", answer
        assert "was sent before" in answer.text, answer
    assert s.certs.open(garbled(der), "list") != ENTITY
    fresh = s.certs.envelop(ENTITY, ["foreign", "list"])
    assert send(rig, fresh, sender=mallory).verdict == "accept"


# the configuration

def complaint(rig, **changes):
    """What the daemon says when it is to start with this list."""
    before = rig.settings
    rig.settings = dict(before, lists=[rig.list_conf(**changes)])
    try:
        rig.write_conf()
        done = subprocess.run(rig.command("-n"), capture_output=True,
                              env=rig.environment, timeout=60)
    finally:
        rig.settings = before
        rig.write_conf()
    text = (done.stdout + done.stderr).decode()
    return done.returncode, text


def configuration(rig, s):
    one = s.certs.fingerprint
    for code, words, changes in (
            (0, "good", {"key": [one("list")], "accept": ["smime"]}),
            (78, "no key of the list is a certificate",
             {"accept": ALL}),
            (78, "accept has no \"smime\"",
             {"key": [rig.keys.list, one("list")]}),
            (78, "none of the list's keys can encrypt with OpenPGP",
             {"key": [one("list")], "accept": ALL}),
            (78, "none of the list's keys can encrypt with OpenPGP",
             {"key": [one("list")], "accept": ["smime"],
              "cleartext": "encrypt"}),
            (78, "does not hold the key " + "A" * 40,
             {"key": ["A" * 40], "accept": ["smime"]}),
            (78, "is not for encryption",
             {"key": [one("signer")], "accept": ["smime"]}),
            (78, '"pgp-mime", "pgp-inline", "smime"',
             {"accept": ["s/mime"]})):
        got, text = complaint(rig, **changes)
        assert got == code and words in text, (got, text, words)


def ctl(rig, *words):
    done = subprocess.run(
        [os.path.join(os.path.abspath(BUILD), "embargoctl"), "-c", rig.path,
         *words], capture_output=True, timeout=60, text=True)
    return done.returncode, done.stdout + done.stderr


def operators_tool(rig, s):
    code, text = ctl(rig, "check")
    assert "distros: 2 valid S/MIME certificates, the last expires: " \
        "2056-01-01 00:00" in text, text
    assert "smime: 1 valid S/MIME certificates" in text, text
    assert "smime: 0 usable" not in text, text
    path = os.path.join(rig.folder, "mail")
    for message, expected in ((whole(s.real), "accept smime"),
                              (whole(s.cms(mails.cms_recipient())),
                               "reject wrong-key: encrypted to other")):
        with open(path, "wb") as file:
            file.write(message)
        for name in ("distros", "smime"):
            code, text = ctl(rig, "classify", "--list", name, path)
            assert text.startswith("%s: %s" % (path, expected)), text
    code, text = ctl(rig, "classify", "--any-key", path)
    assert text.startswith(path + ": reject smime"), text


def tests(rig, s):
    for name, message, expected, words, to in rows(s):
        yield "%s: %s (%s)" % (expected, name, to), \
            lambda row=(message, expected, words, to): \
            check_row(rig, s, *row)
    yield "replayed", lambda: replays(rig, s)
    yield "embargoctl", lambda: operators_tool(rig, s)
    yield "configuration", lambda: configuration(rig, s)
    yield "the keyring stays as it was", lambda: keyring_stays(s)


def keyring_stays(s):
    """Nothing of a message comes into gpgsm's keyring."""
    listing = s.certs.gpgsm(s.keys.public, "--with-colons",
                            "--list-keys").decode()
    names = {line.split(":")[9] for line in listing.splitlines()
             if line.startswith("uid:")}
    assert not any("foreign" in name for name in names), names
    assert any("CN=list" in name for name in names), names


def main():
    with Keys() as keys, make_certificates() as certs:
        certs.import_public(keys.public, "list", "ec", "old", "new",
                            "kernel", "signer")
        with Rig(lists(keys, certs), keys=keys, max_message="4M") as rig:
            shapes = Shapes(keys, certs)
            return tap.run(list(tests(rig, shapes)))


if __name__ == "__main__":
    sys.exit(main())
