"""Ladders on their pages: the list, the preview before saving, what is refused, and the trail."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from plants.models import Authority
from tests.browsers import NewPage
from tests.factories import TODAY, Cast, ObligationFactory, administrator_of
from tests.web.conftest import BrowserOf
from tests.web.forms_on_page import fields_of
from tests.web.pages import looked_at_once, sign_in, text_of
from tracker.audit import Event, Verb
from tracker.reminders.ladder import Rungs
from tracker.reminders.models import Ladder, Receiver
from tracker.reminders.set_ladder import Scope

PREVIEW, SAVE = reverse("ladder-preview"), reverse("ladder-set")
pytestmark = pytest.mark.django_db


def typed(authority: Authority, **fields: object) -> dict[str, object]:
    return {
        "seen": "",
        "authority": authority.pk,
        "receiver": "manager",
        "part": "",
        "rhythm": "",
        "before": "30、7, 0",
        "first_after": "7",
        "every": "7",
        "last_after": "",
        "due_on": "",
    } | fields


def saved(authority: Authority, rungs: Rungs, receiver: str = Receiver.MANAGER) -> Ladder:
    ladder = Scope(authority, receiver).ladder(rungs)
    ladder.save()
    return ladder


def test_list_says_what_holds_and_from_where(world: Cast, browser_of: BrowserOf) -> None:
    region = Authority.objects.get(code="region")
    saved(region, Rungs((5, 0), 3, 3, 30))
    browser = browser_of(world.administrator)
    chosen = {"authority": world.plant.authority_id}

    page = text_of(browser.get(reverse("ladders"), chosen))

    assert "5 days before, on the day, 3 days overdue" not in page
    assert "5 days before, on the day, then every 3 days until 30 days overdue" in page
    assert f"{region.name} Set its own" in page
    assert "7 days overdue, then every 30 days until handed in" in page.lower()


def test_who_is_below_reads_what_is_above(world: Cast, browser_of: BrowserOf) -> None:
    above = saved(Authority.objects.get(code="region"), Rungs((5, 0)))
    below = administrator_of(world.plant.authority)
    browser = browser_of(below)

    page = text_of(browser.get(reverse("ladders")))

    assert "set above you" in page
    assert browser.get(reverse("ladder-change", args=[above.pk])).status_code == 404
    assert browser.post(reverse("ladder-remove", args=[above.pk])).status_code == 404
    refused = browser.post(SAVE, typed(above.authority))
    assert refused.status_code == 422
    assert Ladder.objects.count() == 1


def test_preview_shows_both_and_saves_nothing(world: Cast, browser_of: BrowserOf) -> None:
    for days in (4, 60):
        ObligationFactory.create(plant=world.plant, due_on=TODAY + timedelta(days=days))
    browser = browser_of(world.administrator)

    page = browser.post(PREVIEW, typed(world.plant.authority))

    assert page.status_code == 200
    assert not Ladder.objects.exists()
    words = text_of(page)
    assert "30 and 7 days before, on the day, then every 7 days until handed in" in words
    assert "Due on 5 September 2026: when it tells plant manager" in words
    assert "have reached a step: 2 as it stands, 1 with this ladder" in words
    assert "— 30 days before" not in words


def test_saved_from_the_preview_with_a_sentence_in_the_trail(
    world: Cast, browser_of: BrowserOf
) -> None:
    browser = browser_of(world.administrator)
    authority = world.plant.authority
    form = fields_of(browser.post(PREVIEW, typed(authority)), PREVIEW)

    done = browser.post(SAVE, form, follow=True)
    again = browser.post(SAVE, form)

    ladder = Ladder.objects.get()
    assert "it holds from the next night on" in text_of(done)
    assert (ladder.before, ladder.every, again.status_code) == ([30, 7, 0], 7, 409)
    assert "This is set already" in text_of(again)
    change = fields_of(browser.get(reverse("ladder-change", args=[ladder.pk])), PREVIEW)
    browser.post(SAVE, change | {"before": "0"})
    trail = text_of(browser.get(reverse("trail")))
    assert (
        "30 and 7 days before, on the day, then every 7 days until handed in → "
        "on the day, then every 7 days until handed in"
    ) in trail
    assert "changed ladder “plant manager · " in trail


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"before": "30, 7"}, "0 must be among them"),
        ({"before": "30, x, 0"}, "Write whole numbers with commas"),
        ({"before": "30, -7, 0"}, "Write whole numbers with commas"),
        ({"before": "9999999, 0"}, "Write whole numbers with commas"),
        ({"before": "7, 7, 0"}, "A day stands here twice."),
        ({"every": "soon"}, "Enter a whole number."),
        ({"every": "99999999999999999999"}, "A whole number from 1 to 365."),
        ({"last_after": "2"}, "The end can't come before"),
        ({"receiver": "officer"}, "Officers are told of what is overdue or waits"),
        ({"receiver": "nobody"}, "nobody is not one of the available choices"),
        ({"due_on": "0001-01-01"}, "This year can't be right."),
    ],
)
def test_errors_keep_what_was_typed(
    world: Cast, browser_of: BrowserOf, fields: dict[str, str], words: str
) -> None:
    sent = typed(world.plant.authority, **fields)
    browser = browser_of(world.administrator)

    for address in (PREVIEW, SAVE):
        page = browser.post(address, sent)
        assert page.status_code == 422
        assert words in text_of(page)
        kept = fields_of(page, PREVIEW)
        assert {name: kept[name] for name in ("before", "first_after", "every")} == {
            name: str(sent[name]) for name in ("before", "first_after", "every")
        }
    assert not Ladder.objects.exists()


def test_page_opened_earlier_changes_nothing(world: Cast, browser_of: BrowserOf) -> None:
    ladder = saved(world.plant.authority, Rungs((7, 0)))
    browser = browser_of(world.administrator)
    opened = browser.get(reverse("ladder-change", args=[ladder.pk]))
    form = fields_of(opened, PREVIEW) | {"before": "3, 0"}
    Ladder.objects.update(before=[5, 0])

    preview, save = (browser.post(address, form) for address in (PREVIEW, SAVE))
    remove = browser.post(
        reverse("ladder-remove", args=[ladder.pk]),
        fields_of(opened, reverse("ladder-remove", args=[ladder.pk])),
        follow=True,
    )

    assert (preview.status_code, save.status_code) == (409, 409)
    assert "Somebody set, changed or removed this ladder meanwhile" in text_of(save)
    assert "5 days before, on the day, nothing after it" in text_of(save)
    assert fields_of(save, PREVIEW)["before"] == "3, 0"
    assert "Somebody changed it meanwhile" in text_of(remove)
    assert Ladder.objects.get().before == [5, 0]
    browser.post(SAVE, fields_of(save, PREVIEW))
    assert Ladder.objects.get().before == [3, 0]


def test_taken_out(world: Cast, browser_of: BrowserOf) -> None:
    ladder = saved(world.plant.authority, Rungs((7, 0)))
    browser = browser_of(world.administrator)
    address = reverse("ladder-remove", args=[ladder.pk])
    form = fields_of(browser.get(reverse("ladder-change", args=[ladder.pk])), address)

    done = browser.post(address, form, follow=True)

    assert "It is taken out" in text_of(done)
    assert browser.post(address, form).status_code == 404
    assert Event.objects.get(verb=Verb.REMOVED).before == {
        "receiver": "manager",
        "before": [7, 0],
        "first_after": None,
        "every": None,
        "last_after": None,
    }


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@looked_at_once
def test_without_scripts_on_a_phone(crew: Cast, new_page: NewPage, live_server: Any) -> None:
    phone = sign_in(new_page(width=360, java_script_enabled=False), crew.administrator, live_server)

    phone.goto(reverse("machinery"))
    phone.get_by_role("link", name="提醒阶梯").click()
    phone.get_by_role("link", name="新增提醒阶梯").click()
    phone.locator("[name=authority]").select_option(str(crew.plant.authority_id))
    phone.locator("[name=before]").fill("10，3，0")
    phone.get_by_role("button", name="预览").click()
    expect(phone.locator("#preview")).to_contain_text(
        "提前 10和3 天，到期当天，之后每7天一次，直到提交"
    )
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360
    phone.get_by_role("button", name="保存").click()
    expect(phone.locator("main")).to_contain_text("自下一夜起生效")

    assert Ladder.objects.get().before == [10, 3, 0]
