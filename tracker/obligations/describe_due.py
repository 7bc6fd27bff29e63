"""A requirement's due rule as a sentence, and in a few words: when it is due, for any subject."""

from collections.abc import Mapping
from datetime import date

from plants.text import Text
from tracker.obligations.distance import anchor_label, distance_text
from tracker.obligations.due import ANNEX_PARTS
from tracker.obligations.periods import HALVES, QUARTERS
from tracker.obligations.wording import MONTHS, date_text, joined, month_day_text, ordinal
from tracker.regulations.rules import (
    ByAnnex,
    ByAuthority,
    ByZone,
    DueRule,
    Earliest,
    OnDay,
    Recurring,
    Relative,
    Standing,
)

Names = Mapping[str, Text]

EACH = {
    "month": Text("每月", "each month"),
    "quarter": Text("每季度", "each quarter"),
    "half_year": Text("每半年", "each half-year"),
    "year": Text("每年", "each year"),
}
STANDING = Text("始终有效", "holds at all times")
OTHER_PLANTS = Text("其他企业", "all other plants")


def describe_due(rule: DueRule, names: Names) -> Text:
    """When what the rule asks is due, as a sentence; ``names`` says its codes in words."""
    match rule:
        case Standing():
            return Text(
                "始终有效，不设提交期限。", "It holds at all times; nothing is handed in by a day."
            )
        case OnDay():
            when = date_text(rule.day)
            return Text(f"期限为{when.zh}。", f"Due by {when.en}.")
        case ByZone():
            return _by_zone(rule, names)
        case ByAuthority():
            return _by_authority(rule, names)
        case ByAnnex():
            return _by_annex(rule)
        case Recurring():
            how, own = _recurring(rule), _own_dates(rule)
            return Text(f"{how.zh}{own.zh}。", f"Due {how.en}{own.en}.")
        case Relative():
            how, backstop = _relative(rule, names), _backstop(rule)
            return Text(f"期限为{how.zh}{backstop.zh}。", f"Due {how.en}{backstop.en}.")
        case Earliest():
            inner = [describe_due(each, names) for each in rule.rules]
            zh = "".join(f"（{i}）{each.zh}" for i, each in enumerate(inner, 1))
            en = " ".join(f"({i}) {each.en}" for i, each in enumerate(inner, 1))
            return Text(f"以下各期限中最早的为准：{zh}", f"The earliest of these counts: {en}")


def brief_due(rule: DueRule) -> Text:
    """The same in a few words, for a list."""
    match rule:
        case Standing():
            return STANDING
        case OnDay():
            return Text(rule.day.isoformat(), rule.day.isoformat())
        case ByZone():
            return Text("按联防联控区", "by zone")
        case ByAuthority():
            return Text("按主管部门", "by authority")
        case ByAnnex():
            day = rule.backstop.isoformat()
            return Text(f"按方案附表，兜底{day}", f"by the plan's annex, backstop {day}")
        case Recurring():
            return _recurring(rule)
        case Relative():
            return _relative(rule, {})
        case Earliest():
            count = len(rule.rules)
            return Text(f"{count}个期限中最早的", f"the earliest of {count} dates")


def _by_zone(rule: ByZone, names: Names) -> Text:
    days = _named_days(rule.days, names)
    zh = "，".join(f"{name.zh}为{when.zh}" for name, when in days)
    en = ", ".join(f"{when.en} in {name.en}" for name, when in days)
    return Text(f"期限因联防联控区而异：{zh}。", f"Due by zone: {en}.")


def _by_authority(rule: ByAuthority, names: Names) -> Text:
    days = _named_days(rule.days, {**names, "other": OTHER_PLANTS})
    zh = "，".join(f"{name.zh}为{when.zh}" for name, when in days)
    en = ", ".join(f"{when.en} for {name.en}" for name, when in days)
    return Text(
        f"期限因主管部门而异（以最近一级列明的主管部门为准）：{zh}。",
        f"Due by authority (the nearest that is named counts): {en}.",
    )


def _named_days(days: Mapping[str, date], names: Names) -> list[tuple[Text, Text]]:
    """The earliest first and the rest last: PostgreSQL does not keep the order of the file."""
    in_order = sorted(days.items(), key=lambda pair: (pair[0] == "other", pair[1], pair[0]))
    return [(names.get(code, Text(code, code)), date_text(day)) for code, day in in_order]


def _by_annex(rule: ByAnnex) -> Text:
    part, when = ANNEX_PARTS[rule.part], date_text(rule.backstop)
    return Text(
        f"以约束各企业的方案附表为{part.zh}规定的完成时限为准；附表导入前，以{when.zh}为兜底期限。",
        f"Due on the plant's own date for {part.en} in the annex of the plan that binds it; until "
        f"that annex is loaded, {when.en} stands as a backstop.",
    )


def _recurring(rule: Recurring) -> Text:
    period = _period(rule)
    if rule.month_day is not None:
        on = month_day_text(*rule.month_day)
        if rule.next_year:
            return Text(
                f"{period.zh}的义务，于次年{on.zh}前完成",
                f"for {period.en}, by {on.en} of the next year",
            )
        return Text(f"{period.zh}{on.zh}前", f"{period.en} by {on.en}")
    if rule.working_day is not None:
        nth = ordinal(rule.working_day)
        return Text(
            f"{period.zh}的义务，于次月{nth.zh}个工作日前完成",
            f"for {period.en}, by the {nth.en} working day of the next month",
        )
    if rule.working_days_after is not None:
        count = rule.working_days_after
        unit = "working day" if count == 1 else "working days"
        return Text(
            f"{period.zh}结束后{count}个工作日内", f"within {count} {unit} after {period.en} ends"
        )
    if not rule.days_after:
        return Text(f"{period.zh}最后一日前", f"by the last day of {period.en}")
    days, unit = rule.days_after, "day" if rule.days_after == 1 else "days"
    return Text(f"{period.zh}结束后{days}日内", f"within {days} {unit} after {period.en} ends")


def _period(rule: Recurring) -> Text:
    """Each quarter; or, of each year, those that are meant."""
    if not rule.only:
        return EACH[rule.every]
    named = joined(_named(rule.every, number) for number in rule.only)
    return Text(f"每年{named.zh.replace('，且', '、')}", f"the {named.en} of each year")


def _named(every: str, number: int) -> Text:
    match every:
        case "half_year":
            return HALVES[number - 1]
        case "quarter":
            return QUARTERS[number - 1]
        case "month":
            return Text(f"{number}月", MONTHS[number - 1])
    return EACH["year"]


def _relative(rule: Relative, names: Names) -> Text:
    label, how = anchor_label(rule, names), distance_text(rule)
    return Text(f"{label.zh}{how.zh}", f"{how.en} {label.en}")


def _backstop(rule: Relative) -> Text:
    if rule.backstop is None:
        return Text("", "")
    when = date_text(rule.backstop)
    return Text(
        f"；该日期未知时，以{when.zh}为兜底期限",
        f"; while that is not known, {when.en} stands as a backstop",
    )


def _own_dates(rule: Recurring) -> Text:
    if not rule.permit:
        return Text("", "")
    return Text(
        "；排污许可证另有载明的，以许可证为准",
        "; where the plant's permit sets a date, that counts",
    )
