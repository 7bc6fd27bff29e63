"""Evidence that holds until a day: when that has passed, what it answered is owed again."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Min, OuterRef, Subquery

from tracker import audit
from tracker.evidence.models import Submission
from tracker.obligations.models import Obligation, State
from tracker.obligations.schedule import take_turn
from tracker.obligations.states import StaleState, move


def run_out(*, today: date) -> dict[int, date]:
    """What was accepted on evidence that holds no more: the last day by the obligation's id.

    What the public list answers does not hang on evidence. The submission that was accepted is the
    newest; of its files the first that runs out counts.
    """
    newest = Submission.objects.filter(obligation=OuterRef("pk")).order_by("-number")
    first_end = newest.annotate(end=Min("evidence__expires_on")).values("end")[:1]
    held = Obligation.objects.filter(state=State.ACCEPTED, listing__isnull=True)
    accepted = held.annotate(end=Subquery(first_end))
    return dict(accepted.filter(end__lt=today).values_list("pk", "end"))


def reopen_run_out(*, today: date, by: audit.Actor, at: datetime) -> int:
    """Open again what was accepted on evidence that ran out; how many.

    The scheduling that follows dates them by the last day of that evidence. Running it again
    changes nothing. An obligation that somebody moves meanwhile is left alone.
    """
    ends, reopened = run_out(today=today), 0
    found = Obligation.objects.filter(pk__in=ends)
    found = found.select_related("plant", "requirement", "line", "outlet")
    for obligation in found.order_by("plant_id", "pk"):
        with transaction.atomic():
            take_turn([obligation.plant_id])
            try:
                move(obligation, to=State.OPEN, verb=audit.Verb.REOPENED, by=by, at=at)
            except StaleState:
                continue
            Obligation.objects.filter(pk=obligation.pk).update(reopened_on=ends[obligation.pk])
            reopened += 1
    return reopened
