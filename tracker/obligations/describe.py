"""A requirement's two rules as sentences: whom it binds and when it is due, for any subject."""

from collections.abc import Mapping
from datetime import date

from plants.text import Text
from tracker.obligations.applies import CHOICES, EVERY
from tracker.obligations.due import ANNEX_PARTS
from tracker.obligations.periods import HALVES, QUARTERS
from tracker.obligations.wording import MONTHS, choice_text, date_text, joined, month_day_text
from tracker.regulations.facts import FACTS, Value
from tracker.regulations.rules import (
    All,
    Always,
    Any,
    AppliesRule,
    Ask,
    ByAnnex,
    ByZone,
    DueRule,
    Not,
    OnDay,
    Recurring,
    Relative,
    Standing,
)

Names = Mapping[str, Text]

WHOM = {
    "plant": Text("适用于符合以下条件的水泥企业", "It applies to a cement plant if"),
    "line": Text("适用于符合以下条件的熟料生产线", "It applies to a clinker line if"),
    "outlet": Text("适用于符合以下条件的排放口", "It applies to an outlet if"),
}
# How a test of one fact reads: said, and said of its opposite.
TESTS = {
    "one_of": (Text("为", "is"), Text("不为", "is not")),
    "at_least": (Text("不低于", "is at least"), Text("低于", "is less than")),
    "at_most": (Text("不高于", "is at most"), Text("高于", "is more than")),
    "before": (Text("早于", "is before"), Text("不早于", "is on or after")),
    "on_or_after": (Text("不早于", "is on or after"), Text("早于", "is before")),
}
KNOWN = (Text("已知", "is known"), Text("未知", "is not known"))
EACH = {
    "month": Text("每月", "each month"),
    "quarter": Text("每季度", "each quarter"),
    "half_year": Text("每半年", "each half-year"),
    "year": Text("每年", "each year"),
}
STANDING = Text("始终有效", "holds at all times")
IN_EVERY_CASE = Text("不限条件", "whatever else holds")
IN_NO_CASE = Text("无适用情形", "never")


def describe_applies(rule: AppliesRule, subject_kind: str, names: Names) -> Text:
    """Whom the rule binds, as a sentence; ``names`` says the codes of zones and places in words."""
    if isinstance(rule, Always):
        return EVERY[subject_kind]
    whom, condition = WHOM[subject_kind], _condition(rule, names)
    return Text(f"{whom.zh}：{condition.zh}。", f"{whom.en} {condition.en}.")


def describe_due(rule: DueRule, names: Names) -> Text:
    """When what the rule asks is due, as a sentence."""
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
        case ByAnnex():
            return _by_annex(rule)
        case Recurring():
            how = _recurring(rule)
            return Text(f"{how.zh}。", f"Due {how.en}.")
        case Relative():
            how = _relative(rule)
            return Text(f"期限为{how.zh}。", f"Due {how.en}.")


def brief_due(rule: DueRule) -> Text:
    """The same in a few words, for a list."""
    match rule:
        case Standing():
            return STANDING
        case OnDay():
            return Text(rule.day.isoformat(), rule.day.isoformat())
        case ByZone():
            return Text("按联防联控区", "by zone")
        case ByAnnex():
            day = rule.backstop.isoformat()
            return Text(f"按方案附表，兜底{day}", f"by the plan's annex, backstop {day}")
        case Recurring():
            return _recurring(rule)
        case Relative():
            return _relative(rule)


def _condition(rule: AppliesRule, names: Names, *, negated: bool = False) -> Text:
    """A half-sentence. Under a negation "all" and "any" change places (De Morgan)."""
    match rule:
        case Always():
            return IN_NO_CASE if negated else IN_EVERY_CASE
        case Ask():
            return _asked(rule, names, negated)
        case Not():
            return _condition(rule.rule, names, negated=not negated)
        case All() | Any():
            inner = [_member(each, names, negated) for each in rule.rules]
            return joined(inner, any_of=isinstance(rule, Any) is not negated)


def _member(rule: AppliesRule, names: Names, negated: bool) -> Text:
    """One of several conditions, in brackets where it is itself made of several."""
    text = _condition(rule, names, negated=negated)
    inner = rule
    while isinstance(inner, Not):
        inner = inner.rule
    if isinstance(inner, All | Any) and len(inner.rules) > 1:
        return Text(f"（{text.zh}）", f"({text.en})")
    return text


def _asked(ask: Ask, names: Names, negated: bool) -> Text:
    fact = FACTS[ask.fact]
    if ask.test == "known":
        verb = KNOWN[(not ask.values[0]) is not negated]
        return Text(f"{fact.label.zh}{verb.zh}", f"{fact.label.en} {verb.en}")
    if fact.kind is bool:
        return fact.yes if (True in ask.values) is not negated else fact.no
    verb = TESTS[ask.test][negated]
    wanted = _one_of([_value(ask.fact, value, names) for value in ask.values])
    return Text(f"{fact.label.zh}{verb.zh}{wanted.zh}", f"{fact.label.en} {verb.en} {wanted.en}")


def _one_of(values: list[Text]) -> Text:
    """甲、乙或丙; A, B or C."""
    *others, last = values
    if not others:
        return last
    return Text(
        "、".join(each.zh for each in others) + f"或{last.zh}",
        ", ".join(each.en for each in others) + f" or {last.en}",
    )


def _value(fact: str, value: Value, names: Names) -> Text:
    if isinstance(value, date):
        return date_text(value)
    if fact in CHOICES:
        label = choice_text(CHOICES[fact], str(value))
        return Text(label.zh, f"“{label.en}”")
    if isinstance(value, int):
        return Text(f"{value:,}", f"{value:,}")
    return names.get(value, Text(value, value))


def _by_zone(rule: ByZone, names: Names) -> Text:
    days = [(names.get(zone, Text(zone, zone)), date_text(day)) for zone, day in rule.days.items()]
    zh = "，".join(f"{name.zh}为{when.zh}" for name, when in days)
    en = ", ".join(f"{when.en} in {name.en}" for name, when in days)
    return Text(f"期限因联防联控区而异：{zh}。", f"Due by zone: {en}.")


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
    if not rule.days_after:
        return Text(f"{period.zh}最后一日前", f"by the last day of {period.en}")
    days = rule.days_after
    return Text(f"{period.zh}结束后{days}日内", f"within {days} days after {period.en} ends")


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


def _relative(rule: Relative) -> Text:
    label, count = FACTS[rule.fact].label, rule.days or rule.months
    if count == 0:
        return Text(f"{label.zh}当日", f"on {label.en}")
    unit = Text("日", "days") if rule.days else Text("个月", "months")
    side = Text("前", "before") if count < 0 else Text("后", "after")
    return Text(
        f"{label.zh}{side.zh}{abs(count)}{unit.zh}",
        f"{abs(count)} {unit.en} {side.en} {label.en}",
    )
