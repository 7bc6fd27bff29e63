"""Which officers were told of what a plant's people entered, and so put off."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from plants.models import Role
from tracker.audit import Event
from tracker.reminders.models import Reminder, ReminderState


@dataclass
class Told:
    """The officers by name; ``is_sent`` once each of them has got her mail."""

    officers: list[str] = field(default_factory=list)
    is_sent: bool = True


def read_told(deeds: Iterable[Event]) -> dict[int, Told]:
    """By the deeds' ids, where officers are told of it.

    What moved with a deed has its moment, its plant and its person: they were written in one go.
    """
    by_deed = {(deed.plant_id, deed.person_id, deed.at): deed.pk for deed in deeds}
    if not by_deed:
        return {}
    rows = (
        Reminder.objects.of_changes()
        .filter(
            event__plant__in={plant for plant, _person, _at in by_deed},
            event__at__in={at for _plant, _person, at in by_deed},
            person__memberships__role=Role.OFFICER,
            state__in=(ReminderState.PLANNED, ReminderState.CLAIMED, ReminderState.SENT),
        )
        .order_by("person__name", "person")
        .values_list(
            "event__plant", "event__person", "event__at", "person", "person__name", "state"
        )
        .distinct()
    )
    told: dict[int, Told] = {}
    seen = set()
    for plant, by, at, person, name, state in rows:
        deed = by_deed.get((plant, by, at))
        if deed is None:
            continue
        found = told.setdefault(deed, Told())
        found.is_sent &= state == ReminderState.SENT
        if (deed, person) not in seen:
            seen.add((deed, person))
            found.officers.append(name)
    return told
