"""Where one is signed in, signing out from there, and being told of a browser that is new."""

from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from plants.models import Person
from tests.factories import PASSWORD, PersonFactory
from tracker.accounts.mails import send_mails
from tracker.accounts.models import AccountMail, MailKind
from tracker.audit import Event, Verb
from tracker.web.devices import name_of

pytestmark = pytest.mark.django_db
EDGE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/140.0 Safari/537.36 Edg/140.0"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1"


@pytest.fixture
def person() -> Person:
    return PersonFactory.create(email="ma@demo.example", language="en")


def browser(user_agent: str = EDGE) -> Client:
    return Client(headers={"User-Agent": user_agent, "Accept-Language": "en"})


def sign_in(client: Client, person: Person, **meta: Any) -> None:
    form = {"login": person.email, "password": PASSWORD}
    assert client.post(reverse("sign-in"), form, **meta).status_code == 302


def test_session_elsewhere_is_listed_and_ended(person: Person) -> None:
    desk, phone = browser(), browser(PHONE)
    sign_in(phone, person)
    sign_in(desk, person)
    page = desk.get(reverse("sessions"))
    here, there = page.context["rows"]

    desk.post(reverse("session-end", args=[there["session"].pk]))

    assert (here["here"], here["name"], there["name"]) == (
        True,
        "Edge · Windows",
        "Safari · iPhone",
    )
    assert [each.get(reverse("account")).status_code for each in (desk, phone)] == [200, 302]
    assert Event.objects.get(verb=Verb.ENDED_SESSION).note == "Safari · iPhone"


def test_sessions_of_others_are_not_there(person: Person) -> None:
    other, mine = browser(), browser()
    sign_in(other, PersonFactory.create())
    sign_in(mine, person)
    [row] = other.get(reverse("sessions")).context["rows"]

    assert mine.post(reverse("session-end", args=[row["session"].pk])).status_code == 404
    assert other.get(reverse("account")).status_code == 200


def test_new_browser_is_told_of_but_neither_the_first_nor_a_known_one(person: Person) -> None:
    first, second = browser(), browser(PHONE)
    counts = []
    for client in (first, first, second, second):
        sign_in(client, person)
        client.post(reverse("sign-out"))
        counts.append(AccountMail.objects.filter(kind=MailKind.NEW_BROWSER).count())

    assert counts == [0, 0, 1, 1]
    assert send_mails(now=timezone.now()) == 1
    assert mail.outbox[0].subject == "[ULE] Sign-in with another browser"
    assert reverse("sessions") in str(mail.outbox[0].body)


def test_browser_known_to_another_is_new_to_her(person: Person) -> None:
    shared = browser()
    sign_in(browser(PHONE), person)
    sign_in(shared, PersonFactory.create())
    shared.post(reverse("sign-out"))

    sign_in(shared, person)

    assert AccountMail.objects.get(kind=MailKind.NEW_BROWSER).person == person


@pytest.mark.parametrize("address", ["", "unix:", "10.0.0.7:5123", "2001:db8::7"])
def test_any_address_on_the_network_lets_people_in(person: Person, address: str) -> None:
    sign_in(browser(), person, REMOTE_ADDR=address)


@pytest.mark.parametrize(
    ("header", "name"), [(EDGE, "Edge · Windows"), ("curl/8", "curl/8"), ("", "?")]
)
def test_browsers_are_named_as_people_know_them(header: str, name: str) -> None:
    assert name_of(header) == name
