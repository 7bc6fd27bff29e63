"""News of what changed by itself: a date that moved, a duty that went or came back, a refusal."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from plants.models import Person
from tracker.audit import Event, Verb
from tracker.obligations.models import Obligation
from tracker.reminders.letters import Letter, language_of, render_letter
from tracker.reminders.models import Kind, LetterKind, Reminder
from tracker.reminders.notices import ROWS_IN_A_LETTER
from tracker.reminders.posting import Posting
from tracker.reminders.receivers import NAMING, Receivers, untold

EVENTS_AT_ONCE = 5000
AT_ONCE = frozenset({Verb.REFUSED, Verb.QUARANTINED, Verb.SENT_BACK, Verb.LISTED, Verb.DELISTED})
"""What can't wait for the next digest."""


class ChangeLine(NamedTuple):
    """One obligation's news: what happened, the day before where it moved, who did it and why."""

    obligation: Obligation
    verb: str
    due_before: date | None
    note: str
    by: str = ""
    state: str = ""
    superior: str = ""
    leaver: str = ""

    @property
    def is_named(self) -> bool:
        """Whether what happened says by itself who did it."""
        return self.verb in NAMING


def plan_changes(*, at: datetime, at_once: int = EVENTS_AT_ONCE) -> int:
    """Add a row for each change of the last 30 days and person whom it concerns; count them.

    Concerned is who answers for the plant, but for who made the change herself; and the officers
    of its authority where somebody of the plant's own side has put a date off, since an extension
    would have been theirs to grant. A sweep under a unique key, like ``plan_notices``: running
    again, or twice at once, adds nothing. Changes that concern nobody take no place in it.
    """
    events = list(untold(at=at)[:at_once])
    if not events:
        return 0
    there = Obligation.objects.in_bulk({event.thing_id for event in events})
    receivers = Receivers(events)
    viruses = [event.pk for event in events if event.verb == Verb.QUARANTINED]
    posting = Posting(at=at)
    had = set(Reminder.objects.filter(event__in=viruses).values_list("event", "person"))
    fresh = [
        Reminder(
            event=event,
            person_id=person_id,
            obligation=obligation,
            due_on=obligation.due_on,
            kind=Kind.CHANGE,
            planned_at=at,
            **posting.of(person_id, **_wish(event)),
        )
        for event in events
        if (obligation := there.get(event.thing_id)) is not None
        for person_id in receivers.of(event)
        if (event.pk, person_id) not in had
    ]
    Reminder.objects.bulk_create(fresh, ignore_conflicts=True, batch_size=500)
    return len(fresh)


def read_changes(events: Iterable[Event], obligations: dict[int, Obligation]) -> list[ChangeLine]:
    """The events as lines, the newest of each obligation only; what names people by itself."""
    newest: dict[tuple[int, str], Event] = {}
    for event in events:
        if event.thing_id in obligations:
            apart = f"{event.verb} {event.pk}" if event.verb in NAMING else ""
            newest[event.thing_id, apart] = event
    return [_line(obligations[pk], event) for (pk, _apart), event in newest.items()]


def build_change_notice(
    *, person: Person, lines: Sequence[ChangeLine], letter: str = "changed"
) -> Letter:
    """One letter about everything that changed for her, in the person's language.

    An officer, who answers for none of the plants, reads that a plant has put its own dates off,
    or what concerns her by name. ``letter`` is the wording's: what can't wait has one of its own.
    """
    only_comments = all(line.verb == Verb.COMMENTED for line in lines)
    with override(language_of(person)):
        return render_letter(
            "changed",
            person=person,
            subject=_subject(lines, only_comments),
            context=changes_context(person, lines),
            optional=only_comments,
            about={
                "letter": letter,
                "plants": {line.obligation.plant_id for line in lines},
                "count": len(lines),
            },
        )


def changes_context(person: Person, lines: Sequence[ChangeLine]) -> dict[str, object]:
    """What the templates show of them; the first fifty."""
    shown = lines[:ROWS_IN_A_LETTER]
    return {
        "lines": shown,
        "total": len(lines),
        "more": len(lines) - len(shown),
        "is_officer": not any(person.answers_for(line.obligation.plant) for line in lines),
        "put_off": not any(line.is_named for line in lines),
        "only_comments": all(line.verb == Verb.COMMENTED for line in lines),
    }


def _wish(event: Event) -> dict[str, Any]:
    """How it is told: at once, or with the next digest, which may do without comments."""
    if event.verb in AT_ONCE:
        return {"at_once": LetterKind.AT_ONCE}
    return {"optional": event.verb == Verb.COMMENTED}


def _line(obligation: Obligation, event: Event) -> ChangeLine:
    after = event.after or {}
    return ChangeLine(
        obligation,
        event.verb,
        _due_before(event),
        event.note,
        event.person_name,
        str(after.get("state", "")),
        str(after.get("superior", "")),
        str(after.get("leaver", "")),
    )


def _subject(lines: Sequence[ChangeLine], only_comments: bool) -> str:
    """The one thing by its name; of more how many."""
    total, obligation = len(lines), lines[0].obligation
    words = {"title": obligation.requirement.title, "plant": obligation.plant.name}
    if total == 1 and only_comments:
        return _("[ULE] Comment: %(title)s (%(plant)s)") % words
    if total == 1:
        return _("[ULE] Changed: %(title)s (%(plant)s)") % words
    if only_comments:
        return ngettext("[ULE] %d comment", "[ULE] %d comments", total) % total
    return ngettext("[ULE] %d changed", "[ULE] %d changed", total) % total


def _due_before(event: Event) -> date | None:
    before = (event.before or {}).get("due_on")
    after = (event.after or {}).get("due_on")
    moved = event.verb == Verb.RE_DATED and before != after
    return date.fromisoformat(before) if moved and isinstance(before, str) else None
