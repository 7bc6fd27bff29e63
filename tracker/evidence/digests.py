"""What a content's fingerprints are: SHA-256, which names it, and SM3 (GB/T 32905) beside it."""

import hashlib

SM3_KNOWN = "sm3" in hashlib.algorithms_available


class Digests:
    """Both fingerprints in one pass. ``sm3`` stays empty where OpenSSL was built without it."""

    def __init__(self) -> None:
        self._sha256 = hashlib.sha256()
        self._sm3 = hashlib.new("sm3") if SM3_KNOWN else None

    def update(self, chunk: bytes) -> None:
        self._sha256.update(chunk)
        if self._sm3 is not None:
            self._sm3.update(chunk)

    @property
    def sha256(self) -> str:
        return self._sha256.hexdigest()

    @property
    def sm3(self) -> str:
        return self._sm3.hexdigest() if self._sm3 is not None else ""
