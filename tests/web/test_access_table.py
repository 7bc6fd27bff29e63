"""Every address as every persona: strangers get 404, the wrong role 403, nobody's session sign-in.

The table speaks of the Changji plant's things. An address that is missing in it fails the test.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from plants.models import Authority, PermitReport, Person
from tests.factories import (
    NOW,
    TODAY,
    AgreementFactory,
    Cast,
    ObligationFactory,
    PermitReportFactory,
    ProjectFactory,
    StopWindowFactory,
    SwapFactory,
    TargetFactory,
    cast,
    manager_of,
    officer_of,
    unread_file,
)
from tests.web.access_to_accounts import (
    ACCOUNT_ROWS,
    LEADS_ELSEWHERE,
    PASSWORD_FIRST,
    account_arguments,
)
from tests.web.access_to_assessment import ASSESSMENT_ROWS, assessment_arguments
from tests.web.access_to_files import FILE_ROWS, HOLD_ROWS, UPLOAD_ROWS, finished_upload, make_hold
from tests.web.access_to_machinery import MACHINERY_ROWS, machinery_arguments
from tests.web.access_to_reminders import REMINDER_ROWS, reminder_arguments
from tests.web.access_to_works import WORKS_ROWS
from tests.web.addresses import OF_A_PLANT, OF_AN_OBLIGATION
from tests.web.pages import make_annex, make_applied_annex, make_correction, make_versions
from tests.web.personas import (
    OFFICERS,
    PERSONAS,
    Statuses,
    everyone,
    knock_as,
    people_of,
    those_at_the_top,
    those_who_answer,
    those_who_ask,
    those_who_audit,
    those_who_correct,
    those_who_decide,
    those_who_review,
    those_who_see,
)
from tracker import audit
from tracker.demo.evidence_files import make_pdf
from tracker.evidence.attach import attach_evidence
from tracker.evidence.models import Evidence
from tracker.evidence.store import path_of
from tracker.evidence.submit import submit_evidence
from tracker.obligations.models import Obligation, Relief, ReliefKind
from tracker.obligations.relief import ask_relief
from tracker.reminders.feeds import make_feed
from tracker.reminders.models import Message

pytestmark = pytest.mark.django_db

TABLE: dict[tuple[str, str], Statuses] = {
    ("healthz", "GET"): everyone(503, anonymous=503),
    ("home", "GET"): everyone(200),
    **ACCOUNT_ROWS,
    **MACHINERY_ROWS,
    ("language", "POST"): everyone(302),
    ("feed-make", "POST"): everyone(200),
    ("feed-revoke", "POST"): everyone(302),
    ("calendar-feed", "GET"): everyone(200, anonymous=200),
    ("plants", "GET"): everyone(200),
    ("calendar", "GET"): everyone(200),
    ("plant", "GET"): those_who_see(200),
    ("plant-history", "GET"): those_who_see(200),
    ("plant-package", "POST"): those_who_see(409) | {"assessor": 403},
    ("plant-requirements", "GET"): those_who_see(200),
    **WORKS_ROWS,
    ("obligations", "GET"): everyone(200),
    ("obligation", "GET"): those_who_see(200),
    ("obligation-upload", "POST"): those_who_answer(302),
    **UPLOAD_ROWS,
    **FILE_ROWS,
    **HOLD_ROWS,
    ("obligation-remove-file", "POST"): those_who_answer(302),
    ("obligation-use-file", "POST"): those_who_answer(302),
    ("obligation-submit", "POST"): those_who_answer(422),
    ("obligation-package", "POST"): those_who_see(409) | {"assessor": 403},
    ("decision-correction", "GET"): those_who_decide(200),
    ("decision-correction-apply", "POST"): those_who_decide(422),
    ("obligation-comment", "POST"): those_who_ask(422),
    ("relief-form", "GET"): those_who_ask(200),
    ("relief-ask", "POST"): those_who_ask(422),
    ("reliefs", "GET"): everyone(200),
    **ASSESSMENT_ROWS,
    ("relief", "GET"): those_who_see(200),
    ("relief-decide", "POST"): those_who_decide(422),
    ("relief-take-back", "POST"): those_who_answer(302),
    ("review-queue", "GET"): everyone(403) | dict.fromkeys(OFFICERS, 200),
    ("review-several", "GET"): everyone(403) | dict.fromkeys(OFFICERS, 200),
    ("review-several-decide", "POST"): everyone(403) | dict.fromkeys(OFFICERS, 422),
    ("review", "GET"): those_who_review(200),
    ("review-decide", "POST"): those_who_review(422),
    ("review-take-over", "POST"): those_who_review(422),
    ("requirements", "GET"): everyone(200),
    ("requirement", "GET"): everyone(200),
    ("correction", "GET"): those_who_correct(200),
    ("correction-preview", "POST"): those_who_correct(422),
    ("correction-apply", "POST"): those_who_correct(422),
    ("target-correction", "GET"): those_who_correct(200),
    ("target-correction-preview", "POST"): those_who_correct(422),
    ("target-correction-apply", "POST"): those_who_correct(422),
    ("document-correction", "GET"): those_who_correct(200),
    ("document-correction-preview", "POST"): those_who_correct(422),
    ("document-correction-apply", "POST"): those_who_correct(422),
    ("window-correction", "GET"): those_who_correct(200),
    ("window-correction-preview", "POST"): those_who_correct(422),
    ("window-correction-apply", "POST"): those_who_correct(422),
    ("unverified", "GET"): everyone(200),
    ("correction-scan", "GET"): everyone(200),
    ("correction-undo", "GET"): those_who_correct(200),
    ("correction-undo-apply", "POST"): those_who_correct(422),
    ("document", "GET"): everyone(200),
    ("document-version", "GET"): everyone(200),
    ("requirement-subjects", "GET"): everyone(200),
    ("trail", "GET"): those_who_audit(200),
    ("trail-csv", "GET"): those_who_audit(200),
    ("annexes", "GET"): those_at_the_top(200),
    ("annex-upload", "POST"): those_at_the_top(422),
    ("annex-template", "GET"): those_at_the_top(200),
    ("annex", "GET"): those_at_the_top(200),
    ("annex-file", "GET"): those_at_the_top(200),
    ("annex-columns", "POST"): those_at_the_top(302),
    ("annex-rows", "POST"): those_at_the_top(302),
    ("annex-apply", "POST"): those_at_the_top(409),
    ("annex-cancel", "POST"): those_at_the_top(302),
    ("annex-take-back", "GET"): those_at_the_top(200),
    ("annex-take-back-apply", "POST"): those_at_the_top(422),
    **REMINDER_ROWS,
    ("admin:index", "GET"): everyone(302) | {"administrator": 200},
}

FRAGMENTS = {
    "plants": "plants/_table.html",
    "obligations": "obligations/_table.html",
    "round-report": "rounds/_report_versions.html",
    "upload": "obligations/_uploaded.html",
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
    version = make_versions(owed.requirement.document)
    corrected = make_correction(owed.requirement, world.region_officer)
    plant, message = [world.plant.pk], [_message(world.manager).pk]
    line = world.plant.lines.get()
    swap, agreement = SwapFactory.create(line=line), AgreementFactory.create(line=line)
    annex, applied = [make_annex(world).pk], [make_applied_annex(world).pk]
    return Things(
        people=people_of(world),
        arguments={
            **account_arguments(world.plant, world.administrator),
            **machinery_arguments(world.manager, world.administrator),
            **reminder_arguments(world.manager),
            **assessment_arguments(world),
            "calendar-feed": [_feed_of(manager_of(world.plant))],
            **dict.fromkeys(OF_A_PLANT, (world.plant.pk,)),
            "permit-change": [world.plant.permits.get().pk],
            "permit-report-add": [world.plant.permits.get().pk],
            "permit-report-change": [_report_of(world).pk],
            "project-change": [ProjectFactory.create(plant=world.plant).pk],
            "swap-end": [*plant, swap.pk],
            "agreement-end": [*plant, agreement.pk],
            "obligation-remove-file": [owed.pk, owed.attachments.get().pk],
            "obligation-use-file": [owed.pk, evidence.pk],
            **dict.fromkeys(OF_AN_OBLIGATION, (owed.pk,)),
            "hold-lift": [make_hold(world.plant, world.changji_officer).pk],
            "upload": [finished_upload(world.manager, evidence).token],
            **dict.fromkeys(("relief", "relief-decide", "relief-take-back"), (asked.pk,)),
            **dict.fromkeys(("evidence-file", "evidence-preview"), (evidence.pk,)),
            "evidence-page": [evidence.pk, 1],
            **dict.fromkeys(("review", "review-decide", "review-take-over"), (waiting.pk,)),
            "annex": annex,
            "annex-file": annex,
            "annex-columns": annex,
            "annex-rows": annex,
            "annex-apply": annex,
            "annex-cancel": annex,
            "annex-take-back": applied,
            "annex-take-back-apply": applied,
            "requirement": [owed.requirement.code],
            "document": [version.document.code],
            "document-version": [version.document.code, version.number],
            **_of_correction("correction", owed.requirement.code),
            **_of_correction("target-correction", TargetFactory.create().code),
            **_of_correction("document-correction", version.document.code),
            **_of_correction("window-correction", StopWindowFactory.create().pk),
            "correction-scan": [corrected.pk],
            **dict.fromkeys(("correction-undo", "correction-undo-apply"), (corrected.pk,)),
            "requirement-subjects": [owed.requirement.code],
            "message": message,
            "message-html": message,
        },
    )


def _of_correction(name: str, key: object) -> dict[str, Sequence[object]]:
    """The arguments of the form, the preview and the deed."""
    return {each: [key] for each in (name, f"{name}-preview", f"{name}-apply")}


def _evidence(world: Cast, obligation: Obligation) -> Evidence:
    file = unread_file()
    path_of(file.stored).parent.mkdir(parents=True, exist_ok=True)
    path_of(file.stored).write_bytes(make_pdf(1))
    attachment = attach_evidence(
        obligation=obligation,
        file=file,
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


def _feed_of(person: Person) -> str:
    """The secret of her feed; she is none of the table's people, who end their own."""
    return make_feed(person=person, by=audit.Actor(person, "tests"), at=NOW)


def _report_of(world: Cast) -> PermitReport:
    return PermitReportFactory.create(permit=world.plant.permits.get())


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


def knock(client: Client, method: str, address: str) -> Any:
    """The answer; a file is read to its end, which closes it."""
    answer = client.generic(method, address)
    if answer.streaming:
        list(answer)
    return answer


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
        knock_as(client, things.people.get(persona))
        found[name, method] = knock(client, method, things.address(name)).status_code

    assert found == {key: statuses[persona] for key, statuses in TABLE.items()}


@pytest.mark.parametrize("persona", PERSONAS)
def test_each_page_by_htmx_as(persona: str, things: Things) -> None:
    """The same access, with fragments; whoever has not signed in is told so in place."""
    client = Client(headers={"HX-Request": "true"})
    knock_as(client, things.people.get(persona))
    found: dict[str, tuple[int, str]] = {}
    for name, method in TABLE:
        if method == "GET":
            answer = knock(client, method, things.address(name))
            found[name] = (answer.status_code, fragment_of(answer))

    assert found == {
        name: by_htmx(name, statuses[persona], persona)
        for (name, method), statuses in TABLE.items()
        if method == "GET"
    }


def fragment_of(answer: Any) -> str:
    """The template that answered, if it is a fragment; else the page is whole, or there is none."""
    name = answer.templates[0].name if answer.templates else ""
    return name if name.rpartition("/")[2].startswith("_") else ""


def by_htmx(name: str, status: int, persona: str) -> tuple[int, str]:
    """What htmx gets where a browser gets this status; the back office knows no htmx."""
    elsewhere = name in LEADS_ELSEWHERE or (name in PASSWORD_FIRST and persona != "anonymous")
    if status == 302 and not elsewhere:
        return 401, "errors/_signed_out.html"
    if status in (403, 404):
        return status, "errors/_note.html"
    return status, FRAGMENTS.get(name, "") if status == 200 else ""


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
    "name", sorted({n for n, _ in TABLE} - {n for n, way in TABLE if way == "GET"})
)
def test_action_is_no_page(name: str, things: Things) -> None:
    client = Client()
    client.force_login(things.people["administrator"])

    answer = client.get(things.address(name))

    assert things.address(name).startswith(answer["Location"])
