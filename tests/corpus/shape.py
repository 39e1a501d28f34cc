"""A mail as one client writes it, made to be changed.

    good = Mime("mutt", armor, head=[...], lines=[...], ...)
    bad = good.but(epilogue=TEXT)               a copy that differs
    bad = good.around(mixed(good.entity(), ...))    another body, same header
    bytes(bad)                                  the message, with LF

Mime is PGP/MIME: a boundary, a version part, a payload part.  Inline is armour
as the text of a part, alone or with further parts in a multipart/mixed.  The
attacks see both alike: head and lines, armor, packets().
"""
import dataclasses
import re

import mails
import openpgp as pgp
from mails import Part, TEXT

WORDS = TEXT.decode().strip()
HTML = b"<html><body><p>" + TEXT.strip() + b"</p></body></html>\n"
# Long enough to be a text and no name in any field.
PROSE = "There is a hole in libexample that lets any remote sender read " \
    "the memory of the server"


@dataclasses.dataclass(frozen=True)
class Whole:
    """A finished message: header lines and a Part."""
    head: list
    content: object

    def __bytes__(self):
        return bytes(Part(list(self.head), b""))[:-1] + bytes(self.content)


@dataclasses.dataclass(frozen=True)
class Shape:
    """What both kinds have.

    head: the outer fields without those of the content
    lines: the Content fields; "%s" stands for the boundary
    armor_lines: "Version: ..." and the like    checksum: has the armour one
    """
    name: str
    armor: bytes
    head: list
    lines: list
    armor_lines: tuple = ()
    checksum: bool = True
    encoding: str = None

    def but(self, **changes):
        return dataclasses.replace(self, **changes)

    def around(self, content):
        """This header round another content."""
        return Whole(self.head, content)

    def packets(self, data):
        """The same mail with other OpenPGP data, in the client's armour."""
        return self.but(armor=self.wrap(data))

    def wrap(self, data, **options):
        """data in armour as this client writes it."""
        return pgp.armor(data, headers=self.armor_lines,
                         checksum=self.checksum, **options)

    def data(self):
        """The packets of its armour."""
        return pgp.dearmor(self.armor)

    def with_field(self, line):
        """One more outer field."""
        return self.but(head=[*self.head, line])

    def instead(self, name, *new):
        """Other outer fields in the place of those called name."""
        head = [line for line in self.head
                if not line.lower().startswith(name.lower() + ":")]
        return self.but(head=[*head, *new])

    def __bytes__(self):
        return bytes(self.around(self.entity()))


@dataclasses.dataclass(frozen=True)
class Mime(Shape):
    """PGP/MIME.  first, second: header lines of the two parts."""
    reason = "pgp-mime"
    boundary: str = ""
    first: tuple = ("Content-Type: application/pgp-encrypted",)
    second: tuple = ("Content-Type: application/octet-stream",)
    version: bytes = b"Version: 1\n"
    preamble: bytes = b""
    epilogue: bytes = b""
    more: tuple = ()
    end: bool = True

    def version_part(self):
        return Part(list(self.first), self.version)

    def payload_part(self):
        return Part(list(self.second), mails.encode(self.armor,
                                                    self.encoding))

    def body(self, *parts, **changes):
        """The multipart's body; with parts, of those."""
        options = {"boundary": self.boundary, "preamble": self.preamble,
                   "epilogue": self.epilogue, "end": self.end, **changes}
        return mails.multipart("encrypted", *(parts or (
            self.version_part(), self.payload_part(), *self.more)),
            **options).body

    def entity(self):
        return Part([line.replace("%s", self.boundary)
                     for line in self.lines], self.body())

    def of(self, *parts):
        """The same multipart/encrypted round other parts."""
        return self.around(Part(self.entity().lines, self.body(*parts)))

    def typed(self, *lines):
        """Other Content fields round the same body."""
        return self.around(Part(list(lines), self.body()))

    def in_first(self, *lines):
        return self.but(first=(*self.first, *lines))

    def in_second(self, *lines):
        return self.but(second=(*self.second, *lines))

    def second_as(self, *lines):
        """A second part of the plainest kind with these header lines."""
        return self.but(second=lines, encoding=None)


@dataclasses.dataclass(frozen=True)
class Inline(Shape):
    """Armour as the text; beside: further parts."""
    reason = "pgp-inline"
    boundary: str = "=_inline"
    beside: tuple = ()

    def part(self, text=None):
        """The text part, with another text."""
        return Part(list(self.lines), mails.encode(
            self.armor if text is None else text, self.encoding))

    def entity(self):
        if not self.beside:
            return self.part()
        return mails.mixed(self.part(), *self.beside, boundary=self.boundary)

    def text(self, before=b"", behind=b""):
        """Something before and behind the armour."""
        return self.but(armor=before + self.armor + behind)


def with_crlf(message):
    """CRLF line ends, as SMTP has them."""
    return re.sub(rb"(?<!\r)\n", b"\r\n", message)
