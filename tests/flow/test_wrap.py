"""What becomes of the body: cleartext = "encrypt", "warn" and "quarantine",
enforce = false, repair = true."""
import email
import os
import subprocess
import sys

import mails
import openpgp as pgp
import tap
from fake_gpg import FakeGpg
from gpg_keys import Keys
from mails import mail, mixed, part
from milter_rig import BUILD
from sighted import classify, soon
from wrapping import (DOMAIN, TEXT, Wrapping, check_accepted, check_head,
                      check_inside, check_wrapped, delivered, field_values,
                      new_body, note)


# cleartext = "encrypt"

def test_every_kind_of_cleartext_is_wrapped(w):
    html = part(b"<p>%s</p>\n" % TEXT, "text/html; charset=utf-8")
    attachment = part(os.urandom(3000), "application/pdf", "base64",
                      'attachment; filename="hole in libexample.pdf"')
    for content in (
            part(TEXT), part(TEXT, "text/plain"), html,
            part(TEXT, encoding="base64"),
            part(TEXT, encoding="quoted-printable"),
            part(TEXT, disposition="inline", lines=(
                "Content-Language: en", "Content-Description: x")),
            mixed(part(TEXT), attachment),
            mails.multipart("alternative", part(TEXT), html),
            mails.nested(5, part(TEXT)),
            mails.rfc822(mail(part(TEXT)))):
        check_wrapped(w, note(content))


def test_partly_cleartext_and_signed_mail_is_wrapped(w):
    armor = w.rig.encrypt(TEXT)
    check_wrapped(w, note(mixed(part(TEXT), part(armor))),
                  reason="partly-cleartext")
    check_wrapped(w, note(part(TEXT + armor)), reason="partly-cleartext")
    inner = part(TEXT)
    signature = w.keys.sign(bytes(inner).replace(b"\n", b"\r\n"),
                            w.keys.member)
    out = check_wrapped(w, note(mails.signed(inner, signature)),
                        reason="signed-only")
    clear = w.keys.sign(TEXT, w.keys.member, "--clear-sign")
    check_wrapped(w, note(part(clear)), reason="signed-only")
    # the signature still holds
    entity = w.keys.decrypt(out).replace(b"\r\n", b"\n")
    assert bytes(inner) in entity and signature in entity


def test_bodies_byte_for_byte(w):
    every = bytes(set(range(256)) - {0, 10, 13})
    for body in (b"", b"\n", b"\n\n\n", b"x", b"no line end",
                 b" leading\n\ttab\n", b"trailing \n\t\n",
                 "süß, 漢字, 🔥\n".encode(), every + b"\n", every * 300,
                 b".\n..\n.x\n", b"From here\n>From there\n",
                 b"--=_embargo-milter_pgp-mime\n", b"x" * 5000 + b"\n",
                 b"-----BEGIN PGP PUBLIC KEY BLOCK-----\nx\n"):
        for type in ("text/plain; charset=utf-8", None):
            check_wrapped(w, note(part(body, type, lines=(
                "Content-Transfer-Encoding: 8bit",))))


def test_five_megabytes(w):
    noise = bytes(set(os.urandom(200)) - set(b"\0\r\n"))
    body = (TEXT * 40 + noise + b"\n") * 4000
    assert len(body) > 5 << 20, len(body)
    check_wrapped(w, note(part(body)))


def test_Content_Type_in_odd_forms(w):
    for value in ("text/plain;charset=us-ascii", "text/plain; charset=utf-8;",
                  "TEXT/PLAIN;\n\tcharset=\"utf-8\";\n\tformat=flowed",
                  "text/plain; charset=utf-8; x=\"a;b\"", "text/plain;"):
        check_wrapped(w, note(mails.Part(["Content-Type: " + value], TEXT)))
    for value in ('text/plain; name="open', "text", "", ";", "a b c"):
        message = note(mails.Part(["Content-Type: " + value], TEXT))
        answer = w.send(message, "encrypt")
        out = delivered(answer, message)
        entity = w.keys.decrypt(out)
        assert entity.partition(b"\r\n\r\n")[2] == TEXT.replace(
            b"\n", b"\r\n"), value
        check_accepted(w, out)


def test_no_Content_Type_and_two(w):
    check_wrapped(w, note(mails.Part([], TEXT), mime=False))
    check_wrapped(w, note(mails.Part([], TEXT)))
    two = mails.Part(["Content-Type: text/plain",
                      "Content-Type: text/html",
                      "Content-Transfer-Encoding: 8bit",
                      "content-transfer-encoding: 7bit"], TEXT)
    answer = w.send(note(two), "encrypt")
    assert answer.code == 550 and answer.enhanced == "5.6.0", answer
    odd = mails.Part(["content-TYPE: text/plain", "X-Other: x",
                      "Content-Transfer-Encoding: 8bit",
                      "Content-Disposition: inline",
                      "CONTENT-LOCATION: x"], TEXT)
    check_wrapped(w, note(odd))


def test_fields_are_protected(w):
    message = note(
        part(TEXT), to="Encrypt <encrypt@vs.example.org>,\n  a@example.org",
        cc="b@example.org", in_reply_to="<a@b.example>",
        references=["<%d@b.example>" % i for i in range(60)],
        lines=["Reply-To: c@example.org", "X-Mailer: not protected",
               "X-Embargo-Issue: VS-1"])
    out = check_wrapped(w, message)
    assert field_values(out, "References") and \
        field_values(out, "X-Mailer") == [b"not protected"]
    assert b"VS-1\n" not in out
    assert b"X-Mailer" not in w.keys.decrypt(out)


def test_a_long_header_before_a_short_body(w):
    many = ",\n ".join("Someone Else <user%d@example.org>" % i
                       for i in range(9000))
    message = note(part(b"x\n"), cc=many)
    assert len(message) > 300000
    check_wrapped(w, message)


# the Subject

def subjects(out):
    return field_values(out, "Subject")


def test_the_tag_says_that_it_came_in_clear(w):
    for subject, wanted in (
            ("[vs] report", b"[vs-plain] report"),
            ("Re: [vs] report", b"Re: [vs-plain] report"),
            ("[VS] [vs] x", b"[vs-plain] [vs] x"),
            ("[vs-plain] report", b"[vs-plain] report"),
            ("report [vs]", b"report [vs-plain]"),
            ("a\n b [vs]\n c", b"a\n b [vs-plain]\n c"),
            ("x" * 2000 + " [vs] " + "y" * 2000,
             b"x" * 2000 + b" [vs-plain] " + b"y" * 2000),
            ("=?utf-8?q?=5Bvs=5D_x?=", b"=?utf-8?q?=5Bvs=5D_x?=")):
        out = check_wrapped(w, note(part(TEXT), subject))
        assert subjects(out) == [wanted], (subject, subjects(out))


def test_only_a_tag_that_the_list_has(w):
    for to, subject in (("onetag", "[vs] report"), ("plain", "[vs] report"),
                        ("plain", "report"), ("plain", "")):
        out = check_wrapped(w, note(part(TEXT), subject), to)
        assert subjects(out) == [subject.encode()], subjects(out)
    out = check_wrapped(w, note(part(TEXT), None), "plain")
    assert subjects(out) == []


# several lists

def test_two_lists_with_two_keys_can_both_read_it(w):
    message = note(part(TEXT))
    for to in (("encrypt", "kernel"), ("kernel", "plain")):
        answer = w.send(message, *to)
        assert answer.tags["X-Embargo-Verdict"] == "encrypt cleartext"
        out = delivered(answer, message)
        check_inside(w.keys.decrypt(out), message)
        keys = {pgp.key_id(w.keys.subkey(key))
                for key in (w.keys.list, w.keys.other)}
        data = pgp.dearmor(out)
        named = {body[1:9] for tag, body, _ in pgp.packets(data)
                 if tag == pgp.PKESK}
        assert named == keys, (named, keys)
        for name in ("blind", "kernel"):
            assert w.send(out, name).tags["X-Embargo-Verdict"] == \
                "accept pgp-mime"


def test_the_strictest_list_holds(w):
    message = note(part(TEXT))
    assert w.send(message, "encrypt", "blind").code == 550
    answer = w.send(message, "encrypt", "warn")
    assert answer.tags["X-Embargo-Verdict"] == "encrypt cleartext", answer
    assert new_body(answer) is not None
    answer = w.send(message, "warn", "hold")
    assert answer.quarantine == "cleartext" and new_body(answer) is None


# what is refused all the same

def test_rules_that_hold_for_what_is_wrapped_too(w):
    text = part(TEXT)
    for message, words in (
            (note(text, cc="oss-security@lists.openwall.com"),
             "also goes to a public list"),
            (note(text, subject="report"), "does not hold a tag"),
            (note(text, lines=["Auto-Submitted: auto-replied"]),
             "no automatic mail")):
        answer = w.send(message, "encrypt")
        assert answer.code == 550 and words in answer.text, answer
        assert answer.edits == [] and answer.others == [], answer
    for content, reason in (
            (mails.pgp_mime(pgp.armor(pgp.literal(TEXT))),
             "not-encrypted-inside"),
            (mails.pgp_mime(w.rig.encrypt(to=[w.keys.foreign])),
             "wrong-key")):
        assert w.send(note(content), "encrypt").code == 550, reason
        assert w.rig.last_line()["reason"] == reason


def test_encrypted_mail_is_left_alone(w):
    message = note(mails.pgp_mime(w.rig.encrypt(TEXT)))
    answer = w.send(message, "encrypt")
    assert answer.tags["X-Embargo-Verdict"] == "accept pgp-mime"
    assert new_body(answer) is None
    assert all(edit.kind == "add" for edit in answer.edits)


def test_gpg_in_trouble(w, gpg):
    message = note(part(TEXT))
    for mode in ("missing", "exit", "kill", "fail", "garbage", "flood",
                 "hang"):
        gpg.set(mode)
        answer = w.send(message, "encrypt")
        assert (answer.code, answer.enhanced) == (451, "4.3.0"), (mode,
                                                                  answer)
        assert answer.edits == [] and answer.others == [], answer
        assert w.rig.redis("DBSIZE") == 0, mode
        assert w.send(message, "blind").code == 550
        tap.poll(lambda: gpg.living() == [])
    gpg.set("real")
    check_wrapped(w, message)


def test_a_retry_is_one_message(w):
    message = note(part(TEXT))
    issue = w.send(message, "encrypt").tags["X-Embargo-Issue"]
    again = w.rig.send(message, ["encrypt" + DOMAIN])
    assert again.tags["X-Embargo-Issue"] == issue
    assert w.rig.issue(issue, "encrypt")["messages"] == "1"


# warn, quarantine, trial

def untouched(answer):
    return new_body(answer) is None and \
        all(edit.kind == "add" for edit in answer.edits)


def alerts(w, tracker):
    return [(one["kind"], one["issue"]) for one in w.rig.redis.stream(
        w.rig.key("alerts", tracker))]


def test_warn(w):
    for content, reason in ((part(TEXT), "cleartext"),
                            (mixed(part(TEXT), part(w.rig.encrypt())),
                             "partly-cleartext")):
        answer = w.send(note(content), "warn")
        assert answer.tags["X-Embargo-Verdict"] == "warn " + reason
        assert untouched(answer), answer
        issue = answer.tags["X-Embargo-Issue"]
        assert ("cleartext", issue) in alerts(w, "warn"), alerts(w, "warn")
        assert w.rig.last_line()["verdict"] == "warn"
    answer = w.send(note(mails.pgp_mime(w.rig.encrypt(TEXT))), "warn")
    assert answer.tags["X-Embargo-Verdict"] == "accept pgp-mime"
    assert "cleartext" not in dict(alerts(w, "warn"))


def test_quarantine(w):
    answer = w.send(note(part(TEXT)), "hold")
    assert answer.verdict == "quarantine", answer
    assert answer.quarantine == "cleartext"
    assert answer.tags == {"X-Embargo-Verdict": "quarantine cleartext"}
    assert new_body(answer) is None and w.rig.issues("hold") == []
    tap.poll(lambda: w.rig.counters("hold") == {
        "quarantined:cleartext": "1"})


def test_a_trial_changes_nothing(w):
    for to in ("trial", "tryenc"):
        for content, reason in (
                (part(TEXT), "cleartext"),
                (mails.pgp_mime(w.rig.encrypt(to=[w.keys.foreign])),
                 "wrong-key"),
                (mails.exchange(w.rig.encrypt()), "mangled")):
            answer = w.send(note(content), to)
            if (to, reason) == ("tryenc", "cleartext"):
                continue
            tags = {"X-Embargo-Verdict": "would-reject " + reason}
            assert (answer.verdict, answer.tags) == ("accept", tags), answer
            assert untouched(answer) and w.rig.issues(to) == []
            tap.poll(lambda: w.rig.counters(to) == {
                "would-reject:" + reason: "1"})
        good = note(mails.pgp_mime(w.rig.encrypt(TEXT)))
        answer = w.send(good, to)
        assert answer.tags["X-Embargo-Verdict"] == "accept pgp-mime"
        assert w.rig.issues(to) == [answer.tags["X-Embargo-Issue"]]


# repair

VERSION = part(mails.VERSION, "application/pgp-encrypted")


def payload(armor):
    return part(armor, "application/octet-stream")


def named(armor, name):
    return part(armor, 'application/octet-stream; name="%s"' % name,
                disposition='attachment; filename="%s"' % name)


def mangled_forms(armor):
    html = part(b"\n\n", "text/html; charset=utf-8")
    yield mails.exchange(armor)
    yield mixed(VERSION, payload(armor))
    yield mixed(part(b"\n"), VERSION, payload(armor))
    yield mixed(html, VERSION, payload(armor))
    yield mixed(part(b"", "text/plain"), VERSION,
                named(armor, "encrypted.asc"))
    yield mixed(part(b"\n", encoding="base64"), part(
        b"", "application/pgp-encrypted"), named(armor, "msg.asc"))
    yield mixed(VERSION, part(armor, "application/octet-stream",
                              "quoted-printable"))


def test_repair(w):
    armor = w.rig.encrypt(TEXT)
    for content in mangled_forms(armor):
        message = note(content, lines=["X-Other: x"])
        assert w.send(message, "blind").code == 550
        assert w.rig.last_line()["reason"] == "mangled"
        for to in ("repair", "sighted", "both"):
            answer = w.send(message, to)
            assert answer.tags.get("X-Embargo-Verdict") == \
                "accept pgp-mime", (answer, w.rig.log()[-300:])
            out = delivered(answer, message)
            check_head(out)
            assert w.keys.decrypt(decoded_armor(out)) == TEXT
            assert w.rig.issues(to) == [answer.tags["X-Embargo-Issue"]]
        check_accepted(w, out)


def decoded_armor(message):
    """Of the second part, its transfer encoding taken off."""
    return email.message_from_bytes(message).get_payload(1).get_payload(
        decode=True)


def test_repair_drops_nothing_that_can_be_read(w):
    armor = w.rig.encrypt(TEXT)
    good = (part(b"\n"), VERSION, payload(armor))
    for content in (
            mixed(part(TEXT), VERSION, payload(armor)),
            mixed(part(b"<p>x</p>", "text/html"), VERSION, payload(armor)),
            mixed(*good, part(TEXT)),
            mixed(*good, preamble=TEXT), mixed(*good, epilogue=TEXT),
            mixed(part(b"\n"), VERSION, named(armor, "hole in libexample")),
            mixed(part(b"\n", lines=["X-Text: the hole is in libexample"]),
                  VERSION, payload(armor)),
            mixed(*good, *good), mixed(VERSION, *good),
            mixed(payload(armor), VERSION),
            mixed(VERSION, payload(armor), payload(armor))):
        for to in ("repair", "sighted"):
            answer = w.send(note(content), to)
            assert answer.code == 550, (bytes(content), answer)
            assert answer.others == [] and answer.edits == []


def test_repair_is_no_way_round_the_key(w):
    foreign = w.rig.encrypt(to=[w.keys.foreign])
    for content in mangled_forms(foreign):
        for to in ("repair", "sighted", "both"):
            assert w.send(note(content), to).code == 550
            assert w.rig.last_line()["reason"] == "wrong-key"
    literal = mails.exchange(pgp.armor(pgp.literal(TEXT)))
    assert w.send(note(literal), "repair").code == 550
    mine = mails.exchange(w.rig.encrypt())
    assert w.send(note(mine), "repair", "kernel").code == 550
    assert w.rig.last_line()["reason"] == "wrong-key"
    assert w.send(note(mine), "repair", "blind").code == 550


def test_a_repaired_message_is_read_inside(w):
    said, tag = soon(5)
    date = ("Embargo-Until: %s\n" % said).encode()
    message = note(mails.exchange(w.rig.encrypt(bytes(part(date + TEXT)))))
    answer = w.send(message, "sighted")
    assert answer.tags["X-Embargo-Until"] == tag, answer.tags


def test_Redis_in_trouble(w, gpg):
    """It was encrypted, but is not let through unrecorded."""
    message = note(part(TEXT))
    w.rig.redis.kill()
    try:
        answer = w.rig.send(message, ["encrypt" + DOMAIN])
        assert answer.code == 451 and answer.others == [], answer
    finally:
        w.rig.redis.start()
    tap.poll(lambda: w.rig.send(message, ["encrypt" + DOMAIN]).tags)


def test_embargoctl_takes_what_was_delivered(w):
    paths = sorted(os.path.join(w.files, name)
                   for name in os.listdir(w.files))
    assert len(paths) > 60, len(paths)
    done = subprocess.run(
        [os.path.join(os.path.abspath(BUILD), "embargoctl"), "-c",
         w.rig.path, "classify", "--list", "blind", *paths],
        capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done
    assert done.stdout.splitlines() == [
        "%s: accept pgp-mime" % path for path in paths], done.stdout


def test_embargoctl_says_the_same(w):
    assert len(w.sent) > 200, len(w.sent)
    for path in os.listdir(w.files):
        os.unlink(os.path.join(w.files, path))
    classify(w.rig, w.files, [
        (to, message, line) for to, message, line in w.sent
        if len(message) < 1 << 20])


def test_the_end(w):
    assert w.rig.is_running() and w.rig.stop() == 0, w.rig.log()


def main():
    with FakeGpg() as gpg, Keys() as keys:
        wrapping = Wrapping(keys, gpg.environment)
        try:
            return tap.run([
                (name[5:].replace("_", " "), lambda t=test: t(
                    *[wrapping, gpg][:t.__code__.co_argcount]))
                for name, test in list(globals().items())
                if name.startswith("test_")])
        finally:
            wrapping.close()


if __name__ == "__main__":
    sys.exit(main())
