"""A reporter's desk: a throwaway GNUPGHOME and mails made by the real gpg."""
import os
import shutil
import subprocess
import tempfile
from email.utils import formatdate

from private_postfix import wait_for

BOUNDARY = "=_encrypted_report"

ENCRYPTED = '''\
From: {sender}
To: {to}
Subject: {subject}
Date: {date}
Message-ID: <{id}>
{more}MIME-Version: 1.0
Content-Type: multipart/encrypted; protocol="application/pgp-encrypted";
 boundary="{boundary}"

This is an OpenPGP/MIME encrypted message (RFC 4880 and 3156)
--{boundary}
Content-Type: application/pgp-encrypted
Content-Description: PGP/MIME version identification

Version: 1

--{boundary}
Content-Type: application/octet-stream; name="encrypted.asc"
Content-Description: OpenPGP encrypted message
Content-Disposition: inline; filename="encrypted.asc"

{armour}
--{boundary}--
'''

CLEAR = '''\
From: {sender}
To: {to}
Subject: {subject}
Date: {date}
Message-ID: <{id}>
{more}MIME-Version: 1.0
Content-Type: text/plain; charset=us-ascii

{text}
'''

SECRET = "Overflow in frob(): a length of 2^31 - 1 writes past the buffer."


class Reporter:
    """Keys by name, and mails that are encrypted to them."""

    def __init__(self):
        self.home = tempfile.mkdtemp(prefix="gpg-")

    def gpg(self, *words, given=None):
        done = subprocess.run(
            ["gpg", "--homedir", self.home, "--batch", "--no-tty", "--quiet",
             "--disable-dirmngr", "--trust-model", "always",
             "--pinentry-mode", "loopback", "--passphrase", "", *words],
            input=given, stdin=None if given is not None else
            subprocess.DEVNULL, capture_output=True, timeout=120)
        if done.returncode != 0:
            raise RuntimeError("gpg: %s" % done.stderr.decode())
        return done.stdout

    def make_key(self, user_id):
        """A signing key with an encryption subkey; its fingerprint."""
        self.gpg("--quick-generate-key", user_id, "future-default",
                 "default", "never")
        listing = self.gpg("--with-colons", "--list-keys", "--",
                           "=" + user_id).decode()
        return next(line.split(":")[9] for line in listing.splitlines()
                    if line.startswith("fpr:"))

    def export(self, fingerprint, home, owner, with_secret=False):
        """A new GNUPGHOME at `home` that holds the public key alone, or both.
        """
        os.makedirs(home, 0o700, exist_ok=True)
        subprocess.run(["chown", owner, home], check=True)
        key = self.gpg("--export-secret-keys" if with_secret else "--export",
                       fingerprint)
        subprocess.run(["gpg", "--homedir", home, "--batch", "--quiet",
                        *([] if with_secret else ["--no-autostart"]),
                        "--import"], input=key, check=True, user=owner,
                       group="nogroup", extra_groups=[], capture_output=True)

    def encrypt(self, text, *fingerprints):
        words = [word for f in fingerprints for word in ("-r", f)]
        return self.gpg("--armor", "--encrypt", *words,
                        given=text.encode()).decode()

    def decrypt(self, mail):
        start = mail.index(b"-----BEGIN PGP MESSAGE")
        return self.gpg("--decrypt", given=mail[start:]).decode()

    def encrypted_mail(self, to, *fingerprints, **fields):
        inner = "Content-Type: text/plain\n\n%s\n" % fields.pop(
            "text", SECRET)
        return self._fill(ENCRYPTED, to, fields, armour=self.encrypt(
            inner, *fingerprints).rstrip("\n"), boundary=BOUNDARY)

    def clear_mail(self, to, **fields):
        return self._fill(CLEAR, to, fields, text=fields.pop("text", SECRET))

    @staticmethod
    def _fill(form, to, fields, **more):
        values = {"sender": "alice@reporter.test", "subject": "[vs] a report",
                  "id": "report@reporter.test", "more": "", "to": to,
                  "date": formatdate()}
        values.update(fields, **more)
        return form.format(**values).replace("\n", "\r\n").encode()

    def close(self):
        """End the agent before its folder goes, else it would stay."""
        subprocess.run(["gpgconf", "--homedir", self.home, "--kill", "all"],
                       stdin=subprocess.DEVNULL, capture_output=True,
                       timeout=60)
        agent = os.path.join(self.home, "S.gpg-agent")
        wait_for(lambda: not os.path.exists(agent), about="gpg-agent's end")
        shutil.rmtree(self.home)
