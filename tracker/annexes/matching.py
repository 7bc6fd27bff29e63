"""Which plant a row means: by credit code, then permit number, then name; near misses to choose."""

import difflib
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from tracker.annexes.days import plain
from tracker.annexes.rows import Row

MOST_NEAR = 5
NEAR_ENOUGH = 0.55
_BRACKETS = re.compile(r"[()\[\]{}〔〕【】《》<>·•.,、“”\"'-]")
_LIMITED = re.compile(r"有限责任公司|有限公司|公司")
_CREDIT_CODE = re.compile(r"[0-9A-Z]{18}")


@dataclass(frozen=True)
class KnownPlant:
    """A plant that the document can bind and the officer can see."""

    pk: int
    name: str
    credit_code: str
    permits: tuple[str, ...] = ()
    other_name: str = ""


@dataclass(frozen=True)
class Match:
    """The plants that a row's cells lead to; exactly one, and ``is_sure``: it is that one."""

    plants: tuple[int, ...]
    is_sure: bool


def plain_name(name: str) -> str:
    """A name without what people write differently: widths, blanks, brackets, 有限(责任)公司."""
    return _LIMITED.sub("", _BRACKETS.sub("", plain(name).lower()))


class Plants:
    """The plants to choose from, found by any of their names and numbers."""

    def __init__(self, plants: Iterable[KnownPlant]) -> None:
        self.by_pk = {plant.pk: plant for plant in plants}
        self._by_code: dict[str, set[int]] = defaultdict(set)
        self._by_permit: dict[str, set[int]] = defaultdict(set)
        self._by_name: dict[str, set[int]] = defaultdict(set)
        for plant in self.by_pk.values():
            self._by_code[plain(plant.credit_code).upper()].add(plant.pk)
            for permit in plant.permits:
                self._by_permit[plain(permit).upper()].add(plant.pk)
            for name in filter(None, (plant.name, plant.other_name)):
                self._by_name[plain_name(name)].add(plant.pk)

    def match(self, row: Row) -> Match:
        """The first of credit code, permit number and name that is known decides.

        It is not sure where another of them leads elsewhere, where a name is borne by two plants,
        and where a whole credit code is no plant's: then somebody has to choose.
        """
        code = plain(row.credit_code).upper()
        said = [
            self._by_code.get(code, set()),
            self._by_permit.get(plain(row.permit).upper(), set()),
            self._by_name.get(plain_name(row.name), set()),
        ]
        found = [plants for plants in said if plants]
        if not found:
            return Match((), is_sure=False)
        agreed = set.intersection(*found)
        is_strange = bool(_CREDIT_CODE.fullmatch(code)) and not said[0]
        if len(agreed) == 1 and not is_strange:
            return Match(tuple(agreed), is_sure=True)
        return Match(tuple(dict.fromkeys(pk for plants in found for pk in sorted(plants))), False)

    def near(self, name: str) -> tuple[int, ...]:
        """The plants whose names come nearest, the nearest first."""
        close = difflib.get_close_matches(plain_name(name), self._by_name, MOST_NEAR, NEAR_ENOUGH)
        found = dict.fromkeys(pk for each in close for pk in sorted(self._by_name[each]))
        return tuple(found)[:MOST_NEAR]
