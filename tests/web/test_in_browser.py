"""What only a browser can tell: uploads with progress, the reviewer's keys, phones, no faults."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as site
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from plants.models import Authority
from tests.browsers import NewPage
from tests.factories import (
    Cast,
    ObligationFactory,
    PlaceFactory,
    PlantFactory,
    make_obligation_at,
)
from tests.factories.walks import attach
from tests.web.pages import get_addresses, looked_at_once, make_things, sign_in
from tests.web.personas import people_of
from tracker.demo.evidence_files import make_pdf
from tracker.obligations.models import State

LONGEST_NAMES = (
    ("巴音郭楞蒙古自治州", "Bayingol Prefecture"),
    ("乌鲁木齐市", "Urumqi"),
    ("克拉玛依市", "Karamay"),
    ("塔城地区", "Tacheng Prefecture"),
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LONGEST_OFFICES = (
    ("region", "Ecology and Environment Department of the Region"),
    ("corps", "Ecology and Environment Bureau of the Corps"),
)


def test_files_go_up_one_by_one_and_refusals_stay_with_their_file(
    crew: Cast, new_page: NewPage, live_server: object, tmp_path: Path
) -> None:
    good, empty = tmp_path / "监测 报告.pdf", tmp_path / "空.pdf"
    good.write_bytes(make_pdf(1))
    empty.write_bytes(b"")
    ObligationFactory.create(plant=crew.plant)
    page = sign_in(new_page(width=360), crew.manager, live_server)
    page.goto("/")
    send = page.get_by_role("button", name="提交审核")
    expect(send).to_be_disabled()

    page.locator("input[type=file][multiple]").set_input_files([str(good), str(empty)])

    expect(page.locator(".file-list li")).to_have_count(1)
    expect(page.locator(".progress-list .failed")).to_contain_text("“空.pdf”是空文件（0 字节）。")
    expect(send).to_be_enabled()
    page.get_by_label("给审核人员的说明").fill("请审核。")
    send.click()
    expect(page.get_by_role("status")).to_contain_text("已提交审核")


def test_hint_at_the_same_bytes_outlasts_the_next_file(
    crew: Cast, new_page: NewPage, live_server: object, tmp_path: Path
) -> None:
    copy, other = tmp_path / "副本.pdf", tmp_path / "另一份.pdf"
    copy.write_bytes(make_pdf(1))
    other.write_bytes(make_pdf(2))
    attach(ObligationFactory.create(plant=crew.plant), crew.manager)
    obligation = ObligationFactory.create(plant=crew.plant)
    page = sign_in(new_page(width=360), crew.manager, live_server)
    page.goto(f"/obligations/{obligation.pk}/")

    page.locator("form.drop input[type=file][multiple]").set_input_files([str(copy), str(other)])

    expect(page.locator("main .file-list li")).to_have_count(2)
    expect(page.locator(".progress-list li")).to_have_count(1)
    expect(page.locator(".progress-list li")).to_contain_text("“副本.pdf”已接收。其内容与")


def test_removed_file_takes_the_button_with_it(
    crew: Cast, new_page: NewPage, live_server: object, tmp_path: Path
) -> None:
    paper = tmp_path / "a.pdf"
    paper.write_bytes(make_pdf(1))
    obligation = ObligationFactory.create(plant=crew.plant)
    page = sign_in(new_page(locale="en"), crew.manager, live_server)
    page.goto(f"/obligations/{obligation.pk}/")
    page.locator("input[type=file][multiple]").set_input_files(str(paper))
    expect(page.get_by_role("button", name="Submit for review")).to_be_enabled()

    page.locator(".file-acts summary").click()
    page.get_by_label("Why it goes").select_option("Not readable")
    page.get_by_role("button", name="Remove").click()

    expect(page.locator(".file-list")).to_have_count(0)
    expect(page.get_by_role("button", name="Submit for review")).to_be_disabled()
    removed = obligation.attachments.get()
    assert (removed.removed_by, removed.removed_reason) == (crew.manager, "Not readable")


def test_reviewer_works_by_keyboard(crew: Cast, new_page: NewPage, live_server: object) -> None:
    first, second, third = (
        make_obligation_at(State.SUBMITTED, plant=crew.plant, manager=crew.manager)
        for _ in range(3)
    )
    page = sign_in(new_page(locale="en"), crew.changji_officer, live_server)
    page.goto("/review/")

    page.keyboard.press("j")
    page.wait_for_url(f"**/review/{second.pk}/")
    page.keyboard.press("k")
    page.wait_for_url(f"**/review/{first.pk}/")
    page.keyboard.press("a")
    page.wait_for_url(f"**/review/{second.pk}/")
    page.keyboard.press("r")
    page.keyboard.type("jka is text here")
    expect(page.locator("#reason")).to_have_value("jka is text here")
    page.get_by_role("button", name="Return").click()
    page.wait_for_url(f"**/review/{third.pk}/")

    for obligation in (first, second, third):
        obligation.refresh_from_db()
    states = [first.state, second.state, third.state]
    assert states == [State.ACCEPTED, State.RETURNED, State.SUBMITTED]


def test_reviewer_reads_a_pdf_in_the_page(
    crew: Cast, new_page: NewPage, live_server: object
) -> None:
    """The browser's own viewer opens under the file's policy: a sandbox would keep it shut."""
    waiting = make_obligation_at(State.SUBMITTED, plant=crew.plant, manager=crew.manager)
    page = sign_in(new_page(locale="en"), crew.changji_officer, live_server)

    with page.expect_event(
        "framenavigated", lambda frame: frame.url.startswith("chrome-extension://")
    ):
        page.goto(f"/review/{waiting.pk}/")

    expect(page.locator("iframe.paper")).to_be_visible()


def test_folded_obligations_are_printed(crew: Cast, new_page: NewPage, live_server: object) -> None:
    ObligationFactory.create(plant=crew.plant, due_on=timezone.localdate() + timedelta(days=400))
    page = sign_in(new_page(locale="en"), crew.manager, live_server)
    page.goto(f"/plants/{crew.plant.pk}/")
    folded = page.locator("details.later a.title")
    expect(folded).to_be_hidden()

    page.emulate_media(media="print")

    expect(folded).to_be_visible()


def test_names_of_places_fit_their_tiles(
    crew: Cast, new_page: NewPage, live_server: object
) -> None:
    for column, (chinese, english) in enumerate(LONGEST_NAMES):
        PlaceFactory.create(
            code=f"place-{column}",
            name_zh=chinese,
            name_en=english,
            tile_row=1,
            tile_column=column,
        )
    cut = []
    for locale in ("zh-CN", "en"):
        for width in (360, 1440):
            page = sign_in(new_page(width=width, locale=locale), crew.changji_officer, live_server)
            page.goto("/")
            cut += page.locator(".tile").evaluate_all(
                "tiles => tiles.filter(t => t.scrollWidth > t.clientWidth).map(t => t.textContent)"
            )

    assert cut == []


def test_session_that_ended_keeps_what_was_typed(
    crew: Cast, new_page: NewPage, live_server: object
) -> None:
    waiting = make_obligation_at(State.SUBMITTED, plant=crew.plant, manager=crew.manager)
    page = sign_in(new_page(locale="en"), crew.changji_officer, live_server)
    page.goto(f"/review/{waiting.pk}/")
    page.locator("#reason").fill("half a sentence")
    page.context.clear_cookies(name=site.SESSION_COOKIE_NAME)

    page.get_by_role("button", name="Return").click()

    expect(page.locator("#notes")).to_contain_text("You were signed out")
    expect(page.locator("#reason")).to_have_value("half a sentence")


def test_filters_swap_the_table_and_the_address(
    crew: Cast, new_page: NewPage, live_server: object
) -> None:
    PlantFactory.create(authority=crew.plant.authority, name_zh="示例红山水泥")
    page = sign_in(new_page(), crew.changji_officer, live_server)
    page.goto("/plants/")

    page.get_by_label("名称、信用代码、集团或 MN 号").fill("红山")

    expect(page.locator("#plants-table tbody tr")).to_have_count(1)
    page.wait_for_url("**/plants/?q=*")
    page.reload()
    expect(page.locator("#plants-table tbody tr")).to_have_count(1)


@looked_at_once
@pytest.mark.parametrize("locale", ["zh-CN", "en"])
def test_no_page_is_wider_than_the_screen(
    crew: Cast, new_page: NewPage, live_server: object, locale: str
) -> None:
    addresses = get_addresses(crew, make_things(crew))
    page = sign_in(new_page(locale=locale), crew.region_officer, live_server)

    wide = []
    for name, address in addresses.items():
        if name not in ("evidence-file", "message", "message-html"):
            page.goto(address)
            for width in (1440, 360):
                page.set_viewport_size({"width": width, "height": 900})
                if page.locator("html").evaluate("e => e.scrollWidth > e.clientWidth"):
                    wide.append((name, width))

    assert wide == []


def test_two_posts_fit_the_roles_page(crew: Cast, new_page: NewPage, live_server: object) -> None:
    of_both = people_of(crew)["both_trees_officer"]
    for code, name in LONGEST_OFFICES:
        Authority.objects.filter(code=code).update(name_en=name)
    page = sign_in(new_page(width=360, locale="en"), of_both, live_server)

    page.goto(reverse("roles"))

    assert page.locator("#officer header .b").count() == 2
    assert page.locator("html").evaluate("e => e.scrollWidth <= e.clientWidth")
