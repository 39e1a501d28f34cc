"""Stands between the filter and Redis, and acts at a chosen command.

    with CuttingProxy(redis.socket) as proxy:       # proxy.path to connect to
        proxy.plan(3, "before", rig.kill)
        proxy.plan(3, "after", proxy.nothing)

Commands are counted from plan() on, whichever connection brings them.  Before:
the command never reaches Redis.  After: Redis has done it, and its reply goes
nowhere.  Either way the action is called and the connection is closed.
"""
import contextlib
import os
import shutil
import socket
import tempfile
import threading


def read_reply(file):
    """One reply or command as it is on the wire; None at the end."""
    line = file.readline()
    if not line.endswith(b"\r\n"):
        return None
    kind, count = line[:1], line[1:-2]
    if kind == b"$" and int(count) >= 0:
        return line + file.read(int(count) + 2)
    if kind != b"*":
        return line
    parts = [read_reply(file) for _ in range(int(count))]
    return None if None in parts else line + b"".join(parts)


class CuttingProxy:
    def __init__(self, server):
        self.server = server
        self.folder = tempfile.mkdtemp(prefix="proxy-", dir="/tmp")
        os.chmod(self.folder, 0o755)
        self.path = os.path.join(self.folder, "s")
        self.lock = threading.Lock()
        self.seen, self.target = 0, None
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(self.path)
        os.chmod(self.path, 0o777)
        self.listener.listen(64)
        threading.Thread(target=self._serve, daemon=True).start()

    @staticmethod
    def nothing():
        """An action: the connection is cut, no more."""

    def plan(self, number=0, when="before", action=None):
        """At the number-th command from now; 0: never, only count."""
        with self.lock:
            self.seen, self.target = 0, (number, when, action)

    def has_acted(self):
        with self.lock:
            return self.target is None

    def _serve(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._relay, args=(client,),
                             daemon=True).start()

    def _relay(self, client):
        with contextlib.suppress(OSError), client, \
                socket.socket(socket.AF_UNIX) as server:
            server.connect(self.server)
            with client.makefile("rb") as asked, \
                    server.makefile("rb") as told:
                while self._pass(client, asked, server, told):
                    continue

    def _pass(self, client, asked, server, told):
        command = read_reply(asked)
        if command is None:
            return False
        number = self._count()
        if self._acts(number, "before"):
            return False
        server.sendall(command)
        reply = read_reply(told)
        if reply is None or self._acts(number, "after"):
            return False
        client.sendall(reply)
        return True

    def _count(self):
        with self.lock:
            self.seen += 1
            return self.seen

    def _acts(self, number, when):
        with self.lock:
            if self.target is None or self.target[:2] != (number, when):
                return False
            action, self.target = self.target[2], None
        action()
        return True

    def close(self):
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
