"""A way to bring files in."""

from collections.abc import Callable

import pytest

from tracker.evidence.store import IncomingFile

LIMIT_BYTES = 50 * 1024 * 1024

Receive = Callable[..., IncomingFile]


@pytest.fixture
def receive() -> Receive:
    """A file that has come in, in chunks of 7 bytes."""

    def received(name: str, content: bytes, *, limit_bytes: int = LIMIT_BYTES) -> IncomingFile:
        incoming = IncomingFile(name, limit_bytes=limit_bytes)
        for start in range(0, len(content), 7):
            incoming.write(content[start : start + 7])
        return incoming

    return received
