"""The factories build a world that the database and the scoping accept."""

import pytest

from plants.models import Plant
from tests import factories
from tracker.obligations.models import Obligation, State

pytestmark = pytest.mark.django_db


def test_every_factory_makes_a_row() -> None:
    made = [
        factory.create()
        for factory in (
            factories.CompanyFactory,
            factories.PersonFactory,
            factories.LineFactory,
            factories.OutletFactory,
            factories.PermitFactory,
            factories.ProjectFactory,
            factories.StopWindowFactory,
            factories.SwapFactory,
            factories.AgreementFactory,
            factories.LimitFactory,
            factories.TargetFactory,
            factories.ObligationFactory,
        )
    ]

    assert [row.pk is not None for row in made] == [True] * len(made)
    assert Obligation.objects.get().state == State.OPEN


@pytest.mark.parametrize(
    ("persona", "sees"),
    [
        ("changji_officer", ["plant"]),
        ("region_officer", ["other_plant", "plant"]),
        ("corps_officer", ["corps_plant"]),
        ("manager", ["plant"]),
        ("other_manager", ["other_plant"]),
        ("group_manager", ["corps_plant", "plant"]),
        ("auditor", ["corps_plant", "other_plant", "plant"]),
        ("administrator", ["corps_plant", "other_plant", "plant"]),
    ],
)
def test_cast_sees_its_own_plants_only(persona: str, sees: list[str]) -> None:
    cast = factories.cast()

    seen = set(Plant.objects.visible_to(cast.people[persona]))

    assert seen == {getattr(cast, name) for name in sees}


@pytest.mark.parametrize("state", list(State))
def test_make_obligation_at_walks_to_the_state(state: State) -> None:
    obligation = factories.make_obligation_at(state)

    walked = obligation.submissions.count()
    assert obligation.state == state
    assert walked == int(state in {State.SUBMITTED, State.ACCEPTED, State.RETURNED})
