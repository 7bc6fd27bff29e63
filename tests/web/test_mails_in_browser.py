"""The digest as a mail programme shows it: no wider than a phone, the date above its duty."""

import pytest
from playwright.sync_api import Browser

from plants.models import Person, Plant
from tests.factories import NOW, PlantFactory, manager_of
from tests.reminders.conftest import due_in, review_of
from tracker.reminders.digest import Due, News, build_digest
from tracker.reminders.letters import Letter

pytestmark = pytest.mark.django_db

SIDE_BY_SIDE = "[...document.querySelectorAll('.when')].map(cell => getComputedStyle(cell).display)"


def digest_for(language: str) -> Letter:
    """With dues and something accepted, so that it has the long address that stops such news."""
    plant: Plant = PlantFactory.create()
    person: Person = manager_of(plant, language=language)
    dues = [due_in(days, plant=plant) for days in (-3, 5)]
    review = review_of(due_in(40, plant=plant), person)
    return build_digest(
        person=person,
        dues=[Due(owed.due_on, owed.pk, plant.pk) for owed in dues],
        news=News(accepted=[review]),
        today=NOW.date(),
    )


@pytest.mark.browser
@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize(("width", "display"), [(700, "table-cell"), (360, "block")])
def test_digest_fits_its_screen(language: str, width: int, display: str, chromium: Browser) -> None:
    letter = digest_for(language)
    page = chromium.new_page(viewport={"width": width, "height": 800})

    page.set_content(letter.html)

    assert "/mails/stop/" in letter.html
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert page.evaluate(SIDE_BY_SIDE) == [display, display]
    page.close()


def test_a_document_without_a_number_is_named_by_its_title() -> None:
    plant: Plant = PlantFactory.create()
    person: Person = manager_of(plant)
    owed = due_in(5, plant=plant, requirement__document__number="")

    letter = build_digest(
        person=person, dues=[Due(owed.due_on, owed.pk, plant.pk)], today=NOW.date()
    )

    lines = [line.strip() for line in letter.text.splitlines()]
    requirement = owed.requirement
    [place] = [n for n, line in enumerate(lines) if line.startswith(requirement.title_zh)]
    assert lines[place + 1].startswith(requirement.document.title_zh)
