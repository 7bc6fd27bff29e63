"""Somebody of a body is let in to one round, with an account or without one, and out again."""

import re
from typing import Any

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from plants.models import Invitation, Membership, Person, Plant
from tests.factories import Cast, PersonFactory
from tests.web.access_to_rounds import make_round
from tests.web.conftest import BrowserOf
from tests.web.pages import text_of
from tracker.accounts.mails import send_mails
from tracker.rounds.models import Body, Round, Seat
from tracker.web.forms.rounds import stamp_of

pytestmark = pytest.mark.django_db
NEW = "new@body.example"
PASSWORD = "eine-lange-losung-7"


@pytest.fixture
def round_(world: Cast) -> Round:
    return make_round(world)


def let_in(browser: Any, round_: Round, email: str = NEW, **changed: str) -> Any:
    fields = {
        "seen": stamp_of(Round.objects.get(pk=round_.pk)),
        "email": email,
        "name": "高敏",
        "body": Body.MONITORING.value,
        "organisation": "示例检测公司",
    }
    return browser.post(reverse("round-seat-give", args=[round_.pk]), fields | changed)


def link_in_mail() -> str:
    send_mails(now=timezone.now())
    found = re.search(r"(/invitation/[^/\s]+/)", str(mail.outbox[-1].body))
    assert found is not None
    return found[1]


def test_who_has_no_account_makes_one_that_has_this_round_only(
    world: Cast, round_: Round, browser_of: BrowserOf, client: Any
) -> None:
    assert let_in(browser_of(world.manager), round_).status_code == 302
    assert not Seat.objects.exists()
    assert NEW in text_of(browser_of(world.manager).get(reverse("round", args=[round_.pk])))
    assert NEW not in text_of(
        browser_of(world.changji_officer).get(reverse("round", args=[round_.pk]))
    )

    link = link_in_mail()
    assert "monitoring body" in text_of(client.get(link, headers={"Accept-Language": "en"}))
    client.post(link, {"name": "高敏", "password1": PASSWORD, "password2": PASSWORD})

    person = Person.objects.get(email=NEW)
    seat = Seat.objects.get()
    assert (seat.person, seat.round, seat.given_by) == (person, round_, world.manager)
    assert not Membership.objects.filter(person=person).exists()
    assert not Plant.objects.visible_to(person).exists()
    assert list(Round.objects.visible_to(person)) == [round_]


def test_who_has_an_account_is_let_in_at_once_and_told(
    world: Cast, round_: Round, browser_of: BrowserOf
) -> None:
    body = PersonFactory.create(email="known@body.example", language="en")

    assert let_in(browser_of(world.manager), round_, email="Known@Body.example").status_code == 302

    assert Seat.objects.get().person == body
    send_mails(now=timezone.now())
    assert mail.outbox[-1].to == ["known@body.example"]
    assert reverse("round", args=[round_.pk]) in str(mail.outbox[-1].body)


def test_link_is_dead_once_withdrawn_or_the_round_is_over(
    world: Cast, round_: Round, browser_of: BrowserOf, client: Any
) -> None:
    browser = browser_of(world.manager)
    let_in(browser, round_)
    let_in(browser, round_, email="second@body.example")
    first, second = Invitation.objects.order_by("pk")
    send_mails(now=timezone.now())
    links = [
        match[1]
        for each in mail.outbox
        if (match := re.search(r"(/invitation/[^/\s]+/)", str(each.body)))
    ]
    assert len(links) == 2

    browser.post(reverse("round-invitation-revoke", args=[round_.pk, first.pk]))
    browser.post(
        reverse("round-give-up", args=[round_.pk]),
        {"seen": stamp_of(round_), "reason": "改造推迟"},
    )

    assert [client.get(link).status_code for link in links] == [404, 404]
    assert second.accepted_at is None


def test_refused_keeps_what_was_typed(world: Cast, round_: Round, browser_of: BrowserOf) -> None:
    browser = browser_of(world.manager)

    wrong = let_in(browser, round_, email="no address")
    own = let_in(browser, round_, email=world.changji_officer.email)
    let_in(browser, round_)
    twice = let_in(browser, round_)

    assert (wrong.status_code, own.status_code, twice.status_code) == (422, 409, 409)
    assert 'value="no address"' in wrong.content.decode()
    assert "need no seat" in text_of(own)
    assert "waits for this address already" in text_of(twice)


def test_plant_or_she_herself_ends_the_seat(
    world: Cast, round_: Round, browser_of: BrowserOf
) -> None:
    bodies = [PersonFactory.create(), PersonFactory.create()]
    for each in bodies:
        let_in(browser_of(world.manager), round_, email=each.email)
    first, second = Seat.objects.order_by("pk")
    seen = {"seen": stamp_of(round_)}
    page = reverse("round", args=[round_.pk])

    strange = browser_of(bodies[0]).post(
        reverse("round-seat-end", args=[round_.pk, second.pk]), seen
    )
    assert strange.status_code == 403
    own = browser_of(bodies[0]).post(reverse("round-seat-end", args=[round_.pk, first.pk]), seen)
    assert own.headers["Location"] == reverse("home")
    browser_of(world.manager).post(reverse("round-seat-end", args=[round_.pk, second.pk]), seen)

    assert not Seat.objects.standing().exists()
    assert [browser_of(each).get(page).status_code for each in bodies] == [404, 404]
