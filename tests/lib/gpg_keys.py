"""A throwaway GNUPGHOME with the keys that tests need.

    with Keys() as keys:
        keys.list                       a fingerprint
        keys.encrypt(b"text", [keys.list])          armour, as bytes

All keys are ed25519 with cv25519 subkeys, without a passphrase.  `home` holds
the secret keys, `public` only what a mail host without secrets has.  Close()
ends gpg's daemons and removes both.
"""
import os
import shutil
import subprocess
import tempfile

from account import IDENTITY, give

YEAR_AGO = "20200101T000000"


class Keys:
    def __init__(self):
        # gpg-agent's socket is in there: the path must be short
        self.folder = tempfile.mkdtemp(prefix="gpg-", dir="/tmp")
        self.home = os.path.join(self.folder, "s")
        self.public = os.path.join(self.folder, "p")
        self.subkeys = {}
        try:
            self._make_homes()
            self._make_keys()
        except BaseException:
            self.close()
            raise

    def gpg(self, *arguments, data=b"", home=None, when=None, check=True):
        """Run gpg; its standard output."""
        command = ["gpg", "--homedir", home or self.home, "--batch",
                   "--no-tty", "--quiet", "--yes", "--trust-model", "always",
                   "--pinentry-mode", "loopback", "--passphrase", ""]
        if when is not None:
            command += ["--faked-system-time", when,
                        "--ignore-time-conflict"]
        done = subprocess.run([*command, *arguments], input=data,
                              capture_output=True, timeout=60, **IDENTITY)
        if check and done.returncode != 0:
            raise RuntimeError("gpg %s: %s" % (" ".join(arguments),
                                               done.stderr.decode()))
        return done.stdout

    def _make_homes(self):
        for home in (self.home, self.public):
            os.mkdir(home, 0o700)
            with open(os.path.join(home, "gpg.conf"), "w") as file:
                file.write("no-auto-key-retrieve\nno-auto-key-locate\n"
                           "no-random-seed-file\n")
            with open(os.path.join(home, "gpg-agent.conf"), "w") as file:
                file.write("auto-expand-secmem\ndisable-scdaemon\n")
        give(self.folder)

    def _make_keys(self):
        self.list = self.make("Distros <distros@vs.example.org>",
                              when="20190101T000000")
        self.add_subkey(self.list, "expired", "1y", when=YEAR_AGO)
        self.add_subkey(self.list, "revoked")
        self._revoke(self.list, 3)
        self.other = self.make("Kernel <kernel@vs.example.org>")
        self.foreign = self.make("Someone <someone@example.net>")
        self.member = self.make("Member <member@example.com>")
        self.import_public(self.list, self.other)

    def make(self, user_id, when=None):
        """A new key; its fingerprint."""
        before = set(self._fingerprints())
        self.gpg("--quick-generate-key", user_id, "ed25519", "cert,sign",
                 "0", when=when)
        new, = set(self._fingerprints()) - before
        self.add_subkey(new, "encrypt", when=when)
        return new

    def _fingerprints(self):
        return [key[0] for key in self._listing()]

    def _listing(self):
        """For each key: its fingerprint and those of its subkeys."""
        keys = []
        for line in self.gpg("--with-colons", "-k").decode().splitlines():
            words = line.split(":")
            if words[0] == "pub":
                keys.append([])
            elif words[0] == "fpr":
                keys[-1].append(words[9])
        return keys

    def add_subkey(self, key, name, expire="0", when=None):
        """Another encryption subkey; subkey(key, name) finds it again."""
        old = {f for one in self._listing() for f in one}
        self.gpg("--quick-add-key", key, "cv25519", "encr", expire,
                 when=when)
        new, = {f for one in self._listing() for f in one} - old
        self.subkeys[key, name] = new

    def subkey(self, key, name="encrypt"):
        """The fingerprint of an encryption subkey."""
        return self.subkeys[key, name]

    def _revoke(self, key, number):
        answers = "key %d\nrevkey\ny\n0\n\ny\nsave\n" % number
        self.gpg("--no-batch", "--command-fd", "0", "--edit-key", key,
                 data=answers.encode())

    def import_public(self, *keys):
        exported = self.gpg("--export", *keys)
        self.gpg("--import", data=exported, home=self.public)

    def encrypt(self, data, to, *options, when=None, armor=True):
        """An OpenPGP message; `to` are fingerprints, of keys or subkeys."""
        recipients = []
        for one in to:
            recipients += ["-r", one + "!" if one in self.subkeys.values()
                           else one]
        return self.gpg(*(["--armor"] if armor else []), *recipients,
                        *options, "--encrypt", data=data, when=when)

    def sign(self, data, key, *options):
        """A detached signature in armour, unless the options say else."""
        return self.gpg("--armor", "-u", key,
                        *(options or ["--detach-sign"]), data=data)

    def decrypt(self, data):
        return self.gpg("--decrypt", data=data)

    def close(self):
        for home in (self.home, self.public):
            if os.path.isdir(home):
                subprocess.run(["gpgconf", "--homedir", home, "--kill",
                                "all"], capture_output=True, **IDENTITY)
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
