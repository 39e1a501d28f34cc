"""Redis in every kind of trouble: context managers, given a PrivateRedis.

    for name, trouble in TROUBLES:
        with trouble(redis):
            ...
"""
import contextlib
import os
import signal
import socket
import threading
import time

import tap
from processes import freeze


@contextlib.contextmanager
def stopped(redis):
    redis.kill()
    yield
    redis.start()


@contextlib.contextmanager
def frozen(redis):
    freeze(redis.process.pid)
    yield
    redis.process.send_signal(signal.SIGCONT)


@contextlib.contextmanager
def configured(redis, name, value, back):
    redis("CONFIG", "SET", name, value)
    yield
    redis("CONFIG", "SET", name, back)


def out_of_memory(redis):
    return configured(redis, "maxmemory", 1, 0)


def too_few_replicas(redis):
    return configured(redis, "min-replicas-to-write", 1, 0)


@contextlib.contextmanager
def read_only(redis):
    redis("REPLICAOF", "127.0.0.1", "1")
    yield
    redis("REPLICAOF", "NO", "ONE")


@contextlib.contextmanager
def password_changed(redis):
    redis("CONFIG", "SET", "requirepass", "x")
    redis("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
    yield
    redis("CONFIG", "SET", "requirepass", "")


@contextlib.contextmanager
def not_permitted(redis):
    redis("ACL", "SETUSER", "default", "-evalsha", "-eval")
    yield
    redis("ACL", "SETUSER", "default", "+@all")


@contextlib.contextmanager
def foreign_data(redis):
    redis("SET", "embargo:{distros}:schema", "99")
    yield
    redis("DEL", "embargo:{distros}:schema")


@contextlib.contextmanager
def wrong_type(redis):
    redis("SET", "embargo:{distros}:issues", "x")
    redis("SET", "embargo:{distros}:schema", "2")
    yield
    redis("DEL", "embargo:{distros}:issues")


@contextlib.contextmanager
def loading(redis):
    """It loads its data for some seconds, and says so."""
    for i in range(400):
        redis("SET", "filler%d" % i, "x" * 100)
    redis("SAVE")
    if redis("CONFIG", "GET", "appendonly")[1] == "yes":
        redis("BGREWRITEAOF")
        tap.poll(lambda: "aof_rewrite_in_progress:0" in redis(
            "INFO", "persistence"))
    redis.kill()
    redis.start("--key-load-delay", "20000",
                "--loading-process-events-interval-bytes", "1024",
                wait=False)
    tap.poll(lambda: os.path.exists(redis.socket))
    yield
    redis.kill()
    redis.start()
    for i in range(400):
        redis("DEL", "filler%d" % i)
    os.unlink(redis.folder + "/dump.rdb")


class Impostor:
    """Listens where Redis did and answers nonsense."""

    def __init__(self, redis, reply, pause=0):
        self.redis, self.reply, self.pause = redis, reply, pause
        self.socks = []

    def __enter__(self):
        self.redis.kill()
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(self.redis.socket)
        os.chmod(self.redis.socket, 0o777)
        self.listener.listen(64)
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            try:
                sock, _ = self.listener.accept()
            except OSError:
                return
            self.socks.append(sock)
            threading.Thread(target=self.answer, args=(sock,),
                             daemon=True).start()

    def answer(self, sock):
        with sock, contextlib.suppress(OSError):
            if self.reply is None:
                return
            while sock.recv(65536):
                for chunk in (self.reply if self.pause else [self.reply]):
                    sock.sendall(bytes([chunk]) if self.pause else chunk)
                    time.sleep(self.pause)

    def __exit__(self, *_):
        for sock in [self.listener, *self.socks]:
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)     # wakes its thread
        self.listener.close()
        os.unlink(self.redis.socket)
        self.redis.start()


def impostor(reply, pause=0):
    return lambda redis: Impostor(redis, reply, pause)


TROUBLES = [
    ("stopped", stopped), ("frozen", frozen), ("loading", loading),
    ("a read-only replica", read_only), ("out of memory", out_of_memory),
    ("short of replicas", too_few_replicas),
    ("with another password", password_changed),
    ("forbidding scripts", not_permitted), ("of another schema",
                                            foreign_data),
    ("holding other types", wrong_type),
    ("hanging up at once", impostor(None)),
    ("silent", impostor(b"")),
    ("talking garbage", impostor(b"\0\xff garbage \r\n" * 100)),
    ("dripping", impostor(b"*3\r\n$2\r\nok\r\n" * 100, pause=0.1)),
    ("promising a gigabyte", impostor(b"$1000000000\r\n")),
    ("nested without end", impostor(b"*1\r\n" * 100000)),
    ("answering nothing", impostor(b"$-1\r\n")),
    ("answering a number", impostor(b":1\r\n")),
    ("answering an empty list", impostor(b"*0\r\n")),
    ("answering OK", impostor(b"+OK\r\n")),
    ("answering MASTERDOWN", impostor(b"-MASTERDOWN Link is down\r\n")),
    ("answering MISCONF", impostor(b"-MISCONF Redis is configured\r\n")),
    ("answering NOSCRIPT for ever", impostor(b"-NOSCRIPT No script\r\n")),
    ("answering MOVED", impostor(b"-MOVED 1 127.0.0.1:1\r\n"))]
