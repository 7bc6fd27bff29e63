"""The feed's address: made, shown once, renewed, revoked; it needs no session and tells no more."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from icalendar import Calendar
from time_machine import TimeMachineFixture

from plants.models import Membership, Person
from tests.factories import NOW, Cast, ObligationFactory
from tests.web.conftest import BrowserOf
from tests.web.pages import text_of
from tracker.audit import Event
from tracker.reminders.feeds import hash_of
from tracker.reminders.models import CalendarFeed

pytestmark = pytest.mark.django_db


def make(browser: Client) -> str:
    """The address as the page shows it, as a path."""
    page = browser.post(reverse("feed-make"))
    assert page.status_code == 200
    [shown] = re.findall(r'value="http://testserver(/feeds/[^"]+)"', page.content.decode())
    return str(shown)


def count(answer: object) -> int:
    return len(Calendar.from_ical(answer.content).walk("VEVENT"))  # type: ignore[attr-defined]


def test_address_needs_no_session(world: Cast, browser_of: BrowserOf) -> None:
    ObligationFactory.create(plant=world.plant)
    ObligationFactory.create(plant=world.other_plant)
    address = make(browser_of(world.manager))

    answer = Client().get(address)

    assert (answer.status_code, count(answer)) == (200, 1)
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer["Cache-Control"] == "private, no-cache"
    assert answer.cookies == {}


def test_secret_is_long_shown_once_and_not_kept(world: Cast, browser_of: BrowserOf) -> None:
    browser = browser_of(world.manager)
    address = make(browser)

    secret = address.removeprefix("/feeds/").removesuffix(".ics")
    again = browser.get(reverse("account")).content.decode()
    assert len(secret) == 43  # 256 bits in base 64
    assert secret not in again
    assert "/feeds/" not in again
    assert CalendarFeed.objects.get().token_hash == hash_of(secret)
    assert not Event.objects.filter(after__icontains=secret).exists()


def test_page_with_the_secret_is_kept_nowhere(world: Cast, browser_of: BrowserOf) -> None:
    page = browser_of(world.manager).post(reverse("feed-make"))

    assert "no-store" in page["Cache-Control"]


def test_new_address_ends_the_old_one(world: Cast, browser_of: BrowserOf) -> None:
    browser = browser_of(world.manager)
    old, new = make(browser), make(browser)

    assert [Client().get(address).status_code for address in (old, new)] == [404, 200]
    told = Event.objects.filter(thing_kind="calendarfeed").order_by("pk")
    assert list(told.values_list("verb", flat=True)) == ["created", "withdrew", "created"]


def test_ended_address_finds_nothing(world: Cast, browser_of: BrowserOf) -> None:
    browser = browser_of(world.manager)
    address = make(browser)

    page = browser.post(reverse("feed-revoke"), follow=True)

    assert "The calendar feed has ended" in text_of(page)
    assert Client().get(address).status_code == 404
    assert "Make the address" in text_of(page)


def test_ending_twice_or_none_is_no_fault(world: Cast, browser_of: BrowserOf) -> None:
    answer = browser_of(world.manager).post(reverse("feed-revoke"))

    assert answer["Location"] == "/account/#feed"
    assert not CalendarFeed.objects.exists()


def test_own_feed_only_is_ended(world: Cast, browser_of: BrowserOf) -> None:
    mine, hers = make(browser_of(world.manager)), make(browser_of(world.other_manager))

    browser_of(world.manager).post(reverse("feed-revoke"))

    assert [Client().get(address).status_code for address in (mine, hers)] == [404, 200]


@pytest.mark.parametrize("token", ["x", "A" * 43, "%F0%9F%98%80", "a" * 5000, "..%2f.."])
def test_unknown_address_is_not_found(db: None, token: str) -> None:
    assert Client().get(f"/feeds/{token}.ics").status_code == 404


def test_closed_account_has_no_feed(world: Cast, browser_of: BrowserOf) -> None:
    address = make(browser_of(world.manager))
    Person.objects.filter(pk=world.manager.pk).update(is_active=False)

    assert Client().get(address).status_code == 404


def test_lost_post_empties_the_feed_at_once(world: Cast, browser_of: BrowserOf) -> None:
    ObligationFactory.create(plant=world.plant)
    address = make(browser_of(world.manager))
    Membership.objects.filter(person=world.manager).delete()

    answer = Client().get(address)

    assert (answer.status_code, count(answer)) == (200, 0)


def test_unchanged_feed_is_not_sent_again(world: Cast, browser_of: BrowserOf) -> None:
    ObligationFactory.create(plant=world.plant)
    address, client = make(browser_of(world.manager)), Client()
    first = client.get(address)

    known = {"If-None-Match": first["ETag"]}
    same = client.get(address, headers=known)
    ObligationFactory.create(plant=world.plant)
    changed = client.get(address, headers=known)

    assert (same.status_code, same.content, same["ETag"]) == (304, b"", first["ETag"])
    assert same["Cache-Control"] == "private, no-cache"
    assert (changed.status_code, count(changed)) == (200, 2)
    assert changed["ETag"] != first["ETag"]


def test_unchanged_feed_is_the_same_bytes_on_the_next_day(
    world: Cast, browser_of: BrowserOf, time_machine: TimeMachineFixture
) -> None:
    ObligationFactory.create(plant=world.plant)
    address = make(browser_of(world.manager))
    first = Client().get(address)

    time_machine.move_to(NOW + timedelta(days=1))

    assert Client().get(address).content == first.content


def test_link_leads_to_the_obligation_on_this_site(
    world: Cast, browser_of: BrowserOf, settings: object
) -> None:
    settings.SITE_URL = "https://ule.example.gov"  # type: ignore[attr-defined]
    obligation = ObligationFactory.create(plant=world.plant)

    answer = Client().get(make(browser_of(world.manager)))

    [event] = Calendar.from_ical(answer.content).walk("VEVENT")
    assert str(event["URL"]) == f"https://ule.example.gov/obligations/{obligation.pk}/"
    assert str(event["UID"]) == f"obligation-{obligation.pk}@ule.example.gov"
