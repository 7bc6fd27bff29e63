"""Facts that contradict each other are refused, whoever enters them and in whichever door."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from plants.models import Permit, PermitReport, Project

JUNE, JULY, AUGUST = date(2026, 6, 1), date(2026, 7, 1), date(2026, 8, 1)
PLANNED: dict[str, Any] = {"planned_start_on": JUNE, "planned_finish_on": AUGUST}


def refusals(thing: Permit | PermitReport | Project) -> list[str]:
    try:
        thing.clean()
    except ValidationError as refusal:
        return refusal.messages
    return []


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize(
    ("until", "said"),
    [
        (JULY, []),
        (JUNE, ["The permit ends before it begins."]),
        (date(2026, 5, 31), ["The permit ends before it begins."]),
    ],
)
def test_permit_ends_after_it_begins(until: date, said: list[str]) -> None:
    assert refusals(Permit(number="P", valid_from_on=JUNE, valid_until_on=until)) == said


def test_permit_is_valid_on_its_last_day() -> None:
    permit = Permit(valid_from_on=JUNE, valid_until_on=JULY)

    assert [permit.is_expired(today=day) for day in (JULY, date(2026, 7, 2))] == [False, True]


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"days_after": 15}, []),
        ({"days_after": 0}, []),
        ({"month": 1, "day": 31}, []),
        ({"month": 2, "day": 29}, []),
        ({}, ["Enter either the days after the period, or a month and a day."]),
        (
            {"days_after": 15, "month": 1, "day": 31},
            ["Enter either the days after the period, or a month and a day."],
        ),
        ({"month": 1}, ["A date needs both, month and day."]),
        ({"day": 31}, ["A date needs both, month and day."]),
        ({"month": 2, "day": 30}, ["This month has no such day."]),
        ({"month": 6, "day": 31}, ["This month has no such day."]),
    ],
)
def test_report_has_one_kind_of_date(fields: dict[str, int], said: list[str]) -> None:
    assert refusals(PermitReport(every="year", **fields)) == said


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, []),
        ({"started_on": JULY, "progress_percent": 40}, []),
        ({"started_on": JUNE, "finished_on": JUNE, "progress_percent": 100}, []),
        (
            {"planned_finish_on": date(2026, 5, 31)},
            ["The planned finish lies before the planned start."],
        ),
        (
            {"finished_on": JULY, "progress_percent": 100},
            ["Finished, but not started: enter when the works began."],
        ),
        (
            {"started_on": AUGUST, "finished_on": JULY, "progress_percent": 100},
            ["The works end before they begin."],
        ),
        (
            {"started_on": JUNE, "finished_on": JULY, "progress_percent": 99},
            ["What is finished stands at 100 %."],
        ),
        ({"progress_percent": 1}, ["There is progress: enter when the works began."]),
    ],
)
def test_project_goes_forwards(fields: dict[str, Any], said: list[str]) -> None:
    assert refusals(Project(**{**PLANNED, **fields})) == said


@pytest.mark.parametrize(
    ("today", "finished_on", "overdue"),
    [(AUGUST, None, False), (date(2026, 8, 2), None, True), (date(2026, 8, 2), JULY, False)],
)
def test_project_is_overdue_after_its_planned_finish(
    today: date, finished_on: date | None, overdue: bool
) -> None:
    project = Project(**PLANNED, finished_on=finished_on)

    assert project.is_overdue(today=today) is overdue
