"""Facts that contradict each other are refused, whoever enters them and in whichever door."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from plants.models import Permit, PermitReport, Project

JUNE, JULY, AUGUST = date(2026, 6, 1), date(2026, 7, 1), date(2026, 8, 1)
NOT_OVER = "The year is not over on this day: tick “of the next year”."
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
        (date(2046, 5, 31), []),
        (
            date(2099, 12, 31),
            ["No permit is valid for more than 20 years: look at both days again."],
        ),
        (
            date.max,
            ["No permit is valid for more than 20 years: look at both days again."],
        ),
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
        ({"days_after": 366}, []),
        ({"days_after": 367}, ["At most 366 days after the period."]),
        ({"month": 1, "day": 31, "next_year": True}, []),
        ({"month": 2, "day": 29, "next_year": True}, []),
        ({"month": 1, "day": 31}, [NOT_OVER]),
        ({"month": 12, "day": 31}, [NOT_OVER]),
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
@pytest.mark.parametrize("every", ["month", "quarter", "half_year"])
@pytest.mark.parametrize("next_year", [False, True])
def test_one_day_in_a_year_fits_no_shorter_period(every: str, next_year: bool) -> None:
    report = PermitReport(every=every, month=10, day=15, next_year=next_year)

    assert refusals(report) == [
        "There are several such periods in a year: enter the days after the period, not a month "
        "and a day."
    ]
    assert refusals(PermitReport(every=every, days_after=15)) == []


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
