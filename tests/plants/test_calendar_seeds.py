"""A season's stop windows: what a file may say, and what becomes of it."""

# ruff: noqa: E501 - one fault, one row

from datetime import date

import pytest

from plants.calendar_seeds import CorrectedWindow, load_calendar, parse_calendar
from plants.models import Place, StopWindow, Zone
from plants.seedfile import read_seed
from plants.seedrows import SeedReport

GOOD = """\
season: 2025-26
document: plan-2025
verification: verified
windows:
  - places: [hami, hotan]
    stops:
      - {from: 2025-11-11, to: 2026-03-21}
      - {from: 2026-06-01, to: 2026-06-30}
not_known:
  - places: [karamay]
    note: {zh: 未列出, en: Not listed}
"""
CODES = {"hami", "hotan", "karamay"}


def parse(text: str) -> list[str]:
    seed, faults = read_seed("s.yaml", text.encode())
    assert seed is not None
    _seasons, wrong = parse_calendar(
        [seed], places=CODES, prefectures=CODES, documents={"plan-2025"}
    )
    return [str(fault) for fault in faults + wrong]


def load(text: str, corrected: dict[int, CorrectedWindow] | None = None) -> SeedReport:
    seed, _faults = read_seed("s.yaml", text.encode())
    assert seed is not None
    seasons, _wrong = parse_calendar(
        [seed], places=CODES, prefectures=CODES, documents={"plan-2025"}
    )
    return load_calendar(seasons, corrected or {})


@pytest.fixture
def _places(db: None) -> None:
    zone = Zone.objects.create(code="other", name_zh="其他区域")
    for code in CODES:
        Place.objects.create(code=code, name_zh=code, level="prefecture", zone=zone)


def test_parse_calendar_accepts_the_good_file() -> None:
    assert parse(GOOD) == []


@pytest.mark.parametrize(
    ("old", "new", "faults"),
    [
        ("season: 2025-26", "season: 2025-27", ["s.yaml:1: season: must be two years like 2025-26; got '2025-27'"]),
        ("season: 2025-26", "season: 2024-25", [
            "s.yaml:7: windows[1].stops[1].to: 2026-03-21 lies outside the season 2024-25",
            "s.yaml:8: windows[1].stops[2].from: 2026-06-01 lies outside the season 2024-25",
            "s.yaml:8: windows[1].stops[2].to: 2026-06-30 lies outside the season 2024-25",
        ]),
        ("document: plan-2025", "document: plan-2026", ["s.yaml:2: document: no document 'plan-2026' is known (did you mean 'plan-2025'?)"]),
        ("to: 2026-06-30", "to: 2026-05-30", ["s.yaml:8: windows[1].stops[2].to: is before its from, 2026-06-01"]),
        ("from: 2026-06-01", "from: 2026-03-21", ["s.yaml:8: windows[1].stops[2].from: overlaps the stop 2025-11-11 to 2026-03-21"]),
        ("[hami, hotan]", "[hami, hotann]", [
            "s.yaml:5: windows[1].places[2]: no place 'hotann' is known (did you mean 'hotan'?)",
            "s.yaml:4: windows: says nothing of hotan: give their stops, or list them in not_known",
        ]),
        ("[karamay]", "[karamay, hami]", ["s.yaml:10: not_known[1].places[2]: 'hami' stands in this file twice"]),
        ("to: 2026-06-30", "until: 2026-06-30", [
            "s.yaml:8: windows[1].stops[2].to: is missing",
            "s.yaml:8: windows[1].stops[2].until: is no known key; known are from, to",
        ]),
        ("windows:\n", "windows: []\nx:\n", ["s.yaml:5: x: is no known key; known are season, document, clause, verification, note, windows, not_known"]),
    ],
)  # fmt: skip
def test_parse_calendar_reports_each_fault(old: str, new: str, faults: list[str]) -> None:
    assert old in GOOD

    assert parse(GOOD.replace(old, new)) == faults


@pytest.mark.usefixtures("_places")
def test_load_calendar_twice_changes_nothing() -> None:
    first, second = load(GOOD), load(GOOD)

    assert (first.count("created"), first.unchanged) == (4, 0)
    assert (second.changes, second.unchanged) == ([], 4)


@pytest.mark.usefixtures("_places")
def test_load_calendar_moves_ends_and_removes_windows() -> None:
    load(GOOD)

    report = load(
        GOOD.replace("2026-03-21", "2026-03-22").replace("      - {from: 2026-06-01, to: 2026-06-30}\n", "")
    )  # fmt: skip

    assert [change.deed for change in report.changes] == [
        "changed",
        "changed",
        "removed",
        "removed",
    ]
    windows = StopWindow.objects.order_by("place__code").values_list("place__code", "ends_on")
    assert list(windows) == [("hami", date(2026, 3, 22)), ("hotan", date(2026, 3, 22))]


FIRST, MOVED = date(2025, 11, 11), date(2025, 11, 15)
HAMI_ALONE = GOOD.replace("[hami, hotan]", "[hami]").replace("[karamay]", "[karamay, hotan]")


@pytest.mark.usefixtures("_places")
@pytest.mark.parametrize(
    ("old", "new", "deeds", "days"),
    [
        # Nothing new in the file; its first day is found under the one that it has there.
        ("", "", [], [(MOVED, 21), (date(2026, 6, 1), 30)]),
        # The file caught up, or is wrong otherwise: the corrected days stand.
        ("from: 2025-11-11", "from: 2025-11-15", [], [(MOVED, 21), (date(2026, 6, 1), 30)]),
        ("to: 2026-03-21", "to: 2025-11-13", [], [(MOVED, 21), (date(2026, 6, 1), 30)]),
        # It left the file: somebody answers for it with a source.
        ("      - {from: 2025-11-11, to: 2026-03-21}\n", "", [], [(MOVED, 21), (date(2026, 6, 1), 30)]),
        # Another stop of the file begins on the day that it was corrected to.
        ("to: 2026-03-21}", "to: 2025-11-14}\n      - {from: 2025-11-15, to: 2025-11-20}", [], [(MOVED, 21), (date(2026, 6, 1), 30)]),
        # What was not corrected follows the file.
        ("to: 2026-06-30", "to: 2026-06-29", ["changed"], [(MOVED, 21), (date(2026, 6, 1), 29)]),
        ("verification: verified", "verification: secondary", ["changed", "changed"], [(MOVED, 21), (date(2026, 6, 1), 30)]),
    ],
)  # fmt: skip
def test_corrected_window_keeps_its_days(
    old: str, new: str, deeds: list[str], days: list[tuple[date, int]]
) -> None:
    load(HAMI_ALONE)
    window = StopWindow.objects.get(starts_on=FIRST)
    StopWindow.objects.filter(pk=window.pk).update(starts_on=MOVED)
    corrected = {window.pk: CorrectedWindow(frozenset({"starts_on", "ends_on"}), FIRST)}

    report = load(HAMI_ALONE.replace(old, new) if old else HAMI_ALONE, corrected)

    assert [change.deed for change in report.changes] == deeds
    found = StopWindow.objects.order_by("starts_on").values_list("starts_on", "ends_on__day")
    assert list(found) == days
