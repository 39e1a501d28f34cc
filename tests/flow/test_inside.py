"""Sighted lists: what is refused for what stands inside, and what is not."""
import os
import random
import subprocess
import sys
import time

import mails
import openpgp as pgp
from mails import mail, mixed, part
from milter_rig import PROGRAM
from processes import Watch, rss
from sighted import (MEMBER, TEXT, Site, bomb, crlf, entity,
                     run)

EXPIRED = "Expired <expired@example.com>"
REVOKED = "Revoked <revoked@example.com>"
ELDER = "Elder <elder@example.com>"
SOMEONE = "Someone <someone@example.net>"


# encryption

def test_encrypted_and_unsigned_is_enough_for_a_list_that_asks_no_more(site):
    site.check(site.mail(site.seal(entity())), "accept pgp-mime")
    site.check(mail(part(site.seal(TEXT)), sender=MEMBER),
               "accept pgp-inline")


def damaged(data, positions):
    for at in positions:
        bad = bytearray(data)
        bad[at] ^= 1 << at % 8
        yield bytes(bad)


def test_bits_that_flip_make_it_undecryptable(site):
    data = pgp.dearmor(site.seal(entity(TEXT * 5), site.keys.member))
    (_, _, session_key), (_, _, sealed) = pgp.packets(data)
    head = len(session_key)
    # not the lengths and versions: those are the parser's
    places = [*range(head - 47, head, 6), *range(head + 4, head + 40),
              *random.Random(1).sample(range(head + 40, len(data)), 60)]
    for bad in damaged(data, places):
        site.check(site.mail(pgp.armor(bad)), "reject undecryptable",
                   site.keys.list)
    assert len(sealed) > 300


def test_data_that_ends_early_is_undecryptable(site):
    data = pgp.dearmor(site.seal(entity(TEXT * 100)))
    (_, _, session_key), (_, body, _) = pgp.packets(data)
    for size in (100, len(body) - 1):
        short = session_key + pgp.packet(pgp.SEIPD, body[:size])
        site.check(site.mail(pgp.armor(short)), "reject undecryptable")


def test_random_data_is_undecryptable(site):
    key = site.keys.subkey(site.keys.list)
    pgp.seed(7)
    for data in (pgp.encrypted(key), pgp.encrypted(key, size=100000),
                 pgp.pkesk(key, algorithm=pgp.RSA) + pgp.seipd(500),
                 pgp.pkesk(key) + pgp.seipd(500, version=2),
                 pgp.pkesk(key) + pgp.aead(500)):
        site.check(site.mail(pgp.armor(data)), "reject undecryptable")
        site.check(mail(part(pgp.armor(data)), sender=MEMBER),
                   "reject undecryptable")


def test_a_key_id_that_lies_is_undecryptable(site):
    keys = site.keys
    data = pgp.dearmor(site.seal(TEXT, None, [keys.foreign]))
    data = pgp.readdress(data, keys.subkey(keys.foreign),
                         keys.subkey(keys.list))
    site.check(site.mail(pgp.armor(data)), "reject undecryptable")


def test_a_list_is_not_read_with_the_key_of_another(site):
    """The keyring holds both; the members of the list have only theirs."""
    keys = site.keys
    other = pgp.dearmor(site.seal(TEXT, None, [keys.other]))
    for both in (pgp.pkesk(keys.subkey(keys.list)) + other,
                 pgp.pkesk() + other.replace(
                     pgp.key_id(keys.subkey(keys.other)), bytes(8))):
        site.check(site.mail(pgp.armor(both)), "reject undecryptable")
    hidden = site.seal(TEXT, None, [], "-R", keys.other)
    site.check(site.mail(hidden), "reject undecryptable")
    site.check(site.mail(hidden), "accept pgp-mime", to="kernel")
    site.check(site.mail(site.seal(TEXT, None, [keys.other])),
               "reject wrong-key")


def test_two_keys_in_either_order(site):
    keys = site.keys
    for to in ([keys.list, keys.other], [keys.other, keys.list],
               [keys.foreign, keys.member, keys.other, keys.list]):
        message = site.mail(site.seal(entity(), keys.member, to))
        site.check(message, "accept pgp-mime")
        site.check(message, "accept pgp-mime", to="kernel")
        site.check(message, "accept pgp-mime", to="kernel member")


def test_hidden_recipients_are_tried(site):
    keys = site.keys
    for armor in (site.seal(TEXT, None, [], "-R", keys.list),
                  site.seal(TEXT, None, [keys.foreign, keys.list],
                            "--throw-keyids"),
                  site.seal(TEXT, None, [keys.list, keys.other],
                            "--throw-keyids")):
        site.check(site.mail(armor), "accept pgp-mime")
    pgp.seed(8)
    for data in (pgp.encrypted(bytes(8)), pgp.encrypted(*[bytes(8)] * 3)):
        site.check(site.mail(pgp.armor(data)), "reject undecryptable")


def test_a_new_subkey_is_known_without_a_reload(site):
    site.keys.add_subkey(site.keys.list, "fresh")
    fresh = site.keys.subkey(site.keys.list, "fresh")
    site.check(site.mail(site.seal(TEXT, None, [fresh])), "accept pgp-mime")


# size

def test_what_unpacks_to_too_much_is_too_big_before_it_is_in_memory(site):
    message = site.mail(bomb(site))
    assert len(message) < 8000, len(message)
    pid = site.rig.process.pid
    before = rss(pid)
    with Watch(pid) as watch:
        start = time.monotonic()
        site.check(message, "reject too-big", "it unpacks to more")
        assert time.monotonic() - start < 3
    # 2 MB of message, 8 MB of plaintext are allowed
    assert rss(pid) - before < 4096, (before, rss(pid))
    assert 2000 < watch.peak < 40 << 10, watch.peak
    fits = site.seal(entity(b"x" * (7 << 20)), None, None, "-z", "9")
    site.check(site.mail(fits), "accept pgp-mime")


# signatures

def test_a_bad_signature_inside_good_encryption(site):
    """gpg --batch stops at it, and the end of the data is not seen."""
    good = site.keys.gpg("--sign", "-u", site.keys.member, "-z", "0",
                         data=TEXT * 20)
    bad = site.seal(good.replace(b"hole", b"bole"), None, None,
                    "--no-literal")
    site.check(inline(site, bad), "accept pgp-inline")
    site.check(inline(site, bad), "reject bad-signature",
               "does not match", to="valid")
    # the text was altered behind the encryption: that is no signature's fault
    data = pgp.dearmor(site.seal(TEXT * 20, site.keys.member, None,
                                 "-z", "0"))
    flipped, = damaged(data, [len(data) - 400])
    for to in ("distros", "valid"):
        site.check(inline(site, pgp.armor(flipped)), "reject undecryptable",
                   to=to)


def test_signed_and_encrypted_in_one(site):
    for to in ("distros", "valid", "member"):
        site.check(site.signed(), "accept pgp-mime", to=to)


def test_a_signed_part_inside(site):
    keys = site.keys
    for name, inner in (
            ("text", part(TEXT)),
            ("trailing blanks", part(b"a  \nb\t\n\n\n")),
            ("no line end", part(b"no line end")),
            ("multipart", mixed(part(TEXT), part(b"\0\1", encoding="base64",
                                                 disposition="attachment"))),
            ("8 bit", part("süß\n".encode()))):
        for armor in (site.seal(site.parts(inner)),
                      site.seal(crlf(site.parts(inner)))):
            site.check(site.mail(armor), "accept pgp-mime", to="member")
        assert name
    binary = keys.sign(crlf(bytes(part(TEXT))), keys.member, "--textmode",
                       "--digest-algo", "SHA256", "--detach-sign")
    site.check(site.mail(site.seal(site.parts(signature=binary))),
               "accept pgp-mime", to="member")


def test_a_signature_in_a_transfer_encoding(site):
    inner = part(TEXT)
    armor = site.keys.sign(crlf(bytes(inner)), site.keys.member)
    for encoding in ("quoted-printable", "base64"):
        whole = bytes(mails.multipart(
            "signed", inner, part(armor, "application/pgp-signature",
                                  encoding), boundary="signed"))
        site.check(site.mail(site.seal(whole)), "accept pgp-mime",
                   to="member")


def test_altered_text_does_not_match_its_signature(site):
    good = site.parts()
    words = "does not match the text"
    for bad in (good.replace(b"hole", b"whole"),
                good.replace(b"text/plain", b"text/html"),
                good.replace(b"libexample.\n", b"libexample. \n")):
        assert bad != good
        for to in ("valid", "member"):
            site.check(site.mail(site.seal(bad)), "reject bad-signature",
                       words, to=to)
        site.check(site.mail(site.seal(bad)), "accept pgp-mime")
    for signature in (b"", b"garbage\n", site.keys.sign(
            b"", site.keys.member), good[:200], pgp.armor(
            pgp.signature(), "SIGNATURE")):
        bad = site.parts(signature=signature)
        site.check(site.mail(site.seal(bad)), "reject bad-signature",
                   to="member")


def test_a_third_part_is_not_signed(site):
    inner = part(TEXT)
    signature = part(site.keys.sign(crlf(bytes(inner)), site.keys.member),
                     "application/pgp-signature")
    for parts in ((inner, signature, part(b"more\n")), (inner,),
                  (signature, inner), (part(b"more\n"), inner, signature)):
        bad = bytes(mails.multipart("signed", *parts, boundary="signed"))
        site.check(site.mail(site.seal(bad)), "reject bad-signature",
                   to="member")


def test_why_a_signature_does_not_hold(site):
    keys = site.keys
    late = {"when": "20190901T000000"}
    unknown = keys.gpg("--armor", "--sign", "-u", keys.stranger, "-r",
                       keys.list, "--encrypt", data=TEXT, home=keys.public)
    expired = site.seal(TEXT, keys.expired, **late)
    gone = site.seal(TEXT, keys.elder, None, "--default-sig-expire", "5d",
                     **late)
    revoked = site.seal(TEXT, keys.revoked)
    assert site.send(site.mail(revoked, REVOKED), "member").tags
    keys.revoke(keys.revoked)
    for armor, sender, words in (
            (unknown, MEMBER, "a key that the list does not know"),
            (expired, EXPIRED, "a key that has expired"),
            (revoked, REVOKED, "a key that was revoked"),
            (gone, ELDER, "the signature has expired")):
        for to in ("valid", "member"):
            site.check(site.mail(armor, sender), "reject bad-signature",
                       words, to=to)
        site.check(site.mail(armor, sender), "accept pgp-mime")


def test_unsigned(site):
    for to in ("valid", "member"):
        for message in (site.mail(site.seal(entity())),
                        mail(part(site.seal(TEXT)), sender=MEMBER),
                        site.mail(site.seal(b"")),
                        site.mail(site.seal(bytes(mixed(part(TEXT)))))):
            site.check(message, "reject unsigned", to=to)


def test_a_signature_below_something_else_does_not_speak_for_all(site):
    good = site.parts()
    footer = bytes(mixed(good, part(b"footer\n"), boundary="outer"))
    site.check(site.mail(site.seal(footer)), "reject unsigned", to="valid")
    clear = site.keys.sign(TEXT, site.keys.member, "--clear-sign")
    site.check(site.mail(site.seal(bytes(part(clear)))), "reject unsigned",
               to="valid")


def test_signed_by_any_subkey(site):
    keys = site.keys
    for key in (keys.member, keys.member_subkey):
        site.check(site.signed(signer=key), "accept pgp-mime", to="member")
        site.check(site.mail(site.seal(site.parts(signer=key))),
                   "accept pgp-mime", to="member")


# who signed

def test_not_a_member(site):
    message = site.signed(signer=site.keys.foreign, sender=SOMEONE)
    site.check(message, "accept pgp-mime", to="valid")
    site.check(message, "reject not-a-member", to="member")


def test_not_the_signer(site):
    keys = site.keys
    for sender in (SOMEONE, ELDER, "alice@example.com",
                   '"member@example.com" <x@example.com>',
                   "xmember@example.com", "member@example.com.example.org"):
        for to in ("valid", "member"):
            site.check(site.signed(sender=sender), "reject not-the-signer",
                       to=to)
    site.check(site.signed(signer=keys.foreign), "reject not-the-signer",
               to="valid")
    site.check(site.signed(signer=keys.foreign), "reject not-a-member",
               to="member")


def test_the_author_in_other_spellings(site):
    for sender in ("Member@Example.COM", "<member@example.com>",
                   "MEMBER@EXAMPLE.COM (A. Member)",
                   '"Member, A." <member@example.com>',
                   "=?utf-8?q?M=C3=A9mber?= <member@example.com>"):
        for to in ("valid", "member"):
            site.check(site.signed(sender=sender), "accept pgp-mime", to=to)


def test_another_address_of_the_key_or_of_the_file(site):
    second = site.signed(sender="second@example.com")
    site.check(second, "accept pgp-mime", to="member")
    site.check(second, "accept pgp-mime", to="valid")
    alias = site.signed(sender="A <alias@example.com>")
    site.check(alias, "accept pgp-mime", to="member")
    site.check(alias, "reject not-the-signer", to="valid")


def test_two_authors_are_nobody(site):
    two = site.signed(lines=()).replace(
        b"From:", b"From: someone@example.net\nFrom:", 1)
    none = site.signed(sender=None)
    for message in (two, none):
        for to in ("valid", "member"):
            site.check(message, "reject not-the-signer", to=to)


# inline PGP

def inline(site, *armors, **options):
    if len(armors) == 1:
        return mail(part(armors[0]), sender=MEMBER)
    return mail(mixed(*[part(a, **options) for a in armors]), sender=MEMBER)


def test_inline(site):
    keys = site.keys
    good = site.seal(TEXT, keys.member)
    site.check(inline(site, good), "accept pgp-inline", to="member")
    site.check(inline(site, site.seal(TEXT)), "reject unsigned", to="member")
    site.check(inline(site, site.seal(TEXT, keys.foreign)),
               "reject not-a-member", to="member")


def test_every_inline_block_has_to_hold(site):
    keys = site.keys
    one, two = (site.seal(TEXT + n, keys.member) for n in (b"1", b"2"))
    subkey = site.seal(TEXT, keys.member_subkey)
    site.check(inline(site, one, two), "accept pgp-inline", to="member")
    site.check(inline(site, one, subkey), "accept pgp-inline", to="member")
    unsigned = site.seal(TEXT)
    foreign = site.seal(TEXT, keys.foreign)
    damaged_one, = damaged(pgp.dearmor(one), [len(pgp.dearmor(one)) - 30])
    for bad, reason in ((unsigned, "unsigned"), (foreign, "bad-signature"),
                        (pgp.armor(damaged_one), "undecryptable")):
        for armors in ((one, bad), (bad, one), (one, bad, two)):
            site.check(inline(site, *armors), "reject " + reason,
                       to="member")


def test_an_encrypted_attachment_has_to_hold_too(site):
    good = site.seal(TEXT, site.keys.member)
    for armor, expected in ((good, "accept pgp-inline"),
                            (site.seal(TEXT), "reject unsigned")):
        attachment = part(armor, 'application/octet-stream; '
                          'name="file.pgp"', disposition="attachment")
        site.check(mail(mixed(part(good), attachment), sender=MEMBER),
                   expected, to="member")


# two lists at once

def test_two_lists_with_rules_of_their_own(site):
    """The first one has read the message; the second one asks for more."""
    by_other = site.signed(sender="second@example.com")
    site.check(by_other, "accept pgp-mime", to="distros member")
    site.check(by_other, "accept pgp-mime", to="member distros")
    site.check(by_other, "accept pgp-mime", to="distros valid member")
    site.check(site.mail(site.seal(entity())), "reject unsigned",
               to="distros member")
    site.check(site.signed(signer=site.keys.foreign, sender=SOMEONE),
               "reject not-a-member", to="valid member")
    both = [site.keys.list, site.keys.other]
    for to in ("distros kernel", "kernel valid"):
        message = site.mail(site.seal(entity(), site.keys.member, both))
        site.check(message, "accept pgp-mime", to=to)
        site.check(site.signed(), "reject wrong-key", to=to)


# a replay

def test_what_was_signed_is_known_when_it_is_encrypted_anew(site):
    signed = site.keys.gpg("--sign", "-u", site.keys.member, data=entity())
    first, again = (site.seal(signed, None, None, "--no-literal")
                    for _ in "12")
    assert first != again
    site.check(site.mail(first), "accept pgp-mime", to="member")
    answer = site.rig.send(site.mail(again, "Mallory <m@example.org>"),
                           ["distros@vs.example.org"])
    assert answer.verdict == "accept", "another tracker has not seen it"
    answer = site.rig.send(site.mail(again), ["member@vs.example.org"],
                           sender="mallory@example.org")
    assert answer.code == 550, answer
    assert site.rig.last_line()["reason"] == "replayed"


# blind and sighted agree where nothing is inside

def test_structure_comes_first(site):
    """What a blind list refuses a sighted one refuses for the same reason."""
    armor = site.seal(TEXT, site.keys.member)
    for message, reason in (
            (mail(part(TEXT)), "cleartext"),
            (mail(mixed(part(armor), part(TEXT))), "partly-cleartext"),
            (mail(mails.exchange(armor)), "mangled"),
            (site.mail(site.seal(TEXT, None, [site.keys.foreign])),
             "wrong-key")):
        for to in ("distros", "member", "blind"):
            site.check(message, "reject " + reason, to=to)


# the members file

def test_a_wrong_members_file_is_refused(site):
    digits = site.keys.member
    for number, text in (
            (1, "member@example.com"), (1, digits),
            (2, "# x\nmember@example.com, %s\n" % digits[1:]),
            (1, "member@example.com, %s0" % digits),
            (1, "member@example.com, 0x%s" % digits),
            (1, "member, %s" % digits),
            (1, "a@b.example, c@d.example, %s" % digits),
            (3, "\n\nmember@example.com, %sG\n" % digits[1:]),
            (2, "#%s\nwrong\n" % ("x" * 5000)),
            (1, "member@example.com;%s" % digits),
            (1, "a@b.example, %s\0" % digits)):
        with open(site.members, "w") as file:
            file.write(text)
        done = check_conf(site)
        assert done.returncode == 78, (text, done)
        wanted = "%s:%d: accepted: " % (site.members, number)
        assert wanted in done.stderr and digits[:39] not in done.stderr, \
            (text, done)
    site.write_members()
    assert check_conf(site).returncode == 0


def check_conf(site):
    return subprocess.run([PROGRAM, "-n", "-c", site.rig.path],
                          capture_output=True, text=True, timeout=20)


def test_a_members_file_that_cannot_be_read(site):
    os.rename(site.members, site.members + "2")
    try:
        done = check_conf(site)
        assert done.returncode == 78 and site.members in done.stderr, done
        os.mkdir(site.members)
        done = check_conf(site)
        assert done.returncode == 78 and site.members in done.stderr, done
        assert "old configuration stays" in site.rig.reload()
    finally:
        os.rmdir(site.members)
        os.rename(site.members + "2", site.members)
    site.check(site.signed(), "accept pgp-mime", to="member")
    assert "read again" in site.rig.reload()


def test_a_list_whose_secret_key_is_not_there_does_not_start(site):
    settings = dict(site.rig.settings)
    site.rig.settings["gnupg"] = {"home": site.keys.public}
    site.rig.write_conf()
    try:
        done = check_conf(site)
        assert done.returncode == 78, done
        assert site.keys.public in done.stderr, done
        assert "secret key" in done.stderr, done
    finally:
        site.rig.settings = settings
        site.rig.write_conf()


def test_embargoctl_says_the_same(site):
    assert len(site.files) > 150
    site.classify()


if __name__ == "__main__":
    with Site(max_message="2M") as the_site:
        sys.exit(run(globals(), the_site))
