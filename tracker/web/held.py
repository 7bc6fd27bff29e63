"""A table that was read, between its preview and the moment it is kept: signed, not stored.

The page carries it, so that nothing is half-written; the signature ties it to who brought it and
to the round, and what may have changed meanwhile is looked at again when it is kept.
"""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.core import signing

from plants.models import Person
from tracker.rounds.models import Origin, Round
from tracker.rounds.samples.enter import Source
from tracker.rounds.samples.rows import ReadSample

HELD_SECONDS = 24 * 3600


class NotHeld(Exception):
    """What came back is no table of hers, or too old."""


def hold(samples: Sequence[ReadSample], source: Source, *, round: Round, person: Person) -> str:
    """The table as a text for a form's hidden field."""
    table = [source.origin.value, source.file_name, [_written(each) for each in samples]]
    return signing.dumps(table, salt=_salt(round, person), compress=True)


def held(text: str, *, round: Round, person: Person) -> tuple[tuple[ReadSample, ...], Source]:
    """What ``hold`` gave this person for this round within a day; else ``NotHeld``."""
    try:
        origin, file_name, rows = signing.loads(
            text, salt=_salt(round, person), max_age=HELD_SECONDS
        )
    except signing.BadSignature as fault:
        raise NotHeld from fault
    return tuple(_read(row) for row in rows), Source(Origin(origin), file_name)


def _salt(round_: Round, person: Person) -> str:
    return f"samples of round {round_.pk} by {person.pk}"


def _written(sample: ReadSample) -> list[Any]:
    numbers = (
        sample.load_percent,
        sample.oxygen_percent,
        sample.measured,
        sample.cems_measured,
    )
    return [
        *(sample.place, sample.outlet, sample.pollutant),
        *(sample.taken_from_at.isoformat(), sample.taken_to_at.isoformat()),
        *(None if number is None else str(number) for number in numbers),
        sample.laboratory_number,
    ]


def _read(row: list[Any]) -> ReadSample:
    place, outlet, pollutant, first, last, *numbers, laboratory_number = row
    load, oxygen, measured, cems = (None if each is None else Decimal(each) for each in numbers)
    assert measured is not None  # noqa: S101 (signed by us)
    return ReadSample(
        place=place,
        outlet=outlet,
        pollutant=pollutant,
        taken_from_at=datetime.fromisoformat(first),
        taken_to_at=datetime.fromisoformat(last),
        load_percent=load,
        oxygen_percent=oxygen,
        measured=measured,
        laboratory_number=laboratory_number,
        cems_measured=cems,
    )
