#!/usr/bin/python3
"""What the filter takes, Python's email package must not be able to read.

Mails are mutated, judged by `embargoctl classify --any-key`, and those that
are accepted are read with Python's parser, which forgives a lot: every part
that it finds must be blank, "Version: 1" or encrypted, nothing may stand round
the parts, and no part header may hold words.  The other way round, changes
that mail servers and clients make must not turn an accepted mail into a
refused one.

The mutations are the same in every run.  differential.py NUMBER [SEED] tries
so many of them, and prints a mail that shows text.
"""
import base64
import email
import email.policy
import os
import quopri
import random
import re
import shutil
import subprocess
import sys
import tempfile

import mails
import openpgp as pgp
import seeds
import tap

BUILD = os.environ.get("top_builddir", ".")
SEED, HOSTILE, FRIENDLY = 2026, 30000, 3000
BATCH = 500
RUN_MAX = 36            # printable bytes in a row
WORDS_MAX = 10
TEXT = b"The hole is in foo.c, line 14"
SENTENCES = ("this is a", "--this is a mime", "this message is in mime",
             "please use a mime", "that your e-mail software",
             "while the remaining parts", "this format, some or all")
STRANGE = [b"\r", b"\0", b"\f", b"\v", b"\xa0", b"\xc2\xa0", b"\xef\xbb\xbf",
           b"\x1a", b"\x85", b"\r\r\n", b"\n\r", b" ", b"\t", b"=", b"-"]


# What a reader sees

def is_blank(text):
    return not text.strip(b" \t\r\n")


def is_encrypted(data):
    """[marker] session keys and encrypted data, nothing like a sentence."""
    if re.search(rb"[ -~\r\n\t]{%d}" % RUN_MAX, data):
        return False
    try:
        tags = [tag for tag, _, _ in pgp.packets(data)]
    except IndexError:
        return False
    return re.fullmatch(r"(10,)?([13],)+(18|20),",
                        "".join("%d," % tag for tag in tags)) is not None


def armor_lines(content):
    """Lines as the most forgiving reader cuts them, without blank ones."""
    lines = content.decode("latin-1").splitlines()
    return [line.strip(" \t") for line in lines if line.strip(" \t")]


def is_armor(content):
    lines = armor_lines(content)
    if not lines or not re.fullmatch(
            "-----BEGIN PGP (MESSAGE|SIGNATURE)-----", lines[0]) or \
            not re.fullmatch("-----END PGP (MESSAGE|SIGNATURE)-----",
                             lines[-1]):
        return False
    body = lines[1:-1]
    while body and re.match("(Version|Comment|Charset|Hash|MessageID):",
                            body[0]):
        if len(body.pop(0).split()) > WORDS_MAX:
            return False
    text = "".join(line for line in body if not line.startswith("="))
    if re.search("[^A-Za-z0-9+/=]", text):
        return False
    return "SIGNATURE" in lines[0] or \
        is_encrypted(base64.b64decode(text + "=="))


def is_harmless(content, is_decoded=False):
    """A transfer encoding that Python does not see hides nothing either."""
    if is_blank(content) or is_encrypted(content) or is_armor(content) or \
            content.strip(b" \t\r\n").lower() == b"version: 1":
        return True
    if is_decoded:
        return False
    if re.fullmatch(rb"[A-Za-z0-9+/=\s]*", content):
        return is_harmless(base64.b64decode(content + b"=="), True)
    return is_harmless(quopri.decodestring(content), True)


def is_known_sentence(text):
    lines = (text or "").split("\n")
    return all(not line.strip() or line.strip().lower().startswith(SENTENCES)
               for line in lines)


def look_at_header(part):
    for name, value in part.items():
        if not re.match("(?i)content-|mime-version|x-", name):
            return "a part header has a field %s" % name
        if len(str(value).split()) > WORDS_MAX:
            return "a sentence in a part header"
    return None


def look_at(part, is_root):
    found = None if is_root else look_at_header(part)
    if found:
        return found
    if part.get_content_maintype() == "message":
        return "a message inside"
    if not part.is_multipart():
        content = part.get_payload(decode=True) or b""
        return None if is_harmless(content) else "a part that can be read"
    for text in part.preamble, part.epilogue:
        if not is_known_sentence(text):
            return "text round the parts"
    for child in part.get_payload():
        found = found or look_at(child, False)
    return found


def look(mail):
    """None, or what Python's email package can read in it."""
    for policy in email.policy.compat32, email.policy.default:
        found = look_at(email.message_from_bytes(mail, policy=policy), True)
        if found:
            return found
    return None


# Mutations

def lines_of(mail):
    return mail.splitlines(keepends=True)


def insert_line(rng, mail, others):
    lines = lines_of(mail)
    lines.insert(rng.randrange(len(lines) + 1), TEXT + b"\n")
    return b"".join(lines)


def insert_text(rng, mail, others):
    at = rng.randrange(len(mail) + 1)
    return mail[:at] + TEXT + mail[at:]


def insert_strange(rng, mail, others):
    at = rng.randrange(len(mail) + 1)
    if rng.random() < 0.5:
        at = mail.rfind(b"\n", 0, at) + 1
    return mail[:at] + rng.choice(STRANGE) + mail[at:]


def insert_text_after_cr(rng, mail, others):
    at = mail.rfind(b"\n", 0, rng.randrange(len(mail) + 1)) + 1
    return mail[:at] + rng.choice([b"\r", b"\r\r", b"\n\r"]) + TEXT + \
        rng.choice([b"\r", b"\n", b"\r\n", b""]) + mail[at:]


def delete_line(rng, mail, others):
    lines = lines_of(mail)
    del lines[rng.randrange(len(lines))]
    return b"".join(lines)


def repeat_line(rng, mail, others):
    lines = lines_of(mail)
    lines.insert(rng.randrange(len(lines)), rng.choice(lines))
    return b"".join(lines)


def swap_lines(rng, mail, others):
    lines = lines_of(mail)
    i, k = (rng.randrange(len(lines)) for _ in range(2))
    lines[i], lines[k] = lines[k], lines[i]
    return b"".join(lines)


def splice(rng, mail, others):
    """A piece of another mail, of whole lines."""
    lines, other = lines_of(mail), lines_of(rng.choice(others))
    i, k = rng.randrange(len(other)), rng.randrange(1, 12)
    at = rng.randrange(len(lines) + 1)
    return b"".join(lines[:at] + other[i:i + k] + lines[at:])


def change_boundary(rng, mail, others):
    """In its parameter, or in one of its lines."""
    found = list(re.finditer(rb'boundary="?[^"\s]*|^--[^\s]+', mail, re.M))
    if not found:
        return mail
    one = rng.choice(found)
    text = one[0]
    edit = rng.choice([
        text + b"x", text[:-1], text + b" ", text.replace(b"=", b"*=", 1),
        text.replace(b"boundary=", b"boundary*0="), text + b"--",
        text.upper(), b"-" + text, text + b"\t" + TEXT,
        text.replace(b"boundary=", b'boundary=x; boundary='),
        text.replace(b"boundary=", b"boundary =")])
    return mail[:one.start()] + edit + mail[one.end():]


def change_field(rng, mail, others):
    """A Content field in another spelling, or with another value."""
    found = list(re.finditer(rb"(?mi)^content-[^\n]*\n", mail))
    if not found:
        return mail
    one = rng.choice(found)
    name, _, value = one[0].partition(b":")
    edit = rng.choice([
        one[0] + one[0], name + b" :" + value, name + b":\n" + value,
        name.upper() + b":" + value.lower(), name + b":" + value + b" x\n",
        name + b":" + value.replace(b";", b";;"),
        name + b":" + value.replace(b"=", b" = "),
        name + b": text/plain\n" + one[0], one[0] + name + b": text/html\n",
        name + b":" + value.rstrip(b"\n") + b" (comment)\n",
        name + b":" + value.rstrip(b"\n") + b"; name=\"%s\"\n" % TEXT,
        b"Content-Transfer-Encoding: %s\n" % rng.choice([
            b"base64", b"quoted-printable", b"8bit", b"x-uuencode",
            b"base64 ", b"BASE64", b"base64 (x)"]),
        b"Content-Type: %s\n" % rng.choice([
            b"text/html", b"message/rfc822", b"multipart/digest; boundary=b",
            b"text/plain; charset=utf-7", b"multipart/mixed; boundary=b",
            b"message/partial; id=a; number=1; total=1",
            b"multipart/alternative; boundary=\"=_b0undary-1\""])])
    return mail[:one.start()] + edit + mail[one.end():]


def add_part(rng, mail, others):
    """Another part behind a boundary line that is there."""
    found = list(re.finditer(rb"^--\S+?\r?\n", mail, re.M))
    if not found:
        return mail
    one = rng.choice(found)
    part = rng.choice([
        b"Content-Type: text/plain\n\n" + TEXT, b"\n" + TEXT, TEXT,
        b"\n", b"Content-Type: text/plain\n\n", b"\n\n" + TEXT,
        b"Content-Type: text/html\n\n<p>" + TEXT,
        b"Content-Type: message/rfc822\n\nSubject: x\n\n" + TEXT,
        b"Content-Type: text/plain\nContent-Transfer-Encoding: base64\n\n" +
        base64.b64encode(TEXT)])
    return mail[:one.end()] + part + b"\n" + one[0] + mail[one.end():]


def nest(rng, mail, others):
    """Inside another multipart, whose boundary may be the same."""
    head, _, body = mail.partition(b"\n\n")
    boundary = rng.choice([b"=_b0undary-1", b"=_b0undary", b"outer", b"lev",
                           b"=_b0undary-12"])
    before = rng.choice([b"", b"", TEXT + b"\n", b"\n"])
    return b"MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=\"" \
        + boundary + b"\"\n\n" + before + b"--" + boundary + b"\n" + \
        head.replace(b"MIME-Version: 1.0\n", b"") + b"\n\n" + body + \
        b"\n--" + boundary + rng.choice([b"--\n", b"--", b"-- \n", b"\n"]) + \
        rng.choice([b"", TEXT, b"\n"])


def change_armor(rng, mail, others):
    """A line inside armour."""
    at = mail.find(b"-----BEGIN PGP")
    if at < 0:
        return mail
    start = mail.find(b"\n", at) + 1
    return mail[:start] + rng.choice([
        b"Comment: " + TEXT + b"\n", b"Version: " + TEXT + b"\n",
        b"Comment: https://gpgtools.org\n", b"\n" + TEXT + b"\n\n",
        b" \n", b"Version: GnuPG v2\n", b"Hash: " + TEXT + b"\n",
        TEXT + b"\n", b": " + TEXT + b"\n"]) + mail[start:]


HOSTILE_CHANGES = [
    insert_line, insert_text, insert_strange, insert_text_after_cr,
    delete_line, repeat_line, swap_lines, splice, change_boundary,
    change_field, add_part, nest, change_armor]


# What servers and clients do in good faith

def crlf(rng, mail):
    return re.sub(rb"\r?\n", b"\r\n", mail)


def blank_lines_at_end(rng, mail):
    return mail + rng.choice([b"\n", b"\r\n", b"\n\n\n"])


def trailing_blanks(rng, mail):
    """Behind boundaries and armour lines."""
    return re.sub(rb"(?m)^(-----(?:BEGIN|END) PGP \w+-----|--=_\S+)$",
                  lambda found: found[0] + rng.choice([b"", b" ", b"\t"]),
                  mail)


def other_boundary(rng, mail):
    name = b"----=_Part_%d_%d" % (rng.randrange(10 ** 6),
                                  rng.randrange(10 ** 9))
    return mail.replace(b"=_b0undary-1", name)


def more_header(rng, mail):
    return rng.choice([
        b"Received: from a.test by b.test with ESMTP; Mon, 3 Aug 2026 "
        b"14:00:00 +0000\n", b"X-Mailer: Foo 1.2\n", b"Subject: Re: report\n",
        b"DKIM-Signature: v=1; a=rsa-sha256;\n\tb=" + b"A" * 60 + b"\n",
        b"From: A Reporter <a@b.test>\n", b"Message-ID: <1@b.test>\n",
        b"Autocrypt: addr=a@b.test; keydata=\n " + b"mDME" * 15 + b"\n",
    ]) + mail


def folded_type(rng, mail):
    return re.sub(rb"(?m)^(Content-Type: [^;\n]*); ", rb"\1;\n\t", mail)


def lower_names(rng, mail):
    return re.sub(rb"(?m)^(Content-\w+(?:-\w+)?):",
                  lambda found: found[0].lower(), mail)


FRIENDLY_CHANGES = [crlf, blank_lines_at_end, trailing_blanks, other_boundary,
                    more_header, folded_type, lower_names]


# The tests

def classify(folder, batch):
    """Which of the mails are accepted."""
    paths = []
    for number, mail in enumerate(batch):
        paths.append(os.path.join(folder, str(number)))
        with open(paths[-1], "wb") as file:
            file.write(mail)
    done = subprocess.run(
        [os.path.join(BUILD, "embargoctl"), "classify", "--any-key", *paths],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert done.returncode in (0, 1), done.stderr
    lines = done.stdout.splitlines()
    assert len(lines) == len(batch), done.stdout[-500:]
    return [line.split(": ", 1)[1].startswith("accept") for line in lines]


def good_mails():
    """Seeds that are accepted, with LF."""
    pgp.seed(1)
    found = [mail for name, mail in seeds.messages() if "\r" not in name
             and b"\r\n" not in mail]
    folder = tempfile.mkdtemp(prefix="diff-")
    try:
        return [mail for mail, ok in zip(found, classify(folder, found))
                if ok]
    finally:
        shutil.rmtree(folder)


def mutate(rng, good):
    mail = rng.choice(good)
    for _ in range(rng.choice([1, 1, 1, 2, 3])):
        mail = rng.choice(HOSTILE_CHANGES)(rng, mail, good)
    if rng.random() < 0.3:
        mail = crlf(rng, mail)
    return mail


def soften(rng, good):
    mail = rng.choice(good)
    changes = rng.sample(FRIENDLY_CHANGES, rng.randrange(1, 4))
    for change in sorted(changes, key=FRIENDLY_CHANGES.index, reverse=True):
        mail = change(rng, mail)
    return mail


def judged(make, number, seed):
    """(mail, accepted) for so many mails."""
    rng, good = random.Random(seed), good_mails()
    folder = tempfile.mkdtemp(prefix="diff-")
    try:
        for start in range(0, number, BATCH):
            batch = [make(rng, good)
                     for _ in range(min(BATCH, number - start))]
            yield from zip(batch, classify(folder, batch))
    finally:
        shutil.rmtree(folder)


def hostile(number, seed):
    accepted = 0
    for mail, ok in judged(mutate, number, seed):
        accepted += ok
        found = look(mail) if ok else None
        assert found is None, "%s in %r" % (found, mail)
    return accepted


def test_nothing_readable_is_accepted():
    accepted = hostile(HOSTILE, SEED)
    assert HOSTILE * 0.05 < accepted < HOSTILE * 0.8, accepted


def test_what_servers_do_is_no_reason_to_refuse():
    for mail, ok in judged(soften, FRIENDLY, SEED):
        assert ok, "refused: %r" % mail


def test_seeds_are_accepted():
    assert len(good_mails()) >= 10
    for mail in good_mails():
        assert look(mail) is None, mail


def test_python_does_read_text():
    """The reader would notice."""
    block = pgp.armor(pgp.encrypted("00" * 20, size=60))
    pgp_mime = mails.pgp_mime(block)
    text = mails.part(TEXT)
    for name, mail in {
            "text": text, "two parts": mails.mixed(pgp_mime, text),
            "preamble": mails.pgp_mime(block, preamble=TEXT + b"\n"),
            "epilogue": mails.pgp_mime(block, epilogue=TEXT),
            "third part": mails.pgp_mime(block, more=[text]),
            "before": mails.part(TEXT + b"\n" + block),
            "behind": mails.part(block + TEXT),
            "base64": mails.part(TEXT, encoding="base64"),
            "literal": mails.part(pgp.armor(pgp.literal())),
            "comment": mails.part(pgp.armor(b"", headers=[
                "Comment: " + "word " * 20])),
            "message": mails.rfc822(bytes(pgp_mime)),
            "field": mails.mixed(mails.part(block, lines=[
                "Subject: x"]))}.items():
        assert look(bytes(mail)) is not None, name


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(hostile(int(sys.argv[1]), int((sys.argv + [SEED])[2])),
              "accepted")
    else:
        sys.exit(tap.run(tap.collect(globals())))
