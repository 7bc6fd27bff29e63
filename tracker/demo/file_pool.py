"""Puts the demo's evidence files into the store, each content once and only when it is used."""

from random import Random

from django.conf import settings

from tracker.demo.evidence_files import MAKERS
from tracker.evidence.store import IncomingFile, KeptFile


class FilePool:
    def __init__(self) -> None:
        self._kept: dict[tuple[str, int], KeptFile] = {}

    def draw(self, ending: str, rng: Random) -> KeptFile:
        """One of the files with this ending."""
        make, count = MAKERS[ending]
        number = rng.randrange(1, count + 1)
        if (ending, number) not in self._kept:
            incoming = IncomingFile(
                f"示例{number}{ending}", limit_bytes=settings.UPLOAD_LIMIT_BYTES
            )
            incoming.write(make(number))
            self._kept[ending, number] = incoming.keep()
        return self._kept[ending, number]

    def __len__(self) -> int:
        return len(self._kept)
