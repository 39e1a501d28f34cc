"""A host of the test's own, with Debian's stock Postfix and Redis.

enter() runs the calling program again in namespaces: its network is a loopback
interface, its processes end with it, and its /etc, /run, /usr/local and what
matters of /var are copies or empty.  So a test may install, make accounts,
edit main.cf and listen on port 25 as an administrator would.  Needs root.
"""
import ctypes
import fcntl
import os
import re
import shlex
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import threading

from private_postfix import wait_for

INSIDE = "BARE_HOST"
NAME = "mx.example.org"
DOMAIN = "example.org"
# A fresh folder each: owner, mode.
FOLDERS = {
    "/var/spool/postfix": ("root", 0o755),
    "/var/log/redis": ("redis", 0o750),
    "/var/mail": ("root:mail", 0o2775),
    "/usr/local": ("root", 0o755),
    "/run": ("root", 0o755),
}
# What Debian's postfix package adds to main.cf.debian for an internet site.
SITE = """
myhostname = %s
alias_maps = hash:/etc/aliases
alias_database = hash:/etc/aliases
mydestination = $myhostname, %s, localhost
relayhost =
mynetworks = 127.0.0.0/8
mailbox_size_limit = 0
recipient_delimiter = +
inet_interfaces = all
inet_protocols = ipv4
""" % (NAME, DOMAIN)


def sh(command, given=None, code=0):
    """A line of shell as root would type it; its output."""
    done = subprocess.run(["bash", "-c", command], input=given,
                          stdin=None if given else subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          timeout=300)
    text = done.stdout.decode(errors="replace")
    assert code is None or done.returncode == code, "%s: exit %d: %s" % (
        command, done.returncode, text[-3000:])
    return text


def problems(text):
    """What embargoctl check complains of.  No namespace has a clock of its
    own: whether a time server keeps it is the machine's matter."""
    return [line for line in text.split("\n") if "PROBLEM" in line and
            " clock: kept by no" not in line]


def enter():
    """Go inside; when this program has ended there, so does it here."""
    if INSIDE in os.environ:
        prepare(os.environ[INSIDE])
        return
    folder = tempfile.mkdtemp(prefix="host-")
    try:
        code = subprocess.call(
            ["unshare", "--mount", "--propagation", "unchanged",
             sys.executable, __file__, sys.executable, *sys.argv],
            env={**os.environ, INSIDE: folder})
    finally:
        shutil.rmtree(folder)
    sys.exit(code)


def leave(words):
    """In mounts of our own now: all the other namespaces, then the words."""
    own_mounts()
    os.execvp("unshare", [
        "unshare", "--mount", "--net", "--pid", "--uts", "--fork",
        "--kill-child", "--mount-proc", "--propagation", "unchanged", *words])


def own_mounts():
    """No mount of ours is seen outside.  In a chroot / is no mount that has a
    name; so this goes out of it, and back."""
    here = os.open(".", os.O_RDONLY | os.O_DIRECTORY)
    inside = os.open("/", os.O_RDONLY | os.O_DIRECTORY)
    os.chroot(os.environ[INSIDE])
    os.fchdir(inside)
    for _ in range(100):
        os.chdir("..")
    recursive_private = 1 << 14 | 1 << 18
    libc = ctypes.CDLL(None, use_errno=True)
    failed = libc.mount(None, b".", None, recursive_private, None)
    os.fchdir(inside)
    os.chroot(".")
    os.fchdir(here)
    assert not failed, os.strerror(ctypes.get_errno())


def bind(folder, path):
    """What is at `path` now is in the folder; the host's own is hidden."""
    subprocess.run(["mount", "--rbind", folder, path], check=True)


def fresh(path, owner, mode):
    os.mkdir(path)
    subprocess.run(["chown", owner, path], check=True)
    os.chmod(path, mode)
    return path


def hide_var_lib(folder):
    """The host's, by links; ours and what the daemons write is new."""
    old, new = folder + "/old", fresh(folder + "/new", "root", 0o755)
    os.mkdir(old)
    bind("/var/lib", old)
    fresh(new + "/postfix", "postfix", 0o755)
    fresh(new + "/redis", "redis", 0o750)
    for name in set(os.listdir(old)) - {"postfix", "redis",
                                        "embargo-milter"}:
        os.symlink("%s/%s" % (old, name), "%s/%s" % (new, name))
    bind(new, "/var/lib")


def prepare(folder):
    os.chmod(folder, 0o755)
    subprocess.run(["cp", "-a", "/etc", folder + "/etc"], check=True)
    shutil.rmtree(folder + "/etc/embargo-milter", ignore_errors=True)
    bind(folder + "/etc", "/etc")
    for number, (path, look) in enumerate(FOLDERS.items()):
        bind(fresh("%s/%d" % (folder, number), *look), path)
    hide_var_lib(folder)
    hide_dev(folder)
    raise_loopback()
    sh("hostname " + NAME)
    write("/etc/hosts", "127.0.0.1 %s localhost\n" % NAME)
    write("/etc/resolv.conf", "")
    write("/etc/mailname", DOMAIN + "\n")


def hide_dev(folder):
    """The host's devices in a /dev that may have a socket for syslog."""
    new = fresh(folder + "/dev", "root", 0o755)
    for name in ("null", "zero", "full", "random", "urandom", "tty", "pts",
                 "shm"):
        where = "%s/%s" % (new, name)
        if os.path.isdir("/dev/" + name):
            os.mkdir(where)
        else:
            write(where, "")
        bind("/dev/" + name, where)
    os.symlink("pts/ptmx", new + "/ptmx")
    for name in ("fd", "stdin", "stdout", "stderr"):
        os.symlink(os.readlink("/dev/" + name), "%s/%s" % (new, name))
    bind(new, "/dev")


def start_syslog():
    """Lines as a syslog daemon writes them, in /run/syslog."""
    sink = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    sink.bind("/dev/log")
    os.chmod("/dev/log", 0o666)

    def receive():
        while True:
            text = sink.recv(65536).decode(errors="replace")
            line = re.sub(r"^<\d+>(.{15}) ", r"\1 mx ", text).rstrip("\n\0")
            with open("/run/syslog", "a") as file:
                file.write(line + "\n")
    write("/run/syslog", "")
    threading.Thread(target=receive, daemon=True).start()


def raise_loopback():
    """ip link set lo up, without ip."""
    with socket.socket() as any_socket:
        fcntl.ioctl(any_socket, 0x8914, struct.pack("16sh", b"lo", 0x49))


def write(path, text):
    with open(path, "w") as file:
        file.write(text)


def read(path):
    with open(path) as file:
        return file.read()


def answers(port):
    try:
        with socket.create_connection(("127.0.0.1", port), 5):
            return True
    except OSError:
        return False


def start_redis():
    """As Debian's unit starts it, with Debian's redis.conf."""
    os.mkdir("/run/redis")
    sh("chown redis:redis /run/redis")
    start("redis", "redis-server /etc/redis/redis.conf --daemonize no")
    wait_for(lambda: answers(6379), about="redis-server")


def start_postfix(*accounts):
    """Debian's main.cf and master.cf, and accounts with mailboxes."""
    for account in accounts:
        sh("useradd -M " + account)
    write("/etc/postfix/main.cf", "\n".join(
        line for line in read("/usr/share/postfix/main.cf.debian").split(
            "\n") if not line.startswith("smtpd_tls")) + SITE)
    shutil.copy("/usr/share/postfix/master.cf.dist", "/etc/postfix/master.cf")
    sh("newaliases && /usr/lib/postfix/configure-instance.sh - && "
       "postfix start")
    wait_for(lambda: answers(25), about="smtpd")


def start(user, command):
    """In the background, as that user; it ends with this host."""
    with open("/run/%s.log" % command.split()[0].split("/")[-1], "ab") as log:
        return subprocess.Popen(
            ["runuser", "-u", user, "--", *shlex.split(command)],
            stdin=subprocess.DEVNULL, stdout=log, stderr=log)


# What a test needs of systemd: start what a unit says.
SYSTEMCTL = r'''#!/bin/sh
# systemctl enable --now UNIT...
[ "$1 $2" = "enable --now" ] || exit 64
shift 2
for unit in "$@"; do
	file=$(ls /usr/lib/systemd/system/$unit.service \
	    /usr/local/lib/systemd/system/$unit.service 2>/dev/null | head -n 1)
	value() { sed -n "s/^$1=//p" "$file" | head -n 1; }
	run=$(value RuntimeDirectory)
	[ -z "$run" ] || install -d -o "$(value User)" -m 755 "/run/$run"
	setsid runuser -u "$(value User)" -- $(value ExecStart) \
	    </dev/null >>"/run/$unit.log" 2>&1 &
done
'''


def add_systemctl():
    os.makedirs("/usr/local/bin", exist_ok=True)
    write("/usr/local/bin/systemctl", SYSTEMCTL)
    os.chmod("/usr/local/bin/systemctl", 0o755)


if __name__ == "__main__":
    leave(sys.argv[1:])
