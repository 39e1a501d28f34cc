"""Several redis-servers and sentinels of the test's own, on loopback.

    with RedisGroup() as group:
        group.master()("GET", "x")
        group.master().kill()           # as a crash would
        group.wait_for_failover(old)

A master, replicas that follow it, and real redis-sentinels that notice within
a second when it is gone.  Servers and sentinels ask for passwords.
"""
import os
import socket

from private_redis import PrivateRedis, RedisError
import tap

NAME = "embargo"
PASSWORD = "for-redis"
SENTINEL_PASSWORD = "for-sentinels"
SENTINEL_CONF = """\
requirepass {sentinel_password}
sentinel monitor {name} 127.0.0.1 {master} {quorum}
sentinel auth-pass {name} {password}
sentinel down-after-milliseconds {name} 800
sentinel failover-timeout {name} 3000
sentinel sentinel-pass {sentinel_password}
"""


def free_port():
    """A TCP port that nobody listens on just now."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]


class Server(PrivateRedis):
    """A redis-server on a port, and on a socket for the test."""

    def __init__(self, *options):
        self.port = free_port()
        super().__init__("--port", str(self.port), "--bind", "127.0.0.1",
                         "--requirepass", PASSWORD, "--masterauth", PASSWORD,
                         "--repl-diskless-sync-delay", "0", *options,
                         password=PASSWORD)

    def __call__(self, *words):
        """Sentinels close a server's connections when its role changes."""
        try:
            return super().__call__(*words)
        except OSError:
            self.client.close()
            self.client = self.connect()
            return super().__call__(*words)

    def role(self):
        return self("ROLE")[0]

    def is_in_step(self):
        """Is it a replica that has all of its master's data?"""
        role = self("ROLE")
        return role[0] == "slave" and role[3] == "connected"


class Sentinel(PrivateRedis):
    """A redis-sentinel that monitors the master on a port."""

    def __init__(self, master_port, quorum):
        self.port = free_port()
        self.text = SENTINEL_CONF.format(
            master=master_port, quorum=quorum, name=NAME, password=PASSWORD,
            sentinel_password=SENTINEL_PASSWORD)
        super().__init__("--port", str(self.port), "--bind", "127.0.0.1",
                         password=SENTINEL_PASSWORD)

    def start(self):
        conf = os.path.join(self.folder, "conf")
        if not os.path.exists(conf):    # it writes down there what it learns
            with open(conf, "w") as file:
                file.write(self.text)
        self.program = ["redis-sentinel", conf]
        super().start()

    def master(self):
        """The port of the server that it holds for the master."""
        return int(self("SENTINEL", "get-master-addr-by-name", NAME)[1])

    def sees(self):
        """How many other sentinels and replicas are up, as far as it knows."""
        def count(what, flags):
            return sum(dict(zip(one[::2], one[1::2]))["flags"] == flags
                       for one in self("SENTINEL", what, NAME))
        return count("SENTINELS", "sentinel"), count("REPLICAS", "slave")


class RedisGroup:
    """options: of the servers.  Without "--appendonly", "yes" one that crashed
    comes back empty, with "--appendfsync", "everysec" it can lack the last
    second, and takes the rest with it when it is made master again."""

    def __init__(self, replicas=2, sentinels=3, options=()):
        self.servers, self.sentinels = [], []
        try:
            first = Server(*options)
            self.servers.append(first)
            for _ in range(replicas):
                self.servers.append(Server(*options))
                self.servers[-1]("REPLICAOF", "127.0.0.1", first.port)
            tap.poll(lambda: all(s.is_in_step() for s in self.servers[1:]))
            for _ in range(sentinels):
                self.sentinels.append(Sentinel(first.port,
                                               sentinels // 2 + 1))
            tap.poll(self.is_seen, 30)
        except BaseException:
            self.close()
            raise

    def is_seen(self):
        """Does each sentinel see all the others and all replicas?"""
        return all(s.sees() == (len(self.sentinels) - 1,
                                len(self.servers) - 1)
                   for s in self.sentinels)

    def addresses(self):
        """What redis.sentinels says."""
        return ["127.0.0.1:%d" % s.port for s in self.sentinels]

    def alive(self):
        return [s for s in self.servers if s.client is not None]

    def master(self):
        """The one that the sentinels name and that agrees."""
        for server in self.alive():
            if {s.master() for s in self.sentinels} == {server.port} and \
                    server.role() == "master":
                return server
        return None

    def replicas(self):
        return [s for s in self.alive() if s.role() == "slave"]

    def switch(self):
        """Ask a sentinel for another master, as an operator does."""
        tap.poll(self.is_seen)
        self.sentinels[0]("SENTINEL", "FAILOVER", NAME)

    def wait_for_failover(self, old, seconds=20):
        """Until another than the old one is master; it."""
        return tap.poll(lambda: self.master() not in (None, old) and
                        self.master(), seconds)

    def is_whole(self):
        """Are all servers but one replicas, also for the master?"""
        count = len(self.servers) - 1
        try:
            master = self.master()
            return master is not None and \
                sum(s.is_in_step() for s in self.alive()) == count and \
                master("WAIT", count, 100) == count
        except (OSError, RedisError):
            return False

    def wait_until_whole(self, seconds=20):
        tap.poll(self.is_whole, seconds)

    def close(self):
        for one in self.sentinels + self.servers:
            one.__exit__()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
