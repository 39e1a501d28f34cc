"""Alerts by mail: each once, sealed with its details or bare without."""
import email
import signal
import sys
import time

import tap
from fake_gpg import FakeGpg
from gpg_keys import Keys
from warnd_rig import BASE, DAY, FROM, HOUR, MINUTE, WarndRig

SECRETS = ("overdue", "VS-2027", "embargoed", "publish", "embargoctl",
           "Sesame")


def opened(keys, mail):
    """What is inside a sealed mail, as a message of its own."""
    assert mail.get_content_type() == "multipart/encrypted", mail.as_string()
    version, payload = mail.get_payload()
    assert version.get_content_type() == "application/pgp-encrypted"
    return email.message_from_bytes(keys.decrypt(
        payload.get_payload(decode=True)))


def test_bare(keys):
    """Without a key: the issue, the kind and the time, and no more."""
    with WarndRig() as rig:
        rig.alert("moved", "VS-2027-0001", text="Sesame", at=1800000000)
        rig.once()
        mail, = rig.sendmail.mails()
        assert mail.arguments == ["-i", "-f", FROM, "--",
                                  "ops@example.org"], mail.arguments
        assert mail["Subject"] == "[embargo] VS-2027-0001: moved"
        assert mail["From"] == FROM and mail["To"] == "ops@example.org"
        assert mail["Auto-Submitted"] == "auto-generated"
        assert email.utils.parsedate_to_datetime(mail["Date"])
        assert mail.get_content_type() == "text/plain"
        assert mail.get_payload() == (
            "Issue:         VS-2027-0001\n"
            "Alert:         moved\n"
            "Raised:        2027-01-15T08:00:00Z\n"
            "\nFor the details: embargoctl alerts\n"), mail.get_payload()
        rig.once()
        assert len(rig.sendmail.mails()) == 1
        assert rig.pending() == []


def test_sealed(keys):
    """With a key all is inside, and nothing of it outside."""
    with WarndRig(keys, encrypt_to=[keys.member]) as rig:
        now = int(time.time())
        issue = rig.issue(1, now - 2 * DAY, looked=now - 30 * HOUR)
        rig.once()
        mail, = rig.sendmail.mails()
        assert mail["Subject"] == "...", mail["Subject"]
        assert mail["Auto-Submitted"] == "auto-generated"
        for word in SECRETS:
            assert word.encode() not in mail.raw, word
        inside = opened(keys, mail)
        assert inside["Subject"] == "[embargo] %s: overdue" % issue
        assert inside["Message-ID"] == mail["Message-ID"]
        assert inside["To"] == "ops@example.org"
        assert inside.get_param("protected-headers") == "v1"
        text = inside.get_payload()
        for line in ("The embargo ended 2 d 0 h ago", "overdue",
                     "State then:    embargoed", "(2 d 0 h ago)",
                     "List:          distros",
                     "    embargoctl show " + issue,
                     "    embargoctl ack %s overdue" % issue):
            assert line in text, text
        assert b"\r" not in mail.raw


def test_all_recipients(keys):
    with WarndRig(mail_to=["a@example.org", "b@example.org"],
                  mail_from="warn@example.net") as rig:
        rig.alert("moved", "VS-2027-0001")
        rig.once()
        mail, = rig.sendmail.mails()
        assert mail.arguments[2:] == ["warn@example.net", "--",
                                      "a@example.org", "b@example.org"]
        assert mail["Message-ID"].endswith("@example.net>")


def test_no_mail_wanted(keys):
    """Without mail_to nobody reads the stream; later it begins yesterday."""
    with WarndRig() as rig:
        rig.settings["alerts"].pop("mail_to")
        rig.write_conf()
        rig.alert("moved", "VS-2027-0001")
        rig.once()
        assert rig.sendmail.mails() == []
        rig.settings["alerts"]["mail_to"] = ["ops@example.org"]
        rig.write_conf()
        rig.once()
        assert len(rig.sendmail.mails()) == 1


def test_out_of_order(keys):
    """sendmail fails, is missing, works again: nothing lost or doubled."""
    with WarndRig() as rig:
        names = ["k%d" % i for i in range(4)]
        for name in names[:3]:
            rig.alert(name)
        for mode, words in (("fail", "exit code 75: fake sendmail: out of"),
                            ("missing", "exit code 127: No such file")):
            rig.sendmail.set(mode)
            log = rig.once(code=69)
            assert log.count("mail waits until that is mended") == 1, log
            assert words in log and "not all mail was sent" in log, log
            assert rig.sendmail.mails() == []
        rig.sendmail.set("ok")
        rig.once()
        sent = [mail["Subject"] for mail in rig.sendmail.mails()]
        assert sent == ["[embargo] k2"], sent       # not tried yet
        assert len(rig.pending()) == 2
        rig.alert("k3")
        rig.let_pass(3 * MINUTE)
        rig.once()
        sent = [mail["Subject"] for mail in rig.sendmail.mails()]
        assert sorted(sent) == ["[embargo] " + n for n in names], sent
        assert rig.pending() == []


def test_same_message_id(keys):
    """Mailed, and nobody knows: the copy has the same Message-ID."""
    with WarndRig() as rig:
        entry = rig.alert("moved", "VS-2027-0001")
        rig.sendmail.set("lose")
        rig.once(code=69)
        rig.sendmail.set("ok")
        rig.let_pass(3 * MINUTE)
        rig.once()
        ids = [mail["Message-ID"] for mail in rig.sendmail.mails()]
        assert ids == ["<embargo.distros.alert.%s@vs.example.org>" %
                       entry] * 2, ids


def make_a_pass(process):
    """A daemon that reads its configuration looks at once."""
    process.send_signal(signal.SIGUSR1)


def test_one_log_line_for_a_change(keys):
    """A daemon: down for several passes, then up again."""
    with WarndRig() as rig:
        rig.sendmail.set("fail")
        for number in range(4):
            rig.alert("k%d" % number)
        process = rig.start()
        tap.poll(lambda: "mail waits" in rig.log())
        for _ in range(3):
            seen = len(rig.pending())
            make_a_pass(process)
            tap.poll(lambda: len(rig.pending()) > seen)
        assert rig.log().count("mail waits") == 1, rig.log()
        rig.sendmail.set("ok")
        rig.alert("k4")
        make_a_pass(process)
        tap.poll(lambda: "mail is taken again" in rig.log())
        rig.let_pass(3 * MINUTE)
        make_a_pass(process)
        tap.poll(lambda: len(rig.sendmail.mails()) == 5)
        tap.poll(lambda: rig.pending() == [])
        rig.stop(process)


def test_several_instances(keys):
    """Five at once: each alert is mailed exactly once."""
    with WarndRig() as rig:
        for number in range(150):
            rig.alert("k%d" % number)
        running = [rig.start("--once") for _ in range(5)]
        for process in running:
            assert process.wait(60) == 0, rig.log()
        subjects = [mail["Subject"] for mail in rig.sendmail.mails()]
        assert len(subjects) == 150 and len(set(subjects)) == 150, len(
            subjects)


def test_expired_key(keys):
    """The operators' key has ended: bare, and an alert that says so."""
    expired = keys.make("Ex Operator <ex@example.org>", when="20200101T000000")
    keys.gpg("--quick-set-expire", expired, "20210101T000000",
             when="20200101T000000")
    keys.import_public(expired)
    with WarndRig(keys, encrypt_to=[expired]) as rig:
        rig.alert("moved", "VS-2027-0001", text="Sesame")
        log = rig.once()
        assert "alerts are mailed without details" in log, log
        subjects = sorted(mail["Subject"] for mail in rig.sendmail.mails())
        assert subjects == ["[embargo] VS-2027-0001: moved",
                            "[embargo] key-expiring"], subjects
        for _, raw in rig.sendmail.raw():
            assert b"Sesame" not in raw and expired.encode() not in raw
        alert = rig.alerts()[-1]
        assert alert["kind"] == "key-expiring" and expired in alert["text"]
        assert "has expired at 2021-01-01" in alert["text"], alert
        rig.once()
        assert len(rig.sendmail.mails()) == 2


def test_one_of_two_keys(keys):
    """Each operator is to be able to read it, else it is bare."""
    with WarndRig(keys, encrypt_to=[keys.member, keys.foreign]) as rig:
        rig.alert("moved", "VS-2027-0001", text="Sesame")
        rig.once()
        mail = rig.sendmail.mails()[0]
        assert mail.get_content_type() == "text/plain", mail
        assert "Sesame" not in mail.get_payload()
        texts = [a["text"] for a in rig.alerts()
                 if a["kind"] == "key-expiring"]
        assert len(texts) == 1 and keys.foreign in texts[0], texts
        assert "cannot be found" in texts[0], texts


def test_gpg_in_trouble(keys):
    """It is tried again for some minutes, then the mail goes bare."""
    with FakeGpg() as gpg, WarndRig(
            keys, encrypt_to=[keys.member],
            environment=gpg.environment) as rig:
        rig.alert("moved", "VS-2027-0001", text="Sesame")
        rig.once()
        assert len(rig.sendmail.mails()) == 1
        rig.sendmail.empty()
        for mode in ("fail", "kill", "exit", "garbage"):
            gpg.set(mode)
            rig.alert("moved", "VS-2027-0001", text="Sesame")
            for wait in (3, 6):
                rig.once(code=69)
                assert rig.sendmail.mails() == [], mode
                rig.let_pass(wait * MINUTE)
            rig.once(code=69)
            mail, = rig.sendmail.mails()
            assert mail.get_content_type() == "text/plain", mode
            assert b"Sesame" not in mail.raw
            rig.sendmail.empty()
        assert set(rig.kinds()) == {"moved"}, rig.kinds()
        gpg.set("fail")
        rig.alert("moved", "VS-2027-0001")
        rig.once(code=69)
        gpg.set("real")
        rig.let_pass(3 * MINUTE)
        rig.once()
        opened(keys, rig.sendmail.mails()[0])


def test_issue_is_gone(keys):
    with WarndRig(keys, encrypt_to=[keys.member]) as rig:
        rig.alert("moved", "VS-2027-0099", text="Sesame")
        rig.once()
        inside = opened(keys, rig.sendmail.mails()[0])
        assert "Sesame" in inside.get_payload()
        assert "List:" not in inside.get_payload()


def test_two_trackers(keys):
    lists = [{"name": name, "address": [name + "@vs.example.org"],
              "key": [keys.list]} for name in ("distros", "linux")]
    with WarndRig(keys, lists=lists) as rig:
        rig.alert("moved", "VS-2027-0001")
        rig.redis("XADD", "embargo:{linux}:alerts", "*", "kind", "proposed",
                  "issue", "VS-2027-0001", "at", 1)
        rig.once()
        mails = rig.sendmail.mails()
        assert sorted(m["Message-ID"].split(".")[1] for m in mails) == [
            "distros", "linux"]


def test_redis_dies(keys):
    """A daemon goes on when Redis is back, with what was kept."""
    with WarndRig() as rig:
        process = rig.start()
        tap.poll(lambda: rig.redis("EXISTS", BASE + "replies"))
        rig.redis.kill()
        rig.redis.start()
        rig.alert("moved", "VS-2027-0001")
        make_a_pass(process)
        tap.poll(lambda: len(rig.sendmail.mails()) == 1, seconds=20)
        rig.stop(process)


def main():
    with Keys() as keys:
        keys.import_public(keys.member)
        return tap.run(tap.collect(globals(), keys))


if __name__ == "__main__":
    sys.exit(main())
