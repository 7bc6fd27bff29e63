"""What of the rules is still unverified, and whom it affects."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q

from plants.models import Person
from plants.verification import Verification
from tracker.obligations.models import OWED, Obligation
from tracker.regulations.models import Limit, Requirement


@dataclass(frozen=True, slots=True)
class Unverified:
    """A rule whose text, or some of whose limits, nobody has read in the original.

    ``owed`` open obligations at ``plants`` plants of the reader hang on it.
    """

    requirement: Requirement
    limits: int
    owed: int
    plants: int


def read_unverified(person: Person) -> list[Unverified]:
    """The rules in force in reading order, what hangs on each counted in one query."""
    doubtful = Q(verification=Verification.VERIFIED)
    limits = dict(
        Limit.objects.exclude(doubtful)
        .values_list("requirement_id")
        .annotate(number=Count("pk"))
        .order_by()
    )
    found = Requirement.objects.in_force().filter(~doubtful | Q(pk__in=limits)).in_reading_order()
    hanging = {
        pk: (owed, plants)
        for pk, owed, plants in Obligation.objects.visible_to(person)
        .filter(state__in=OWED, requirement__in=found.values("pk"))
        .values_list("requirement_id")
        .annotate(owed=Count("pk"), plants=Count("plant", distinct=True))
        .order_by()
    }
    return [
        Unverified(each, limits.get(each.pk, 0), *hanging.get(each.pk, (0, 0)))
        for each in found.defer("text_zh", "text_en", "applies", "evidence_asked")
    ]


def totals(rows: Iterable[Unverified]) -> tuple[int, int]:
    """How many rules, and how many open obligations hang on them."""
    counted = list(rows)
    return len(counted), sum(row.owed for row in counted)
