"""When a channel hears of a day, and what of the night's plan belongs to it. Pure."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from tracker.reminders.days import DAY, MailDay

SPEAKS_AT = time(8, 30)  # in the legal time zone


@dataclass(frozen=True)
class ChannelDay:
    """A working day as channels see it."""

    on: date

    @property
    def speaks_at(self) -> datetime:
        return datetime.combine(self.on, SPEAKS_AT, tzinfo=timezone.get_default_timezone())

    @property
    def is_working(self) -> bool:
        return MailDay(self.on).is_working

    @property
    def begins_at(self) -> datetime:
        """Half past eight of the working day before: what was planned until then was told then."""
        day = self.on - DAY
        while not MailDay(day).is_working:
            day -= DAY
        return ChannelDay(day).speaks_at

    def ends_at(self, planned_at: datetime) -> datetime:
        """Later than half past eight only where the night was caught up with later."""
        return max(self.speaks_at, planned_at)


GIVEN_UP_AFTER = timedelta(days=3)
