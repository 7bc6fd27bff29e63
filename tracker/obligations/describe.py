"""A requirement's applies rule as a sentence: whom it binds, for any subject."""

from collections.abc import Mapping
from datetime import date

from plants.text import Text
from tracker.obligations.applies import CHOICES, EVERY
from tracker.obligations.wording import choice_text, date_text, joined
from tracker.regulations.facts import FACTS, Value
from tracker.regulations.rules import All, Always, Any, AppliesRule, Ask, Not

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
IN_EVERY_CASE = Text("不限条件", "whatever else holds")
IN_NO_CASE = Text("无适用情形", "never")


def describe_applies(rule: AppliesRule, subject_kind: str, names: Names) -> Text:
    """Whom the rule binds, as a sentence; ``names`` says the codes in it in words."""
    if isinstance(rule, Always):
        return EVERY[subject_kind]
    whom, condition = WHOM[subject_kind], _condition(rule, names)
    return Text(f"{whom.zh}：{condition.zh}。", f"{whom.en} {condition.en}.")


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
