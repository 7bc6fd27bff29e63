"""Signing in at a provider in Chromium, whose policy for forms asks after each redirect."""

from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests.axe import find_violations
from tests.browsers import NewPage
from tests.factories import Cast
from tests.openid import OpenIdServer
from tests.web.pages import looked_at_once
from tracker.audit import Event, Verb

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("scripts", [True, False])
def test_button_leads_home(
    crew: Cast, provider: OpenIdServer, new_page: NewPage, live_server: Any, scripts: bool
) -> None:
    provider.email = crew.manager.email
    page = new_page(java_script_enabled=scripts)

    page.goto(reverse("plants"))
    page.get_by_role("button", name="使用单位统一身份账号登录").click()

    page.wait_for_url(f"{live_server.url}{reverse('plants')}")
    assert Event.objects.filter(verb=Verb.SIGNED_IN, person=crew.manager).exists()


def test_provider_that_is_down_is_said(
    crew: Cast, provider: OpenIdServer, new_page: NewPage, live_server: Any
) -> None:
    provider.described = {"issuer": "https://elsewhere.example"}
    page = new_page(locale="en")

    page.goto(reverse("sign-in"))
    page.get_by_role("button", name="Sign in with your work account").click()

    expect(page.get_by_text("The sign-in service can't be reached")).to_be_visible()


@looked_at_once
@pytest.mark.parametrize("locale", ["zh-CN", "en"])
@pytest.mark.parametrize("width", [1440, 360])
def test_pages_are_for_everybody(
    provider: OpenIdServer,
    new_page: NewPage,
    live_server: Any,
    settings: Any,
    width: int,
    locale: str,
) -> None:
    """By axe, with the button, and on the way to a provider that lets the page stand."""
    settings.OIDC_NAME = "新疆维吾尔自治区政务服务统一身份认证平台 (single sign-on)"
    page = new_page(width=width, locale=locale)
    page.route(f"{provider.issuer}/authorize**", lambda route: route.fulfill(status=204))

    page.goto(reverse("sign-in"))
    found = find_violations(page)
    button = page.locator(f"form[action='{reverse('provider-sign-in')}'] button")
    assert not button.evaluate("e => e.scrollWidth > e.clientWidth")
    button.click()
    page.wait_for_url(f"**{reverse('provider-sign-in')}")
    found += find_violations(page)

    assert found == []
    assert not page.locator("html").evaluate("e => e.scrollWidth > e.clientWidth")
