"""A redis-server of the test's own on a unix socket, and a client for it."""
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time


class RedisError(Exception):
    pass


class Client:
    """One connection; commands are lists of words, numbers or bytes."""

    def __init__(self, path, timeout=10):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(timeout)
        self.sock.connect(path)
        self.file = self.sock.makefile("rb")

    def send(self, *words):
        out = [b"*%d\r\n" % len(words)]
        for word in words:
            if not isinstance(word, bytes):
                word = str(word).encode()
            out.append(b"$%d\r\n%s\r\n" % (len(word), word))
        self.sock.sendall(b"".join(out))

    def read(self):
        line = self.file.readline()
        if not line:
            raise ConnectionError("the server closed the connection")
        kind, rest = line[:1], line[1:-2]
        if kind == b"+":
            return rest.decode()
        if kind == b"-":
            raise RedisError(rest.decode())
        if kind == b":":
            return int(rest)
        if int(rest) < 0:
            return None
        if kind == b"$":
            return self.file.read(int(rest) + 2)[:-2].decode(
                errors="surrogateescape")
        return [self.read() for _ in range(int(rest))]

    def __call__(self, *words):
        self.send(*words)
        return self.read()

    def close(self):
        self.file.close()
        self.sock.close()


class PrivateRedis:
    """`with PrivateRedis() as redis:`; redis("GET", "x") asks it.

    program: the words of another program with the same options.
    """

    def __init__(self, *options, program=("redis-server",), password=None):
        self.options = options
        self.program = program
        self.password = password
        self.folder = tempfile.mkdtemp(prefix="redis-")
        os.chmod(self.folder, 0o755)    # the daemons are somebody else
        self.socket = os.path.join(self.folder, "s")
        self.client = None
        self.start()

    def start(self, *more, wait=True):
        """Start it, with more options; without wait it may be loading."""
        self.process = subprocess.Popen(
            [*self.program, "--port", "0", "--unixsocket", self.socket,
             "--unixsocketperm", "777", "--dir", self.folder,
             "--logfile", os.path.join(self.folder, "redis.log"),
             "--save", "", "--appendonly", "no", *self.options, *more],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)
        if wait:
            self.wait()

    def wait(self):
        """Until it answers."""
        for _ in range(1000):
            try:
                self.client = self.connect()
                self.client("PING")
                return
            except (OSError, RedisError):
                time.sleep(0.01)
        raise RuntimeError("redis-server does not start")

    def kill(self):
        """End it as a crash would."""
        if self.client is not None:
            self.client.close()
            self.client = None
        self.process.send_signal(signal.SIGCONT)
        self.process.kill()
        self.process.wait()
        if os.path.exists(self.socket):
            os.unlink(self.socket)

    def __call__(self, *words):
        return self.client(*words)

    def connect(self):
        """Another connection, for MONITOR and the like."""
        client = Client(self.socket)
        if self.password is not None:
            client("AUTH", self.password)
        return client

    def hash(self, key):
        flat = self("HGETALL", key)
        return dict(zip(flat[::2], flat[1::2]))

    def stream(self, key):
        """The entries of a stream as dictionaries."""
        return [dict(zip(flat[::2], flat[1::2]))
                for _, flat in self("XRANGE", key, "-", "+")]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.kill()
        shutil.rmtree(self.folder)
