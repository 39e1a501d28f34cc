"""Keys that come to their end: each stage is told once, whoever looks."""
import os
import re
import signal
import sys
import time

import tap
from fake_gpg import FakeGpg
from gpg_keys import Keys
from shift_clock import at_time
from warnd_rig import DAY, WarndRig
from x509 import Certificates


def make(keys, name, expire="0", primary=None):
    """A key whose encryption subkey expires; its fingerprint."""
    key = keys.make("%s <%s@example.org>" % (name, name))
    if primary is not None:
        keys.gpg("--quick-set-expire", key, primary)
    if expire != "0":
        keys.gpg("--quick-set-expire", key, expire, keys.subkey(key))
    keys.import_public(key)
    return key


def lists(key, **more):
    return [{"name": "distros", "address": ["distros@vs.example.org"],
             "key": [key], **more}]


def quiet(rig):
    """This is not about mail."""
    rig.settings["alerts"].pop("mail_to")
    rig.write_conf()
    return rig


def texts(rig):
    assert set(rig.kinds()) <= {"key-expiring"}, rig.kinds()
    return [alert["text"] for alert in rig.alerts()]


def days_left(alert):
    return (int(alert["due_at"]) - time.time()) / DAY


def test_subkey_of_a_list(keys):
    """The primary key lives for ever, its encryption subkey does not."""
    key = make(keys, "soon", "10d")
    with quiet(WarndRig(keys, lists=lists(key))) as rig:
        rig.once()
        alert, = rig.alerts()
        assert alert["kind"] == "key-expiring" and alert["issue"] == ""
        assert 9.9 < days_left(alert) < 10.1, alert
        date = time.strftime("%Y-%m-%dT%H:%M:%SZ",
                             time.gmtime(int(alert["due_at"])))
        assert alert["text"].startswith(
            "The encryption subkey %s of the key %s of list distros expires "
            "at %s, in " % (keys.subkey(key), key, date)), alert
        assert re.search(" in (9|10) d ", alert["text"]), alert
        assert "gpg --quick-set-expire" in alert["text"]
        for _ in range(3):
            rig.once()
        assert len(rig.alerts()) == 1


def test_stages(keys):
    """Day by day until it has ended: six alerts."""
    key = make(keys, "stages", primary="40d")
    with quiet(WarndRig(keys, lists=lists(key))) as rig:
        begin = time.time()
        seen = []
        for day in (0, 9, 15, 20, 28, 34, 38, 39.5, 41, 45):
            rig.once(wrapper=at_time(begin + day * DAY))
            if len(rig.alerts()) > len(seen):
                seen.append(day)
            assert len(rig.alerts()) == len(seen), day
        assert seen == [15, 28, 34, 38, 39.5, 41], seen
        # primary key and subkey end together: told of as one
        assert all(t.startswith("The key " + key) for t in texts(rig))
        assert "has expired at" in texts(rig)[-1]


def test_extended(keys):
    key = make(keys, "extended", "5d")
    with quiet(WarndRig(keys, lists=lists(key))) as rig:
        rig.once()
        keys.gpg("--quick-set-expire", key, "2y", keys.subkey(key))
        keys.import_public(key)
        rig.once()
        assert len(texts(rig)) == 1
        keys.gpg("--quick-set-expire", key, "20d", keys.subkey(key))
        keys.import_public(key)
        rig.once()
        assert len(texts(rig)) == 2, texts(rig)
        assert re.search("in (19|20) d", texts(rig)[1]), texts(rig)


def test_ended_and_replaced(keys):
    """Old subkeys beside a good one are no news; one that is revoked is."""
    with quiet(WarndRig(keys)) as rig:
        rig.once()
        assert texts(rig) == [], texts(rig)
    key = make(keys, "replaced")
    keys.add_subkey(key, "second")
    keys.import_public(key)
    with quiet(WarndRig(keys, lists=lists(key))) as rig:
        rig.once()
        keys._revoke(key, 1)
        keys.import_public(key)
        rig.once()
        text, = texts(rig)
        assert text.startswith("The encryption subkey %s of the key %s of "
                               "list distros is revoked: " % (
                                   keys.subkey(key), key)), text
        rig.once()
        assert len(texts(rig)) == 1


def test_only_subkey_ended(keys):
    """Nothing else to encrypt to: told even if it was so from the start."""
    key = make(keys, "ended")
    keys._revoke(key, 1)
    keys.import_public(key)
    with quiet(WarndRig(keys, lists=lists(key))) as rig:
        rig.once()
        text, = texts(rig)
        assert "is revoked" in text, text


def test_members(keys):
    one = make(keys, "member1", "3d")
    two = make(keys, "member2", "2y")
    with quiet(WarndRig(keys)) as rig:
        path = os.path.join(rig.folder, "members")
        with open(path, "w") as file:
            for key in (one, one, two, keys.foreign):   # not in the keyring
                file.write("%s@example.org %s\n" % (key[:8], key))
        rig.settings["lists"][0]["members"] = path
        rig.write_conf()
        rig.once()
        text, = texts(rig)
        assert "key %s of a member of list distros expires" % one in text
        assert "ask its owner" in text and "@" not in text, text
        os.unlink(path)
        assert "keys are not watched: members: " in rig.once()


def test_operators(keys):
    soon = make(keys, "operator", primary="1d")
    with quiet(WarndRig(keys, encrypt_to=[soon, keys.foreign])) as rig:
        rig.once()
        rig.once()
        one, two = texts(rig)
        assert one.startswith("The key %s in alerts.encrypt_to expires at "
                              % soon), one
        assert "else alerts are mailed without details" in one, one
        assert two.startswith("The key %s in alerts.encrypt_to cannot be "
                              "found" % keys.foreign), two


def test_several_instances(keys):
    key = make(keys, "many", "2d")
    with quiet(WarndRig(keys, lists=lists(key))) as rig:
        running = [rig.start("--once") for _ in range(5)]
        for process in running:
            assert process.wait(60) == 0, rig.log()
        assert len(texts(rig)) == 1, texts(rig)


def test_certificate(keys):
    with Certificates() as certs:
        certs.make("list", "distros@vs.example.org", end=time.strftime(
            "%Y%m%d%H%M%SZ", time.gmtime(time.time() + 6 * DAY)))
        certs.import_public(keys.public, "list")
        key = certs.fingerprint("list")
        with quiet(WarndRig(keys, lists=lists(
                key, accept=["smime"]))) as rig:
            rig.once()
            text, = texts(rig)
            assert text.startswith("The certificate %s of list distros "
                                   "expires at " % key), text


def test_gpg_in_trouble(keys):
    """Logged once, nothing told; looked at again when it works."""
    key = make(keys, "trouble", "2d")
    with FakeGpg() as gpg, quiet(WarndRig(
            keys, lists=lists(key), encrypt_to=[key],
            environment=gpg.environment)) as rig:
        for mode in ("fail", "kill", "exit", "garbage"):
            gpg.set(mode)
            assert "keys are not watched: " in rig.once(), mode
            assert texts(rig) == [], (mode, texts(rig))
        process = rig.start()
        tap.poll(lambda: "keys are not watched" in rig.log())
        gpg.set("real")
        process.send_signal(signal.SIGUSR1)
        tap.poll(lambda: "keys are watched again" in rig.log())
        assert len(texts(rig)) == 1
        rig.stop(process)


def main():
    with Keys() as keys:
        return tap.run(tap.collect(globals(), keys))


if __name__ == "__main__":
    sys.exit(main())
