"""A file in a page: by itself where a browser can, as pictures of pages, or as its text."""

from dataclasses import dataclass
from threading import BoundedSemaphore

from django.utils import timezone

from tracker.audit import Verb, record
from tracker.evidence.models import Evidence
from tracker.evidence.preview import Told, tell
from tracker.evidence.store import path_of
from tracker.evidence.text import draw_apart
from tracker.evidence.types import EXCEL, WORD
from tracker.web.access import PersonRequest, actor_of

SLIDES = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
TOLD = (WORD, EXCEL, SLIDES, "application/ofd", "text/csv", "text/plain", "application/zip")
KINDS = {
    "application/pdf": "pdf",
    "image/png": "image",
    "image/jpeg": "image",
    **dict.fromkeys(TOLD, "text"),
}
# So many pages are drawn at once in one server process; the others wait their turn.
_DRAWING = BoundedSemaphore(2)


@dataclass(frozen=True)
class Preview:
    """``kind`` is pdf, image, text, or empty for what no page can show; ``told`` is its text."""

    evidence: Evidence
    kind: str
    told: Told | None = None
    page: int = 1
    pages: int = 0

    @property
    def previous(self) -> int:
        return self.page - 1

    @property
    def following(self) -> int:
        return self.page + 1 if self.page < self.pages else 0


def kind_of(evidence: Evidence) -> str:
    """How it is shown; empty where it can't be, or may not be opened any more."""
    if not evidence.stored.can_be_opened:
        return ""
    return KINDS.get(evidence.media_type, "")


def tell_to(request: PersonRequest, evidence: Evidence) -> Told | None:
    """The text of a file that is shown as such: who reads it here, has opened it."""
    if kind_of(evidence) != "text":
        return None
    told = tell(evidence)
    if told.sections:
        record_opened(request, evidence, shown="text")
    return told


def draw_page(evidence: Evidence, number: int) -> bytes | None:
    """The picture of one page of a PDF."""
    if kind_of(evidence) != "pdf":
        return None
    with _DRAWING:
        return draw_apart(path_of(evidence.stored), number)


def record_opened(request: PersonRequest, evidence: Evidence, **more: object) -> None:
    """To the trail opening is the same as taking it home."""
    record(
        by=actor_of(request),
        at=timezone.now(),
        verb=Verb.DOWNLOADED,
        thing=evidence,
        plant=evidence.plant,
        after={"sha256": evidence.stored.sha256, **more},
    )
