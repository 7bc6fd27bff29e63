"""Read a file in a process of its own, which may take so much time and memory and no more."""

import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from django.db import models
from django.utils.translation import gettext_lazy as _

from tracker.evidence.text.pieces import MOST_CHARACTERS

SECONDS = 60
MEMORY_MB = 1024
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
    command = [sys.executable, "-m", MODULE, str(path), str(seconds), str(memory_mb)]
    with tempfile.TemporaryFile() as said:
        try:
            ended = subprocess.run(
                command,
                cwd=ROOT,
                env={name: os.environ[name] for name in PASSED_ON if name in os.environ},
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=subprocess.DEVNULL,
                timeout=seconds + 5,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return Read(fault=Fault.SLOW)
        return _heard(ended.returncode, said)


def _heard(code: int, said: BinaryIO) -> Read:
    """The child's first byte tells whether it left something out; the text follows."""
    if code < 0 and -code in _ENDED_IN_TIME:
        return Read(fault=Fault.SLOW)
    if code != 0:
        return Read(fault=Fault.BROKEN)
    said.seek(0)
    text = said.read(MOST_CHARACTERS * 4 + 1).decode(errors="replace")
    return Read(text=text[1:], is_cut=text[:1] == "+")


# SIGALRM and SIGXCPU, by their numbers, since not every system has them.
_ENDED_IN_TIME = (14, 24)
