"""By which mail, and when, news goes to each person: as it can't wait, and as she has chosen."""

from datetime import datetime
from typing import Any

from tracker.reminders.days import next_digest
from tracker.reminders.models import LetterKind, Preference, ReminderState
from tracker.reminders.models.ladders import USUAL_HOUR

BY_HER_WISH = "in the inbox only, as she has chosen"


class Posting:
    """The preferences of everybody, read once for a sweep."""

    def __init__(self, *, at: datetime) -> None:
        self._at = at
        chosen = Preference.objects.values_list("person", "hour", "news_by_mail")
        self._chosen = {person: (hour, news) for person, hour, news in chosen}

    def of(
        self, person: int, *, at_once: LetterKind | None = None, optional: bool = False
    ) -> dict[str, Any]:
        """The columns of a new row that say how it goes.

        What is optional and not wanted by mail is a row that was cancelled from the start, and
        that the inbox shows.
        """
        if at_once is not None:
            return {"letter": at_once, "next_attempt_at": self._at}
        hour, wants_news = self._chosen.get(person, (USUAL_HOUR, True))
        sends_at = next_digest(hour, at=self._at)
        if optional and not wants_news:
            return {
                "letter": LetterKind.NONE,
                "next_attempt_at": sends_at,
                "state": ReminderState.CANCELLED,
                "fault": BY_HER_WISH,
            }
        return {"letter": LetterKind.DIGEST, "next_attempt_at": sends_at}
