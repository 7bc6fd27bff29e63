"""Comments on an obligation, from the plant's side and from its officers'; each tells the other."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from plants.models import Person, Plant
from tracker import audit
from tracker.assessments.models import Comment, Side
from tracker.obligations.models import Obligation

TEXT_LENGTH = 2000


class CommentRefused(Exception):
    """It can't be written so; the sentence says why, in the reader's language."""


def side_of(person: Person, plant: Plant) -> Side | None:
    """For whom she writes; None for who only reads."""
    if person.answers_for(plant):
        return Side.PLANT
    return Side.AUTHORITY if person.oversees(plant) else None


def why_not_comment(person: Person, obligation: Obligation) -> str | None:
    """Why this person can't comment; None if she can."""
    if side_of(person, obligation.plant) is None:
        return _("Only the plant's managers and its officers can comment.")
    return None


def write_comment(
    *, obligation: Obligation, text: str, token: UUID, by: audit.Actor, at: datetime
) -> Comment:
    """Add a comment and its line in the history; the other side is told by the next sweep.

    The same ``token`` again (a form sent twice) gives the comment that is there. ``CommentRefused``
    for who may not, and for what is empty or longer than ``TEXT_LENGTH`` characters.
    """
    person, text = by.person, text.strip()
    side = side_of(person, obligation.plant) if person is not None else None
    if person is None or side is None:
        raise CommentRefused(_("Only the plant's managers and its officers can comment."))
    if not text:
        raise CommentRefused(_("Write something first."))
    if len(text) > TEXT_LENGTH:
        raise CommentRefused(_("The comment is too long: at most %d characters.") % TEXT_LENGTH)
    before = obligation.comments.exclude(side=side).values_list("written_by", flat=True)
    try:
        with transaction.atomic():
            comment = Comment.objects.create(
                obligation=obligation,
                text=text,
                side=side,
                token=token,
                written_by=person,
                written_at=at,
            )
            audit.record(
                by=by,
                at=at,
                verb=audit.Verb.COMMENTED,
                thing=obligation,
                plant=obligation.plant,
                # Whoever wrote for the other side hears the answer.
                after={"side": side, "concerns": sorted(set(before))},
                note=text,
            )
    except IntegrityError:
        return Comment.objects.get(obligation=obligation, token=token)
    return comment
