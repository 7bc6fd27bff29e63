"""A phone that loses its signal on site: what was entered is kept, and sent once."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from plants.models import Person
from tests.browsers import NewPage
from tests.factories import Cast
from tests.web.access_to_round_fugitive import make_items, make_source
from tests.web.access_to_rounds import make_round
from tests.web.pages import sign_in
from tracker.demo.evidence_files import make_picture
from tracker.rounds.models import FugitiveCheck, FugitiveSource

pytestmark = [
    pytest.mark.browser,
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def shed(crew: Cast) -> FugitiveSource:
    make_items()
    return make_source(make_round(crew))


# The names of what is kept of pages, once the script that clears them up has had its time.
KEPT_PAGES = """async () => {
  const isPage = (name) => name.startsWith("on-site-pages");
  const names = async () => (await caches.keys()).filter(isPage);
  for (let tries = 0; tries < 100 && (await names()).length; tries += 1)
    await new Promise((ready) => { setTimeout(ready, 50); });
  return names();
}"""


@pytest.fixture
def page(
    crew: Cast, shed: FugitiveSource, new_page: NewPage, live_server: object
) -> Iterator[Page]:
    page = sign_in(new_page(width=360, locale="en"), crew.manager, live_server)
    page.goto(f"/rounds/{shed.round_id}/fugitive/{shed.pk}/")
    expect(page.locator("html[data-kept-here=yes]")).to_be_attached()
    yield page
    page.context.set_offline(False)


def item(page: Page, number: int) -> Locator:
    return page.locator(".items > li").nth(number)


def choose(page: Page, number: int, result: str) -> Locator:
    """What is seen at the item; the rest of its form opens by that."""
    form = item(page, number).locator("form[data-item]")
    form.get_by_label(result, exact=True).check()
    return form


def save(form: Locator) -> None:
    form.get_by_role("button", name="Save what I saw").click()


def test_what_is_entered_without_a_signal_is_sent_once_and_by_nobody_else(
    crew: Cast, shed: FugitiveSource, page: Page, tmp_path: Path, live_server: object
) -> None:
    page.context.set_offline(True)
    enter_two(page, tmp_path)
    assert not FugitiveCheck.objects.exists()

    page.context.set_offline(False)

    for number in (0, 1):
        expect(item(page, number).locator(".kept.sent")).to_have_count(1, timeout=20_000)
    expect(page.locator("[data-all]")).to_contain_text("All that you entered here is sent.")
    expect(item(page, 0).locator("[id^=seen]")).to_contain_text("料棚门未关闭")
    page.reload()
    expect(page.locator(".kept")).to_have_count(0)
    assert told() == [("fault", "料棚门未关闭", 1, crew.manager), ("ok", "", 0, crew.manager)]

    lend_the_phone(page, lambda: sign_in(page, crew.changji_officer, live_server))
    assert len(told()) == 2
    sign_in(page, crew.manager, live_server)
    page.reload()
    expect(item(page, 1).locator(".kept.sent")).to_have_count(1, timeout=20_000)
    assert told()[2:] == [("not_applicable", "", 0, crew.manager)]


def enter_two(page: Page, folder: Path) -> None:
    """A fault with a photo, whose form outlives a reload, and something in order."""
    picture = folder / "料棚.png"
    picture.write_bytes(make_picture(1))
    form = choose(page, 0, "fault")
    form.get_by_label("Note").fill("料棚门未关闭")
    form.get_by_label("Photos").set_input_files(str(picture))
    expect(form.locator("[data-photos] img")).to_have_count(1)
    page.reload()
    form = item(page, 0).locator("form[data-item]")
    expect(form.get_by_label("Note")).to_have_value("料棚门未关闭")
    expect(form.locator("[data-photos] img")).to_have_count(1)
    save(form)
    save(choose(page, 1, "in order"))
    expect(page.locator("[data-all]")).to_contain_text("2 looks are kept on this phone")
    page.reload()
    for number, result in enumerate(("fault", "in order")):
        expect(item(page, number).locator(".kept")).to_contain_text("kept on this phone")
        expect(item(page, number).locator(".kept")).to_contain_text(result)


def lend_the_phone(page: Page, sign_in_other: Callable[[], object]) -> None:
    """Her session ends with something unsent; the next one finds no page and sends nothing."""
    address = page.url
    page.context.set_offline(True)
    save(choose(page, 1, "not applicable"))
    expect(page.locator("[data-all]")).to_contain_text("There is no signal.")
    page.context.clear_cookies()
    page.context.set_offline(False)
    expect(page.locator("[data-all]")).to_contain_text("You are signed out")
    page.get_by_role("link", name="Sign in").click()
    expect(page.get_by_label("Password")).to_be_visible()
    assert page.evaluate(KEPT_PAGES) == []
    sign_in_other()
    page.goto(address)
    expect(page.locator("[data-all]")).to_contain_text("1 look of somebody else")


def told() -> list[tuple[str, str, int, Person]]:
    rows = FugitiveCheck.objects.select_related("checked_by").order_by("checked_at")
    return [(each.result, each.note, each.photos.count(), each.checked_by) for each in rows]
