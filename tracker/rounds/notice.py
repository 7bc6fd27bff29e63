"""Public notices that end by themselves: the day after the last one, the round is listed."""

from datetime import date, datetime, timedelta

from django.db import transaction

from tracker import audit
from tracker.rounds.acting import RoundRefused, StaleRound
from tracker.rounds.models import Round, RoundStep, Stage
from tracker.rounds.walk import list_after_notice


def notices_over(*, today: date) -> list[RoundStep]:
    """The open steps of public notice whose last day, as entered, has passed."""
    over = RoundStep.objects.filter(
        stage=Stage.PUBLIC_NOTICE,
        left_at=None,
        ends_on__lt=today,
        round__given_up_at=None,
    )
    return list(over.select_related("round__plant__authority").order_by("ends_on", "pk"))


def end_notices(*, today: date, by: audit.Actor, at: datetime) -> list[Round]:
    """List the rounds whose public notice is over, from the day after its last one; which.

    A round that something is in the way of stays where it is, and on the board. One that somebody
    moves meanwhile is left alone. Running it again changes nothing.
    """
    listed = []
    for step in notices_over(today=today):
        on = (step.ends_on or today) + timedelta(days=1)
        try:
            with transaction.atomic():
                list_after_notice(step.round, on=on, by=by, at=at, today=today)
        except (RoundRefused, StaleRound):
            continue
        listed.append(step.round)
    return listed
