"""Where no demo can be built, seed_demo says why and makes nothing."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from plants.models import Person, Plant

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("plants", "reason"),
    [(3, "needs at least 4 plants"), (4, "run load_regulations first")],
)
def test_demo_is_refused(plants: int, reason: str) -> None:
    with pytest.raises(CommandError, match=reason):
        call_command("seed_demo", plants=plants, stdout=StringIO())

    assert not Plant.objects.exists()
    assert not Person.objects.exists()
