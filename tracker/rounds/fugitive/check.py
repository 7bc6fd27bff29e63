"""Take in what was seen on site, as often as a phone sends it, once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from plants.models import Person
from tracker import audit
from tracker.evidence.models import Evidence
from tracker.evidence.quarantine import why_not_hand_in
from tracker.rounds.fugitive.rights import CheckRefused, checking, locked
from tracker.rounds.models import (
    CheckResult,
    FugitiveCheck,
    FugitiveGroup,
    FugitiveItem,
    FugitiveSource,
    Round,
)

# A phone's clock may be ahead by so much; what it says of a look is then taken as now.
FAST_CLOCK = timedelta(minutes=10)


@dataclass(frozen=True)
class Seen:
    """One look at an item of a source, as the phone sends it.

    ``checked_at`` is the phone's time; a fault may come with its remedy and by when it is due.
    """

    token: UUID
    source: FugitiveSource
    item: FugitiveItem
    result: CheckResult
    checked_at: datetime
    note: str = ""
    remedy: str = ""
    remedy_due_on: date | None = None
    photos: Sequence[Evidence] = ()


@dataclass(frozen=True)
class Recorded:
    """What was added; ``there`` is how many had come before."""

    added: tuple[FugitiveCheck, ...]
    there: int


def record_checks(*, found: Round, seen: Sequence[Seen], by: audit.Actor, at: datetime) -> Recorded:
    """Add what is new of a phone's list, all or nothing; ``CheckRefused`` leaves all as it was.

    What has come before, told by its token, is left alone, so that the same list may be sent until
    it is answered: also after the round's report was filed meanwhile. One event for each list that
    brings something new.
    """
    with transaction.atomic():
        found = locked(found)
        tokens = [each.token for each in seen]
        there = _there(found, tokens, by.person)
        new = [each for each in seen if each.token not in there]
        if not new:
            return Recorded((), len(seen))
        person = checking(by, found)
        if len(set(tokens)) < len(tokens):
            raise CheckRefused(_("One check is in the list twice."))
        for each in new:
            refusal = _why_not(each, found, at)
            if refusal is not None:
                where = f"{each.source} · {each.item}: " if len(seen) > 1 else ""
                raise CheckRefused(where + refusal)
        added = tuple(_add(each, person, at) for each in new)
        audit.record(
            by=by,
            at=at,
            verb=audit.Verb.CHANGED,
            thing=found,
            plant=found.plant,
            after={
                "fugitive_checks": [check.pk for check in added],
                "faults": sum(check.result == CheckResult.FAULT for check in added),
            },
        )
    return Recorded(added, len(seen) - len(added))


def _there(found: Round, tokens: list[UUID], person: Person | None) -> set[UUID]:
    """The tokens that this person's phone has brought to this round before."""
    rows = FugitiveCheck.objects.filter(client_token__in=tokens)
    known = set[UUID]()
    for token, round_id, by in rows.values_list(
        "client_token", "source__round_id", "checked_by_id"
    ):
        if person is None or round_id != found.pk or by != person.pk:
            raise CheckRefused(_("A check has come from somebody else already: enter it anew."))
        known.add(token)
    return known


def _why_not(seen: Seen, found: Round, at: datetime) -> str | None:
    """Why this look can't be taken; None if it can."""
    if seen.source.round_id != found.pk:
        return _("The source belongs to another round.")
    if seen.item.group not in (FugitiveGroup.GENERAL, seen.source.group):
        return _("The item is not asked of such a source.")
    if seen.item.withdrawn_on is not None:
        return _("The item was withdrawn.")
    if seen.checked_at > at + FAST_CLOCK:
        return _("It would have been seen in the future: look at the phone's clock.")
    if seen.checked_at < found.opened_at:
        return _("It was seen before the round began.")
    return _why_not_fault(seen) or _why_not_photos(seen, found)


def _why_not_fault(seen: Seen) -> str | None:
    if seen.result != CheckResult.FAULT:
        if seen.remedy.strip() or seen.remedy_due_on is not None:
            return _("Only a fault has a remedy.")
        return None
    if not seen.note.strip():
        return _("Say what is wrong.")
    if seen.remedy_due_on and seen.remedy_due_on < timezone.localdate(seen.checked_at):
        return _("The remedy would be due before the fault was seen.")
    return None


def _why_not_photos(seen: Seen, found: Round) -> str | None:
    if any(photo.plant_id != found.plant_id for photo in seen.photos):
        return _("The file belongs to another plant.")
    if any(not photo.media_type.startswith("image/") for photo in seen.photos):
        return _("Only photographs can be laid to a check.")
    return why_not_hand_in(seen.photos) if seen.photos else None


def _add(seen: Seen, person: Person, at: datetime) -> FugitiveCheck:
    check = FugitiveCheck.objects.create(
        source=seen.source,
        item=seen.item,
        result=seen.result,
        note=seen.note.strip(),
        remedy=seen.remedy.strip(),
        remedy_due_on=seen.remedy_due_on,
        client_token=seen.token,
        checked_by=person,
        checked_at=min(seen.checked_at, at),
        received_at=at,
    )
    check.photos.set(seen.photos)
    return check
