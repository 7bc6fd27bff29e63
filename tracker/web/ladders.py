"""Ladders in words: on their pages, and where the trail keeps them."""

from collections.abc import Mapping
from typing import Any

from django import template

from plants.models import Part
from tracker.reminders.ladder import Rungs
from tracker.reminders.ladder_words import describe_rung, describe_rungs
from tracker.reminders.ladders import rungs_of
from tracker.reminders.models import Ladder, Receiver, Rhythm

register = template.Library()


@register.filter
def in_days(rungs: Rungs, receiver: str) -> str:
    """90 and 30 days before, on the day, then every 7 days until handed in."""
    return describe_rungs(rungs, receiver)


@register.filter
def rung_word(rung: int, receiver: str) -> str:
    return describe_rung(rung, receiver)


@register.filter
def rungs(ladder: Ladder) -> Rungs:
    return rungs_of(ladder)


@register.filter
def receiver_word(receiver: str) -> str:
    return str(Receiver(receiver).label)


@register.filter
def part_word(part: str) -> str:
    return str(Part(part).label) if part else ""


@register.filter
def rhythm_word(rhythm: str) -> str:
    return str(Rhythm(rhythm).label) if rhythm else ""


def change_of_ladder(before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    """From which days to which; where it came or went, only the one."""
    return " → ".join(_days(facts) for facts in (before, after) if facts)


def _days(facts: Mapping[str, Any]) -> str:
    rungs = Rungs(tuple(facts["before"]), facts["first_after"], facts["every"], facts["last_after"])
    return describe_rungs(rungs, str(facts["receiver"]))
