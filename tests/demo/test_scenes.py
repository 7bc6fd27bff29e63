"""What each account of the demo finds beside what is owed, handed in and reviewed."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from plants.models import Invitation, Person, Plant
from tests.demo.conftest import NOW, BuiltDemo
from tests.web.pages import text_of
from tracker.accounts.handover import unanswered
from tracker.assessments.models import Answered, Comment, Proposal, ReviewCorrection, Side
from tracker.assessments.review import waiting_for
from tracker.audit import Event, Verb
from tracker.demo.round_rooms import HAULS, MONTHS, SOURCES, TOO_MUCH
from tracker.demo.scenes import FOUND, HARMLESS, RUNS_OUT_IN_DAYS, SENT_BYTES
from tracker.evidence.expiry import run_out
from tracker.evidence.models import Evidence, LegalHold, UnfinishedUpload
from tracker.evidence.partial import offset_of
from tracker.evidence.store import path_of
from tracker.obligations.models import Obligation, State
from tracker.rounds.models import FugitiveCheck, Round, Seat, Stage, TransportMonth
from tracker.rounds.samples.results import read_results

TODAY = NOW.date()
pytestmark = [pytest.mark.django_db, pytest.mark.once, pytest.mark.usefixtures("demo")]


def person(name: str) -> Person:
    return Person.objects.get(email=f"{name}@demo.example")


def page(who: str, address: str) -> str:
    client = Client(headers={"Accept-Language": "zh-CN"})
    client.force_login(person(who))
    return text_of(client.get(address))


@pytest.mark.parametrize(
    ("first", "second"),
    [("changji-officer", "region-officer"), ("corps-officer", "corps-bureau-officer")],
)
def test_proposal_waits_for_the_second_level(first: str, second: str) -> None:
    proposals = Proposal.objects.filter(proposed_by=person(first))
    waiting = proposals.standing().get().submission.obligation

    assert waiting in waiting_for(person(second))
    assert waiting not in waiting_for(person(first))
    sent_back = proposals.get(answer=Answered.SENT_BACK)
    assert sent_back.answered_by == person(second)
    assert sent_back.submission.obligation in waiting_for(person(first))


@pytest.mark.parametrize("officer", ["changji-officer", "corps-officer"])
def test_decision_was_put_right_and_the_duty_is_held(officer: str) -> None:
    correction = ReviewCorrection.objects.get(reviewed_by=person(officer))
    duty = correction.review.submission.obligation

    assert duty.state == State.RETURNED
    assert correction.superior.name in page("auditor", reverse("obligation", args=[duty.pk]))
    assert LegalHold.objects.standing().get(obligation=duty).set_by == person(officer)
    assert LegalHold.objects.exclude(lifted_at=None).get(plant=duty.plant).lifted_reason


@pytest.mark.parametrize("plant", ["demo-001", "demo-002"])
def test_both_sides_write_comments(plant: str) -> None:
    written = Comment.objects.filter(obligation__plant__code=plant)

    assert set(written.values_list("side", flat=True)) == set(Side.values)
    assert written.values("written_by").distinct().count() == 3


@pytest.mark.parametrize("who", ["manager", "changji-officer", "auditor", "admin"])
def test_quarantined_file_is_seen_and_not_opened(who: str) -> None:
    file = Evidence.objects.get(plant__code="demo-001", stored__in=_quarantined())
    [submission] = file.submissions.all()

    assert FOUND in page(who, reverse("obligation", args=[submission.obligation_id]))
    assert FOUND in page(who, reverse("evidence-file", args=[file.pk]))


def test_quarantined_file_says_that_it_is_harmless(settings: Any, demo: BuiltDemo) -> None:
    settings.FILES_DIR = demo.files

    for file in Evidence.objects.filter(stored__in=_quarantined()):
        said = path_of(file.stored).read_text(encoding="utf-8")
        assert said == HARMLESS.format(plant=file.plant.name_zh)


def test_evidence_is_about_to_run_out() -> None:
    ending = Evidence.objects.get(plant__code="demo-001", expires_on__isnull=False)
    [submission] = ending.submissions.all()

    assert submission.obligation.state == State.ACCEPTED
    assert submission.obligation_id not in run_out(today=TODAY + timedelta(RUNS_OUT_IN_DAYS))
    assert submission.obligation_id in run_out(today=TODAY + timedelta(RUNS_OUT_IN_DAYS + 1))


def test_upload_broke_off(settings: Any, demo: BuiltDemo) -> None:
    settings.FILES_DIR = demo.files
    upload = UnfinishedUpload.objects.get(person=person("manager"))

    assert offset_of(upload) == SENT_BYTES < upload.size_bytes
    assert upload.ends_at > NOW


def test_manager_handed_over_to_her_colleague() -> None:
    [plant] = Plant.objects.visible_to(person("other-manager"))
    told = Event.objects.filter(verb=Verb.HANDED_OVER)
    heirs = set(told.values_list("after__heir", flat=True))

    assert heirs == {person("other-manager").name}
    assert set(told.values_list("plant", flat=True)) == {plant.pk}
    assert not Plant.objects.visible_to(person("former-manager")).exists()


def test_administrator_sees_a_plant_that_nobody_answers_for() -> None:
    [plant] = unanswered(person("admin"))
    invitation = Invitation.objects.pending().get()

    assert Event.objects.filter(verb=Verb.LEFT_ALONE, plant=plant).exists()
    assert invitation.plant == plant
    shown = page("admin", reverse("people"))
    assert plant.name_zh in shown
    assert invitation.email in shown


def test_two_levels_confirm_what_was_proposed() -> None:
    confirmed = Obligation.objects.filter(
        submissions__proposals__answer=Answered.CONFIRMED, state=State.ACCEPTED
    )

    assert confirmed.filter(requirement__review_levels=2).exists()


def _quarantined() -> Any:
    return Evidence.objects.filter(stored__scan_found=FOUND).values("stored")


def test_round_on_show_is_monitored_and_has_something_in_each_room() -> None:
    plant = Plant.objects.get(memberships__person=person("manager"))
    [shown] = plant.rounds.all()

    assert shown.stage == Stage.MONITORING
    assert shown.steps.filter(stage=Stage.DOCUMENT_RECTIFICATION).exists()
    results = read_results(shown, today=TODAY)
    over = {each.outlet.source for each in results if each.verdict.outcome == "over"}
    assert over == {TOO_MUCH[0]}
    assert shown.fugitive_sources.count() == len(SOURCES)
    assert FugitiveCheck.objects.filter(source__round=shown).with_open_faults().count() == 1
    assert TransportMonth.objects.filter(plant=plant).count() == len(HAULS) * MONTHS


def test_spot_check_was_drawn_and_left_a_finding_open() -> None:
    plant = Plant.objects.get(memberships__person=person("manager"))
    [check] = plant.spot_checks.all()

    assert set(check.inspectors.all()) == {person("region-officer"), person("changji-officer")}
    [finding] = check.findings.all()
    assert finding.due_on > TODAY
    shown = page("manager", reverse("plant-findings", args=[plant.pk]))
    assert finding.text in shown
    assert finding.text in page("manager", "/")


@pytest.mark.parametrize("who", ["monitoring", "technical"])
def test_bodies_see_their_rounds_and_no_plant(who: str) -> None:
    rounds = Round.objects.visible_to(person(who))

    assert rounds.exists()
    assert not Plant.objects.visible_to(person(who)).exists()
    assert {seat.person for seat in Seat.objects.standing()} == {
        person("monitoring"),
        person("technical"),
    }
