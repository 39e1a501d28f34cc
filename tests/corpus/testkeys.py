"""The throwaway keys of the corpus and what gpg made with them.

Everything is read from tests/data/mail/keys and tests/data/mail/gpg, because
gpg writes other bytes each time.  record() makes both anew: then every file of
the corpus changes.

    keys = Recorded(folder)
    keys["thunderbird"]         the armour of a recipe
    keys.sub("expired")         the fingerprint of a subkey of the list's key
"""
import os
import re

import gpg_keys
import openpgp as pgp
from mails import TEXT

NOTE = """\
A throwaway key of the tests of embargo-milter.  Its secret part is public:
never encrypt anything to it, never trust a signature of it.

"""
OWNERS = {"list": "TEST ONLY list <distros@vs.example.org>",
          "member": "TEST ONLY member <member@example.com>",
          "foreign": "TEST ONLY foreign <someone@example.net>"}
# Encryption subkeys of the list's key, in the order of their making.
SUBKEYS = ("encrypt", "expired", "revoked")
SIGN = ("--sign", "-u", "member")


def inner(subject, body, *lines):
    """The MIME entity inside, with protected header fields."""
    return ('Content-Type: text/plain; charset=utf-8; protected-headers="v1"'
            "\nFrom: Member <member@example.com>\n"
            "To: distros@vs.example.org\nSubject: %s\n%s\n%s" % (
                subject, "".join(line + "\n" for line in lines),
                body.decode())).encode()


MIME_TEXT = inner("[vs] libexample: out-of-bounds read", TEXT,
                  "Embargo-Until: 2026-12-01 14:00 UTC")

# name: (text, recipients, options)
RECIPES = {
    "gpg": (TEXT, ["list"], SIGN),
    "gpg-unsigned": (TEXT, ["list"], ()),
    "two-keys": (TEXT, ["foreign", "list"], ()),
    "thunderbird": (MIME_TEXT, ["member", "list"], SIGN),
    "enigmail": (MIME_TEXT, ["list"], SIGN),
    "mutt": (MIME_TEXT, ["list", "member"], SIGN),
    "k9": (MIME_TEXT, ["list"], SIGN),
    "apple-mail": (MIME_TEXT, ["list"], SIGN),
    "gpgol": (MIME_TEXT, ["list", "member"], SIGN),
    "proton": (MIME_TEXT, ["list"], SIGN),
    "flowcrypt": (TEXT, ["list", "member"], ()),
    "mailvelope": (TEXT, ["list"], SIGN),
    "delta-chat": (MIME_TEXT, ["list", "member"], SIGN),
    "sequoia": (TEXT, ["list"], ()),
    "attachment": (TEXT * 3, ["list"], ()),
    "foreign": (TEXT, ["foreign"], SIGN),
    "expired": (TEXT, ["list/expired"], ()),
    "hidden": (TEXT, [], ("-R", "list")),
    "throw-keyids": (TEXT, ["list", "foreign"], ("--throw-keyids",)),
    "hidden-beside": (TEXT, ["list"], ("-R", "foreign")),
    "symmetric": (TEXT, None, ("--passphrase", "x", "--symmetric")),
    "passphrase-too": (TEXT, ["list"], ("--passphrase", "x",
                                        "--symmetric")),
    "clear-signed": (TEXT, None, ("-u", "member", "--clear-sign")),
    "signed": (TEXT, None, ("-u", "member", "--sign")),
    "signature": (TEXT, None, ("-u", "member", "--detach-sign")),
}


class Made(gpg_keys.Keys):
    """Real keys, for record()."""

    def _make_keys(self):
        self.owners = {name: self.make(user_id, when="20190101T000000")
                       for name, user_id in OWNERS.items()}
        owner = self.owners["list"]
        self.add_subkey(owner, "expired", "1y", when=gpg_keys.YEAR_AGO)
        self.add_subkey(owner, "revoked")
        self._revoke(owner, 3)

    def find(self, name):
        """A fingerprint: "list", "list/expired"; other words as they are."""
        owner, _, sub = name.partition("/")
        if owner not in self.owners:
            return name
        found = self.owners[owner]
        return self.subkey(found, sub) if sub else found

    def run(self, text, recipients, options):
        options = [self.find(option) for option in options]
        if recipients is None:
            return self.gpg("--armor", *options, data=text)
        when = "20200301T000000" if recipients == ["list/expired"] else None
        return self.encrypt(text, [self.find(r) for r in recipients],
                            *options, when=when)


def write(path, text):
    with open(path, "wb") as file:
        file.write(text)


def record(folder):
    """New keys and new output of gpg into folder."""
    for name in ("keys", "gpg"):
        os.makedirs(os.path.join(folder, name), exist_ok=True)
    with Made() as made:
        for name, owner in made.owners.items():
            for kind, option in (("public", "--export"),
                                 ("secret", "--export-secret-keys")):
                text = made.gpg("--armor", option, owner)
                write(os.path.join(folder, "keys", "%s.%s.asc" % (
                    name, kind)), NOTE.encode() + text)
        for name, recipe in RECIPES.items():
            write(os.path.join(folder, "gpg", name + ".asc"),
                  made.run(*recipe))
        lines = ["%s\t%s\n" % (name, fingerprint) for name, fingerprint in
                 made.owners.items()]
        lines += ["list/%s\t%s\n" % (name, made.find("list/" + name))
                  for name in SUBKEYS]
        write(os.path.join(folder, "keys", "fingerprints.tsv"),
              "".join(lines).encode())


class Recorded:
    """What record() left."""

    def __init__(self, folder):
        self.folder = folder
        with open(os.path.join(folder, "keys", "fingerprints.tsv")) as file:
            self.fingerprints = dict(line.split() for line in file)

    def __getitem__(self, name):
        path = os.path.join(self.folder, "gpg", name + ".asc")
        with open(path, "rb") as file:
            return file.read()

    def data(self, name):
        return pgp.dearmor(self[name])

    def key(self, name):
        return self.fingerprints[name]

    def sub(self, name="encrypt"):
        return self.fingerprints["list/" + name]

    def public(self, name):
        """The armoured public key of an owner, without the note."""
        path = os.path.join(self.folder, "keys", name + ".public.asc")
        with open(path, "rb") as file:
            return re.sub(rb"\A.*?(?=-----BEGIN)", b"", file.read(),
                          flags=re.S)


class Home(gpg_keys.Keys):
    """A GNUPGHOME with the list's public key, for milter_rig.Rig."""

    def __init__(self, recorded):
        self.recorded = recorded
        super().__init__()

    def _make_keys(self):
        self.list = self.recorded.key("list")
        self.gpg("--import", data=self.recorded.public("list"),
                 home=self.public)
