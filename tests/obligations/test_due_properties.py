"""What holds of every due rule: a reason in both languages, and the earliest is the earliest."""

from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from plants.text import Text
from tracker.obligations.describe_due import brief_due, describe_due
from tracker.obligations.due import Span, due_dates, missing_fact
from tracker.obligations.facts import Facts, ReportDate
from tracker.obligations.workdays import is_working_day
from tracker.regulations.facts import DATE_FACTS, FACTS
from tracker.regulations.rules import read_due

SOURCE = Text("《示例方案》", "Example plan")
DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))
PLANT_DATES = [name for name in DATE_FACTS if "plant" in FACTS[name].subjects]


def by_area(form: str, code: str) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({form: st.fixed_dictionaries({code: DAYS, "other": DAYS})})


RELATIVE = st.builds(
    lambda word, fact, unit, count, backstop: {word: fact, unit: count, **backstop},
    st.sampled_from(["before", "after"]),
    st.sampled_from([*PLANT_DATES, "other-requirement"]),
    st.sampled_from(["days", "months", "working_days"]),
    st.integers(1, 400),
    st.one_of(st.just({}), st.fixed_dictionaries({"backstop": DAYS})),
)
ONE_DATE = st.one_of(
    st.fixed_dictionaries({"on": DAYS}),
    by_area("zone", "kui-du-wu"),
    by_area("authority", "region"),
    st.fixed_dictionaries(
        {"annex": st.sampled_from(["organised", "whole"]), "backstop": DAYS},
    ),
    RELATIVE,
)
RECURRING = st.builds(
    lambda every, told, permit: {"every": every, **told, **permit},
    st.sampled_from(["month", "quarter", "half_year", "year"]),
    st.one_of(
        st.fixed_dictionaries({"days_after": st.integers(0, 60)}),
        st.fixed_dictionaries({"working_days_after": st.integers(1, 30)}),
        st.fixed_dictionaries({"working_day": st.integers(1, 15)}),
    ),
    st.sampled_from([{}, {"permit": "report"}]),
)
EARLIEST = st.fixed_dictionaries({"earliest": st.lists(ONE_DATE, min_size=2, max_size=4)})
DATED_FACTS = [*PLANT_DATES, "annex.organised", "annex.whole", "due:other-requirement"]
FACTS_KNOWN = st.builds(
    lambda values, reports: Facts(
        {"plant.zone": "kui-du-wu", **values},
        offices=("region-changji", "region"),
        reports=reports,
    ),
    st.dictionaries(st.sampled_from(DATED_FACTS), DAYS),
    st.dictionaries(
        st.sampled_from(["month", "quarter", "half_year", "year"]),
        st.one_of(
            st.builds(ReportDate, st.just("P"), days_after=st.integers(0, 60)),
            st.builds(
                ReportDate,
                st.just("P"),
                month_day=st.tuples(st.integers(1, 12), st.integers(1, 31)),
                next_year=st.booleans(),
            ),
        ),
    ),
)
SPAN = Span(date(2025, 11, 1), date(2028, 3, 1), date(2028, 3, 1))


def is_said(text: Text) -> bool:
    """In both languages, as a whole sentence."""
    return text.zh.endswith("。") and text.en.endswith(".")


@given(st.one_of(ONE_DATE, RECURRING, EARLIEST), FACTS_KNOWN)
def test_every_date_has_its_reason_in_both_languages(rule: object, facts: Facts) -> None:
    read = read_due(rule, subject="plant")
    dues = due_dates(read, facts, SPAN, SOURCE)

    assert all(is_said(due.basis) for due in dues)
    assert is_said(describe_due(read, {}))
    assert all(brief_due(read))


@given(st.one_of(ONE_DATE, EARLIEST), FACTS_KNOWN)
def test_rule_of_one_date_gives_it_or_names_what_is_missing(rule: object, facts: Facts) -> None:
    read = read_due(rule, subject="plant")

    dues = due_dates(read, facts, SPAN, SOURCE)

    assert len(dues) == (missing_fact(read, facts) is None)


@given(st.lists(ONE_DATE, min_size=2, max_size=4), FACTS_KNOWN)
def test_earliest_is_the_least_of_what_its_rules_give(rules: list[object], facts: Facts) -> None:
    each = [
        due.on
        for rule in rules
        for due in due_dates(read_due(rule, subject="plant"), facts, SPAN, SOURCE)
    ]

    dues = due_dates(read_due({"earliest": rules}, subject="plant"), facts, SPAN, SOURCE)

    assert [due.on for due in dues] == sorted(each)[:1]


@given(
    st.sampled_from(["month", "quarter", "half_year", "year"]),
    st.sampled_from([{"working_days_after": 1}, {"working_days_after": 7}, {"working_day": 3}]),
)
def test_duty_in_working_days_is_never_due_on_a_day_off(every: str, told: dict[str, int]) -> None:
    rule = read_due({"every": every, **told}, subject="plant")

    dues = due_dates(rule, Facts({}), SPAN, SOURCE)

    assert [due.on for due in dues if not is_working_day(due.on)] == []


@given(RECURRING, FACTS_KNOWN)
def test_recurring_duty_is_due_once_for_a_period(rule: object, facts: Facts) -> None:
    dues = due_dates(read_due(rule, subject="plant"), facts, SPAN, SOURCE)

    periods = [due.period for due in dues]
    assert len(set(periods)) == len(periods)
    assert all(SPAN.first <= due.on <= SPAN.until for due in dues)
