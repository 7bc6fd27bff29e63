"""Ask for a version of the report; the worker makes it."""

from datetime import datetime

from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils.translation import gettext as _

from plants.models import Person
from tracker import audit
from tracker.rounds.acting import RoundRefused, movers_of, person_of, refuse
from tracker.rounds.models import Report, ReportLanguage, Round
from tracker.rounds.report.tell import why_no_report
from tracker.rounds.stages import Mover

ASKERS = frozenset({Mover.PLANT, Mover.BODY})


def why_not_ask(person: Person, round_: Round) -> str | None:
    """Why this person can't ask for a version now; None if she can."""
    if ASKERS.isdisjoint(movers_of(person, round_)):
        return _("Only the plant and who has a seat in the round ask for its report.")
    return why_no_report(round_)


def ask_for_report(
    round_: Round, *, language: str, reason: str = "", by: audit.Actor, at: datetime
) -> tuple[Report, bool]:
    """The version that waits, and whether it is new: asked for twice at once it is there once.

    Once all have signed a version, another is a correction of it and says why.
    """
    person, reason = person_of(by.person), reason.strip()
    refuse(why_not_ask(person, round_))
    language = ReportLanguage(language)
    with transaction.atomic():
        # Both who ask at once stand here one after the other.
        Round.objects.select_for_update(no_key=True, of=("self",)).get(pk=round_.pk)
        versions = Report.objects.filter(round=round_, language=language).defer("content")
        there = next((each for each in versions if each.is_under_way), None)
        if there is not None:
            return there, False
        frozen = _newest(versions.exclude(frozen_at=None))
        if frozen is not None and not reason:
            raise RoundRefused(_("All have signed this report: say what is corrected, and why."))
        last = versions.aggregate(last=Max("number"))["last"] or 0
        report = Report.objects.create(
            round=round_,
            number=last + 1,
            language=language,
            after=frozen or _newest(versions.made()),
            reason=reason,
            asked_by=person,
            asked_at=at,
        )
        audit.record(
            by=by,
            at=at,
            verb=audit.Verb.WANTED_REPORT,
            thing=round_,
            plant=round_.plant,
            after={"version": report.number, "language": language},
            note=reason,
        )
    return report, True


def _newest(versions: QuerySet[Report]) -> Report | None:
    return versions.order_by("-number").first()
