"""The trail for auditors: what they see of it, the filters, the CSV, and what writes to it."""

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from plants.models import Person
from tests.factories import (
    NOW,
    Cast,
    PersonFactory,
    RequirementFactory,
    make_obligation_at,
)
from tests.web.conftest import BrowserOf
from tests.web.pages import content_of, text_of
from tracker.audit import Actor, Event, Verb, broken_links, record
from tracker.evidence.models import Evidence
from tracker.obligations.models import State
from tracker.reporting.trail import auditable

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(world: Cast) -> Cast:
    """A deed at each plant, one of the whole site, a sign-in of two people, a nightly run."""
    by = Actor(world.manager, "192.0.2.9")
    for plant in (world.plant, world.other_plant, world.corps_plant):
        record(by=by, at=NOW, verb=Verb.CHANGED, thing=plant, plant=plant, note="示例备注")
    for person in (world.manager, world.corps_officer):
        record(by=Actor(person, "198.51.100.1"), at=NOW, verb=Verb.SIGNED_IN, thing=person)
    record(by=Actor(None, "nightly"), at=NOW, verb=Verb.LOADED, thing=world.plant)
    return world


def test_auditor_looks_into_her_own_authority_only(told: Cast) -> None:
    def seen(person: Person) -> set[tuple[str, str]]:
        return {(event.verb, str(event.thing_name_zh)) for event in auditable(person)}

    auditor = told.auditor
    auditor.memberships.filter(authority__tree="corps").delete()

    assert seen(auditor) == {
        ("changed", told.plant.name_zh),
        ("changed", told.other_plant.name_zh),
        ("signed_in", told.manager.name),
        ("loaded", told.plant.name_zh),
    }
    assert seen(told.manager) == {("signed_in", told.manager.name)}


def test_failed_sign_in_is_for_who_audits_that_person(told: Cast) -> None:
    for person in (told.manager, told.corps_officer):
        record(by=Actor(None, "198.51.100.9"), at=NOW, verb=Verb.FAILED_SIGN_IN, thing=person)
    changji = told.changji_officer.memberships.get().authority
    below = PersonFactory.create()
    below.memberships.create(role="auditor", authority=changji)
    corps = PersonFactory.create()
    corps.memberships.create(role="auditor", authority=told.corps_plant.authority)
    top = told.auditor
    top.memberships.filter(authority__tree="corps").delete()

    def seen(person: Person) -> set[str]:
        failed = auditable(person).filter(verb=Verb.FAILED_SIGN_IN)
        return set(failed.values_list("thing_name_zh", flat=True))

    assert seen(below) == seen(top) == {told.manager.name}
    assert seen(corps) == {told.corps_officer.name}


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("", 6),
        ("?verb=signed_in", 2),
        ("?who=198.51", 2),
        ("?thing=示例备注", 3),
        ("?first_on=2099-01-01", 0),
        ("?last_on=2000-01-01", 0),
        ("?verb=no-such-verb&plant=x&first_on=soon", 6),
        ("?first_on=0001-01-01&last_on=9999-12-31", 6),
    ],
)
def test_filters(told: Cast, browser_of: BrowserOf, query: str, count: int) -> None:
    page = browser_of(told.auditor).get(reverse("trail") + query)

    assert page.status_code == 200
    assert page.context["page"].paginator.count == count


def test_day_is_a_day_of_the_law(told: Cast, browser_of: BrowserOf) -> None:
    """16:30 in UTC is half past midnight of the next day in Asia/Shanghai."""
    late = NOW.replace(hour=16, minute=30)
    record(by=Actor(None, "x"), at=late, verb=Verb.CREATED, thing=told.plant, plant=told.plant)
    browser = browser_of(told.auditor)
    day, next_day = late.date(), late.date() + timedelta(days=1)

    def count(on: object) -> int:
        address = f"{reverse('trail')}?verb=created&first_on={on}&last_on={on}"
        return int(browser.get(address).context["page"].paginator.count)

    assert (count(day), count(next_day)) == (0, 1)


def test_csv_holds_every_column_and_no_formula(told: Cast, browser_of: BrowserOf) -> None:
    record(
        by=Actor(told.manager, "=cmd|'/c calc'!A1"),
        at=NOW,
        verb=Verb.CHANGED,
        thing=told.plant,
        plant=told.plant,
        before={"名": "旧"},
        after={"名": "新"},
        note="+1,\n第二行",
    )
    answer: Any = browser_of(told.auditor).get(reverse("trail-csv") + "?verb=changed")

    text = content_of(answer).decode()
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    newest = rows[0]
    assert text.startswith("\ufeff")
    assert len(rows) == 4
    assert newest["note"] == "'+1,\n第二行"
    assert newest["origin"].startswith("'=cmd")
    assert (newest["before"], newest["after"]) == ('{"名": "旧"}', '{"名": "新"}')
    assert newest["digest"] == Event.objects.order_by("-pk").filter(verb="changed")[0].digest
    taken = Event.objects.get(verb=Verb.DOWNLOADED)
    assert (taken.person, taken.note) == (told.auditor, "/audit/csv/?verb=changed")


def test_opened_file_is_told_to_auditors_and_not_in_the_plants_history(
    world: Cast, browser_of: BrowserOf
) -> None:
    make_obligation_at(State.SUBMITTED, plant=world.plant, manager=world.manager)
    evidence = Evidence.objects.get()

    content_of(browser_of(world.changji_officer).get(reverse("evidence-file", args=[evidence.pk])))

    opened = Event.objects.get(verb=Verb.DOWNLOADED)
    assert (opened.person, opened.plant) == (world.changji_officer, world.plant)
    assert opened.after == {"sha256": evidence.stored.sha256}
    history = browser_of(world.manager).get(reverse("plant-history", args=[world.plant.pk]))
    assert " opened " not in text_of(history)
    assert " opened " in text_of(browser_of(world.auditor).get(reverse("trail")))


def test_refused_access_is_told(world: Cast, browser_of: BrowserOf) -> None:
    assert browser_of(world.manager).get(reverse("trail")).status_code == 403

    denied = Event.objects.get(verb=Verb.DENIED)
    assert (denied.person, denied.note) == (world.manager, "GET /audit/")
    assert denied.chain == f"person:{world.manager.pk}"


def test_signing_in_and_out_is_told_on_the_persons_own_chain(world: Cast, client: Client) -> None:
    address = reverse("sign-in")
    world.manager.set_password("right-ULE-2024")
    world.manager.save()
    for typed, password in (
        (world.manager.email, "wrong"),
        ("nobody@there.example", "wrong"),
        (world.manager.email.upper(), "right-ULE-2024"),
    ):
        client.post(address, {"login": typed, "password": password})
    client.post(reverse("sign-out"))

    told = list(Event.objects.order_by("pk").values_list("verb", "person", "chain"))
    person, chain = world.manager.pk, f"person:{world.manager.pk}"
    assert told == [
        ("failed_sign_in", None, chain),
        ("signed_in", person, chain),
        ("signed_out", person, chain),
    ]
    assert broken_links(chain) == []


@pytest.mark.parametrize("rows", [1, 30])
def test_trail_asks_few_queries(
    world: Cast, browser_of: BrowserOf, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    owed = make_obligation_at(State.OPEN, plant=world.plant)
    for _ in range(rows):
        for thing in (owed, world.plant):
            record(
                by=Actor(world.manager, "x"),
                at=NOW,
                verb=Verb.CHANGED,
                thing=thing,
                plant=world.plant,
            )
    browser = browser_of(world.auditor)

    with django_assert_num_queries(7):
        browser.get(reverse("trail"))


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("Levels of review: 1 → 2", "Verification: to be verified → verified")),
        ("zh-CN", ("审核级数：1 → 2", "核实状态：待核实 → 已核实")),
    ],
)
def test_corrected_rule_says_what_changed(
    world: Cast, browser_of: BrowserOf, language: str, words: tuple[str, str]
) -> None:
    record(
        by=Actor(world.region_officer, "198.51.100.1"),
        at=NOW,
        verb=Verb.CORRECTED,
        thing=RequirementFactory.create(),
        before={"review_levels": 1, "verification": "to_verify"},
        after={"review_levels": 2, "verification": "verified"},
    )

    page = browser_of(world.administrator, language=language).get(reverse("trail"))

    # A database may hand the columns back in another order.
    assert [each for each in words if each not in text_of(page)] == []
