"""S/MIME opened with the list's certificate: signatures, dates, trouble.

Lists: smime (signatures ignored), smime-valid, smime-member, both (OpenPGP as
well), smime-other (another certificate in the same keyring).
"""
import os
import shutil
import sys
import time

import mails
import sighted
import tap
from fake_gpg import FakeGpg
from mails import multipart, part
from sighted import DOMAIN, MARK, MEMBER, TEXT, SightedKeys, Site, crlf, soon
from test_smime import complaint
from x509 import BOTH, EC, Certificates

SIGNER = "digitalSignature"
TIMEOUT = 2


def make_certificates(home):
    """The lists' own in the keyring with their keys, and signers."""
    certs = Certificates()
    certs.make("list", "distros@vs.example.org")
    certs.make("other", "other@vs.example.org")
    certs.make("ec", "distros@vs.example.org", key=EC)
    certs.make("keyless", "distros@vs.example.org")
    certs.make("member", "member@example.com", usage=SIGNER)
    certs.make("colleague", "colleague@example.com", usage=SIGNER)
    certs.make("old", "member@example.com", usage=SIGNER,
               end="20200201000000Z")
    certs.make("reader", "member@example.com", usage="keyEncipherment")
    certs.make("unknown", "member@example.com", usage=BOTH)
    certs.make_foreign("distrusted")
    certs.import_public(home, "list", "other", "ec", "keyless", "member",
                        "colleague", "old", "reader", "distrusted")
    certs.import_secret(home, "list", "other")
    certs.trust(home)
    return certs


class SmimeSite(Site):
    def __init__(self):
        keys = SightedKeys()
        self.certs = None
        self.fake = FakeGpg("gpgsm")
        try:
            self.certs = make_certificates(keys.home)
            super().__init__(keys=keys, environment=self.fake.environment,
                             gnupg={"timeout": "%ds" % TIMEOUT})
        except BaseException:
            self._close_certs(keys)
            raise

    def _close_certs(self, keys):
        keys.close()
        self.fake.close()
        if self.certs is not None:
            self.certs.close()

    def close(self):
        super().close()
        self._close_certs(self.keys)

    def write_members(self):
        with open(self.members, "w") as file:
            for address, name in (("member@example.com", "member"),
                                  ("member@example.com", "old"),
                                  ("member@example.com", "unknown")):
                file.write("%s, %s\n" % (address,
                                         self.certs.fingerprint(name)))

    def _lists(self):
        one = self.certs.fingerprint
        smime = {"decrypt": True, "accept": ["smime"], "key": [one("list")],
                 "public_lists": []}
        return [
            {"name": "smime", "address": ["smime" + DOMAIN], **smime},
            {"name": "valid", "address": ["smime-valid" + DOMAIN],
             "signature": "valid", **smime},
            {"name": "member", "address": ["smime-member" + DOMAIN],
             "signature": "member", "members": self.members, **smime},
            {"name": "both", "address": ["both" + DOMAIN], **smime,
             "key": [self.keys.list, one("list")],
             "accept": ["pgp-mime", "smime"]},
            {"name": "other", "address": ["smime-other" + DOMAIN], **smime,
             "key": [one("other")]}]

    def envelop(self, data, to=("list",), *options):
        """A mail that is encrypted."""
        return self.wrap(self.certs.envelop(crlf(data), to, *options))

    @staticmethod
    def wrap(der, sender=MEMBER, **fields):
        return mails.mail(mails.smime(der), sender=sender, **fields)

    def detached(self, signer="member", text=TEXT, tail=b"", options=()):
        """multipart/signed, its signature by openssl; as bytes."""
        inner = part(text)
        signature = self.certs.sign(crlf(bytes(inner)), signer, *options)
        inner.body += tail
        return bytes(multipart(
            "signed", inner, part(
                signature, 'application/pkcs7-signature; name="smime.p7s"',
                "base64"), boundary="signed", parameters='; '
            'micalg=sha-256; protocol="application/pkcs7-signature"'))

    def opaque(self, signer="member", text=TEXT, options=(), change=None):
        """Signed data with the text in it; as bytes of an entity."""
        der = self.certs.sign(crlf(bytes(part(text))), signer, "-nodetach",
                              *options)
        if change is not None:
            assert change[0] in der
            der = der.replace(*change)
        return bytes(mails.smime(der, "signed-data"))

    def keyring(self):
        return self.certs.gpgsm(self.keys.home, "--with-colons",
                                "--list-keys").decode()


VALID, MEMBERS = "smime-valid", "smime-member"


def test_unsigned(site):
    plain = site.envelop(bytes(part(TEXT)))
    site.check(plain, "accept smime", to="smime")
    site.check(plain, "accept smime", to="both")
    site.check(plain, "reject unsigned", to=VALID)
    site.check(plain, "reject unsigned", to=MEMBERS)
    site.check(site.envelop(TEXT), "accept smime", to="smime")
    site.check(site.envelop(b""), "accept smime", to="smime")


def test_openpgp_beside(site):
    site.check(site.signed(), "accept pgp-mime", to="both")


def test_ciphers(site):
    for options in (["-aes128"], ["-aes192"], ["-des3"],
                    ["-aes256", "-stream"]):
        site.check(site.envelop(bytes(part(TEXT)), ["list"], *options),
                   "accept smime", to="smime")
    site.check(site.envelop(bytes(part(TEXT)), ["ec", "unknown", "list"]),
               "accept smime", to="smime")


def test_signed_well(site):
    for inner in (site.detached(), site.opaque(),
                  site.detached(options=["-nocerts"]),
                  site.opaque(options=["-nocerts"]),
                  site.opaque(options=["-stream"]),
                  site.opaque(options=["-noattr"]),
                  site.opaque(options=["-md", "sha512"])):
        message = site.envelop(inner)
        for to in ("smime", VALID, MEMBERS):
            site.check(message, "accept smime", to=to)


def test_signed_badly(site):
    inner = (site.detached(tail=b"Not so.\n"),
             site.opaque(change=(b"hole", b"hile")),
             bytes(mails.smime(mails.cms(mails.SIGNED_DATA, TEXT),
                               "signed-data")),
             site.detached("reader"))
    for one in inner:
        message = site.envelop(one)
        site.check(message, "accept smime", to="smime")
        site.check(message, "reject bad-signature", to=VALID)
        site.check(message, "reject bad-signature", to=MEMBERS)


def test_signer_is_unknown(site):
    """What a signature brings along is neither used nor kept."""
    before = site.keyring()
    for signer in ("unknown", "distrusted"):
        for inner in (site.detached(signer), site.opaque(signer)):
            message = site.envelop(inner)
            site.check(message, "accept smime", to="smime")
            for to in (VALID, MEMBERS):
                site.check(message, "reject bad-signature",
                           "a key that the list does not know", to=to)
    assert site.keyring() == before
    assert "CN=unknown" not in before


def test_signer_has_expired(site):
    for inner in (site.detached("old"), site.opaque("old")):
        site.check(site.envelop(inner), "reject bad-signature",
                   "has expired", to=MEMBERS)


def test_signer_is_somebody_else(site):
    site.check(site.envelop(site.opaque("colleague")),
               "reject not-a-member", to=MEMBERS)
    site.check(site.envelop(site.opaque("colleague")),
               "reject not-the-signer", to=VALID)
    mallory = site.wrap(site.certs.envelop(site.opaque(), ["list"]),
                        "Mallory <mallory@example.net>")
    for to in (VALID, MEMBERS):
        site.check(mallory, "reject not-the-signer", to=to)
    colleague = site.wrap(site.certs.envelop(
        site.opaque("colleague"), ["list"]), "colleague@example.com")
    site.check(colleague, "accept smime", to=VALID)


def test_dates(site):
    text, tag = soon(5)
    for inner in (bytes(part(TEXT, lines=["Embargo-Until: " + text])),
                  site.detached(text=b"Embargo-Until: %s\n" %
                                text.encode()),
                  site.opaque(text=b"Embargo-Until: %s\n" % text.encode())):
        answer = site.check(site.envelop(inner), "accept smime", to="smime")
        assert answer.tags["X-Embargo-Until"] == tag, answer.tags


def test_undecryptable(site):
    der = site.certs.envelop(TEXT, ["list"])
    at = der.index(bytes.fromhex("06092a864886f70d0101010500048201")) + 20
    # the last but one block: it turns the padding into one that is never right
    for place, bit in ((at, 1), (at + 100, 1), (len(der) - 17, 0x80)):
        broken = bytearray(der)
        broken[place] ^= bit
        site.check(site.wrap(bytes(broken)), "reject undecryptable",
                   to="smime")
    site.check(site.wrap(der), "accept smime", to="smime")


def test_what_gpgsm_cannot(site):
    """A later gpgsm may; what it cannot is said at once."""
    for to, options in ((["list"], ["-aes-256-gcm"]),
                        (["list"], ["-aes256", "-keyid"])):
        message = mails.mail(mails.smime(site.certs.envelop(
            TEXT, to, *options), "enveloped-data"), sender=MEMBER)
        answer = site.send(message, "smime")
        assert answer.verdict in ("accept", "reject"), answer
        assert answer.verdict == "accept" or \
            "cannot be decrypted" in answer.text, answer


def test_another_key_of_the_keyring(site):
    """The list's own key must open it, not one that is there by chance."""
    both = site.certs.envelop(TEXT, ["other", "list"])
    site.check(site.wrap(both), "accept smime", to="smime")
    site.check(site.wrap(both), "accept smime", to="smime-other")
    theirs = site.certs.envelop(TEXT, ["other"])
    site.check(site.wrap(theirs), "reject wrong-key", to="smime")
    broken = bytearray(both)
    broken[both.index(site.certs.serial("list")) + 60] ^= 1
    site.check(site.wrap(bytes(broken)), "accept smime", to="smime-other")
    site.check(site.wrap(bytes(broken)), "reject undecryptable", to="smime")


def test_signature_sent_again(site):
    """By another, in a ciphertext of his own."""
    site.rig.redis("FLUSHDB")
    inner = site.opaque()
    for sender, verdict in ((MEMBER, "accept"),
                            ("Mallory <mallory@example.net>", "reject")):
        message = site.wrap(site.certs.envelop(inner, ["list"]), sender)
        answer = site.rig.send(message, ["smime" + DOMAIN])
        assert answer.verdict == verdict, answer
    assert "was sent before" in answer.text, answer


def test_key_is_gone(site):
    """Our own trouble: the message has to wait."""
    good = site.envelop(TEXT)
    keys = os.path.join(site.keys.home, "private-keys-v1.d")
    away = keys + ".away"
    site.certs.run(["gpgconf", "--homedir", site.keys.home, "--kill", "all"])
    os.rename(keys, away)
    try:
        os.mkdir(keys, 0o700)
        site.check(good, "later later", to="smime")
    finally:
        shutil.rmtree(keys)
        os.rename(away, keys)
    site.check(good, "accept smime", to="smime")


def test_gpgsm_is_in_trouble(site):
    """The message waits, no longer than gnupg.timeout, and nothing stays."""
    good = site.envelop(site.opaque())
    for mode in ("missing", "exit", "fail", "kill", "garbage", "flood",
                 "hang", "stubborn"):
        site.fake.set(mode)
        begin = time.monotonic()
        site.check(good, "later later", to=MEMBERS)
        assert time.monotonic() - begin < TIMEOUT + 2, mode
        site.check(site.signed(), "accept pgp-mime", to="both")
        tap.poll(lambda: not site.fake.living())
        site.fake.set("real")
        site.check(good, "accept smime", to=MEMBERS)


def test_no_plaintext_stays(site):
    site.check(site.envelop(site.opaque("unknown")), "accept smime",
               to="smime")
    for folder, _, names in os.walk(site.keys.home):
        for name in names:
            path = os.path.join(folder, name)
            if os.path.isfile(path):
                with open(path, "rb") as file:
                    assert MARK.encode() not in file.read(), path


def test_configuration(site):
    one = site.certs.fingerprint
    smime = {"decrypt": True, "accept": ["smime"]}
    for code, words, key in ((0, "good", "list"),
                             (78, "is its secret key in", "keyless"),
                             (78, "trustlist.txt", "foreign")):
        if key == "foreign":
            site.certs.make_foreign("foreign")
            site.certs.gpgsm(site.keys.home, "--import", "foreign.pem")
        got, text = complaint(site.rig, key=[one(key)], **smime)
        assert got == code and words in text, (got, text, words)


def test_classify(site):
    site.classify()


def main():
    with SmimeSite() as site:
        return sighted.run(globals(), site)


if __name__ == "__main__":
    sys.exit(main())
