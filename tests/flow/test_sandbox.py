"""The daemons and their gpg live within what conf/ allows them.

Both run under strace as the unprivileged user that the units name, with a list
that decrypts and an alert that is encrypted.  Each of their system calls must
be one of the unit's SystemCallFilter, and each file one of the AppArmor
profile, whose places are put in for the test's.  systemd-analyze gives the
units marks, apparmor_parser reads the profile.
"""
import fnmatch
import os
import re
import shutil
import subprocess
import sys

import tap
from account import USER
from gpg_keys import Keys
from mails import mail, part
from milter_rig import LIST, Rig
from processes import is_instrumented
from warnd_rig import WarndRig

TOP = os.environ.get("top_srcdir", ".")
BUILD = os.path.abspath(os.environ.get("top_builddir", "."))
PROFILE = os.path.join(TOP, "conf/apparmor.profile")
UNITS = ("embargo-milter", "embargo-warnd")
WORST_MARK = 1.5
DATE = "CRD: 2026-12-01 14:00 UTC\n"


def output(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True,
                          timeout=120).stdout


# what was done

def strace(command, path):
    """The command as the unprivileged user, all that it does in a file."""
    return ["strace", "-f", "-qq", "-s", "300", "-u", USER, "-o", path,
            *command]


class TracedRig(Rig):
    def command(self, *options):
        return strace(super().command(*options), self.folder + ".trace")


class TracedWarnd(WarndRig):
    def command(self, *options):
        return strace(super().command(*options), self.folder + ".trace")


def places(home, redis, folder, sendmail=None):
    """Where things are here, and where an administrator has them."""
    found = [(os.path.join(BUILD, name), "/usr/sbin/" + name)
             for name in UNITS]
    found += [(home, "/var/lib/embargo-milter/gnupg"),
              (redis, "/run/redis/redis.sock"),
              (folder + "/conf", "/etc/embargo-milter/embargo-milter.conf"),
              (folder, "/run/embargo-milter")]
    if sendmail is not None:
        found.insert(0, (sendmail, "/usr/sbin/sendmail"))
    return found


def read_trace(rig, where):
    with open(rig.folder + ".trace", errors="replace") as file:
        text = file.read()
    os.unlink(rig.folder + ".trace")
    for here, there in where:
        text = text.replace('"%s' % here, '"%s' % there)
    return text


def trace_filter():
    """A sighted list: accepted, refused, reloaded, ended."""
    with Keys() as keys, TracedRig(
            [{"decrypt": True}, {"name": "wrap", "cleartext": "encrypt",
                                 "address": ["wrap@vs.example.org"]}],
            keys=keys, gnupg={"home": keys.home, "timeout": "60s"}) as rig:
        text = rig.encrypt(("Hello.\n" + DATE).encode())
        for message, to, verdict in (
                (mail(part(text)), LIST, "accept"),
                (mail(part(b"in clear")), LIST, "reject"),
                (mail(part(rig.encrypt(to=[keys.foreign]))), LIST, "reject"),
                (mail(part(b"in clear")), "wrap@vs.example.org", "accept")):
            answer = rig.send(message, [to])
            assert answer.verdict == verdict, (answer, rig.log())
        traced, = output("pgrep", "-P", str(rig.process.pid)).split()
        os.kill(int(traced), 10)        # SIGUSR1
        tap.poll(lambda: "read again" in rig.log(), 60)
        os.kill(int(traced), 15)
        assert rig.wait(60) == 0, rig.log()
        return read_trace(rig, places(keys.home, rig.redis.socket,
                                      rig.folder))


def trace_warnd():
    """An alert that is mailed, encrypted."""
    with Keys() as keys:
        keys.import_public(keys.member)
        with TracedWarnd(keys, encrypt_to=[keys.member]) as rig:
            rig.issue(1, 1)
            rig.once()
            assert rig.sendmail.mails(), "nothing was mailed"
            return read_trace(rig, places(keys.public, rig.redis.socket,
                                          rig.folder, rig.sendmail.path))


TRACES = {}


def trace_of(unit):
    if unit not in TRACES:
        TRACES[unit] = {"embargo-milter": trace_filter,
                        "embargo-warnd": trace_warnd}[unit]()
    return TRACES[unit]


# systemd

def unit_lines(unit):
    with open(os.path.join(TOP, "conf/%s.service.in" % unit)) as file:
        return file.read().splitlines()


def call_sets():
    """@name: the names below it, of calls and of other sets."""
    sets, name = {}, None
    for line in output("systemd-analyze", "syscall-filter").splitlines():
        if line.startswith("@"):
            name = line.strip()
            sets[name] = []
        elif name and line.startswith("    ") and line.strip()[0] != "#":
            sets[name].append(line.strip())
    return sets


def expand(sets, word):
    if word not in sets:
        return {word}
    return set().union(*(expand(sets, one) for one in sets[word]))


def allowed_calls(unit):
    sets = call_sets()
    allowed = expand(sets, "@default")
    for line in unit_lines(unit):
        name, _, value = line.partition("=")
        if name != "SystemCallFilter":
            continue
        for word in value.lstrip("~").split():
            if value.startswith("~"):
                allowed -= expand(sets, word)
            else:
                allowed |= expand(sets, word)
    return allowed


def check_calls(unit, allowed):
    """The sendmail of the test is a script of the shell's."""
    seen = set(re.findall(r"^\d+ +(\w+)\(", trace_of(unit), re.M))
    assert seen > {"execve", "socket", "mmap", "prctl", "sendto"}, seen
    return sorted(seen - allowed)


def test_system_calls():
    for unit in UNITS:
        allowed = allowed_calls(unit)
        assert "mount" not in allowed and "read" in allowed, unit
        refused = check_calls(unit, allowed)
        assert refused == [], "%s: %s" % (unit, refused)
        assert check_calls(unit, allowed - {"sendto"}) == ["sendto"]


def test_marks_of_the_units():
    for unit in UNITS:
        found = re.search(
            r"Overall exposure level for \S+: (\d+\.\d)",
            output("systemd-analyze", "security", "--offline=true",
                   os.path.join(BUILD, "conf/%s.service" % unit)))
        assert float(found[1]) <= WORST_MARK, (unit, found[0])


def test_no_memory_is_written_and_executed():
    """MemoryDenyWriteExecute."""
    for unit in UNITS:
        assert "MemoryDenyWriteExecute=yes" in unit_lines(unit)
        for line in trace_of(unit).splitlines():
            assert not re.search(r"PROT_WRITE\|PROT_EXEC", line), line
            assert "mprotect" not in line or "PROT_EXEC" not in line, line


def test_families_of_sockets():
    for unit in UNITS:
        line, = [line for line in unit_lines(unit)
                 if line.startswith("RestrictAddressFamilies=")]
        allowed = set(line.partition("=")[2].split())
        seen = set(re.findall(r"socket(?:pair)?\((AF_\w+)", trace_of(unit)))
        assert "AF_UNIX" in seen and seen <= allowed, (unit, seen)


def test_connections():
    """Redis, the agent of the keys, the log: nobody else."""
    wanted = "/run/redis/redis.sock"
    home = re.escape("/var/lib/embargo-milter/gnupg")
    for unit in UNITS:
        seen = re.findall(r"connect\(\d+, \{sa_family=(\w+)(?:, sun_path="
                          r'"([^"]*)")?', trace_of(unit))
        assert ("AF_UNIX", wanted) in seen, seen
        for family, path in seen:
            assert family == "AF_UNIX" and re.fullmatch(
                r"%s|%s/S\.[\w.-]+|/dev/log|/(var/)?run/nscd/socket" % (
                    re.escape(wanted), home), path), (unit, family, path)


# AppArmor

def test_the_profile_is_read():
    done = subprocess.run(["apparmor_parser", "-Q", "-K", PROFILE],
                          capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done
    with open(PROFILE) as file:
        text = file.read().replace("mrix,", "mrix")
    done = subprocess.run(["apparmor_parser", "-Q", "-K"], input=text,
                          capture_output=True, text=True, timeout=120)
    assert done.returncode != 0, "a broken one was read as well"


def alternatives(pattern):
    """{a,b}, which may be nested, written out."""
    found = re.search(r"\{([^{}]*)\}", pattern)
    if not found:
        return [pattern]
    return [one for word in found[1].split(",") for one in alternatives(
        pattern[:found.start()] + word + pattern[found.end():])]


def glob_of(pattern):
    """A regular expression of AppArmor's ** and *."""
    text = re.escape(pattern).replace(r"\*\*", ".+").replace(
        r"\*", "[^/]*").replace(r"\?", "[^/]")
    return re.sub(r"\\\[(\^?[^]]*)\\\]", lambda m: "[%s]" % m[1].replace(
        "\\", ""), text)


def profile_rules(unit):
    """(expression, permissions) of each file rule, includes taken in."""
    text = output("apparmor_parser", "-p", PROFILE)
    variables = {"pid": ["[0-9]*"], "pids": ["[0-9]*"], "tid": ["[0-9]*"]}
    for name, values in re.findall(r"^\s*@\{(\w+)\}\s*\+?=\s*(.*)$", text,
                                   re.M):
        variables.setdefault(name, []).extend(
            word.strip('"') for word in values.split())
    start = text.index("profile %s " % unit)
    end = text.find("\nprofile ", start)
    for path, rights in re.findall(
            r'^\s*(?:owner\s+)?"?((?:/|@\{)[^\s",]*(?:,[^\s"]*)*)"?\s+'
            r"(\w+),", text[start:end if end > 0 else None], re.M):
        for one in substituted(path, variables):
            one = re.sub("//+", "/", one)
            yield from ((re.compile(glob_of(a)), rights)
                        for a in alternatives(one))


def substituted(path, variables):
    found = re.search(r"@\{(\w+)\}", path)
    if not found:
        return [path]
    return [one for value in variables.get(found[1], []) for one in
            substituted(path[:found.start()] + value + path[found.end():],
                        variables)]


def accesses(text):
    """(path, right) of what was opened, executed, unlinked, connected to."""
    for line in text.splitlines():
        found = re.search(
            r'\b(openat|open|execve|unlink|connect|chmod|chown|link|rename)'
            r'\((?:AT_FDCWD, |\d+, \{sa_family=AF_UNIX, sun_path=)?'
            r'"(/[^"]*)"(.*) = (-?\d+)', line)
        if not found or int(found[4]) < 0:
            continue
        call, path, rest = found[1], os.path.normpath(found[2]), found[3]
        if call == "execve":
            if path != "/proc/self/exe":    # the daemon, whose rule it is
                yield path, "x"
        elif call not in ("open", "openat"):
            yield path, "w"
        else:
            if not re.search(r"O_WRONLY", rest):
                yield path, "r"
            if re.search(r"O_WRONLY|O_RDWR|O_CREAT", rest):
                yield path, "w"


def real(path):
    """As the kernel sees it, for the links that lead to libraries."""
    path = re.sub(r"^/proc/(self|thread-self)", "/proc/1", path)
    return path if path.startswith("/proc") else os.path.realpath(path)


def denied(unit, rules):
    found = set()
    for path, right in accesses(trace_of(unit)):
        path = real(path)
        if not any(right in rights.lower() and rule.fullmatch(path)
                   for rule, rights in rules):
            found.add((path, right))
    return sorted(found)


OF_THE_SHELL = ("/tmp/*", "/usr/sbin/sendmail", "/bin/*", "/usr/bin/*")


def test_files_of_the_profile():
    """What the test's sendmail does, a script, is not the profile's."""
    for unit in UNITS:
        rules = list(profile_rules(unit))
        assert len(rules) > 100, len(rules)
        found = denied(unit, rules)
        if unit == "embargo-warnd":
            found = [one for one in found if not any(
                fnmatch.fnmatch(one[0], p) for p in OF_THE_SHELL)]
        assert found == [], "%s: %s" % (unit, found)
        home = "/var/lib/embargo-milter/gnupg"
        assert any(path.startswith(home) for path, _ in denied(
            unit, [rule for rule in rules if "embargo" not in
                   rule[0].pattern])), "sees nothing"


def main():
    for program in ("strace", "systemd-analyze", "apparmor_parser"):
        assert shutil.which(program), program + " is not there"
    if is_instrumented(os.path.join(BUILD, UNITS[0])):
        # what its runtime does is nothing that we ship; it looks for leaks
        # with ptrace(2), as strace does
        os.environ["ASAN_OPTIONS"] = os.environ.get("ASAN_OPTIONS", "") + \
            ":detect_leaks=0"
        return tap.run([("connections", test_connections)])
    return tap.run(tap.collect(globals()))


if __name__ == "__main__":
    sys.exit(main())
