"""Every address as every persona: strangers get 404, the wrong role 403, nobody's session sign-in.

The table speaks of the Changji plant's things. An address that is missing in it fails the test.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from plants.models import Authority, Person
from tests.factories import NOW, TODAY, Cast, ObligationFactory, cast, officer_of
from tests.web.pages import make_annex
from tracker import audit
from tracker.evidence.attach import attach_evidence
from tracker.evidence.models import Evidence, StoredFile
from tracker.evidence.store import path_of
from tracker.evidence.submit import submit_evidence
from tracker.obligations.models import Obligation, Relief, ReliefKind
from tracker.obligations.relief import ask_relief
from tracker.reminders.models import Message

pytestmark = pytest.mark.django_db

SEES = ("changji_officer", "region_officer", "manager", "group_manager", "auditor", "administrator")
BLIND = ("corps_officer", "other_manager", "nobody")
PERSONAS = ("anonymous", *SEES, *BLIND)
OFFICERS = ("changji_officer", "region_officer", "corps_officer")

Statuses = dict[str, int]


def everyone(status: int, anonymous: int = 302) -> Statuses:
    """All who signed in, alike."""
    return dict.fromkeys(PERSONAS, status) | {"anonymous": anonymous}


def those_who_see(status: int) -> Statuses:
    """Who sees the plant, and 404 for who does not."""
    return everyone(404) | dict.fromkeys(SEES, status)


def those_who_answer(status: int) -> Statuses:
    """The plant's managers; 403 for others who see it, 404 for who does not."""
    return those_who_see(403) | dict.fromkeys(("manager", "group_manager"), status)


def those_who_review(status: int) -> Statuses:
    """Officers over the plant; 404 for an officer of elsewhere, 403 for every other role."""
    return (
        everyone(403)
        | dict.fromkeys(("changji_officer", "region_officer"), status)
        | {"corps_officer": 404}
    )


def those_who_ask(status: int) -> Statuses:
    """The plant's managers and its officers; 403 for others who see it, 404 for who does not."""
    asking = ("manager", "group_manager", "changji_officer", "region_officer")
    return those_who_see(403) | dict.fromkeys(asking, status)


def those_who_decide(status: int) -> Statuses:
    """Officers over the plant; 403 for others who see it, 404 for who does not."""
    return those_who_see(403) | dict.fromkeys(("changji_officer", "region_officer"), status)


def those_at_the_top(status: int) -> Statuses:
    """Officers and administrators at the top of the plan's tree; 403 for everybody else."""
    return everyone(403) | dict.fromkeys(("region_officer", "administrator"), status)


TABLE: dict[tuple[str, str], Statuses] = {
    ("healthz", "GET"): everyone(503, anonymous=503),
    ("home", "GET"): everyone(200),
    ("sign-in", "GET"): everyone(302, anonymous=200),
    ("sign-out", "POST"): everyone(302),
    ("language", "POST"): everyone(302),
    ("account", "GET"): everyone(200),
    ("plants", "GET"): everyone(200),
    ("plant", "GET"): those_who_see(200),
    ("plant-history", "GET"): those_who_see(200),
    ("obligations", "GET"): everyone(200),
    ("obligation", "GET"): those_who_see(200),
    ("obligation-upload", "POST"): those_who_answer(302),
    ("obligation-remove-file", "POST"): those_who_answer(302),
    ("obligation-submit", "POST"): those_who_answer(422),
    ("relief-form", "GET"): those_who_ask(200),
    ("relief-ask", "POST"): those_who_ask(422),
    ("reliefs", "GET"): everyone(200),
    ("relief", "GET"): those_who_see(200),
    ("relief-decide", "POST"): those_who_decide(422),
    ("relief-take-back", "POST"): those_who_answer(302),
    ("evidence-file", "GET"): those_who_see(200),
    ("review-queue", "GET"): everyone(403) | dict.fromkeys(OFFICERS, 200),
    ("review", "GET"): those_who_review(200),
    ("review-decide", "POST"): those_who_review(422),
    ("requirements", "GET"): everyone(200),
    ("requirement", "GET"): everyone(200),
    ("annexes", "GET"): those_at_the_top(200),
    ("annex-upload", "POST"): those_at_the_top(422),
    ("annex-template", "GET"): those_at_the_top(200),
    ("annex", "GET"): those_at_the_top(200),
    ("annex-file", "GET"): those_at_the_top(200),
    ("annex-columns", "POST"): those_at_the_top(302),
    ("annex-rows", "POST"): those_at_the_top(302),
    ("annex-apply", "POST"): those_at_the_top(409),
    ("annex-cancel", "POST"): those_at_the_top(302),
    ("outbox", "GET"): everyone(200),
    ("message", "GET"): everyone(404) | {"manager": 200},
    ("message-html", "GET"): everyone(404) | {"manager": 200},
    ("admin:index", "GET"): everyone(302) | {"administrator": 200},
}


@dataclass(frozen=True)
class Things:
    """The Changji plant's things, by address."""

    people: dict[str, Person]
    arguments: Mapping[str, Sequence[object]]

    def address(self, name: str) -> str:
        return reverse(name, args=self.arguments.get(name, []))


@pytest.fixture
def things() -> Things:
    world = cast()
    owed = ObligationFactory.create(plant=world.plant)
    evidence = _evidence(world, owed)
    waiting = ObligationFactory.create(plant=world.plant)
    _evidence(world, waiting)
    _submit(world, waiting)
    asked = _relief(world)
    plant, message = [world.plant.pk], [_message(world.manager).pk]
    annex = [make_annex(world).pk]
    nobody = Person.objects.create_user("nobody@demo.example", "x", name="无岗")
    return Things(
        people={**world.people, "nobody": nobody},
        arguments={
            "plant": plant,
            "plant-history": plant,
            "obligation": [owed.pk],
            "obligation-upload": [owed.pk],
            "obligation-remove-file": [owed.pk, owed.attachments.get().pk],
            "obligation-submit": [owed.pk],
            "relief-form": [owed.pk],
            "relief-ask": [owed.pk],
            "relief": [asked.pk],
            "relief-decide": [asked.pk],
            "relief-take-back": [asked.pk],
            "evidence-file": [evidence.pk],
            "review": [waiting.pk],
            "review-decide": [waiting.pk],
            "annex": annex,
            "annex-file": annex,
            "annex-columns": annex,
            "annex-rows": annex,
            "annex-apply": annex,
            "annex-cancel": annex,
            "requirement": [owed.requirement.code],
            "message": message,
            "message-html": message,
        },
    )


def _evidence(world: Cast, obligation: Obligation) -> Evidence:
    stored, _made = StoredFile.objects.get_or_create(
        sha256="a" * 64, defaults={"size_bytes": 3, "media_type": "application/pdf"}
    )
    path_of(stored).parent.mkdir(parents=True, exist_ok=True)
    path_of(stored).write_bytes(b"%PDF")
    attachment = attach_evidence(
        obligation=obligation,
        stored=stored,
        original_name="报告.pdf",
        document_on=None,
        by=audit.Actor(world.manager, "tests"),
        at=NOW,
    )
    return attachment.evidence


def _submit(world: Cast, obligation: Obligation) -> None:
    submit_evidence(
        obligation=obligation,
        note="",
        token=uuid4(),
        by=audit.Actor(world.manager, "tests"),
        at=NOW,
    )


def _relief(world: Cast) -> Relief:
    return ask_relief(
        obligation=ObligationFactory.create(plant=world.plant),
        kind=ReliefKind.WAIVER,
        new_due_on=None,
        reason="设施已拆除",
        token=uuid4(),
        by=audit.Actor(world.manager, "tests"),
        at=NOW,
        today=TODAY,
    )


def _message(person: Person) -> Message:
    return Message.objects.create(
        person=person,
        to_address=person.email,
        language="zh-hans",
        subject="提醒",
        text="…",
        html="<p>…</p>",
        message_id="<1@demo.example>",
        made_at=NOW,
    )


def test_annex_of_the_other_trees_plan_is_not_there(things: Things) -> None:
    corps = Authority.objects.get(code="corps")
    client = Client()
    client.force_login(officer_of(corps))
    own = [name for name in things.arguments if name.startswith("annex")]

    assert client.get(reverse("annexes")).status_code == 200
    assert {
        client.generic(method, things.address(name)).status_code
        for name, method in TABLE
        if name in own
    } == {404}


@pytest.mark.parametrize("persona", PERSONAS)
def test_each_address_as(persona: str, things: Things) -> None:
    client = Client()
    found: dict[tuple[str, str], int] = {}
    for name, method in TABLE:
        if persona == "anonymous":
            client.logout()
        else:
            client.force_login(things.people[persona])
        answer = client.generic(method, things.address(name))
        found[name, method] = answer.status_code
        if answer.streaming:
            list(answer)  # reads the file to its end, which closes it

    assert found == {key: statuses[persona] for key, statuses in TABLE.items()}


def test_every_address_is_in_the_table() -> None:
    """The back office is one address here: Django guards it as a whole (see test_admin)."""
    named = {name for name in _names(get_resolver().url_patterns) if name}

    assert named == {name for name, _method in TABLE if name != "admin:index"}


def _names(patterns: list[URLPattern | URLResolver]) -> list[str | None]:
    names: list[str | None] = []
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            names.append(pattern.name)
        elif pattern.namespace != "admin":
            names += _names(pattern.url_patterns)
    return names


@pytest.mark.parametrize(
    ("name", "method"), [(name, "GET") for name, method in TABLE if method == "POST"]
)
def test_action_is_no_page(name: str, method: str, things: Things) -> None:
    client = Client()
    client.force_login(things.people["administrator"])

    assert client.generic(method, things.address(name)).status_code == 405
