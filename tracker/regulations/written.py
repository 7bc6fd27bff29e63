"""A value as it is written in a rule, with its place, for faults that say where and what."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from tracker.regulations.facts import FACTS

Path = tuple[str | int, ...]


class RuleFault(ValueError):
    """What is wrong in a rule, and where; ``path`` starts at the rule itself."""

    def __init__(self, path: Path, message: str) -> None:
        super().__init__(message)
        self.path = path
        self.message = message


@dataclass(frozen=True)
class Written:
    """A value and its place."""

    value: object
    path: Path = field(default=())

    def key(self, key: str | int, value: object) -> "Written":
        return Written(value, (*self.path, key))

    def fault(self, message: str) -> RuleFault:
        return RuleFault(self.path, message)

    def mapping(self) -> Mapping[str, object]:
        if not isinstance(self.value, Mapping) or not self.value:
            raise self.fault("must be a mapping with at least one key")
        return {str(key): value for key, value in self.value.items()}

    def day(self) -> date:
        if isinstance(self.value, date):
            return self.value
        try:
            return date.fromisoformat(str(self.value))
        except ValueError:
            raise self.fault(f"must be a date like 2028-12-31; got {self.value!r}") from None

    def month_day(self) -> tuple[int, int]:
        try:
            day = date.fromisoformat(f"2027-{self.value}")
        except ValueError:
            message = f'must be a month and day like "03-15"; got {self.value!r}'
            raise self.fault(message) from None
        return day.month, day.day

    def count(self, first: int = 0) -> int:
        value = self.value
        if not isinstance(value, int) or isinstance(value, bool) or value < first:
            raise self.fault(f"must be a whole number from {first}; got {value!r}")
        return value


def refuse_unknown_keys(at: Written, mapping: Mapping[str, object], known: set[str]) -> None:
    for key, value in mapping.items():
        if key not in known:
            raise at.key(key, value).fault(
                f"is not known here; known are {', '.join(sorted(known))}"
            )


def refuse_unknown_fact(at: Written, fact: str, subject: str) -> None:
    """A fact that nobody knows, or that this kind of subject doesn't have."""
    if fact not in FACTS:
        raise at.fault(f"is no known fact; known are {', '.join(FACTS)}")
    if subject not in FACTS[fact].subjects:
        raise at.fault(f"can't be asked of a {subject}; {fact} belongs to a {fact.split('.')[0]}")
