"""A manager's account from the invitation to the hand-over, in a browser that runs no script."""

import re
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone
from playwright.sync_api import Page, expect

from plants.models import Membership, Person, Role
from tests.browsers import NewPage
from tests.factories import Cast, ObligationFactory
from tests.web.pages import sign_in
from tests.web.test_second_factor import code_of
from tracker.accounts.mails import send_mails
from tracker.audit import Event, Verb

pytestmark = [
    pytest.mark.browser,
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True),
]

ADDRESS, SECRET = "newcomer@demo.example", "kiln-Tail-2026-Xj"


def test_who_is_invited_joins_sets_up_a_factor_and_takes_over(
    crew: Cast, new_page: NewPage, live_server: Any
) -> None:
    ObligationFactory.create(plant=crew.plant)
    desk = sign_in(new_page(java_script_enabled=False), crew.administrator, live_server)
    phone = new_page(width=360, java_script_enabled=False)

    invite(desk, scope=f"plant:{crew.plant.pk}")
    send_mails(now=timezone.now())
    [link] = re.findall(r"/invitation/[^/\s]+/", str(mail.outbox[-1].body))
    phone.goto(link)
    phone.get_by_label("您的姓名").fill("宋临风")
    for field in ("password1", "password2"):
        phone.locator(f"[name={field}]").fill(SECRET)
    phone.get_by_role("button", name="接受邀请").click()
    expect(phone.get_by_role("link", name="账号")).to_be_visible()

    codes = set_up_factor(phone)
    sign_in_by_code(phone, codes[0])
    sign_in_by_code(phone, codes[1])

    take_over(desk, crew, by=Person.objects.get(email=ADDRESS))
    expect(desk.locator("#notes")).to_be_visible()
    assert not Membership.objects.filter(person=crew.manager, role=Role.MANAGER).exists()
    told = Event.objects.get(verb=Verb.HANDED_OVER)
    assert told.after is not None
    assert told.after["heir"] == "宋临风"


def invite(page: Page, *, scope: str) -> None:
    page.goto("/people/")
    page.get_by_text("通过邮件邀请担任某一角色").click()
    form = page.locator("#invite form")
    form.get_by_label("电子邮箱").fill(ADDRESS)
    form.get_by_label("姓名").fill("宋临风")
    form.get_by_label("角色").select_option(Role.MANAGER)
    form.get_by_label("所属").select_option(scope)
    form.get_by_role("button", name="发送邀请").click()
    expect(page.locator("main")).to_contain_text(ADDRESS)


def set_up_factor(page: Page) -> list[str]:
    """By the app's key as a person would type it; the recovery codes as they are shown."""
    page.goto("/second-factor/")
    page.get_by_role("link", name="设置验证器应用").click()
    page.locator("[name=password]").fill(SECRET)
    page.get_by_role("button", name="继续").click()
    expect(page.locator("img.qr")).to_be_visible()
    page.locator("main summary").click()
    secret = page.locator("details code").inner_text()
    page.locator("[name=code]").fill(code_of(secret))
    page.get_by_role("button", name="确认").click()
    expect(page.locator(".codes li")).to_have_count(10)
    codes = page.locator(".codes code").all_inner_texts()
    page.get_by_role("link", name="我已保存").click()
    return codes


def sign_in_by_code(page: Page, code: str) -> None:
    """Out, and in again with the password and one of the recovery codes."""
    page.goto("/account/")
    page.locator("main").get_by_role("button", name="退出").click()
    page.get_by_label("邮箱").fill(ADDRESS)
    page.get_by_label("密码").fill(SECRET)
    page.get_by_role("button", name="登录", exact=True).click()
    page.locator("[name=code]").fill(code)
    page.get_by_role("button", name="登录", exact=True).click()
    expect(page.get_by_role("link", name="账号")).to_be_visible()


def take_over(page: Page, crew: Cast, *, by: Person) -> None:
    post = Membership.objects.get(person=crew.manager, role=Role.MANAGER)
    page.goto("/people/")
    page.locator(f"main a[href='/people/roles/{post.pk}/']").first.click()
    page.get_by_label("理由").fill("调离，工作已交接。")
    page.locator("[name=heir]").select_option(f"person-{by.pk}")
    page.get_by_role("button", name="终止该角色").click()
