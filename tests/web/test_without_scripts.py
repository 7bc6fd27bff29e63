"""The essential journey in a browser that runs no script: every action is a plain form."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from plants.models import Person
from tests.browsers import NewPage
from tests.factories import PASSWORD, Cast, ObligationFactory
from tracker.demo.evidence_files import make_pdf
from tracker.obligations.models import Obligation, State

pytestmark = [
    pytest.mark.browser,
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True),
]


def enter(page: Page, person: Person) -> None:
    page.goto("/")
    page.get_by_label("邮箱").fill(person.email)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()


def leave(page: Page) -> None:
    """By the account's page, since a phone shows no side bar."""
    page.get_by_role("link", name="账号").click()
    page.locator("main").get_by_role("button", name="退出").click()
    expect(page.get_by_role("button", name="登录")).to_be_visible()


def test_journey_of_manager_and_officer_needs_no_script(
    crew: Cast, new_page: NewPage, live_server: object, tmp_path: Path
) -> None:
    paper = tmp_path / "监测报告.pdf"
    paper.write_bytes(make_pdf(1))
    owed = ObligationFactory.create(plant=crew.plant)
    phone = new_page(width=360, java_script_enabled=False)
    desk = new_page(java_script_enabled=False)

    enter(phone, crew.manager)
    phone.locator("input[type=file][multiple]").set_input_files(str(paper))
    phone.get_by_role("button", name="上传").click()
    expect(phone.locator(".file-list li")).to_contain_text("监测报告.pdf")
    phone.get_by_label("给审核人员的说明").fill("请审核。")
    phone.get_by_role("button", name="提交审核").click()
    expect(phone.locator("#notes")).to_contain_text("已提交审核")
    expect(phone.locator("html.js")).to_have_count(0)
    leave(phone)

    enter(desk, crew.changji_officer)
    desk.get_by_role("navigation").get_by_role("link", name="审核").click()
    expect(desk.locator("blockquote")).to_have_text("请审核。")
    desk.get_by_label("退回").fill("缺少盖章页。")
    desk.get_by_role("button", name="退回").click()
    expect(desk.locator("#notes")).to_contain_text("退回：封闭物料储存")
    leave(desk)

    enter(phone, crew.manager)
    expect(phone.locator(".note.returned")).to_contain_text("缺少盖章页。")
    assert Obligation.objects.get(pk=owed.pk).state == State.RETURNED
