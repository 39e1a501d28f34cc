"""Mails with something inside, and a daemon that looks.

    with Site() as site:
        message = site.mail(site.seal(b"text", signer=site.keys.member))
        site.check(message, "reject bad-signature", "revoked", to="valid")

Lists: distros (decrypts, signatures ignored), valid, member, open (has members,
but takes all), blind, kernel (another key).  What check() sent can be given to
`embargoctl classify` afterwards, which must say the same: classify().
"""
import os
import re
import shutil
import subprocess
import tempfile
import time

import mails
import openpgp as pgp
import tap
from account import give
from gpg_keys import Keys
from milter_rig import BUILD, Rig, utc

DOMAIN = "@vs.example.org"
MARK = "xyzzy4711"      # in every plaintext: seen nowhere else
TEXT = ("The hole %s is in libexample.\n" % MARK).encode()
MEMBER = "Member <member@example.com>"
LONG_AGO = "20190601T000000"
DAY = 86400

# code, enhanced code, words of the reply
REASONS = {
    "undecryptable": (550, "5.7.1", "cannot be decrypted"),
    "bad-signature": (550, "5.7.1", "does not hold"),
    "unsigned": (550, "5.7.1", "encrypted but not signed"),
    "not-a-member": (550, "5.7.1", "is no member's"),
    "not-the-signer": (550, "5.7.1", "From address is not one of the key"),
    "too-big": (552, "5.3.4", "larger than this list takes"),
    "wrong-key": (550, "5.7.1", "not encrypted to the list's current key"),
    "cleartext": (550, "5.7.1", "takes only encrypted mail"),
    "partly-cleartext": (550, "5.7.1", "Only a part of your message"),
    "mangled": (550, "5.7.1", "took your PGP/MIME message apart"),
    "malformed": (550, "5.6.0", "damaged or can be read"),
    "signed-only": (550, "5.7.1", "signed but not encrypted"),
    "public-copy": (550, "5.7.1", "also goes to a public list"),
    "missing-subject-tag": (550, "5.7.1", "does not hold a tag"),
    "later": (451, "4.3.0", "problem of its own"),
}


class SightedKeys(Keys):
    """Keys that sign, well and badly."""

    def _make_keys(self):
        super()._make_keys()
        self.member_subkey = self._add_signer(self.member)
        self.gpg("--quick-add-uid", self.member,
                 "Second <second@example.com>")
        self.elder = self.make("Elder <elder@example.com>", LONG_AGO)
        self.revoked = self.make("Revoked <revoked@example.com>", LONG_AGO)
        self.gpg("--quick-generate-key", "Expired <expired@example.com>",
                 "ed25519", "cert,sign", "1y", when=LONG_AGO)
        self.expired = self._listing()[-1][0]
        self.gpg("--quick-generate-key", "Member <member@example.com>",
                 "ed25519", "cert,sign", "0", home=self.public)
        self.stranger, = set(re.findall(
            r"sec:(?:[^:]*:){3}\w*:.*?fpr:+(\w+):", self.gpg(
                "--with-colons", "-K", home=self.public).decode(), re.S))

    def _add_signer(self, key):
        old = {f for one in self._listing() for f in one}
        self.gpg("--quick-add-key", key, "ed25519", "sign", "0")
        new, = {f for one in self._listing() for f in one} - old
        return new

    def revoke(self, key):
        """Import the revocation that gpg keeps for emergencies."""
        path = os.path.join(self.home, "openpgp-revocs.d", key + ".rev")
        with open(path) as file:
            text = file.read().replace(":-----BEGIN", "-----BEGIN")
        self.gpg("--import", data=text.encode())


def entity(text=TEXT, lines=(), type="text/plain; charset=utf-8", **options):
    """A MIME entity with a protected header, as bytes."""
    return bytes(mails.part(text, type + '; protected-headers="v1"',
                            lines=["Subject: [vs] inside %s" % MARK, *lines],
                            **options))


def crlf(data):
    return data.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


class Site:
    """The keys and the daemon; `lists` are added to those above."""

    def __init__(self, lists=(), keys=None, gnupg=None, embargo=None,
                 **conf):
        self.embargo = embargo
        self.own_keys = keys is None
        self.keys = keys or SightedKeys()
        self.files = []
        self.rig = None
        self.folder = tempfile.mkdtemp(prefix="in-", dir="/tmp")
        give(self.folder)
        self.members = os.path.join(self.folder, "members")
        try:
            self.write_members()
            self.rig = Rig(self._lists() + list(lists), keys=self.keys,
                           gnupg={"home": self.keys.home, "timeout": "5s",
                                  **(gnupg or {})}, **conf)
        except BaseException:
            self.close()
            raise

    def write_members(self):
        with open(self.members, "w") as file:
            file.write(
                "# who may sign\n\nmember@example.com, %s\n"
                "  Alias@Example.com\t%s # by another name\r\n"
                "revoked@example.com,%s\n#%s\nelder@example.com %s\n" % (
                    self.keys.member.lower(),
                    re.sub("(....)", r"\1 ", self.keys.member),
                    self.keys.revoked, "x" * 3000, self.keys.elder))

    def _lists(self):
        sighted = {"decrypt": True, "public_lists": [],
                   "embargo": self.embargo}
        return [
            sighted,
            {"name": "valid", "address": ["valid" + DOMAIN],
             "signature": "valid", **sighted},
            {"name": "member", "address": ["member" + DOMAIN],
             "signature": "member", "members": self.members, **sighted},
            {"name": "open", "address": ["open" + DOMAIN],
             "members": self.members, **sighted},
            {"name": "blind", "address": ["blind" + DOMAIN]},
            {"name": "kernel", "address": ["kernel" + DOMAIN],
             "key": [self.keys.other], **sighted}]

    # mails

    def seal(self, data=TEXT, signer=None, to=None, *options, **more):
        """Armour of an encrypted, perhaps signed message."""
        if signer is not None:
            options = ("--sign", "-u", signer + "!", *options)
        return self.keys.encrypt(data, [self.keys.list] if to is None else to,
                                 *options,
                                 **more)

    def mail(self, armored, sender=MEMBER, **fields):
        """PGP/MIME round armour."""
        return mails.mail(mails.pgp_mime(armored), sender=sender, **fields)

    def signed(self, text=TEXT, signer=None, sender=MEMBER, lines=(),
               **fields):
        """PGP/MIME, signed and encrypted in one."""
        return self.mail(self.seal(entity(text, lines),
                                   signer or self.keys.member),
                         sender, **fields)

    def parts(self, part=None, signature=None, signer=None):
        """multipart/signed, as bytes, to be encrypted."""
        part = part or mails.part(TEXT)
        if signature is None:
            signature = self.keys.sign(crlf(bytes(part)),
                                       signer or self.keys.member)
        return bytes(mails.signed(part, signature, boundary="signed"))

    # what comes of them

    def send(self, message, to="distros", **options):
        if self.rig.redis.client:
            self.rig.redis("FLUSHDB")
        rcpt = [one + DOMAIN for one in to.split()]
        return self.rig.send(message, rcpt, queue_id="4XyZ1", **options)

    def check(self, message, expected, words="", to="distros", **options):
        """Send it; verdict and reason, reply and log line."""
        verdict, reason = expected.split()
        at = self.rig.log_size()
        answer = self.send(message, to, **options)
        told = (expected, answer.verdict, answer.lines, self.rig.log(at))
        line = self.rig.last_line()
        assert line["reason"] == reason, told
        assert MARK not in self.rig.log(at) + answer.text, told
        if verdict == "accept":
            assert answer.verdict == "accept", told
            assert answer.tags["X-Embargo-Verdict"] == expected, answer
        else:
            self.check_refusal(answer, reason, words, told)
        if " " not in to and not options:
            self.files.append((to, message, line))
        return answer

    def check_refusal(self, answer, reason, words, told):
        code, enhanced, essential = REASONS[reason]
        assert (answer.code, answer.enhanced) == (code, enhanced), told
        assert essential in answer.text and words in answer.text, told
        assert answer.edits == [], told
        if self.rig.redis.client:
            tracker = "embargo:{%s}:" % self.rig.last_line()["list"]
            left = {tracker + "counters", tracker + "refused"}
            assert set(self.rig.redis("KEYS", "*")) <= left, told

    def classify(self):
        """embargoctl says of each file what the daemon said."""
        classify(self.rig, self.folder, self.files)

    def close(self):
        try:
            if self.rig is not None:
                self.rig.close()
        finally:
            if self.own_keys:
                self.keys.close()
            shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def classify(rig, folder, sent):
    """embargoctl says of (list, message, line) what the daemon's line says."""
    assert sent
    for name in sorted({to for to, _, _ in sent}):
        classify_for(rig, folder, name, [
            (message, line) for to, message, line in sent
            if to == name and line["reason"] != "later"])


def classify_for(rig, folder, name, sent):
    paths = []
    for number, (message, _) in enumerate(sent):
        paths.append(os.path.join(folder, "mail%d" % number))
        with open(paths[-1], "wb") as file:
            file.write(message)
    done = subprocess.run(
        [os.path.join(os.path.abspath(BUILD), "embargoctl"), "-c", rig.path,
         "classify", "--list", name, *paths],
        capture_output=True, text=True, timeout=60)
    lines = done.stdout.splitlines()
    assert len(lines) == len(sent), (done, len(sent))
    for path, text, (_, line) in zip(paths, lines, sent):
        verdict = line["verdict"]
        if verdict in ("warn", "encrypt", "would-reject"):
            verdict = "accept"
        why = "" if line["why"] is None else ": " + line["why"]
        assert text == "%s: %s %s%s" % (path, verdict, line["reason"], why), \
            (text, line)


def bomb(site, size=300 << 20):
    """Zeros that unpack from a few hundred bytes, encrypted."""
    pack = pgp.zlib.compressobj(1)
    block = bytes(1 << 20)
    head = b"\xcb\xff" + (size + 6).to_bytes(4, "big") + b"b" + bytes(5)
    packed = pack.compress(head)
    for _ in range(size >> 20):
        packed += pack.compress(block)
    packed = pgp.packet(pgp.COMPRESSED, b"\2" + packed + pack.flush())
    packed = pgp.packet(pgp.COMPRESSED, b"\2" + pgp.zlib.compress(packed, 9))
    return site.seal(packed, None, None, "--no-literal", "-z", "0")


def soon(days, clock="14:00"):
    """(text, tag) of a day to come."""
    day = utc(time.time() + days * DAY)[:10]
    return "%s %s UTC" % (day, clock), "%sT%s:00Z" % (day, clock)


def run(tests, site):
    """All functions test_* of a module, and whether the daemon lives."""
    def lives():
        assert site.rig.is_running()
        assert site.rig.stop() == 0, site.rig.log()
        return True
    return tap.run([*tap.collect(tests, site),
                    ("the daemon is still there", lives)])
