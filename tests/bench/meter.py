"""Processor time and memory of processes, as Linux counts them."""
import ctypes
import math
import os
import resource
import struct
import time

import processes

LIBC = ctypes.CDLL(None, use_errno=True)
PERF_EVENT_OPEN = {"x86_64": 298, "aarch64": 241}
SOFTWARE, TASK_CLOCK, INHERIT, CLOEXEC = 1, 1, 2, 8
ATTR_SIZE = 112


def clock(pid):
    """Seconds of processor time of a process, all its threads, so far."""
    return time.clock_gettime((~pid << 3) | 2)


class Clocks:
    """with Clocks(pids) as used: ...; used.seconds

    What these processes used meanwhile.  What they start is not counted.
    """

    def __init__(self, pids):
        self.pids = list(pids)

    def total(self):
        return sum(clock(pid) for pid in self.pids)

    def __enter__(self):
        self.seconds = self.total()
        return self

    def __exit__(self, *_):
        self.seconds = self.total() - self.seconds


class Children:
    """As Clocks, for what this process has started and waited for."""

    @staticmethod
    def total():
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        return used.ru_utime + used.ru_stime

    def __enter__(self):
        self.seconds = self.total()
        return self

    def __exit__(self, *_):
        self.seconds = self.total() - self.seconds


def _open_counter(tid):
    attr = struct.pack("=IIQQQQQ", SOFTWARE, ATTR_SIZE, TASK_CLOCK, 0, 0, 0,
                       INHERIT).ljust(ATTR_SIZE, b"\0")
    number = PERF_EVENT_OPEN[os.uname().machine]
    fd = LIBC.syscall(number, ctypes.create_string_buffer(attr, ATTR_SIZE),
                      tid, -1, -1, CLOEXEC)
    if fd < 0:
        raise OSError(ctypes.get_errno(), "perf_event_open")
    return fd


class Trees:
    """As Clocks, with everything that the processes start and has ended.

    Takes perf_event_open(2), which containers tend to forbid: then `seconds`
    is not a number.
    """

    def __init__(self, pids):
        found = {one for pid in pids
                 for one in [pid, *processes.descendants(pid)]}
        self.tids = [int(tid) for pid in found
                     for tid in os.listdir("/proc/%d/task" % pid)]

    def __enter__(self):
        self.fds, self.seconds = [], 0
        try:
            for tid in self.tids:
                self.fds.append(_open_counter(tid))
        except (OSError, KeyError):
            self.seconds = math.nan
        return self

    def __exit__(self, *_):
        for fd in self.fds:
            self.seconds += struct.unpack("=Q", os.read(fd, 8))[0] / 1e9
            os.close(fd)


def forget_peak(pid):
    """The peak of its memory begins anew."""
    with open("/proc/%d/clear_refs" % pid, "w") as file:
        file.write("5")


def peak(pid):
    """Bytes since forget_peak()."""
    return processes.rss(pid, "VmHWM") * 1024


def resident(pid):
    return processes.rss(pid, "VmRSS") * 1024
