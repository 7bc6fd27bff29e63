"""Read a file in a process of its own, which may take so much time and memory and no more."""

import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from django.db import models
from django.utils.translation import gettext_lazy as _

from tracker.evidence.text.pieces import MOST_CHARACTERS

SECONDS = 60
PAGE_SECONDS = 10
MEMORY_MB = 1024
MOST_SAID_BYTES = MOST_CHARACTERS * 4 + 1
MODULE = "tracker.evidence.text.child"
# Not the site's secrets, which it has no use for.
PASSED_ON = ("PATH", "LANG", "LC_ALL", "TMPDIR", "SYSTEMROOT")
ROOT = Path(__file__).resolve().parents[3]


class Fault(models.TextChoices):
    """Why a text could not be read, in a word."""

    MISSING = "missing", _("the file is not in the store")
    BROKEN = "broken", _("the file is damaged")
    SLOW = "slow", _("it takes too long")
    CRASHED = "crashed", _("reading it broke off several times")


@dataclass(frozen=True)
class Read:
    """What came of it; without a fault and without a text the file has none."""

    text: str = ""
    is_cut: bool = False
    fault: str = ""


def read_apart(path: Path, *, seconds: int = SECONDS, memory_mb: int = MEMORY_MB) -> Read:
    """The file's text. It ends by itself in time, even where we die before it."""
    if not path.is_file():
        return Read(fault=Fault.MISSING)
    code, said = _run("text", path, 0, seconds=seconds, memory_mb=memory_mb)
    if code is None or -code in _ENDED_IN_TIME:
        return Read(fault=Fault.SLOW)
    if code != 0:
        return Read(fault=Fault.BROKEN)
    text = said.decode(errors="replace")
    # The first sign tells whether something was left out.
    return Read(text=text[1:], is_cut=text[:1] == "+")


def draw_apart(
    path: Path, number: int, *, seconds: int = PAGE_SECONDS, memory_mb: int = MEMORY_MB
) -> bytes | None:
    """A page of a PDF as a PNG; None where there is none, or it takes too much to draw."""
    if not path.is_file():
        return None
    code, said = _run("page", path, number, seconds=seconds, memory_mb=memory_mb)
    return said if code == 0 and said else None


def _run(
    task: str, path: Path, number: int, *, seconds: int, memory_mb: int
) -> tuple[int | None, bytes]:
    """How the child ended, None if it had to be ended, and what it said."""
    bounds = str(seconds), str(memory_mb)
    with tempfile.TemporaryFile() as said:
        try:
            ended = subprocess.run(
                [sys.executable, "-m", MODULE, *bounds, task, str(path), str(number)],
                cwd=ROOT,
                env={name: os.environ[name] for name in PASSED_ON if name in os.environ},
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=subprocess.DEVNULL,
                timeout=seconds + 5,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return None, b""
        said.seek(0)
        return ended.returncode, said.read(MOST_SAID_BYTES)


# SIGALRM and SIGXCPU, by their numbers, since not every system has them.
_ENDED_IN_TIME = (14, 24)
