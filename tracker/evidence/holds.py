"""Legal holds: while one stands, nothing of the plant or of the obligation is disposed of."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from plants.models import Person, Plant, Role
from tracker import audit
from tracker.evidence.models import LegalHold
from tracker.obligations.models import Obligation

REASON_LENGTH = 2000
HOLDERS = frozenset({Role.OFFICER, Role.ADMINISTRATOR})


class HoldRefused(Exception):
    """It can't be set or lifted; the sentence says why, in the reader's language."""


def may_hold(person: Person, plant: Plant) -> bool:
    """Officers and administrators over the plant."""
    return any(
        post.authority is not None and plant.authority.path.startswith(post.authority.path)
        for post in person.posts()
        if post.role in HOLDERS
    )


def set_hold(
    *, plant: Plant, obligation: Obligation | None, reason: str, by: audit.Actor, at: datetime
) -> LegalHold:
    """Hold everything of the plant, or of one of its obligations."""
    person = _holder(by, plant)
    if obligation is not None and obligation.plant_id != plant.pk:
        raise HoldRefused(_("The obligation belongs to another plant."))
    with transaction.atomic():
        Plant.objects.select_for_update(no_key=True).get(pk=plant.pk)
        same = LegalHold.objects.standing().filter(
            plant=plant, obligation=obligation, reason=reason
        )
        if same.exists():
            raise HoldRefused(_("The same hold stands already."))
        hold = LegalHold.objects.create(
            plant=plant, obligation=obligation, reason=reason, set_by=person, set_at=at
        )
        audit.record(
            by=by,
            at=at,
            verb=audit.Verb.HELD,
            thing=obligation or plant,
            plant=plant,
            after={"hold": hold.pk},
            note=reason,
        )
    return hold


def lift_hold(*, hold: LegalHold, reason: str, by: audit.Actor, at: datetime) -> None:
    """End a hold; its row stays, with who ended it and why."""
    person = _holder(by, hold.plant)
    standing = LegalHold.objects.standing().filter(pk=hold.pk)
    with transaction.atomic():
        if not standing.update(lifted_by=person, lifted_at=at, lifted_reason=reason):
            raise HoldRefused(_("Somebody lifted it meanwhile."))
        audit.record(
            by=by,
            at=at,
            verb=audit.Verb.LIFTED,
            thing=hold.obligation or hold.plant,
            plant=hold.plant,
            before={"hold": hold.pk},
            note=reason,
        )


def _holder(by: audit.Actor, plant: Plant) -> Person:
    if by.person is None or not may_hold(by.person, plant):
        raise HoldRefused(_("Only an officer or an administrator over the plant can do this."))
    return by.person
