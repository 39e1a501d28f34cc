"""The MTA's side of the Sendmail milter protocol, versions 2 to 6.

    with FakeMTA("unix:/tmp/x/sock") as mta:
        answer = mta.send(message, rcpt=["distros@vs.example.org"])
        print(answer.verdict, answer.code, answer.enhanced, answer.text)
        delivered = answer.apply(message)

send() plays a whole transaction.  It splits a message into header fields as
Postfix does: a NUL hides the rest of a value, one leading blank is eaten,
folded lines are joined with LF, the body goes out with CRLF in chunks of
65,535 bytes.  Each step of the protocol is a method of its own as well, for
tests that leave the beaten track; packet() sends anything at all.

The protocol is that of libmilter (include/libmilter/mfdef.h).
"""
import dataclasses
import re
import socket
import struct

# What a filter may do (actions).
ADD_HEADER, CHANGE_BODY, ADD_RCPT, DELETE_RCPT = 0x01, 0x02, 0x04, 0x08
CHANGE_HEADER, QUARANTINE, CHANGE_FROM = 0x10, 0x20, 0x40
ALL_ACTIONS = 0x1ff

# Which steps a filter does not want, or does not answer.
NO_CONNECT, NO_HELO, NO_MAIL, NO_RCPT, NO_BODY = 0x01, 0x02, 0x04, 0x08, 0x10
NO_HEADER, NO_EOH, NO_REPLY_HEADER, NO_UNKNOWN = 0x20, 0x40, 0x80, 0x100
NO_DATA, SKIP, REJECTED_RCPT = 0x200, 0x400, 0x800
NO_REPLY_CONNECT, NO_REPLY_HELO, NO_REPLY_MAIL = 0x1000, 0x2000, 0x4000
NO_REPLY_RCPT, NO_REPLY_DATA, NO_REPLY_UNKNOWN = 0x8000, 0x10000, 0x20000
NO_REPLY_EOH, NO_REPLY_BODY, LEADING_SPACE = 0x40000, 0x80000, 0x100000
ALL_STEPS = 0x1fffff

# What MTAs of each protocol version offer: actions, steps.
OFFERS = {2: (0x3f, 0x7f), 3: (0x3f, 0x17f), 4: (0x3f, 0x37f),
          5: (0x3f, 0x37f), 6: (ALL_ACTIONS, ALL_STEPS)}

CHUNK = 65535
FAMILIES = {socket.AF_INET: b"4", socket.AF_INET6: b"6"}
FINAL = {b"a": "accept", b"r": "reject", b"t": "tempfail", b"d": "discard",
         b"c": "continue", b"s": "skip", b"y": "reply", b"4": "shutdown",
         b"f": "connection failed"}


class Closed(ConnectionError):
    """The filter closed the connection."""


@dataclasses.dataclass
class Edit:
    """One change of the header: "add", "insert", "change" or "delete"."""
    kind: str
    name: str
    index: int
    value: bytes


@dataclasses.dataclass
class Answer:
    """What became of a message."""
    kind: str = "continue"      # of the packet that decided
    at: str = ""                # the step that it answered
    code: int = 0               # of a reply with a text, else 0
    enhanced: str = ""
    lines: list = dataclasses.field(default_factory=list)
    edits: list = dataclasses.field(default_factory=list)
    others: list = dataclasses.field(default_factory=list)
    quarantine: str = None
    progress: int = 0
    body_sent: int = 0          # bytes that the filter was given
    has_skipped: bool = False

    @property
    def verdict(self):
        """accept, quarantine, reject or tempfail: what the client meets."""
        if self.kind == "reply":
            return "tempfail" if self.code < 500 else "reject"
        if self.kind in ("accept", "continue"):
            return "accept" if self.quarantine is None else "quarantine"
        return self.kind

    @property
    def text(self):
        """All lines of the reply, without codes."""
        return " ".join(self.lines)

    @property
    def tags(self):
        """The fields that were added: {"X-Embargo-Issue": "VS-..."}."""
        return {e.name: e.value.decode() for e in self.edits
                if e.kind in ("add", "insert")}

    def apply(self, message):
        """The message as it would be delivered."""
        fields, body = split_message(message)
        fields = list(fields)
        for edit in self.edits:
            _apply_edit(fields, edit)
        head = b"".join(b"%s: %s\n" % field for field in fields)
        return head + b"\n" + re.sub(rb"\r\n", b"\n", body)


def _apply_edit(fields, edit):
    name = edit.name.encode()
    if edit.kind == "add":
        fields.append((name, edit.value))
        return
    if edit.kind == "insert":
        fields.insert(edit.index, (name, edit.value))
        return
    seen = 0
    for i, (have, _) in enumerate(fields):
        if have.lower() != name.lower():
            continue
        seen += 1
        if seen == edit.index:
            if edit.kind == "delete":
                del fields[i]
            else:
                fields[i] = (have, edit.value)
            return
    if edit.kind == "change":
        fields.append((name, edit.value))


def split_message(message):
    """[(name, value), ...] and the body with CRLF, as Postfix gives them."""
    lines = re.split(rb"\r?\n", message)
    fields = []
    while lines:
        line = lines[0]
        if line[:1] in (b" ", b"\t") and fields:
            name, value = fields[-1]
            fields[-1] = (name, value + b"\n" + line)
        elif re.match(rb"[^\x00-\x20:\x7f-\xff]+[ \t]*:", line):
            name, value = line.split(b":", 1)
            fields.append((name.rstrip(), value))
        else:
            break
        lines.pop(0)
    if lines and lines[0] == b"":
        lines.pop(0)
    fields = [(name, value.split(b"\0")[0]) for name, value in fields]
    fields = [(name, value[1:] if value[:1] == b" " else value)
              for name, value in fields]
    return fields, b"\r\n".join(lines)


def parse_reply(text):
    """"550-5.7.1 a\\r\\n550 5.7.1 b" -> 550, "5.7.1", ["a", "b"]."""
    lines, enhanced = [], ""
    for line in text.split("\r\n"):
        found = re.fullmatch(
            r"(\d{3})[- ](?:(\d\.\d{1,3}\.\d{1,3})(?: |$))?(.*)", line)
        if not found:
            raise ValueError("no SMTP reply line: %r" % line)
        code, enhanced = int(found[1]), found[2] or enhanced
        lines.append(found[3].replace("%%", "%"))
    return code, enhanced, lines


class FakeMTA:
    """One connection to a filter at "unix:/path" or "inet:port@host"."""

    def __init__(self, address, version=6, actions=None, steps=None,
                 timeout=30):
        usual = OFFERS.get(version, OFFERS[6])
        self.offer = (version, usual[0] if actions is None else actions,
                      usual[1] if steps is None else steps)
        self.version = self.actions = self.steps = 0
        self.has_greeted = False
        self.messages = 0
        if address.startswith("inet:"):
            port, host = address[5:].split("@")
            self.sock = socket.create_connection((host, int(port)), timeout)
            self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        else:
            self.sock = socket.socket(socket.AF_UNIX)
            self.sock.settimeout(timeout)
            self.sock.connect(address.partition(":")[2] or address)
        self.file = self.sock.makefile("rb")

    # packets

    def packet(self, command, data=b""):
        self.sock.sendall(struct.pack("!I", len(data) + 1) + command + data)

    def read(self):
        """The next packet: (command, data)."""
        head = self.file.read(4)
        if len(head) < 4:
            raise Closed("the filter closed the connection")
        size = struct.unpack("!I", head)[0]
        data = self.file.read(size)
        if len(data) < size:
            raise Closed("the filter closed the connection")
        return data[:1], data[1:]

    def macros(self, command, **values):
        data = command + b"".join(
            b"%s\0%s\0" % (_name(name), value.encode())
            for name, value in values.items())
        self.packet(b"D", data)

    def _step(self, name, command, data, no, no_reply, answer):
        """Send one step; True when the message is decided."""
        if self.steps & no:
            return False
        self.packet(command, data)
        if no_reply and self.steps & no_reply:
            return False
        return self.take_answer(name, answer)

    def take_answer(self, step, answer):
        """Read packets up to the one that ends a step."""
        while True:
            kind, data = self.read()
            if kind in FINAL:
                break
            self._take_edit(kind, data, answer)
        if kind == b"s":
            answer.has_skipped = True
        if kind in (b"c", b"s") and step != "eom":
            return False
        answer.kind, answer.at = FINAL[kind], step
        if kind == b"y":
            answer.code, answer.enhanced, answer.lines = parse_reply(
                data.rstrip(b"\0").decode("ascii"))
        return True

    def _take_edit(self, kind, data, answer):
        if kind == b"p":
            answer.progress += 1
        elif kind == b"q":
            answer.quarantine = data.rstrip(b"\0").decode()
        elif kind == b"h":
            name, value = data.split(b"\0")[:2]
            answer.edits.append(Edit("add", name.decode(), 0, value))
        elif kind in (b"m", b"i"):
            index = struct.unpack("!I", data[:4])[0]
            name, value = data[4:].split(b"\0")[:2]
            what = "insert" if kind == b"i" else \
                "change" if value else "delete"
            answer.edits.append(Edit(what, name.decode(), index, value))
        else:
            answer.others.append((kind, data))

    # steps

    def negotiate(self):
        self.packet(b"O", struct.pack("!III", *self.offer))
        kind, data = self.read()
        if kind != b"O":
            raise ValueError("no negotiation: %r" % kind)
        self.version, self.actions, self.steps = struct.unpack(
            "!III", data[:12])
        for theirs, ours in zip((self.actions, self.steps), self.offer[1:]):
            if ours and theirs & ~ours:     # 0 says: those of version 1
                raise ValueError("it asks for what was not offered")

    def connect(self, name="client.example.org", address="192.0.2.1",
                port=12345, answer=None):
        data = name.encode() + b"\0" + b"4" + struct.pack("!H", port) + \
            address.encode() + b"\0"
        return self._step("connect", b"C", data, NO_CONNECT,
                          NO_REPLY_CONNECT, answer or Answer())

    def helo(self, name="client.example.org", answer=None):
        return self._step("helo", b"H", name.encode() + b"\0", NO_HELO,
                          NO_REPLY_HELO, answer or Answer())

    def mail(self, sender="reporter@example.org", *args, answer=None):
        return self._step("mail", b"M", _words("<%s>" % sender, args),
                          NO_MAIL, NO_REPLY_MAIL, answer or Answer())

    def rcpt(self, recipient, *args, answer=None):
        if not recipient.startswith("<"):
            recipient = "<%s>" % recipient
        return self._step("rcpt", b"R", _words(recipient, args), NO_RCPT,
                          NO_REPLY_RCPT, answer or Answer())

    def data(self, answer=None):
        if self.version < 4:
            return False
        return self._step("data", b"T", b"", NO_DATA, NO_REPLY_DATA,
                          answer or Answer())

    def header(self, name, value, answer=None):
        if self.steps & LEADING_SPACE:
            value = b" " + value
        return self._step("header", b"L", b"%s\0%s\0" % (name, value),
                          NO_HEADER, NO_REPLY_HEADER, answer or Answer())

    def eoh(self, answer=None):
        return self._step("eoh", b"N", b"", NO_EOH, NO_REPLY_EOH,
                          answer or Answer())

    def body(self, chunk, answer=None):
        return self._step("body", b"B", chunk, NO_BODY, NO_REPLY_BODY,
                          answer or Answer())

    def eom(self, answer=None):
        return self._step("eom", b"E", b"", 0, 0, answer or Answer())

    def abort(self):
        self.packet(b"A")

    def unknown(self, line, answer=None):
        return self._step("unknown", b"U", line.encode() + b"\0", NO_UNKNOWN,
                          NO_REPLY_UNKNOWN, answer or Answer())

    def quit(self):
        self.packet(b"Q")

    def quit_new(self):
        """The same connection serves another client."""
        self.packet(b"K")
        self.has_greeted = False

    # a whole transaction

    def greet(self, answer=None):
        """Everything up to MAIL, once per client."""
        if self.has_greeted:
            return False
        self.has_greeted = True
        if not self.version:
            self.negotiate()
        self.macros(b"C", j="mx.example.org", _="client.example.org")
        return self.connect(answer=answer) or self.helo(answer=answer)

    def envelope(self, rcpt, sender="reporter@example.org", queue_id=None,
                 answer=None):
        """MAIL, RCPT, DATA.  True when the message is decided."""
        self.messages += 1
        queue_id = queue_id or "Q%dX" % self.messages
        if isinstance(rcpt, str):
            rcpt = [rcpt]
        if self.greet(answer):
            return True
        self.macros(b"M", mail_addr=sender)
        if self.mail(sender, answer=answer):
            return True
        for one in rcpt:
            if self.rcpt(one, answer=answer):
                return True
        self.macros(b"T", i=queue_id)
        return self.data(answer)

    def content(self, fields, body, answer):
        """Header and body.  True when the message is decided."""
        for name, value in fields:
            if self.header(name, value, answer):
                return True
        if self.eoh(answer):
            return True
        for start in range(0, len(body), CHUNK):
            chunk = body[start:start + CHUNK]
            answer.body_sent += len(chunk)
            if self.body(chunk, answer):
                return True
            if answer.has_skipped:
                break
        return False

    def send(self, message, rcpt=("distros@vs.example.org",),
             sender="reporter@example.org", queue_id=None):
        """A whole message; its Answer."""
        answer = Answer()
        fields, body = split_message(message)
        if not self.envelope(rcpt, sender, queue_id, answer) and \
                not self.content(fields, body, answer):
            self.macros(b"E", i=queue_id or "Q%dX" % self.messages)
            self.eom(answer)
        return answer

    def close(self):
        self.file.close()
        self.sock.close()

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        try:
            if kind is None:
                self.quit()
        except OSError:
            pass
        self.close()


def _name(name):
    """One letter stands for itself, longer names get braces."""
    return name.encode() if len(name) == 1 else b"{%s}" % name.encode()


def _words(first, rest):
    return b"".join(word.encode("utf-8", "surrogateescape") + b"\0"
                    for word in (first, *rest))
