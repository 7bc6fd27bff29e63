"""A mail server in every bad mood, one after the other."""

from datetime import datetime, timedelta

from django.db.models import Max, Sum
from django.utils import timezone

from tests.drills.ledger import everybody_and_all, judge
from tests.drills.outcome import Outcome
from tests.drills.record import Way
from tests.drills.stage import (
    Stage,
    ask_to_send,
    evening_before,
    last_working_day,
    let_pass,
    send_all,
    wait_for,
)
from tests.drills.world import make_world
from tracker.reminders.models import Reminder
from tracker.reminders.plan import plan_reminders

REFUSED_FOR = timedelta(hours=2)
STALLS = 60
GREYLISTED = 3600
DROPS = 3
ANSWERS = ("451 4.3.0 Try again later", "554 5.7.1 Refused by policy")
BUSY = "421 4.3.2 Shutting down"


def refuse(stage: Stage) -> Outcome:
    """Refused for two hours, then 421, greylisted, a stall, and lines that are cut; then fine."""
    today = last_working_day()
    make_world(stage.size, today=today)
    plan_reminders(today=today, at=evening_before(today))
    host = stage.mailhost
    with stage.worker():
        runs = _refuse_for_hours(stage)
        host.tell(Way.BUSY, BUSY)
        _try_again()
        host.tell(Way.GREYLIST, seconds=GREYLISTED)
        _try_again()
        host.tell(Way.STALL, seconds=STALLS, times=1)
        _meet_stall()
        host.tell(Way.DROP_IN_DATA, times=DROPS)
        _try_again()
        host.tell(Way.DROP_AFTER_DOT, times=DROPS)
        _try_again()
        host.tell()
        _try_again()
    note = f"refused in {runs} runs of two hours, 421, greylisted, a stall, {2 * DROPS} cut lines"
    # Whose line is cut after the dot can't know that the mail was accepted.
    return judge(host.record.mails(), due=everybody_and_all(), allowed=DROPS, note=note)


def _refuse_for_hours(stage: Stage) -> int:
    """Each run finds another refusal; says how many runs there were."""
    runs, passed = 0, timedelta()
    while passed < REFUSED_FOR:
        stage.mailhost.tell(Way.REFUSE, ANSWERS[runs % len(ANSWERS)])
        passed += _try_again()
        runs += 1
    assert stage.mailhost.record.count() == 0
    return runs


def _try_again() -> timedelta:
    """Let the wait for the next attempt pass, then one run; says how long the wait was."""
    wait = _next_attempt_in()
    let_pass(wait)
    send_all()
    return wait


def _meet_stall() -> None:
    """The run gives up with the first mail; what else was due then is due still."""
    tried = _attempts()
    let_pass(_next_attempt_in())
    ask_to_send()
    wait_for(lambda: _attempts() > tried)


def _next_attempt_in() -> timedelta:
    """How long it takes until all that is planned may be tried."""
    latest: datetime = Reminder.objects.planned().aggregate(at=Max("next_attempt_at"))["at"]
    return max(latest - timezone.now(), timedelta())


def _attempts() -> int:
    return int(Reminder.objects.aggregate(tried=Sum("attempts"))["tried"])
