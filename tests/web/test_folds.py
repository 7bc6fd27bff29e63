"""A plant's long lists: what is shown at once, and what is folded away."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from plants.text import Text
from tests.factories import TODAY, Cast, ObligationFactory, RequirementFactory
from tests.web.conftest import BrowserOf
from tests.web.pages import text_of
from tracker.reporting.rows import ObligationRow
from tracker.web.folds import split_waiting


def row(state: str, due_on: date) -> ObligationRow:
    return ObligationRow(
        pk=1,
        plant_id=1,
        plant=Text("示例水泥", "Example Cement"),
        part="organised",
        title=Text("示例要求", "Example"),
        verification="verified",
        completes="",
        subject=Text("", ""),
        period="",
        due_on=due_on,
        state=state,
    )


@pytest.mark.parametrize(
    ("state", "days", "is_later"),
    [
        ("open", -1, False),
        ("open", 0, False),
        ("open", 90, False),
        ("open", 91, True),
        ("returned", 500, False),
        ("submitted", 500, False),
    ],
)
def test_only_what_is_open_and_far_away_is_folded(state: str, days: int, is_later: bool) -> None:
    shown = split_waiting([row(state, TODAY + timedelta(days=days))], TODAY)

    assert (len(shown.now), len(shown.later)) == ((0, 1) if is_later else (1, 0))


def test_plant_page_counts_what_it_folds(world: Cast, browser_of: BrowserOf) -> None:
    rule = RequirementFactory.create()
    for number, days in enumerate((10, 100, 200)):
        ObligationFactory.create(
            plant=world.plant,
            requirement=rule,
            period=f"202{number}",
            due_on=TODAY + timedelta(days=days),
        )

    page = browser_of(world.manager).get(reverse("plant", args=[world.plant.pk]))

    text = text_of(page)
    assert ("3 open" in text, "2 later, due in more than 90 days" in text) == (True, True)
