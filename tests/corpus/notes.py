"""Text that gateways, lists and phones add to mail, of the kinds met in the
wild, in our own words: each tells a reader nothing, and each proves that
somebody else can read and change what passes."""

MAILMAN = b"""\
_______________________________________________
distros mailing list -- distros@vs.example.org
To unsubscribe send an email to distros-leave@vs.example.org
"""
GOOGLE_GROUPS = b"""\
--\x20
You received this message because you are subscribed to the group "distros".
To unsubscribe from this group send an email to distros+off@vs.example.org.
"""
SYMPA = b"""\
To leave this list: mailto:sympa@vs.example.org?subject=unsubscribe%20distros
"""
ANTIVIRUS = b"""\
--\x20
This email has been checked for viruses by Example antivirus software.
https://antivirus.example
"""
SCANNER = b"""\
No virus found in this message.
Checked by Example - Version: 2026.0.1 / Virus Database: 4365/12345
"""
DISCLAIMER = b"""\
This message is confidential and meant for the addressee only. If you are not
the addressee, tell the sender and delete it. Example Ltd, Nowhere.
"""
EXTERNAL = b"""\
[EXTERNAL EMAIL] Do not click on links unless you know the sender.

"""
PHONE = b"\nSent from my phone\n"
WEBMAIL = b"\nSent with Example Mail secure email.\n"
SIGNATURE = b"-- \nMember\nExample Security Research, +1 555 0100\n"
QUOTE = b"""\

On Mon, 23 Nov 2026 at 09:00, Reporter wrote:
> There is a hole in libexample: see the patch.
"""
COVER = b"Hello,\n\nplease see the encrypted message below.\n\n"
FORWARDED = b"""\
-------- Forwarded Message --------
Subject: libexample: out-of-bounds read
From: Reporter <reporter@example.org>

"""

# name: what stands behind or before an encrypted message
BEHIND = {
    "mailman": MAILMAN, "google-groups": GOOGLE_GROUPS, "sympa": SYMPA,
    "antivirus": ANTIVIRUS, "scanner": SCANNER, "disclaimer": DISCLAIMER,
    "phone": PHONE, "webmail": WEBMAIL, "signature": SIGNATURE, "quote": QUOTE,
}
BEFORE = {"external": EXTERNAL, "cover": COVER, "forwarded": FORWARDED}
