"""Every action done for real: for whom it is meant, and for nobody else does anything change."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import uuid4

import pytest
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from plants.models import Person
from tests.factories import (
    Cast,
    ObligationFactory,
    PermitReportFactory,
    ProjectFactory,
    attach,
    make_obligation_at,
)
from tests.rows import everything
from tests.web.forms_on_page import fields_of
from tests.web.personas import (
    ANSWERERS,
    PERSONAS,
    REVIEWERS,
    Statuses,
    everyone,
    knock_as,
    people_of,
    those_who_answer,
    those_who_ask,
    those_who_review,
)
from tracker.assessments.models import Review
from tracker.assessments.seen import digest_of
from tracker.audit import Event
from tracker.demo.evidence_files import make_pdf
from tracker.obligations.models import Obligation, State

FILE, NOTE, REASON = "监测报告.pdf", "请审核。", "缺少盖章页。"
MANAGER = "manager@demo.example"
FACTS = {
    "permit-change": "plant-permits",
    "permit-report-change": "plant-permits",
    "project-change": "plant-projects",
}
NOTHING = "nothing"


@dataclass(frozen=True)
class Standing:
    """An obligation as the database has it; ``last`` is the plant's last deed and whose it was."""

    state: str
    files: list[str]
    submissions: list[tuple[str, str]]
    reviews: list[tuple[str, str, str]]
    last: tuple[str, str]


@dataclass(frozen=True)
class Action:
    """What is sent where, who gets which status, for whom it is meant, and what it leaves behind.

    ``made`` builds the obligation that it is done to; ``leaves`` takes the doer's address.
    """

    name: str
    made: Callable[[Cast], Obligation]
    form: Callable[[Obligation], dict[str, object]]
    statuses: Statuses
    meant_for: tuple[str, ...]
    leaves: Callable[[str], Standing]


def _open(world: Cast) -> Obligation:
    return ObligationFactory.create(plant=world.plant)


def _with_file(world: Cast) -> Obligation:
    return attach(_open(world), world.manager, name=FILE).obligation


def _waiting(world: Cast) -> Obligation:
    return make_obligation_at(State.SUBMITTED, plant=world.plant, manager=world.manager)


def _file(_: Obligation) -> dict[str, object]:
    return {"files": [SimpleUploadedFile(FILE, make_pdf(2))]}


def _nothing(_: Obligation) -> dict[str, object]:
    return {}


def _note(_: Obligation) -> dict[str, object]:
    return {"note": NOTE, "token": str(uuid4())}


def _decision(decision: str, reason: str) -> Callable[[Obligation], dict[str, object]]:
    return lambda waiting: {
        "submission": waiting.submissions.get().pk,
        "seen": digest_of(waiting.submissions.get()),
        "decision": decision,
        "reason": reason,
    }


ACTIONS = {
    "upload": Action(
        name="obligation-upload",
        made=_open,
        form=_file,
        statuses=those_who_answer(302),
        meant_for=ANSWERERS,
        leaves=lambda who: Standing("open", [FILE], [], [], ("uploaded", who)),
    ),
    "remove": Action(
        name="obligation-remove-file",
        made=_with_file,
        form=_nothing,
        statuses=those_who_answer(302),
        meant_for=ANSWERERS,
        leaves=lambda who: Standing("open", [], [], [], ("removed", who)),
    ),
    "submit": Action(
        name="obligation-submit",
        made=_with_file,
        form=_note,
        statuses=those_who_answer(302),
        meant_for=ANSWERERS,
        leaves=lambda who: Standing("submitted", [FILE], [(NOTE, who)], [], ("submitted", who)),
    ),
    "accept": Action(
        name="review-decide",
        made=_waiting,
        form=_decision("accept", ""),
        statuses=those_who_review(302),
        meant_for=REVIEWERS,
        leaves=lambda who: Standing(
            "accepted", [FILE], [("", MANAGER)], [("accept", "", who)], ("accepted", who)
        ),
    ),
    "return": Action(
        name="review-decide",
        made=_waiting,
        form=_decision("return", REASON),
        statuses=those_who_review(302),
        meant_for=REVIEWERS,
        leaves=lambda who: Standing(
            "returned", [FILE], [("", MANAGER)], [("return", REASON, who)], ("returned", who)
        ),
    ),
}


def address_of(action: Action, thing: Obligation) -> str:
    more = [thing.attachments.get().pk] if action.name == "obligation-remove-file" else []
    return reverse(action.name, args=[thing.pk, *more])


def standing_of(thing: Obligation) -> Standing:
    reviews = Review.objects.filter(submission__obligation=thing)
    deeds = Event.objects.for_plant(thing.plant).values_list("verb", "person__email")
    return Standing(
        state=Obligation.objects.get(pk=thing.pk).state,
        files=[str(attachment) for attachment in thing.attachments.lying()],
        submissions=list(thing.submissions.values_list("note", "submitted_by__email")),
        reviews=list(reviews.values_list("decision", "reason", "reviewed_by__email")),
        last=deeds[0],
    )


@pytest.mark.parametrize("persona", PERSONAS)
def test_each_action_as(persona: str, world: Cast) -> None:
    person, client = people_of(world).get(persona), Client()
    knock_as(client, person)
    things = {name: action.made(world) for name, action in ACTIONS.items()}

    found: dict[str, tuple[int, Standing | str]] = {}
    for name, action in ACTIONS.items():
        thing, before = things[name], everything()
        status = client.post(address_of(action, thing), action.form(thing)).status_code
        found[name] = (status, NOTHING if everything() == before else standing_of(thing))

    email = person.email if person else ""
    assert found == {
        name: (
            action.statuses[persona],
            action.leaves(email) if persona in action.meant_for else NOTHING,
        )
        for name, action in ACTIONS.items()
    }


@pytest.mark.parametrize("persona", PERSONAS)
def test_preview_of_facts_as(persona: str, world: Cast) -> None:
    """Who may save sees what it would do; nothing is written for anybody."""
    report = PermitReportFactory.create(permit=world.plant.permits.get())
    project = ProjectFactory.create(plant=world.plant)
    changes = {
        ("permit-change", report.permit_id): {"valid_until_on": "2029-01-31"},
        ("permit-report-change", report.pk): {"month": "", "day": ""},
        ("project-change", project.pk): {"planned_finish_on": "2027-01-31"},
    }
    client = Client()
    knock_as(client, world.manager)
    forms = {}
    for (name, pk), typed in changes.items():
        page = client.get(reverse(FACTS[name], args=[world.plant.pk]))
        address = reverse(name, args=[pk])
        forms[address] = fields_of(page, address) | typed
    knock_as(client, people_of(world).get(persona))
    before = everything()

    found = [client.post(to, form | {"preview": ""}).status_code for to, form in forms.items()]

    assert found == [those_who_ask(200)[persona]] * len(forms)
    assert everything() == before


@pytest.mark.parametrize("persona", PERSONAS)
def test_sign_out_as(persona: str, world: Cast) -> None:
    person = people_of(world).get(persona)
    leaving, staying = Client(), Client()
    for client in (leaving, staying):
        knock_as(client, person)
    before = everything()

    status = leaving.post(reverse("sign-out")).status_code

    signed_in = [SESSION_KEY in client.session for client in (leaving, staying)]
    assert (status, signed_in) == (everyone(302)[persona], [False, person is not None])
    assert everything() == before


@pytest.mark.parametrize("persona", PERSONAS)
def test_language_as(persona: str, world: Cast) -> None:
    person, client = people_of(world).get(persona), Client()
    knock_as(client, person)

    status = client.post(reverse("language"), {"language": "en"}).status_code

    chosen = Person.objects.exclude(language="").values_list("email", "language")
    assert (status, list(chosen)) == (302, [(person.email, "en")] if person else [])
    assert client.cookies[settings.LANGUAGE_COOKIE_NAME].value == "en"
