"""How dates, choices and joined half-sentences read in both languages."""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache

from django.db.models import Choices
from django.utils.translation import override

from plants.text import CHINESE, ENGLISH, Text

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)

ORDINALS = (
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
)


def date_text(day: date) -> Text:
    """2026年12月31日, 31 December 2026."""
    return Text(
        f"{day.year}年{day.month}月{day.day}日", f"{day.day} {MONTHS[day.month - 1]} {day.year}"
    )


def month_day_text(month: int, day: int) -> Text:
    return Text(f"{month}月{day}日", f"{day} {MONTHS[month - 1]}")


def ordinal(number: int) -> Text:
    """第3, third; figures from the eleventh on."""
    en = ORDINALS[number - 1] if number <= len(ORDINALS) else f"{number}th"
    return Text(f"第{number}", en)


@lru_cache(maxsize=256)
def choice_text(choices: type[Choices], value: str) -> Text:
    """A choice's label in both languages."""
    label = dict(choices.choices)[value]
    with override(CHINESE):
        chinese = str(label)
    with override(ENGLISH):
        return Text(chinese, str(label))


def joined(parts: Iterable[Text], *, any_of: bool = False) -> Text:
    """Half-sentences as one: a，且 b / a and b, without saying one twice."""
    unique = list(dict.fromkeys(parts))
    word = Text("，或", " or ") if any_of else Text("，且", " and ")
    return Text(word.zh.join(p.zh for p in unique), word.en.join(p.en for p in unique))
