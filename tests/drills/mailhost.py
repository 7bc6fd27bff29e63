"""The mail server as the drills hold it: started, told what to do, its record read."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, cast

from tests.drills.record import Record, Way
from tests.ports import free_port


class MailHost:
    """One running server."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.record = Record(folder / "accepted.jsonl")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.drills.server", str(self.port), str(self.record.path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._hear()

    @property
    def url(self) -> str:
        """As EMAIL_URL."""
        return f"smtp://127.0.0.1:{self.port}"

    def tell(
        self,
        way: Way = Way.ACCEPT,
        answer: str = "",
        *,
        seconds: float = 0,
        times: int | None = None,
        day: str = "",
    ) -> None:
        """Meet the next ``times`` mails this way, or all from now on; returns when it will."""
        order = {"way": way, "answer": answer, "seconds": seconds, "times": times, "day": day}
        # Both are pipes, as asked for.
        print(json.dumps(order), file=cast(IO[str], self._process.stdin), flush=True)
        self._hear()

    def stop(self) -> None:
        self._process.communicate(timeout=20)

    def _hear(self) -> None:
        if not cast(IO[str], self._process.stdout).readline():
            raise RuntimeError("the mail server has ended")


@contextmanager
def running_mailhost(folder: Path) -> Iterator[MailHost]:
    """Run a mail server until the block ends."""
    host = MailHost(folder)
    try:
        yield host
    finally:
        host.stop()
