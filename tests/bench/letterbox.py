"""A mail server in a process of its own that takes every mail and keeps none.

`python -m tests.bench.letterbox PORT`: each line on its standard input is answered with how many
mails it took; the end of the input ends it.
"""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Any, cast

from aiosmtpd.controller import Controller

from tests.ports import free_port


@dataclass(frozen=True)
class Letterbox:
    """A running one."""

    port: int
    process: "subprocess.Popen[str]"

    def count(self) -> int:
        """How many mails it has taken."""
        # Both are pipes, as asked for.
        print(file=cast(IO[str], self.process.stdin), flush=True)
        return int(cast(IO[str], self.process.stdout).readline())


@contextmanager
def running_letterbox() -> Iterator[Letterbox]:
    """Run one until the block ends."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.letterbox", str(port)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    box = Letterbox(port, process)
    try:
        # It answers as soon as it listens.
        box.count()
        yield box
    finally:
        process.communicate(timeout=20)


class _Handler:
    """What aiosmtpd asks."""

    taken = 0

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        self.taken += 1
        return "250 2.0.0 Ok: taken"


def main() -> None:
    """Listen until told to end."""
    handler = _Handler()
    controller = Controller(handler, "127.0.0.1", int(sys.argv[1]))
    controller.start()
    for _ in sys.stdin:
        print(handler.taken, flush=True)
    controller.stop()


if __name__ == "__main__":
    main()
