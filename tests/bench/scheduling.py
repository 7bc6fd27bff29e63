"""How long scheduling takes beside a bare insert of the same rows, and how long a preview takes.

`manage.py shell` runs `measure` on the bench's database (see `tests.bench.__main__`).
"""

import time
from collections.abc import Callable
from copy import copy
from datetime import UTC, date, datetime

from django.db import connection, transaction

from plants.models import Plant
from tests.factories import DocumentFactory, PlantFactory, RequirementFactory
from tracker.audit import Actor
from tracker.obligations.models import Obligation
from tracker.obligations.preview import preview_rules
from tracker.obligations.schedule import schedule_obligations
from tracker.regulations.models import Requirement

PLANTS = 1500
REQUIREMENTS = 100
# Three years of yearly duties lie between the first day and the last that is looked at.
FIRST, TODAY, AHEAD_DAYS = date(2026, 1, 1), date(2028, 6, 1), 400
AT = datetime(2028, 6, 1, 2, 0, tzinfo=UTC)
BY = Actor(None, "bench")
LIMITS = {"first run / bare insert": 3.0, "unchanged run / first": 0.25, "preview (s)": 2.0}


def measure() -> None:
    """Print one line for each figure: its name, the figure, its limit, separated by tabs."""
    zoned = _make_world()
    first = _timed(_schedule)
    unchanged = _timed(_schedule)
    zoned.due = {"zone": {"wu-chang-shi": "2027-06-30", "other": "2028-12-31"}}
    started = time.monotonic()
    impact = preview_rules([zoned], today=TODAY, ahead_days=AHEAD_DAYS)
    preview = time.monotonic() - started
    rows = list(Obligation.objects.all())
    bare = _timed(lambda: _insert_bare(rows))
    print(
        f"figure\tscheduling: {len(rows)} obligations; first run {first:.1f} s, "
        f"unchanged {unchanged:.1f} s, bare insert {bare:.1f} s; "
        f"preview moves {len(impact.moves)} of {PLANTS} plants"
    )
    found = (first / bare, unchanged / first, preview)
    for (name, limit), figure in zip(LIMITS.items(), found, strict=True):
        print(f"limit\t{name}\t{figure:.2f}\t{limit}")


def _make_world() -> Requirement:
    """All plants in one zone, a hundred requirements of each; one of them is due by zone."""
    first = PlantFactory.create(tracked_from_on=FIRST, place__code="changji-city")
    Plant.objects.bulk_create((_like(first, n) for n in range(1, PLANTS)), batch_size=500)
    document = DocumentFactory.create()
    zone = {"all": [{"plant.kind": first.kind}, {"plant.zone": [first.place.zone.code]}]}
    for n in range(REQUIREMENTS):
        RequirementFactory.create(
            document=document,
            due={"every": "year", "days_after": 15 + n % 10},
            applies=zone if n % 2 else "always",
            effective_from=date(2020, 1, 1),
        )
    return RequirementFactory.create(
        document=document, due={"zone": {"wu-chang-shi": "2026-12-31", "other": "2028-12-31"}}
    )


def _like(plant: Plant, number: int) -> Plant:
    other = copy(plant)
    other.pk, other.code, other.credit_code = None, f"bench-{number}", f"{number:018d}"
    return other


def _schedule() -> None:
    schedule_obligations(today=TODAY, by=BY, at=AT, ahead_days=AHEAD_DAYS)


def _insert_bare(rows: list[Obligation]) -> None:
    """The same rows by the same library, with no rule, lock or trail."""
    for row in rows:
        row.pk = None
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {Obligation._meta.db_table}")
    with transaction.atomic():
        Obligation.objects.bulk_create(rows, batch_size=500)


def _timed(deed: Callable[[], object]) -> float:
    started = time.monotonic()
    deed()
    return time.monotonic() - started
