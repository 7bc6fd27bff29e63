"""The process in which one file is read: ``python -m … seconds memory_mb text|page path number``.

It knows neither database nor settings, and asks the system to end it where it takes too much.
"""

import os
import signal
import sys
from pathlib import Path

from django.conf import settings

from tracker.evidence.text.extract import extract
from tracker.evidence.text.pdf import picture_of


def main(seconds: int, memory_mb: int, task: str, path: str, number: int) -> None:
    """The text with a sign before it, or the picture of a page, goes to the standard output."""
    settings.configure(USE_I18N=False)
    _bound(seconds, memory_mb)
    if task == "page":
        said = picture_of(Path(path), number)
    else:
        text, is_cut = extract(Path(path))
        said = ("+" if is_cut else "=").encode() + text.encode(errors="replace")
    sys.stdout.buffer.write(said)
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
    bounds, (wanted, file, page) = sys.argv[1:3], sys.argv[3:]
    main(int(bounds[0]), int(bounds[1]), wanted, file, int(page))
