"""A real clamd with one signature of its own, and a server that takes a file and is silent."""

import hashlib
import io
import os
import shutil
import socket
import subprocess
import tarfile
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.infrastructure.sites import wait_until

# The harmless text that scanners agree to call a virus; in two halves, so that none takes this
# file for one.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
VIRUS = "Test.Eicar.UNOFFICIAL"
STREAM_LIMIT = 2 * 1024 * 1024


class Signatures:
    """A database with a number, as the daily one has; ``publish`` brings the running clamd a newer.

    Unlike the test's plain signature it shows in ``VERSION``. Until ``publish`` knows the virus the
    scanner calls every file clean.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def publish(self, number: int, *, text: bytes) -> None:
        self.write(number, text=text)
        with socket.socket(socket.AF_UNIX) as ask:
            ask.connect(str(self._folder / "clamd.sock"))
            ask.sendall(b"nRELOAD\n")
            ask.recv(100)
        wait_until(lambda: f"/{number}/" in self._version(), 60)

    def write(self, number: int, *, text: bytes) -> None:
        head = f"ClamAV-VDB:01 Jan 2026 00-00 +0000:{number}:1:60:{'0' * 32}:0:tests:1767225600"
        body = f"Test.Daily:0:*:{text.hex()}\n".encode()
        info = f"{head}\ndaily.ndb:{len(body)}:{hashlib.sha256(body).hexdigest()}\n".encode()
        packed = io.BytesIO()
        with tarfile.open(fileobj=packed, mode="w:gz", format=tarfile.USTAR_FORMAT) as archive:
            for name, content in (("daily.info", info), ("daily.ndb", body)):
                member = tarfile.TarInfo(name)
                member.size = len(content)
                archive.addfile(member, io.BytesIO(content))
        path = self._folder / "signatures" / "daily.cud"
        path.write_bytes(head.encode().ljust(512) + packed.getvalue())

    def _version(self) -> str:
        with socket.socket(socket.AF_UNIX) as ask:
            ask.connect(str(self._folder / "clamd.sock"))
            ask.sendall(b"nVERSION\n")
            return ask.recv(200).decode()


@contextmanager
def numbered_clamd(number: int, *, text: bytes) -> Iterator[tuple[str, Signatures]]:
    """The same with a numbered database; yields its URL and the database as well."""
    folder = Path(tempfile.mkdtemp(prefix="ule-clamd-"))
    signatures = Signatures(folder)
    with _running(folder, lambda: signatures.write(number, text=text)) as url:
        yield url, signatures


@contextmanager
def running_clamd() -> Iterator[str]:
    """Run clamd until the block ends; yield its URL. Skips, or fails in CI, where there is none."""
    with _running(Path(tempfile.mkdtemp(prefix="ule-clamd-")), lambda: None) as url:
        yield url


@contextmanager
def _running(folder: Path, prepare: Callable[[], None]) -> Iterator[str]:
    binary = shutil.which("clamd", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if binary is None:
        reason = "no clamd here (Debian: clamav-daemon)"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    config = _configured(folder)
    prepare()
    daemon = subprocess.Popen([binary, "--config-file", str(config)])
    try:
        wait_until(lambda: _listens(folder / "clamd.sock", daemon), 60)
        yield f"unix://{folder / 'clamd.sock'}"
    finally:
        daemon.kill()
        daemon.wait()
        shutil.rmtree(folder)


def _configured(folder: Path) -> Path:
    signatures = folder / "signatures"
    signatures.mkdir()
    (signatures / "test.ndb").write_text(f"Test.Eicar:0:*:{EICAR.hex()}\n")
    config = folder / "clamd.conf"
    config.write_text(
        f"Foreground yes\nLocalSocket {folder / 'clamd.sock'}\nDatabaseDirectory {signatures}\n"
        f"TemporaryDirectory {folder}\nStreamMaxLength {STREAM_LIMIT}\n"
    )
    return config


def _listens(path: Path, daemon: "subprocess.Popen[bytes]") -> bool:
    assert daemon.poll() is None, "clamd ended at once"
    with socket.socket(socket.AF_UNIX) as probe:
        return probe.connect_ex(str(path)) == 0


@contextmanager
def silent_server() -> Iterator[tuple[str, threading.Event]]:
    """A server that greets as clamd does, takes a stream in and never says what it holds.

    Yields its URL, and an event that is set as soon as a file is on its way.
    """
    taken, connections = threading.Event(), list[socket.socket]()

    def answer(connection: socket.socket) -> None:
        line = connection.recv(100)
        if line.startswith(b"nVERSION"):
            connection.sendall(b"ClamAV 1.0/1/today\n")
            connection.close()
        elif line.startswith(b"nINSTREAM"):
            taken.set()

    def serve() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            connections.append(connection)
            answer(connection)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = threading.Thread(target=serve)
        server.start()
        try:
            yield f"tcp://127.0.0.1:{listener.getsockname()[1]}", taken
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            server.join()
            for connection in connections:
                connection.close()
