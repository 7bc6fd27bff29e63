"""A check is written once by who was drawn; its findings go from open to remedied and back."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from plants.models import Person
from tests.factories import NOW, TODAY, Cast, officer_of
from tests.rounds.spot_checks.draws import check_of
from tracker.audit import Actor, Event
from tracker.rounds.models import FindingState, SpotCheck, SpotFinding
from tracker.rounds.spot_checks.checks import give_up_check, write_check
from tracker.rounds.spot_checks.findings import (
    add_finding,
    confirm_remedy,
    return_remedy,
    tell_remedy,
)
from tracker.rounds.spot_checks.rights import SpotCheckRefused

pytestmark = pytest.mark.django_db
DUE = TODAY + timedelta(days=20)
LATER = NOW + timedelta(days=3)


def by(person: Person) -> Actor:
    return Actor(person, "tests")


def write(check: SpotCheck, person: Person, *, on: date = TODAY, seen: str = "料棚未封闭") -> None:
    write_check(check, done_on=on, seen=seen, by=by(person), at=NOW)


def find(check: SpotCheck, person: Person, *, due_on: date = DUE) -> SpotFinding:
    return add_finding(
        check, part="fugitive", text="料棚未封闭", due_on=due_on, by=by(person), at=NOW
    )


@pytest.fixture
def check(world: Cast) -> SpotCheck:
    return check_of(world)


@pytest.fixture
def finding(world: Cast, check: SpotCheck) -> SpotFinding:
    write(check, world.changji_officer)
    return find(check, world.changji_officer)


def test_finding_is_told_sent_back_told_again_and_confirmed(
    world: Cast, finding: SpotFinding
) -> None:
    manager, region = by(world.manager), by(world.region_officer)

    tell_remedy(finding, remedy=" 已封闭 ", by=manager, at=LATER)
    return_remedy(finding, reason="北侧仍敞开", by=by(world.changji_officer), at=LATER)
    between = (finding.state, finding.returned_reason)
    tell_remedy(finding, remedy="北侧已封闭", by=manager, at=LATER + timedelta(days=1))
    # Another officer over the plant may confirm it.
    confirm_remedy(finding, by=region, at=LATER + timedelta(days=2))

    kept = SpotFinding.objects.get()
    assert between == (FindingState.OPEN, "北侧仍敞开")
    assert (kept.state, kept.remedy) == (FindingState.CONFIRMED, "北侧已封闭")
    assert not SpotFinding.objects.unsettled().exists()
    told = Event.objects.about(kept).order_by("pk")
    assert [event.verb for event in told] == [
        *("found", "told_remedy", "not_remedied", "told_remedy", "confirmed")
    ]
    assert {event.plant for event in told} == {world.plant}


def test_each_move_is_made_once(world: Cast, finding: SpotFinding) -> None:
    manager, officer = by(world.manager), by(world.changji_officer)
    as_read_before = SpotFinding.objects.get()
    tell_remedy(finding, remedy="已封闭", by=manager, at=LATER)
    told = SpotFinding.objects.get()
    return_remedy(finding, reason="未见", by=officer, at=LATER)
    tell_remedy(finding, remedy="再封闭", by=manager, at=LATER + timedelta(hours=1))

    with pytest.raises(SpotCheckRefused, match="meanwhile"):
        tell_remedy(as_read_before, remedy="又封闭", by=manager, at=LATER)
    # It was moved to and fro since she read it: she has not seen the remedy that stands.
    with pytest.raises(SpotCheckRefused, match="meanwhile"):
        confirm_remedy(told, by=officer, at=LATER + timedelta(hours=2))

    assert SpotFinding.objects.get().remedy == "再封闭"


def test_check_is_written_once_by_who_was_drawn(world: Cast, check: SpotCheck) -> None:
    as_read_before = SpotCheck.objects.get()

    for stranger in (world.region_officer, world.manager):
        with pytest.raises(SpotCheckRefused, match="Only an inspector"):
            write(check, stranger)
    write(check, world.changji_officer)
    with pytest.raises(SpotCheckRefused, match="meanwhile"):
        write(as_read_before, world.changji_officer, seen="别的")
    with pytest.raises(SpotCheckRefused, match="meanwhile"):
        give_up_check(as_read_before, reason="无人", by=by(world.changji_officer), at=NOW)

    assert SpotCheck.objects.get().seen == "料棚未封闭"
    assert Event.objects.about(check).get().plant == world.plant


def test_inspector_who_is_no_officer_any_more_writes_nothing(world: Cast, check: SpotCheck) -> None:
    world.changji_officer.memberships.all().delete()

    with pytest.raises(SpotCheckRefused, match="Only an inspector"):
        write(check, Person.objects.get(pk=world.changji_officer.pk))
    give_up_check(check, reason="检查人员已调离", by=by(world.region_officer), at=NOW)

    assert not SpotCheck.objects.outstanding().exists()
    # The plant never knew of it.
    assert Event.objects.about(check).get().plant is None


Deed = Callable[[Cast, SpotCheck], object]


@pytest.mark.parametrize(
    ("deed", "sentence"),
    [
        (lambda w, c: write(c, w.changji_officer, seen=" "), "Say what was seen"),
        (lambda w, c: write(c, w.changji_officer, on=TODAY + timedelta(1)), "lies ahead"),
        (lambda w, c: write(c, w.changji_officer, on=TODAY - timedelta(1)), "before it was drawn"),
        (lambda w, c: find(c, w.changji_officer), "First write down"),
        (
            lambda w, c: give_up_check(c, reason="", by=by(w.changji_officer), at=NOW),
            "Say why",
        ),
        (
            lambda w, c: give_up_check(c, reason="x", by=by(w.manager), at=NOW),
            "Only an officer",
        ),
    ],
)
def test_what_can_not_be_is_refused(
    world: Cast, check: SpotCheck, deed: Deed, sentence: str
) -> None:
    with pytest.raises(SpotCheckRefused, match=sentence):
        deed(world, check)

    assert SpotCheck.objects.outstanding().get() == check


def test_who_may_not_move_a_finding(world: Cast, finding: SpotFinding) -> None:
    check = finding.check_of
    with pytest.raises(SpotCheckRefused, match="before the fault was seen"):
        find(check, world.changji_officer, due_on=TODAY - timedelta(1))
    with pytest.raises(SpotCheckRefused, match="Only the plant's manager"):
        tell_remedy(finding, remedy="已封闭", by=by(world.changji_officer), at=LATER)
    tell_remedy(finding, remedy="已封闭", by=by(world.manager), at=LATER)
    for stranger in (world.manager, world.corps_officer, world.auditor):
        with pytest.raises(SpotCheckRefused, match="can decide on it"):
            confirm_remedy(finding, by=by(stranger), at=LATER)
    with pytest.raises(SpotCheckRefused, match="not enough"):
        return_remedy(finding, reason=" ", by=by(world.changji_officer), at=LATER)


def test_who_sees_a_check_and_its_findings(world: Cast, check: SpotCheck) -> None:
    elsewhere = officer_of(world.other_plant.authority)
    people = {**world.people, "elsewhere": elsewhere}

    def seers() -> set[str]:
        return {n for n, who in people.items() if SpotCheck.objects.visible_to(who).exists()}

    offices = {"changji_officer", "region_officer", "auditor", "administrator"}
    assert seers() == offices
    write(check, world.changji_officer)
    find(check, world.changji_officer)
    assert seers() == offices | {"manager", "group_manager"}
    assert {
        name for name, who in people.items() if SpotFinding.objects.visible_to(who).exists()
    } == seers()
    # Who is drawn sees the check, wherever her office is.
    check.inspectors.add(elsewhere)
    assert "elsewhere" in seers()
