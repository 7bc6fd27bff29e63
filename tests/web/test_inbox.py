"""The inbox: one entry for a night, read when it is opened; and the page that stops news."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from plants.models import Person
from tests.factories import NOW, TODAY, Cast, ObligationFactory
from tests.web.conftest import BrowserOf
from tests.web.pages import text_of
from tracker.audit import Actor, Verb, record
from tracker.obligations.models import Obligation
from tracker.reminders.changes import plan_changes
from tracker.reminders.models import Preference, Reminder
from tracker.reminders.plan import plan_reminders
from tracker.reminders.prefer import token_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def owed(crew: Cast) -> list[Obligation]:
    return [ObligationFactory.create(plant=crew.plant, due_on=TODAY) for _ in range(3)]


@pytest.fixture
def told(crew: Cast, owed: list[Obligation]) -> list[Obligation]:
    plan_reminders(today=TODAY, at=NOW)
    return owed


def inbox_of(client: Client) -> str:
    return text_of(client.get(reverse("inbox")))


def first_of(person: Person) -> int:
    return Reminder.objects.filter(person=person).order_by("pk")[0].pk


def test_counts_in_the_navigation_until_opened(
    crew: Cast, told: list[Obligation], browser_of: BrowserOf
) -> None:
    client = browser_of(crew.manager, language="zh-hans")
    assert "站内信 1" in " ".join(inbox_of(client).split())
    assert "到期提醒：3 项" in inbox_of(client)

    page = text_of(client.get(reverse("inbox-entry", args=[first_of(crew.manager)])))
    assert "当天" in page
    assert f"截止 {TODAY}" in page

    assert "站内信 1" not in " ".join(inbox_of(client).split())
    assert not Reminder.objects.filter(person=crew.manager, read_at__isnull=True).exists()
    assert Reminder.objects.exclude(person=crew.manager).filter(read_at__isnull=True).exists()


def test_everything_is_read_at_once(
    crew: Cast, told: list[Obligation], browser_of: BrowserOf
) -> None:
    client = browser_of(crew.manager)

    client.post(reverse("inbox-read"))

    assert not Reminder.objects.filter(person=crew.manager, read_at__isnull=True).exists()
    assert "new" not in inbox_of(client).split()


def test_change_is_told_by_the_mails_sentence(
    crew: Cast, owed: list[Obligation], browser_of: BrowserOf
) -> None:
    record(
        by=Actor(crew.changji_officer, "tests"),
        at=NOW,
        verb=Verb.WAIVED,
        thing=owed[0],
        plant=crew.plant,
    )
    plan_changes(at=NOW)

    page = browser_of(crew.manager).get(reverse("inbox-entry", args=[first_of(crew.manager)]))

    assert "The waiver was granted" in text_of(page)


def test_full_inbox_asks_few_queries(
    crew: Cast, browser_of: BrowserOf, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    for number in range(60):
        ObligationFactory.create(plant=crew.plant, due_on=TODAY, period=f"{2000 + number}")
    plan_reminders(today=TODAY, at=NOW)
    client = browser_of(crew.manager)

    with django_assert_max_num_queries(9):
        page = client.get(reverse("inbox-entry", args=[first_of(crew.manager)]))

    assert "1–50 of 60" in text_of(page)


def test_hour_that_there_is_not_keeps_what_was_chosen(crew: Cast, browser_of: BrowserOf) -> None:
    client = browser_of(crew.manager)

    refused = client.post(reverse("preference-set"), {"hour": "3", "news_by_mail": "on"})
    assert refused.status_code == 422
    assert not Preference.objects.exists()

    client.post(reverse("preference-set"), {"hour": "17"})
    kept = Preference.objects.get()
    assert (kept.person, kept.hour, kept.news_by_mail) == (crew.manager, 17, False)


def test_mail_programme_stops_news_without_a_session(crew: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    address = reverse("news-stop", args=[token_of(crew.manager)])

    asked = client.get(address)
    assert not Preference.objects.exists()
    assert crew.manager.email in asked.content.decode()

    for _ in range(2):
        assert client.post(address, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert Preference.objects.get(person=crew.manager).news_by_mail is False
    assert client.post(f"{address[:-3]}xx/").status_code == 404
