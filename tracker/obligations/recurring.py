"""The days of a recurring duty: one for each period, by the rule or by the plant's own permit."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from dateutil.relativedelta import relativedelta

from plants.text import Text
from tracker.obligations.facts import Facts, ReportDate
from tracker.obligations.periods import Period, periods
from tracker.obligations.wording import month_day_text, ordinal
from tracker.obligations.workdays import working_day_of_month, working_days_from
from tracker.regulations.rules import Recurring


class PeriodDay(NamedTuple):
    """A period's day, and how it is told from the period; ``permit`` sets it if it isn't empty."""

    period: Period
    on: date
    how: Text
    permit: str = ""


def period_days(rule: Recurring, facts: Facts, first: date, last: date) -> Iterator[PeriodDay]:
    """The days of the periods that share a day with the span, whenever they are due."""
    own = facts.reports.get(rule.every) if rule.permit else None
    for period in periods(rule.every, first=first, last=last):
        if rule.only and period.number not in rule.only:
            continue
        yield (own and _by_permit(own, period)) or _by_rule(rule, period)


def _by_permit(own: ReportDate, period: Period) -> PeriodDay | None:
    """The permit's day; nothing if it is over before the period is, as one of another period's."""
    if own.days_after is not None:
        return PeriodDay(period, *_days_after(period, own.days_after), own.permit)
    day, how = _on_month_day(period, own.month_day or (12, 31), next_year=own.next_year)
    if day <= period.last_on and period.every != "year":
        return None
    return PeriodDay(period, day, how, own.permit)


def _by_rule(rule: Recurring, period: Period) -> PeriodDay:
    if rule.days_after is not None:
        return PeriodDay(period, *_days_after(period, rule.days_after))
    if rule.working_days_after is not None:
        count = rule.working_days_after
        day = working_days_from(period.last_on, count)
        how = Text(
            f"{period.text.zh}结束后{count}个工作日内{day.note.zh}",
            f"within {count} working {_days(count)} after {period.text.en} ends{day.note.en}",
        )
        return PeriodDay(period, day.on, how)
    if rule.working_day is not None:
        day = working_day_of_month(period.last_on + timedelta(days=1), rule.working_day)
        nth = ordinal(rule.working_day)
        how = Text(
            f"{period.text.zh}的义务，于次月{nth.zh}个工作日前完成{day.note.zh}",
            f"for {period.text.en}, by the {nth.en} working day of the next month{day.note.en}",
        )
        return PeriodDay(period, day.on, how)
    month_day = rule.month_day or (12, 31)
    return PeriodDay(period, *_on_month_day(period, month_day, next_year=rule.next_year))


def _days_after(period: Period, days: int) -> tuple[date, Text]:
    if days == 0:
        return period.last_on, Text(
            f"{period.text.zh}最后一日前", f"by the last day of {period.text.en}"
        )
    return period.last_on + timedelta(days=days), Text(
        f"{period.text.zh}结束后{days}日内",
        f"within {days} {_days(days)} after {period.text.en} ends",
    )


def _on_month_day(
    period: Period, month_day: tuple[int, int], *, next_year: bool
) -> tuple[date, Text]:
    day = day_in(period.year + next_year, *month_day)
    on = month_day_text(*month_day)
    if next_year:
        return day, Text(
            f"{period.text.zh}的义务，于次年{on.zh}前完成",
            f"for {period.text.en}, by {on.en} of the next year",
        )
    return day, Text(
        f"{period.text.zh}的义务，于当年{on.zh}前完成", f"for {period.text.en}, by {on.en}"
    )


def day_in(year: int, month: int, day: int) -> date:
    """The day of that year; the month's last day where it has no such day (29 February)."""
    return date(year, month, 1) + relativedelta(day=day)


def _days(count: int) -> str:
    return "day" if count == 1 else "days"
