"""Wordings on their pages: the preview in its frame, what is refused, faults, and the trail."""

import re
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from plants.models import Authority
from tests.browsers import NewPage
from tests.factories import Cast, administrator_of
from tests.web.access_to_machinery import make_wording
from tests.web.conftest import BrowserOf
from tests.web.forms_on_page import fields_of
from tests.web.pages import looked_at_once, sign_in, text_of
from tracker.reminders.models import Worded, Wording

PREVIEW, SAVE = reverse("wording-preview"), reverse("wording-set")
pytestmark = pytest.mark.django_db


def typed(authority: Authority, **fields: object) -> dict[str, object]:
    return {
        "seen": "",
        "authority": authority.pk,
        "letter": "digest",
        "language": "zh-hans",
        "subject": "【示例局】{{ subject }}",
        "greeting": "{{ name }}同志：",
        "footer": "电话：0991-0000000\r\n<script>alert(1)</script>",
    } | fields


def frames_of(page: Any) -> list[str]:
    return re.findall(r'<iframe[^>]* src="([^"]+)"[^>]* sandbox>', page.content.decode())


@pytest.mark.parametrize("letter", Worded.values)
def test_preview_shows_an_example_in_both_languages(
    world: Cast, browser_of: BrowserOf, letter: str
) -> None:
    browser = browser_of(world.administrator)

    page = browser.post(PREVIEW, typed(world.plant.authority, letter=letter))
    chinese, english = (browser.get(address) for address in frames_of(page))

    assert page.status_code == 200
    assert not Wording.objects.exists()
    assert "示例人员同志：" in text_of(page)
    assert "&lt;script&gt;alert(1)" in chinese.content.decode()
    assert "<script" not in chinese.content.decode()
    assert "Hello Example Person," in english.content.decode()
    assert "sandbox" in chinese["Content-Security-Policy"]
    assert chinese["X-Frame-Options"] == "SAMEORIGIN"


def test_example_is_hers_alone(world: Cast, browser_of: BrowserOf) -> None:
    hers, others = browser_of(world.administrator), browser_of(administrator_of())
    [address, _english] = frames_of(hers.post(PREVIEW, typed(world.plant.authority)))
    for letter in Worded.values[:5]:
        last = hers.post(PREVIEW, typed(world.plant.authority, letter=letter))

    statuses = [browser.get(address).status_code for browser in (hers, others)]

    assert statuses == [404, 403]
    assert hers.get(frames_of(last)[0]).status_code == 200
    assert hers.get(frames_of(last)[0].replace("zh-hans", "fr")).status_code == 404


def test_saved_from_the_preview_with_both_in_the_trail(world: Cast, browser_of: BrowserOf) -> None:
    browser, authority = browser_of(world.administrator), world.plant.authority
    form = fields_of(browser.post(PREVIEW, typed(authority)), PREVIEW)

    done = browser.post(SAVE, form, follow=True)
    again = browser.post(SAVE, form)

    wording = Wording.objects.get()
    assert "the next mails go out with it" in text_of(done)
    assert again.status_code == 409
    assert wording.footer == "电话：0991-0000000\n<script>alert(1)</script>"
    opened = browser.get(reverse("wording-change", args=[wording.pk]))
    change = fields_of(opened, PREVIEW) | {"greeting": "各位："}
    browser.post(SAVE, change)
    trail = text_of(browser.get(reverse("trail")))
    assert "greeting: {{ name }}同志： → 各位：" in trail
    reset = reverse("wording-reset", args=[wording.pk])
    stale = browser.post(reset, fields_of(opened, reset), follow=True)
    assert "Somebody changed it meanwhile" in text_of(stale)
    fresh = fields_of(browser.get(reverse("wording-change", args=[wording.pk])), reset)
    assert "back to ours" in text_of(browser.post(reset, fresh, follow=True))
    assert not Wording.objects.exists()


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"greeting": "{% load static %}"}, "doesn't belong here"),
        ({"greeting": "{{ name|safe }}"}, "This letter has no placeholder “name|safe”."),
        ({"letter": "rules", "greeting": "{{ plant }}"}, "has no placeholder “plant”"),
        ({"footer": "｛｛ name ｝｝"}, "“｛｛” doesn't belong here"),
        ({"footer": "x" * 10_000}, "At most 1000 characters."),
        ({"subject": "a\r\nBcc: x@example.com"}, "The subject must have one line only."),
        ({"subject": "", "greeting": "", "footer": " "}, "Nothing differs from ours"),
        ({"letter": "account"}, "account is not one of the available choices"),
        ({"language": "fr"}, "fr is not one of the available choices"),
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
        assert str(sent["greeting"]) in text_of(page)
    assert not Wording.objects.exists()


def test_page_shows_what_could_not_be_used(world: Cast, browser_of: BrowserOf) -> None:
    wording = make_wording(world.manager)
    browser = browser_of(world.administrator)

    listed = text_of(browser.get(reverse("wordings")))
    page = text_of(browser.get(reverse("wording-change", args=[wording.pk])))

    assert "ours goes out" in listed
    assert "This letter has no placeholder “fax”." in page
    chinese = browser_of(world.administrator, language="zh-CN")
    assert "此邮件没有占位符“fax”。" in text_of(
        chinese.get(reverse("wording-change", args=[wording.pk]))
    )


def test_who_is_below_reads_what_is_above(world: Cast, browser_of: BrowserOf) -> None:
    region = Authority.objects.get(code="region")
    above = Wording.objects.create(
        authority=region, letter="rules", language="en", subject="From the region"
    )
    browser = browser_of(administrator_of(world.plant.authority))

    assert "set above you" in text_of(browser.get(reverse("wordings")))
    assert browser.get(reverse("wording-change", args=[above.pk])).status_code == 404
    assert browser.post(reverse("wording-reset", args=[above.pk])).status_code == 404
    assert browser.post(SAVE, typed(region)).status_code == 422
    assert Wording.objects.get() == above


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@looked_at_once
def test_without_scripts_on_a_phone(crew: Cast, new_page: NewPage, live_server: Any) -> None:
    phone = sign_in(new_page(width=360, java_script_enabled=False), crew.administrator, live_server)

    phone.goto(reverse("machinery"))
    phone.get_by_role("link", name="邮件用语").click()
    phone.get_by_role("link", name="设置邮件用语").click()
    phone.locator("[name=authority]").select_option(str(crew.plant.authority_id))
    phone.locator("[name=greeting]").fill("{{ name }}同志：")
    phone.get_by_role("button", name="预览").click()
    frame = phone.frame_locator("#example-zh-hans iframe")
    expect(frame.locator("body")).to_contain_text("示例人员同志：")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360
    phone.get_by_role("button", name="保存").click()
    expect(phone.locator("main")).to_contain_text("邮件用语已设置")

    assert Wording.objects.get().greeting == "{{ name }}同志："
