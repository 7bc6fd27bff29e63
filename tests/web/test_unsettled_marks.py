"""How sure we are of a rule stands wherever an obligation from it is listed."""

import pytest

from tests.factories import TODAY, Cast, ObligationFactory, RequirementFactory
from tests.web.conftest import BrowserOf
from tests.web.pages import text_of

pytestmark = pytest.mark.django_db

LISTS = [
    ("changji_officer", "/"),
    ("manager", "/"),
    ("manager", f"/calendar/?view=list&month={TODAY:%Y-%m}"),
    ("auditor", "/obligations/"),
    ("manager", "/plants/{plant}/"),
]


@pytest.mark.parametrize(("who", "address"), LISTS)
@pytest.mark.parametrize(
    ("verification", "is_marked"), [("to_verify", True), ("secondary", True), ("verified", False)]
)
def test_what_is_not_verified_is_marked(
    world: Cast,
    browser_of: BrowserOf,
    who: str,
    address: str,
    verification: str,
    is_marked: bool,
) -> None:
    requirement = RequirementFactory.create(verification=verification, title_en="Bag filter")
    ObligationFactory.create(plant=world.plant, requirement=requirement, due_on=TODAY)

    page = browser_of(world.people[who]).get(address.format(plant=world.plant.pk))

    assert "Bag filter" in text_of(page)
    assert ('class="unsettled"' in page.content.decode()) is is_marked
