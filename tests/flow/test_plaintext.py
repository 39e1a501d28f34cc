"""What was decrypted stays nowhere, and nobody outside hears of it.

A marker stands inside the encryption of every mail here, and in the memory of
this test; it must be in no log, no Redis, no file, and in no memory of the
daemon or its keeper.  gpg is told by its own configuration to use the network.
"""
import contextlib
import os
import re
import socket
import subprocess
import sys
import threading
import time

import mails
import openpgp as pgp
import tap
from mails import mail, mixed, part
from milter_rig import PROGRAM
from processes import can_wipe, descendants
from sighted import (DOMAIN, MARK, MEMBER, TEXT, Site, bomb, crlf, entity,
                     soon)

NEEDLE = MARK.encode()
HOSTILE = """
auto-key-retrieve
auto-key-locate keyserver,wkd,pka,dane,cert,ldap
keyserver hkp://127.0.0.1:%(port)d
keyserver-options auto-key-retrieve,honor-keyserver-url,include-revoked
with-key-origin
"""


def all_sorts(site):
    """Messages that are accepted and refused, for every reason."""
    keys = site.keys
    said, _ = soon(5)
    dated = TEXT + ("\nCRD: %s\n" % said).encode()
    big = entity(TEXT * 30000)
    damaged = bytearray(pgp.dearmor(site.seal(entity(TEXT * 50), keys.member,
                                              None, "-z", "0")))
    damaged[-300] ^= 1
    bad = site.parts().replace(b"hole", b"bole")
    yield site.signed(dated)
    yield site.mail(site.seal(site.parts(part(dated))))
    yield site.mail(site.seal(entity(dated, encoding="base64")))
    yield site.mail(site.seal(bytes(mixed(part(dated), part(
        TEXT * 1000, encoding="quoted-printable", disposition="attachment"),
        mails.rfc822(mail(part(TEXT)))))))
    yield mail(part(site.seal(dated, keys.member)), sender=MEMBER)
    yield mail(mixed(*[part(site.seal(TEXT + bytes([48 + i]), keys.member))
                       for i in range(3)]), sender=MEMBER)
    yield site.mail(site.seal(crlf(big)))
    yield site.mail(bomb(site, 16 << 20))
    yield site.mail(pgp.armor(bytes(damaged)))
    yield site.mail(site.seal(bad))
    yield site.signed(sender="someone@example.net")
    yield site.signed(signer=keys.foreign)
    yield site.mail(unknown(site))
    # what its sender did not encrypt, the filter holds itself
    yield mail(part(TEXT))
    yield mail(part(TEXT * 20))
    yield mail(part(TEXT * 5000, encoding="base64"))
    yield mail(mixed(part(TEXT, "text/html"), part(site.seal(TEXT))))
    yield mail(part(TEXT), subject="[vs] " + MARK,
               lines=["X-Note: " + MARK, "Embargo-Until: " + MARK])


def unknown(site, *options):
    """Signed with a key that gpg might want to fetch."""
    keys = site.keys
    return keys.gpg("--armor", *options, "--sign", "-u", keys.stranger,
                    "-r", keys.list, "--encrypt", data=TEXT,
                    home=keys.public)


class Monitor(threading.Thread):
    """All that Redis is told."""

    def __init__(self, redis):
        super().__init__(daemon=True)
        self.client = redis.connect()
        self.client("MONITOR")
        self.lines = []

    def run(self):
        with contextlib.suppress(Exception):
            while True:
                self.lines.append(self.client.read())


def send_all(site, rounds):
    """Everything to every list; the reasons that were seen."""
    seen, count = set(), 0
    for _ in range(rounds):
        for message in all_sorts(site):
            for to in ("distros", "valid", "member", "open", "encrypt"):
                site.rig.send(message, [to + DOMAIN])
                seen.add(site.rig.last_line()["reason"])
                count += 1
    assert len(site.rig.lines()) == count >= 80 * rounds, count
    print("# %d messages" % count, flush=True)
    return seen


def files_below(*folders):
    for folder in folders:
        for parent, _, names in os.walk(folder):
            for name in names:
                path = os.path.join(parent, name)
                if os.path.isfile(path):
                    yield path


def in_memory(pid, needle):
    """Where needle stands in the memory of a process."""
    found = []
    with open("/proc/%d/maps" % pid) as maps, \
            open("/proc/%d/mem" % pid, "rb") as memory:
        for line in maps:
            words = line.split()
            if "r" not in words[1] or "[v" in line:
                continue
            start, end = (int(n, 16) for n in words[0].split("-"))
            if end - start > 1 << 32:
                continue    # AddressSanitizer's own, hardly any of it there
            memory.seek(start)
            with contextlib.suppress(OSError, OverflowError):
                if needle in memory.read(end - start):
                    found.append(line.strip())
    return found


def test_no_trace_of_plaintext(site, rounds):
    redis = site.rig.redis
    redis("CONFIG", "SET", "rdbcompression", "no")
    monitor = Monitor(redis)
    monitor.start()
    seen = send_all(site, rounds)
    assert seen >= {"pgp-mime", "pgp-inline", "undecryptable", "too-big",
                    "bad-signature", "unsigned", "cleartext",
                    "partly-cleartext", "not-a-member",
                    "not-the-signer"}, seen
    time.sleep(1)
    redis("SAVE")
    pid = site.rig.process.pid
    processes = [pid, *descendants(pid)]
    assert len(processes) == 2, processes       # the keeper
    for one in processes:
        assert in_memory(one, b"embargo-"), "nothing can be read there"
        assert not can_wipe(PROGRAM) or in_memory(one, NEEDLE) == [], one
    assert in_memory(os.getpid(), NEEDLE), "the test itself holds it"
    assert any("EVALSHA" in line.upper() for line in monitor.lines)
    assert not any(MARK in line for line in monitor.lines)
    paths = list(files_below(site.rig.folder, redis.folder,
                             site.keys.folder))
    assert any(path.endswith("dump.rdb") for path in paths), paths
    assert any(path.endswith("pubring.kbx") for path in paths), paths
    for path in paths:
        with open(path, "rb") as file:
            assert NEEDLE not in file.read(), path


class Trap(threading.Thread):
    """A key server that counts who comes."""

    def __init__(self):
        super().__init__(daemon=True)
        self.sock = socket.socket()
        self.sock.bind(("127.0.0.1", 0))
        self.sock.listen(16)
        self.port = self.sock.getsockname()[1]
        self.visits = 0

    def run(self):
        with contextlib.suppress(OSError):
            while True:
                self.sock.accept()[0].close()
                self.visits += 1


@contextlib.contextmanager
def traced(pids, path, calls):
    command = ["strace", "-f", "-qq", "-o", path, "-e", "trace=" + calls]
    for pid in pids:
        command += ["-p", str(pid)]
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL,
                               stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)
    try:
        tap.poll(lambda: all(is_traced(pid) for pid in pids))
        yield
    finally:
        process.terminate()
        process.wait()


def is_traced(pid):
    with open("/proc/%d/status" % pid) as file:
        return "TracerPid:\t0\n" not in file.read()


@contextlib.contextmanager
def hostile_conf(site):
    """gpg.conf asks for the network; the trap that it names."""
    trap = Trap()
    trap.start()
    path = os.path.join(site.keys.home, "gpg.conf")
    with open(path) as file:
        before = file.read()
    with open(path, "a") as file:
        file.write(HOSTILE % {"port": trap.port})
    try:
        yield trap
    finally:
        with open(path, "w") as file:
            file.write(before)
        trap.sock.close()


def test_no_network_and_no_file(site, _):
    """What gpg.conf asks for, and a signature that says where its key is."""
    pid = site.rig.process.pid
    trace = os.path.join(site.folder, "trace")
    with hostile_conf(site) as trap:
        url = "hkp://127.0.0.1:%d" % trap.port
        with traced([pid, *descendants(pid)], trace,
                    "socket,connect,sendto,sendmsg,openat,open,creat,execve"):
            for message in (site.signed(), site.mail(unknown(site)),
                            site.mail(unknown(
                                site, "--sig-keyserver-url", url)),
                            site.mail(site.seal(site.parts()))):
                for to in ("distros", "valid", "member", "encrypt"):
                    site.rig.send(message, [to + DOMAIN])
            answer = site.rig.send(mail(part(TEXT)), ["encrypt" + DOMAIN])
            assert answer.others, answer        # it was encrypted
        assert trap.visits == 0, trap.visits
        assert not os.path.exists(site.keys.home + "/S.dirmngr")
        # left to itself gpg goes there: the trap works
        site.keys.gpg("--decrypt", data=unknown(
            site, "--sig-keyserver-url", url), check=False)
        assert trap.visits > 0
    with open(trace, errors="replace") as file:
        lines = file.read().splitlines()
    assert sum("execve(" in line and "/gpg\"" in line
               for line in lines) > 15, len(lines)
    check_sockets(lines)
    check_files(site, lines)


def check_sockets(lines):
    assert any("AF_UNIX" in line for line in lines)
    for line in lines:
        assert "AF_INET" not in line and "AF_NETLINK" not in line, line
        assert "dirmngr" not in line or "--disable-dirmngr" in line or \
            "ENOENT" in line, line


def check_files(site, lines):
    """Whatever is opened to be written is gpg's own, or no file at all."""
    for line in lines:
        found = re.search(r'(?:openat|open|creat)\((?:AT_FDCWD, )?"([^"]*)"'
                          r".*O_(?:WRONLY|RDWR|CREAT|TRUNC).*= \d", line)
        if not found:
            continue
        path = found[1]
        assert path in ("/dev/null", "/dev/tty") or re.fullmatch(
            re.escape(site.keys.home) + r"/(\.#lk\S*|\S*\.lock|trustdb\.gpg|"
            r"random_seed|tofu\.db)", path), line


def main(rounds=1):
    encrypting = {"name": "encrypt", "address": ["encrypt" + DOMAIN],
                  "decrypt": True, "cleartext": "encrypt"}
    with Site([encrypting], max_message="2M") as site:
        return tap.run(tap.collect(globals(), site, int(rounds)))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))
