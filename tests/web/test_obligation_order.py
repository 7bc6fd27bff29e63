"""On one obligation's page: who meets the law first, and who the answer."""

import pytest
from django.urls import reverse

from tests.factories import Cast, ObligationFactory
from tests.web.conftest import BrowserOf


@pytest.mark.parametrize(
    ("who", "first"),
    [
        ("manager", "the-answer"),
        ("group_manager", "the-answer"),
        ("changji_officer", "the-law"),
        ("auditor", "the-law"),
    ],
)
def test_who_answers_meets_the_answer_first(
    world: Cast, browser_of: BrowserOf, who: str, first: str
) -> None:
    obligation = ObligationFactory.create(plant=world.plant)

    page = browser_of(getattr(world, who)).get(reverse("obligation", args=[obligation.pk]))

    html = page.content.decode()
    assert min(("the-law", "the-answer"), key=html.index) == first
