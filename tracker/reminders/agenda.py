"""What a person's calendar feed holds: the dates that she may see now, as all-day events.

Bounds: due from 30 days ago to 400 days ahead, the nearest 5,000. What is settled stays for 60
days as cancelled, so that a programme that keeps its own copy takes it out.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Count, Max, Q
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import override
from icalendar import Calendar, Event

from plants.models import Part, Person
from plants.text import Text
from plants.verification import Verification
from tracker import audit
from tracker.obligations.models import DECIDED, Obligation, ObligationQuerySet, State
from tracker.reminders.letters import language_of

BACK_DAYS = 30
AHEAD_DAYS = 400
CANCELLED_DAYS = 60
MOST = 5000
REFRESH = timedelta(hours=6)

_FIELDS = (
    *("pk", "due_on", "period", "state", "state_changed_at"),
    *("requirement__part", "requirement__verification"),
    *("requirement__title_zh", "requirement__title_en"),
    *("plant__name_zh", "plant__name_en"),
    *("line__name_zh", "line__name_en", "outlet__code", "outlet__name"),
)


class Entry(NamedTuple):
    """One obligation's event. ``sequence`` and ``changed_at`` grow with each change of it."""

    pk: int
    due_on: date
    period: str
    state: str
    part: str
    verification: str
    title: Text
    plant: Text
    subject: Text
    sequence: int
    changed_at: datetime


@dataclass(frozen=True)
class Agenda:
    """A person's entries in order of their days, in the language that she reads."""

    name: str
    language: str
    entries: list[Entry]

    @property
    def version(self) -> str:
        """The same as long as the feed would be the same."""
        told = repr((self.name, self.language, self.entries))
        return hashlib.sha256(told.encode()).hexdigest()[:32]


def read_agenda(person: Person, *, today: date, at: datetime) -> Agenda:
    """Never more than the person may see on the pages at this moment; in three queries.

    A programme takes an update only with a higher SEQUENCE. That is the number of deeds about the
    obligation in the trail: each new date and each move adds one there in its own transaction, and
    none is ever taken away. The obligation itself has no such number: ``state_changed_at`` does not
    tell of new dates, and a second counter could be forgotten where the trail can't be.
    """
    entries = _entries(_found(person, today=today, at=at))
    return Agenda(person.name, language_of(person), entries)


def deadlines_file(person: Person, obligations: Sequence[int]) -> bytes:
    """These obligations, by id, as the file that goes with a letter; the same events as the feed.

    A programme that has them from there already takes these as what they are: the same.
    """
    entries = _entries(Obligation.objects.filter(pk__in=obligations))
    site = urlsplit(settings.SITE_URL)
    return to_ical(
        Agenda(person.name, language_of(person), entries),
        host=site.hostname or "localhost",
        page_of=_page_of,
    )


def _page_of(pk: int) -> str:
    page = {"site_url": settings.SITE_URL, "pk": pk}
    return render_to_string("email/_obligation_page.txt", page).strip()


def _entries(found: ObligationQuerySet) -> list[Entry]:
    deeds = (
        audit.Event.objects.filter(thing_kind="obligation", thing_id__in=found.values("pk"))
        .order_by()
        .values_list("thing_id")
        .annotate(number=Count("*"), newest=Max("at"))
    )
    trail = {pk: (number, newest) for pk, number, newest in deeds}
    rows = found.order_by("due_on", "pk").values_list(*_FIELDS)[:MOST]
    return [_entry(row, *trail.get(row[0], (0, row[4]))) for row in rows]


def _found(person: Person, *, today: date, at: datetime) -> ObligationQuerySet:
    waits = ~Q(state__in=DECIDED)
    just_settled = Q(state_changed_at__gte=at - timedelta(days=CANCELLED_DAYS))
    return (
        Obligation.objects.visible_to(person)
        .due_between(today - timedelta(days=BACK_DAYS), today + timedelta(days=AHEAD_DAYS))
        .filter(waits | just_settled)
    )


def _entry(row: tuple[Any, ...], sequence: int, newest: datetime) -> Entry:
    pk, due_on, period, state, state_changed_at, part, verification = row[:7]
    title_zh, title_en, plant_zh, plant_en, line_zh, line_en, outlet_code, outlet_name = row[7:]
    outlet = f"{outlet_code} {outlet_name}" if outlet_code else ""
    return Entry(
        pk=pk,
        due_on=due_on,
        period=period,
        state=state,
        part=part,
        verification=verification,
        title=Text(title_zh, title_en),
        plant=Text(plant_zh, plant_en),
        subject=Text(line_zh or outlet, line_en or line_zh or outlet),
        sequence=sequence,
        changed_at=max(newest, state_changed_at),
    )


def to_ical(agenda: Agenda, *, host: str, page_of: Callable[[int], str]) -> bytes:
    """The feed as RFC 5545 asks for; ``page_of`` gives an obligation's address.

    Without a METHOD, DTSTAMP means the same as LAST-MODIFIED: unchanged entries stay byte for byte
    as they were.
    """
    with override(agenda.language):
        calendar = _calendar(agenda)
        for entry in agenda.entries:
            calendar.add_component(_event(entry, host, page_of(entry.pk)))
        return bytes(calendar.to_ical())


def _calendar(agenda: Agenda) -> Calendar:
    calendar = Calendar()
    # A name that has more than one line would break the file.
    name = _("ULE deadlines: %(name)s") % {"name": " ".join(agenda.name.split())}
    calendar.add("VERSION", "2.0")
    calendar.add("PRODID", f"-//ULE tracker//obligations//{agenda.language[:2].upper()}")
    calendar.add("CALSCALE", "GREGORIAN")
    calendar.add("NAME", name)
    calendar.add("X-WR-CALNAME", name)
    calendar.add("X-WR-TIMEZONE", "Asia/Shanghai")
    calendar.add("REFRESH-INTERVAL", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("X-PUBLISHED-TTL", "PT6H")
    return calendar


def _event(entry: Entry, host: str, page: str) -> Event:
    event = Event()
    event.add("UID", f"obligation-{entry.pk}@{host}")
    event.add("DTSTAMP", entry.changed_at.astimezone(UTC))
    event.add("LAST-MODIFIED", entry.changed_at.astimezone(UTC))
    event.add("SEQUENCE", entry.sequence)
    # The legal day, in no zone: it is the same day wherever the reader's telephone is.
    event.add("DTSTART", entry.due_on)
    event.add("DTEND", entry.due_on + timedelta(days=1))
    event.add("SUMMARY", " · ".join(filter(None, _names(entry))))
    event.add("DESCRIPTION", "\n".join(_lines(entry, page)))
    event.add("CATEGORIES", [str(Part(entry.part).label)])
    event.add("STATUS", "CANCELLED" if entry.state in DECIDED else "CONFIRMED")
    event.add("TRANSP", "TRANSPARENT")
    event.add("URL", page)
    return event


def _names(entry: Entry) -> tuple[str, ...]:
    return (str(entry.title), str(entry.subject), entry.period, str(entry.plant))


def _lines(entry: Entry, page: str) -> list[str]:
    lines = [
        _("Plant: %(name)s") % {"name": entry.plant},
        _("State: %(state)s") % {"state": State(entry.state).label},
    ]
    if entry.verification != Verification.VERIFIED:
        sure = Verification(entry.verification).label
        lines.append(_("Text behind the rule: %(verification)s") % {"verification": sure})
    return [*lines, page]
