"""Nights by a clock that the drill sets: while nobody sends, and over the turns of the calendar."""

from datetime import date

from tests.drills.calendar import Calendar
from tests.drills.ledger import everybody_and_all, judge
from tests.drills.outcome import Outcome
from tests.drills.stage import DAY, Stage, evening_before, last_working_day, noon_of, send_all
from tests.drills.world import make_world
from tracker.reminders.plan import plan_reminders
from tracker.reminders.send import send_due

DAYS_DOWN = 3
CALENDAR_ENDS = date(2028, 3, 10)


def worker_down(stage: Stage) -> Outcome:
    """Nobody sends for three days while the nights are planned; then the worker comes back."""
    last = last_working_day()
    first = last - DAYS_DOWN * DAY
    # On the days between, some reach a rung, some come due, and some fall overdue.
    make_world(stage.size, today=first, days=(-9, -3, 0, 1, 2, 3, 5, 8))
    for night in range(DAYS_DOWN + 1):
        day = first + night * DAY
        plan_reminders(today=day, at=evening_before(day))
    with stage.worker():
        send_all()
    mails = stage.mailhost.record.mails()
    note = f"{DAYS_DOWN + 1} nights planned, then {len(mails):,} mails to {stage.size:,} people"
    return judge(mails, due=everybody_and_all(), note=note)


def pass_calendar(stage: Stage) -> Outcome:
    """Each night up to a while after the leap day; the whole drill begins before New Year."""
    first = CALENDAR_ENDS - (stage.size - 1) * DAY
    calendar = Calendar(first_on=first, last_on=CALENDAR_ENDS)
    calendar.make()
    for day in calendar.days:
        stage.mailhost.tell(day=day.isoformat())
        calendar.hand_in(day)
        plan_reminders(today=day, at=evening_before(day))
        # The second is another tick, late on the same day: it has nothing more to say.
        send_due(now=noon_of(day))
        send_due(now=evening_before(day + DAY))
    mails = stage.mailhost.record.mails()
    note = f"{stage.size} nights from {first} to {CALENDAR_ENDS}, {len(mails):,} mails"
    return judge(mails, by_day=True, note=note, faults=calendar.faults(mails))
