"""How an outlet's gas is cleaned, written down for a round; changed as often as needed."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from plants.models import Outlet
from tracker import audit
from tracker.rounds.models.rounds import Round
from tracker.rounds.models.samples import OutletTechnology
from tracker.rounds.samples.reading import SamplesRefused, outlets_of
from tracker.rounds.samples.rights import why_not_describe


def describe_technology(
    *,
    round: Round,
    outlet: Outlet,
    technology: str,
    parameters: str,
    by: audit.Actor,
    at: datetime,
) -> OutletTechnology:
    """Write an outlet's technology and main parameters; the trail keeps what stood before."""
    technology, parameters = technology.strip(), parameters.strip()
    if not technology:
        raise SamplesRefused(_("Name the technology."))
    with transaction.atomic():
        locked = Round.objects.select_for_update().get(pk=round.pk)
        refusal = why_not_describe(by.person, locked)
        if by.person is None or refusal is not None:
            raise SamplesRefused(refusal or "")
        if outlet.pk not in {each.pk for each in outlets_of(locked)}:
            raise SamplesRefused(_("The outlet is no part of this round."))
        row = OutletTechnology.objects.filter(round=round, outlet=outlet).first()
        before = _told(row) if row else None
        row = row or OutletTechnology(round=round, outlet=outlet)
        row.technology, row.parameters = technology, parameters
        after = _told(row)
        if before == after:
            return row
        row.entered_by, row.entered_at = by.person, at
        row.save()
        audit.record(
            by=by,
            at=at,
            verb=audit.Verb.CHANGED if before else audit.Verb.CREATED,
            thing=row,
            plant=round.plant,
            before=before,
            after=after,
        )
    return row


def _told(row: OutletTechnology) -> dict[str, object]:
    return {"technology": row.technology, "parameters": row.parameters}
