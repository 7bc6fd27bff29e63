"""Legal holds by the page, and what a page shows of a file that was disposed of."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import NOW, Cast, ObligationFactory, make_obligation_at
from tests.web.conftest import BrowserOf
from tests.web.pages import text_of
from tracker.audit import Actor
from tracker.evidence.disposal import dispose
from tracker.evidence.models import Evidence, LegalHold, StoredFile
from tracker.evidence.retention import read_rules
from tracker.obligations.models import State

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(world: Cast, browser_of: BrowserOf) -> Client:
    return browser_of(world.changji_officer)


def test_hold_is_set_shown_and_lifted(world: Cast, officer: Client, browser_of: BrowserOf) -> None:
    set_it, page = (reverse(name, args=[world.plant.pk]) for name in ("hold-set", "plant-holds"))
    files = reverse("plant-files", args=[world.plant.pk])

    shown = text_of(officer.post(set_it, {"reason": "Case 12"}, follow=True))

    hold = LegalHold.objects.get()
    assert "Case 12" in shown
    assert (hold.set_by, hold.obligation) == (world.changji_officer, None)
    assert "Legal hold" in text_of(browser_of(world.manager).get(files))
    lifted = officer.post(reverse("hold-lift", args=[hold.pk]), {"reason": "Closed"}, follow=True)
    assert "Case 12 → Closed" in text_of(lifted)
    assert "No hold stands." in text_of(officer.get(page))


def test_hold_on_one_obligation(world: Cast, officer: Client) -> None:
    obligation = ObligationFactory.create(plant=world.plant)
    form = {"reason": "Case 12", "obligation": obligation.pk}

    officer.post(reverse("hold-set", args=[world.plant.pk]), form)

    assert LegalHold.objects.get().obligation == obligation


def test_refusals_keep_what_was_typed(world: Cast, officer: Client) -> None:
    other = ObligationFactory.create(plant=world.other_plant)
    address = reverse("hold-set", args=[world.plant.pk])
    officer.post(address, {"reason": "Case 12"})

    answers = [
        officer.post(address, {"reason": ""}),
        officer.post(address, {"reason": "Case 13", "obligation": other.pk}),
        officer.post(address, {"reason": "Case 12"}),
    ]

    assert [answer.status_code for answer in answers] == [422, 422, 409]
    assert "Say why: the reason stays with the hold." in text_of(answers[0])
    assert "Case 13" in text_of(answers[1])
    assert "The same hold stands already." in text_of(answers[2])
    assert LegalHold.objects.count() == 1


def test_hold_is_lifted_once(world: Cast, officer: Client) -> None:
    officer.post(reverse("hold-set", args=[world.plant.pk]), {"reason": "Case 12"})
    lift = reverse("hold-lift", args=[LegalHold.objects.get().pk])

    statuses = [officer.post(lift, {"reason": "Closed"}).status_code for _ in range(2)]

    assert statuses == [302, 409]


def test_plants_manager_reads_the_rules_and_sets_nothing(
    world: Cast, browser_of: BrowserOf
) -> None:
    page = text_of(browser_of(world.manager).get(reverse("plant-holds", args=[world.plant.pk])))

    assert "Videos are kept for 12 months" in page
    assert "to be verified" in page
    assert "Set a hold" not in page


def test_pages_say_that_a_file_was_disposed_of(
    world: Cast, officer: Client, browser_of: BrowserOf
) -> None:
    obligation = make_obligation_at(State.ACCEPTED, plant=world.plant, manager=world.manager)
    file = reverse("evidence-file", args=[Evidence.objects.get().pk])
    over = NOW.replace(year=2032)
    gone = dispose(StoredFile.objects.get(), rules=read_rules(), by=Actor(None, "x"), at=over)
    assert gone is not None

    for address in (
        reverse("plant-files", args=[world.plant.pk]),
        reverse("obligation", args=[obligation.pk]),
    ):
        page = officer.get(address)
        assert "disposed of on 2032-09-01" in text_of(page)
        assert "all else are kept for 5 years" in text_of(page)
        assert file not in page.content.decode()
    answer = officer.get(file)
    assert answer.status_code == 410
    assert "The file was disposed of on 2032-09-01 after the rule" in text_of(answer)
    history = text_of(officer.get(reverse("plant-history", args=[world.plant.pk])))
    assert "since its retention is over" in history
