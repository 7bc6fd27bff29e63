"""Marked addresses on the People page: who sees why, who may clear it, and what then goes out."""

import pytest
from django.urls import reverse

from plants.models import Person
from tests.accounts.test_address_mails import mark_of
from tests.factories import NOW, Cast, ObligationFactory, administrator_of
from tests.web.conftest import BrowserOf
from tests.web.pages import text_of
from tracker.audit import Event, Verb
from tracker.reminders.models import AddressFault, Reminder

BUTTON = "Send reminders there again"


def clear_of(person: Person) -> str:
    return reverse("address-clear", args=[person.memberships.get().pk])


@pytest.mark.parametrize(
    ("reader", "buttons"), [("administrator", 1), ("changji_officer", 0), ("auditor", 0)]
)
def test_people_page_shows_why(
    world: Cast, browser_of: BrowserOf, reader: str, buttons: int
) -> None:
    mark_of(world.manager)

    page = text_of(browser_of(world.people[reader]).get(reverse("people")))

    assert page.count("mails come back") == 1
    assert "550 5.1.1 User unknown" in page
    assert page.count(BUTTON) == buttons


def test_clearing_plans_what_failed_anew(world: Cast, browser_of: BrowserOf) -> None:
    mark_of(world.manager)
    owed = ObligationFactory.create(plant=world.plant)
    Reminder.objects.create(
        obligation=owed,
        person=world.manager,
        kind="due",
        letter="digest",
        rung=0,
        due_on=owed.due_on,
        planned_at=NOW,
        next_attempt_at=NOW,
        state="failed",
        fault="address marked: 550 5.1.1 User unknown",
    )
    client = browser_of(world.administrator)

    first, second = (text_of(client.post(clear_of(world.manager), follow=True)) for _ in range(2))

    assert "manager@demo.example again; 1 that failed is planned anew." in first
    assert "mails come back" not in first
    assert "No mark stands for this address any more." in second
    assert Reminder.objects.get().state == "planned"
    assert AddressFault.objects.get().cleared_by == world.administrator
    assert Event.objects.filter(verb=Verb.UNMARKED, person=world.administrator).count() == 1


def test_administrator_of_elsewhere_clears_nothing(world: Cast, browser_of: BrowserOf) -> None:
    mark_of(world.manager)
    stranger = administrator_of(world.corps_plant.authority, email="stranger@demo.example")

    answer = browser_of(stranger).post(clear_of(world.manager))

    assert answer.status_code == 404
    assert AddressFault.objects.standing().exists()


def test_reminders_page_says_why_nothing_went(world: Cast, browser_of: BrowserOf) -> None:
    owed = ObligationFactory.create(plant=world.plant)
    Reminder.objects.create(
        obligation=owed,
        person=world.manager,
        kind="due",
        letter="digest",
        rung=0,
        due_on=owed.due_on,
        planned_at=NOW,
        next_attempt_at=NOW,
        state="failed",
        fault="address marked: 550 5.1.1 User unknown",
    )

    page = browser_of(world.changji_officer).get(reverse("obligation-reminders", args=[owed.pk]))

    assert (
        "failed Not sent, since a mail to this address came back: 550 5.1.1 User unknown"
        in text_of(page)
    )
