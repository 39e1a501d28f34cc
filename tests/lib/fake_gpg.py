"""A gpg, or gpgsm, that does as the test says, found before the real one by
gpgme.

    with FakeGpg() as gpg, Rig(environment=gpg.environment) as rig:
        gpg.set("hang")

Modes: real; slow (but real); missing; exit (at once, silently); fail; kill
(itself); hang; stubborn (hangs with a child, both deaf to SIGTERM); garbage;
flood (output without end); babble (status lines without end); die and lie
(begins to read, then kills itself or fails).  pids() are those of all gpg
processes that were started.
"""
import os
import shutil
import signal
import tempfile

from account import give

SCRIPT = '''#!/bin/sh
echo $$ >>{folder}/pids
status() {{
	previous=
	for word; do
		[ "$previous" = --status-fd ] && fd=$word
		previous=$word
	done
	eval "$say >&$fd"
}}
case $(cat {folder}/mode) in
real) exec {real} "$@" ;;
exit) exit 0 ;;
fail) echo "gpg: oh no" >&2; exit 2 ;;
kill) kill -9 $$ ;;
hang) exec sleep 600 ;;
slow) sleep 0.15; exec {real} "$@" ;;
stubborn) trap "" TERM; sleep 600 & echo $! >>{folder}/pids; exec sleep 600 ;;
babble) say='yes "[GNUPG:] PROGRESS need_entropy X 30 120"'; status "$@" ;;
die) say='echo "[GNUPG:] ENC_TO 0 18 0"'; status "$@"; kill -9 $$ ;;
lie) say='echo "[GNUPG:] ENC_TO 0 18 0"'; status "$@"; exit 2 ;;
garbage) head -c 100000 /dev/urandom ;;
flood) exec cat /dev/zero ;;
esac
'''
# gpgme asks gpgconf where gpg is.
CONF_SCRIPT = '''#!/bin/sh
{real} "$@" |
    sed 's|^{program}:\\([^:]*\\):.*|{program}:\\1:{folder}/bin/{program}|'
'''


class FakeGpg:
    def __init__(self, program="gpg"):
        self.program = program
        self.folder = tempfile.mkdtemp(prefix="fake-", dir="/tmp")
        self.bin = os.path.join(self.folder, "bin")
        self.path = os.path.join(self.bin, program)
        os.mkdir(self.bin)
        self._write(program, SCRIPT)
        self._write("gpgconf", CONF_SCRIPT)
        self.set("real")
        with open(os.path.join(self.folder, "pids"), "w"):
            pass
        give(self.folder)
        os.chmod(self.folder, 0o755)
        os.chmod(os.path.join(self.folder, "pids"), 0o666)
        self.environment = {"PATH": self.bin + ":" + os.environ["PATH"]}

    def _write(self, name, script):
        path = os.path.join(self.bin, name)
        with open(path, "w") as file:
            file.write(script.format(folder=self.folder,
                                     program=self.program,
                                     real=shutil.which(name)))
        os.chmod(path, 0o755)

    def set(self, mode):
        with open(os.path.join(self.folder, "mode"), "w") as file:
            file.write(mode)
        if mode == "missing":
            os.rename(self.path, self.path + ".away")
        elif not os.path.exists(self.path):
            os.rename(self.path + ".away", self.path)

    def pids(self):
        try:
            with open(os.path.join(self.folder, "pids")) as file:
                return [int(line) for line in file]
        except FileNotFoundError:
            return []

    def living(self):
        """Those that still run."""
        return [pid for pid in self.pids() if _is_ours(pid, self.folder)]

    def close(self):
        for pid in self.living():
            os.kill(pid, signal.SIGKILL)
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def _is_ours(pid, folder):
    """Does pid live, and is it not another process by now?"""
    try:
        with open("/proc/%d/stat" % pid) as file:
            if file.read().rsplit(")", 1)[1].split()[0] == "Z":
                return False
        with open("/proc/%d/environ" % pid, "rb") as file:
            return folder.encode() in file.read()
    except OSError:
        return False
