"""Fifteen hundred rounds that go on, and who looks at their board.

`manage.py shell` runs `make` on the bench's database (see `tests.bench.__main__`).
"""

from copy import copy
from datetime import timedelta

from django.utils import timezone

from plants.models import Plant
from tests.factories import AuthorityFactory, PlantFactory, officer_of
from tracker.rounds.models import Round, Stage

ROUNDS = 1500
OFFICES = ("region-changji", "region-tacheng", "region-hami")
OFFICERS = {"region": "region@bench.example", "region-changji": "prefecture@bench.example"}
STANDING = [stage for stage in Stage if stage != Stage.REMOVED]


def make() -> None:
    """Print how many there are."""
    officers = {
        code: officer_of(AuthorityFactory.create(code=code), email=email)
        for code, email in OFFICERS.items()
    }
    first = PlantFactory.create(authority__code=OFFICES[0])
    offices = [AuthorityFactory.create(code=code) for code in OFFICES]
    Plant.objects.bulk_create(
        (_like(first, number, offices[number % len(offices)].pk) for number in range(1, ROUNDS)),
        batch_size=500,
    )
    now = timezone.now()
    Round.objects.bulk_create(
        (
            Round(
                plant_id=plant,
                number=1,
                stage=STANDING[number % len(STANDING)],
                stage_since_at=now - timedelta(days=number % 200),
                opened_by=officers["region"],
                opened_at=now - timedelta(days=300),
            )
            for number, plant in enumerate(Plant.objects.values_list("pk", flat=True))
        ),
        batch_size=500,
    )
    print(Round.objects.count())


def _like(plant: Plant, number: int, authority: int) -> Plant:
    other = copy(plant)
    other.pk, other.code, other.credit_code = None, f"round-{number}", f"{number:018d}"
    other.authority_id = authority
    return other
