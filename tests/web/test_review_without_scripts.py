"""Comments, two levels, a correction and a legal hold, in a browser that runs no script."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from plants.models import Person
from tests.browsers import NewPage
from tests.factories import Cast, RequirementFactory, make_obligation_at, officer_of
from tests.web.pages import sign_in
from tracker.assessments.models import Side
from tracker.evidence.models import LegalHold
from tracker.obligations.models import Obligation, State

pytestmark = [
    pytest.mark.browser,
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True),
]


def test_two_levels_comments_correction_and_hold(
    crew: Cast, new_page: NewPage, live_server: Any
) -> None:
    duty = make_obligation_at(
        State.SUBMITTED,
        plant=crew.plant,
        manager=crew.manager,
        requirement=RequirementFactory.create(review_levels=2),
    )
    # Whoever confirmed can't have ordered the correction.
    chief = officer_of(*crew.region_officer.offices_over(crew.plant))

    def desk(person: Person) -> Page:
        return sign_in(new_page(java_script_enabled=False), person, live_server)

    first, second = desk(crew.changji_officer), desk(crew.region_officer)
    phone = sign_in(new_page(width=360, java_script_enabled=False), crew.manager, live_server)

    comment(first, duty, "2号库的照片是哪一张？")
    comment(phone, duty, "附件第二页。")
    decide(first, duty, "初审通过")
    decide(second, duty, "退回初审", reason="请核对期间。")
    decide(first, duty, "初审通过")
    decide(second, duty, "确认通过")
    duty.refresh_from_db()
    assert duty.state == State.ACCEPTED
    assert list(duty.comments.values_list("side", flat=True)) == [Side.AUTHORITY, Side.PLANT]

    correct(first, duty, superior=chief)
    duty.refresh_from_db()
    assert duty.state == State.RETURNED

    hold(first, duty)
    lift(first)
    assert LegalHold.objects.get().lifted_by == crew.changji_officer
    phone.goto(f"/obligations/{duty.pk}/")
    expect(phone.locator("main")).to_contain_text("现场检查发现密闭罩破损。")


def comment(page: Page, duty: Obligation, text: str) -> None:
    page.goto(f"/obligations/{duty.pk}/")
    page.get_by_label("写留言").fill(text)
    page.get_by_role("button", name="发送留言").click()
    expect(page.locator("#comments .typed").last).to_have_text(text)


def decide(page: Page, duty: Obligation, button: str, *, reason: str = "") -> None:
    page.goto(f"/review/{duty.pk}/")
    page.locator("[name=reason]").fill(reason)
    page.get_by_role("button", name=button).click()
    expect(page.locator("#notes")).to_contain_text("封闭物料储存")


def correct(page: Page, duty: Obligation, *, superior: Person) -> None:
    page.goto(f"/obligations/{duty.pk}/")
    page.locator("a[href$='/decision/correct/']").click()
    page.locator("[name=superior]").select_option(str(superior.pk))
    page.locator("[name=reason]").fill("现场检查发现密闭罩破损。")
    page.get_by_role("button", name="改为退回").click()
    expect(page.locator("#notes")).to_be_visible()


def hold(page: Page, duty: Obligation) -> None:
    page.goto(f"/plants/{duty.plant_id}/files/")
    page.locator("main a[href$='/holds/']").first.click()
    page.locator("main summary", has_text="设置保全").click()
    page.locator("[name=obligation]").select_option(str(duty.pk))
    page.locator("form[action$='/set/'] [name=reason]").fill("核查期间不得销毁。")
    page.get_by_role("button", name="设置保全").click()
    expect(page.locator("main section .note")).to_contain_text("核查期间不得销毁。")


def lift(page: Page) -> None:
    page.locator("main section .note summary").click()
    page.locator("form[action$='/lift/'] [name=reason]").fill("已办结。")
    page.get_by_role("button", name="解除保全").click()
    expect(page.locator("main")).to_contain_text("已办结。")
