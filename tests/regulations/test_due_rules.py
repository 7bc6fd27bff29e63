"""Due rules as they are written: read, or refused with the place and the reason."""

from datetime import date

import pytest

from tracker.regulations.facts import DATE_FACTS
from tracker.regulations.rules import (
    ByAnnex,
    ByAuthority,
    ByZone,
    Earliest,
    OnDay,
    Recurring,
    Relative,
    RuleFault,
    Standing,
    read_due,
)


@pytest.mark.parametrize(
    ("rule", "read"),
    [
        ("standing", Standing()),
        ({"on": "2028-12-31"}, OnDay(date(2028, 12, 31))),
        ({"zone": {"other": "2028-12-31"}}, ByZone({"other": date(2028, 12, 31)})),
        (
            {"annex": "whole", "backstop": date(2028, 12, 31)},
            ByAnnex("whole", date(2028, 12, 31)),
        ),
        ({"every": "month", "days_after": 5}, Recurring("month", days_after=5)),
        (
            {"every": "year", "due_on": "03-15", "of": "next_year"},
            Recurring("year", month_day=(3, 15), next_year=True),
        ),
        ({"before": "permit.valid_until", "days": 60}, Relative("permit.valid_until", days=-60)),
        ({"after": "plant.restarted_on", "months": 1}, Relative("plant.restarted_on", months=1)),
        (
            {"authority": {"corps": "2026-06-30", "other": "2028-12-31"}},
            ByAuthority({"corps": date(2026, 6, 30), "other": date(2028, 12, 31)}),
        ),
        (
            {"before": "permit.valid_until", "working_days": 30, "backstop": "2028-12-31"},
            Relative("permit.valid_until", working_days=-30, backstop=date(2028, 12, 31)),
        ),
        ({"after": "opinion-kiln", "months": 3}, Relative("due:opinion-kiln", months=3)),
        ({"every": "month", "working_day": 1}, Recurring("month", working_day=1)),
        (
            {"every": "quarter", "working_days_after": 5, "only": [1]},
            Recurring("quarter", working_days_after=5, only=(1,)),
        ),
        (
            {"every": "quarter", "days_after": 15, "permit": "report"},
            Recurring("quarter", days_after=15, permit=True),
        ),
        (
            {"earliest": [{"on": "2028-12-31"}, {"before": "permit.valid_until", "days": 60}]},
            Earliest((OnDay(date(2028, 12, 31)), Relative("permit.valid_until", days=-60))),
        ),
    ],
)
def test_due_rule_reads_into_its_form(rule: object, read: object) -> None:
    assert read_due(rule, subject="plant") == read


@pytest.mark.parametrize(
    ("rule", "path", "message"),
    [
        (
            {"on": "2028-12-31", "every": "month"},
            (),
            "must have exactly one of on, zone, authority, annex, before, after, every, earliest; "
            "got on, every",
        ),
        ("sometime", (), "must be 'standing' or a mapping such as {on: 2028-12-31}"),
        ({"on": "end of 2028"}, ("on",), "must be a date like 2028-12-31; got 'end of 2028'"),
        (
            {"zone": {"wu-chang-shi": "2026-12-31"}},
            ("zone",),
            "must have a date for 'other', so that no plant is left without one",
        ),
        (
            {"annex": "whole"},
            (),
            "must have a backstop: the date that stands while no annex is loaded",
        ),
        (
            {"every": "week", "days_after": 1},
            ("every",),
            "must be one of month, quarter, half_year, year; got 'week'",
        ),
        (
            {"every": ["month"], "days_after": 1},
            ("every",),
            "must be one of month, quarter, half_year, year; got ['month']",
        ),
        (
            {"every": "month"},
            (),
            "must have exactly one of days_after, working_days_after, working_day, due_on",
        ),
        (
            {"every": "month", "due_on": "03-15"},
            (),
            "due_on goes with every: year and of: same_year or next_year",
        ),
        (
            {"every": "quarter", "days_after": 15, "only": [5]},
            ("only",),
            "must be a list of numbers from 1 to 4",
        ),
        (
            {"before": "plant.kind", "days": 60},
            ("before",),
            "must be the code of another requirement or a fact that is a date: "
            f"{', '.join(DATE_FACTS)}; got 'plant.kind'",
        ),
        (
            {"before": "permit.valid_until", "days": -1},
            ("days",),
            "must be a whole number from 0; got -1",
        ),
        (
            {"after": "line.commissioned_on", "days": 1},
            ("after",),
            "can't be asked of a plant; line.commissioned_on belongs to a line",
        ),
        (
            {"authority": {"corps": "2026-12-31"}},
            ("authority",),
            "must have a date for 'other', so that no plant is left without one",
        ),
        (
            {"every": "month", "working_day": 0},
            ("working_day",),
            "must be a whole number from 1; got 0",
        ),
        ({"every": "month", "working_day": 16}, ("working_day",), "must be at most 15; got 16"),
        (
            {"every": "month", "days_after": 1, "working_day": 1},
            (),
            "must have exactly one of days_after, working_days_after, working_day, due_on",
        ),
        (
            {"every": "month", "days_after": 1, "permit": True},
            ("permit",),
            "must be 'report': the permit's date of its report wins; got True",
        ),
        (
            {"after": "permit.valid_until", "days": 1, "months": 1},
            (),
            "must have exactly one of days, months, working_days",
        ),
        (
            {"after": "permit.valid_until", "days": 1, "backstop": "soon"},
            ("backstop",),
            "must be a date like 2028-12-31; got 'soon'",
        ),
        (
            {"earliest": [{"on": "2028-12-31"}]},
            ("earliest",),
            "must be a list of at least two rules that give one date each",
        ),
        (
            {"earliest": [{"on": "2028-12-31"}, {"every": "month", "days_after": 1}]},
            ("earliest", 1),
            "must have exactly one of on, zone, authority, annex, before, after; "
            "got every, days_after",
        ),
        (
            {"earliest": [{"on": "2028-12-31"}, {"on": "31.12.2028"}]},
            ("earliest", 1, "on"),
            "must be a date like 2028-12-31; got '31.12.2028'",
        ),
    ],
)
def test_due_rule_is_refused_with_its_place(
    rule: object, path: tuple[str | int, ...], message: str
) -> None:
    with pytest.raises(RuleFault) as caught:
        read_due(rule, subject="plant")

    assert (caught.value.path, caught.value.message) == (path, message)
