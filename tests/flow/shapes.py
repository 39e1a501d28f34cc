"""What the rows of test_reasons.py are made of: one run's keys, real and made
ciphertext, and short names for the shapes that many rows share."""
import mails
import openpgp as pgp
from mails import mail, mixed, multipart, part, pgp_mime

# Stands in every readable text of every row: no reply and no log line may
# repeat it.
MARK = "plugh4711"
TEXT = ("The hole %s is in libexample.\n" % MARK).encode()
SUBJECT = "[vs] report %s" % MARK


class Shapes:
    def __init__(self, keys):
        pgp.seed(1)
        self.keys = keys
        self.key = keys.subkey(keys.list)
        self.real = keys.encrypt(TEXT, [keys.list])
        self.data = pgp.dearmor(self.real)
        self.made = self.encrypted()

    def encrypted(self, *more, size=500):
        """A made message to the list and to others."""
        return pgp.encrypted(self.key, *more, size=size)

    def armored(self, data=None, **options):
        return pgp.armor(self.made if data is None else data, **options)

    def mime(self, data=None, **options):
        """A PGP/MIME mail with these packets."""
        return self.mail(pgp_mime(self.armored(data), **options))

    def inline(self, data=None, **options):
        """A text mail with these packets in armour."""
        return self.mail(part(self.armored(data, **options)))

    def text(self, before=b"", behind=b"", **options):
        """Armour with something round it."""
        return self.mail(part(before + self.armored(**options) + behind))

    @staticmethod
    def mail(content, subject=SUBJECT, **fields):
        return mail(content, subject=subject, **fields)

    def beside(self, other, subtype="mixed"):
        """PGP/MIME and another part."""
        return self.mail(multipart(subtype, pgp_mime(
            self.armored(), boundary="inner"), other))

    def raw(self, head, body, **fields):
        """Content lines and body as they stand."""
        return mail(mails.Part(head, body), subject=SUBJECT, **fields)

    def with_head(self, *lines):
        """PGP/MIME, with these lines instead of its Content-Type."""
        return self.raw(lines, pgp_mime(self.armored()).body)

    def in_part(self, *lines, type="application/octet-stream"):
        """PGP/MIME, whose second part has these header lines as well."""
        return self.mail(pgp_mime(self.armored(), second=part(
            self.armored(), type, lines=lines)))

    def mixed(self, *parts, **options):
        return self.mail(mixed(*parts, **options))
