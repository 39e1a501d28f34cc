"""Attacks inside the OpenPGP data: (name, reason, what, data).

packets(keys) yields data for any mail to carry.
"""
import openpgp as pgp
from mails import TEXT

PARTLY, MALFORMED = "partly-cleartext", "malformed"
FAKE = "not-encrypted-inside"


def trailing(keys):
    """Behind the encrypted data."""
    made = keys.data("gpg-unsigned")
    for name, data in (
            ("literal", pgp.literal(TEXT)),
            ("literal-old", pgp.literal(TEXT, old=True)),
            ("literal-partial", pgp.literal(TEXT * 20, partial=9)),
            ("compressed", pgp.compressed(pgp.literal(TEXT))),
            ("signed", pgp.signed_message(TEXT)),
            ("signature", pgp.signature()), ("key", pgp.key()),
            ("private", pgp.private(TEXT)),
            ("experimental", pgp.private(TEXT, tag=63)),
            ("user-id", pgp.packet(pgp.USER_ID, TEXT)),
            ("trust", pgp.packet(pgp.TRUST, TEXT)),
            ("marker", pgp.marker()), ("marker-text", pgp.marker(TEXT)),
            ("padding", pgp.padding()),
            ("pad-text", pgp.padding(content=TEXT)),
            ("mdc", pgp.packet(19, TEXT[:20])),
            ("second", pgp.encrypted(keys.sub())),
            ("second-foreign", keys.data("foreign")),
            ("sed", pgp.sed(content=TEXT * 3)), ("text", TEXT),
            ("garbage", b"\x01" + TEXT), ("nul", bytes(40)), ("lf", b"\n"),
            ("armour", pgp.armor(pgp.literal(TEXT)))):
        yield "then-" + name, PARTLY, "encrypted, then " + name, made + data


def leading(keys):
    """Before it, or in its place."""
    key, sealed = pgp.pkesk(keys.sub()), pgp.seipd(300)
    for name, data in (
            ("literal", pgp.literal(TEXT)), ("marker-text", pgp.marker(TEXT)),
            ("pad-text", pgp.padding(content=TEXT)),
            ("private", pgp.private(TEXT)), ("one-pass", pgp.one_pass()),
            ("compressed", pgp.compressed(pgp.literal(TEXT)))):
        yield "first-" + name, FAKE, name + ", then encrypted", \
            data + key + sealed
        yield "between-" + name, FAKE, name + " between", key + data + sealed
    for name, data in (
            ("literal", key + pgp.literal(TEXT)),
            ("old", key + pgp.literal(TEXT, old=True)),
            ("compressed", key + pgp.compressed(pgp.literal(TEXT))),
            ("signed", key + pgp.signed_message(TEXT)),
            ("nothing", key), ("keys-only", key * 3),
            ("marker", key + pgp.marker() + pgp.literal(TEXT)),
            ("late-key", sealed + key), ("no-key", sealed)):
        yield "key-then-" + name, FAKE, "session key, then " + name, data
    for name, data in (
            ("literal", pgp.literal(TEXT)),
            ("named", pgp.literal(TEXT, name=b"_CONSOLE")),
            ("compressed", pgp.compressed(pgp.literal(TEXT))),
            ("stored", pgp.compressed(pgp.literal(TEXT), algorithm=0)),
            ("signed", keys.data("signed")), ("marker", pgp.marker()),
            ("signature", keys.data("signature")),
            ("key", pgp.dearmor(keys.public("member"))),
            ("padding", pgp.padding()), ("private", pgp.private(TEXT)),
            ("user-id", pgp.packet(pgp.USER_ID, TEXT))):
        yield "only-" + name, FAKE, name + " alone", data


def readable(keys):
    """Readable bytes where ciphertext should be."""
    key, noise = pgp.pkesk(keys.sub()), pgp.random_bytes(400)
    wide = (TEXT * 10).decode().encode("utf-16-le")
    for name, content in (
            ("text", TEXT * 10), ("text-short", TEXT * 2),
            ("utf-16", wide), ("zeros", bytes(400)),
            ("base64", pgp.armor(pgp.literal(TEXT * 10))),
            ("hex", TEXT.hex().encode() * 8),
            ("behind", noise + TEXT * 2 + noise),
            ("at-the-end", noise + TEXT * 2),
            ("sentence", noise + TEXT[:40] + noise)):
        yield "readable-" + name, FAKE, "encrypted data is " + name, \
            key + pgp.seipd(content=content)
    yield "readable-aead", FAKE, "the same in an AEAD packet", \
        key + pgp.aead(content=TEXT * 10)
    yield "readable-v2", FAKE, "the same in SEIPD version 2", \
        key + pgp.seipd(content=TEXT * 10, version=2)
    yield "readable-partial", FAKE, "the same in partial lengths", \
        key + pgp.seipd(content=TEXT * 30, partial=9)
    yield "readable-key", MALFORMED, "a session key of text", pgp.pkesk(
        keys.sub(), algorithm=99, fields=TEXT * 4) + pgp.seipd(300)
    yield "readable-wrapped", MALFORMED, "a wrapped key of text", pgp.pkesk(
        keys.sub(), algorithm=pgp.X25519,
        fields=pgp.random_bytes(32) + bytes([len(TEXT)]) + TEXT) + \
        pgp.seipd(300)


def broken(keys):
    key = pgp.pkesk(keys.sub())
    noise = b"\1" + pgp.random_bytes(120)
    for name, data in (
            ("length-beyond", key + pgp.packet(pgp.SEIPD, noise,
                                               length=5000)),
            ("length-huge", key + pgp.packet(pgp.SEIPD, noise, octets=5,
                                             length=0xfffffff0)),
            ("length-zero", key + pgp.packet(pgp.SEIPD, b"")),
            ("partial-cut", key + pgp.seipd(1500, partial=9)[:-60]),
            ("partial-short", key + pgp.seipd(900, partial=8)),
            ("partial-key", pgp.packet(pgp.PKESK, pgp.random_bytes(
                600), partial=9) + pgp.seipd(200)),
            ("key-version-2", pgp.pkesk(keys.sub(), version=2) +
             pgp.seipd(200)),
            ("key-version-7", pgp.pkesk(keys.sub(), version=7) +
             pgp.seipd(200)),
            ("key-tail", pgp.pkesk(keys.sub(), fields=pgp.session_key() +
                                   b"tail") + pgp.seipd(200)),
            ("key-empty", pgp.pkesk(keys.sub(), fields=b"") +
             pgp.seipd(200)),
            ("key-short-mpi", pgp.pkesk(
                keys.sub(), algorithm=pgp.RSA, fields=b"\0\x08\xff") +
             pgp.seipd(200)),
            ("seipd-version-0", key + pgp.packet(
                pgp.SEIPD, b"\0" + pgp.random_bytes(200))),
            ("seipd-version-3", key + pgp.packet(
                pgp.SEIPD, b"\3" + pgp.random_bytes(200))),
            ("seipd-short", key + pgp.seipd(12)),
            ("seipd2-short", key + pgp.seipd(20, version=2)),
            ("seipd2-mode", key + pgp.packet(pgp.SEIPD, bytes(
                [2, 9, 9, 6]) + pgp.random_bytes(200))),
            ("tag-0", key + pgp.packet(0, pgp.random_bytes(50))),
            ("no-packet", b"\x3f" + pgp.random_bytes(99)),
            ("cut", keys.data("gpg-unsigned")[:-30])):
        yield "broken-" + name, MALFORMED, "packets: " + name, data


def other_keys(keys):
    """Encrypted, but not as the list wants it."""
    sub, sealed = keys.sub(), pgp.seipd(300)
    real = keys.data("gpg-unsigned")
    for reason, name, data in (
            ("symmetric-only", "gpg", keys.data("symmetric")),
            ("symmetric-only", "skesk4", pgp.skesk() + sealed),
            ("symmetric-only", "skesk5", pgp.skesk(5) + pgp.aead(300)),
            ("symmetric-only", "skesk6", pgp.skesk(6) +
             pgp.seipd(300, version=2)),
            ("symmetric-only", "two", pgp.skesk() * 2 + sealed),
            ("passphrase-too", "gpg", keys.data("passphrase-too")),
            ("passphrase-too", "behind", pgp.pkesk(sub) + pgp.skesk() +
             sealed),
            ("passphrase-too", "first", pgp.skesk() + pgp.pkesk(sub) +
             sealed),
            ("passphrase-too", "skesk6", pgp.pkesk(sub, version=6) +
             pgp.skesk(6) + pgp.seipd(300, version=2)),
            ("no-integrity", "skesk-sed", pgp.skesk() + pgp.sed(300)),
            ("no-integrity", "sed", pgp.pkesk(sub) + pgp.sed(300)),
            ("no-integrity", "sed-old", pgp.pkesk(sub, old=True) +
             pgp.sed(300, old=True)),
            ("no-integrity", "sed-endless", pgp.pkesk(sub, old=True) +
             pgp.sed(300, indeterminate=True)),
            ("no-integrity", "sed-text", pgp.pkesk(sub) +
             pgp.sed(content=TEXT * 4)),
            ("wrong-key", "foreign", keys.data("foreign")),
            ("wrong-key", "expired", keys.data("expired")),
            ("wrong-key", "revoked", pgp.readdress(
                real, sub, keys.sub("revoked"))),
            ("wrong-key", "primary", pgp.readdress(
                real, sub, keys.key("list"))),
            ("wrong-key", "v6", pgp.pkesk(keys.key("foreign"), version=6) +
             pgp.seipd(300, version=2)),
            ("wrong-key", "near", pgp.readdress(
                real, sub, pgp.key_id(sub)[:7] + b"\xff")),
            ("wrong-key", "half", pgp.readdress(
                real, sub, bytes(4) + pgp.key_id(sub)[4:])),
            ("hidden-recipient", "gpg", keys.data("hidden")),
            ("hidden-recipient", "throw", keys.data("throw-keyids")),
            ("hidden-recipient", "v6", pgp.pkesk(None, version=6) +
             pgp.seipd(300, version=2)),
            ("too-complex", "65-keys", pgp.encrypted(*[sub] * 65,
                                                     size=100))):
        yield name, reason, "packets: " + name, data


GENERATORS = (trailing, leading, readable, broken, other_keys)
