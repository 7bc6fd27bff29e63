"""The page of an obligation's reminders: to whom, for what, and who accepted the mail."""

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from plants.models import Person
from tests.factories import NOW, Cast
from tests.web.conftest import BrowserOf
from tests.web.pages import make_things, text_of
from tracker.obligations.models import Obligation
from tracker.reminders.models import Kind, LetterKind, Message, Reminder
from tracker.web.reminded import rung_in_words


@pytest.fixture
def obligation(world: Cast) -> Obligation:
    return make_things(world).waiting


def page_of(client: Client, obligation: Obligation, page: int = 1) -> str:
    address = reverse("obligation-reminders", args=[obligation.pk])
    return text_of(client.get(address, {"page": page}))


@pytest.mark.parametrize(
    ("rung", "words"),
    [
        (30, "30 days before"),
        (1, "1 day before"),
        (0, "on the day"),
        (-1, "1 day after"),
        (-14, "14 days after"),
    ],
)
def test_rungs_in_words(rung: int, words: str, english: None) -> None:
    assert rung_in_words(rung) == words


def test_shows_the_proof(world: Cast, obligation: Obligation, browser_of: BrowserOf) -> None:
    page = page_of(browser_of(world.changji_officer), obligation)

    assert f"{world.manager.name} {world.manager.email} 30 days before" in page
    assert "Accepted by smtp.demo.example:25 250 2.0.0 Ok: queued as 4XyZ1a2b3c" in page
    assert "Message-ID <1@example>" in page
    assert "7 days before" in page
    assert "planned 3 attempts 451 4.3.0 Try again later" in page
    assert "on the day" in page
    assert "cancelled" in page


def test_says_where_no_server_was_asked(
    world: Cast, obligation: Obligation, browser_of: BrowserOf
) -> None:
    Message.objects.update(server="outbox", answer="")

    page = page_of(browser_of(world.manager), obligation)

    assert "Written to this site's outbox; no mail server was asked." in page


def test_says_that_nothing_was_promised(
    world: Cast, obligation: Obligation, browser_of: BrowserOf
) -> None:
    other = obligation.plant.obligations.exclude(pk=obligation.pk).first()
    assert other is not None

    assert "No reminder was promised yet" in page_of(browser_of(world.auditor), other)


def test_many_are_paged_in_few_queries(
    world: Cast,
    obligation: Obligation,
    browser_of: BrowserOf,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    add_rungs(obligation, world.manager, 60)
    client = browser_of(world.administrator)

    with django_assert_max_num_queries(8):
        page = page_of(client, obligation)

    assert "1–50 of 63" in page
    assert "51–63 of 63" in page_of(client, obligation, page=2)


def add_rungs(obligation: Obligation, person: Person, count: int) -> None:
    Reminder.objects.bulk_create(
        Reminder(
            obligation=obligation,
            person=person,
            kind=Kind.DUE,
            letter=LetterKind.DIGEST,
            rung=-7 * number,
            due_on=obligation.due_on,
            planned_at=NOW,
            next_attempt_at=NOW,
        )
        for number in range(1, count + 1)
    )


def test_obligation_leads_there(world: Cast, obligation: Obligation, browser_of: BrowserOf) -> None:
    page = browser_of(world.manager).get(reverse("obligation", args=[obligation.pk]))

    assert reverse("obligation-reminders", args=[obligation.pk]) in page.content.decode()
