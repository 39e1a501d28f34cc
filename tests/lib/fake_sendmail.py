"""A sendmail that puts each message into a file of its own.

    with FakeSendmail() as sendmail:        # sendmail.path for the settings
        sendmail.set("fail")
        mails = sendmail.mails()

Modes: ok; fail (exit 75, the message is not kept); lose (it is kept, and exit
75: what a crash makes of it); missing.  A message is in the box whole or not
at all.
"""
import email
import os
import shutil
import tempfile

from account import give

SCRIPT = '''#!/bin/sh
cd {folder} || exit 71
mode=$(cat mode)
if test "$mode" = fail; then
    echo "fake sendmail: out of order" >&2
    exit 75
fi
file=$(mktemp spool/XXXXXXXX) || exit 71
{{ echo "$*"; cat; }} >"$file" && mv "$file" box/ || exit 71
test "$mode" != lose || exit 75
'''


class FakeSendmail:
    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="sendmail-", dir="/tmp")
        self.path = os.path.join(self.folder, "sendmail")
        self.box = os.path.join(self.folder, "box")
        for name in ("box", "spool"):
            os.mkdir(os.path.join(self.folder, name))
        self.set("ok")
        give(self.folder)

    def set(self, mode):
        # written beside it: a sendmail may be reading it just now
        path = os.path.join(self.folder, "mode")
        with open(path + ".new", "w") as file:
            file.write(mode)
        os.rename(path + ".new", path)
        if mode == "missing":
            os.unlink(self.path)
        elif not os.path.exists(self.path):
            with open(self.path + ".new", "w") as file:
                file.write(SCRIPT.format(folder=self.folder))
            os.chmod(self.path + ".new", 0o755)
            os.rename(self.path + ".new", self.path)

    def raw(self):
        """Arguments and message of each mail, as bytes; oldest first."""
        paths = [os.path.join(self.box, name) for name in
                 os.listdir(self.box)]
        found = []
        for path in sorted(paths, key=lambda path: os.stat(path).st_mtime_ns):
            with open(path, "rb") as file:
                arguments, _, message = file.read().partition(b"\n")
            found.append((arguments.decode().split(" "), message))
        return found

    def mails(self):
        """The same as email.message.Message; .arguments and .raw added."""
        found = []
        for arguments, raw in self.raw():
            mail = email.message_from_bytes(raw)
            mail.arguments, mail.raw = arguments, raw
            found.append(mail)
        return found

    def empty(self):
        for name in os.listdir(self.box):
            os.unlink(os.path.join(self.box, name))

    def close(self):
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
