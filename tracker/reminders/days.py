"""When a person's digest goes: at her hour, on working days, or on the day that it is about."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from tracker.obligations.workdays import is_working_day
from tracker.reminders.models.ladders import FIRST_HOUR, LAST_HOUR

DAY = timedelta(days=1)
HOURS = range(FIRST_HOUR, LAST_HOUR + 1)


@dataclass(frozen=True)
class MailDay:
    """A day in Asia/Shanghai as mails see it.

    ``through`` is the last day before the next one at work (itself on most days).
    """

    on: date

    @property
    def is_working(self) -> bool:
        return is_working_day(self.on)

    @property
    def next_on(self) -> date:
        """The next working day after it."""
        day = self.on + DAY
        while not is_working_day(day):
            day += DAY
        return day

    @property
    def through(self) -> date:
        return self.next_on - DAY

    def at_hour(self, hour: int) -> datetime:
        return moment(self.on, hour)


def moment(day: date, hour: int) -> datetime:
    """This hour of a day in the legal time zone."""
    return datetime.combine(day, time(hour), tzinfo=timezone.get_default_timezone())


def next_digest(hour: int, *, at: datetime) -> datetime:
    """The next time at which a digest goes to somebody with this hour; not before ``at``."""
    day = MailDay(timezone.localdate(at))
    if day.is_working and at <= day.at_hour(hour):
        return day.at_hour(hour)
    return moment(day.next_on, hour)
