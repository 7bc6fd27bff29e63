"""Passkeys with Chromium's own virtual authenticator: as second step, alone, and ended."""

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, Route, expect

from plants.models import Person, Role
from tests.browsers import NewPage
from tests.factories import PASSWORD, Cast
from tests.web.pages import sign_in
from tests.web.test_accessibility import look
from tracker.accounts.models import AccountMail, MailKind
from tracker.audit import Event, Verb

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def no_counted_tries() -> None:
    cache.clear()


def plug_in(page: Page) -> tuple[Any, str]:
    """A device that is made for these pages and says yes each time; the wire to it and its id."""
    wire = page.context.new_cdp_session(page)
    wire.send("WebAuthn.enable")
    device = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    made = wire.send("WebAuthn.addVirtualAuthenticator", {"options": device})
    return wire, made["authenticatorId"]


def add_passkey(page: Page, *, alone: bool) -> None:
    page.goto(reverse("mfa_add_webauthn"))
    page.get_by_label("Present password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    if alone:
        page.get_by_label("Sign in with it alone").check()
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()


def leave(page: Page) -> None:
    page.context.clear_cookies()
    page.goto(reverse("sign-in"))


def type_password(page: Page, person: Person) -> None:
    page.get_by_label("E-mail").fill(person.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def test_button_waits_for_the_script_that_listens(
    crew: Cast, new_page: NewPage, live_server: Any
) -> None:
    page = new_page(locale="en")
    held: list[Route] = []
    page.route("**/app*.js", lambda route: held.append(route))
    page.goto(reverse("sign-in"), wait_until="commit")
    button = page.locator("#passkey-button")

    expect(button).to_be_disabled()
    page.wait_for_function("() => window.allauth")
    expect(button).to_be_disabled()
    for route in held:
        route.continue_()

    expect(button).to_be_enabled()


def test_passkey_is_the_second_step(crew: Cast, new_page: NewPage, live_server: Any) -> None:
    assert live_server.url.startswith("http://localhost")
    page = sign_in(new_page(locale="en"), crew.manager, live_server)
    plug_in(page)
    add_passkey(page, alone=False)
    leave(page)

    type_password(page, crew.manager)
    expect(page.get_by_text("One more step")).to_be_visible()
    found = look(page, "step")
    page.get_by_role("button", name="Use the passkey").click()

    expect(page).to_have_url(f"{live_server.url}/")
    assert found == []
    assert Event.objects.filter(verb=Verb.ADDED_FACTOR, person=crew.manager).count() == 1
    kinds = AccountMail.objects.values_list("kind", flat=True)
    assert MailKind.FACTOR_ON in kinds


def test_passkey_alone_lets_her_in_and_on(crew: Cast, new_page: NewPage, live_server: Any) -> None:
    page = sign_in(new_page(locale="en"), crew.manager, live_server)
    plug_in(page)
    add_passkey(page, alone=True)
    page.context.clear_cookies()
    page.goto(reverse("roles"))

    page.get_by_role("button", name="Sign in with a passkey").click()

    expect(page).to_have_url(f"{live_server.url}{reverse('roles')}")
    assert Event.objects.filter(verb=Verb.SIGNED_IN, person=crew.manager).count() == 1


def test_closed_account_is_closed_to_its_passkey(
    crew: Cast, new_page: NewPage, live_server: Any
) -> None:
    page = sign_in(new_page(locale="en"), crew.manager, live_server)
    plug_in(page)
    add_passkey(page, alone=True)
    Person.objects.filter(pk=crew.manager.pk).update(is_active=False)
    leave(page)

    page.get_by_role("button", name="Sign in with a passkey").click()

    expect(page.get_by_text("This account is closed")).to_be_visible()


def test_device_that_says_no_is_told_in_words(
    crew: Cast, new_page: NewPage, live_server: Any
) -> None:
    page = sign_in(new_page(locale="en"), crew.manager, live_server)
    wire, device = plug_in(page)
    add_passkey(page, alone=False)
    wire.send("WebAuthn.setUserVerified", {"authenticatorId": device, "isUserVerified": False})
    leave(page)

    page.get_by_role("button", name="Sign in with a passkey").click()

    expect(page.get_by_text("The passkey wasn't read")).to_be_visible(timeout=70_000)
    assert page.url.endswith(reverse("sign-in"))


def test_pages_and_ending_it(
    crew: Cast, new_page: NewPage, live_server: Any, settings: Any
) -> None:
    """Also by axe, at both widths; and the last one stays with who needs it."""
    page = sign_in(new_page(locale="en"), crew.manager, live_server)
    plug_in(page)
    page.goto(reverse("mfa_add_webauthn"))
    page.get_by_label("Present password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    found = look(page, "add")
    page.goto(reverse("mfa_activate_totp"))
    found += look(page, "app")
    page.goto(reverse("mfa_add_webauthn"))
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    found += look(page, "codes")
    page.goto(reverse("mfa_index"))
    found += look(page, "index")

    settings.SECOND_FACTOR_FOR = [Role.MANAGER]
    for said in ("Your role needs a second factor", "lets nobody in any more"):
        page.get_by_role("link", name="End it Passkey 1").click()
        page.get_by_role("button", name="End the passkey").click()
        expect(page.get_by_text(said)).to_be_visible()
        settings.SECOND_FACTOR_FOR = []

    assert found == []
    assert not Authenticator.objects.exists()


def test_no_passkeys_where_browsers_give_none(crew: Cast, settings: Any) -> None:
    plain = Client().get(reverse("sign-in"))
    secure = Client().get(reverse("sign-in"), secure=True)
    settings.SITE_URL = "https://ule.example.cn"
    behind = Client().get(reverse("sign-in"))

    offered = [b"passkey-button" in each.content for each in (plain, secure, behind)]
    assert offered == [False, True, True]
