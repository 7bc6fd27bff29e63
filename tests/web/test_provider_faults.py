"""A provider of OpenID Connect that is down or lies, and ways back that nobody began."""

import threading
from typing import Any

import pytest
import requests
from allauth.socialaccount.models import SocialAccount
from django.test import Client
from django.urls import reverse

from plants.models import Person
from tests.openid import CLIENT_ID, CONFIGURATION, OpenIdServer, make_key, running_provider
from tests.web.provider_walks import SILENT, TOO_LATE, come_back, is_in, press, read_after

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser() -> Client:
    return Client(headers={"Accept-Language": "en"})


@pytest.mark.parametrize(
    "wrong",
    [
        {"signing_key": make_key()},
        {"signing_key": "x" * 40, "algorithm": "HS256"},
        {"signing_key": None, "algorithm": "none"},
        {"claims": {"nonce": "of another sign-in"}},
        {"claims": {"nonce": None}},
        {"claims": {"aud": "another-site"}},
        {"claims": {"aud": [CLIENT_ID, "another-site"], "azp": "another-site"}},
        {"claims": {"exp": 1}},
        {"claims": {"exp": None}},
        {"claims": {"iss": "https://elsewhere.example"}},
        {"claims": {"sub": ""}},
        {"claims": {"sub": "x" * 192}},
        {"claims": {"sub": "a\0b"}},
        {"only_userinfo_has_email": True, "answers": {"/userinfo": b'{"sub": "somebody-else"}'}},
        {"answers": {"/token": b"nonsense"}},
        {"answers": {"/token": b'["access_token"]'}},
        {"answers": {"/token": b'{"access_token": "open"}'}},
        {"answers": {"/token": b'{"access_token": "open", "id_token": "a.b.c"}'}},
        {"answers": {"/keys": b'{"keys": 3}'}},
        {"answers": {"/keys": b"\xff"}},
        {"error": "server_error"},
    ],
)
def test_wrong_answer_lets_nobody_in(
    vouched: Person, provider: OpenIdServer, browser: Client, wrong: dict[str, Any]
) -> None:
    for name, value in wrong.items():
        setattr(provider, name, value)

    answer = come_back(browser)

    assert SILENT in read_after(browser, answer)
    assert not SocialAccount.objects.exists()
    assert not is_in(browser)


@pytest.mark.parametrize(
    "told",
    [
        b"",
        b"<html>",
        b"[]",
        b'{"issuer": "https://elsewhere.example"}',
        b"\xff\xfe",
    ],
)
def test_provider_that_talks_nonsense_is_said(
    provider: OpenIdServer, browser: Client, told: bytes
) -> None:
    provider.answers[CONFIGURATION] = told

    assert SILENT in read_after(browser, press(browser))


@pytest.mark.parametrize("there", ["http://elsewhere.example/", "javascript:alert(1)", None, 3])
def test_provider_may_not_lead_to_an_open_address(
    provider: OpenIdServer, browser: Client, there: object
) -> None:
    provider.described = {"authorization_endpoint": there}

    assert SILENT in read_after(browser, press(browser))


def test_provider_that_is_down_is_said(settings: Any, browser: Client) -> None:
    with running_provider() as gone:
        settings.OIDC_ISSUER = gone.issuer

    assert SILENT in read_after(browser, press(browser))


def test_provider_that_goes_down_midway_is_said(
    vouched: Person, provider: OpenIdServer, settings: Any, browser: Client
) -> None:
    there = press(browser).context["address"]
    back = requests.get(there, allow_redirects=False, timeout=10).headers["Location"]
    provider.answers[CONFIGURATION] = b"down"

    assert SILENT in read_after(browser, browser.get(back.removeprefix("http://testserver")))


def test_provider_that_is_slow_is_not_waited_for(
    provider: OpenIdServer, settings: Any, browser: Client
) -> None:
    settings.SOCIALACCOUNT_REQUESTS_TIMEOUT = 0.3
    provider.held = threading.Event()

    assert SILENT in read_after(browser, press(browser))


def test_person_who_declines_there_is_told(
    vouched: Person, provider: OpenIdServer, browser: Client
) -> None:
    provider.error = "access_denied"

    assert "let you go without signing you in" in read_after(browser, come_back(browser))


@pytest.mark.parametrize("query", ["", "?state=made-up&code=x", "?error=access_denied"])
def test_way_back_that_nobody_began(provider: OpenIdServer, browser: Client, query: str) -> None:
    answer = browser.get(reverse("provider-back") + query)

    assert TOO_LATE in read_after(browser, answer)
    assert provider.asked == []


def test_way_back_works_once_and_in_its_own_browser(
    vouched: Person, provider: OpenIdServer, browser: Client
) -> None:
    there = press(browser).context["address"]
    back = requests.get(there, allow_redirects=False, timeout=10).headers["Location"]
    back = back.removeprefix("http://testserver")
    other = Client(headers={"Accept-Language": "en"})

    assert TOO_LATE in read_after(other, other.get(back))
    assert browser.get(back).headers["Location"] == reverse("home")
    browser.logout()
    assert TOO_LATE in read_after(browser, browser.get(back))


def test_provider_is_asked_only_so_often(provider: OpenIdServer, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"login": "2/m/ip"}
    browser = Client()

    assert [press(browser).status_code for _ in range(3)] == [200, 200, 429]
