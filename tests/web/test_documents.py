"""Documents with their versions: old beside new, and a flag at answers to an older text."""

from datetime import timedelta

import pytest
from django.urls import reverse

from tests.factories import NOW, Cast, make_obligation_at
from tests.web.conftest import BrowserOf
from tests.web.pages import make_versions, text_of
from tracker.obligations.models import State
from tracker.regulations.models import Requirement

pytestmark = pytest.mark.django_db


def test_version_shows_what_it_changed_old_beside_new(world: Cast, browser_of: BrowserOf) -> None:
    waiting = make_obligation_at(State.SUBMITTED, plant=world.plant, manager=world.manager)
    version = make_versions(waiting.requirement.document)
    browser = browser_of(world.manager, language="zh-CN")

    page = text_of(
        browser.get(reverse("document-version", args=[version.document.code, version.number]))
    )

    assert "新增 1 项 · 变更 1 项 · 撤销 1 项" in page
    assert "块状物料入棚。 块状物料入封闭棚。" in page
    first = browser.get(reverse("document-version", args=[version.document.code, 1]))
    assert "首个版本" in text_of(first)


@pytest.mark.parametrize(("days", "flagged"), [(1, True), (-1, False)])
def test_answer_to_an_older_text_is_flagged(
    world: Cast, browser_of: BrowserOf, days: int, flagged: bool
) -> None:
    waiting = make_obligation_at(State.SUBMITTED, plant=world.plant, manager=world.manager)
    changed_at = NOW + timedelta(days=days)
    Requirement.objects.filter(pk=waiting.requirement_id).update(text_changed_at=changed_at)

    page = text_of(browser_of(world.changji_officer).get(reverse("obligation", args=[waiting.pk])))

    assert ("The rule's text changed after this was handed in" in page) is flagged
