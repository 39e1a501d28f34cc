"""Text in header fields, of parts and of the message.

(name, reason, what, message).  Many clients show a part's description and file
name beside the text, and every one shows names and subjects.
"""
from mails import Part, TEXT, mixed, multipart, part
from shape import PROSE, WORDS, Inline

PARTLY, MALFORMED = "partly-cleartext", "malformed"
OCTETS = "Content-Type: application/octet-stream"
ENCODED = "=?utf-8?q?There_is_a_hole_in_libexample?="


def of_parts(c):
    """PGP/MIME: header fields of the two parts."""
    for name, line in (
            ("description", "Content-Description: " + WORDS),
            ("description-word", "Content-Description: " + ENCODED),
            ("description-folded", "Content-Description:\n OpenPGP\n " +
             WORDS),
            ("id", "Content-ID: <%s>" % WORDS),
            ("location", "Content-Location: file:///tmp/%s" % WORDS),
            ("language", "Content-Language: en (%s)" % WORDS),
            ("x-field", "X-Note: " + WORDS),
            ("comments", "Comments: " + WORDS),
            ("subject", "Subject: " + WORDS),
            ("from", 'From: "%s" <a@example.org>' % WORDS),
            ("disposition-words", "Content-Disposition: " + WORDS),
            ("filename", 'Content-Disposition: attachment; filename='
             '"libexample-overflow.asc"'),
            ("filename-words", 'Content-Disposition: attachment; filename='
             '"%s"' % WORDS),
            ("filename-word", 'Content-Disposition: attachment; '
             'filename="%s"' % ENCODED),
            ("date-words", 'Content-Disposition: attachment; '
             'creation-date="%s"' % WORDS),
            ("disposition-parameter", "Content-Disposition: attachment; "
             'note="%s"' % WORDS)):
        yield "part-" + name, PARTLY, "text in a part's field", \
            c.second_as(OCTETS, line)
    for name, rest in (
            ("name", '; name="libexample-overflow.asc"'),
            ("name-words", '; name="%s"' % WORDS),
            ("parameter", '; x-note="%s"' % WORDS)):
        yield "part-type-" + name, PARTLY, "text in Content-Type", \
            c.second_as(OCTETS + rest)
    yield "part-type-charset", MALFORMED, "text as charset", c.second_as(
        OCTETS + '; charset="%s"' % WORDS)
    for name, lines in (
            ("filename-rfc2231", (OCTETS, "Content-Disposition: attachment; "
                                  "filename*=utf-8''there%20is%20a%20hole")),
            ("filename-continued", (
                OCTETS, 'Content-Disposition: attachment; filename*0="there '
                'is a hole"; filename*1=" in libexample"')),
            ("name-rfc2231", (OCTETS + "; name*=us-ascii''there%20is",))):
        yield "part-" + name, PARTLY, "text in a name", c.second_as(*lines)
    yield "part-comment", MALFORMED, "a comment in Content-Disposition", \
        c.second_as(OCTETS, "Content-Disposition: inline (%s)" % WORDS)
    yield "first-description", PARTLY, "text in the first part's header", \
        c.but(first=("Content-Type: application/pgp-encrypted",
                     "Content-Description: " + WORDS))
    yield "first-filename", PARTLY, "text in the first part's header", \
        c.but(first=("Content-Type: application/pgp-encrypted",
                     'Content-Disposition: attachment; filename="%s"' %
                     WORDS))


def empty_parts(c):
    """Parts without content beside it, whose header says it all."""
    inner = c.entity()
    for name, lines in (
            ("filename", ("Content-Type: application/octet-stream",
                          'Content-Disposition: attachment; filename="%s"' %
                          WORDS)),
            ("name", ('Content-Type: text/plain; name="%s"' % WORDS,)),
            ("description", ("Content-Type: text/plain",
                             "Content-Description: " + WORDS)),
            ("subject", ("Subject: " + WORDS,)),
            ("type", ("Content-Type: there-is-a-hole/in-libexample",)),
            ("subtype", ("Content-Type: text/x-hole-in-libexample",)),
            ("external", ("Content-Type: message/external-body; "
                          "access-type=URL;\n URL=\"https://example.org/"
                          "there-is-a-hole\"",))):
        yield "empty-" + name, PARTLY, "an empty part with a header", \
            c.around(mixed(inner, Part(list(lines), b"\n"),
                           boundary="=_outer"))
    yield "multipart-words", PARTLY, "a telling kind of multipart", c.around(
        multipart("x-hole-in-libexample", inner, boundary="=_outer"))


def of_the_message(c):
    """Fields of the message itself that people can read."""
    for name, line in (
            ("comments", "Comments: " + WORDS),
            ("keywords", "Keywords: libexample, overflow"),
            ("x-note", "X-Note: " + PROSE),
            ("summary", "Summary: " + PROSE),
            ("organization", "Organization: " + PROSE),
            ("x-note-folded", "X-Note:\n " + PROSE.replace(" ", "\n ")),
            ("x-note-encoded", "X-Note:" + "\n =?utf-8?b?VGhlcmUgaXMgYSBob2x"
             "lIGluIGxpYmV4YW1wbGUgdGhhdCBsZXRz?=" * 5),
            ("content-description", "Content-Description: " + WORDS),
            ("content-filename", 'Content-Disposition: inline; filename='
             '"%s"' % WORDS),
            ("content-note", "Content-Note: " + WORDS),
            ("cc-name", 'Cc: "%s" <a@example.org>' % PROSE),
            ("cc-group", "Cc: %s: a@example.org;" % PROSE),
            ("cc-comment", "Cc: a@example.org (%s)" % PROSE),
            ("reply-to", "Reply-To: %s <a@example.org>" % PROSE),
            ("sender", "Sender: %s <a@example.org>" % PROSE)):
        field = line.split(":")[0]
        shape = c.but(lines=[one for one in c.lines if not one.startswith(
            field)]) if field.startswith("Content") else c
        yield "field-" + name, PARTLY, "text in " + field, \
            shape.with_field(line)
    yield "field-from-name", PARTLY, "text as the sender's name", c.instead(
        "From", 'From: "%s" <member@example.com>' % PROSE)
    yield "field-to-name", PARTLY, "text as the list's name", c.instead(
        "To", 'To: "%s" <distros@vs.example.org>' % PROSE)


def of_the_text(c):
    """Inline: the header of the text part."""
    if not isinstance(c, Inline):
        return
    for name, line in (
            ("description", "Content-Description: " + WORDS),
            ("filename", 'Content-Disposition: inline; filename="%s"' %
             WORDS),
            ("x-field", "X-Note: " + WORDS)):
        yield "text-" + name, PARTLY, "text in the part's header", c.around(
            mixed(Part([c.lines[0], line], c.armor)))
    for name, rest in (("name", '; name="%s"' % WORDS),
                       ("parameter", '; x-note="%s"' % WORDS)):
        yield "text-type-" + name, PARTLY, "text in Content-Type", c.around(
            Part(["Content-Type: text/plain" + rest], c.armor))
    for charset in ("utf-7", "utf-16", "utf-16le", "utf-32", "x-user-defined",
                    "utf-16be", "ebcdic-us", "hz-gb-2312"):
        yield "text-charset-" + charset, MALFORMED, "an odd charset", \
            c.around(part(c.armor, "text/plain; charset=" + charset))
    yield "attached-type", PARTLY, "a telling type", c.around(mixed(
        c.part(), part(c.armor, 'x-hole-in/libexample; name="a.gpg"'),
        boundary="=_outer"))
    yield "attached-clear", PARTLY, "an attachment in clear", c.around(mixed(
        c.part(), part(TEXT, 'text/x-patch; name="a.patch"')))


MIME_GENERATORS = (of_parts,)
GENERATORS = (empty_parts, of_the_message, of_the_text)
