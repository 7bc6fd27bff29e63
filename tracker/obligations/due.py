"""By when a requirement is due for a subject, and why on that day: a pure reading of its rule."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from plants.text import Text
from tracker.obligations.facts import Facts
from tracker.obligations.periods import Period, periods
from tracker.obligations.wording import date_text, month_day_text
from tracker.regulations.facts import FACTS
from tracker.regulations.rules import ByAnnex, ByZone, DueRule, OnDay, Recurring, Relative, Standing

ANNEX_PARTS = {
    "organised": Text("有组织排放", "organised emissions"),
    "fugitive": Text("无组织排放", "fugitive emissions"),
    "clean_transport": Text("清洁运输", "clean transport"),
    "whole": Text("全流程", "the whole plant"),
}


@dataclass(frozen=True)
class Span:
    """The days on which a duty binds, first and last, and until when we look ahead for dates."""

    first: date
    last: date
    until: date


@dataclass(frozen=True)
class Due:
    """One date, with the period that it answers (empty: once) and the reason as a sentence."""

    period: str
    on: date
    basis: Text


def due_dates(rule: DueRule, facts: Facts, span: Span, source: Text) -> tuple[Due, ...]:
    """Every date that the rule gives in the span, in order.

    What is due once is due whether or not its day lies in the span; what stands all the time gives
    no date. ``source`` is the document and clause in both languages, for the reason. A relative
    rule whose fact is not known gives none: see ``missing_fact``.
    """
    match rule:
        case Standing():
            return ()
        case OnDay():
            return (Due("", rule.day, _once(rule.day, source)),)
        case ByZone():
            return (_by_zone(rule, facts, source),)
        case ByAnnex():
            return (_by_annex(rule, facts, source),)
        case Recurring():
            return tuple(_recurring(rule, span, source))
        case Relative():
            return tuple(_relative(rule, facts, source))


def missing_fact(rule: DueRule, facts: Facts) -> str | None:
    """The name of the fact that a relative rule needs and that is not known."""
    if isinstance(rule, Relative) and facts.values.get(rule.fact) is None:
        return rule.fact
    return None


def _once(day: date, source: Text) -> Text:
    when = date_text(day)
    return Text(
        f"{source.zh}规定的期限为{when.zh}。", f"{source.en} sets {when.en} as the last day."
    )


def _by_zone(rule: ByZone, facts: Facts, source: Text) -> Due:
    zone = str(facts.values.get("plant.zone") or "other")
    day = rule.days.get(zone, rule.days["other"])
    name = facts.names.get(zone, Text(zone, zone))
    when = date_text(day)
    return Due(
        "",
        day,
        Text(
            f"{source.zh}对{name.zh}规定的期限为{when.zh}。",
            f"{source.en} sets {when.en} as the last day for {name.en}.",
        ),
    )


def _by_annex(rule: ByAnnex, facts: Facts, source: Text) -> Due:
    """The annex's date for the plant; the backstop while no annex is loaded, and said so."""
    part = ANNEX_PARTS[rule.part]
    day = facts.values.get(f"annex.{rule.part}")
    if isinstance(day, date):
        when = date_text(day)
        return Due(
            "",
            day,
            Text(
                f"约束本企业的方案附表为{part.zh}规定的完成时限为{when.zh}（{source.zh}）。",
                f"The annex of the plan that binds this plant sets {when.en} for {part.en} "
                f"({source.en}).",
            ),
        )
    when = date_text(rule.backstop)
    return Due(
        "",
        rule.backstop,
        Text(
            f"约束本企业的方案附表中{part.zh}的完成时限尚未导入，"
            f"在此之前以{when.zh}为兜底期限（{source.zh}）。",
            f"The plant's own date for {part.en} comes with the annex of the plan that binds it, "
            f"which has not been loaded yet; until then {when.en} stands as a backstop "
            f"({source.en}).",
        ),
    )


def _recurring(rule: Recurring, span: Span, source: Text) -> Iterator[Due]:
    """The duties of the periods in which it binds, due from the first day to the look-ahead."""
    for period in periods(rule.every, first=span.first, last=span.last):
        if rule.only and period.number not in rule.only:
            continue
        due = _of_period(rule, period, source)
        if span.first <= due.on <= span.until:
            yield due


def _of_period(rule: Recurring, period: Period, source: Text) -> Due:
    if rule.days_after == 0:
        day = period.last_on
        how = Text(f"{period.text.zh}最后一日前", f"by the last day of {period.text.en}")
    elif rule.days_after is not None:
        day = period.last_on + timedelta(days=rule.days_after)
        how = Text(
            f"{period.text.zh}结束后{rule.days_after}日内",
            f"within {rule.days_after} days after {period.text.en} ends",
        )
    else:
        month, month_day = rule.month_day or (12, 31)
        day = _day_in(period.year + rule.next_year, month, month_day)
        on = month_day_text(month, month_day)
        how = (
            Text(
                f"{period.text.zh}的义务，于次年{on.zh}前完成",
                f"for {period.text.en}, by {on.en} of the next year",
            )
            if rule.next_year
            else Text(
                f"{period.text.zh}的义务，于当年{on.zh}前完成", f"for {period.text.en}, by {on.en}"
            )
        )
    return Due(period.key, day, Text(f"{source.zh}：{how.zh}。", f"{source.en}: {how.en}."))


def _day_in(year: int, month: int, day: int) -> date:
    """The day of that year; 29 February is the 28th where there is none."""
    return date(year, month, 1) + relativedelta(day=day)


def _relative(rule: Relative, facts: Facts, source: Text) -> Iterator[Due]:
    anchor = facts.values.get(rule.fact)
    if not isinstance(anchor, date):
        return
    day = anchor + relativedelta(days=rule.days, months=rule.months)
    label, when = FACTS[rule.fact].label, date_text(anchor)
    how = _distance(rule)
    yield Due(
        "",
        day,
        Text(
            f"{source.zh}：{label.zh}（{when.zh}）{how.zh}。",
            f"{source.en}: {how.en} {label.en} ({when.en}).",
        ),
    )


def _distance(rule: Relative) -> Text:
    """前60日, 60 days before; 当日, on."""
    count = rule.days or rule.months
    if count == 0:
        return Text("当日", "on")
    unit = Text("日", "days") if rule.days else Text("个月", "months")
    side = Text("前", "before") if count < 0 else Text("后", "after")
    return Text(f"{side.zh}{abs(count)}{unit.zh}", f"{abs(count)} {unit.en} {side.en}")
