"""Disposal on real files: only what is over goes, only its bytes, and everybody can see that."""

import os
from collections.abc import Callable
from datetime import datetime, timedelta
from io import StringIO
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.utils import timezone
from time_machine import TimeMachineFixture

from plants.models import Plant
from tests.factories import NOW, Cast, ObligationFactory, cast, make_obligation_at
from tests.factories.walks import FILE_NAME, attach, store_file
from tests.web.pages import make_annex, make_correction
from tracker.audit import Actor, Event, Verb
from tracker.demo.evidence_files import make_pdf
from tracker.evidence.attach import AnswerRefused, attach_again
from tracker.evidence.disposal import dispose, find_due
from tracker.evidence.holds import lift_hold, set_hold
from tracker.evidence.models import Evidence, FileText, ReliefPaper, StoredFile, TextPiece
from tracker.evidence.quota import used_bytes
from tracker.evidence.reading import read_waiting
from tracker.evidence.retention import months_after, read_rules
from tracker.evidence.store import path_of
from tracker.obligations.models import Obligation, Relief, ReliefKind, State
from tracker.obligations.relief import ask_relief

pytestmark = pytest.mark.django_db

LAST_DAY = months_after(timezone.localdate(NOW), 60)
OVER = NOW.replace(year=2031, day=2)
BY = Actor(None, "tests")


@pytest.fixture
def world() -> Cast:
    return cast()


def settled(world: Cast, plant: Plant | None = None, at: datetime = NOW) -> Obligation:
    """Accepted on one file; every time the same bytes."""
    plant = plant or world.plant
    manager = world.manager if plant == world.plant else world.other_manager
    return make_obligation_at(State.ACCEPTED, plant=plant, manager=manager, at=at)


def stored_file() -> StoredFile:
    return StoredFile.objects.get()


def due(at: datetime = OVER) -> list[StoredFile]:
    return [found.stored for found in find_due(now=at, rules=read_rules())]


def disposed_of(at: datetime = OVER) -> bool:
    return dispose(stored_file(), rules=read_rules(), by=BY, at=at) is not None


def test_bytes_go_the_day_after_the_last_and_the_rows_stay(world: Cast) -> None:
    obligation = settled(world)
    path = path_of(stored_file())

    assert due(OVER - timedelta(days=1)) == []
    assert not disposed_of(OVER - timedelta(days=1))
    assert path.exists()
    assert due() == [stored_file()]
    assert disposed_of()

    stored = stored_file()
    assert not path.exists()
    assert stored.disposed_at == OVER
    assert stored.disposed_rule.en == "Monitoring data, ledgers and all else are kept for 5 years"
    assert Evidence.objects.get().original_name == FILE_NAME
    assert obligation.submissions.get().evidence.count() == 1
    event = Event.objects.get(verb=Verb.DISPOSED)
    assert event.after == {
        "sha256": stored.sha256,
        "rule": "other",
        "document": "HJ 944-2018",
        "kept_until": LAST_DAY.isoformat(),
    }
    assert due() == []
    assert not disposed_of(OVER + timedelta(days=1))
    assert used_bytes(world.plant) == 0


@pytest.mark.parametrize("state", [State.OPEN, State.RETURNED, State.SUBMITTED])
def test_what_an_unsettled_obligation_rests_on_is_never_due(world: Cast, state: State) -> None:
    settled(world)
    owed = make_obligation_at(state, plant=world.plant, manager=world.manager)
    if state == State.OPEN:
        attach(owed, world.manager)

    assert due(NOW.replace(year=2090)) == []
    assert not disposed_of(NOW.replace(year=2090))


def test_file_taken_away_from_an_open_obligation_stays(world: Cast) -> None:
    laid = attach(ObligationFactory.create(plant=world.plant), world.manager)
    laid.removed_at, laid.removed_by = NOW, world.manager
    laid.save()

    assert due(NOW.replace(year=2090)) == []


def test_paper_of_a_request_waits_for_its_obligation(world: Cast) -> None:
    settled(world)
    asked = _relief(world)
    ReliefPaper.objects.create(relief=asked, evidence=Evidence.objects.get())

    assert due(NOW.replace(year=2090)) == []


def _relief(world: Cast) -> Relief:
    return ask_relief(
        obligation=ObligationFactory.create(plant=world.plant),
        kind=ReliefKind.WAIVER,
        new_due_on=None,
        reason="设施已拆除",
        token=uuid4(),
        by=Actor(world.manager, "tests"),
        at=NOW,
        today=timezone.localdate(NOW),
    )


def test_bytes_of_two_plants_go_when_both_are_over(world: Cast) -> None:
    settled(world)
    settled(world, world.other_plant, NOW + timedelta(days=30))

    assert due() == []
    later = OVER + timedelta(days=30)
    assert due(later) == [stored_file()]
    assert disposed_of(later)
    told = Event.objects.filter(verb=Verb.DISPOSED).values_list("plant_id", flat=True)
    assert sorted(told) == sorted([world.plant.pk, world.other_plant.pk])


def test_longest_kind_of_the_same_bytes_counts(world: Cast) -> None:
    settled(world)
    Evidence.objects.update(media_type="video/mp4")
    first = NOW.replace(year=2027, day=2)
    assert due(first) == [stored_file()]

    settled(world, world.other_plant)

    assert due(first) == []


@pytest.mark.parametrize("whole", [True, False])
def test_hold_keeps_it_until_it_is_lifted(world: Cast, whole: bool) -> None:
    obligation, by = settled(world), Actor(world.changji_officer, "tests")
    held = None if whole else obligation
    hold = set_hold(plant=world.plant, obligation=held, reason="诉讼", by=by, at=NOW)

    assert due() == []
    assert not disposed_of()
    lift_hold(hold=hold, reason="结案", by=by, at=OVER)
    assert due() == [stored_file()]
    verbs = Event.objects.filter(verb__in=[Verb.HELD, Verb.LIFTED]).order_by("pk")
    assert list(verbs.values_list("verb", "note")) == [("held", "诉讼"), ("lifted", "结案")]


def test_hold_on_one_obligation_or_plant_keeps_nothing_else(world: Cast) -> None:
    settled(world)
    by = Actor(world.region_officer, "tests")
    other = ObligationFactory.create(plant=world.plant)
    set_hold(plant=world.plant, obligation=other, reason="诉讼", by=by, at=NOW)
    set_hold(plant=world.other_plant, obligation=None, reason="诉讼", by=by, at=NOW)

    assert due() == [stored_file()]


def scan(world: Cast) -> None:
    make_correction(ObligationFactory.create(plant=world.plant).requirement, world.region_officer)


def annex(world: Cast) -> None:
    made = make_annex(world)
    made.stored = Evidence.objects.get().stored
    made.save()


@pytest.mark.parametrize("use", [scan, annex])
def test_what_the_rules_rest_on_is_never_due(world: Cast, use: Callable[[Cast], object]) -> None:
    settled(world)
    use(world)

    assert due(NOW.replace(year=2090)) == []


def test_bytes_that_came_just_now_wait_a_day(world: Cast) -> None:
    settled(world)
    os.utime(path_of(stored_file()), (OVER.timestamp(), OVER.timestamp()))

    assert due() == []
    assert due(OVER + timedelta(days=2)) == [stored_file()]


def test_disposed_file_is_not_used_again_but_may_come_again(world: Cast) -> None:
    settled(world)
    owed, by = ObligationFactory.create(plant=world.plant), Actor(world.manager, "tests")
    disposed_of()
    with pytest.raises(AnswerRefused):
        attach_again(obligation=owed, evidence=Evidence.objects.get(), by=by, at=OVER)

    store_file(make_pdf(1))

    assert stored_file().disposed_at is None
    assert path_of(stored_file()).exists()


def test_command_only_names_until_it_is_told_to_apply(
    world: Cast, time_machine: TimeMachineFixture
) -> None:
    settled(world)
    time_machine.move_to(OVER)
    said = StringIO()
    call_command("dispose_evidence", stdout=said)
    assert path_of(stored_file()).exists()
    assert stored_file().sha256 in said.getvalue()
    assert "1 files" in said.getvalue()
    assert "--apply does it" in said.getvalue()

    call_command("dispose_evidence", "--apply", stdout=StringIO())

    assert not path_of(stored_file()).exists()
    verified = StringIO()
    call_command("verify_evidence", stdout=verified)
    assert verified.getvalue() == "0 files are whole. 1 were disposed of after their retention.\n"


def test_bytes_that_are_back_behind_the_rows_back_are_told(world: Cast) -> None:
    settled(world)
    path = path_of(stored_file())
    disposed_of()
    path.write_bytes(make_pdf(1))
    complaints = StringIO()

    with pytest.raises(Exception, match="1 faults"):
        call_command("verify_evidence", stderr=complaints)

    assert complaints.getvalue() == f"orphaned: {path.parent.name}/{path.name}\n"


def test_what_was_read_out_of_the_bytes_goes_with_them(world: Cast) -> None:
    settled(world)
    read_waiting(now=NOW)
    assert TextPiece.objects.exists()

    assert disposed_of()

    assert not TextPiece.objects.exists()
    assert not FileText.objects.exists()
