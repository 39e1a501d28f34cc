"""OpenPGP packets and armour by hand, good and bad (RFC 9580, RFC 4880).

    data = pkesk(KEY_ID) + seipd(500)       # an encrypted message in shape
    text = armor(data, headers=["Version: GnuPG v2"], checksum=False)

Ciphertext is random: nothing here decrypts.  That is enough for a judge who
holds no secret key, and exact where gpg cannot be told to write such things.
Randomness comes from RNG, so that a generator that calls seed() first writes
the same bytes every time.

Each builder of a packet takes the options of packet(): old=True, partial=9,
length=..., and so on.
"""
import base64
import random
import re
import struct
import zlib

RNG = random.Random(1)

PKESK, SIGNATURE, SKESK, ONE_PASS, SECRET_KEY, PUBLIC_KEY = 1, 2, 3, 4, 5, 6
COMPRESSED, SED, MARKER, LITERAL, TRUST, USER_ID = 8, 9, 10, 11, 12, 13
SEIPD, AEAD, PADDING, PRIVATE = 18, 20, 21, 60

RSA, ELGAMAL, ECDH, X25519, X448 = 1, 16, 18, 25, 26


def seed(number):
    RNG.seed(number)


def random_bytes(size):
    return RNG.randbytes(size)


# packet headers

def new_length(size, octets=None):
    """A new-format length of 1, 2 or 5 octets, the shortest by default."""
    if octets == 1 or (octets is None and size < 192):
        return bytes([size])
    if octets == 2 or (octets is None and size < 8384):
        return bytes([192 + (size - 192 >> 8), size - 192 & 255])
    return b"\xff" + struct.pack("!I", size)


def old_length(size, octets=None):
    """The length type and the length of an old-format header."""
    if octets is None:
        octets = 1 if size < 256 else 2 if size < 65536 else 4
    return {1: 0, 2: 1, 4: 2}[octets], size.to_bytes(octets, "big")


def partial_chunks(body, power):
    """body in chunks of 2^power bytes and a last one of a definite length."""
    out, size = b"", 1 << power
    while len(body) >= size:
        out += bytes([224 + power]) + body[:size]
        body = body[size:]
    return out + new_length(len(body)) + body


def packet(tag, body, old=False, octets=None, partial=None,
           indeterminate=False, length=None):
    """A packet.

    old: the header of RFC 4880 4.2.1 (tags below 16)    octets: of the length
    partial: chunks of 2^partial bytes                   length: a lie
    indeterminate: old, without a length
    """
    size = len(body) if length is None else length
    if indeterminate:
        return bytes([0x80 | tag << 2 | 3]) + body
    if old:
        kind, encoded = old_length(size, octets)
        return bytes([0x80 | tag << 2 | kind]) + encoded + body
    head = bytes([0xc0 | tag])
    if partial is not None:
        return head + partial_chunks(body, partial)
    return head + new_length(size, octets) + body


# packets of an encrypted message

def mpi(bits):
    """A random multiprecision integer of so many bits."""
    value = RNG.getrandbits(bits) | 1 << bits - 1
    return struct.pack("!H", bits) + value.to_bytes((bits + 7) // 8, "big")


def session_key(algorithm=ECDH):
    """The algorithm-specific fields of a PKESK."""
    if algorithm == RSA:
        return mpi(RNG.randint(3065, 3072))
    if algorithm == ELGAMAL:
        return mpi(2047) + mpi(2048)
    if algorithm == X25519:
        return random_bytes(32) + bytes([40]) + random_bytes(40)
    if algorithm == X448:
        return random_bytes(56) + bytes([40]) + random_bytes(40)
    if algorithm == ECDH:
        point = b"\x40" + random_bytes(32)
        return struct.pack("!H", 263) + point + bytes([48]) + \
            random_bytes(48)
    return random_bytes(1100)


def key_id(key):
    """8 bytes from a key id or a fingerprint in hexadecimal, or as it is."""
    if isinstance(key, str):
        key = bytes.fromhex(key)
    if len(key) == 32:
        return key[:8]
    return key[-8:]


def pkesk(key=bytes(8), version=3, algorithm=ECDH, fields=None, **options):
    """Public-Key Encrypted Session Key.  Eight zero bytes hide the key.

    Version 6 takes a fingerprint (40 or 64 hexadecimal digits), or None.
    """
    if fields is None:
        fields = session_key(algorithm)
    if version == 6:
        if isinstance(key, str):
            key = bytes.fromhex(key)
        if key in (None, bytes(8)):
            named = b"\0"
        else:
            named = bytes([len(key) + 1, 6 if len(key) == 32 else 4]) + key
    else:
        named = key_id(key)
    return packet(PKESK, bytes([version]) + named + bytes([algorithm]) +
                  fields, **options)


def skesk(version=4, s2k=3, esk=b"", **options):
    """Symmetric-Key Encrypted Session Key: a passphrase."""
    specifier = {0: b"\0\x08", 1: b"\1\x08" + random_bytes(8),
                 3: b"\3\x08" + random_bytes(8) + b"\xee",
                 4: b"\4" + random_bytes(16) + b"\1\4\x15"}[s2k]
    if version == 4:
        body = b"\4\x09" + specifier + esk
    elif version == 5:
        body = b"\5\x09\2" + specifier + random_bytes(15 + 32 + 16)
    else:
        params = b"\x09\2" + bytes([len(specifier)]) + specifier + \
            random_bytes(15)
        body = b"\6" + bytes([len(params)]) + params + random_bytes(32 + 16)
    return packet(SKESK, body, **options)


def seipd(size=500, version=1, content=None, chunk=6, **options):
    """Symmetrically Encrypted Integrity Protected Data.

    content: these bytes instead of random ones (an impostor).
    """
    if content is None:
        content = random_bytes(size)
    head = bytes([1]) if version == 1 else \
        bytes([version, 9, 2, chunk]) + random_bytes(32)
    return packet(SEIPD, head + content, **options)


def aead(size=500, content=None, chunk=10, **options):
    """The AEAD packet (tag 20) that GnuPG 2.3 and later write."""
    if content is None:
        content = random_bytes(size)
    return packet(AEAD, bytes([1, 9, 2, chunk]) + random_bytes(15) + content,
                  **options)


def sed(size=500, content=None, **options):
    """Symmetrically Encrypted Data without integrity protection."""
    return packet(SED, random_bytes(size) if content is None else content,
                  **options)


# other packets

def literal(data=b"This is not a secret.\n", name=b"", **options):
    return packet(LITERAL, b"b" + bytes([len(name)]) + name + bytes(4) +
                  data, **options)


def compressed(data=None, algorithm=1, **options):
    """Compressed data; by default of a literal packet."""
    if data is None:
        data = literal()
    deflate = zlib.compressobj(wbits=-15)
    packed = deflate.compress(data) + deflate.flush() if algorithm == 1 \
        else data
    return packet(COMPRESSED, bytes([algorithm]) + packed, **options)


def marker(content=b"PGP", **options):
    return packet(MARKER, content, **options)


def padding(size=64, content=None, **options):
    return packet(PADDING, content or random_bytes(size), **options)


def private(content=b"This is not a secret.\n", tag=PRIVATE, **options):
    return packet(tag, content, **options)


def subpacket(kind, body):
    return new_length(len(body) + 1) + bytes([kind]) + body


def signature(kind=0, hashed=b"", unhashed=b"", **options):
    """A v4 EdDSA signature that verifies nothing."""
    hashed = subpacket(2, bytes.fromhex("65000000")) + hashed
    unhashed = unhashed or subpacket(16, random_bytes(8))
    body = bytes([4, kind, 22, 8]) + \
        struct.pack("!H", len(hashed)) + hashed + \
        struct.pack("!H", len(unhashed)) + unhashed + random_bytes(2) + \
        mpi(256) + mpi(255)
    return packet(SIGNATURE, body, **options)


def one_pass(**options):
    return packet(ONE_PASS, bytes([3, 0, 8, 22]) + random_bytes(8) + b"\1",
                  **options)


def signed_message(data=b"This is not a secret.\n"):
    """One-pass signature, literal data, signature."""
    return one_pass() + literal(data) + signature()


def key(secret=False, user_id=b"Someone <someone@example.org>"):
    """A transferable key in shape."""
    body = b"\4" + bytes.fromhex("65000000") + b"\x16" + \
        b"\x09\x2b\x06\x01\x04\x01\xda\x47\x0f\x01" + mpi(263)
    if secret:
        body += b"\0" + mpi(255) + random_bytes(2)
    return packet(SECRET_KEY if secret else PUBLIC_KEY, body) + \
        packet(USER_ID, user_id) + signature(kind=0x13)


def encrypted(*keys, size=500):
    """The usual message: a PKESK for each key and integrity protection."""
    return b"".join(pkesk(one) for one in keys) + seipd(size)


# reading

def packets(data):
    """[(tag, body, raw), ...] of a message; partial lengths are joined."""
    out = []
    while data:
        tag, body, size = _next_packet(data)
        out.append((tag, body, data[:size]))
        data = data[size:]
    return out


def _next_packet(data):
    first = data[0]
    if not first & 0x40:
        octets = {0: 1, 1: 2, 2: 4}.get(first & 3, 0)
        size = int.from_bytes(data[1:1 + octets], "big") if octets else \
            len(data) - 1
        start = 1 + octets
        return first >> 2 & 15, data[start:start + size], start + size
    tag, body, at = first & 63, b"", 1
    while True:
        octet = data[at]
        if octet < 192:
            size, at = octet, at + 1
        elif octet < 224:
            size, at = (octet - 192 << 8) + data[at + 1] + 192, at + 2
        elif octet == 255:
            size, at = int.from_bytes(data[at + 1:at + 5], "big"), at + 5
        else:
            size, at = 1 << (octet & 31), at + 1
        body, at = body + data[at:at + size], at + size
        if not 224 <= octet < 255:
            return tag, body, at


def readdress(data, old, new):
    """Real ciphertext with another key id in its PKESK packets."""
    return data.replace(key_id(old), key_id(new), 1)


# armour

def crc24(data):
    crc = 0xb704ce
    for byte in data:
        crc ^= byte << 16
        for _ in range(8):
            crc <<= 1
            if crc & 0x1000000:
                crc ^= 0x1864cfb
    return crc & 0xffffff


def armor(data, kind="MESSAGE", headers=(), checksum=True, width=64,
          eol=b"\n", begin=None, end=None):
    """An armour block as bytes.

    checksum: True, False, or the four characters to write
    begin, end: instead of those lines ("" leaves one out)
    """
    if checksum is True:
        checksum = base64.b64encode(crc24(data).to_bytes(3, "big")).decode()
    text = base64.b64encode(data).decode()
    begin = "-----BEGIN PGP %s-----" % kind if begin is None else begin
    end = "-----END PGP %s-----" % kind if end is None else end
    lines = [begin] if begin else []
    lines += [*headers, ""]
    lines += [text[i:i + width] for i in range(0, len(text), width)]
    if checksum:
        lines.append("=" + checksum)
    if end:
        lines.append(end)
    return eol.join(line.encode() for line in lines) + eol


def dearmor(text):
    """The data of the first armour block."""
    found = re.search(rb"-----BEGIN [^\n]*\n(?:[^\n]*: [^\n]*\n)*\r?\n(.*?)"
                      rb"\r?\n(?:=[^\n]{4}\r?\n)?-----END", text, re.S)
    return base64.b64decode(found[1])
