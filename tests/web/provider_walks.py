"""Signing in at a provider, as the tests of it do: the button, the way there, and back."""

from typing import Any

import requests
from django.test import Client
from django.urls import reverse

from plants.models import Person
from tests.web.pages import text_of
from tracker.audit import Event

NOT_LET_IN = {
    "unverified": "hasn't made sure of your e-mail address",
    "unknown": "Nobody here has the e-mail address",
    "closed": "This account is closed",
    "linked": "linked to another identity",
}
SILENT = "can't be reached, or doesn't answer as it should"
TOO_LATE = "took too long, or was begun in another browser"


def press(browser: Client, next: str = "") -> Any:
    return browser.post(reverse("provider-sign-in"), {"next": next})


def come_back(browser: Client, next: str = "") -> Any:
    """Press the button, go where it leads, come back by the address that the provider gives."""
    there = press(browser, next).context["address"]
    sent = requests.get(there, allow_redirects=False, timeout=10)
    back = sent.headers["Location"]
    assert back.startswith("http://testserver/")
    return browser.get(back.removeprefix("http://testserver"))


def is_in(browser: Client) -> bool:
    return browser.get(reverse("account")).status_code == 200


def read_after(browser: Client, answer: Any) -> str:
    """The sign-in page, to which she was sent."""
    assert (answer.status_code, answer.headers["Location"]) == (302, reverse("sign-in"))
    return text_of(browser.get(reverse("sign-in")))


def verbs(person: Person) -> list[str]:
    chain = Event.objects.filter(thing_kind="person", thing_id=person.pk)
    return list(chain.order_by("pk").values_list("verb", flat=True))
