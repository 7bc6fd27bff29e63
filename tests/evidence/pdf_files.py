"""PDF documents with something in them, written by hand."""

import hashlib
import zlib

PADDING = bytes.fromhex("28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e802f0ca9fe6453697a")
RIGHTS = -4


def pdf_of(catalog: bytes = b"", *objects: bytes, trailer: bytes = b"") -> bytes:
    """One empty page; ``catalog`` stands in the root, ``objects`` are numbered from 4."""
    bodies = [
        b"<< /Type /Catalog /Pages 2 0 R " + catalog + b" >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 100 100] >>",
        *objects,
    ]
    out, places = b"%PDF-1.7\n", []
    for number, body in enumerate(bodies, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(bodies) + 1
    return out + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R %s >>\n"
        b"startxref\n%d\n%%%%EOF\n" % (size, table, size, trailer, len(out))
    )


def stream(head: bytes, content: bytes) -> bytes:
    return b"<< %s /Length %d >>\nstream\n%s\nendstream" % (head, len(content), content)


def packed_action(content: bytes = b"9 0 << /S /JavaScript /JS (app.alert\\(1\\)) >>") -> bytes:
    """An action inside of a packed stream of objects."""
    head = b"/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode"
    return pdf_of(b"/OpenAction 9 0 R", stream(head, zlib.compress(content)))


def sealed_pdf() -> bytes:
    """Opens with a password only."""
    return pdf_of(trailer=_lock(b"\1" * 32, b"\2" * 32))


def half_sealed_pdf(content: bytes) -> bytes:
    """Opens without a password; its streams are encrypted none the less."""
    owner = b"\2" * 32
    key = _key(owner)
    packed = zlib.compress(b"5 0 " + content)
    salt = key + (4).to_bytes(3, "little") + (0).to_bytes(2, "little")
    hidden = rc4(hashlib.md5(salt).digest()[: len(key) + 5], packed)
    head = b"/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode"
    made = pdf_of(b"/OpenAction 5 0 R", stream(head, hidden))
    body = made[: made.index(b"xref\n")]
    places = [body.index(b"%d 0 obj" % number) for number in range(1, 5)]
    rows = b"".join(b"\1" + place.to_bytes(4, "big") + b"\0" for place in places)
    rows = bytes(6) + rows + b"\2" + (4).to_bytes(4, "big") + b"\0"
    rows += b"\1" + len(body).to_bytes(4, "big") + b"\0"
    lock = _lock(rc4(key, PADDING), owner)
    table = stream(b"/Type /XRef /W [1 4 1] /Size 7 /Root 1 0 R " + lock, rows)
    return body + b"6 0 obj\n%s\nendobj\nstartxref\n%d\n%%%%EOF\n" % (table, len(body))


def _lock(user: bytes, owner: bytes) -> bytes:
    return b"/Encrypt << /Filter /Standard /V 1 /R 2 /P %d /O <%s> /U <%s> >> /ID [<41> <41>]" % (
        RIGHTS,
        owner.hex().encode(),
        user.hex().encode(),
    )


def _key(owner: bytes) -> bytes:
    salt = PADDING + owner + RIGHTS.to_bytes(4, "little", signed=True) + b"A"
    return hashlib.md5(salt).digest()[:5]


def rc4(key: bytes, content: bytes) -> bytes:
    state, j = list(range(256)), 0
    for i in range(256):
        j = (j + state[i] + key[i % len(key)]) % 256
        state[i], state[j] = state[j], state[i]
    out, i, j = bytearray(), 0, 0
    for byte in content:
        i = (i + 1) % 256
        j = (j + state[i]) % 256
        state[i], state[j] = state[j], state[i]
        out.append(byte ^ state[(state[i] + state[j]) % 256])
    return bytes(out)
