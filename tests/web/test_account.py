"""Signing in by e-mail, whose language it is, and where one goes afterwards."""

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from tests.factories import PASSWORD, Cast, PersonFactory
from tests.web.conftest import BrowserOf
from tracker.audit import Event, Verb

pytestmark = pytest.mark.django_db


def sign_in(client: Client, email: str, password: str = PASSWORD, **form: str) -> object:
    return client.post(reverse("sign-in"), {"login": email, "password": password, **form})


def language_of(client: Client) -> str:
    page = client.get(reverse("sign-in"), follow=True).content.decode()
    return "zh" if '<html lang="zh-Hans">' in page else "en"


@pytest.mark.parametrize("typed", ["ma@demo.example", "MA@Demo.Example", " ma@demo.example "])
def test_sign_in_by_email_as_people_type_it(client: Client, typed: str) -> None:
    person = PersonFactory.create(email="ma@demo.example")

    answer = sign_in(client, typed)

    assert (answer.status_code, answer.url) == (302, reverse("home"))  # type: ignore[attr-defined]
    assert client.session["_auth_user_id"] == str(person.pk)


def test_sign_in_is_in_the_trail(client: Client) -> None:
    person = PersonFactory.create(email="ma@demo.example")

    sign_in(client, "ma@demo.example", "wrong")
    sign_in(client, "ma@demo.example")

    event = Event.objects.get(person=person)
    assert (event.verb, event.person, event.origin) == (Verb.SIGNED_IN, person, "127.0.0.1")


def test_wrong_password_says_what_to_do_and_keeps_the_address(client: Client) -> None:
    PersonFactory.create(email="ma@demo.example")

    page = sign_in(client, "ma@demo.example", "wrong").content.decode()  # type: ignore[attr-defined]

    assert 'value="ma@demo.example"' in page
    assert "邮箱与密码不匹配" in page


@pytest.mark.parametrize(
    ("wanted", "reached"),
    [
        ("/plants/?kind=clinker", "/plants/?kind=clinker"),
        ("https://elsewhere.example/", "/"),
        ("//elsewhere.example/", "/"),
        ("javascript:alert(1)", "/"),
    ],
)
def test_next_leads_on_within_the_site_only(client: Client, wanted: str, reached: str) -> None:
    PersonFactory.create(email="ma@demo.example")

    answer = sign_in(client, "ma@demo.example", next=wanted)

    assert answer.url == reached  # type: ignore[attr-defined]


def test_sign_out_is_a_post_and_ends_the_session(world: Cast, browser_of: BrowserOf) -> None:
    browser = browser_of(world.manager)

    answer = browser.post(reverse("sign-out"))

    assert answer.url == reverse("sign-in")  # type: ignore[attr-defined]
    assert browser.get(reverse("home")).status_code == 302


@pytest.mark.parametrize(
    ("accepts", "language"),
    [
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("en-GB,en;q=0.9,zh;q=0.8", "en"),
        ("ug,kk;q=0.9", "zh"),
        ("", "zh"),
    ],
)
def test_browser_language_comes_first_else_chinese(accepts: str, language: str) -> None:
    assert language_of(Client(HTTP_ACCEPT_LANGUAGE=accepts)) == language


def test_chosen_language_holds_for_browser_and_mails(world: Cast, browser_of: BrowserOf) -> None:
    browser = browser_of(world.manager, language="zh-CN")

    answer = browser.post(reverse("language"), {"language": "en", "next": "/plants/"})

    assert answer.url == "/plants/"  # type: ignore[attr-defined]
    assert '<html lang="en">' in browser.get("/plants/").content.decode()
    world.manager.refresh_from_db()
    assert world.manager.language == "en"


def test_person_finds_her_language_again_after_sign_in(client: Client) -> None:
    PersonFactory.create(email="ma@demo.example", language="en")

    sign_in(client, "ma@demo.example")

    assert client.cookies[settings.LANGUAGE_COOKIE_NAME].value == "en"


@pytest.mark.parametrize(
    ("accepts", "spoken"),
    [("en-GB,en;q=0.9", "en"), ("zh-CN,zh;q=0.9", "zh-hans"), ("ug", "zh-hans")],
)
def test_sign_in_keeps_the_language_that_is_spoken(
    client: Client, accepts: str, spoken: str
) -> None:
    person = PersonFactory.create(email="ma@demo.example", spoken_language="en")

    client.post(
        reverse("sign-in"),
        {"login": "ma@demo.example", "password": PASSWORD},
        headers={"Accept-Language": accepts},
    )

    person.refresh_from_db()
    assert (person.language, person.spoken_language) == ("", spoken)


@pytest.mark.parametrize("language", ["xx", "", "en; drop"])
def test_unknown_language_changes_nothing(
    world: Cast, browser_of: BrowserOf, language: str
) -> None:
    browser = browser_of(world.manager)

    page = browser.post(reverse("language"), {"language": language}, follow=True).content.decode()

    assert "There is no such language here" in page
    assert settings.LANGUAGE_COOKIE_NAME not in browser.cookies
    world.manager.refresh_from_db()
    assert world.manager.language == ""


def test_demo_accounts_are_named_on_a_demo_site_only(client: Client, settings: object) -> None:
    PersonFactory.create(email="manager@demo.example")

    real = client.get(reverse("sign-in")).content.decode()
    settings.DEMO_SITE = True  # type: ignore[attr-defined]
    demo = client.get(reverse("sign-in")).content.decode()

    assert [page.count("manager@demo.example") for page in (real, demo)] == [0, 1]
