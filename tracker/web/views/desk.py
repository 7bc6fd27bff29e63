"""Where a plant answers: an obligation's files, the way to add some, and the one next action."""

from dataclasses import dataclass
from uuid import UUID, uuid4

from django.conf import settings

from plants.models import Person
from tracker.evidence.attach import why_not_answer
from tracker.evidence.quarantine import why_not_hand_in
from tracker.evidence.quota import room_of
from tracker.evidence.submit import why_not_submit
from tracker.evidence.types import BY_ENDING
from tracker.obligations.models import Obligation
from tracker.reporting.answers import Answer, read_answers


@dataclass(frozen=True, slots=True)
class Desk:
    """``why_not`` is the sentence that stands beside the button that can't be pressed yet.

    ``may_answer`` is about the person, ``is_open`` about the person and the state together;
    ``note`` keeps what was typed.
    """

    answer: Answer
    may_answer: bool
    is_open: bool
    why_not: str | None
    token: UUID
    note: str

    @property
    def endings(self) -> str:
        """For the file chooser."""
        return ",".join(BY_ENDING)

    @property
    def room(self) -> str:
        """What the plant's files take of its quota, where it has one."""
        return room_of(self.answer.obligation.plant)

    @property
    def limit_bytes(self) -> int:
        return int(settings.UPLOAD_LIMIT_BYTES)

    @property
    def limit_mb(self) -> int:
        return int(settings.UPLOAD_LIMIT_MB)

    @property
    def video_limit_bytes(self) -> int:
        return int(settings.VIDEO_LIMIT_BYTES)

    @property
    def video_limit_mb(self) -> int:
        return int(settings.VIDEO_LIMIT_MB)


def desk_of(person: Person, answer: Answer, *, note: str = "", token: UUID | None = None) -> Desk:
    """The token makes a form that is sent twice count once."""
    obligation = answer.obligation
    return Desk(
        answer=answer,
        may_answer=person.answers_for(obligation.plant),
        is_open=why_not_answer(person, obligation) is None,
        why_not=why_not_submit(person, obligation, files=len(answer.files))
        or why_not_hand_in(attachment.evidence for attachment in answer.files),
        token=token or uuid4(),
        note=note,
    )


def read_desk(
    person: Person, obligation: Obligation, *, note: str = "", token: UUID | None = None
) -> Desk:
    """The desk as it stands in the database now."""
    [answer] = read_answers([obligation])
    return desk_of(person, answer, note=note, token=token)
