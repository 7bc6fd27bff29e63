"""Which office is told of an authority's plants: the nearest with officers, and the one above."""

from collections import defaultdict
from collections.abc import Mapping

from plants.models import Membership, Role
from plants.models.people import paths_from


class Offices:
    """For each authority, by id, how many steps up the tree its officers sit."""

    def __init__(self, authorities: Mapping[int, str]) -> None:
        """``authorities`` are the paths by id."""
        posts = Membership.objects.filter(role=Role.OFFICER, person__is_active=True)
        self._staffed = set(posts.values_list("authority__path", flat=True))
        self.nearest: dict[int, set[int]] = defaultdict(set)
        self.above: dict[int, set[int]] = defaultdict(set)
        for authority, path in authorities.items():
            steps = self._steps(path)
            for found, step in zip((self.nearest, self.above), steps, strict=False):
                found[step].add(authority)

    def _steps(self, path: str) -> list[int]:
        """The distances to all offices with officers, its own being 0, the nearest first."""
        return [step for step, each in enumerate(paths_from(path)) if each in self._staffed]
