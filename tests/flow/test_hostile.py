"""Broken MTAs and hostile mail: the daemon answers, and goes on answering."""
import os
import random
import socket
import struct
import sys
import threading
import time

import fake_mta as wire
import mails
import openpgp as pgp
import tap
from fake_mta import FakeMTA, split_message
from mails import mail, mixed, part, pgp_mime
from milter_rig import LIST, Rig
from shapes import MARK, TEXT, Shapes

ELSE = "someone@example.com"
CLEAR = mail(part(TEXT))
SECONDS = 5     # none of this may take longer


class Bench:
    """The rig, a good mail, and a look at both after each trick."""

    def __init__(self, rig):
        self.rig = rig
        self.shapes = Shapes(rig.keys)
        self.good = rig.good_mail()

    def check(self, what=""):
        """A normal message gets its answer."""
        assert self.rig.is_running(), (what, self.rig.log()[-2000:])
        with self.rig.connect(timeout=SECONDS) as mta:
            assert mta.send(CLEAR).code == 550, what
            assert mta.send(self.good).verdict == "accept", what

    def descriptors(self):
        return len(os.listdir("/proc/%d/fd" % self.rig.process.pid))

    def memory(self):
        """Resident bytes now."""
        with open("/proc/%d/statm" % self.rig.process.pid) as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGESIZE")


# versions and flags

def test_versions_2_to_6(b):
    for version in range(2, 7):
        with b.rig.connect(version=version) as mta:
            for _ in range(2):
                assert mta.send(CLEAR).code == 550, version
                answer = mta.send(b.good)
                assert answer.tags["X-Embargo-Verdict"] == \
                    "accept pgp-mime", (version, answer)
                assert mta.send(CLEAR, [ELSE]).body_sent == 0, version
            assert mta.version == version


def test_a_version_that_nobody_knows(b):
    for version in (0, 1, 7, 99, 0xffffffff):
        with b.rig.connect(version=version) as mta:
            try:
                answer = mta.send(CLEAR)
                assert answer.code == 550, (version, answer)
            except (wire.Closed, ConnectionError):
                pass
    b.check()


def test_flag_subsets(b):
    """Every single flag missing, every flag alone, all, none."""
    bits = [1 << i for i in range(21)]
    for steps in [0, wire.ALL_STEPS, *bits, *[wire.ALL_STEPS & ~bit
                                              for bit in bits]]:
        with b.rig.connect(steps=steps) as mta:
            assert mta.send(CLEAR).code == 550, hex(steps)
            answer = mta.send(b.good)
            assert answer.tags["X-Embargo-Verdict"] == "accept pgp-mime", \
                (hex(steps), answer)
            assert mta.send(CLEAR, [ELSE]).verdict == "accept", hex(steps)


def test_an_MTA_that_cannot_edit(b):
    """Without the tags no mail goes through; other mail does."""
    for actions in (0, wire.ADD_HEADER, wire.CHANGE_HEADER, wire.QUARANTINE):
        with b.rig.connect(actions=actions) as mta:
            assert mta.send(CLEAR).code == 550, actions
            verdict = mta.send(mails.mail(pgp_mime(
                b.rig.encrypt()), lines=["X-Embargo-Issue: x"])).verdict
            assert verdict == "tempfail", actions
            assert mta.send(CLEAR, [ELSE]).verdict == "accept", actions


# packets out of order, out of bounds

def raw(b, *packets):
    """Send bytes, hang up, and read what comes until the daemon does so."""
    got = b""
    with FakeMTA(b.rig.socket, timeout=SECONDS) as mta:
        try:
            mta.sock.sendall(b"".join(packets))
            mta.sock.shutdown(socket.SHUT_WR)
            while chunk := mta.sock.recv(65536):
                got += chunk
        except ConnectionError:
            pass
    return got


def packet(command, data=b""):
    return struct.pack("!I", len(data) + 1) + command + data


NEGOTIATION = packet(b"O", struct.pack("!III", 6, wire.ALL_ACTIONS,
                                       wire.ALL_STEPS))


def test_end_of_message_out_of_the_blue(b):
    """No answer, or "later"; never "accept"."""
    mail_from, rcpt = packet(b"M", b"<a@b>\0"), packet(
        b"R", b"<%s>\0" % LIST.encode())
    for before in ([], [NEGOTIATION], [NEGOTIATION, mail_from],
                   [NEGOTIATION, mail_from, rcpt],
                   [NEGOTIATION, mail_from, rcpt, packet(b"T")],
                   [NEGOTIATION, mail_from, rcpt, packet(b"T"), packet(b"N")]):
        got = raw(b, *before, packet(b"E"))
        assert packet(b"a") not in got, (before, got)
        got = raw(b, *before, packet(b"E"), packet(b"E"))
        assert packet(b"a") not in got, (before, got)
    with b.rig.connect() as mta:
        mta.envelope([LIST])
        mta.eoh()
        answer = wire.Answer()
        mta.eom(answer)
        assert answer.code == 550, answer
    b.check()


def test_steps_out_of_order(b):
    order = {b"C": b"h\0" b"4\0\x19" b"192.0.2.1\0", b"H": b"x\0",
             b"M": b"<a@example.org>\0", b"R": b"<%s>\0" % LIST.encode(),
             b"T": b"", b"L": b"Subject\0x\0", b"N": b"", b"B": b"text\r\n",
             b"E": b"", b"A": b"", b"K": b"", b"U": b"FOO\0",
             b"D": b"Mi\0Q1\0", b"O": NEGOTIATION[5:]}
    numbers = random.Random(1)
    for _ in range(60):
        some = [numbers.choice(list(order)) for _ in range(8)]
        raw(b, NEGOTIATION, *[packet(name, order[name]) for name in some])
    b.check()


def test_each_step_without_data(b):
    for command in b"CHMRTLNBEAQKDU":
        raw(b, NEGOTIATION, packet(bytes([command])))
        raw(b, NEGOTIATION, packet(b"M", b"<a@b>\0"),
            packet(bytes([command])))
    b.check()


def test_unknown_commands(b):
    for command in b"\0\x01Zz!\xff1yx":
        raw(b, NEGOTIATION, packet(bytes([command]), b"data"))
        raw(b, packet(bytes([command]), b"data"))
    b.check()


def test_lengths_that_lie(b):
    for length in (0, 1, 2, 0x7fffffff, 0x80000000, 0xffffffff, 65536,
                   2**21, 2**21 + 1, 2**24):
        for before in (b"", NEGOTIATION):
            raw(b, before, struct.pack("!I", length))
            raw(b, before, struct.pack("!I", length) + b"B" + b"x" * 99)
    b.check()
    assert b.memory() < 200e6, b.memory()


def test_strings_without_an_end(b):
    start = [NEGOTIATION, packet(b"M", b"<a@b>\0"),
             packet(b"R", b"<%s>\0" % LIST.encode())]
    for command in b"CHMRLDU":
        for data in (b"x" * 100, b"\0", b"\0" * 100, b"a\0b", b"x" * 60000,
                     bytes(range(256))):
            raw(b, *start, packet(bytes([command]), data))
            raw(b, NEGOTIATION, packet(bytes([command]), data))
    b.check()


def test_noise(b):
    numbers = random.Random(2)
    for i in range(40):
        noise = numbers.randbytes(numbers.randint(1, 2000))
        raw(b, (NEGOTIATION if i % 2 else b"") + noise)
    b.check()


def test_closing_at_every_packet_boundary(b):
    """As if the MTA were killed there; and in the middle of each packet."""
    fields, body = split_message(b.good)
    half = len(body) // 2
    packets = [NEGOTIATION, packet(b"C", b"h\0" b"4\0\x19" b"192.0.2.1\0"),
               packet(b"H", b"x\0"), packet(b"DM", b""),
               packet(b"M", b"<a@example.org>\0"),
               packet(b"R", b"<%s>\0" % LIST.encode()), packet(b"T"),
               *[packet(b"L", b"%s\0%s\0" % field) for field in fields],
               packet(b"N"), packet(b"B", body[:half]),
               packet(b"B", body[half:]), packet(b"E"), packet(b"Q")]
    b.check()
    before = b.descriptors()
    for n in range(len(packets) + 1):
        for cut in (0, 2, 5):
            with FakeMTA(b.rig.socket) as mta:
                tail = packets[n][:cut] if n < len(packets) else b""
                mta.sock.sendall(b"".join(packets[:n]) + tail)
    b.check()
    tap.poll(lambda: b.descriptors() <= before)


# hostile mail

def hostile_mails(b):
    s, armor = b.shapes, b.shapes.armored()
    yield "5,000 levels", mail(mails.nested(5000, part(armor)))
    yield "512 forwarded messages", mail(forwarded(512, part(armor)))
    yield "2,000 parts", mail(mixed(*[part(armor)] * 2000))
    yield "60,000 empty parts", mails.Part(
        ['Content-Type: multipart/mixed; boundary="b"'],
        b"--b\n\n" * 60000 + b"--b--\n")
    yield "60,000 boundaries of 60,000 kinds", mails.Part(
        ['Content-Type: multipart/mixed; boundary="b"'],
        b"".join(b"--b\nContent-Type: multipart/mixed; boundary=b%d\n\n" % i
                 for i in range(20000)))
    yield "2,000 header fields", mail(part(armor), lines=[
        "X-%d: x" % i for i in range(2000)])
    yield "2,000 fields of one name", mail(part(armor), lines=[
        "X-Embargo-Issue: x"] * 2000)
    yield "header field of 60,000 bytes", mail(part(TEXT), lines=[
        "X-Long: " + "x" * 60000])
    yield "Content-Type of 60,000 bytes", mails.Part(
        ["Content-Type: multipart/mixed; " + "a=b; " * 12000 +
         "boundary=b"], b"--b\n\n" + armor + b"\n--b--\n")
    yield "comments in comments", mails.Part(
        ["Content-Type: " + "(" * 30000 + "text/plain"], armor)
    yield "quotes without end", mails.Part(
        ['Content-Type: multipart/mixed; boundary="' + "\\" * 30001], armor)
    yield "NUL bytes in the header", mail(part(TEXT), lines=[
        "X-Nul: a\0b", "\0", "X\0Y: z"])
    yield "NUL bytes in the body", mail(part(bytes(100000) + armor))
    yield "one line of 1.9 MB", mail(part(b"x" * 1900000))
    yield "1.9 MB of line ends and a text", mail(part(
        b"\n" * 900000 + TEXT))
    yield "1.9 MB of CR", mail(part(b"\r" * 1900000))
    yield "1.9 MB of dashes", mail(mixed(part(b"--\n" * 400000)))
    yield "lines like the boundary", mail(mixed(part(
        b"--=_b0undary-1x\n" * 100000)))
    yield "header lines without colon", b"no colon\n" * 1000 + armor
    yield "nothing at all", b""
    yield "5,000 session keys", s.mime(pgp.encrypted(
        *[s.key] * 5000, size=100))
    yield "100,000 empty packets", s.mime(pgp.marker() * 100000)
    yield "packet of 4 GiB", s.mime(pgp.pkesk(s.key) + pgp.packet(
        pgp.SEIPD, b"\1" + pgp.random_bytes(100), length=0xffffffff,
        octets=5))
    yield "chunks of one byte", s.mime(pgp.pkesk(s.key) + b"\xd2" +
                                       b"\xe0x" * 50000 + b"\0")
    yield "nested compression", s.mime(bomb())
    yield "base64 of base64 of base64", mail(part(mails.encode(mails.encode(
        armor, "base64"), "base64"), encoding="base64"))
    yield "quoted-printable of nothing", mail(part(
        b"=\n" * 300000, encoding=None, lines=[
            "Content-Transfer-Encoding: quoted-printable"]))


def strange_fields():
    """Encrypted mail with a header that is hard to read."""
    yield "3,000 addresses", {"cc": ", ".join(
        "u%d@example.org" % i for i in range(3000))}
    yield "addresses of brackets", {"cc": "(" * 20000 + "<" * 20000}
    yield "Embargo-Until of 50,000 bytes", {"lines": [
        "Embargo-Until: " + "2027-01-01 or " * 3500]}
    yield "900 dates", {"lines": ["Embargo-Until: 2027-01-01"] * 900}
    yield "4,000 encoded words", {"subject": "=?utf-8?q?a?= " * 4000}
    yield "encoded words that never end", {"subject": "=?utf-8?b?" * 5000}
    yield "Subject of 60,000 brackets", {"subject": "[crd " * 12000}
    yield "References of 50,000 brackets", {"references": ["<" * 50000]}
    yield "In-Reply-To of 8,000 ids", {"in_reply_to": " ".join(
        "<%d@x>" % i for i in range(6000))}
    yield "Message-ID of 50,000 bytes", {"message_id": "<" + "x" * 50000 +
                                         "@example.org>"}
    yield "Auto-Submitted: no, long", {"lines": [
        "Auto-Submitted: no" + " " * 50000]}
    yield "bytes from 128 to 255", {"subject": bytes(
        range(128, 256)).decode("utf-8", "surrogateescape")}


def forwarded(depth, inner):
    for _ in range(depth):
        inner = part(bytes(inner), "message/rfc822")
    return inner


def bomb():
    data = pgp.literal(bytes(10**6))
    for _ in range(5):
        data = pgp.compressed(data)
    return data


def hostile_tests(b):
    for name, message in hostile_mails(b):
        yield "hostile: " + name, \
            lambda m=message, n=name: check_hostile(b, bytes(m), n)
    for name, fields in strange_fields():
        yield "strange: " + name, lambda f=fields, n=name: \
            check_strange(b, b.rig.good_mail(**f), n)


def check_hostile(b, message, name):
    before = time.monotonic()
    answer = b.rig.send(message)
    took = time.monotonic() - before
    assert answer.verdict == "reject", answer
    assert answer.code in (550, 552), answer
    assert took < SECONDS, took
    assert MARK not in answer.text
    b.check(name)


def check_strange(b, message, name):
    before = time.monotonic()
    answer = b.rig.send(message)
    took = time.monotonic() - before
    assert answer.verdict == "accept", answer
    assert len(answer.tags) == 4, answer
    assert took < SECONDS, took
    b.check(name)


def test_a_line_of_text_at_any_place(b):
    """Wherever it stands in the body, the message is refused."""
    armor = b.rig.encrypt()
    for message in (mail(pgp_mime(armor)), mail(part(armor)),
                    mail(mixed(part(armor), part(armor)))):
        head, _, body = message.partition(b"\n\n")
        lines = body.split(b"\n")
        with b.rig.connect() as mta:
            for i in range(len(lines) + 1):
                text = b"\n".join(lines[:i] + [TEXT.strip()] + lines[i:])
                answer = mta.send(head + b"\n\n" + text)
                assert answer.verdict == "reject", (i, text)


def test_damaged_messages(b):
    """Each gets a final answer; what is accepted is still whole armour."""
    numbers = random.Random(3)
    messages = [b.good, mail(part(b.rig.encrypt())), mail(mixed(
        part(b.rig.encrypt()), part(b.rig.encrypt(), encoding="base64")))]
    with b.rig.connect() as mta:
        for i in range(600):
            damaged = damage(numbers, bytearray(messages[i % 3]))
            answer = mta.send(bytes(damaged))
            assert answer.verdict in ("accept", "reject"), answer
            if answer.verdict == "accept":
                assert b"END PGP MESSAGE" in damaged or \
                    b"LS0tLS" in damaged, damaged
    b.check()


def damage(numbers, message):
    for _ in range(numbers.randint(1, 4)):
        at = numbers.randrange(len(message))
        kind = numbers.randrange(4)
        if kind == 0:
            message[at] = numbers.randrange(256)
        elif kind == 1:
            del message[at:at + numbers.randint(1, 200)]
        elif kind == 2:
            message[at:at] = message[at // 2:at // 2 + 50]
        else:
            message[at:at] = numbers.choice(
                [b"\n\n", b"--", b"\r", b"=", b'"', b"\0", b"(", b";"])
        if not message:
            message = bytearray(b"\n")
    return message


# many at once

def test_eight_clients_at_once(b):
    failures = []

    def client(number):
        try:
            with b.rig.connect() as mta:
                for i in range(40):
                    code = mta.send(CLEAR, queue_id="C%dN%d" % (
                        number, i)).code
                    verdict = mta.send(b.good).verdict
                    if (code, verdict) != (550, "accept"):
                        failures.append((number, i, code, verdict))
        except Exception as error:
            failures.append((number, error))
    threads = [threading.Thread(target=client, args=(i,)) for i in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert failures == [], failures[:3]
    refused = [line for line in b.rig.lines() if line["queue_id"][0] == "C"]
    assert len(refused) == len({line["queue_id"] for line in refused}) == 320


def test_500_connections_that_say_nothing(b):
    before = b.descriptors()
    idle = []
    try:
        for i in range(500):
            sock = socket.socket(socket.AF_UNIX)
            sock.connect(b.rig.unix_path)
            if i % 2:
                sock.sendall(NEGOTIATION + packet(b"M", b"<a@b>\0"))
            idle.append(sock)
        begin = time.monotonic()
        b.check()
        assert time.monotonic() - begin < SECONDS
    finally:
        for sock in idle:
            sock.close()
    tap.poll(lambda: b.descriptors() <= before + 2)
    b.check()


def test_memory_is_given_back(b):
    """Resident memory after all that; the limit of a message is 2 MB."""
    assert b.memory() < 300e6, b.memory()


def end(b):
    assert b.rig.stop() == 0, b.rig.log()


def main():
    with Rig(max_message="2M") as rig:
        b = Bench(rig)
        tests = tap.collect(globals(), b)
        return tap.run([*tests, *hostile_tests(b),
                        ("ends in peace", lambda: end(b))])


if __name__ == "__main__":
    sys.exit(main())
