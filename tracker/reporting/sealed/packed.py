"""What every package has, whatever it is about: a plant, its files, its trail."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Model

from plants.models import Person, Plant
from tracker.audit import QUIET, Event, EventQuerySet, chain_of_plant
from tracker.evidence.models import Evidence, StoredFile

Json = dict[str, Any]
Paths = dict[Any, str]
"""Where the files lie in the package, by their ``pk``."""


@dataclass(frozen=True)
class PackedFile:
    """A file that hangs on other things than obligations.

    ``pk`` is unique in its package, and ``laid_to`` the things that it hangs on. ``evidence`` is
    None for what the app has made itself.
    """

    pk: str
    laid_to: tuple[Model, ...]
    stored: StoredFile
    original_name: str
    media_type: str
    uploaded_by: Person
    uploaded_at: datetime
    evidence: Evidence | None = None


File = Evidence | PackedFile


class Telling(NamedTuple):
    """What a package tells of its subject: in the manifest, and as members besides the files."""

    scope: str
    body: Json
    members: dict[str, bytes]


class Packed(ABC):
    """What goes into one package."""

    plant: Plant
    files: Sequence[File]

    @abstractmethod
    def tells(self, event: Event) -> bool:
        """Whether an event of the plant is about what is packed."""

    @property
    def size_bytes(self) -> int:
        return sum(file.stored.size_bytes for file in self.held)

    @property
    def held(self) -> list[File]:
        """The files whose bytes go in."""
        return [file for file in self.files if file.stored.can_be_opened]

    @property
    def told(self) -> list[File]:
        """The files that the package lists as its own: those with bytes, and those disposed of."""
        return [file for file in self.files if not file.stored.is_quarantined]

    @property
    def quarantined(self) -> list[File]:
        """What is told of only."""
        return [file for file in self.files if file.stored.is_quarantined]

    def trail(self) -> EventQuerySet:
        """The plant's whole chain in its order: links can only be checked in one line."""
        return Event.objects.filter(chain=chain_of_plant(self.plant.pk)).order_by("sequence")

    def concerns(self, event: Event) -> bool:
        """Whether the package tells what the event was; of others it holds only the link."""
        return event.verb not in QUIET and self.tells(event)
