"""Who answers for a plant: its managers and its group's, as long as their accounts are open."""

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import OuterRef, Q, QuerySet

from plants.models import Membership, Person, Plant, Role


class Answering:
    """The people of several plants, read in one go."""

    def __init__(self, plants: Iterable[Plant]) -> None:
        found = set(plants)
        self._of_plant: dict[int | None, list[Person]] = defaultdict(list)
        self._of_company: dict[int | None, list[Person]] = defaultdict(list)
        posts = Membership.objects.filter(
            Q(role=Role.MANAGER, plant__in=found)
            | Q(role=Role.GROUP_MANAGER, company__in={plant.company_id for plant in found}),
            person__is_active=True,
        )
        for post in posts.select_related("person").order_by("pk"):
            if post.plant_id is not None:
                self._of_plant[post.plant_id].append(post.person)
            else:
                self._of_company[post.company_id].append(post.person)

    def of(self, plant: Plant) -> list[Person]:
        """Each once, the plant's own before its group's."""
        of_company = self._of_company[plant.company_id] if plant.company_id else []
        return list(dict.fromkeys(self._of_plant[plant.pk] + of_company))


def posts_answering(plant: str, company: str) -> QuerySet[Membership]:
    """For a query over rows that reach a plant and its company by these paths."""
    return Membership.objects.filter(
        Q(role=Role.MANAGER, plant=OuterRef(plant))
        | Q(role=Role.GROUP_MANAGER, company=OuterRef(company)),
        person__is_active=True,
    )
