"""The process in which one file is read: ``python -m … path seconds memory_mb``.

It knows neither database nor settings, and asks the system to end it where it takes too much.
"""

import os
import signal
import sys
from pathlib import Path

from django.conf import settings

from tracker.evidence.text.extract import extract


def main(path: str, seconds: int, memory_mb: int) -> None:
    settings.configure(USE_I18N=False)
    _bound(seconds, memory_mb)
    text, is_cut = extract(Path(path))
    sys.stdout.buffer.write(("+" if is_cut else "=").encode() + text.encode(errors="replace"))
    sys.stdout.buffer.flush()


def _bound(seconds: int, memory_mb: int) -> None:
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415 (there is none elsewhere)

    os.nice(10)
    signal.alarm(seconds)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # At the soft bound the system says so; at the hard one it only kills.
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    room = memory_mb * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (room, room))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
