"""The same mails through Postfix and through Sendmail, over SMTP and from the
host itself, and behind OpenDKIM.

Both MTAs ask the same filter.  What they answer and what they deliver must be
the same: verdict, reply, tags; and not a byte more.
"""
import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile

import tap
from fake_mta import FakeMTA
from guarded_site import LIST, OTHER, GuardedSite, end_on_signals
from private_postfix import wait_for
from private_sendmail import PrivateSendmail

BUILDDIR = os.environ.get("top_builddir", ".")
SNIPPET = os.path.join(os.environ.get("top_srcdir", "."),
                       "conf/sendmail.mc.snippet")
ALICE = "alice@reporter.test"
# what an MTA adds or may rewrite
THEIRS = ("received", "return-path", "delivered-to", "x-original-to",
          "x-embargo-", "authentication-results", "dkim-signature")
FORGED = ("X-Embargo-Issue: VS-1999-0001\nx-EMBARGO-verdict: accept\n"
          "X-Embargo-Issue: VS-1999-0002\n")
PROSE = b"".join(b"A line of prose that is long, number %d.\r\n" % i
                 for i in range(4000))


def mails(site):
    """(name, mail, recipients, sender, code)"""
    clear, sealed = site.reporter.clear_mail, site.reporter.encrypted_mail
    good = sealed(LIST, site.key, id="good@reporter.test")
    second = sealed(LIST, site.key, id="more@reporter.test", more=(
        "In-Reply-To: <good@reporter.test>\n"))
    yield "a report", good, [LIST], ALICE, 250
    yield "the same again", good, [LIST], ALICE, 250
    yield "a reply", second, [LIST], ALICE, 250
    yield "forged tags", sealed(
        LIST, site.key, id="f@reporter.test", more=FORGED), [LIST], ALICE, 250
    yield "a date", sealed(
        LIST, site.key, id="d@reporter.test",
        more="Embargo-Until: 2026-12-01T14:00:00Z\n"), [LIST], ALICE, 250
    yield "a long field", sealed(
        LIST, site.key, id="l@reporter.test", more="References: %s\n" %
        "\n ".join("<r%d@reporter.test>" % i for i in range(60))), \
        [LIST], ALICE, 250
    yield "clear text", clear(LIST), [LIST], ALICE, 550
    yield "clear text in capitals", clear(LIST.upper()), [LIST.upper()], \
        ALICE, 550
    yield "clear text to both", clear(LIST), [OTHER, LIST], ALICE, 550
    yield "a report to both", good, [OTHER, LIST], ALICE, 250
    yield "other mail", clear(OTHER, more="X-Embargo-Issue: theirs\n"), \
        [OTHER], ALICE, 250
    yield "much clear text", clear(LIST) + PROSE, [LIST], ALICE, 550
    yield "much other mail", clear(OTHER) + PROSE, [OTHER], ALICE, 250
    yield "a report with a text behind", good + b"That is it.\r\n", [LIST], \
        ALICE, 550
    yield "a wrong key", sealed(LIST, wrong_key(site)), [LIST], ALICE, 550
    yield "a robot's", clear(LIST, more="Auto-Submitted: auto-replied\n"), \
        [LIST], "", 550
    yield "a bounce", good, [LIST], "", 550
    yield "to a public list too", sealed(
        LIST + ", oss-security@lists.openwall.com", site.key,
        id="p@reporter.test"), [LIST], ALICE, 550
    yield "8 bits", clear(OTHER, text="Gr\u00fc\u00dfe"), [OTHER], ALICE, 250
    yield "dots", clear(OTHER, text=".\n..\n.x"), [OTHER], ALICE, 250


KEYS = {}


def wrong_key(site):
    if site not in KEYS:
        KEYS[site] = site.reporter.make_key("other <other@site.test>")
    return KEYS[site]


def split(mail):
    """Header fields as (name, value), body."""
    head, _, body = mail.replace(b"\r\n", b"\n").partition(b"\n\n")
    head = re.sub(rb"\n(?=[ \t])", b"\0", head).decode("utf-8",
                                                       "surrogateescape")
    return [tuple(line.replace("\0", "\n").split(":", 1))
            for line in head.split("\n") if ":" in line], body


def tags(mail):
    return sorted((n.lower(), v.strip()) for n, v in split(mail)[0]
                  if n.lower().startswith("x-embargo-"))


def is_theirs(name):
    return name.lower().startswith(THEIRS)


def check_untouched(mail, sent):
    """All but what an MTA or the filter adds is as it was sent."""
    fields, body = split(mail)
    sent_fields, sent_body = split(sent)
    assert [f for f in fields if not is_theirs(f[0])] == \
        [f for f in sent_fields if not is_theirs(f[0])], fields
    assert body == sent_body, "the body changed"


def to_whom(mail):
    return next(v.strip().lower() for n, v in split(mail)[0]
                if n.lower() == "delivered-to")


def through(mta, mail, recipients, sender):
    """Code, text, and what was delivered to whom."""
    mta.forget()
    code, text = mta.send(mail, sender, *recipients)
    delivered = mta.mails(len(recipients) if code == 250 else 0)
    for one in delivered:
        check_untouched(one, mail)
    return code, text, sorted((to_whom(one), tags(one)) for one in delivered)


def without_serial(text):
    """What each MTA says of its own success."""
    return text if not text.startswith("2") else "accepted"


def run_all(site, mta):
    """Every mail on an empty Redis; what came of each."""
    site.redis("FLUSHALL")
    results = {}
    for name, mail, recipients, sender, wanted in mails(site):
        code, text, delivered = through(mta, mail, recipients, sender)
        assert code == wanted, (name, code, text)
        results[name] = code, without_serial(text), delivered
    counters = site.redis_hash("embargo:{distros}:counters")
    results["counters"] = {k: v for k, v in counters.items()}
    return results


def year_free(results):
    """Times of now differ."""
    return {name: re.sub(r"\d\d:\d\d:\d\dZ; assumed", "T", repr(one))
            for name, one in results.items()}


def test_the_same_mails(site, sendmail):
    first = year_free(run_all(site, site.postfix))
    second = year_free(run_all(site, sendmail))
    for name, result in first.items():
        assert second[name] == result, (name, result, second[name])
    assert len(first) > 20
    print("# %d mails, twice" % (len(first) - 1), flush=True)


def test_sendmail_without_the_filter_defers(site, sendmail):
    """F=T of the lines that we ship."""
    site.kill_filter()
    for mail, to in ((site.reporter.clear_mail(LIST), LIST),
                     (site.reporter.encrypted_mail(LIST, site.key), LIST),
                     (site.reporter.clear_mail(OTHER), OTHER)):
        sendmail.forget()
        code, text = sendmail.send(mail, ALICE, to)
        assert 400 <= code < 500, (code, text)
        assert sendmail.mails() == []
    site.start_filter()
    code, _ = sendmail.send(site.reporter.encrypted_mail(LIST, site.key),
                            ALICE, LIST)
    assert code == 250


def test_from_the_host_itself(site, _):
    """non_smtpd_milters: each mail that Postfix would take from a program."""
    site.redis("FLUSHALL")
    for name, mail, recipients, sender, wanted in mails(site):
        if sender == "" or name in ("much clear text", "much other mail"):
            continue
        site.postfix.forget()
        done = site.postfix.sendmail(mail.replace(b"\r\n", b"\n"), sender,
                                     *recipients)
        assert done.returncode == 0, done
        # a refusal comes back to the sender
        count = len(recipients) if wanted == 250 else 1
        wait_for(lambda n=count: len(site.postfix.mails()) == n,
                 about=name)
        for one in site.postfix.mails():
            if wanted == 250:
                check_untouched(one, mail)
            else:
                assert to_whom(one) == sender, name
                assert b"5.7.1" in one, one
    assert site.postfix.mails() != []


# OpenDKIM

# who is signed for, and who is verified
HOSTS = {"s": "127.0.0.1", "v": "192.0.2.99"}


class OpenDkim:
    """Signs for reporter.test, or verifies; its key is known from a file."""

    def __init__(self, folder, mode):
        self.path = os.path.join(folder, "dkim-" + mode)
        self.socket = os.path.join(folder, "dkim-%s.sock" % mode)
        key = os.path.join(folder, "dkim.key")
        if not os.path.exists(key):
            subprocess.run(["openssl", "genrsa", "-out", key, "2048"],
                           check=True, capture_output=True)
            public = subprocess.run(
                ["openssl", "rsa", "-in", key, "-pubout"], check=True,
                capture_output=True, text=True).stdout
            with open(key + ".pub", "w") as file:
                file.write("test._domainkey.reporter.test v=DKIM1; k=rsa; "
                           "p=%s\n" % "".join(public.splitlines()[1:-1]))
        with open(self.path, "w") as file:
            file.write("Mode %s\nDomain reporter.test\nSelector test\n"
                       "KeyFile %s\nTestPublicKeys %s.pub\nUMask 000\n"
                       "Canonicalization simple/simple\nSyslog no\n"
                       "InternalHosts %s\nOn-BadSignature reject\n"
                       "OversignHeaders From\n" % (
                           mode, key, key, HOSTS[mode]))
        self.process = None

    def __enter__(self):
        self.process = subprocess.Popen(
            ["opendkim", "-f", "-x", self.path, "-p",
             "local:" + self.socket], stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL)
        wait_for(lambda: os.path.exists(self.socket), about="opendkim")
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(20)
        with contextlib.suppress(FileNotFoundError):
            os.unlink(self.socket)

    def verifies(self, mail):
        """Does the signature of the message hold?  As an MTA would ask."""
        with FakeMTA("unix:" + self.socket) as mta:
            answer = mta.send(mail, [LIST], ALICE)
        return answer.verdict == "accept" and any(
            b"dkim=pass" in edit.value for edit in answer.edits
            if edit.name == "Authentication-Results"), answer


def test_signed_then_tagged(site, sendmail):
    """OpenDKIM first, we last: the signature holds with our tags on top."""
    ours = site.postfix.settings["smtpd_milters"]
    with dkim_folder() as folder, OpenDkim(folder, "s") as signer, \
            OpenDkim(folder, "v") as verifier:
        try:
            site.postfix.postconf(smtpd_milters="unix:%s, %s" % (
                signer.socket, ours))
            signed = deliver(site, site.reporter.encrypted_mail(
                LIST, site.key, id="signed@reporter.test", more=FORGED))
            assert b"\nDKIM-Signature: " in b"\n" + signed, signed[:2000]
            assert len(tags(signed)) == 4, tags(signed)
            good, told = verifier.verifies(signed)
            assert good, told
            broken = signed.replace(b"\nVersion: 1\n", b"\nVersion: 2\n")
            assert not verifier.verifies(broken)[0], "it verifies anything"
            check_verified(site, sendmail, verifier, signed, ours)
        finally:
            site.postfix.postconf(smtpd_milters=ours)


@contextlib.contextmanager
def dkim_folder():
    """OpenDKIM wants a configuration below nothing that others can write."""
    folder = tempfile.mkdtemp(prefix="dkim-", dir="/run")
    os.chmod(folder, 0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def deliver(site, mail):
    site.redis("FLUSHALL")
    site.postfix.forget()
    code, text = site.send(mail)
    assert code == 250, (code, text)
    return site.postfix.mails(1)[0]


def check_verified(site, sendmail, verifier, signed, ours):
    """It comes in from elsewhere: verified before us, and after us."""
    fields, body = split(signed)
    keep = [f for f in fields if f[0].lower() == "dkim-signature" or
            not is_theirs(f[0])]
    mail = "".join("%s:%s\n" % f for f in keep).encode() + b"\n" + body
    mail = mail.replace(b"\n", b"\r\n")
    site.postfix.postconf(smtpd_milters="unix:%s, %s" % (
        verifier.socket, ours))
    after = deliver(site, mail)
    assert b"dkim=pass" in after, after[:2000]
    assert verifier.verifies(after)[0]
    site.redis("FLUSHALL")
    sendmail.forget()
    code, text = sendmail.send(mail, ALICE, LIST)
    assert code == 250, (code, text)
    after, = sendmail.mails(1)
    assert len(tags(after)) == 4 and verifier.verifies(after)[0], after


def filter_lines(site):
    """Those that we ship, with the socket of this site."""
    with open(SNIPPET) as file:
        text = "\n".join(line for line in file.read().splitlines()
                         if not line.startswith("dnl"))
    return re.sub(r"S=unix:[^,]*", "S=local:" + site.socket, text)


def main(word=""):
    """All tests, or those with a word in their names."""
    end_on_signals()
    with GuardedSite(BUILDDIR) as site:
        folder = os.path.join(site.folder, "sendmail")
        os.mkdir(folder)
        sendmail = PrivateSendmail(folder, filter_lines(site))
        try:
            sendmail.start()
            return tap.run([one for one in tap.collect(
                globals(), site, sendmail) if word in one[0]])
        finally:
            sendmail.stop()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))
