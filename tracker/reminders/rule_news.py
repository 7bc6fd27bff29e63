"""News of a rule that was put right: what it asks, a target, a kiln stop. Told to whom it binds."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from plants.models import Line, Membership, Person, Plant, Role, RunStatus, StopWindow
from plants.models.site import PlantQuerySet
from tracker.obligations.correct import TEXT_COLUMNS
from tracker.obligations.models import Obligation, State
from tracker.regulations.correctable import corrected_thing
from tracker.regulations.corrections import Thing, split_path, value_of
from tracker.regulations.models import Correction, Requirement, Target
from tracker.reminders.letters import Letter, language_of, render_letter
from tracker.reminders.models import Kind, Reminder
from tracker.reminders.notices import NEWS_FOR, ROWS_IN_A_LETTER
from tracker.reminders.posting import Posting

# A requirement's moved dates are told with the obligations that they moved.
TOLD = TEXT_COLUMNS | {"starts_on", "ends_on", "share_percent", "by_on"}


class RuleLine(NamedTuple):
    """One correction's news: of what, as it reads now, and as it read before.

    ``plants`` are those of the reader's that it binds; none where it binds her as an officer.
    """

    correction: Correction
    kind: str
    thing: Thing
    was: Thing
    plants: list[Plant]


def plan_rule_news(*, at: datetime) -> int:
    """Add a row for each correction of the last 30 days and person whom it binds; count them.

    That is who answers for a plant that the requirement is asked of, or whose kilns the window
    stops; of a target the officers over the plants that count for it. Not who made the correction.
    A sweep under a unique key, like ``plan_notices``. What changes neither what is asked nor a day
    or a share that nothing else tells of (a note, a clause, a document's number) is no news.
    """
    told = Reminder.objects.filter(correction=OuterRef("pk"))
    untold = Correction.objects.filter(~Exists(told), made_at__gt=at - NEWS_FOR).order_by("pk")
    posting = Posting(at=at)
    fresh = [
        Reminder(
            correction=correction,
            person_id=person,
            kind=Kind.RULE,
            planned_at=at,
            **posting.of(person),
        )
        for correction in untold
        if _is_news(correction)
        for person in sorted(_bound(correction) - {correction.made_by_id})
    ]
    Reminder.objects.bulk_create(fresh, ignore_conflicts=True, batch_size=500)
    return len(fresh)


def read_rule_news(person: Person, corrections: Iterable[Correction]) -> list[RuleLine]:
    """The corrections as lines, without those that bind the person no more or have lost their rule.

    Of several of the same value each is told: the newest says how it reads now.
    """
    lines = []
    for correction in corrections:
        found = corrected_thing(correction)
        if found is None or person.pk not in _bound(correction):
            continue
        before = {
            path: value_of(found.rows[limit], name, kept)
            for path, kept in correction.before.items()
            for limit, name in [split_path(path)]
            if limit in found.rows
        }
        was = found.changed(before).thing
        own = _own(person, correction)
        lines.append(RuleLine(correction, found.kind, found.thing, was, own))
    return lines


def build_rule_notice(*, person: Person, lines: Sequence[RuleLine]) -> Letter:
    """One letter about every rule that was put right, in the person's language."""
    total = len(lines)
    with override(language_of(person)):
        subject = _("[ULE] Put right: %(rule)s") % {"rule": _name(lines[0].thing)}
        if total > 1:
            subject = ngettext("[ULE] %d rule put right", "[ULE] %d rules put right", total) % total
        plants = {plant.pk for line in lines for plant in line.plants}
        return render_letter(
            "rules",
            person=person,
            subject=subject,
            context=rules_context(lines),
            about={"plants": plants, "count": total},
        )


def rules_context(lines: Sequence[RuleLine]) -> dict[str, object]:
    """What the templates show of them; the first fifty."""
    shown = lines[:ROWS_IN_A_LETTER]
    return {"lines": shown, "total": len(lines), "more": len(lines) - len(shown)}


def _is_news(correction: Correction) -> bool:
    return any(split_path(path)[1] in TOLD for path in correction.after)


def _bound(correction: Correction) -> set[int]:
    """The active people whom the corrected rule binds, by id."""
    plants = _plants(correction)
    posts = Membership.objects.filter(person__is_active=True)
    if correction.target_id is None:
        answering = Q(role=Role.MANAGER, plant__in=plants) | Q(
            role=Role.GROUP_MANAGER, company__in=plants.values("company")
        )
        return set(posts.filter(answering).values_list("person", flat=True))
    paths = set(plants.values_list("authority__path", flat=True))
    officers = posts.filter(role=Role.OFFICER).values_list("person", "authority__path")
    return {person for person, over in officers if any(path.startswith(over) for path in paths)}


def _plants(correction: Correction) -> PlantQuerySet:
    """The plants that it binds; of a target those whose clinker counts for it."""
    if correction.requirement_id is not None:
        asked = Obligation.objects.filter(requirement=correction.requirement_id)
        return Plant.objects.filter(pk__in=asked.exclude(state=State.WITHDRAWN).values("plant"))
    if correction.target is not None:
        return _counting(correction.target)
    if correction.stop_window_id is None:
        return Plant.objects.none()
    window = StopWindow.objects.filter(pk=correction.stop_window_id).first()
    return _stopped(window) if window is not None else Plant.objects.none()


def _counting(target: Target) -> PlantQuerySet:
    lines = Line.objects.exclude(status=RunStatus.CLOSED).filter(plant=OuterRef("pk"))
    plants = Plant.objects.filter(Exists(lines)).exclude(status=RunStatus.CLOSED)
    if target.area_kind == "nation":
        return plants
    if target.area_kind == "zone":
        return plants.filter(place__zone=target.zone)
    return plants.filter(authority__tree=target.area_kind)


def _stopped(window: StopWindow) -> PlantQuerySet:
    """The plants in its place, and in those inside it that have no window of their own then."""
    own = StopWindow.objects.filter(season=window.season, place=OuterRef("place"))
    there = Q(place=window.place_id) | Q(~Exists(own), place__parent=window.place_id)
    lines = Line.objects.exclude(status=RunStatus.CLOSED).filter(plant=OuterRef("pk"))
    return Plant.objects.filter(there, Exists(lines)).exclude(status=RunStatus.CLOSED)


def _own(person: Person, correction: Correction) -> list[Plant]:
    if correction.target_id is not None:
        return []
    return [plant for plant in _plants(correction).order_by("pk") if person.answers_for(plant)]


def _name(thing: Thing) -> str:
    if isinstance(thing, Requirement):
        return str(thing.title)
    if isinstance(thing, StopWindow):
        return _("kiln stop, %(place)s") % {"place": thing.place.name}
    return _("target of clinker capacity")
