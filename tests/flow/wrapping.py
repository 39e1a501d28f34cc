"""A daemon that changes bodies, and a close look at what it makes of them.

    w = Wrapping(keys, environment)
    out = check_wrapped(w, note(part(b"text")), "encrypt")

What is delivered is kept in w.files, to be given to `embargoctl classify`.
"""
import email
import os
import re
import tempfile

from fake_mta import split_message
from mails import mail
from milter_rig import Rig

DOMAIN = "@vs.example.org"
MARK = "plugh4712"
TEXT = ("The hole %s is in libexample.\n" % MARK).encode()
TAGS = ["[vs]", "[vs-plain]"]
PROTECTED = ("subject", "from", "to", "cc", "date", "message-id",
             "in-reply-to", "references", "reply-to")
LISTS = {"blind": {}, "encrypt": {"cleartext": "encrypt",
                                  "subject_tags": TAGS},
         "plain": {"cleartext": "encrypt"},
         "onetag": {"cleartext": "encrypt", "subject_tags": ["[vs]"]},
         "warn": {"cleartext": "warn"},
         "hold": {"cleartext": "quarantine"},
         "trial": {"enforce": False},
         "tryenc": {"enforce": False, "cleartext": "encrypt"},
         "repair": {"repair": True},
         "sighted": {"repair": True, "decrypt": True},
         "both": {"cleartext": "encrypt", "repair": True}}


class Wrapping:
    """The daemon, and what it delivered so far."""

    def __init__(self, keys, environment):
        self.keys = keys
        self.sent = []      # (list, message, log line)
        self.files = tempfile.mkdtemp(prefix="wrap-", dir="/tmp")
        lists = [{"name": name, "address": [name + DOMAIN], **changes}
                 for name, changes in LISTS.items()]
        lists.append({"name": "kernel", "address": ["kernel" + DOMAIN],
                      "key": [keys.other], "cleartext": "encrypt",
                      "repair": True})
        self.rig = Rig(lists, keys=keys, environment=environment,
                       gnupg={"home": keys.home, "timeout": "3s"})

    def send(self, message, *to):
        self.rig.redis("FLUSHDB")
        answer = self.rig.send(message, [one + DOMAIN for one in to])
        if len(to) == 1:
            self.sent.append((to[0], message, self.rig.last_line()))
        return answer

    def close(self):
        self.rig.close()
        for name in os.listdir(self.files):
            os.unlink(os.path.join(self.files, name))
        os.rmdir(self.files)


def new_body(answer):
    """The body that replaces the message's, or None."""
    chunks = [data for kind, data in answer.others if kind == b"b"]
    return b"".join(chunks) if chunks else None


def delivered(answer, message):
    """The message with all changes, LF line ends."""
    head, _, _ = answer.apply(message).partition(b"\n\n")
    body = new_body(answer)
    check_crlf(body)
    return head + b"\n\n" + body.replace(b"\r\n", b"\n")


def check_crlf(body):
    assert re.search(rb"(?<!\r)\n|\r(?!\n)", body) is None, "line ends"


def field_values(message, name):
    fields, _ = split_message(message)
    return [value for have, value in fields
            if have.lower() == name.lower().encode()]


def check_head(message):
    """One Content-Type, nothing else of the old body's."""
    fields, _ = split_message(message)
    names = [name.lower() for name, _ in fields]
    assert names.count(b"mime-version") == 1, names
    content = [name for name in names if name.startswith(b"content-")]
    assert content == [b"content-type"], content
    value, = field_values(message, "Content-Type")
    assert value.startswith(b"multipart/encrypted; "), value


def check_accepted(w, message, to="blind"):
    """A list that takes nothing but PGP/MIME takes this."""
    answer = w.send(message, to)
    assert answer.tags.get("X-Embargo-Verdict") == "accept pgp-mime", answer
    number = len(os.listdir(w.files))
    with open(os.path.join(w.files, "%03d" % number), "wb") as file:
        file.write(message)


def check_inside(entity, message):
    """The whole original: body byte for byte, its fields, protected ones."""
    fields, body = split_message(message)
    head, _, inside = entity.partition(b"\r\n\r\n")
    assert inside == body, (inside[-80:], body[-80:])
    check_crlf(head)
    got = email.message_from_bytes(entity.replace(b"\r\n", b"\n"))
    want = email.message_from_bytes(message)
    for name in PROTECTED + ("content-transfer-encoding",
                             "content-disposition", "content-language"):
        assert unfold(got.get_all(name)) == unfold(want.get_all(name)), name
    assert got.get_param("protected-headers") == "v1", head
    assert got.get_content_type() == want.get_content_type()
    for key, value in want.get_params(failobj=[]):
        assert (key, value) in got.get_params(), (key, value)
    assert MARK.encode() not in message or MARK.encode() in entity


def unfold(values):
    return [re.sub(r"\r?\n", "", str(value)).strip()
            for value in values or []]


def check_wrapped(w, message, *to, reason="cleartext"):
    """Send it; what is delivered."""
    to = to or ("encrypt",)
    answer = w.send(message, *to)
    told = (answer.verdict, answer.lines, w.rig.log()[-300:])
    assert answer.tags.get("X-Embargo-Verdict") == "encrypt " + reason, told
    issue = answer.tags["X-Embargo-Issue"]
    tracker = w.rig.last_line()["list"]
    assert w.rig.issues(tracker) == [issue], told
    assert w.rig.issue(issue, tracker)["messages"] == "1"
    out = delivered(answer, message)
    head, _, body = out.partition(b"\n\n")
    assert MARK.encode() not in body, "the text is still there"
    check_head(out)
    check_inside(w.keys.decrypt(body), message)
    check_accepted(w, out)
    return out


def note(content, subject="[vs] report", **fields):
    return mail(content, subject=subject, **fields)
