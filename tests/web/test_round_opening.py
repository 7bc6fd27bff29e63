"""A round is opened from its plant's page, which lists the plant's rounds."""

import pytest
from django.urls import reverse

from plants.models import Part
from tests.factories import Cast, LineFactory
from tests.web.access_to_rounds import make_round
from tests.web.conftest import BrowserOf
from tests.web.pages import text_of
from tracker.rounds.models import Round, RoundKind

pytestmark = pytest.mark.django_db


def test_opened_with_what_was_chosen(world: Cast, browser_of: BrowserOf) -> None:
    browser = browser_of(world.manager)
    line = world.plant.lines.get()
    assert (
        reverse("round-form", args=[world.plant.pk])
        in browser.get(reverse("plant", args=[world.plant.pk])).content.decode()
    )

    fields = {"kind": "first", "parts": ["organised", "fugitive"], "lines": [str(line.pk)]}
    answer = browser.post(reverse("round-open", args=[world.plant.pk]), fields)

    opened = Round.objects.get()
    assert answer.headers["Location"] == reverse("round", args=[opened.pk])
    assert (opened.kind, opened.parts) == (RoundKind.FIRST, [Part.ORGANISED, Part.FUGITIVE])
    assert list(opened.lines.all()) == [line]
    assert opened.opened_by == world.manager
    assert f"{opened} first assessment" in text_of(
        browser.get(reverse("plant", args=[world.plant.pk]))
    )


def test_what_was_chosen_stays_where_it_is_refused(world: Cast, browser_of: BrowserOf) -> None:
    make_round(world)
    browser, address = browser_of(world.manager), reverse("round-open", args=[world.plant.pk])
    foreign = LineFactory.create(plant=world.corps_plant, number=7)

    none = browser.post(address, {"kind": "yearly", "parts": []})
    other = browser.post(address, {"kind": "first", "parts": ["organised"], "lines": [foreign.pk]})
    twice = browser.post(address, {"kind": "yearly", "parts": ["clean_transport"]})

    assert (none.status_code, other.status_code, twice.status_code) == (422, 422, 409)
    assert "one of the three parts" in text_of(none)
    assert "A line of another plant" in text_of(other)
    assert "Round 1 is about the same already" in text_of(twice)
    assert '<option value="yearly" selected>' in twice.content.decode()
    assert Round.objects.count() == 1


def test_who_may_not_open_one_is_not_asked_to(world: Cast, browser_of: BrowserOf) -> None:
    page = browser_of(world.auditor).get(reverse("plant", args=[world.plant.pk]))

    assert "Open a round" not in text_of(page)
