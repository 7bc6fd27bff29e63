"""What an authority sets for itself and all below it, until one of those sets its own."""

from typing import Any, Self

from django.db import models

from plants.models import Authority, Person
from plants.models.people import AuthorityQuerySet, paths_from


class HeldQuerySet(models.QuerySet[Any, Any]):
    """Of a model with an ``authority``."""

    def visible_to(self, person: Person) -> Self:
        """Of the authorities that she works under, and of those above, which hold there, too."""
        return self.holding_at(Authority.objects.visible_to(person))

    def holding_at(self, authorities: AuthorityQuerySet) -> Self:
        """Set at one of these, or above it."""
        paths = authorities.values_list("path", flat=True)
        return self.filter(
            authority__path__in={each for path in paths for each in paths_from(path)}
        )
