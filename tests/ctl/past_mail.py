"""A list's past mail, as mbox and Maildir, encrypted to the list's key."""
import email.utils
import os
import time

import mails

DAY = 86400


def letter(keys, number, at, parent=None, clear=False, lines=(), **fields):
    """One mail, number n of the history, that came at a time."""
    armor = keys.encrypt(mails.TEXT + b"%d\n" % number, [keys.list])
    content = mails.part() if clear else mails.pgp_mime(armor)
    received = "Received: from a by b; " + email.utils.formatdate(at)
    if parent is not None:
        fields["in_reply_to"] = "<%d@past.test>" % parent
    return mails.mail(
        content, message_id="<%d@past.test>" % number,
        date=email.utils.formatdate(at - 7 * DAY), lines=[received, *lines],
        **fields)


def mbox(*letters):
    """With the line that an archive has in front of each."""
    line = b"From somebody Wed Nov 25 14:00:00 2020\n"
    return b"".join(line + one.replace(b"\nFrom ", b"\n>From ") + b"\n"
                    for one in letters)


def maildir(folder, *letters):
    for name in ("cur", "new", "tmp"):
        os.makedirs(os.path.join(folder, name))
    for number, one in enumerate(letters):
        place = ("cur", "new")[number % 2]
        with open(os.path.join(folder, place, "%03d.x" % number), "wb") as f:
            f.write(one)
    with open(os.path.join(folder, "tmp", "half"), "wb") as f:
        f.write(b"half a mail")


def iso(at):
    return time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime(at))
