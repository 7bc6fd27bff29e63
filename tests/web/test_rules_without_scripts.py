"""Facts and rules are previewed and changed, and several answers decided, without any script."""

from datetime import date

import pytest
from playwright.sync_api import expect

from plants.models import Permit, StopWindow
from tests.browsers import NewPage
from tests.factories import (
    NOW,
    TODAY,
    Cast,
    DocumentFactory,
    RequirementFactory,
    StopWindowFactory,
    make_obligation_at,
)
from tests.web.pages import sign_in
from tracker.audit import Actor
from tracker.obligations.models import Obligation, State
from tracker.obligations.schedule import schedule_obligations

pytestmark = [
    pytest.mark.browser,
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def fixed_day() -> None:
    """A browser has its own clock: here the real day counts."""


def test_permit_is_previewed_and_saved(crew: Cast, new_page: NewPage, live_server: object) -> None:
    RequirementFactory.create(due={"before": "permit.valid_until", "days": 60})
    schedule_obligations(today=TODAY, by=Actor(None, "tests"), at=NOW)
    page = sign_in(new_page(width=360, java_script_enabled=False), crew.manager, live_server)
    page.goto(f"/plants/{crew.plant.pk}/permits/")

    page.get_by_text("修改编号或有效期").click()
    form = page.locator("form[action$='/change/']")
    form.get_by_label("有效期止").fill("2031-03-31")
    form.get_by_role("button", name="查看影响").click()

    expect(page.locator("#answer")).to_contain_text("1 项义务的期限变动")
    assert Permit.objects.get(plant=crew.plant).valid_until_on != date(2031, 3, 31)

    page.locator("form[action$='/change/']").get_by_role("button", name="保存").click()

    expect(page.locator("#notes")).to_contain_text("1 项义务随之调整。")
    assert Permit.objects.get(plant=crew.plant).valid_until_on == date(2031, 3, 31)


def test_stop_window_is_previewed_and_corrected(
    crew: Cast, new_page: NewPage, live_server: object
) -> None:
    DocumentFactory.create(code="peak-2025-26", tree="region")
    window = StopWindowFactory.create(place=crew.plant.place)
    page = sign_in(new_page(java_script_enabled=False), crew.region_officer, live_server)
    page.goto(f"/stop-windows/{window.pk}/correct/")

    page.get_by_label("停窑首日").fill("2025-11-20")
    page.locator("[name=source_note]").fill("正式文本第5页")
    page.locator("main form [type=submit]").first.click()

    expect(page.locator("main")).to_contain_text("1 条生产线的停窑日期变动")
    page.get_by_role("button", name="确认更正").click()

    expect(page.locator("#notes")).to_contain_text("更正")
    assert StopWindow.objects.get().starts_on == date(2025, 11, 20)


def test_several_answers_are_decided_together(
    crew: Cast, new_page: NewPage, live_server: object
) -> None:
    waiting = [make_obligation_at(State.SUBMITTED, plant=crew.plant) for _ in range(2)]
    page = sign_in(new_page(java_script_enabled=False), crew.changji_officer, live_server)
    page.goto("/review/")

    for box in page.locator("input.tick").all():
        box.check()
    page.locator("#several [type=submit]").click()
    page.get_by_role("button", name="通过所选").click()

    expect(page.locator("#notes")).to_contain_text("2")
    states = Obligation.objects.filter(pk__in=[each.pk for each in waiting])
    assert set(states.values_list("state", flat=True)) == {State.ACCEPTED}
