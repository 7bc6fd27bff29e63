"""The seeds that are shipped: without a fault, complete, and the same after a second load."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.utils import timezone

from plants.models import Authority, Place, StopWindow
from plants.models.calendar import effective_windows
from tracker.audit import Actor, Event
from tracker.checks import check_shipped_seeds, seed_errors
from tracker.regulations.load import load_seeds
from tracker.regulations.models import Document, Requirement
from tracker.regulations.seeds import Seeds, parse_seeds, read_files, shipped_paths

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def shipped() -> Seeds:
    contents, faults = read_files(shipped_paths())
    seeds, wrong = parse_seeds(contents)
    assert faults + wrong == []
    return seeds


def test_system_check_finds_no_fault_in_the_shipped_seeds() -> None:
    assert check_shipped_seeds() == []


def test_system_check_makes_each_fault_an_error(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("season: 2025-26\ndocument: [x]\n", encoding="utf-8")

    assert [(error.id, error.msg) for error in seed_errors([path])] == [
        ("tracker.E001", f"{path}:1: verification: is missing"),
        ("tracker.E001", f"{path}:1: windows: is missing"),
        ("tracker.E001", f"{path}:2: document: must be text; got a list"),
    ]


def test_shipped_regulations_are_many_enough(shipped: Seeds) -> None:
    requirements = [r for regulation in shipped.regulations for r in regulation.requirements]
    codes = {regulation.code for regulation in shipped.regulations}

    assert len(requirements) >= 70
    assert {"opinion-2024", "region-117-2024", "corps-16-2024"} <= codes


def test_shipped_plans_whose_text_is_not_public_are_not_settled(shipped: Seeds) -> None:
    settled = [
        entry.shape.code
        for regulation in shipped.regulations
        if regulation.code in ("region-117-2024", "corps-16-2024")
        for entry in regulation.requirements
        if entry.shape.verification == "verified"
    ]

    assert settled == []


@pytest.mark.django_db
def test_shipped_seeds_load_twice_and_change_nothing(shipped: Seeds) -> None:
    by, today = Actor(person=None, origin="test"), timezone.localdate(NOW)

    first = load_seeds(seeds=shipped, today=today, by=by, at=NOW)
    events = Event.objects.count()
    second = load_seeds(seeds=shipped, today=today, by=by, at=NOW)

    assert {change.deed for change in first.changes} == {"created"}
    assert (second.changes, second.unchanged) == ([], len(first.changes))
    assert Event.objects.count() == events
    assert Document.objects.count() == len(shipped.regulations)
    assert Requirement.objects.filter(withdrawn_on=None).count() >= 70


@pytest.mark.django_db
def test_shipped_places_and_windows(shipped: Seeds) -> None:
    load_seeds(seeds=shipped, today=date(2026, 11, 23), by=Actor(None, "test"), at=NOW)

    assert Place.objects.filter(level="prefecture", tile_row__isnull=False).count() == 14
    assert Authority.objects.filter(tree="corps", level="division").count() == 13
    assert Authority.objects.filter(path__startswith="region/").count() == 15
    assert windows("shihezi", "2025-26") == [
        (date(2025, 11, 1), date(2026, 4, 30)),
        (date(2026, 6, 1), date(2026, 6, 30)),
    ]
    # A place without windows of its own stops with its prefecture.
    assert windows("kunyu", "2025-26") == windows("hotan", "2025-26")
    assert windows("shawan", "2025-26") == windows("tacheng", "2025-26")
    # What is not known is not made up.
    assert windows("karamay", "2025-26") == []
    assert windows("hotan", "2024-25") == []
    assert windows("hami", "2023-24")[0] == (date(2023, 11, 1), date(2024, 4, 15))


def windows(code: str, season: str) -> list[tuple[date, date]]:
    place = Place.objects.get(code=code)
    found = StopWindow.objects.for_places([place]).filter(season=season)
    return [(w.starts_on, w.ends_on) for w in effective_windows(place, list(found))]
