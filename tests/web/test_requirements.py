"""The rules as pages: found by part and verification, each with its number of obligations."""

import pytest
from django.urls import reverse

from tests.factories import Cast, LimitFactory, ObligationFactory, RequirementFactory
from tests.web.conftest import BrowserOf
from tests.web.pages import text_of


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ({}, ["dust", "haul"]),
        ({"part": "clean_transport"}, ["haul"]),
        ({"verification": "to_verify"}, ["haul"]),
        ({"part": "fugitive", "verification": "to_verify"}, []),
        ({"part": "nonsense"}, ["dust", "haul"]),
    ],
)
def test_rules_are_narrowed_by_the_address(
    world: Cast, browser_of: BrowserOf, query: dict[str, str], codes: list[str]
) -> None:
    RequirementFactory.create(code="dust")
    RequirementFactory.create(code="haul", part="clean_transport", verification="to_verify")

    page = browser_of(world.manager).get(reverse("requirements"), query)

    assert sorted(rule.code for rule in page.context["found"]) == codes


def test_withdrawn_rule_is_no_longer_listed_but_still_opens(
    world: Cast, browser_of: BrowserOf
) -> None:
    rule = RequirementFactory.create(withdrawn_on="2026-08-01")
    browser = browser_of(world.manager)

    listed = browser.get(reverse("requirements")).context["found"]
    text = text_of(browser.get(reverse("requirement", args=[rule.code])))

    assert listed == []
    assert "Withdrawn on 1 August 2026" in text


def test_rule_shows_what_it_asks_of_ones_own_plants(world: Cast, browser_of: BrowserOf) -> None:
    rule = RequirementFactory.create(note_zh="附件未公开。", note_en="The annex isn't public.")
    LimitFactory.create(requirement=rule, pollutant="SO2", value="35.0000")
    for plant in (world.plant, world.other_plant):
        ObligationFactory.create(requirement=rule, plant=plant)

    page = browser_of(world.manager).get(reverse("requirement", args=[rule.code]))

    assert [row.plant_id for row in page.context["rows"]] == [world.plant.pk]
    text = text_of(page)
    assert ("The annex isn't public." in text, "SO₂ ≤ 35 mg/m³" in text) == (True, True)


def test_unknown_rule_is_404(world: Cast, browser_of: BrowserOf) -> None:
    address = reverse("requirement", args=["no-such-rule"])

    assert browser_of(world.manager).get(address).status_code == 404
