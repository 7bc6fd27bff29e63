"""How a rule that counts from another date reads: how far, and from what."""

from collections.abc import Mapping

from plants.text import Text
from tracker.regulations.facts import FACTS
from tracker.regulations.rules import Relative


def distance_text(rule: Relative) -> Text:
    """前60日, 60 days before; 当日, on."""
    count = rule.days or rule.months or rule.working_days
    if count == 0:
        return Text("当日", "on")
    zh, en = _unit(rule)
    side = Text("前", "before") if count < 0 else Text("后", "after")
    number = abs(count)
    return Text(f"{side.zh}{number}{zh}", f"{number} {en}{'' if number == 1 else 's'} {side.en}")


def _unit(rule: Relative) -> Text:
    if rule.working_days:
        return Text("个工作日", "working day")
    return Text("日", "day") if rule.days else Text("个月", "month")


def anchor_label(rule: Relative, names: Mapping[str, Text]) -> Text:
    """What it counts from: a fact, or the day on which another requirement is due."""
    return fact_label(rule.fact, names)


def fact_label(fact: str, names: Mapping[str, Text]) -> Text:
    """A fact in words; ``due:`` and a code is the day on which that requirement is due."""
    if fact in FACTS:
        return FACTS[fact].label
    code = fact.partition(":")[2]
    title = names.get(fact, Text(code, code))
    return Text(f"“{title.zh}”的期限", f"the due date of “{title.en}”")
