"""Attacks on the armour and round it: (name, reason, what, message).

All are written for armour in any place; a few need it to be the text.
"""
import binascii

import mails
import notes
import openpgp as pgp
from mails import TEXT, mixed, multipart, part
from shape import HTML, WORDS, Inline

PARTLY, MALFORMED = "partly-cleartext", "malformed"


def header_lines(c):
    """Lines between BEGIN and the blank line."""
    data = c.data()
    for name, line in (
            ("comment", "Comment: " + WORDS),
            ("comment-more", "Comment: GPGTools - "
             "https://gpgtools.org " + WORDS),
            ("comment-url", "Comment: https://example.org/there-is-a-hole"),
            ("comment-word", "Comment: =?utf-8?q?There_is_a_hole?="),
            ("version", "Version: " + WORDS),
            ("version-more", "Version: GnuPG v2 " + WORDS),
            ("version-number", "Version: 2.2.there.is.a.hole"),
            ("hash", "Hash: " + WORDS), ("charset", "Charset: " + WORDS),
            ("charset-utf7", "Charset: utf-7"),
            ("message-id", "MessageID: " + WORDS),
            ("unknown", "X-Note: " + WORDS), ("subject", "Subject: " + WORDS),
            ("blank-before-colon", "Comment : " + WORDS),
            ("8bit", "Comment: \N{NO-BREAK SPACE}")):
        yield "armor-" + name, PARTLY, "text in an armour line", c.but(
            armor=pgp.armor(data, headers=[*c.armor_lines, line]))
    yield "armor-comments", PARTLY, "the ninth armour line tells", c.but(
        armor=pgp.armor(data, headers=["Comment: https://gpgtools.org"] * 8 +
                        ["Comment: " + WORDS]))
    yield "armor-no-colon", MALFORMED, "a text in the armour header", c.but(
        armor=pgp.armor(data, headers=[WORDS.replace(":", "")]))
    yield "armor-folded", MALFORMED, "a folded armour line", c.but(
        armor=pgp.armor(data, headers=["Version: GnuPG v2",
                                       " " + WORDS.replace(":", "")]))


def begin_and_end(c):
    """The lines themselves."""
    data = c.data()
    for name, reason, options in (
            ("no-end", MALFORMED, {"end": ""}),
            ("end-other", MALFORMED, {"end": "-----END PGP SIGNATURE-----"}),
            ("end-text", MALFORMED, {
                "end": "-----END PGP MESSAGE----- " + WORDS}),
            ("end-short", MALFORMED, {"end": "-----END PGP MESSAGE----"}),
            ("begin-part", MALFORMED, {"kind": "MESSAGE, PART 1/2"}),
            ("begin-part-x", MALFORMED, {"kind": "MESSAGE, PART 1"}),
            ("begin-kind", MALFORMED, {"kind": "SECRET MESSAGE"}),
            ("begin-arbitrary", MALFORMED, {"kind": "ARMORED FILE"}),
            ("begin-lower", PARTLY, {
                "begin": "-----begin pgp message-----"}),
            ("begin-behind", PARTLY, {
                "begin": WORDS + " -----BEGIN PGP MESSAGE-----"}),
            ("begin-before", MALFORMED, {
                "begin": "-----BEGIN PGP MESSAGE----- " + WORDS}),
            ("begin-blank", PARTLY, {
                "begin": " -----BEGIN PGP MESSAGE-----"}),
            ("dashes", PARTLY, {"begin": "- -----BEGIN PGP MESSAGE-----",
                                "end": "- -----END PGP MESSAGE-----"})):
        if c.reason == "pgp-mime" and reason == PARTLY:
            reason = "not-encrypted-inside"
        yield "armor-" + name, reason, "BEGIN and END lines", c.but(
            armor=pgp.armor(data, **options))


def data_lines(c):
    """Between the blank line and END."""
    armor = pgp.armor(c.data())
    lines = armor.splitlines(True)

    def changed(at, *new, drop=0):
        return c.but(armor=b"".join([*lines[:at], *new, *lines[at + drop:]]))
    yield "data-checksum", MALFORMED, "wrong checksum", c.but(
        armor=pgp.armor(c.data(), checksum="AAAA"))
    yield "data-checksum-short", MALFORMED, "short checksum", c.but(
        armor=pgp.armor(c.data(), checksum="AA"))
    yield "data-checksum-text", MALFORMED, "text behind the checksum", \
        changed(-1, TEXT)
    yield "data-text", MALFORMED, "a text between the lines", changed(4, TEXT)
    yield "data-text-first", MALFORMED, "a text before the first line", \
        changed(2, TEXT)
    yield "data-word", MALFORMED, "a word in base64 letters", changed(
        4, b"thereisaholeinlibexample\n")
    yield "data-comment", MALFORMED, "a comment line", changed(
        4, b"Comment: " + TEXT)
    yield "data-junk", MALFORMED, "a letter that is no base64", changed(
        3, b"!" + lines[3][1:], drop=1)
    yield "data-nul", MALFORMED, "NUL", changed(3, b"\0" + lines[3], drop=1)
    yield "data-escape", MALFORMED, "terminal escapes", changed(
        3, b"\x1b[8m\n")
    yield "data-cr", MALFORMED, "CR within a line", changed(
        3, lines[3][:20] + b"\r" + lines[3][20:], drop=1)
    yield "data-indented", MALFORMED, "indented lines", c.but(
        armor=b"".join([*lines[:2], *[b" " + line for line in lines[2:-1]],
                        lines[-1]]))
    yield "data-padding", MALFORMED, "padding in mid-stream", changed(
        4, b"AA==\n")
    yield "data-cut", MALFORMED, "cut-off base64", changed(
        3, lines[3][:-4] + b"\n", drop=1)
    yield "data-lost-line", MALFORMED, "a lost line", changed(3, drop=1)
    yield "data-again", MALFORMED, "a second BEGIN within", changed(
        4, lines[0], b"\n")
    yield "data-no-blank-line", MALFORMED, "no blank line", changed(1, drop=1)
    yield "data-radix64-behind", MALFORMED, "data behind the checksum", \
        changed(-1, lines[2])


def round_it(c):
    """Text before and behind the block; here only as the text of a part."""
    if not isinstance(c, Inline):
        return
    for name, note in notes.BEHIND.items():
        yield "behind-" + name, PARTLY, "a note of kind " + name, c.text(
            behind=note)
    for name, note in notes.BEFORE.items():
        yield "before-" + name, PARTLY, "a note of kind " + name, c.text(
            note)
    for name, text in (
            ("text", TEXT), ("letter", b"x\n"), ("dot", b".\n"),
            ("nbsp", "\N{NO-BREAK SPACE}\n".encode()),
            ("zero-width", "\N{ZERO WIDTH SPACE}\n".encode()),
            ("bom", "\N{ZERO WIDTH NO-BREAK SPACE}\n".encode()),
            ("line-separator", "\u2028There is\n".encode()),
            ("form-feed", b"\f\n"), ("vertical-tab", b"\v\n"),
            ("nul", b"\0\n"), ("backspace", b"x\b\n"),
            ("escape", b"\x1b[8mhole\x1b[0m\n"),
            ("blank-lines", b"\n" * 60 + TEXT), ("html", HTML),
            ("rot13", b"Gurer vf n ubyr va yvorknzcyr\n"),
            ("digits", b"11720 41 9\n")):
        yield "before-" + name, PARTLY, "text before the block", c.text(text)
        yield "behind-" + name, PARTLY, "text behind the block", c.text(
            behind=text)
    yield "both-sides", PARTLY, "text on both sides", c.text(TEXT, TEXT)
    yield "indented", PARTLY, "an indented block", c.but(armor=b"".join(
        b"  " + line for line in c.armor.splitlines(True)))
    yield "quoted", PARTLY, "a quoted block", c.but(armor=b"".join(
        b"> " + line for line in c.armor.splitlines(True)))
    yield "quoted-reply", PARTLY, "a reply above the quoted block", c.but(
        armor=TEXT + b"\n" + b"".join(
            b"> " + line for line in c.armor.splitlines(True)))
    yield "cr-only", MALFORMED, "CR as line end", c.around(part(
        c.armor.replace(b"\n", b"\r")))


def second_block(keys, c):
    """A further block, readable by anybody."""
    if not isinstance(c, Inline):
        return
    text = keys["clear-signed"]
    for name, block in (
            ("same", c.armor), ("clear-signed", text),
            ("literal", pgp.armor(pgp.literal(TEXT))),
            ("signed", keys["signed"]), ("signature", keys["signature"]),
            ("key", keys.public("member")), ("foreign", keys["foreign"]),
            ("symmetric", keys["symmetric"])):
        yield "second-" + name, PARTLY, "a second block behind", c.text(
            behind=block)
        if name not in ("same", "foreign", "symmetric"):
            yield "second-part-" + name, PARTLY, "a second part", c.around(
                mixed(c.part(), part(block), boundary="=_two"))
    for name, block in (("literal", pgp.armor(pgp.literal(TEXT))),
                        ("key", keys.public("member"))):
        yield "first-" + name, PARTLY, "a block before", c.text(block)
    yield "first-clear-signed", PARTLY, "a clear-signed text before", c.text(
        text)


def as_html(c):
    """Armour as a web mailer shows it."""
    if not isinstance(c, Inline):
        return
    html = b"<html><body><pre>" + c.armor + b"</pre></body></html>\n"
    broken = b"<div dir=\"ltr\">" + c.armor.replace(
        b"\n", b"<br>\n") + b"</div>\n"
    yield "html-pre", PARTLY, "armour in HTML", c.around(part(
        html, "text/html"))
    yield "html-br", PARTLY, "armour in HTML, <br> lines", c.around(part(
        broken, "text/html"))
    yield "html-bare", PARTLY, "armour and no tag, as HTML", c.around(part(
        c.armor, "text/html"))
    yield "html-alternative", PARTLY, "text and HTML, as Gmail sends it", \
        c.around(multipart("alternative", part(c.armor), part(
            broken, 'text/html; charset="UTF-8"', "quoted-printable")))
    yield "enriched", PARTLY, "text/enriched", c.around(part(
        b"<bold>" + TEXT + b"</bold>" + c.armor, "text/enriched"))
    yield "uuencoded", "cleartext", "armour in uuencode", c.around(part(
        b"begin 644 a.asc\n" + b"".join(
            binascii.b2a_uu(c.armor[i:i + 45])
            for i in range(0, len(c.armor), 45)) + b"`\nend\n"))
    yield "qp-unmarked", MALFORMED, "quoted-printable, not said so", c.around(
        part(mails.encode(c.armor, "quoted-printable")))


GENERATORS = (header_lines, begin_and_end, data_lines, round_it, as_html)
KEY_GENERATORS = (second_block,)
