"""What is compared in the benchmark: the filters, the mails, one run."""
import base64
import dataclasses
import os
import re
import subprocess
import time

import mails
import meter
import openpgp
import tap
from account import IDENTITY
from milter_rig import BUILD, LIST, Rig

HERE = os.path.join(os.path.abspath(BUILD), "tests", "bench")
ELSE = "someone@example.com"
MOST_JOBS = 2 * os.cpu_count()    # gpgs at once, ours or bare
SERIAL = b"BENCHSEQ"        # load puts a number there


@dataclasses.dataclass
class Run:
    """What some messages took, each in microseconds."""
    wall: float
    client: float           # processor time: the MTA's side
    filter: float           # processor time: the filter's, and Redis

    @property
    def all(self):
        return self.client + self.filter


class Nothing:
    """A filter that does nothing: wants "header" or "body"."""

    def __init__(self, folder, wants):
        self.unix_path = os.path.join(folder, "nothing-" + wants)
        self.process = subprocess.Popen(
            [os.path.join(HERE, "nothing"), wants, self.unix_path],
            stdin=subprocess.DEVNULL, start_new_session=True)
        tap.poll(lambda: os.path.exists(self.unix_path))
        self.pids = [self.process.pid]

    def close(self):
        self.process.kill()
        self.process.wait()


class Ours(Rig):
    """The filter and its Redis; list_conf() of the only list is changed."""

    def __init__(self, keys, **changes):
        # one line of log for each message, as syslog would have it
        super().__init__(lists=[{"subject_url": None, **changes}], keys=keys,
                         gnupg={"home": keys.home, "timeout": "30s",
                                "jobs": MOST_JOBS})
        self.pids = [self.process.pid, self.redis.process.pid]


def other_mail(size=5000):
    line = b"Nothing that would be of interest to anybody at all, really.\n"
    return mails.mail(mails.part(line * (size // len(line))),
                      lines=["X-Serial: " + SERIAL.decode()])


def serial_mail(armored, **fields):
    """An encrypted mail of which load makes many different ones.

    Nobody can decrypt what load writes into the ciphertext, which is no
    matter to a list that does not look inside.
    """
    lines = armored.split(b"\n")
    at = next(i for i, line in enumerate(lines[5:], 5) if len(line) == 64)
    lines[at] = SERIAL * 8
    return mails.mail(mails.pgp_mime(b"\n".join(lines)),
                      message_id="<%s@example.org>" % SERIAL.decode(), **fields)


def armor(keys, size):
    """To the list's key, about so large; only a blind list can take it."""
    key = keys.subkey(keys.list)
    return openpgp.armor(openpgp.encrypted(key, size=size * 73 // 100),
                         checksum=False)


def talk(keys):
    """Ten mails of 5 KB: a report, and nine replies to it."""
    root = "<root%s@example.org>" % os.urandom(4).hex()
    return [serial_mail(armor(keys, 4600))] + 9 * [
        serial_mail(armor(keys, 4600), in_reply_to=root, references=[root])]


def rsa_key(keys):
    """A list's key of the kind that most lists have."""
    before = keys._fingerprints()
    keys.gpg("--quick-generate-key", "RSA <rsa@vs.example.org>", "rsa3072",
             "cert,sign", "0")
    new, = set(keys._fingerprints()) - set(before)
    keys.gpg("--quick-add-key", new, "rsa3072", "encr", "0")
    return new


def sealed(keys, key):
    """A mail of 5 KB that can be decrypted."""
    return mails.mail(mails.pgp_mime(keys.encrypt(
        b"Content-Type: text/plain\n\n" +
        base64.encodebytes(os.urandom(3300)), [key])))


def large_mail(keys, size):
    return mails.mail(mails.pgp_mime(armor(keys, size)))


class Bare:
    """gpg --decrypt, a process for each message."""

    def __init__(self, keys, put):
        self.keys, self.put = keys, put
        self.made = {}

    def run(self, jobs, messages, files):
        """As many at once as there are jobs; the Run."""
        inputs = [self.cut_out(file) for file in files[:messages]]
        command = ["xargs", "-0", "-n", "1", "-P", str(jobs), "gpg",
                   "--homedir", self.keys.home, "--batch", "--quiet",
                   "--decrypt"]
        began = time.monotonic()
        with open(os.devnull, "w") as null, \
                meter.Trees(agents(self.keys)) as agent, \
                meter.Children() as children:
            subprocess.run(command, input="\0".join(inputs).encode(),
                           stdout=null, stderr=null, check=True,
                           **IDENTITY)
        wall = time.monotonic() - began
        return Run(wall * 1e6 / messages, 0, 1e6 / messages *
                   (agent.seconds + children.seconds))

    def cut_out(self, file):
        """The armour of a mail, as a file."""
        if file not in self.made:
            with open(file, "rb") as mail:
                found = re.search(rb"-----BEGIN.*?-----END.*?\n",
                                  mail.read(), re.S)
            self.made[file] = self.put(os.path.basename(file) + ".asc",
                                       found[0])
        return self.made[file]


def agents(keys):
    """gpg-agent, which works for both."""
    out = subprocess.run(["gpg-connect-agent", "--homedir", keys.home,
                          "getinfo pid", "/bye"], capture_output=True,
                         text=True, check=True, **IDENTITY).stdout
    return [int(re.search(r"D (\d+)", out)[1])]


def run_sighted(one, jobs, messages, files):
    """As run(), with what the filter starts."""
    with meter.Trees([*one.pids, *agents(one.keys)]) as used:
        seen = run(one, jobs, messages, LIST, files[:messages])
    return Run(seen.wall, seen.client, used.seconds * 1e6 / messages)


def run(one, connections, messages, recipient, files):
    """Send messages to a filter; the Run."""
    with meter.Clocks(one.pids) as used:
        done = subprocess.run(
            [os.path.join(HERE, "load"), one.unix_path, str(connections),
             str(messages), recipient, *files], capture_output=True)
    words = done.stdout.split()
    assert done.returncode == 0, "load: %d: %r, %r" % (
        done.returncode, words, done.stderr[-300:])
    wall, client = float(words[0]), float(words[1])
    return Run(*(seconds * 1e6 / messages
                 for seconds in (wall, client, used.seconds)))
