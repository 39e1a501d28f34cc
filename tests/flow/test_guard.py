"""The leak guard and the list manager's copies, through the real daemon."""
import os
import re
import signal
import sys
import time

import openpgp as pgp
import tap
from mails import TEXT, mail, mixed, new_id, part, pgp_mime
from milter_rig import LIST, OTHER, Rig
from processes import freeze

REPORTER = "reporter@example.org"
MEMBER, ELDER = "member@example.com", "elder@example.net"
KERNEL_MEMBER = "hacker@kernel.example"
STRANGER, SECOND = "stranger@example.com", "second@elsewhere.example"
MANAGER = "distros-bounces@vs.example.org"
NESTED = "linux@vs.example.org"
URL = "https://example.org/policy"
CLEAR = "In the thread on libexample: it is exploitable.\n"
PATIENCE = 1.0      # seconds; redis.timeout is 2


def fresh(rig):
    rig.redis("FLUSHALL")


def id_of(message):
    return re.search(rb"Message-ID: (\S+)", message)[1].decode()


def report(rig, to=(LIST,), **fields):
    """An issue: its first message's Message-ID and its name."""
    message = rig.good_mail(**fields)
    answer = rig.send(message, list(to))
    assert answer.verdict == "accept", answer
    return id_of(message), answer.tags["X-Embargo-Issue"]


def other(parent=None, body=CLEAR, **fields):
    """Mail for no list, by default a reply to one Message-ID."""
    if parent is not None:
        fields.setdefault("in_reply_to", parent)
    return mail(part(body.encode()), to="x@example.org", **fields)


def refused(answer):
    assert (answer.verdict, answer.code, answer.enhanced) == (
        "reject", 550, "5.7.1"), answer
    assert answer.at == "eoh" and answer.body_sent == 0, answer
    for words in ("under embargo", "Remove the recipients", URL):
        assert words in answer.text, answer
    for words in ("libexample", STRANGER, "VS-"):
        assert words not in answer.text, answer
    assert answer.edits == [] and answer.quarantine is None
    return answer


def passed(answer, at="eoh"):
    assert (answer.verdict, answer.at) == ("accept", at), answer
    assert answer.edits == [] and answer.body_sent == 0, answer
    return answer


def alerts(rig, tracker="distros"):
    return [one for one in rig.redis.stream(rig.key("alerts", tracker))
            if one["kind"] == "leak-blocked"]


def calls(rig):
    """Scripts and other commands that reached Redis since the last time."""
    stats = rig.redis("INFO", "commandstats")
    rig.redis("CONFIG", "RESETSTAT")
    found = dict(re.findall(r"cmdstat_(\S+?):calls=(\d+)", stats))
    for ours in ("info", "config|resetstat"):
        found.pop(ours, None)
    return {name: int(n) for name, n in found.items()}


# who may read

def test_a_reply_to_a_stranger_is_refused(rig):
    fresh(rig)
    first, issue = report(rig)
    at = rig.log_size()
    refused(rig.send(other(first), [STRANGER], queue_id="4Leak1"))
    line = rig.last_line()
    assert (line["queue_id"], line["verdict"], line["reason"], line["list"],
            line["issue"]) == ("4Leak1", "reject", "embargo-leak", "distros",
                               issue), line
    assert line["embargo"].endswith("Z"), line
    assert rig.log(at).count("\n") == 1, rig.log(at)
    assert rig.counters()["refused:embargo-leak"] == "1", rig.counters()
    assert rig.issue(issue)["messages"] == "1"


def test_the_alert_names_nobody(rig):
    fresh(rig)
    first, issue = report(rig)
    refused(rig.send(other(first), [STRANGER, MEMBER, SECOND,
                                    "third@Elsewhere.example"]))
    alert, = alerts(rig)
    assert alert["issue"] == issue and alert["state"] == "embargoed", alert
    assert alert["due_at"] == rig.issue(issue)["due_at"], alert
    assert abs(int(alert["at"]) - time.time()) < 10, alert
    assert "3 (in 2 domains)" in alert["text"], alert
    for word in ("@", "example", "stranger"):
        assert word not in alert["text"], alert
    log = rig.redis.stream(rig.key("log:" + issue))
    assert log[-1]["what"] == "leak-blocked", log


def test_the_same_leak_is_told_once(rig):
    fresh(rig)
    first, issue = report(rig)
    for _ in range(3):
        refused(rig.send(other(first), [STRANGER]))
    assert len(alerts(rig)) == 1
    assert rig.counters()["refused:embargo-leak"] == "3"
    refused(rig.send(other(first), [SECOND]))
    refused(rig.send(other(first), [STRANGER], sender=ELDER))
    assert len(alerts(rig)) == 3
    key = rig.key("leaks:" + issue)
    assert 0 < rig.redis("TTL", key) <= 3600
    for field in rig.redis.hash(key):       # an hour ago
        rig.redis("HINCRBY", key, field, -3600)
    refused(rig.send(other(first), [STRANGER]))
    assert len(alerts(rig)) == 4


def test_the_circle(rig):
    fresh(rig)
    first, _ = report(rig, sender="Rep <Second.Reporter+x@Example.org>")
    for rcpt in ([MEMBER], [ELDER], [MEMBER, ELDER], ["<%s>" % MEMBER],
                 ["MEMBER@Example.COM"], ["member+detail@example.com"],
                 ['"member"@example.com'], ["member@example.com."],
                 ["second.reporter@example.org"], [MANAGER],
                 ["distros-bounces+member=example.com@vs.example.org"]):
        passed(rig.send(other(first), rcpt))
    for rcpt in ([STRANGER], [MEMBER, STRANGER], [STRANGER, MEMBER],
                 [MEMBER] * 50 + [STRANGER] + [ELDER] * 50,
                 ["member@example.org"], ["xmember@example.com"],
                 ["member@example.com.example.org"], ["member"], ["<>"],
                 ["member%example.com@relay.example"], [KERNEL_MEMBER],
                 ["x" * 600 + "@example.com"], [REPORTER]):
        refused(rig.send(other(first), rcpt))


def test_to_the_list_it_is_no_other_mail(rig):
    """Judged as mail to the list, whoever gets it as well."""
    fresh(rig)
    first, issue = report(rig)
    tags = rig.send(rig.good_mail(in_reply_to=first), [LIST]).tags
    assert tags["X-Embargo-Issue"] == issue
    answer = rig.send(other(first), [LIST, STRANGER])
    assert answer.code == 550 and rig.last_line()["reason"] == "cleartext"


def test_who_took_part_belongs_to_the_circle(rig):
    fresh(rig)
    first, issue = report(rig, sender="First <first@example.org>")
    passed(rig.send(other(first), ["first@example.org"]))
    refused(rig.send(other(first), [SECOND]))
    reply = rig.good_mail(in_reply_to=first, sender="<%s>" % SECOND)
    assert rig.send(reply).tags["X-Embargo-Issue"] == issue
    for parent in (first, id_of(reply)):
        passed(rig.send(other(parent), [SECOND, "first@example.org"]))
    elsewhere, _ = report(rig, sender="Third <third@example.org>")
    refused(rig.send(other(elsewhere), [SECOND]))
    passed(rig.send(other(elsewhere), ["third@example.org"]))


def test_the_circle_is_kept_as_digests(rig):
    fresh(rig)
    first, issue = report(rig, sender="First <first@example.org>")
    rig.send(rig.good_mail(in_reply_to=first, sender="A <first@Example.ORG>"))
    circle = rig.redis.hash(rig.key("circle:" + issue))
    names = [name for name in circle if name.startswith("@")]
    digest, = set(circle) - set(names)
    assert names == ["@distros"], circle
    assert re.fullmatch("[0-9a-f]{16}", digest), circle
    assert set(circle.values()) == {""}
    assert rig.redis("OBJECT", "ENCODING", rig.key("circle:" + issue)) == \
        "listpack"


def test_a_refused_mail_lets_nobody_in(rig):
    fresh(rig)
    first, _ = report(rig)
    assert rig.send(other(first, sender=SECOND), [LIST]).code == 550
    refused(rig.send(other(first), [SECOND]))


# what answers an issue

def test_how_a_mail_names_the_issue(rig):
    fresh(rig)
    first, issue = report(rig)
    second = rig.good_mail(in_reply_to=first)
    assert rig.send(second).tags["X-Embargo-Issue"] == issue
    chain = ["<r%d@example.org>" % i for i in range(60)]
    for fields in (
            {"in_reply_to": first}, {"references": [first]},
            {"in_reply_to": id_of(second)}, {"in_reply_to": first.upper(),
                                             "references": [first]},
            {"references": [first, id_of(second), "<off-list@example.org>"],
             "in_reply_to": "<off-list@example.org>"},
            {"references": [first, *chain]}, {"references": [*chain, first]},
            {"in_reply_to": "Your message of today %s (x)" % first},
            {"lines": ["X-Forwarded-Message-Id: " + first]},
            {"lines": ["references: %s" % first]},
            {"in_reply_to": "<x@y>", "lines": ["In-Reply-To: " + first]}):
        refused(rig.send(other(**fields), [STRANGER]))
        passed(rig.send(other(**fields), [MEMBER]))


def test_forwarded_as_an_attachment(rig):
    fresh(rig)
    first, _ = report(rig)
    forward = mail(mixed(part(b"FYI\n"), part(rig.good_mail(),
                                              "message/rfc822")),
                   subject="Fwd: x", references=[first])
    refused(rig.send(forward, [STRANGER]))


def test_encrypted_to_a_stranger_is_a_leak_as_well(rig):
    fresh(rig)
    first, _ = report(rig)
    refused(rig.send(rig.good_mail(in_reply_to=first), [STRANGER]))


def test_what_names_no_issue_passes(rig):
    fresh(rig)
    report(rig)
    for fields in ({"in_reply_to": "<unknown@example.org>"},
                   {"in_reply_to": "no id"}, {"in_reply_to": "<>"},
                   {"in_reply_to": "<" + "x" * 5000 + "@y>"},
                   {"references": ["<r%d@x>" % i for i in range(2000)]},
                   {"lines": ["In-Reply-To: <%d@x>" % i
                              for i in range(1500)]}):
        passed(rig.send(other(**fields), [STRANGER]))
    assert alerts(rig) == []


def test_what_a_report_only_mentions_is_not_its_own(rig):
    """Public messages have public replies."""
    fresh(rig)
    public = new_id()
    report(rig, references=[public])
    passed(rig.send(other(public), [STRANGER]))


def test_a_copy_of_the_message_itself_is_no_answer(rig):
    """The list manager's, where `sender` does not name it."""
    fresh(rig)
    first, _ = report(rig)
    reply = rig.good_mail(in_reply_to=first)
    rig.send(reply)
    passed(rig.send(reply, [STRANGER], sender="manager@vs.example.org"))
    elsewhere, _ = report(rig)
    both = rig.good_mail(references=[elsewhere, first])
    rig.send(both)
    refused(rig.send(both, [STRANGER]))     # of the other issue


def test_mail_of_the_null_sender(rig):
    fresh(rig)
    first, _ = report(rig)
    refused(rig.send(other(first), [STRANGER], sender=""))
    passed(rig.send(other(first), [MANAGER], sender=""))


def test_hostile_recipients_and_senders(rig):
    fresh(rig)
    first, _ = report(rig)
    others = ["u%d@example.com" % i for i in range(2000)]
    refused(rig.send(other(first), others))
    assert "2000 (in 1 domains)" in alerts(rig)[0]["text"]
    many = [MEMBER] * 10001
    refused(rig.send(other(first), many))
    refused(rig.send(other(first), [STRANGER],
                     sender="\u00fc'\"%s%n@example.org"))


# the state of the issue

def set_state(rig, issue, state):
    rig.redis("HSET", rig.key("issue:" + issue), "state", state)


def test_after_publication_everything_passes(rig):
    fresh(rig)
    first, issue = report(rig)
    for state in ("public", "broken", "invalid"):
        set_state(rig, issue, state)
        passed(rig.send(other(first), [STRANGER]))
    for state in ("semi-public", "embargoed"):
        set_state(rig, issue, state)
        refused(rig.send(other(first), [STRANGER]))
        passed(rig.send(other(first), [MEMBER]))
    assert [one["state"] for one in alerts(rig)] == ["semi-public"]


def test_every_issue_that_is_answered_counts(rig):
    fresh(rig)
    public, issue = report(rig)
    set_state(rig, issue, "public")
    first, _ = report(rig)
    for ids in ([first, public], [public, first]):
        refused(rig.send(other(references=ids), [STRANGER]))
    assert len(alerts(rig)) == 1


# several lists

def test_a_list_without_a_guard(rig):
    fresh(rig)
    message = mail(pgp_mime(rig.encrypt(to=[rig.keys.other])))
    assert rig.send(message, [OTHER]).verdict == "accept"
    passed(rig.send(other(id_of(message)), [STRANGER]))


def test_nested_lists_have_circles_of_their_own(rig):
    fresh(rig)
    first, issue = report(rig, to=[NESTED])
    passed(rig.send(other(first), [ELDER]))         # on both lists
    refused(rig.send(other(first), [MEMBER]))       # on the larger only
    # the thread moves to the larger list
    reply = rig.good_mail(in_reply_to=first)
    assert rig.send(reply).tags["X-Embargo-Issue"] == issue
    passed(rig.send(other(first), [MEMBER]))
    # one message to both, at once or one after the other
    both, _ = report(rig, to=[NESTED, LIST])
    passed(rig.send(other(both), [MEMBER]))
    message = rig.good_mail()
    rig.send(message, [NESTED])
    refused(rig.send(other(id_of(message)), [MEMBER]))
    rig.send(message, [LIST])
    passed(rig.send(other(id_of(message)), [MEMBER]))


def test_on_trial_it_is_only_tagged(rig):
    fresh(rig)
    message = rig.good_mail()
    assert rig.send(message, ["trial@vs.example.org"]).verdict == "accept"
    # its messages have issues as long as they are well-formed
    issue, = rig.issues("trial")
    at = rig.log_size()
    answer = rig.send(other(id_of(message)), [STRANGER])
    assert (answer.verdict, answer.at) == ("accept", "eom"), answer
    assert answer.tags == {
        "X-Embargo-Verdict": "would-reject embargo-leak"}, answer
    assert len(answer.edits) == 1
    line = rig.last_line()
    assert (line["verdict"], line["reason"], line["issue"]) == (
        "would-reject", "embargo-leak", issue), line
    assert rig.log(at).count("\n") == 1
    assert rig.counters("trial")["would-reject:embargo-leak"] == "1"
    assert alerts(rig, "trial") == []
    passed(rig.send(other(id_of(message)), [MEMBER]))
    # a leak of both: the one that is not on trial decides
    first, _ = report(rig)
    refused(rig.send(other(references=[id_of(message), first]), [STRANGER]))


# what it costs

def test_mail_that_answers_nothing_costs_no_round_trip(rig):
    fresh(rig)
    calls(rig)
    for version in (6, 2):
        with rig.connect(version=version) as mta:
            for _ in range(5):
                passed(mta.send(other(), [STRANGER]))
    assert calls(rig) == {}, calls(rig)


def test_mail_that_answers_something_costs_one(rig):
    fresh(rig)
    rig.send(other("<a@b>"), [STRANGER])    # the script is known now
    calls(rig)
    for _ in range(5):
        passed(rig.send(other("<unknown@example.org>"), [STRANGER]))
    found = calls(rig)
    # two trackers are guarded
    assert found.pop("evalsha") == 10, found
    assert set(found) <= {"get", "hget", "hmget", "exists"}, found
    assert rig.redis("DBSIZE") == 0


def test_MTAs_of_other_kinds(rig):
    fresh(rig)
    first, _ = report(rig)
    for version in (2, 3, 4, 6):
        with rig.connect(version=version) as mta:
            refused(mta.send(other(first), [STRANGER]))
            passed(mta.send(other(first), [MEMBER]))
            passed(mta.send(other(first, body=""), [MEMBER]))
            assert mta.send(other(first), [LIST]).code == 550
            assert mta.send(rig.good_mail()).verdict == "accept"


def test_many_on_one_connection(rig):
    fresh(rig)
    first, _ = report(rig)
    with rig.connect() as mta:
        for _ in range(20):
            refused(mta.send(other(first), [STRANGER]))
            passed(mta.send(other(), [STRANGER]))
            assert mta.send(rig.good_mail()).verdict == "accept"
            mta.envelope([STRANGER])
            mta.header(b"In-Reply-To", first.encode())
            mta.abort()
            passed(mta.send(other(), [STRANGER]))


def test_a_guard_that_comes_with_a_reload(rig):
    """The MTA was promised no answer at the end of the header."""
    fresh(rig)
    first, _ = report(rig)
    lists = rig.settings["lists"]
    bare = [{**one, "guard": False} for one in lists]
    assert "read again" in rig.reload(lists=bare)
    with rig.connect() as mta:
        passed(mta.send(other(first), [STRANGER]), at="data")
        assert "read again" in rig.reload(lists=lists)
        for body, at in (("x\n", "body"), ("", "eom")):
            answer = mta.send(other(first, body=body), [STRANGER])
            assert (answer.code, answer.at) == (550, at), answer
            answer = mta.send(other(first, body=body), [MEMBER])
            assert (answer.verdict, answer.at) == ("accept", at), answer
        refused(rig.send(other(first), [STRANGER]))


# trouble

def test_other_mail_when_redis_is_gone(rig):
    fresh(rig)
    first, _ = report(rig)
    at = rig.log_size()
    rig.redis.kill()
    begin = time.monotonic()
    for _ in range(10):
        passed(rig.send(other(first), [STRANGER]))
        passed(rig.send(other(), [STRANGER]))
    assert time.monotonic() - begin < PATIENCE
    assert rig.log(at).count("leak guard") == 1, rig.log(at)
    assert "passes unguarded" in rig.log(at)
    assert rig.send(rig.good_mail()).code == 451    # list mail waits
    rig.redis.start()
    first, _ = tap.poll(lambda: try_report(rig))
    back(rig, first, at)


def try_report(rig):
    message = rig.good_mail()
    answer = rig.send(message)
    return answer.verdict == "accept" and (id_of(message), answer)


def back(rig, first, at):
    """Guarded again within some seconds, and the log says so once."""
    tap.poll(lambda: rig.send(other(first), [STRANGER]).code == 550, 15)
    refused(rig.send(other(first), [STRANGER]))
    log = rig.log(at)
    assert log.count("unguarded") == 1, log
    assert log.count("guarded again") == 1, log


def test_other_mail_when_redis_hangs(rig):
    fresh(rig)
    first, _ = report(rig)
    at = rig.log_size()
    freeze(rig.redis.process.pid)
    try:
        begin = time.monotonic()
        passed(rig.send(other(first), [STRANGER]))
        took = time.monotonic() - begin
        assert took < 0.25 + PATIENCE / 2, took
        begin = time.monotonic()
        for _ in range(20):
            passed(rig.send(other(first), [STRANGER]))
        assert time.monotonic() - begin < 0.25 + PATIENCE / 2
    finally:
        rig.redis.process.send_signal(signal.SIGCONT)
    back(rig, first, at)


def test_a_leak_stays_refused_when_the_alert_cannot_be_written(rig):
    fresh(rig)
    first, _ = report(rig)
    rig.redis("SET", rig.key("leaks:" + rig.issues()[0]), "another type")
    refused(rig.send(other(first), [STRANGER]))
    assert alerts(rig) == []


def test_a_database_that_is_not_ours(rig):
    fresh(rig)
    first, _ = report(rig)
    at = rig.log_size()
    rig.redis("SET", rig.key("schema"), "99")
    for _ in range(3):
        passed(rig.send(other(first), [STRANGER]))
    rig.redis("SET", rig.key("schema"), "1")
    back(rig, first, at)


# the list manager

def from_manager(rig, message, rcpt=(MEMBER,), sender=MANAGER, **options):
    return rig.send(message, list(rcpt), sender=sender, **options)


COPIED = ["List-Id: distros <distros.vs.example.org>", "Precedence: list",
          "List-Unsubscribe: <mailto:distros-leave@vs.example.org>",
          "X-Mailman-Version: 3.3.3", "X-BeenThere: distros@vs.example.org",
          "Errors-To: " + MANAGER, "Sender: " + MANAGER]
TAGS = ["X-Embargo-Issue: VS-2026-0007", "X-Embargo-Verdict: accept pgp-mime",
        "X-Embargo-Until: 2026-12-01T14:00:00Z; assumed",
        "X-Embargo-Status: reply"]


def test_what_the_manager_sends_keeps_its_tags(rig):
    fresh(rig)
    first, _ = report(rig)
    before = rig.redis("KEYS", "*")
    counters = rig.counters()
    for keys in ([rig.keys.list], [rig.keys.foreign],
                 [rig.keys.foreign, rig.keys.other]):
        message = mail(pgp_mime(rig.encrypt(to=keys)), in_reply_to=first,
                       lines=[*COPIED, *TAGS])
        for sender in (MANAGER, "distros-bounces+x=y.org@vs.example.org"):
            calls(rig)
            answer = from_manager(rig, message, [STRANGER, MEMBER], sender)
            assert (answer.verdict, answer.at) == ("accept", "eom"), (
                answer, rig.last_line())
            assert answer.edits == [] and calls(rig) == {}, answer
    assert rig.last_line()["list"] == "distros"
    assert sorted(rig.redis("KEYS", "*")) == sorted(before)
    assert rig.counters() == counters


def test_what_the_manager_must_not_send(rig):
    armor = rig.encrypt(to=[rig.keys.foreign])
    key = rig.keys.subkey(rig.keys.foreign)
    unsafe = pgp.armor(pgp.pkesk(key) + pgp.sed())
    both = pgp.armor(pgp.pkesk(key) + pgp.skesk() + pgp.seipd())
    for reason, message in (
            ("cleartext", mail(part(TEXT))),
            ("partly-cleartext", mail(mixed(pgp_mime(armor), part(
                b"To unsubscribe, write to the list's owner.\n")))),
            ("no-integrity", mail(part(unsafe))),
            ("passphrase-too", mail(part(both))),
            ("not-encrypted-inside", mail(pgp_mime(pgp.armor(
                pgp.literal(TEXT))))),
            ("missing-subject-tag", mail(pgp_mime(armor), subject="x")),
            ("public-copy", mail(pgp_mime(armor), cc="a@vger.kernel.org"))):
        fresh(rig)
        at = rig.log_size()
        answer = from_manager(rig, message)
        assert (answer.code, answer.enhanced) == (550, "5.7.1"), (
            reason, answer)
        line = rig.last_line()
        assert (line["verdict"], line["reason"], line["list"]) == (
            "reject", reason, "distros"), line
        assert rig.log(at).count("\n") == 1
        assert rig.counters() == {"refused:" + reason: "1"}
        alert, = alerts(rig)
        assert alert["issue"] == "" and reason in alert["text"], alert
        assert rig.issues() == []


def test_a_refused_copy_names_its_issue_once(rig):
    fresh(rig)
    first, issue = report(rig)
    reply = mail(part(TEXT), in_reply_to=first)
    for i in range(5):
        assert from_manager(rig, reply, ["m%d@example.com" % i]).code == 550
    alert, = alerts(rig)
    assert alert["issue"] == issue, alert
    assert from_manager(rig, mail(part(TEXT), message_id=first)).code == 550
    assert [one["issue"] for one in alerts(rig)] == [issue, issue]


def test_what_the_manager_sends_to_a_list(rig):
    """It is mail to that list, whoever sends it."""
    fresh(rig)
    message = mail(pgp_mime(rig.encrypt(to=[rig.keys.other])),
                   lines=["X-Embargo-Issue: VS-1"])
    answer = from_manager(rig, message, [OTHER])
    assert answer.tags["X-Embargo-Issue"] == rig.issues("kernel")[0]


def test_hidden_and_automatic_copies_pass(rig):
    armor = rig.encrypt(TEXT, [rig.keys.foreign], "--throw-keyids")
    for lines in ([], ["Auto-Submitted: auto-generated"]):
        answer = from_manager(rig, mail(pgp_mime(armor), lines=lines))
        assert answer.verdict == "accept", (answer, rig.last_line())


def test_the_manager_of_a_list_on_trial(rig):
    fresh(rig)
    answer = from_manager(rig, mail(part(TEXT), lines=TAGS),
                          sender="trial-bounces@vs.example.org")
    assert answer.verdict == "accept", answer
    assert [(e.kind, e.name, e.value) for e in answer.edits] == [
        ("add", "X-Embargo-Verdict", b"would-reject cleartext")], answer
    assert alerts(rig, "trial") == []


def test_the_manager_while_redis_is_gone(rig):
    message = mail(pgp_mime(rig.encrypt(to=[rig.keys.foreign])))
    rig.redis.kill()
    try:
        assert from_manager(rig, message).verdict == "accept"
        begin = time.monotonic()
        assert from_manager(rig, mail(part(TEXT))).code == 550
        assert time.monotonic() - begin < PATIENCE
    finally:
        rig.redis.start()


def test_ends_in_peace(rig):
    tap.poll(lambda: rig.send(rig.good_mail()).verdict == "accept")
    assert rig.stop() == 0, rig.log()


def write_members(rig, name, *addresses):
    path = os.path.join(rig.folder, name + ".members")
    with open(path, "w") as file:
        for i, address in enumerate(addresses):
            file.write("%s, %040X\n" % (address, i + 1))
    return path


def lists(rig):
    members = write_members(rig, "distros", "Member@example.com", ELDER)
    fewer = write_members(rig, "linux", ELDER)
    yield rig.list_conf(guard=True, members=members, sender=[MANAGER],
                        subject_tags=["[vs]"])
    yield rig.list_conf(name="linux", address=[NESTED], tracker="distros",
                        members=fewer)
    yield rig.other_list(members=write_members(rig, "kernel", KERNEL_MEMBER))
    yield rig.list_conf(name="trial", address=["trial@vs.example.org"],
                        guard=True, enforce=False, members=members,
                        sender=["trial-bounces@vs.example.org"])


def main():
    with Rig(start=False) as rig:
        rig.settings["lists"] = list(lists(rig))
        rig.write_conf()
        rig.start()
        return tap.run(tap.collect(globals(), rig))


if __name__ == "__main__":
    sys.exit(main())
