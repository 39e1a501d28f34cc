"""What /proc tells of a daemon and the processes below it."""
import contextlib
import os
import re
import signal
import threading

import tap


def is_instrumented(path):
    """Was the program built for sanitizers, or for gcov?  They add memory,
    files and system calls of their own."""
    with open(path, "rb") as file:
        program = file.read()
    return any(word in program for word in (
        b"__asan_init", b"__tsan_init", b"__ubsan_handle", b"gcov_"))


def can_wipe(path):
    """Can its malloc wipe what is freed?  ThreadSanitizer's cannot."""
    with open(path, "rb") as file:
        return b"__tsan_init" not in file.read()


def rss(pid, field="VmHWM"):
    """Kilobytes; 0 for a process that is gone."""
    try:
        with open("/proc/%d/status" % pid) as file:
            return int(re.search(field + r":\s+(\d+)", file.read())[1])
    except (OSError, TypeError):
        return 0


def descendants(pid):
    """Processes below pid, gpg-agent's not counted."""
    found = []
    for name in os.listdir("/proc"):
        try:
            with open("/proc/%s/stat" % name) as file:
                head, _, tail = file.read().rpartition(")")
        except (OSError, ValueError):
            continue
        if int(tail.split()[1]) == pid and "gpg-agent" not in head:
            found += [int(name), *descendants(int(name))]
    return found


class Watch(threading.Thread):
    """The largest process below the daemon while it runs."""

    def __init__(self, pid):
        super().__init__(daemon=True)
        self.pid, self.peak, self.ended = pid, 0, threading.Event()

    def run(self):
        while not self.ended.wait(0.002):
            for pid in descendants(self.pid):
                self.peak = max(self.peak, rss(pid))

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.ended.set()
        self.join()


def freeze(pid):
    """Stop it with SIGSTOP; all its threads have stopped then.

    Until the thread that gets the signal has a processor, the others go on.
    """
    def states():
        for task in os.listdir("/proc/%d/task" % pid):
            with contextlib.suppress(FileNotFoundError):    # it has ended
                with open("/proc/%d/task/%s/stat" % (pid, task)) as file:
                    yield file.read().rpartition(")")[2].split()[0]

    os.kill(pid, signal.SIGSTOP)
    tap.poll(lambda: set(states()) == {"T"}, pause=0.001)


def is_alive(pid):
    """Is it there, and no zombie?"""
    try:
        with open("/proc/%d/stat" % pid) as file:
            return file.read().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False
