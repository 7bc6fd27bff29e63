"""Due rules over facts: which days, and why."""

from datetime import date

import pytest

from plants.text import Text
from tracker.obligations.due import Span, due_dates, missing_fact
from tracker.obligations.facts import Facts
from tracker.regulations.rules import read_due

SPAN = Span(date(2026, 1, 1), date(2026, 12, 31), date(2026, 12, 31))
SOURCE = Text("《示例方案》第三条", "Example plan, article 3")
FACTS = Facts(
    {"plant.zone": "kui-du-wu", "permit.valid_until": date(2028, 3, 31)},
    {"kui-du-wu": Text("奎-独-乌区域", "Kui-Du-Wu")},
)


@pytest.mark.parametrize(
    ("rule", "dates"),
    [
        ("standing", []),
        ({"on": "2028-12-31"}, [("", date(2028, 12, 31))]),
        ({"after": "permit.valid_until", "days": 0}, [("", date(2028, 3, 31))]),
        (
            {"zone": {"kui-du-wu": "2026-06-30", "other": "2028-12-31"}},
            [("", date(2026, 6, 30))],
        ),
        (
            {"zone": {"wu-chang-shi": "2026-06-30", "other": "2028-12-31"}},
            [("", date(2028, 12, 31))],
        ),
        ({"annex": "organised", "backstop": "2028-12-31"}, [("", date(2028, 12, 31))]),
        (
            {"every": "quarter", "days_after": 15},
            [
                ("2026-Q1", date(2026, 4, 15)),
                ("2026-Q2", date(2026, 7, 15)),
                ("2026-Q3", date(2026, 10, 15)),
            ],
        ),
        ({"every": "half_year", "days_after": 31, "only": [1]}, [("2026-H1", date(2026, 7, 31))]),
        ({"every": "year", "due_on": "03-01", "of": "same_year"}, [("2026", date(2026, 3, 1))]),
        ({"every": "year", "due_on": "01-31", "of": "next_year"}, []),
        ({"before": "permit.valid_until", "days": 60}, [("", date(2028, 1, 31))]),
        ({"before": "permit.valid_until", "months": 1}, [("", date(2028, 2, 29))]),
        ({"after": "permit.valid_until", "months": 1}, [("", date(2028, 4, 30))]),
        ({"after": "plant.restarted_on", "days": 30}, []),
    ],
)
def test_due_dates_of_each_form(rule: object, dates: list[tuple[str, date]]) -> None:
    dues = due_dates(read_due(rule, subject="plant"), FACTS, SPAN, SOURCE)

    assert [(due.period, due.on) for due in dues] == dates


def test_recurring_duty_starts_with_the_first_day_due_in_the_span() -> None:
    """A duty of December that is due in January belongs to those who are followed from January."""
    rule = read_due({"every": "month", "days_after": 10}, subject="plant")

    dues = due_dates(
        rule, FACTS, Span(date(2026, 1, 10), date(2026, 3, 9), date(2026, 3, 9)), SOURCE
    )

    assert [(due.period, due.on) for due in dues] == [("2026-01", date(2026, 2, 10))]


def test_leap_day_of_a_yearly_duty_is_the_28th_in_other_years() -> None:
    rule = read_due({"every": "year", "due_on": "02-28", "of": "next_year"}, subject="plant")

    dues = due_dates(
        rule, FACTS, Span(date(2027, 1, 1), date(2028, 12, 31), date(2028, 12, 31)), SOURCE
    )

    assert [due.on for due in dues] == [date(2028, 2, 28)]


@pytest.mark.parametrize(
    ("rule", "basis"),
    [
        (
            {"on": "2028-12-31"},
            Text(
                "《示例方案》第三条规定的期限为2028年12月31日。",
                "Example plan, article 3 sets 31 December 2028 as the last day.",
            ),
        ),
        (
            {"zone": {"kui-du-wu": "2026-06-30", "other": "2028-12-31"}},
            Text(
                "《示例方案》第三条对奎-独-乌区域规定的期限为2026年6月30日。",
                "Example plan, article 3 sets 30 June 2026 as the last day for Kui-Du-Wu.",
            ),
        ),
        (
            {"annex": "fugitive", "backstop": "2028-12-31"},
            Text(
                "约束本企业的方案附表中无组织排放的完成时限尚未导入，"
                "在此之前以2028年12月31日为兜底期限（《示例方案》第三条）。",
                "The plant's own date for fugitive emissions comes with the annex of the plan that "
                "binds it, which has not been loaded yet; until then 31 December 2028 stands as a "
                "backstop (Example plan, article 3).",
            ),
        ),
        (
            {"every": "half_year", "days_after": 31, "only": [1]},
            Text(
                "《示例方案》第三条：2026年上半年结束后31日内。",
                "Example plan, article 3: within 31 days after the first half of 2026 ends.",
            ),
        ),
        (
            {"every": "year", "days_after": 0},
            Text(
                "《示例方案》第三条：2026年度最后一日前。",
                "Example plan, article 3: by the last day of the year 2026.",
            ),
        ),
        (
            {"before": "permit.valid_until", "days": 60},
            Text(
                "《示例方案》第三条：排污许可证有效期止（2028年3月31日）前60日。",
                "Example plan, article 3: 60 days before the permit's last day (31 March 2028).",
            ),
        ),
        (
            {"after": "permit.valid_until", "days": 0},
            Text(
                "《示例方案》第三条：排污许可证有效期止（2028年3月31日）当日。",
                "Example plan, article 3: on the permit's last day (31 March 2028).",
            ),
        ),
    ],
)
def test_due_basis_says_why_in_both_languages(rule: object, basis: Text) -> None:
    (due,) = due_dates(read_due(rule, subject="plant"), FACTS, SPAN, SOURCE)

    assert due.basis == basis


def test_annex_date_counts_once_it_is_known() -> None:
    facts = Facts({"annex.whole": date(2027, 6, 30)})
    rule = read_due({"annex": "whole", "backstop": "2028-12-31"}, subject="plant")

    (due,) = due_dates(rule, facts, SPAN, SOURCE)

    assert due.on == date(2027, 6, 30)


def test_missing_fact_is_named() -> None:
    rule = read_due({"after": "plant.restarted_on", "days": 30}, subject="plant")

    assert missing_fact(rule, FACTS) == "plant.restarted_on"
    assert missing_fact(read_due({"on": "2028-12-31"}, subject="plant"), FACTS) is None
