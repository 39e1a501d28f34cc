"""X.509 certificates for S/MIME, made by openssl at test time.

    with Certificates() as certs:
        certs.make("list", "distros@vs.example.org")
        certs.import_public(home, "list")           gpgsm's keyring
        der = certs.envelop(b"text", ["list"])      openssl cms -encrypt

A certificate is known by its name; fingerprint(name) is what gpgsm calls it.
All are issued by one authority but those of `foreign`, which signs itself.
"""
import os
import shutil
import subprocess
import tempfile

from account import IDENTITY, give

CONFIG = """
[req]
distinguished_name = dn
[dn]
[ca]
default_ca = authority
[authority]
database = index
serial = serial
new_certs_dir = .
default_md = sha256
policy = anything
unique_subject = no
[anything]
organizationName = optional
commonName = supplied
[root]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[own]
basicConstraints = critical, CA:TRUE
subjectKeyIdentifier = hash
"""
LEAF = """
[{name}]
basicConstraints = CA:FALSE
keyUsage = critical, {usage}
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
subjectAltName = email:{address}
"""
BOTH = "digitalSignature, keyEncipherment, keyAgreement"
RSA = ("-newkey", "rsa:2048")
EC = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256")
FOREVER = "20560101000000Z"


class Certificates:
    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="x509-", dir="/tmp")
        give(self.folder)
        try:
            self._write("config", CONFIG)
            self._write("index", "")
            self._write("serial", "4711\n")
            self.openssl("req", "-x509", *RSA, "-nodes", "-keyout", "ca.key",
                         "-out", "ca.pem", "-subj", "/O=Test/CN=Test CA",
                         "-days", "3650", "-config", "config", "-extensions",
                         "root")
        except BaseException:
            self.close()
            raise

    def _write(self, name, text, mode="w"):
        with open(os.path.join(self.folder, name), mode) as file:
            file.write(text)

    def read(self, name):
        with open(os.path.join(self.folder, name), "rb") as file:
            return file.read()

    def openssl(self, *arguments, data=b""):
        """Run openssl in the folder; its standard output."""
        return self.run(["openssl", *arguments], data)

    def run(self, command, data=b"", **options):
        done = subprocess.run(command, input=data, capture_output=True,
                              cwd=self.folder, timeout=60, **IDENTITY,
                              **options)
        if done.returncode != 0:
            raise RuntimeError("%s: %s" % (" ".join(command), done.stderr
                                           .decode(errors="replace")))
        return done.stdout

    # certificates

    def make(self, name, address="someone@example.net", key=RSA, usage=BOTH,
             start="20200101000000Z", end=FOREVER):
        """A certificate from our authority."""
        self._write("config", LEAF.format(name=name, usage=usage,
                                          address=address), "a")
        self.openssl("req", "-new", *key, "-nodes", "-keyout",
                     name + ".key", "-out", name + ".csr", "-subj",
                     "/O=Test/CN=" + name, "-config", "config")
        self.openssl("ca", "-batch", "-notext", "-config", "config", "-cert",
                     "ca.pem", "-keyfile", "ca.key", "-in", name + ".csr",
                     "-out", name + ".pem", "-startdate", start, "-enddate",
                     end, "-extensions", name)

    def make_foreign(self, name):
        """One that signed itself."""
        self.openssl("req", "-x509", *RSA, "-nodes", "-keyout", name + ".key",
                     "-out", name + ".pem", "-subj", "/CN=" + name, "-days",
                     "3650", "-config", "config", "-extensions", "own")

    def fingerprint(self, name):
        line = self.openssl("x509", "-in", name + ".pem", "-noout",
                            "-fingerprint", "-sha1").decode()
        return line.split("=")[1].strip().replace(":", "")

    def serial(self, name):
        """The serial number as a message has it."""
        line = self.openssl("x509", "-in", name + ".pem", "-noout",
                            "-serial").decode()
        digits = bytes.fromhex(line.split("=")[1])
        return bytes([2, len(digits)]) + digits

    # gpgsm

    def gpgsm(self, home, *arguments, data=b""):
        return self.run(["gpgsm", "--homedir", home, "--batch", "--quiet",
                          "--disable-dirmngr", "--pinentry-mode", "loopback",
                          *arguments], data)

    def import_public(self, home, *names):
        for name in ("ca", *names):
            self.gpgsm(home, "--import", name + ".pem")

    def import_secret(self, home, *names):
        """As PKCS#12 of the kind that every gpgsm reads; no passphrase."""
        for name in names:
            self.openssl("pkcs12", "-export", "-inkey", name + ".key", "-in",
                         name + ".pem", "-passout", "pass:", "-keypbe",
                         "PBE-SHA1-3DES", "-certpbe", "PBE-SHA1-3DES",
                         "-macalg", "sha1", "-out", name + ".p12")
            self.gpgsm(home, "--passphrase-fd", "0", "--import",
                       name + ".p12", data=b"\n")

    def trust(self, home, *names):
        """Their chains, from now on."""
        with open(os.path.join(home, "trustlist.txt"), "a") as file:
            for name in names or ["ca"]:
                file.write("%s S relax\n" % self.fingerprint(name))
        self.run(["gpgconf", "--homedir", home, "--reload", "gpg-agent"])

    # messages

    def envelop(self, data, names, *options, keyopts=()):
        """openssl cms -encrypt, in DER unless the options say else."""
        self._write("plain", data, "wb")
        recipients = []
        for name in names:
            recipients += ["-recip", name + ".pem"]
            for keyopt in keyopts:
                recipients += ["-keyopt", keyopt]
        return self.openssl("cms", "-encrypt", "-binary", "-in", "plain",
                            "-outform", "DER", *(options or ["-aes256"]),
                            *recipients)

    def sign(self, data, name, *options):
        """openssl cms -sign; detached unless the options say else."""
        self._write("plain", data, "wb")
        return self.openssl("cms", "-sign", "-binary", "-in", "plain",
                            "-outform", "DER", "-signer", name + ".pem",
                            "-inkey", name + ".key", *options)

    def open(self, der, name):
        """Decrypt, to see that a test's message is one."""
        return self.openssl("cms", "-decrypt", "-inform", "DER", "-inkey",
                            name + ".key", "-recip", name + ".pem", data=der)

    def close(self):
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
