"""Options, configuration, signals and sockets of embargo-milter."""
import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time

import fake_mta as wire
import mails
import tap
from fake_mta import split_message
from mails import mail, part
from milter_rig import LIST, OTHER, PROGRAM, Rig, conf_text
from shapes import TEXT

ELSE = "someone@example.com"
CLEAR = mail(part(TEXT))


def run(rig, *options, text=None, timeout=20):
    """Run the program with the configuration, or with this one."""
    path = rig.path
    if text is not None:
        path = os.path.join(rig.folder, "other.conf")
        with open(path, "w") as file:
            file.write(text)
    return subprocess.run([PROGRAM, "-c", path, *options], text=True,
                          capture_output=True, timeout=timeout,
                          stdin=subprocess.DEVNULL, env=rig.environment)


# options

def test_help_and_version(rig):
    for option in ("--help", "--hel"):
        done = run(rig, option)
        assert done.returncode == 0 and done.stderr == "", done
        assert done.stdout.startswith("usage: embargo-milter"), done
        for word in ("-c FILE", "-F", "-n", "-p SOCKET", "-v", "SIGUSR1"):
            assert word in done.stdout, word
    done = run(rig, "--version")
    assert re.fullmatch(r"embargo-milter \d+\.\d+\.\d+\n", done.stdout), done
    assert done.returncode == 0


def test_wrong_usage(rig):
    for options in (["-x"], ["--nonsense"], ["word"], ["-n", "word"], ["-c"],
                    ["-p"]):
        done = run(rig, *options)
        assert done.returncode == 64, (options, done)
        assert done.stdout == "" and done.stderr, (options, done)


def test_n_checks_and_ends(rig):
    before = os.listdir(rig.folder)
    done = run(rig, "-n")
    assert done.returncode == 0, done
    assert done.stdout == rig.path + ": the configuration is good\n", done
    rig.redis.kill()        # it needs the file and the keys, nothing else
    try:
        assert run(rig, "-n").returncode == 0
    finally:
        rig.redis.start()
    assert os.listdir(rig.folder) == before


# wrong configurations: a change of the good one, then what stands in the
# complaint beside file and line

MISSING = "missing; accepted: "
WRONG = [
    ({"nonsense": 1}, "nonsense", "unknown key; known here are socket"),
    ({"socket_mode": "rw"}, "socket_mode", 'octal digits, as "0660"'),
    ({"socket_mode": "7777"}, "socket_mode", "octal digits"),
    ({"log": "file"}, "log", 'accepted: "syslog", "stderr"'),
    ({"log": True}, "log", 'accepted: "syslog", "stderr"'),
    ({"max_message": "much"}, "max_message", 'a size as "25M", "512K"'),
    ({"max_message": "1"}, "max_message", "from 1024 to"),
    ({"max_message": "2000000M"}, "max_message", "from 1024 to"),
    ({"max_message": "99999999999999999999"}, "max_message", "a size as"),
    ({"socket": ""}, "socket", '"unix:/path", "inet:port@host"'),
    ({"socket": 1}, "socket", '"unix:/path", "inet:port@host"'),
    ({"socket": "unix:relative"}, "socket", '"unix:/path"'),
    ({"socket": "inet:99999@127.0.0.1"}, "socket", '"inet:port@host"'),
    ({"user": ""}, "user", 'a string "..." that is not empty'),
    ({"lists": None}, "lists", MISSING),
    ({"lists": "distros"}, "lists", MISSING),
    ({"redis": "unix:/x"}, "redis", "accepted: a group"),
    ({"redis": {"adress": "x"}}, "adress", "known here are address"),
    ({"redis": {"address": "/x"}}, "address", '"unix:/path", "tcp:host:port"'),
    ({"redis": {"address": "tcp:host"}}, "address", '"tcp:host:port"'),
    ({"redis": {"address": "tcp:host:99999"}}, "address", "tcp:host:port"),
    ({"redis": {"timeout": "0s"}}, "timeout", "from 1000 to 600000"),
    ({"redis": {"timeout": 2}}, "timeout", 'a duration as "14d"'),
    ({"redis": {"timeout": "2 s"}}, "timeout", "a duration as"),
    ({"redis": {"timeout": "-2s"}}, "timeout", "a duration as"),
    ({"redis": {"database": -1}}, "database", "from 0 to 65535"),
    ({"redis": {"database": "0"}}, "database", "a whole number"),
    ({"redis": {"prefix": "a b"}}, "prefix", "letters, digits"),
    ({"redis": {"replicas": 1000}}, "replicas", "from 0 to 100"),
    ({"gnupg": {"jobs": 0}}, "jobs", "from 1 to 1024"),
    ({"limits": {"max_pkesk": 0}}, "max_pkesk", "from 1 to 1000"),
    ({"limits": {"max_parts": "x"}}, "max_parts", "a whole number"),
    ({"alerts": {"before": ["7x"]}}, "before", "16 durations"),
    ({"alerts": {"before": ["1d"] * 17}}, "before", "at most 16"),
    ({"alerts": {"mail_to": ["nobody"]}}, "mail_to", "list@example.org"),
]
WRONG_LIST = [
    ({"address": None}, "address", MISSING),
    ({"address": []}, "address", MISSING),
    ({"address": ["a b@example.org"]}, "address", "list@example.org"),
    ({"address": ["a@b@c"]}, "address", "list@example.org"),
    ({"address": [1]}, "address", "list@example.org"),
    ({"key": None}, "key", MISSING),
    ({"key": ["0x12345678"]}, "key", "40 or 64 hexadecimal digits"),
    ({"key": ["A" * 39]}, "key", "40 or 64 hexadecimal digits"),
    ({"key": ["distros@vs.example.org"]}, "key", "40 or 64"),
    ({"accept": []}, "accept", '"pgp-mime", "pgp-inline"'),
    ({"accept": ["pgp"]}, "accept", '"pgp-mime", "pgp-inline"'),
    ({"cleartext": "accept"}, "cleartext", '"reject", "quarantine"'),
    ({"enforce": "no"}, "enforce", "accepted: true, false"),
    ({"enforce": 1}, "enforce", "accepted: true, false"),
    ({"signature": "good"}, "signature", '"ignore", "valid", "member"'),
    ({"bounces": "accept"}, "bounces", 'accepted: "reject", "quarantine"'),
    ({"name": "a b"}, "name", "letters, digits"),
    ({"tracker": "{x}"}, "tracker", "letters, digits"),
    ({"issue_prefix": "x" * 17}, "issue_prefix", "at most 16"),
    ({"embargo": {"max": "14"}}, "max", 'a duration as "14d"'),
    ({"embargo": {"max": "10000d"}}, "max", "from 3600 to"),
    ({"embargo": {"missing": "guess"}}, "missing", '"assume", "reject"'),
    ({"embargo": {"over_max": "x"}}, "over_max", '"flag", "cap", "reject"'),
    ({"embargo": {"default_hour": "2pm"}}, "default_hour", '"14:00"'),
    ({"embargo": {"changes": "all"}}, "changes", '"members", "anyone"'),
    ({"embargo": {"maximum": "1d"}}, "maximum", "unknown key"),
    ({"addresss": ["a@b"]}, "addresss", "unknown key; known here are name"),
]


def check_wrong(rig, text, key, words):
    """-n and a start both refuse it: file, line, key, accepted values."""
    for options in (["-n"], ["-F"]):
        done = run(rig, *options, text=text)
        assert done.returncode == 78, (options, done)
        assert done.stdout == "", done
        found = re.search(r"^embargo-milter: (\S+):(\d+): (\S+): (.*)$",
                          done.stderr, re.M)
        assert found, done.stderr
        assert found[1] == os.path.join(rig.folder, "other.conf"), found
        assert found[3] == key, found[0]
        assert words in found[4], found[0]
        line = text.splitlines()[int(found[2]) - 1]
        assert key in line or words.startswith("missing") or \
            key in ("lists", "redis"), (found[0], line)


def wrong_tests(rig):
    for change, key, words in WRONG:
        settings = {k: v for k, v in {**rig.settings, **change}.items()
                    if v is not None}
        yield "wrong: %s" % conf_text(change)[:60].strip() \
            if None not in change.values() else "wrong: no " + key, \
            lambda t=conf_text(settings), k=key, w=words: \
            check_wrong(rig, t, k, w)
    for change, key, words in WRONG_LIST:
        settings = {**rig.settings, "lists": [rig.list_conf(**change)]}
        yield "wrong list: %s %r" % (key, change), \
            lambda t=conf_text(settings), k=key, w=words: \
            check_wrong(rig, t, k, w)


def test_no_configuration_at_all(rig):
    done = run(rig, "-n", text="")
    assert done.returncode == 78 and "lists: missing" in done.stderr, done
    for path in ("/nonexistent/x.conf", rig.folder):
        done = subprocess.run([PROGRAM, "-n", "-c", path], text=True,
                              capture_output=True)
        assert done.returncode == 78 and path in done.stderr, done
    for text in ("socket = ", "lists = ( {", "\0", "x" * 100000, "\xff",
                 '@include "/nonexistent"'):
        done = run(rig, "-n", text=text)
        assert done.returncode == 78, (text[:20], done)
        assert re.search(r"other\.conf:\d+: ", done.stderr), done


def test_lists_that_cannot_be_told_apart(rig):
    for change, key in (({}, "name"), ({"name": "b"}, "address"),
                        ({"name": "b", "address": [LIST.upper()]},
                         "address"),
                        ({"name": "b", "address": [OTHER], "issue_prefix":
                          "X", "tracker": "distros"}, "issue_prefix")):
        settings = {**rig.settings, "lists": [
            rig.list_conf(), rig.list_conf(**change)]}
        done = run(rig, "-n", text=conf_text(settings))
        assert done.returncode == 78 and " %s: " % key in done.stderr, done


def test_keys_that_are_not_there(rig):
    for key, words in (("A" * 40, "does not hold"), (
            rig.keys.foreign, "does not hold"), (
            rig.keys.subkey(rig.keys.list), "primary key")):
        settings = {**rig.settings, "lists": [rig.list_conf(key=[key])]}
        done = run(rig, "-n", text=conf_text(settings))
        assert done.returncode == 78, (key, done)
        assert key in done.stderr, (key, done)


def test_a_home_that_is_not_there(rig):
    settings = {**rig.settings, "gnupg": {"home": "/nonexistent/gnupg"}}
    done = run(rig, "-n", text=conf_text(settings))
    assert done.returncode in (69, 78), done
    assert not os.path.exists("/nonexistent")


def test_users_and_groups_that_do_not_exist(rig):
    done = run(rig, "-n", text=conf_text({**rig.settings,
                                          "user": "no-such-user"}))
    assert done.returncode == 78 and "no-such-user" in done.stderr, done
    done = run(rig, "-F", "-p", "unix:%s/g" % rig.folder, text=conf_text(
        {**rig.settings, "socket_group": "no-such-group"}))
    assert done.returncode == 78 and "no-such-group" in done.stderr, done
    assert not os.path.exists(rig.folder + "/g")


# sockets

def test_the_socket_and_its_mode(rig):
    assert os.stat(rig.unix_path).st_mode & 0o777 == 0o660
    with Rig(keys=rig.keys, socket_mode="0600", socket_group="nogroup") as one:
        found = os.stat(one.unix_path)
        assert found.st_mode & 0o777 == 0o600
        assert one.stop() == 0


def test_p_overrides_the_socket(rig):
    other = "unix:%s/other" % rig.folder
    with Rig(keys=rig.keys, options=["-p", other]) as one:
        assert not os.path.exists(one.unix_path)
        one.socket = other
        assert one.send(CLEAR).code == 550
        assert one.stop() == 0
    assert not os.path.exists(rig.folder + "/other")


def test_sockets_that_cannot_be_opened(rig):
    folder = rig.folder + "/folder"
    os.mkdir(folder)
    for name, code in (
            ("unix:/nonexistent/sock", 69), ("unix:" + folder, 69),
            ("inet:8895@192.0.2.1", 69), ("inet:99999@127.0.0.1", 64),
            ("inet:0@127.0.0.1", 64), ("inet:8895", 64), ("nonsense", 64),
            ("unix:relative", 64), ("unix:/" + "x" * 300, 64)):
        done = run(rig, "-F", "-p", name)
        assert done.returncode == code, (name, done)
        assert name in done.stderr or code == 69, done
        assert done.stderr, name


def test_unsafe_folders(rig):
    """Somebody else could put a socket of his own there."""
    folder = rig.folder + "/unsafe"
    os.makedirs(folder + "/below")
    for mode, owner, words in ((0o777, 0, "anybody can write"),
                               (0o755, 12345, "belongs to somebody else")):
        os.chmod(folder, mode)
        os.chown(folder, owner, -1)
        for name in (folder + "/sock", folder + "/below/sock"):
            done = run(rig, "-F", "-p", "unix:" + name)
            assert done.returncode == 78, done
            assert words in done.stderr and folder in done.stderr, done
            assert not os.path.exists(name)
    os.chown(folder, 0, -1)
    os.chmod(folder, 0o1777)    # as /tmp is
    with Rig(keys=rig.keys, options=["-p", "unix:%s/sock" % folder]) as one:
        assert one.is_running()


def test_a_second_instance_refuses_to_start(rig):
    with rig.connect() as mta:
        mta.envelope([LIST])
        for options in (["-F"], []):
            done = run(rig, *options)
            assert done.returncode == 69, done
            assert "another instance" in done.stderr, done
        mta.eoh()
        answer = wire.Answer()
        mta.eom(answer)
        assert answer.code == 550, answer
    assert rig.send(CLEAR).code == 550
    assert rig.send(rig.good_mail()).verdict == "accept"


def test_start_after_a_crash(rig):
    rig.kill()
    assert os.path.exists(rig.unix_path)
    rig.start()
    assert rig.send(CLEAR).code == 550


# going to the background

def processes(path):
    """The pids of all processes that have path among their arguments."""
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        with contextlib.suppress(OSError):
            with open("/proc/%s/cmdline" % pid, "rb") as file:
                if path.encode() in file.read().split(b"\0"):
                    found.append(int(pid))
    return found


def test_in_the_background(rig):
    """The command returns when the daemon serves, or with its error."""
    with Rig(keys=rig.keys, start=False) as one:
        done = run(one)
        try:
            assert done.returncode == 0, done
            assert one.send(CLEAR).code == 550
            assert run(one).returncode == 69
            assert one.send(CLEAR).code == 550
        finally:
            pids = processes(one.path)
            for pid in pids:
                os.kill(pid, signal.SIGTERM)
        assert pids, "where is it?"
        tap.poll(lambda: not processes(one.path))
        assert not os.path.exists(one.unix_path)
    done = run(rig, text="nonsense = 1;")
    assert done.returncode == 78 and "nonsense" in done.stderr, done


# signals

def begin(mta, message, to=LIST):
    """A transaction up to the middle of its body; the rest of it."""
    fields, body = split_message(message)
    answer = wire.Answer()
    mta.envelope([to], answer=answer)
    half = len(body) // 2
    mta.content(fields, body[:half], answer)
    return answer, body[half:]


def finish(mta, answer, rest):
    mta.body(rest, answer)
    mta.eom(answer)
    return answer


def test_SIGTERM_lets_messages_in_flight_finish(rig):
    for pause in (0, 1):
        with Rig(keys=rig.keys) as one, contextlib.ExitStack() as stack:
            flights = []
            for message in (one.good_mail(), CLEAR, one.good_mail()):
                mta = stack.enter_context(one.connect())
                flights.append((mta, *begin(mta, message)))
            idle = stack.enter_context(one.connect())
            idle.greet()
            one.signal(signal.SIGTERM)
            if pause:
                tap.poll(lambda: cannot_connect(one))
                time.sleep(pause)
                assert one.is_running(), "it did not wait"
                assert idle.send(one.good_mail()).verdict == "tempfail"
                assert idle.send(CLEAR).verdict == "tempfail"
            verdicts = [finish(*flight).verdict for flight in flights]
            assert verdicts == ["accept", "reject", "accept"], verdicts
            assert one.wait(2) == 0, one.log()
            assert not os.path.exists(one.unix_path)
            assert len(one.issues()) == 2
            assert "ended" in one.log()


def cannot_connect(rig):
    """True when nobody answers any more."""
    try:
        with rig.connect(timeout=1) as mta:
            mta.negotiate()
            return False
    except (OSError, ConnectionError):
        return True


def test_an_answer_is_not_cut_off_by_the_end(rig):
    """The last message's answer arrives, however the end falls."""
    for i in range(12):
        with Rig(keys=rig.keys) as one, one.connect() as mta:
            answer, rest = begin(mta, one.good_mail())
            one.signal(signal.SIGTERM)
            tap.poll(lambda: cannot_connect(one))
            assert finish(mta, answer, rest).verdict == "accept"
            assert len(answer.tags) == 4
            assert one.wait() == 0


def test_SIGTERM_when_idle(rig):
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        with Rig(keys=rig.keys) as one, one.connect() as mta:
            assert mta.send(CLEAR).code == 550
            one.signal(number)
            assert one.wait(2) == 0
            assert not os.path.exists(one.unix_path)


def test_reload(rig):
    """New settings are in force, a message in flight keeps the old."""
    with rig.connect() as mta:
        answer, rest = begin(mta, CLEAR)
        lists = rig.settings["lists"]
        said = rig.reload(lists=[rig.list_conf(cleartext="warn"),
                                 rig.other_list()])
        assert "read again" in said, said
        assert finish(mta, answer, rest).code == 550, answer
        assert mta.send(CLEAR).tags["X-Embargo-Verdict"] == "warn cleartext"
        assert mta.send(CLEAR, [OTHER]).code == 550
    rig.reload(lists=lists)
    assert rig.send(CLEAR).code == 550
    assert rig.send(CLEAR, [OTHER]).verdict == "accept"


def test_reload_of_a_broken_file(rig):
    for text in ("nonsense = 1;", "lists = ", "", conf_text(
            {**rig.settings, "lists": [rig.list_conf(key=["A" * 40])]})):
        said = rig.reload(text)
        assert "old configuration stays in force" in said, said
        assert re.search(r"conf:\d+: |does not hold", said), said
        assert rig.send(CLEAR).code == 550
    os.unlink(rig.path)
    at = rig.log_size()
    rig.signal(signal.SIGUSR1)
    tap.poll(lambda: "stays in force" in rig.log(at))
    assert rig.send(rig.good_mail()).verdict == "accept"
    assert "read again" in rig.reload()


def test_reload_under_load(rig):
    stop, failures, sent = threading.Event(), [], []

    def client():
        with rig.connect() as mta:
            while not stop.is_set():
                sent.append(1)
                code = mta.send(CLEAR).code
                if code != 550:
                    failures.append(code)
    threads = [threading.Thread(target=client) for _ in range(3)]
    for one in threads:
        one.start()
    fds = "/proc/%d/fd" % rig.process.pid
    before = len(os.listdir(fds))
    for i in range(30):
        rig.reload("nonsense = 1;" if i % 3 == 0 else None)
    stop.set()
    for one in threads:
        one.join()
    assert failures == [] and len(sent) > 100, (failures[:9], len(sent))
    assert len(os.listdir(fds)) <= before + 3, os.listdir(fds)


def test_many_SIGUSR1_at_once(rig):
    at = rig.log_size()
    for _ in range(200):
        rig.signal(signal.SIGUSR1)
    tap.poll(lambda: "read again" in rig.log(at))
    assert rig.send(CLEAR).code == 550


def test_a_signal_in_the_middle_of_a_reload(rig):
    with Rig(keys=rig.keys) as one, one.connect() as mta:
        answer, rest = begin(mta, one.good_mail())
        one.signal(signal.SIGUSR1)
        time.sleep(0.01)
        one.signal(signal.SIGTERM)
        time.sleep(0.2)
        assert finish(mta, answer, rest).verdict == "accept"
        assert one.wait(2) == 0


def test_other_signals(rig):
    """A closed terminal or pipe is no reason to end."""
    for number in (signal.SIGPIPE, signal.SIGWINCH, signal.SIGCHLD):
        rig.signal(number)
        assert rig.send(CLEAR).code == 550, number


def test_hardening(rig):
    """No core file, no memory that others can read."""
    with open("/proc/%d/limits" % rig.process.pid) as file:
        assert re.search(r"Max core file size +0 +0 ", file.read())


def main():
    with Rig() as rig:
        tests = tap.collect(globals(), rig)
        return tap.run([*tests, *wrong_tests(rig),
                        ("ends in peace", lambda: end(rig))])


def end(rig):
    assert rig.stop() == 0, rig.log()
    assert not os.path.exists(rig.unix_path)


if __name__ == "__main__":
    sys.exit(main())
