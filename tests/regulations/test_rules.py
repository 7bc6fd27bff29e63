"""Applies and due rules as they are written: read, or refused with the place and the reason."""

from datetime import date

import pytest

from tracker.regulations.rules import (
    All,
    Always,
    Ask,
    ByAnnex,
    ByZone,
    Not,
    OnDay,
    Recurring,
    Relative,
    RuleFault,
    Standing,
    read_applies,
    read_due,
)


def test_applies_rule_reads_into_its_tree() -> None:
    rule = {"all": [{"plant.kind": "clinker"}, {"not": {"line.capacity_tpd": {"at_most": 2500}}}]}

    assert read_applies(rule, subject="line") == All(
        (
            Ask("plant.kind", "one_of", ("clinker",)),
            Not(Ask("line.capacity_tpd", "at_most", (2500,))),
        )
    )
    assert read_applies("always", subject="plant") == Always()


@pytest.mark.parametrize(
    ("rule", "subject", "path", "message"),
    [
        ("never", "plant", (), "must be 'always' or a mapping of one key: all, any, not or a fact"),
        ({"all": []}, "plant", ("all",), "must be a list of at least one rule"),
        (
            {"all": [{"plant.kind": "kiln"}]},
            "plant",
            ("all", 0, "plant.kind"),
            "must be one of clinker, grinding; got 'kiln'",
        ),
        (
            {"line.carbide_slag": True},
            "plant",
            ("line.carbide_slag",),
            "can't be asked of a plant; line.carbide_slag belongs to a line",
        ),
        (
            {"line.capacity_tpd": True},
            "line",
            ("line.capacity_tpd",),
            "must be a number; got True",
        ),
        (
            {"plant.kind": {"at_least": 1}},
            "plant",
            ("plant.kind", "at_least"),
            "goes with a number; plant.kind is a text",
        ),
        (
            {"permit.valid_until": {"before": "2026-02-30"}},
            "plant",
            ("permit.valid_until", "before"),
            "must be a date like 2028-12-31; got '2026-02-30'",
        ),
    ],
)
def test_applies_rule_is_refused_with_its_place(
    rule: object, subject: str, path: tuple[str | int, ...], message: str
) -> None:
    with pytest.raises(RuleFault) as caught:
        read_applies(rule, subject=subject)

    assert (caught.value.path, caught.value.message) == (path, message)


def test_unknown_fact_is_refused_with_the_known_ones() -> None:
    with pytest.raises(RuleFault, match=r"is no known fact; known are plant\.kind, "):
        read_applies({"plant.colour": "red"}, subject="plant")


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
            "must have exactly one of on, zone, annex, every, before, after; got on, every",
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
        ({"every": "month"}, (), "must have either days_after or due_on"),
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
            "must be a fact that is a date: plant.restarted_on, permit.valid_until, "
            "line.commissioned_on; got 'plant.kind'",
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
    ],
)
def test_due_rule_is_refused_with_its_place(
    rule: object, path: tuple[str | int, ...], message: str
) -> None:
    with pytest.raises(RuleFault) as caught:
        read_due(rule, subject="plant")

    assert (caught.value.path, caught.value.message) == (path, message)
