"""Signing in at a provider of OpenID Connect: who is let in, who is not, and what is read then."""

from io import StringIO
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from plants.models import Person, Role
from tests.factories import Cast, PersonFactory, officer_of
from tests.openid import (
    OpenIdServer,
)
from tests.web.pages import text_of
from tests.web.provider_walks import NOT_LET_IN, come_back, is_in, press, read_after, verbs
from tests.web.test_second_factor import code_of, set_up, signed_in
from tracker.accounts.models import AccountMail, MailKind
from tracker.audit import Event, Verb

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser() -> Client:
    return Client(headers={"Accept-Language": "en"})


def test_without_a_provider_nothing_is_there(browser: Client) -> None:
    page = browser.get(reverse("sign-in")).content.decode()

    assert "provider" not in page
    for name in ("provider-sign-in", "provider-back"):
        assert browser.get(reverse(name)).status_code == 404
        assert browser.post(reverse(name)).status_code in (404, 405)


@pytest.mark.parametrize(
    ("name", "language", "words"),
    [
        ("", "en", "Sign in with your work account"),
        ("", "zh-CN", "使用单位统一身份账号登录"),
        ("疆政通", "zh-CN", "使用疆政通登录"),
    ],
)
def test_button_names_the_provider(
    provider: OpenIdServer, settings: Any, name: str, language: str, words: str
) -> None:
    settings.OIDC_NAME = name

    page = Client(headers={"Accept-Language": language}).get(reverse("sign-in"))

    assert words in text_of(page)
    assert provider.asked == []


def test_begins_by_a_button_only(provider: OpenIdServer) -> None:
    browser = Client(enforce_csrf_checks=True)

    assert browser.get(reverse("provider-sign-in")).headers["Location"] == reverse("sign-in")
    assert browser.post(reverse("provider-sign-in")).status_code == 403
    assert provider.asked == []


def test_asks_for_no_more_than_needed(vouched: Person, browser: Client) -> None:
    page = press(browser)
    query = dict(parse_qsl(urlsplit(page.context["address"]).query))

    assert query["redirect_uri"] == "http://testserver/sign-in/provider/back/"
    assert {"state", "nonce", "code_challenge"} < set(query)
    assert page.headers["Cache-Control"].count("no-store") == 1
    assert 'http-equiv="refresh"' in page.content.decode()


def test_invited_person_is_let_in_as_by_password(
    vouched: Person, provider: OpenIdServer, browser: Client
) -> None:
    provider.email = "MA@Demo.Example"

    answer = come_back(browser, "/plants/?kind=clinker")

    assert (answer.status_code, answer.headers["Location"]) == (302, "/plants/?kind=clinker")
    assert browser.session["_auth_user_id"] == str(vouched.pk)
    assert verbs(vouched) == [Verb.LINKED, Verb.SIGNED_IN]
    link = SocialAccount.objects.get()
    assert (link.user, link.provider, link.uid) == (vouched, provider.issuer, "subject-1")
    assert link.extra_data == {"email": "ma@demo.example"}
    assert not SocialToken.objects.exists()
    assert EmailAddress.objects.get().email == vouched.email
    vouched.refresh_from_db()
    assert vouched.spoken_language == "en"


@pytest.mark.parametrize("wanted", ["https://elsewhere.example/", "//elsewhere.example/", "home"])
def test_next_leads_nowhere_else(vouched: Person, browser: Client, wanted: str) -> None:
    assert come_back(browser, wanted).headers["Location"] == reverse("home")


def test_new_browser_is_told_by_mail(vouched: Person, browser: Client) -> None:
    come_back(browser)
    come_back(browser)
    assert not AccountMail.objects.exists()

    come_back(Client())

    assert AccountMail.objects.get().kind == MailKind.NEW_BROWSER


@pytest.mark.parametrize("claims", [{}, {"email": "other@demo.example"}])
def test_address_may_come_from_userinfo(
    vouched: Person, provider: OpenIdServer, browser: Client, claims: dict[str, str]
) -> None:
    """Both its parts: that one is verified says nothing of another that is in the token."""
    PersonFactory.create(email="other@demo.example")
    provider.only_userinfo_has_email = True
    provider.claims = claims

    come_back(browser)

    assert browser.session["_auth_user_id"] == str(vouched.pk)


def test_provider_without_userinfo_may_say_all_in_the_token(
    vouched: Person, provider: OpenIdServer, browser: Client
) -> None:
    provider.described = {
        "userinfo_endpoint": None,
        "authorization_endpoint": f"{provider.issuer}/authorize?policy=1",
    }

    come_back(browser)

    assert is_in(browser)
    assert "/userinfo" not in provider.asked


@pytest.mark.parametrize("said", [False, None, "false", 1, {}])
def test_address_that_nobody_vouches_for(
    vouched: Person, provider: OpenIdServer, browser: Client, said: object
) -> None:
    provider.email_verified = said

    answer = come_back(browser)

    assert NOT_LET_IN["unverified"] in read_after(browser, answer)
    assert verbs(vouched) == [Verb.FAILED_SIGN_IN]
    assert not is_in(browser)


@pytest.mark.parametrize("email", ["", ["ma@demo.example"], "no address", "ma@demo.example\n"])
def test_address_that_is_none(
    vouched: Person, provider: OpenIdServer, browser: Client, email: Any
) -> None:
    provider.email = email

    assert NOT_LET_IN["unverified"] in read_after(browser, come_back(browser))


def test_stranger_is_not_signed_up(provider: OpenIdServer, browser: Client) -> None:
    provider.email = "stranger@demo.example"

    answer = come_back(browser)

    assert NOT_LET_IN["unknown"] in read_after(browser, answer)
    assert not Person.objects.exists()
    assert not SocialAccount.objects.exists()


def test_refusal_is_in_the_readers_language(provider: OpenIdServer) -> None:
    provider.email, browser = "stranger@demo.example", Client(HTTP_ACCEPT_LANGUAGE="zh-CN")

    assert "本系统中没有" in read_after(browser, come_back(browser))


@pytest.mark.parametrize("was_linked", [True, False])
def test_closed_account_stays_closed(vouched: Person, browser: Client, was_linked: bool) -> None:
    if was_linked:
        come_back(Client())
    Person.objects.update(is_active=False)

    answer = come_back(browser)

    assert NOT_LET_IN["closed"] in read_after(browser, answer)
    assert verbs(vouched)[-1] == Verb.FAILED_SIGN_IN
    assert not is_in(browser)


def test_other_subject_with_her_address_does_not_take_over(
    vouched: Person, provider: OpenIdServer, browser: Client
) -> None:
    come_back(Client())
    provider.subject = "subject-2"

    answer = come_back(browser)

    assert NOT_LET_IN["linked"] in read_after(browser, answer)
    assert SocialAccount.objects.get().uid == "subject-1"
    assert verbs(vouched)[-1] == Verb.FAILED_SIGN_IN
    assert not is_in(browser)


def test_changed_address_at_the_provider_moves_nobody(
    vouched: Person, provider: OpenIdServer, browser: Client
) -> None:
    come_back(Client())
    other = PersonFactory.create(email="other@demo.example")
    provider.email, provider.email_verified = other.email, False

    come_back(browser)

    assert browser.session["_auth_user_id"] == str(vouched.pk)
    vouched.refresh_from_db()
    assert vouched.email == "ma@demo.example"


def test_ended_link_makes_room_for_another_subject(
    vouched: Person, provider: OpenIdServer, browser: Client
) -> None:
    come_back(Client())
    provider.subject = "subject-2"

    call_command("unlink_identity", "MA@demo.example", stdout=StringIO())
    come_back(browser)

    assert is_in(browser)
    assert SocialAccount.objects.get().uid == "subject-2"
    told = Event.objects.get(verb=Verb.UNLINKED)
    assert told.before == {"issuer": provider.issuer, "subject": "subject-1"}
    assert told.person is None


def test_administrator_ends_a_link_in_the_back_office(
    provider: OpenIdServer, world: Cast, browser: Client
) -> None:
    provider.email = world.manager.email
    come_back(Client())
    link = SocialAccount.objects.get()
    browser.force_login(world.administrator)
    base = "admin:socialaccount_socialaccount"

    listed = text_of(browser.get(reverse(f"{base}_changelist")))
    gone = browser.post(reverse(f"{base}_delete", args=[link.pk]), {"post": "yes"})

    assert world.manager.email in listed
    assert gone.status_code == 302
    assert not SocialAccount.objects.exists()
    told = Event.objects.get(verb=Verb.UNLINKED)
    assert (told.person, told.thing_id) == (world.administrator, world.manager.pk)
    assert browser.get(reverse(f"{base}_add")).status_code == 403
    assert browser.get("/admin/socialaccount/socialapp/").status_code == 404


def test_unlinking_says_where_there_is_nothing() -> None:
    PersonFactory.create(email="ma@demo.example")

    with pytest.raises(CommandError, match="isn't linked"):
        call_command("unlink_identity", "ma@demo.example")
    with pytest.raises(CommandError, match="Nobody has the address"):
        call_command("unlink_identity", "nobody@demo.example")


def test_subject_of_another_issuer_is_somebody_else(
    vouched: Person, provider: OpenIdServer, browser: Client
) -> None:
    other = PersonFactory.create(email="other@demo.example")
    SocialAccount.objects.create(user=other, provider="https://before.example", uid="subject-1")

    come_back(browser)

    assert browser.session["_auth_user_id"] == str(vouched.pk)


def test_whoever_was_signed_in_is_signed_out_for_her(vouched: Person, browser: Client) -> None:
    browser.force_login(PersonFactory.create(email="other@demo.example"))

    come_back(browser)

    assert browser.session["_auth_user_id"] == str(vouched.pk)


def test_allauths_own_pages_are_not_there(provider: OpenIdServer, browser: Client) -> None:
    for path in ("social/signup/", "social/connections/", "signup/", "accounts/3rdparty/", "oidc/"):
        assert browser.get(f"/{path}").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_second_factor_is_still_asked_for(provider: OpenIdServer, crew: Cast) -> None:
    cache.clear()
    secret, _codes = set_up(signed_in(crew.manager))
    browser, provider.email = Client(), crew.manager.email

    asked = come_back(browser, "/plants/")
    was_in = is_in(browser)
    done = browser.post(reverse("mfa_authenticate"), {"code": code_of(secret, ahead=1)})

    assert (asked.headers["Location"], was_in) == (reverse("mfa_authenticate"), False)
    assert done.headers["Location"] == "/plants/"
    assert is_in(browser)


def test_role_that_needs_a_factor_is_led_to_it(
    provider: OpenIdServer, world: Cast, settings: Any, browser: Client
) -> None:
    settings.SECOND_FACTOR_FOR = [Role.OFFICER]
    officer = officer_of(world.plant.authority, email="new-officer@demo.example")
    provider.email = officer.email

    come_back(browser)

    assert browser.get(reverse("home")).headers["Location"] == reverse("mfa_index")
    led = browser.get(reverse("mfa_activate_totp")).headers["Location"]
    assert led.startswith(reverse("account_reauthenticate"))
    assert browser.get(led).status_code == 200
