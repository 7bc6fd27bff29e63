"""Sign a version, one after the other; with the last word it is frozen."""

import json
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from plants.models import Person
from tracker import audit
from tracker.rounds.acting import RoundRefused, person_of
from tracker.rounds.models import (
    Body,
    Report,
    ReportLanguage,
    ReportState,
    Round,
    Seat,
    Signer,
    SignOff,
)
from tracker.rounds.report.build import OF_BODIES
from tracker.rounds.report.tell import why_no_report

BODY_OF: dict[Signer, Body] = {signer: body for body, signer in OF_BODIES.items()}


def signers_asked(report: Report) -> list[Signer]:
    """Whose word the version asks for, in their order, as its text says."""
    if report.state != ReportState.MADE:
        return []
    return [Signer(each["signer"]) for each in json.loads(report.content)["signers"]]


def next_signer(report: Report) -> Signer | None:
    """Whose turn it is; None once all have signed."""
    signed = set(report.sign_offs.values_list("signer", flat=True))
    return next((each for each in signers_asked(report) if each not in signed), None)


def why_not_sign(person: Person, report: Report, signer: Signer) -> str | None:
    """Why she can't sign the version for this side now; None if she can."""
    refusal = why_no_report(report.round) or _why_not_signed(report)
    if refusal is not None:
        return refusal
    if organisation_of(person, report.round, signer) is None:
        return _("Only the %(signer)s can sign here.") % {"signer": signer.label}
    if next_signer(report) != signer:
        return _("It is not the turn of the %(signer)s.") % {"signer": signer.label}
    return None


def sign_report(
    report: Report, *, signer: Signer, content_sha256: str, by: audit.Actor, at: datetime
) -> SignOff:
    """Sign the text that has this hash; what she looked at and what is signed are the same."""
    person = person_of(by.person)
    with transaction.atomic():
        locked = Report.objects.select_for_update(of=("self",)).get(pk=report.pk)
        locked.round = report.round
        refusal = why_not_sign(person, locked, signer)
        if refusal is None and content_sha256 != locked.content_sha256:
            refusal = _("This is not the text that you looked at: open the report again.")
        if refusal is not None:
            raise RoundRefused(refusal)
        signed = SignOff.objects.create(
            report=locked,
            signer=signer,
            person=person,
            organisation=organisation_of(person, locked.round, signer) or "",
            content_sha256=content_sha256,
            signed_at=at,
        )
        is_last = next_signer(locked) is None
        if is_last:
            locked.frozen_at = at
            locked.save(update_fields=["frozen_at"])
        audit.record(
            by=by,
            at=at,
            verb=audit.Verb.SIGNED_OFF,
            thing=locked.round,
            plant=locked.round.plant,
            after={
                "version": locked.number,
                "signer": signer.value,
                "content_sha256": content_sha256,
                "frozen": is_last,
            },
        )
    return signed


def organisation_of(person: Person, round_: Round, signer: Signer) -> str | None:
    """For whom she signs on this side; None where she can't."""
    if not person.is_active:
        return None
    if signer == Signer.PLANT:
        return round_.plant.name_zh if person.answers_for(round_.plant) else None
    seats = Seat.objects.standing().filter(round=round_, person=person, body=BODY_OF[signer])
    seat = seats.order_by("pk").first()
    return seat.organisation if seat else None


def _why_not_signed(report: Report) -> str | None:
    if report.state != ReportState.MADE:
        return _("The report is not made yet.")
    if report.language != ReportLanguage.CHINESE:
        return _("The Chinese report is the one that is signed.")
    later = Report.objects.filter(
        round=report.round_id, language=report.language, number__gt=report.number
    )
    if later.exclude(state=ReportState.FAILED).exists():
        return _("There is a newer version: sign that one.")
    return None
