"""Every reason of the table, each with many shapes, through the real daemon."""
import re
import sys

import mails
import rows_accepted
import rows_malformed
import rows_policy
import rows_refused
import tap
from milter_rig import LIST, URL, Rig
from shapes import MARK, TEXT, Shapes

POLICY, MEDIA = (550, "5.7.1"), (550, "5.6.0")
# code, enhanced code, essential words of the reply, does it name the key
REASONS = {
    "pgp-mime": (POLICY, "does not take PGP/MIME", False),
    "pgp-inline": (POLICY, "PGP/MIME only", False),
    "cleartext": (POLICY, "only encrypted mail", True),
    "partly-cleartext": (POLICY, "Only a part of your message", True),
    "signed-only": (POLICY, "signed but not encrypted", True),
    "not-encrypted-inside": (POLICY, "holds no encrypted data", True),
    "symmetric-only": (POLICY, "passphrase", True),
    "passphrase-too": (POLICY, "also be opened with a passphrase", True),
    "no-integrity": (POLICY, "without integrity protection", True),
    "wrong-key": (POLICY, "not encrypted to the list's current key", True),
    "hidden-recipient": (POLICY, "hides for whom", True),
    "smime": (POLICY, "takes OpenPGP", True),
    "malformed": (MEDIA, "damaged or can be read in more than one", True),
    "mangled": (POLICY, "Exchange", False),
    "missing-subject-tag": (POLICY, "[vs] [vs-plain]", False),
    "public-copy": (POLICY, "public list", False),
    "automatic": (POLICY, "no automatic mail", False),
    "too-big": ((552, "5.3.4"), "larger than this list takes", False),
    "too-complex": (MEDIA, "too many parts, levels", True),
    "missing-date": (POLICY, "must propose an embargo date", False),
    "over-max": (POLICY, "later than this list allows", False),
    "later": ((451, "4.3.0"), "problem of its own", False),
}


def check_is_clean(text):
    """A reply or a log line: printable, and not a word of the message."""
    assert re.fullmatch(r"[ -~]*", text), "unprintable: %r" % text
    for word in (MARK, "libexample", "hF4D"):
        assert word not in text, "it quotes the message: " + text


def check_reply(rig, answer, reason, words, url=URL):
    codes, essential, names_key = REASONS[reason]
    assert (answer.code, answer.enhanced) == codes, answer
    assert essential in answer.text, answer.lines
    assert words in answer.text, answer.lines
    for line in answer.lines:
        check_is_clean(line)
        assert 0 < len(line) <= 490, line
    if names_key:
        assert rig.keys.list in answer.text, answer.lines
    if reason != "later":
        assert (URL in answer.text) == bool(url), answer.lines
    assert answer.edits == [] and answer.quarantine is None, answer


def check_line(rig, at, queue_id, verdict, reason, name):
    """Exactly one line, of the documented form."""
    text = rig.log(at)
    check_is_clean(text.replace("\n", ""))
    line, = [one for one in rig.lines(queue_id)][-1:]
    assert text.count("\n") == 1, text
    assert (line["verdict"], line["reason"], line["list"]) == (
        verdict, reason, name), line
    assert (line["issue"] != "-") == (verdict in ("accept", "warn")), line
    assert (line["why"] is None) == (verdict == "accept" and reason in (
        "pgp-mime", "pgp-inline", "smime")), line


def check(rig, message, expected, words="", to="distros", **options):
    """Send it and look at everything that came of it.

    The rows share ciphertext: nothing of an earlier one is remembered.
    """
    if rig.redis.client:
        rig.redis("FLUSHDB")
    verdict, reason = expected.split()
    at = rig.log_size()
    rcpt = [to + "@vs.example.org", *options.pop("also", ())]
    answer = rig.send(message, rcpt, queue_id="4XyZ1", **options)
    line = rig.log(at)
    told = (answer.verdict, answer.lines, line)
    if verdict == "reject":
        assert answer.verdict == "reject", told
        url = None if to == "nourl" else URL
        check_reply(rig, answer, reason, words, url)
    else:
        wanted = "quarantine" if verdict == "quarantine" else "accept"
        assert answer.verdict == wanted, told
        assert answer.tags.get("X-Embargo-Verdict") == expected, \
            (answer.tags, line)
        if verdict == "quarantine":
            assert answer.quarantine == reason, answer
    check_line(rig, at, "4XyZ1", verdict, reason, to)


def simple_rows(shapes):
    """(reason, name, message, words) of all refusals."""
    for reason, rows in (("cleartext", rows_refused.cleartext),
                         ("signed-only", rows_refused.signed_only),
                         ("smime", rows_refused.smime),
                         ("mangled", rows_refused.mangled),
                         ("too-complex", rows_refused.too_complex)):
        for name, content in rows(shapes):
            yield reason, name, shapes.mail(content), ""
    for rows in (rows_refused.partly_round_armor,
                 rows_refused.partly_in_structure,
                 rows_refused.partly_in_fields,
                 rows_refused.partly_in_packets):
        for name, message, words in rows(shapes):
            yield "partly-cleartext", name, message, words
    for name, message in rows_refused.fields_of_all(shapes):
        yield "too-complex", name, message, ""
    for name, message in rows_refused.not_encrypted_inside(shapes):
        yield "not-encrypted-inside", name, message, ""
    for reason, name, data in rows_refused.keys_and_passphrases(shapes):
        yield reason, name, shapes.mime(data), ""
        yield reason, name + ", inline", shapes.inline(data), ""


def malformed_rows(shapes):
    for rows in (rows_malformed.armour, rows_malformed.packets,
                 rows_malformed.encodings, rows_malformed.content_fields,
                 rows_malformed.boundaries, rows_malformed.encrypted_shape,
                 rows_malformed.outer_fields):
        for name, message, words, *reason in rows(shapes):
            yield (reason or ["malformed"])[0], name, message, words


def any_refusal(rig, message):
    """Some verdict rests on details: what counts is that it is refused."""
    answer = rig.send(message)
    assert answer.verdict == "reject", answer
    assert answer.code == 550, answer
    check_is_clean(answer.text)


def any_acceptance(rig, message):
    assert rig.send(message).verdict == "accept"


def tests(rig, shapes):
    for reason, name, message, words in [
            *simple_rows(shapes), *malformed_rows(shapes)]:
        if reason is None:
            yield "refused: " + name, \
                lambda m=message: any_refusal(rig, m)
            continue
        yield reason + ": " + name, lambda m=message, r=reason, w=words: \
            check(rig, m, "reject " + r, w)
    for rows in (rows_accepted.gnupg, rows_accepted.packets,
                 rows_accepted.armour, rows_accepted.encodings,
                 rows_accepted.structure, rows_accepted.clients):
        for name, reason, message in rows(shapes):
            yield "accept: %s, %s" % (name, reason), \
                lambda m=message, r=reason: check(rig, m, "accept " + r) \
                if r else any_acceptance(rig, m)
    for rows in (rows_policy.subject_tags, rows_policy.public_copies,
                 rows_policy.automatic, rows_policy.dates,
                 rows_policy.settings, rows_policy.sizes):
        for name, expected, message, to, options in rows(shapes):
            yield "%s: %s (%s)" % (expected, name, to), \
                lambda m=message, e=expected, t=to, o=options: \
                check(rig, m, e, to=t, **o)


def later(rig, shapes):
    """Redis is gone: what is well-formed has to wait, the rest is refused."""
    rig.redis.kill()
    try:
        at = rig.log_size()
        answer = rig.send(shapes.mime(), queue_id="4XyZ1")
        assert answer.verdict == "tempfail", answer
        check_reply(rig, answer, "later", "")
        assert re.search(r"4XyZ1: later reason=later list=distros issue=- ",
                         rig.log(at)), rig.log(at)
        check_is_clean(rig.log(at).replace("\n", ""))
        answer = rig.send(shapes.mail(mails.part(TEXT)), queue_id="4XyZ1")
        check_reply(rig, answer, "cleartext", "")
    finally:
        rig.redis.start()


def every_reason_has_a_row(names):
    for reason in REASONS:
        assert any(reason in name for name in names), reason


def main():
    lists = [{}] + [{"name": name, "address": [name + rows_policy.DOMAIN],
                     **changes}
                    for name, changes in rows_policy.LISTS.items()]
    with Rig(lists, max_message="2M") as rig:
        shapes = Shapes(rig.keys)
        all_tests = list(tests(rig, shapes))
        all_tests.append(("later: Redis is gone",
                          lambda: later(rig, shapes)))
        names = [name for name, _ in all_tests]
        all_tests.append(("every reason has a row",
                          lambda: every_reason_has_a_row(names)))
        all_tests.append(("the daemon is still there",
                          lambda: check_lives(rig)))
        return tap.run(all_tests)


def check_lives(rig):
    assert rig.is_running()
    tap.poll(lambda: rig.send(rig.good_mail(), [LIST]).verdict == "accept")
    assert rig.stop() == 0, rig.log()


if __name__ == "__main__":
    sys.exit(main())
