"""News of what changed by itself: a date that moved, a duty that went or came back, a refusal."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import NamedTuple

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from plants.models import Membership, Person, Role
from tracker.audit import Event, Verb
from tracker.obligations.models import Obligation
from tracker.reminders.letters import Letter, language_of, render_letter
from tracker.reminders.models import Reminder
from tracker.reminders.notices import NEWS_FOR, ROWS_IN_A_LETTER

TOLD = (Verb.RE_DATED, Verb.WITHDREW, Verb.RESTORED, Verb.EXTENDED, Verb.WAIVED, Verb.REFUSED)
EVENTS_AT_ONCE = 5000


class ChangeLine(NamedTuple):
    """One obligation's news: what happened, the day before where it moved, the reason given."""

    obligation: Obligation
    verb: str
    due_before: date | None
    note: str


def plan_changes(*, at: datetime) -> int:
    """Add a row for each change of the last 30 days and person whom it concerns; count them.

    Concerned is who answers for the plant, but for who made the change herself. A sweep under a
    unique key, like ``plan_notices``: running again, or twice at once, adds nothing.
    """
    told = Reminder.objects.filter(event=OuterRef("pk"))
    events = list(
        Event.objects.filter(
            ~Exists(told), verb__in=TOLD, thing_kind="obligation", at__gt=at - NEWS_FOR
        )
        .order_by("pk")
        .values_list("pk", "thing_id", "person_id")[:EVENTS_AT_ONCE]
    )
    there = Obligation.objects.select_related("plant").only(
        "due_on", "plant__id", "plant__company_id"
    )
    obligations = there.in_bulk({obligation_id for _pk, obligation_id, _by in events})
    receivers = _receivers(obligations.values())
    fresh = [
        Reminder(
            event_id=pk,
            person_id=person_id,
            obligation=obligation,
            due_on=obligation.due_on,
            planned_at=at,
            next_attempt_at=at,
        )
        for pk, obligation_id, by_id in events
        if (obligation := obligations.get(obligation_id)) is not None
        for person_id in receivers[obligation.pk]
        if person_id != by_id
    ]
    Reminder.objects.bulk_create(fresh, ignore_conflicts=True, batch_size=500)
    return len(fresh)


def _receivers(obligations: Iterable[Obligation]) -> dict[int, list[int]]:
    """The people who answer for each obligation's plant, by the obligation's id."""
    found = list(obligations)
    plants = {obligation.plant_id for obligation in found}
    companies = {obligation.plant.company_id for obligation in found} - {None}
    posts = Membership.objects.filter(
        Q(role=Role.MANAGER, plant__in=plants) | Q(role=Role.GROUP_MANAGER, company__in=companies),
        person__is_active=True,
    )
    of_plant: dict[int, list[int]] = {}
    of_company: dict[int, list[int]] = {}
    for post in posts.order_by("pk"):
        if post.plant_id is not None:
            of_plant.setdefault(post.plant_id, []).append(post.person_id)
        elif post.company_id is not None:
            of_company.setdefault(post.company_id, []).append(post.person_id)
    return {
        obligation.pk: list(
            dict.fromkeys(
                of_plant.get(obligation.plant_id, [])
                + of_company.get(obligation.plant.company_id or 0, [])
            )
        )
        for obligation in found
    }


def read_changes(events: Iterable[Event], obligations: dict[int, Obligation]) -> list[ChangeLine]:
    """The events as lines, the newest of each obligation only."""
    newest: dict[int, Event] = {}
    for event in events:
        if event.thing_id in obligations:
            newest[event.thing_id] = event
    return [
        ChangeLine(obligations[pk], event.verb, _due_before(event), event.note)
        for pk, event in newest.items()
    ]


def build_change_notice(*, person: Person, lines: Sequence[ChangeLine]) -> Letter:
    """One letter about everything that changed for her, in the person's language."""
    shown = lines[:ROWS_IN_A_LETTER]
    with override(language_of(person)):
        total = len(lines)
        if total == 1:
            obligation = lines[0].obligation
            subject = _("[ULE] Changed: %(title)s (%(plant)s)") % {
                "title": obligation.requirement.title,
                "plant": obligation.plant.name,
            }
        else:
            subject = ngettext("[ULE] %d changed", "[ULE] %d changed", total) % total
        return render_letter(
            "changed",
            person=person,
            subject=subject,
            context={"lines": shown, "total": total, "more": total - len(shown)},
        )


def _due_before(event: Event) -> date | None:
    before = (event.before or {}).get("due_on")
    after = (event.after or {}).get("due_on")
    moved = event.verb == Verb.RE_DATED and before != after
    return date.fromisoformat(before) if moved and isinstance(before, str) else None
