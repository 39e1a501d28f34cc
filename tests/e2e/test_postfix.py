"""The main job on a real Postfix, Redis and GnuPG, as people would meet it."""
import os
import re
import signal
import sys
import threading
import time

import tap
from guarded_site import LIST, OTHER, GuardedSite, end_on_signals
from private_postfix import transact, wait_for
from processes import freeze

BUILDDIR = os.environ.get("top_builddir", ".")
ALICE = "alice@reporter.test"
DAY = 86400
ADDED = ("return-path", "x-original-to", "delivered-to", "received")
FORGED = (
    "X-Embargo-Issue: VS-1999-0001\n"
    "x-embargo-VERDICT: accept\n pgp-mime\n"
    "X-Embargo-Anything: at all\n"
    "X-Embargo-Issue: VS-1999-0002\n")


def utc(at):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(at))


def split(mail):
    """Header fields as (name, value) and the body, line ends unified."""
    head, body = mail.replace(b"\r\n", b"\n").split(b"\n\n", 1)
    head = re.sub(rb"\n(?=[ \t])", b"\0", head).decode()
    return [tuple(line.replace("\0", "\n").split(":", 1))
            for line in head.split("\n")], body


def field(mail, name):
    """The one field of that name, without the blanks around."""
    found = [v.strip() for n, v in split(mail)[0] if n.lower() ==
             name.lower()]
    assert len(found) == 1, (name, found)
    return found[0]


def tags(mail):
    return {n: v.strip() for n, v in split(mail)[0]
            if n.lower().startswith("x-embargo-")}


def untouched(mail, sent):
    """All but what the MTA and we add is as it was sent."""
    fields, body = split(mail)
    fields = [(n, v) for n, v in fields if n.lower() not in ADDED
              and not n.lower().startswith("x-embargo-")]
    sent_fields, sent_body = split(sent)
    sent_fields = [(n, v) for n, v in sent_fields
                   if not n.lower().startswith("x-embargo-")]
    assert fields == sent_fields, (fields, sent_fields)
    # SMTP ends each line; our mails do already
    assert body == sent_body, "the body changed"


def report(site, **fields):
    return site.reporter.encrypted_mail(LIST, site.key, **fields)


def expect(reply, code, *words):
    assert reply[0] == code, reply
    for word in words:
        assert word in reply[1], (word, reply)
    return reply[1]


def issues(site, count):
    found = site.ctl_json("list", "--all")
    assert len(found) == count, found
    return found


def test_cleartext_is_refused_with_help(site):
    text = expect(site.send(site.reporter.clear_mail(LIST)), 550, site.key,
                  "not encrypted", "https://site.test/policy")
    lines = text.splitlines()
    assert len(lines) >= 3, lines
    for line in lines:
        assert line.startswith("5.7.1 ") and len(line) < 500, line
        assert line.isascii() and "frob" not in line, line
    assert site.postfix.mails() == []
    issues(site, 0)
    count = site.redis.hash("embargo:{distros}:counters")
    assert count.get("refused:cleartext") == "1", count


def test_encrypted_report_is_delivered_and_tagged(site):
    sent = report(site, more="Embargo-Until: %s\n" % utc(
        time.time() + 5 * DAY))
    before = int(time.time())
    expect(site.send(sent), 250)
    mail, = site.postfix.mails(1)
    untouched(mail, sent)
    issue, = issues(site, 1)
    assert tags(mail) == {
        "X-Embargo-Issue": issue["id"], "X-Embargo-Until": issue["due_at"],
        "X-Embargo-Status": "new", "X-Embargo-Verdict": "accept pgp-mime"}, \
        tags(mail)
    assert issue["due_at"] == re.search(
        r"Embargo-Until: (\S+)", sent.decode())[1], issue
    assert utc(before) <= issue["opened_at"] <= utc(time.time()), issue
    assert (issue["messages"], issue["state"], issue["list"]) == (
        1, "embargoed", "distros"), issue
    assert "frob" in site.reporter.decrypt(mail)


def test_report_without_a_date_gets_the_longest(site):
    expect(site.send(report(site)), 250)
    mail, = site.postfix.mails(1)
    issue, = issues(site, 1)
    assert issue["assumed"], issue
    assert field(mail, "X-Embargo-Until") == issue["due_at"] + "; assumed"
    opened = time.strptime(issue["opened_at"], "%Y-%m-%dT%H:%M:%SZ")
    due = time.strptime(issue["due_at"], "%Y-%m-%dT%H:%M:%SZ")
    assert time.mktime(due) - time.mktime(opened) == 14 * DAY, issue


def test_reply_joins_the_issue(site):
    expect(site.send(report(site, id="first@reporter.test")), 250)
    site.postfix.wait_idle()
    expect(site.send(report(
        site, id="second@member.test", sender="carol@member.test",
        subject="Re: [vs] a report",
        more="In-Reply-To: <first@reporter.test>\n"),
        sender="carol@member.test"), 250)
    issue, = issues(site, 1)
    assert issue["messages"] == 2, issue
    for mail, status in zip(site.postfix.mails(2), ("new", "reply")):
        assert field(mail, "X-Embargo-Issue") == issue["id"]
        assert field(mail, "X-Embargo-Status") == status
    expect(site.send(report(site, id="else@reporter.test")), 250)
    issues(site, 2)


def test_forged_tags_are_gone(site):
    sent = report(site, more=FORGED)
    expect(site.send(sent), 250)
    mail, = site.postfix.mails(1)
    untouched(mail, sent)
    issue, = issues(site, 1)
    assert field(mail, "X-Embargo-Issue") == issue["id"]
    assert sorted(tags(mail)) == [
        "X-Embargo-Issue", "X-Embargo-Status", "X-Embargo-Until",
        "X-Embargo-Verdict"], tags(mail)
    assert b"1999" not in mail and b"at all" not in mail


def test_other_mail_passes_untouched(site):
    sent = site.reporter.clear_mail(OTHER, more="X-Embargo-Issue: theirs\n")
    expect(site.send(sent, OTHER), 250)
    mail, = site.postfix.mails(1)
    untouched(mail, sent)
    assert tags(mail) == {"X-Embargo-Issue": "theirs"}, tags(mail)
    issues(site, 0)


def test_several_recipients_share_one_verdict(site):
    clear = site.reporter.clear_mail(LIST)
    expect(site.send(clear, OTHER, LIST), 550, site.key)
    expect(site.send(clear, LIST.upper(), OTHER), 550, site.key)
    assert site.postfix.mails() == []
    sent = report(site)
    expect(site.send(sent, OTHER, LIST, "dave@site.test"), 250)
    mails = site.postfix.mails(3)
    assert sorted(field(mail, "Delivered-To") for mail in mails) == [
        OTHER, "dave@site.test", LIST]
    for mail in mails:
        untouched(mail, sent)
        assert field(mail, "X-Embargo-Status") == "new"
    assert issues(site, 1)[0]["messages"] == 1


def test_many_messages_on_one_connection(site):
    good, clear = report(site), site.reporter.clear_mail(LIST)
    with site.postfix.client() as client:
        for mail, to, code in (
                (clear, LIST, 550), (good, LIST, 250), (clear, OTHER, 250),
                (clear, LIST, 550), (good, OTHER, 250), (clear, LIST, 550)):
            expect(transact(client, mail, ALICE, to), code)
        client.mail(ALICE)
        client.rcpt(OTHER)
        client.rset()
        expect(transact(client, clear, ALICE, LIST), 550)
    assert sorted(field(mail, "Delivered-To")
                  for mail in site.postfix.mails(3)) == [OTHER, OTHER, LIST]
    issues(site, 1)


def test_near_date_becomes_an_alert(site):
    expect(site.send(report(site)), 250)
    issue, = issues(site, 1)
    opened = [alert["kind"] for alert in site.alerts()]
    assert opened == ["no-date"], opened
    due = utc(time.time() + 3600)
    told = site.ctl("set-date", issue["id"], due)
    assert due in told, told
    site.warn()
    alert = site.alerts()[-1]
    assert (alert["issue"], alert["kind"], alert["due_at"]) == (
        issue["id"], "approaching", due), alert
    table = site.ctl("alerts")
    assert "approaching" in table and issue["id"] in table, table
    site.warn()
    kinds = [alert["kind"] for alert in site.alerts()]
    assert kinds == ["no-date", "moved", "approaching"], kinds
    changed, = issues(site, 1)
    assert (changed["due_at"], changed["assumed"]) == (due, False), changed


def in_background(function):
    """A call on a thread of its own; result() waits for what it gave."""
    box = []
    thread = threading.Thread(target=lambda: box.append(function()))
    thread.start()

    def result():
        thread.join(60)
        assert box, "no answer"
        return box[0]
    return result


def test_killed_filter_defers_and_counts_once(site):
    mail = report(site)
    freeze(site.filter.pid)
    reply = in_background(lambda: site.send(mail))
    # Postfix waits for the frozen filter: now it dies in mid-message
    time.sleep(0.2)
    site.kill_filter()
    expect(reply(), 451)
    expect(site.send(mail), 451)
    expect(site.send(site.reporter.clear_mail(LIST)), 451)
    assert site.postfix.mails() == []
    site.start_filter()
    expect(site.send(mail), 250)
    expect(site.send(mail), 250)        # its 250 got lost: sent once more
    assert issues(site, 1)[0]["messages"] == 1
    one, two = site.postfix.mails(2)
    assert tags(one) == tags(two), (tags(one), tags(two))


def refuses_and_defers(site, mail):
    """Redis is in trouble."""
    expect(site.send(mail), 451, "4.3.0")
    expect(site.send(site.reporter.clear_mail(LIST)), 550, "5.7.1", site.key)
    expect(site.send(site.reporter.clear_mail(OTHER), OTHER), 250)
    delivered, = site.postfix.mails(1)
    assert field(delivered, "Delivered-To") == OTHER
    site.postfix.forget()


def accepted_again(site, mail):
    """The filter leaves a Redis that was down in peace for a moment."""
    wait_for(lambda: site.send(mail)[0] == 250, about="a 250")


def test_without_redis_mail_is_deferred(site):
    mail = report(site)
    site.redis.kill()
    refuses_and_defers(site, mail)
    site.ctl("list", code=69)
    site.redis.start()
    accepted_again(site, mail)
    assert issues(site, 1)[0]["messages"] == 1


def test_hanging_redis_defers_in_time(site):
    mail = report(site)
    freeze(site.redis.process.pid)
    try:
        began = time.monotonic()
        refuses_and_defers(site, mail)
        took = time.monotonic() - began
        assert took < 20, "%d s for three mails, timeout = 2s" % took
    finally:
        site.redis.process.send_signal(signal.SIGCONT)
    accepted_again(site, mail)
    assert issues(site, 1)[0]["messages"] == 1


def begin_message(client):
    """All that comes before a message's text."""
    client.ehlo()
    client.mail(ALICE)
    client.rcpt(LIST)
    code, text = client.docmd("DATA")
    assert code == 354, (code, text)


def end_message(client, mail):
    client.send(mail + b".\r\n")
    code, text = client.getreply()
    return code, text.decode()


def takes_nobody_new(site):
    """The filter knows that it must end: mail to others finds none."""
    wait_for(lambda: site.send(site.reporter.clear_mail(OTHER),
                               OTHER)[0] == 451, about="a 451")


def test_term_lets_the_message_in_flight_finish(site):
    with site.postfix.client() as client:
        begin_message(client)
        site.filter.send_signal(signal.SIGTERM)
        takes_nobody_new(site)
        expect(end_message(client, report(site)), 250)
        assert site.filter.wait(4) == 0, site.log_text()[-900:]
    assert not os.path.exists(site.socket), "the socket stayed behind"
    site.start_filter()
    issue, = issues(site, 1)
    assert issue["messages"] == 1, issue
    mail, = [mail for mail in site.postfix.mails()
             if field(mail, "Delivered-To") == LIST]
    assert field(mail, "X-Embargo-Issue") == issue["id"]


def test_second_term_waits_for_nobody(site):
    with site.postfix.client() as client:
        begin_message(client)
        site.filter.send_signal(signal.SIGTERM)
        takes_nobody_new(site)
        assert site.filter.poll() is None, "it did not wait"
        site.filter.send_signal(signal.SIGTERM)
        assert site.filter.wait(15) == 0, site.log_text()[-900:]
        expect(end_message(client, report(site)), 451)
    site.start_filter()
    issues(site, 0)


def test_reload_takes_a_new_list_address(site):
    other = "psirt@vs.site.test"
    clear = site.reporter.clear_mail(other)
    expect(site.send(clear, other), 250)
    site.write_conf((LIST, other))
    site.filter.send_signal(signal.SIGUSR1)
    try:
        wait_for(lambda: site.send(clear, other)[0] == 550,
                 about="the new configuration")
    finally:
        site.write_conf()
        site.filter.send_signal(signal.SIGUSR1)
        wait_for(lambda: site.send(clear, other)[0] == 250,
                 about="the old configuration")


def test_alias_is_guarded_only_where_it_is_named(site):
    """A filter sees recipients as the client names them, before Postfix
    expands aliases: every alias of a list must stand in `address`, and this
    test shows what happens where it does not."""
    alias = "security@site.test"
    clear = site.reporter.clear_mail(alias)
    site.postfix.postconf(
        virtual_alias_maps="inline:{%s=%s}" % (alias, LIST))

    def leaks():
        """Once Postfix knows its alias."""
        site.postfix.forget()
        expect(site.send(clear, alias), 250)
        leaked, = site.postfix.mails(1)
        assert tags(leaked) == {} and b"frob" in leaked
        return field(leaked, "Delivered-To") == LIST
    try:
        wait_for(leaks, about="the alias")
        site.postfix.forget()
        site.write_conf((LIST, alias))
        site.filter.send_signal(signal.SIGUSR1)
        wait_for(lambda: site.send(clear, alias)[0] == 550,
                 about="the new configuration")
        site.postfix.forget()
        expect(site.send(report(site), alias), 250)
        mail, = site.postfix.mails(1)
        assert field(mail, "X-Embargo-Issue") == issues(site, 1)[0]["id"]
    finally:
        site.postfix.postconf(virtual_alias_maps="")
        site.write_conf()
        site.filter.send_signal(signal.SIGUSR1)
        wait_for(lambda: site.send(clear, alias)[0] == 250,
                 about="the old configuration")


def submit(site, mail, sender):
    done = site.postfix.sendmail(mail.replace(b"\r\n", b"\n"), sender, LIST)
    assert done.returncode == 0, done.stdout


def test_local_submission_is_guarded(site):
    submit(site, report(site), ALICE)
    mail = wait_for(site.postfix.mails, about="the local mail")[0]
    issue, = issues(site, 1)
    assert field(mail, "X-Embargo-Issue") == issue["id"]
    site.postfix.forget()
    submit(site, site.reporter.clear_mail(LIST), ALICE)
    bounce = wait_for(site.postfix.mails, about="the bounce")[0]
    assert field(bounce, "Delivered-To") == ALICE
    assert b"5.7.1" in bounce and site.key.encode() in bounce, bounce
    site.postfix.mails(1)
    assert issues(site, 1)[0]["messages"] == 1


def test_local_submission_waits_for_the_filter(site):
    seen = len(site.postfix.log_text())
    site.kill_filter()
    submit(site, report(site), ALICE)
    wait_for(lambda: "connect to Milter service" in
             site.postfix.log_text()[seen:],
             about="Postfix's word on the dead filter")
    assert site.postfix.mails() == []
    site.start_filter()

    def delivered():
        site.postfix.look_for_local_mail()
        return site.postfix.mails()
    mail, = wait_for(delivered, about="the local mail")
    assert field(mail, "X-Embargo-Issue") == issues(site, 1)[0]["id"]


def test_chrooted_postfix_reaches_the_filter(_):
    """As Debian has it: smtpd and cleanup in the queue directory."""
    with GuardedSite(BUILDDIR, jail=True) as site:
        expect(site.send(site.reporter.clear_mail(LIST)), 550, site.key)
        expect(site.send(report(site)), 250)
        submit(site, report(site, id="local@site.test"), ALICE)
        wait_for(lambda: len(site.postfix.mails()) == 2,
                 about="the local mail")
        issues(site, 2)


def on(site, test):
    """The test on a site without mail and issues; what it broke is mended."""
    def run():
        site.reset()
        try:
            test()
        finally:
            site.heal()
    return run


def main(word=""):
    """All tests, or those with a word in their names."""
    end_on_signals()
    with GuardedSite(BUILDDIR) as site:
        return tap.run([(name, on(site, test)) for name, test in
                        tap.collect(globals(), site) if word in name])


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))
