"""A draw from its announcement to a remedy that is confirmed, by forms alone."""

from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import Cast
from tests.rounds.spot_checks.draws import announce, check_of
from tests.rounds.spot_checks.test_proof import run_recipe
from tests.web.access_to_spot_checks import make_finding
from tests.web.conftest import BrowserOf
from tests.web.forms_on_page import fields_of
from tests.web.pages import text_of
from tracker.rounds.models import FindingState, SpotCheck, SpotDraw, SpotFinding

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(world: Cast, browser_of: BrowserOf) -> Client:
    return browser_of(world.changji_officer)


def test_draw_is_announced_carried_out_and_proved(
    world: Cast, officer: Client, tmp_path: Path
) -> None:
    form = {
        "title": "2026 second half",
        "authority": world.plant.authority.pk,
        "plants_asked": 1,
        "inspectors_asked": 1,
        "plants_from": "all",
        "inspectors_from": "chosen",
        "inspectors": [world.changji_officer.pk],
    }
    announced = officer.post(reverse("spot-draw-announce"), form, follow=True)
    draw = SpotDraw.objects.get()
    proof = reverse("spot-draw-proof", args=[draw.pk])
    before = officer.get(proof).json()

    carry = reverse("spot-draw-carry-out", args=[draw.pk])
    shown = text_of(officer.post(carry, {"word": "it's 4711", "witnesses": "Wang"}, follow=True))

    after = officer.get(proof).json()
    assert draw.commitment in text_of(announced)
    assert draw.nonce not in text_of(announced)
    assert (before["nonce"], after["nonce"]) == (None, draw.nonce)
    assert draw.nonce in shown
    assert run_recipe(after, tmp_path) == [[world.plant.code, str(world.changji_officer.pk)]]
    again = officer.post(carry, {"word": "other", "witnesses": "Wang"})
    assert again.status_code == 409
    assert "it stays as it is" in text_of(again)


def test_announcement_that_lacks_something_keeps_what_was_typed(
    world: Cast, officer: Client
) -> None:
    form = {
        "title": "Autumn",
        "authority": world.plant.authority.pk,
        "plants_asked": 1,
        "inspectors_asked": 1,
        "inspectors_from": "all",
    }
    address = reverse("spot-draw-announce")

    nobody = officer.post(address, form | {"plants_from": "listed"})
    too_many = officer.post(address, form | {"plants_from": "all", "plants_asked": 2})

    assert (nobody.status_code, too_many.status_code) == (422, 409)
    assert "There is no plant in the pool." in text_of(nobody)
    assert fields_of(too_many, address)["title"] == "Autumn"
    assert not SpotDraw.objects.exists()


def test_check_is_hidden_from_the_plant_until_it_is_made(
    world: Cast, officer: Client, browser_of: BrowserOf
) -> None:
    check, manager = check_of(world), browser_of(world.manager)
    page = reverse("spot-check", args=[check.pk])
    assert manager.get(page).status_code == 404
    assert check.draw.title not in text_of(manager.get(reverse("spot-checks")))

    made = {"done_on": "2026-09-01", "seen": "Shed is open"}
    officer.post(reverse("spot-check-write", args=[check.pk]), made)
    finding = {"part": "fugitive", "text": "Shed is open", "due_on": "2026-09-30"}
    officer.post(reverse("spot-finding-add", args=[check.pk]), finding)

    assert "Shed is open" in text_of(manager.get(page))
    findings = reverse("plant-findings", args=[world.plant.pk])
    assert "Shed is open" in text_of(manager.get(findings))
    assert "Shed is open" in text_of(manager.get(reverse("home")))
    assert "Open: 1, overdue: 0" in text_of(manager.get(reverse("spot-checks")))


def test_remedy_is_told_and_decided_on_as_it_was_seen(
    world: Cast, officer: Client, browser_of: BrowserOf
) -> None:
    finding, manager = make_finding(world), browser_of(world.manager)
    page = reverse("spot-check", args=[finding.check_of_id])
    tell, confirm, back = (
        reverse(f"spot-finding-{name}", args=[finding.pk]) for name in ("tell", "confirm", "return")
    )

    manager.post(tell, fields_of(manager.get(page), tell) | {"remedy": "Closed it"})
    seen = fields_of(officer.get(page), confirm)
    officer.post(back, seen | {"reason": "North side is open"})
    shown = manager.get(page)
    manager.post(tell, fields_of(shown, tell) | {"remedy": "Closed all"})
    stale = officer.post(confirm, seen)

    assert "North side is open" in text_of(shown)
    assert stale.status_code == 409
    assert SpotFinding.objects.get().state == FindingState.TOLD
    officer.post(confirm, fields_of(stale, confirm))
    assert SpotFinding.objects.get().state == FindingState.CONFIRMED
    history = manager.get(reverse("plant-history", args=[world.plant.pk]))
    assert "confirmed the remedy" in text_of(history)


def test_overdue_comes_first(world: Cast, officer: Client) -> None:
    late = make_finding(world)
    SpotFinding.objects.filter(pk=late.pk).update(due_on="2026-08-01")
    SpotCheck.objects.create(draw=announce(world), number=1, plant=world.plant)

    page = officer.get(reverse("spot-checks"))

    assert [check.overdue for check in page.context["page"]] == [1, 0]
    assert "Open: 1, overdue: 1" in text_of(page)
