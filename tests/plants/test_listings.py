"""Since when parts, and a whole plant, are on the public list. Sections are domain.md's."""

from datetime import date

import pytest

from plants.models import Listing, Part
from plants.models.listings import PARTS, part_since, whole_since

MARCH, APRIL, MAY = date(2026, 3, 1), date(2026, 4, 1), date(2026, 5, 1)
ORGANISED = Part.ORGANISED


def listed(on: date, line: int | None = None, part: str = ORGANISED, **ended: date) -> Listing:
    return Listing(part=part, line_id=line, listed_on=on, **ended)


@pytest.mark.parametrize(
    ("listings", "lines", "since"),
    [
        ([], [1], None),
        ([listed(MARCH)], [1, 2], MARCH),
        ([listed(MARCH)], [], MARCH),
        ([listed(MARCH, 1)], [], None),
        ([listed(MARCH, 1)], [1, 2], None),
        ([listed(MARCH, 1), listed(APRIL, 2)], [1, 2], APRIL),
        ([listed(APRIL, 1), listed(MAY), listed(MARCH, 2)], [1, 2], APRIL),
        ([listed(MARCH, 1), listed(MAY)], [1, 2], MAY),
        # 2.7: not stable -> removed, benefits cancelled; suspended counts for nothing meanwhile
        ([listed(MARCH, removed_on=APRIL)], [1], None),
        ([listed(MARCH, suspended_on=APRIL)], [1], None),
        ([listed(MARCH, part=Part.FUGITIVE)], [1], None),
    ],
)
def test_a_part_is_listed_since(
    listings: list[Listing], lines: list[int], since: date | None
) -> None:
    assert part_since(listings, ORGANISED, lines) == since


def test_a_plant_is_listed_with_its_last_part() -> None:
    all_three = [
        listed(day, part=part) for part, day in zip(PARTS, (MAY, MARCH, APRIL), strict=True)
    ]

    assert whole_since(all_three, [1]) == MAY
    assert whole_since(all_three[:2], [1]) is None
