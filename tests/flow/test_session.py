"""Connections, recipients, tags and issues, through the real daemon."""
import re
import subprocess
import sys
import time

import mails
import tap
from fake_mta import split_message
from mails import mail, new_id, part, pgp_mime
from milter_rig import BUILD, LIST, OTHER, Rig, utc
from shapes import MARK, TEXT

DAY = 86400
NESTED = "nested@vs.example.org"
ELSE = "someone@example.com"
OURS = ["X-Embargo-Issue", "X-Embargo-Until", "X-Embargo-Status",
        "X-Embargo-Verdict"]
CLEAR = mail(part(TEXT))


def fresh(rig):
    rig.redis("FLUSHALL")


def dated(rig, field=None, subject="[vs] x", to=LIST, **fields):
    """Send an encrypted mail with an Embargo-Until field; its tags."""
    lines = [] if field is None else ["Embargo-Until: " + field]
    answer = rig.send(rig.good_mail(subject=subject, lines=lines, **fields),
                      [to])
    assert answer.verdict == "accept", answer
    return answer.tags


def until(tags):
    return tags["X-Embargo-Until"]


# mail that is not ours

def test_mail_that_is_for_no_list_passes_unread(rig):
    fresh(rig)
    at = rig.log_size()
    forged = mail(part(TEXT), lines=["X-Embargo-Issue: VS-1"])
    answer = rig.send(forged, [ELSE, "distros@example.com"])
    assert (answer.verdict, answer.at) == ("accept", "data"), answer
    assert answer.edits == [] and answer.body_sent == 0
    assert rig.log(at) == "", "it needs no line"
    assert rig.redis("DBSIZE") == 0


def test_an_MTA_without_DATA_hears_before_the_body(rig):
    for version in (2, 3):
        with rig.connect(version=version) as mta:
            answer = mta.send(CLEAR, [ELSE])
            assert (answer.verdict, answer.body_sent) == ("accept", 0), answer
            assert mta.send(CLEAR).code == 550


SPELLINGS = [
    LIST, "DISTROS@VS.EXAMPLE.ORG", "Distros@vs.Example.org",
    '"distros"@vs.example.org', '"di\\stros"@vs.example.org',
    "distros+tag@vs.example.org", "distros+@vs.example.org",
    "distros+a+b@vs.example.org", '"distros+a b"@vs.example.org',
    '"distros"+x@vs.example.org', "distros@vs.example.org.",
    "<@relay.example.net:distros@vs.example.org>",
    "<@a.example.net,@b.example.net:distros@vs.example.org>",
    "distros", "distros%vs.example.org@relay.example.net",
    "vs.example.org!distros", '"distros@vs.example.org"@example.com']
STRANGERS = [
    "distros2@vs.example.org", "xdistros@vs.example.org",
    "distros-owner@vs.example.org", "distros@example.org",
    "distros@vs.example.organic", "distros@xvs.example.org",
    "distros@vs.example.org.example.com", "<>", "@", "a@", "@b",
    "distro@vs.example.org",
    "+distros@vs.example.org", '""@vs.example.org']


def test_the_list_in_every_spelling(rig):
    for rcpt in SPELLINGS:
        assert rig.send(CLEAR, [rcpt]).code == 550, rcpt


def test_addresses_that_only_look_like_it(rig):
    for rcpt in STRANGERS:
        answer = rig.send(CLEAR, [rcpt])
        assert (answer.verdict, answer.at) == ("accept", "data"), rcpt


def test_the_list_as_the_thousandth_recipient(rig):
    others = ["user%d@example.com" % i for i in range(999)]
    assert rig.send(CLEAR, [*others, LIST]).code == 550
    assert rig.send(CLEAR, [LIST, *others]).code == 550
    answer = rig.send(rig.good_mail(), [*others, LIST])
    assert answer.verdict == "accept" and answer.tags, answer


def test_more_recipients_than_are_remembered(rig):
    others = ["u%d@example.com" % i for i in range(10001)]
    answer = rig.send(rig.good_mail(), [*others, LIST])
    assert (answer.code, answer.enhanced) == (550, "5.6.0"), answer
    assert rig.send(CLEAR, others).at == "data"


# several lists

def test_the_strictest_verdict_holds(rig):
    fresh(rig)
    for_both = mail(pgp_mime(rig.encrypt(
        to=[rig.keys.list, rig.keys.other])))
    assert rig.send(for_both, [LIST, OTHER]).verdict == "accept"
    for rcpt in ([LIST, OTHER], [OTHER, LIST], [ELSE, OTHER, LIST]):
        answer = rig.send(rig.good_mail(), rcpt)
        assert answer.code == 550 and rig.keys.other in answer.text, answer
        assert rig.last_line()["reason"] == "wrong-key"
        assert rig.last_line()["list"] == "kernel"
    assert rig.send(CLEAR, [LIST, OTHER]).code == 550
    # one takes cleartext with a warning, the other does not
    assert rig.send(CLEAR, ["warn@vs.example.org"]).verdict == "accept"
    for rcpt in (["warn@vs.example.org", LIST], [LIST, "warn@vs.example.org"]):
        assert rig.send(CLEAR, rcpt).code == 550, rcpt


def test_two_lists_with_trackers_of_their_own(rig):
    fresh(rig)
    both = mail(pgp_mime(rig.encrypt(to=[rig.keys.list, rig.keys.other])))
    answer = rig.send(both, [LIST, OTHER])
    assert len(rig.issues()) == len(rig.issues("kernel")) == 1
    names = [e.name for e in answer.edits]
    assert names == OURS, names


def test_two_lists_with_one_tracker_share_an_issue(rig):
    fresh(rig)
    message = rig.good_mail()
    tags = rig.send(message, [LIST, NESTED]).tags
    issue = tags["X-Embargo-Issue"]
    assert rig.issues() == [issue]
    assert rig.issue(issue)["messages"] == "1"
    # a copy for each list, as a list manager makes them
    for to in (LIST, NESTED):
        assert rig.send(message, [to]).tags == tags
    assert rig.issue(issue)["messages"] == "1"
    reply = rig.good_mail(in_reply_to=id_of(message))
    assert rig.send(reply, [NESTED]).tags["X-Embargo-Issue"] == issue
    assert rig.issue(issue)["messages"] == "2"


def id_of(message):
    return re.search(rb"Message-ID: (\S+)", message)[1].decode()


# issues

def test_a_reply_joins_its_issue(rig):
    fresh(rig)
    first = rig.good_mail()
    issue = rig.send(first).tags["X-Embargo-Issue"]
    assert re.fullmatch(r"VS-\d{4}-0001", issue), issue
    assert rig.last_line()["issue"] == issue
    second = new_id()
    tags = rig.send(rig.good_mail(message_id=second,
                                  in_reply_to=id_of(first))).tags
    assert tags["X-Embargo-Issue"] == issue
    assert tags["X-Embargo-Status"] == "reply"
    tags = rig.send(rig.good_mail(references=[
        "<unknown@example.org>", id_of(first), second])).tags
    assert tags["X-Embargo-Issue"] == issue
    tags = rig.send(rig.good_mail(in_reply_to="<unknown2@example.org>")).tags
    assert tags["X-Embargo-Issue"] != issue
    assert tags["X-Embargo-Status"] == "new"
    assert rig.issue(issue)["messages"] == "3"


def test_a_reply_that_comes_before_its_parent(rig):
    fresh(rig)
    parent = rig.good_mail()
    issue = rig.send(rig.good_mail(
        in_reply_to=id_of(parent))).tags["X-Embargo-Issue"]
    assert rig.send(parent).tags["X-Embargo-Issue"] == issue
    assert rig.issues() == [issue]


def test_a_retried_message_counts_once(rig):
    fresh(rig)
    message = rig.good_mail()
    tags = [rig.send(message, queue_id="Q%d" % i).tags for i in range(5)]
    assert tags.count(tags[0]) == 5, tags
    assert tags[0]["X-Embargo-Status"] == "new"
    assert rig.issue(rig.issues()[0])["messages"] == "1"
    assert rig.counters()["accepted"] == "1"
    without = mail(pgp_mime(rig.encrypt()), message_id=None)
    assert rig.send(without).tags == rig.send(without).tags
    assert len(rig.issues()) == 2


def test_a_ciphertext_that_comes_again(rig):
    fresh(rig)
    armor = rig.encrypt()
    issue = rig.send(mail(pgp_mime(armor))).tags["X-Embargo-Issue"]
    for again in (mail(pgp_mime(armor)), mail(part(armor)),
                  mail(pgp_mime(armor), sender="Else <else@example.net>"),
                  mail(pgp_mime(armor, boundary="b"), message_id=None)):
        answer = rig.send(again)
        assert (answer.code, answer.enhanced) == (550, "5.7.1"), answer
        assert "was sent before" in answer.text, answer
        assert rig.last_line()["reason"] == "replayed"
    assert rig.issues() == [issue]
    assert rig.issue(issue)["messages"] == "1"


def test_what_one_tracker_refuses_is_in_none(rig):
    """First and last of the configuration, refused by the last."""
    fresh(rig)
    both = [LIST, "strict@vs.example.org"]
    for lines, code in ((["Embargo-Until: " + utc(time.time() + 40 * DAY)],
                         550), ([], 550),
                        (["Embargo-Until: " + utc(time.time() + 5 * DAY)],
                         0)):
        for rcpt in (both, both[::-1]):
            answer = rig.send(rig.good_mail(lines=lines), rcpt)
            assert answer.code == code, (lines, answer)
        assert len(rig.issues()) == len(rig.issues("strict")) == (
            0 if code else 2), rig.redis("KEYS", "*")
    assert rig.counters()["accepted"] == "2"
    late = rig.good_mail(lines=["Embargo-Until: " + utc(time.time() +
                                                        41 * DAY)])
    assert rig.send(late, both).code == 550
    assert rig.send(late, [LIST]).verdict == "accept"


def test_a_replay_for_one_tracker_is_in_none(rig):
    fresh(rig)
    armor = rig.encrypt()
    assert rig.send(mail(pgp_mime(armor)),
                    ["strict2@vs.example.org"]).verdict == "accept"
    again = mail(pgp_mime(armor), sender="Else <else@example.net>")
    assert rig.send(again, [LIST, "strict2@vs.example.org"]).code == 550
    assert rig.last_line()["reason"] == "replayed"
    assert rig.issues() == [] and len(rig.issues("strict2")) == 1
    assert rig.send(again, [LIST]).verdict == "accept"


def test_a_refused_message_leaves_counters_only(rig):
    fresh(rig)
    before = int(time.time())
    assert rig.send(CLEAR).code == 550
    keys = rig.redis("KEYS", "*")
    assert sorted(keys) == [rig.key("counters"), rig.key("refused")], keys
    assert rig.counters() == {"refused:cleartext": "1"}
    [field, number] = rig.redis("HGETALL", rig.key("refused"))
    hour, *words = field.split(" ")
    assert words == ["cleartext", "distros", "example.org"], field
    assert int(hour) % 3600 == 0 and int(hour) > before - 3600, field
    assert number == "1", number


def test_automatic_mail_opens_no_issue(rig):
    fresh(rig)
    answer = rig.send(rig.good_mail(), sender="")
    assert (answer.code, answer.enhanced) == (550, "5.7.1"), answer
    assert rig.issues() == []
    assert rig.send(CLEAR, [ELSE], sender="").verdict == "accept"


def test_hostile_message_ids(rig):
    fresh(rig)
    opened = set()
    for value in ("<>", "no brackets", "<a b@c>", "<" + "x" * 5000 + "@y>",
                  "<\u00fc@example.org>", "<a@b> <c@d>", "<%s%n@x>", "<<a@b>>",
                  "<a@b", "<{distros}:issues@x>", "<\t@x>", "<a\x01b@x>"):
        message = rig.good_mail(message_id=value)
        answer = rig.send(message)
        assert answer.verdict == "accept", (value, answer)
        assert rig.send(message).tags == answer.tags, value
        opened.add(answer.tags["X-Embargo-Issue"])
    assert len(opened) >= 11, opened


def test_thousands_of_references(rig):
    fresh(rig)
    parent = rig.good_mail()
    issue = rig.send(parent).tags["X-Embargo-Issue"]
    many = ["<r%d@example.org>" % i for i in range(2000)]
    tags = rig.send(rig.good_mail(references=[*many, id_of(parent)])).tags
    assert tags["X-Embargo-Issue"] == issue
    assert rig.redis("DBSIZE") < 100


def test_nothing_readable_reaches_redis(rig):
    fresh(rig)
    monitor = rig.redis.connect()
    monitor("MONITOR")
    rig.send(rig.good_mail(subject="[vs] " + MARK, sender=MARK,
                           message_id="<%s@example.org>" % MARK),
             sender=MARK + "@example.org")
    rig.send(mail(part(TEXT), subject=MARK))
    rig.redis("PING")
    seen = ""
    while '"PING"' not in seen:
        seen += monitor.read()
    monitor.close()
    assert "EVALSHA" in seen and MARK not in seen, seen


# one connection, many messages

def test_a_list_on_trial_hides_no_other(rig):
    """What it would refuse is recorded for the list that takes it."""
    trial = {"name": "kernel", "address": [OTHER], "key": [rig.keys.other],
             "enforce": False}
    with Rig(keys=rig.keys, lists=({}, trial)) as one:
        answer = one.send(one.good_mail(), [LIST, OTHER])
        assert answer.verdict == "accept", answer
        assert answer.tags["X-Embargo-Verdict"] == "would-reject wrong-key"
        assert answer.tags["X-Embargo-Issue"].startswith("VS-"), answer.tags
        answer = one.send(one.good_mail(), [OTHER])
        assert "X-Embargo-Issue" not in answer.tags, answer.tags


def test_alternating_verdicts_on_one_connection(rig):
    good = rig.good_mail()
    with rig.connect() as mta:
        for i in range(40):
            case = i * 7 % 5
            if case == 0:
                answer = mta.send(CLEAR)
                assert answer.code == 550 and not answer.edits, (i, answer)
            elif case == 1:
                assert mta.send(good).tags["X-Embargo-Verdict"] == \
                    "accept pgp-mime", i
            elif case == 2:
                answer = mta.send(CLEAR, [ELSE])
                assert answer.at == "data" and not answer.edits, (i, answer)
            elif case == 3:
                mta.envelope([LIST])
                mta.header(b"Subject", b"[vs] half a message")
                mta.abort()
            else:
                answer = mta.send(mail(part(rig.encrypt())))
                assert answer.tags["X-Embargo-Verdict"] == \
                    "accept pgp-inline", (i, answer)


def test_RSET_forgets_the_recipients(rig):
    with rig.connect() as mta:
        mta.envelope([LIST])
        mta.abort()
        assert mta.send(CLEAR, [ELSE]).at == "data"
        mta.envelope([ELSE])
        mta.abort()
        assert mta.send(CLEAR).code == 550
        # MAIL twice, without an abort between
        mta.mail()
        mta.rcpt(LIST)
        assert mta.send(CLEAR, [ELSE]).at == "data"


def test_one_connection_for_many_clients(rig):
    with rig.connect() as mta:
        for i in range(10):
            assert mta.send(CLEAR).code == 550
            assert mta.send(rig.good_mail()).verdict == "accept"
            mta.quit_new()


def test_a_TCP_socket(rig):
    with Rig(keys=rig.keys, tcp=True) as other:
        assert other.send(CLEAR).code == 550
        assert other.send(other.good_mail()).tags
        assert other.stop() == 0


def test_a_queue_id_that_comes_late_or_never(rig):
    with rig.connect() as mta:
        mta.greet()
        mta.mail()
        mta.rcpt(LIST)
        mta.data()
        mta.eoh()
        mta.eom()
        assert rig.last_line()["queue_id"] == "NOQUEUE"
        mta.mail()
        mta.rcpt(LIST)
        mta.data()
        mta.eoh()
        mta.macros(b"E", i="late\x1b[31m\nx")
        mta.eom()
        assert rig.last_line()["queue_id"].startswith("late?[31m"), \
            rig.last_line()


def test_the_sender_cannot_write_log_lines(rig):
    at = rig.log_size()
    rig.send(CLEAR, sender="a\nembargo-milter: Q1: accept reason=x\x1b\x07"
             "\u00e4@example.org")
    rig.send(CLEAR, sender="x" * 3000 + "@example.org")
    lines = rig.log(at).splitlines()
    assert len(lines) == 2, lines
    for line in lines:
        assert re.fullmatch(r"[ -~]{1,1100}", line), line
        assert "reason=cleartext list=distros" in line


# tags

def forged_fields():
    names = ["X-Embargo-Issue", "x-embargo-issue", "X-EMBARGO-UNTIL",
             "X-Embargo-Verdict", "x-Embargo-Anything"]
    lines = []
    for i in range(50):
        lines.append("%s: forged %d%s" % (
            names[i % 5], i, "\n\tfolded" if i % 3 == 0 else ""))
        if i % 4 == 0:
            lines.append("X-Kept-%d: %d" % (i, i))
    return lines


def test_fifty_forged_fields_go_and_nothing_else(rig):
    message = rig.good_mail(lines=forged_fields())
    answer = rig.send(message)
    deleted = [e for e in answer.edits if e.kind == "delete"]
    assert len(deleted) == 50, answer.edits
    fields, body = split_message(answer.apply(message))
    before, body_before = split_message(message)
    kept = [f for f in before if not f[0].lower().startswith(b"x-embargo-")]
    assert fields[:len(kept)] == kept, fields
    assert [name.decode() for name, _ in fields[len(kept):]] == OURS
    assert body == body_before


def test_only_tags_are_added(rig):
    for message in (rig.good_mail(), mail(part(rig.encrypt()))):
        answer = rig.send(message)
        assert {e.kind for e in answer.edits} == {"add"}, answer.edits
        assert [e.name for e in answer.edits] == OURS
        assert answer.others == [] and answer.quarantine is None


def test_a_date_that_is_assumed(rig):
    fresh(rig)
    now = int(time.time())
    value = until(dated(rig))
    assert value.endswith("; assumed"), value
    assert value.split(";")[0] in [utc(now + 14 * DAY + i)
                                   for i in range(5)], value


def test_dates_in_the_header(rig):
    at = int(time.time()) // 3600 * 3600 + 5 * DAY
    want, day = utc(at), time.strftime("%Y-%m-%d", time.gmtime(at))
    noon = day + "T14:00:00Z; assumed"      # the hour is
    for field, subject, value in (
            (want, "x", want),
            (time.strftime("%a, %d %b %Y %H:%M:%S +0000", time.gmtime(at)),
             "x", want),
            (time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime(at)), "x", want),
            (day, "x", noon),
            (None, "[vs] [CRD %s] x" % want, want),
            (None, "Re: [vs] [crd: %s] x" % day, noon),
            (None, "[embargo %s] x" % time.strftime(
                "%Y-%m-%d %H:%M UTC", time.gmtime(at)), want),
            (None, "[embargo until %s]" % day, noon),
            (None, "=?utf-8?q?=5BCRD_%s=5D?=" % day, noon),
            (want, "[CRD 2020-01-01] the field is stronger", want)):
        assert until(dated(rig, field, subject)) == value, (field, subject)


def test_dates_that_need_a_human(rig):
    for field, subject in (
            ("next week", "x"), ("02/06/2027", "x"), ("2020-01-01", "x"),
            ("2026-02-30", "x"), ("2027-01-01 10:00 XYZ", "x"),
            ("9999-12-31", "x"), (None, "[CRD 14 days] x"),
            ("\u0662\u0660\u0662\u0667-01-01", "x"), ("2027-01-01" * 999, "x")):
        value = until(dated(rig, field, subject))
        assert re.search(r"Z; assumed; needs-human$", value), (field, value)
    tags = rig.send(rig.good_mail(lines=[
        "Embargo-Until: " + utc(time.time() + DAY),
        "Embargo-Until: " + utc(time.time() + 2 * DAY)])).tags
    assert until(tags).endswith("; assumed; needs-human"), tags


def test_a_date_beyond_the_maximum(rig):
    far = utc(time.time() + 20 * DAY)
    assert until(dated(rig, far)) == far + "; over-max"
    now = time.time()
    value = until(dated(rig, far, to="cap@vs.example.org"))
    assert value.endswith("; capped"), value
    assert value[:10] in (utc(now + 14 * DAY)[:10],
                          utc(now + 14 * DAY + 5)[:10]), value
    assert until(dated(rig, to="leave@vs.example.org")) == "none"


def test_the_first_stated_date_replaces_an_assumed_one(rig):
    fresh(rig)
    first = new_id()
    dated(rig, message_id=first)
    soon, later = utc(time.time() + 3 * DAY), utc(time.time() + 4 * DAY)
    tags = dated(rig, soon, in_reply_to=first)
    assert until(tags) == soon and tags["X-Embargo-Status"] == "moved", tags
    # once stated, only a member may move it
    tags = dated(rig, later, in_reply_to=first)
    assert until(tags) == soon and tags["X-Embargo-Status"] == "reply", tags


def test_a_public_issue(rig):
    fresh(rig)
    first = new_id()
    issue = dated(rig, message_id=first)["X-Embargo-Issue"]
    subprocess.run([BUILD + "/embargoctl", "-c", rig.path, "public", issue],
                   check=True, capture_output=True)
    tags = dated(rig, in_reply_to=first)
    assert tags["X-Embargo-Issue"] == issue
    assert tags["X-Embargo-Status"] == "public", tags


def test_a_hidden_subject(rig):
    for subject, tag in (("[vs] " + MARK, "[vs] "),
                         ("=?utf-8?q?=5Bvs=5D?= " + MARK, "[vs] "),
                         (MARK, ""), (None, "")):
        message = rig.good_mail(subject=subject)
        to = "hide@vs.example.org" if tag else "bare@vs.example.org"
        answer = rig.send(message, [to])
        assert answer.verdict == "accept", answer
        delivered = answer.apply(message)
        assert MARK.encode() not in delivered, delivered
        found = re.findall(rb"(?i)^Subject: (.*)$", delivered, re.M)
        want = tag + answer.tags["X-Embargo-Issue"]
        assert found == [want.encode()], found
    for name in ("Subject: ", "SUBJECT: "):
        message = rig.good_mail(subject="[vs] a", lines=[name + MARK])
        answer = rig.send(message, ["hide@vs.example.org"])
        assert answer.code == 550 and MARK not in answer.text, answer
        assert rig.last_line()["reason"] == "partly-cleartext"


def main():
    at = "@vs.example.org"
    lists = [{}, {"name": "nested", "address": [NESTED],
                  "tracker": "distros"},
             {"name": "cap", "address": ["cap" + at],
              "embargo": {"over_max": "cap"}},
             {"name": "leave", "address": ["leave" + at],
              "embargo": {"missing": "leave"}},
             {"name": "hide", "address": ["hide" + at], "hide_subject": True,
              "subject_tags": ["[vs]"]},
             {"name": "bare", "address": ["bare" + at],
              "hide_subject": True},
             {"name": "warn", "address": ["warn" + at],
              "cleartext": "warn"},
             {"name": "strict", "address": ["strict" + at],
              "embargo": {"over_max": "reject", "missing": "reject"}},
             {"name": "strict2", "address": ["strict2" + at]}]
    with Rig(lists, start=False) as rig:
        rig.settings["lists"].append(rig.other_list())
        rig.write_conf()
        rig.start()
        return tap.run(tap.collect(globals(), rig) + [
            ("ends in peace", lambda: end(rig))])


def end(rig):
    assert rig.stop() == 0, rig.log()


if __name__ == "__main__":
    sys.exit(main())
