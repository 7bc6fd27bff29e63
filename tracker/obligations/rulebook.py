"""The rules in force with what they demand, kept as they are now while a run takes its time."""

from collections.abc import Collection, Mapping

from tracker.obligations.wanted import Demand, demands_by_code, with_dependents
from tracker.regulations.models import Requirement


class Rulebook:
    """The demands of all rules in force, or of a few with those whose dates hang on theirs.

    ``demands`` are those, ``among`` all by code, ``ids`` the requirements meant (None: all). Empty
    until it is renewed.
    """

    def __init__(self, requirements: Collection[int] | None = None) -> None:
        self._chosen = requirements
        self._read: list[Requirement] = []
        self.demands: list[Demand] = []
        self.among: Mapping[str, Demand] = {}
        self.ids: set[int] | None = None

    @property
    def requirements(self) -> dict[int, Requirement]:
        """Those that are demanded, by id."""
        return {demand.requirement.pk: demand.requirement for demand in self.demands}

    def renew(self) -> None:
        """Read the rules; what was worked out is kept unless one of them has changed.

        Whoever has got a plant's turn asks for this first: while she waited a rule may have been
        corrected, and the plant brought in line with it.
        """
        read = requirements_in_force()
        if [_columns(row) for row in read] == [_columns(row) for row in self._read]:
            return
        self._read = read
        demands = [Demand.of(requirement) for requirement in read]
        self.among = demands_by_code(demands)
        if self._chosen is not None:
            demands = with_dependents(self._chosen, demands)
            self.ids = {*self._chosen, *(demand.requirement.pk for demand in demands)}
        self.demands = demands


def requirements_in_force() -> list[Requirement]:
    return list(Requirement.objects.in_force().in_reading_order())


def _columns(requirement: Requirement) -> dict[str, object]:
    return {
        field.attname: getattr(requirement, field.attname)
        for field in requirement._meta.concrete_fields
    } | {"document": (requirement.document.title_zh, requirement.document.number)}
