"""What a file's scan allows: a file with a virus in it is neither opened nor built on."""

from collections.abc import Iterable
from typing import BinaryIO

from django.conf import settings
from django.utils.translation import gettext as _

from tracker.evidence.models import TO_SCAN, Evidence, ScanState, StoredFile
from tracker.evidence.store import path_of


class Quarantined(Exception):
    """A virus was found in the file; the sentence says so in the reader's language."""


def open_stored(stored: StoredFile) -> BinaryIO:
    """The bytes, for somebody; ``Quarantined`` where a virus was found in them."""
    if stored.is_quarantined:
        raise Quarantined(
            _(
                "A virus was found in this file (%(found)s): it can't be opened. "
                "Ask for a clean one."
            )
            % {"found": stored.scan_found}
        )
    return path_of(stored).open("rb")


def shown_state(stored: StoredFile) -> ScanState:
    """The state for people: where no scanner is left, nothing waits for it."""
    state = ScanState(stored.scan_state)
    if state == ScanState.WAITING and not settings.CLAMD_URL:
        return ScanState.NOT_SCANNED
    return state


def awaits_scan(stored: StoredFile) -> bool:
    """Whether a scanner is still to say what is in it; what it refused to look at waits no more."""
    if stored.scan_state == ScanState.NOT_SCANNED and stored.scan_fault:
        return False
    return bool(settings.CLAMD_URL) and stored.scan_state in TO_SCAN


def why_not_hand_in(files: Iterable[Evidence]) -> str | None:
    """Why a plant can't answer with these; None if it can."""
    name = _first(files, ScanState.QUARANTINED)
    if name is None:
        return None
    return _("A virus was found in “%(name)s”: remove it, or replace it by a clean file.") % {
        "name": name
    }


def why_not_accept(files: Iterable[Evidence]) -> str | None:
    """Why an officer can't accept these; None if she can. Returning them is always possible."""
    read = list(files)
    name = _first(read, ScanState.QUARANTINED)
    if name is not None:
        return _(
            "A virus was found in “%(name)s”, so it can't be accepted. Return it, so that the "
            "plant brings a clean file."
        ) % {"name": name}
    name = _first(read, ScanState.WAITING)
    if name is None:
        return None
    return _(
        "“%(name)s” is not scanned for viruses yet, so it can't be accepted. That takes a minute; "
        "if it lasts, tell the administrator."
    ) % {"name": name}


def _first(files: Iterable[Evidence], state: ScanState) -> str | None:
    return next((file.original_name for file in files if shown_state(file.stored) == state), None)
