"""What an administrator does about mails that do not go out: have them tried anew, or call off."""

from collections.abc import Mapping
from datetime import datetime

from tracker import audit
from tracker.reminders.backlog import failing
from tracker.reminders.models import Reminder, ReminderQuerySet, ReminderState

REASON_LENGTH = 2000
# Each row has an entry in a trail, for which somebody waits: of more, press again.
MOST_AT_ONCE = 2000


def retry(rows: ReminderQuerySet, *, by: audit.Actor, at: datetime) -> int:
    """Plan those of the rows that fail anew, for now; count them. Pressed twice, none is left."""
    fresh = {
        "state": ReminderState.PLANNED,
        "attempts": 0,
        "fault": "",
        "claim": None,
        "claimed_at": None,
        "next_attempt_at": at,
    }
    return _move(failing(rows), fresh, verb=audit.Verb.RETRIED, by=by, at=at)


def call_off(rows: ReminderQuerySet, *, reason: str, by: audit.Actor, at: datetime) -> int:
    """Cancel those of the rows that are planned or failed, for good; count them.

    The rows keep the server's last answer; why they were called off stands in the trail.
    """
    if not reason.strip():
        raise ValueError("The reason is the proof: it can't be empty.")
    open_rows = rows.filter(state__in=(ReminderState.PLANNED, ReminderState.FAILED))
    ended = {"state": ReminderState.CANCELLED, "claim": None, "called_off_at": at}
    return _move(open_rows, ended, verb=audit.Verb.CALLED_OFF, by=by, at=at, note=reason)


def _move(
    rows: ReminderQuerySet,
    values: Mapping[str, object],
    *,
    verb: str,
    by: audit.Actor,
    at: datetime,
    note: str = "",
) -> int:
    """Each row that is still as asked for, with an entry about it in its plant's trail."""
    with audit.together():
        # A row that the sender holds is its own at this moment: it is left alone.
        held = rows.order_by("pk").select_for_update(skip_locked=True, of=("self",))
        named = held.select_related(
            "person",
            "obligation__plant",
            "obligation__requirement",
            "obligation__line",
            "obligation__outlet",
            "correction",
        )
        found = list(named[:MOST_AT_ONCE])
        Reminder.objects.filter(pk__in=[row.pk for row in found]).update(**values)
        for row in found:
            audit.record(
                by=by,
                at=at,
                verb=verb,
                thing=row.obligation or row.correction or row.person,
                plant=row.obligation.plant if row.obligation else None,
                before={"state": row.state, "attempts": row.attempts, "fault": row.fault},
                after={"reminder": row.pk, "receiver": row.person.name},
                note=note,
            )
    return len(found)
