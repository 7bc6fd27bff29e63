"""Due rules by authority, of several dates, in working days, by the permit, with a backstop."""

from datetime import date

import pytest

from plants.text import Text
from tracker.obligations.due import Due, Span, due_dates, missing_fact
from tracker.obligations.facts import Facts, ReportDate
from tracker.regulations.rules import read_due

SPAN = Span(date(2026, 1, 1), date(2026, 12, 31), date(2027, 12, 31))
SOURCE = Text("《示例方案》第三条", "Example plan, article 3")
FACTS = Facts(
    {"plant.zone": "kui-du-wu", "permit.valid_until": date(2026, 10, 31)},
    {
        "region-changji-fukang": Text("阜康分局", "Fukang bureau"),
        "region-changji": Text("昌吉州局", "Changji bureau"),
        "region": Text("自治区厅", "Region"),
    },
    offices=("region-changji-fukang", "region-changji", "region"),
)


def dues_of(rule: object, facts: Facts = FACTS, span: Span = SPAN) -> tuple[Due, ...]:
    return due_dates(read_due(rule, subject="plant"), facts, span, SOURCE)


@pytest.mark.parametrize(
    ("days", "day", "named"),
    [
        ({"region-changji": "2026-06-30", "region": "2027-06-30"}, date(2026, 6, 30), "Changji"),
        ({"region": "2027-06-30", "corps": "2026-01-31"}, date(2027, 6, 30), "Region"),
        ({"corps": "2026-01-31"}, date(2028, 12, 31), "Fukang"),
    ],
)
def test_nearest_authority_that_is_named_counts(
    days: dict[str, str], day: date, named: str
) -> None:
    (due,) = dues_of({"authority": {**days, "other": "2028-12-31"}})

    assert (due.on, named in due.basis.en) == (day, True)


def test_authority_is_named_in_the_reason() -> None:
    (due,) = dues_of({"authority": {"region-changji": "2026-06-30", "other": "2028-12-31"}})

    assert due.basis == Text(
        "《示例方案》第三条对昌吉州局规定的期限为2026年6月30日。",
        "Example plan, article 3 sets 30 June 2026 as the last day for Changji bureau.",
    )


def test_part_without_a_date_in_the_annex_has_the_whole_plants() -> None:
    facts = FACTS | {"annex.whole": date(2027, 6, 30), "annex.fugitive": date(2026, 6, 30)}
    rule = {"annex": "organised", "backstop": "2028-12-31"}

    (due,) = dues_of(rule, facts)

    assert due == Due(
        "",
        date(2027, 6, 30),
        Text(
            "约束本企业的方案附表未单列有组织排放的完成时限，"
            "以全流程的2027年6月30日为准（《示例方案》第三条）。",
            "The annex of the plan that binds this plant sets no date of its own for organised "
            "emissions; its date for the whole plant, 30 June 2027, counts "
            "(Example plan, article 3).",
        ),
    )


@pytest.mark.parametrize(
    ("rule", "dates"),
    [
        ({"before": "permit.valid_until", "working_days": 30}, [date(2026, 9, 15)]),
        ({"after": "permit.valid_until", "working_days": 1}, [date(2026, 11, 2)]),
        ({"before": "permit.valid_until", "months": 1}, [date(2026, 9, 30)]),
        (
            {"every": "quarter", "working_days_after": 5},
            [date(2026, 4, 8), date(2026, 7, 7), date(2026, 10, 13), date(2027, 1, 8)],
        ),
        (
            {"every": "month", "working_day": 1, "only": [2, 4, 9, 12]},
            [date(2026, 3, 2), date(2026, 5, 6), date(2026, 10, 8), date(2027, 1, 4)],
        ),
    ],
)
def test_working_days_and_month_ends(rule: object, dates: list[date]) -> None:
    assert [due.on for due in dues_of(rule)] == dates


def test_day_that_hangs_on_an_unpublished_year_is_called_provisional() -> None:
    (due,) = dues_of({"every": "year", "working_days_after": 5}, FACTS, SPAN)

    assert due == Due(
        "2026",
        date(2027, 1, 8),
        Text(
            "《示例方案》第三条：2026年度结束后5个工作日内"
            "（暂定：国务院办公厅尚未公布2027年的放假调休安排）。",
            "Example plan, article 3: within 5 working days after the year 2026 ends (provisional: "
            "the State Council has not yet published the days off of 2027).",
        ),
    )


@pytest.mark.parametrize(
    ("rule", "dates"),
    [
        ({"every": "quarter", "days_after": 15}, [(4, 20), (7, 20), (10, 20)]),
        ({"every": "half_year", "days_after": 31, "only": [1]}, [(7, 15)]),
        ({"every": "year", "due_on": "01-31", "of": "next_year"}, [(2, 28)]),
        ({"every": "month", "days_after": 5, "only": [1]}, [(2, 5)]),
    ],
)
def test_permits_own_date_wins(rule: dict[str, object], dates: list[tuple[int, int]]) -> None:
    own = {
        "quarter": ReportDate("650100-1", days_after=20),
        "half_year": ReportDate("650100-1", month_day=(7, 15)),
        "year": ReportDate("650100-1", month_day=(2, 29), next_year=True),
    }
    facts = Facts({}, reports=own)
    span = Span(date(2025, 1, 31), date(2026, 12, 31), date(2026, 12, 31))

    with_flag = dues_of({**rule, "permit": "report"}, facts, span)

    assert [(d.on.month, d.on.day) for d in with_flag if d.on.year == 2026][-len(dates) :] == dates
    assert dues_of(rule, facts, span) == dues_of(rule, Facts({}), span)


def test_reason_says_that_the_date_is_the_permits() -> None:
    facts = Facts({}, reports={"quarter": ReportDate("650100-1", days_after=20)})

    due = dues_of({"every": "quarter", "days_after": 15, "permit": "report"}, facts)[0]

    assert due.basis == Text(
        "《示例方案》第三条：以本企业排污许可证（650100-1）载明的期限为准，2026年第一季度结束后20日内。",
        "Example plan, article 3: the plant's own permit (650100-1) sets the date: within 20 days "
        "after the first quarter of 2026 ends.",
    )


def test_permits_date_of_one_half_is_not_the_other_halfs() -> None:
    """A permit that says 31 July says nothing of the half-year that ends in December."""
    facts = Facts({}, reports={"half_year": ReportDate("650100-1", month_day=(7, 20))})

    dues = dues_of({"every": "half_year", "days_after": 31, "permit": "report"}, facts)

    assert [due.on for due in dues] == [date(2026, 7, 20), date(2027, 1, 31)]


def test_backstop_stands_while_the_fact_is_not_known() -> None:
    rule = {"after": "project.organised.finished_on", "months": 1, "backstop": "2028-12-31"}

    (unknown,), (known,) = (
        dues_of(rule),
        dues_of(rule, FACTS | {"project.organised.finished_on": date(2026, 1, 31)}),
    )

    assert (unknown.on, known.on) == (date(2028, 12, 31), date(2026, 2, 28))
    assert unknown.basis == Text(
        "《示例方案》第三条：应为有组织排放改造项目完工日期后1个月，该日期未知，"
        "在此之前以2028年12月31日为兜底期限。",
        "Example plan, article 3: 1 month after the end of the works on organised emissions, which "
        "is not known; until it is, 31 December 2028 stands as a backstop.",
    )


def test_earliest_names_the_one_that_counts_and_the_others() -> None:
    rule = {
        "earliest": [
            {"on": "2028-12-31"},
            {"before": "permit.valid_until", "days": 60},
            {"after": "plant.restarted_on", "months": 1},
        ]
    }

    (due,) = dues_of(rule)

    assert due == Due(
        "",
        date(2026, 9, 1),
        Text(
            "取各期限中最早的一个。《示例方案》第三条：排污许可证有效期止（2026年10月31日）前60日。"
            "其余期限：固定期限（2028年12月31日）。恢复生产日期未知，未计入。",
            "The earliest of several dates counts. Example plan, article 3: 60 days before the "
            "permit's last day (31 October 2026). The others: the fixed day (31 December 2028). "
            "Not counted, as it is not known: the day of restart.",
        ),
    )


def test_earliest_of_dates_that_are_all_unknown_hangs_on_the_first_fact() -> None:
    rule = read_due(
        {
            "earliest": [
                {"after": "plant.restarted_on", "days": 1},
                {"after": "project.fugitive.finished_on", "days": 1},
            ]
        },
        subject="plant",
    )

    assert missing_fact(rule, FACTS) == "plant.restarted_on"
    assert due_dates(rule, FACTS, SPAN, SOURCE) == ()
    assert missing_fact(rule, FACTS | {"project.fugitive.finished_on": date(2026, 1, 1)}) is None


@pytest.mark.parametrize(
    ("anchor", "rule", "day"),
    [
        (date(2024, 2, 29), {"months": 12}, date(2025, 2, 28)),
        (date(2024, 2, 29), {"months": 48}, date(2028, 2, 29)),
        (date(2024, 1, 31), {"months": 1}, date(2024, 2, 29)),
        (date(2025, 1, 31), {"months": 1}, date(2025, 2, 28)),
        (date(2025, 12, 31), {"months": 2}, date(2026, 2, 28)),
        (date(2024, 2, 28), {"days": 1}, date(2024, 2, 29)),
        (date(2025, 2, 28), {"days": 1}, date(2025, 3, 1)),
        (date(2024, 12, 31), {"days": 366}, date(2026, 1, 1)),
        (date(2024, 2, 29), {"working_days": 1}, date(2024, 3, 1)),
        (date(2025, 12, 31), {"working_days": 1}, date(2026, 1, 4)),  # a Sunday that is worked
    ],
)
def test_leap_days_and_ends_of_months_and_years(
    anchor: date, rule: dict[str, int], day: date
) -> None:
    (due,) = dues_of({"after": "plant.restarted_on", **rule}, Facts({"plant.restarted_on": anchor}))

    assert due.on == day


@pytest.mark.parametrize(
    ("year", "days"),
    [
        (2027, [date(2027, 1, 31), date(2027, 2, 28), date(2027, 3, 31)]),
        (2028, [date(2028, 1, 31), date(2028, 2, 29), date(2028, 3, 31)]),
    ],
)
def test_months_end_where_they_do(year: int, days: list[date]) -> None:
    span = Span(date(year, 1, 1), date(year, 3, 31), date(year, 3, 31))

    dues = dues_of({"every": "month", "days_after": 0}, span=span)

    assert [due.on for due in dues] == days
