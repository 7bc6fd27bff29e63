"""A real clamd with one signature of its own, and a server that takes a file and is silent."""

import os
import shutil
import socket
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.infrastructure.sites import wait_until

# The harmless text that scanners agree to call a virus; in two halves, so that none takes this
# file for one.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
VIRUS = "Test.Eicar.UNOFFICIAL"
STREAM_LIMIT = 2 * 1024 * 1024


@contextmanager
def running_clamd() -> Iterator[str]:
    """Run clamd until the block ends; yield its URL. Skips, or fails in CI, where there is none."""
    binary = shutil.which("clamd", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if binary is None:
        reason = "no clamd here (Debian: clamav-daemon)"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    folder = Path(tempfile.mkdtemp(prefix="ule-clamd-"))
    daemon = subprocess.Popen([binary, "--config-file", str(_configured(folder))])
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
