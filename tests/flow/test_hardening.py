"""Neither daemon runs as root, and nobody looks into their memory.

Wants root, as what is tested is what root can be kept from.
"""
import contextlib
import os
import pwd
import re
import signal
import subprocess
import sys

import tap
from account import IDENTITY, USER
from mails import mail, part
from milter_rig import BUILD, conf_text
from processes import descendants
from sighted import TEXT, Site

DAEMONS = {name: os.path.join(os.path.abspath(BUILD), name)
           for name in ("embargo-milter", "embargo-warnd")}
CONFIG = 78
CLEAR = mail(part(TEXT))


def start(site, program, *options, **changes):
    """Run a daemon with another configuration; what came of it."""
    settings = {**site.rig.settings, "socket": "unix:%s/other" %
                site.rig.folder, **changes}
    path = os.path.join(site.rig.folder, "other.conf")
    with open(path, "w") as file:
        file.write(conf_text({k: v for k, v in settings.items()
                              if v is not None}))
    return subprocess.run([DAEMONS[program], "-c", path, *options],
                          capture_output=True, text=True, timeout=20,
                          stdin=subprocess.DEVNULL)


def refused(done, *words):
    assert done.returncode == CONFIG, done
    for word in words:
        assert word in done.stderr, (word, done.stderr)
    assert len(done.stderr.splitlines()) == 1, done.stderr


def is_there(user):
    with contextlib.suppress(KeyError):
        return pwd.getpwnam(user)


def test_root_is_refused(site):
    for program in DAEMONS:
        for options in (["-F"], [], ["-n"]):
            refused(start(site, program, *options, user="root"),
                    program + ": user: root is root", "embargo-milter")
            refused(start(site, program, *options, user="no-such-user"),
                    "no user no-such-user",
                    "adduser --system --group no-such-user")
    assert not os.path.exists(site.rig.folder + "/other")


def test_without_a_user_it_is_embargo_milter(site):
    for program in DAEMONS:
        done = start(site, program, "-n", user=None)
        if is_there("embargo-milter"):
            assert "user" not in done.stderr, done
        else:
            refused(done, "there is no user embargo-milter",
                    "adduser --system --group embargo-milter")


def test_who_is_not_root_stays_who_it_is(site):
    path = site.rig.path
    for user in (USER, "root", "no-such-user"):
        settings = {**site.rig.settings, "user": user}
        with open(path, "w") as file:
            file.write(conf_text(settings))
        for program in DAEMONS.values():
            done = subprocess.run([program, "-n", "-c", path], timeout=20,
                                  capture_output=True, text=True, **IDENTITY)
            assert done.returncode == 0, done
    site.rig.write_conf()


def status(pid):
    with open("/proc/%d/status" % pid) as file:
        return dict(re.findall(r"^(\w+):\s*(.*)$", file.read(), re.M))


def check_identity(pid):
    """Every id is the user's, no group of root's, no capability."""
    found, user = status(pid), pwd.getpwnam(USER)
    assert found["Uid"].split() == [str(user.pw_uid)] * 4, found["Uid"]
    assert found["Gid"].split() == [str(user.pw_gid)] * 4, found["Gid"]
    assert "0" not in found["Groups"].split(), found["Groups"]
    for name in ("CapPrm", "CapEff"):
        assert int(found[name], 16) == 0, (name, found[name])


def check_hidden(pid):
    """No core, no page in a dump, no look from outside."""
    with open("/proc/%d/limits" % pid) as file:
        assert re.search(r"Max core file size +0 +0 ", file.read())
    with open("/proc/%d/coredump_filter" % pid) as file:
        assert int(file.read(), 16) == 0
    done = subprocess.run(["head", "-c1", "/proc/%d/environ" % pid],
                          capture_output=True, timeout=20, **IDENTITY)
    assert b"Permission denied" in done.stderr, done
    done = subprocess.run(["head", "-c1", "/proc/%d/comm" % pid],
                          capture_output=True, timeout=20, **IDENTITY)
    assert done.returncode == 0, "not even its name can be read: %r" % done


def processes(site):
    pid = site.rig.process.pid
    found = [pid, *descendants(pid)]
    assert len(found) == 2, found       # the keeper of the jobs
    return found


def test_the_filter_and_its_keeper(site):
    for pid in processes(site):
        check_identity(pid)
        check_hidden(pid)


def test_gpg_below_them(site):
    """It has their user, and the dump filter that it was born with."""
    script = site.folder + "/gpg"
    seen = site.folder + "/seen"
    with open(script, "w") as file:
        file.write("#!/bin/sh\n(id -u; cat /proc/self/coredump_filter; "
                   "ulimit -c; umask) >%s.$$\nexec /usr/bin/gpg \"$@\"\n"
                   % seen)
    os.chmod(script, 0o755)
    with open(site.folder + "/gpgconf", "w") as file:
        file.write("#!/bin/sh\n/usr/bin/gpgconf \"$@\" | sed "
                   "'s|^gpg:\\([^:]*\\):.*|gpg:\\1:%s|'\n" % script)
    os.chmod(site.folder + "/gpgconf", 0o755)
    site.rig.stop()
    before = site.rig.environment
    site.rig.environment = dict(before, PATH="%s:%s" % (
        site.folder, os.environ["PATH"]))
    try:
        site.rig.start()
        assert site.rig.send(site.signed()).verdict == "accept"
        site.rig.stop()
    finally:
        site.rig.environment = before
        site.rig.start()
    told = [name for name in os.listdir(site.folder)
            if name.startswith("seen.")]
    assert told, "gpg was not asked"
    for name in told:
        with open(os.path.join(site.folder, name)) as file:
            assert file.read().split() == [
                str(pwd.getpwnam(USER).pw_uid), "00000000", "0",
                "0077"], name


def test_a_crash_leaves_no_core(site):
    for number in (signal.SIGABRT, signal.SIGSYS, signal.SIGXCPU):
        os.kill(site.rig.process.pid, number)
        _, code = os.waitpid(site.rig.process.pid, 0)
        site.rig.process.returncode = -1        # it was waited for
        assert os.WIFSIGNALED(code) and os.WTERMSIG(code) == number, code
        assert not os.WCOREDUMP(code), "a core"
        site.rig.start()
    assert site.rig.send(CLEAR).code == 550


def test_warnd(site):
    path = site.rig.path
    process = subprocess.Popen(
        [DAEMONS["embargo-warnd"], "-c", path, "-F"],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE, text=True)
    try:
        assert "watching" in process.stderr.readline()
        check_identity(process.pid)
        check_hidden(process.pid)
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0, process.stderr.read()
        process.stderr.close()


def test_embargoctl_leaves_nothing_of_roots(site):
    """gpg works as the owner of its home, also when root asks."""
    subprocess.run(["gpgconf", "--homedir", site.keys.home, "--kill",
                    "gpg-agent"], check=True, **IDENTITY)
    message = os.path.join(site.folder, "mail")
    with open(message, "wb") as file:
        file.write(site.signed())
    done = subprocess.run(
        [os.path.join(os.path.abspath(BUILD), "embargoctl"), "-c",
         site.rig.path, "classify", "--list", "valid@vs.example.org",
         message], capture_output=True, text=True, timeout=60)
    assert done.stdout.endswith(": accept pgp-mime\n"), done
    strange = [name for name in os.listdir(site.keys.home)
               if os.stat(os.path.join(site.keys.home, name)).st_uid !=
               pwd.getpwnam(USER).pw_uid]
    assert strange == [], strange
    assert site.send(site.signed(), "valid").verdict == "accept"


def main():
    with Site() as site:
        return tap.run(tap.collect(globals(), site))


if __name__ == "__main__":
    sys.exit(main())
