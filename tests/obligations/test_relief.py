"""Extensions and waivers: who may, four eyes, two levels, and dates that nobody forgets."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.utils.translation import override

from plants.models import Authority, Person
from tests.factories import NOW, TODAY, Cast, RequirementFactory, cast, officer_of, submit
from tracker.audit import Actor, Event, Verb
from tracker.obligations.models import Obligation, Relief, ReliefKind, ReliefState, State
from tracker.obligations.relief import (
    ReliefRefused,
    StaleRelief,
    ask_relief,
    decide_relief,
    needs_above,
    take_back_relief,
    why_not_ask,
    why_not_decide,
)
from tracker.obligations.schedule import schedule_obligations

pytestmark = pytest.mark.django_db
DUE = date(2026, 10, 31)
LATER = date(2026, 12, 15)


@pytest.fixture
def world() -> Cast:
    return cast()


@pytest.fixture
def owed(world: Cast) -> Obligation:
    RequirementFactory.create(due={"on": DUE.isoformat()})
    schedule(world)
    return reread(Obligation.objects.get(plant=world.plant))


def schedule(world: Cast) -> None:
    schedule_obligations(today=TODAY, by=Actor(None, "tests"), at=NOW, plants=[world.plant])


def reread(obligation: Obligation) -> Obligation:
    return Obligation.objects.select_related("plant__authority").get(pk=obligation.pk)


def ask(
    owed: Obligation, person: Person, *, until: date | None = LATER, reason: str = "设备交货推迟"
) -> Relief:
    return ask_relief(
        obligation=owed,
        kind=ReliefKind.EXTENSION if until else ReliefKind.WAIVER,
        new_due_on=until,
        reason=reason,
        token=uuid4(),
        by=Actor(person, "192.0.2.7"),
        at=NOW,
        today=TODAY,
    )


def decide(relief: Relief, person: Person, *, granted: bool = True, reason: str = "") -> Relief:
    return decide_relief(
        relief=relief,
        granted=granted,
        reason=reason,
        by=Actor(person, "198.51.100.7"),
        at=NOW,
        today=TODAY,
    )


def test_granted_extension_moves_the_day_and_keeps_the_old_one(
    world: Cast, owed: Obligation
) -> None:
    decide(ask(owed, world.manager), world.changji_officer)

    moved = reread(owed)
    assert moved.due_on == LATER
    assert "2026年10月31日" in moved.due_basis_zh
    assert "延期至2026年12月15日，理由：设备交货推迟" in moved.due_basis_zh
    assert "extended it to 15 December 2026 on 1 September 2026" in moved.due_basis_en
    verbs = [event.verb for event in Event.objects.about(owed)]
    assert verbs == [Verb.RE_DATED, Verb.EXTENDED, Verb.ASKED]
    re_dated = Event.objects.about(owed).first()
    assert re_dated is not None
    assert re_dated.before is not None
    assert re_dated.before["due_on"] == "2026-10-31"


def test_extension_outlives_the_nightly_schedule(world: Cast, owed: Obligation) -> None:
    decide(ask(owed, world.manager), world.changji_officer)
    events = Event.objects.count()

    schedule(world)

    assert reread(owed).due_on == LATER
    assert Event.objects.count() == events


def test_rule_that_moves_past_the_extension_wins(world: Cast, owed: Obligation) -> None:
    decide(ask(owed, world.manager), world.changji_officer)
    owed.requirement.due = {"on": "2027-06-30"}
    owed.requirement.save(update_fields=["due"])

    schedule(world)

    moved = reread(owed)
    assert moved.due_on == date(2027, 6, 30)
    assert "延期" not in moved.due_basis_zh


def test_newest_of_two_extensions_counts(world: Cast, owed: Obligation) -> None:
    decide(ask(owed, world.manager), world.changji_officer)
    decide(ask(reread(owed), world.manager, until=date(2027, 1, 31)), world.changji_officer)

    assert reread(owed).due_on == date(2027, 1, 31)


def test_granted_waiver_settles(world: Cast, owed: Obligation) -> None:
    decide(ask(owed, world.manager, until=None), world.changji_officer, reason="生产线已拆除")

    assert reread(owed).state == State.WAIVED
    event = Event.objects.about(owed).first()
    assert event is not None
    assert (event.verb, event.note) == (Verb.WAIVED, "生产线已拆除")


def test_refusal_changes_nothing_and_a_new_request_may_follow(
    world: Cast, owed: Obligation
) -> None:
    relief = decide(
        ask(owed, world.manager), world.changji_officer, granted=False, reason="理由不充分"
    )

    assert relief.state == ReliefState.REFUSED
    assert (reread(owed).due_on, reread(owed).state) == (DUE, State.OPEN)
    assert why_not_ask(world.manager, reread(owed)) is None


@pytest.mark.parametrize(
    ("until", "reason", "says"),
    [
        (LATER, " ", "Say why"),
        (DUE, "等待设备", "has to lie after"),
        (TODAY - timedelta(days=1), "等待设备", "has to lie after"),
    ],
)
def test_incomplete_request_is_refused(
    world: Cast, owed: Obligation, until: date, reason: str, says: str
) -> None:
    with override("en"), pytest.raises(ReliefRefused, match=says):
        ask(owed, world.manager, until=until, reason=reason)

    assert Relief.objects.count() == 0


def test_overdue_can_only_be_extended_past_today(world: Cast, owed: Obligation) -> None:
    Obligation.objects.filter(pk=owed.pk).update(due_on=TODAY - timedelta(days=30))

    with override("en"), pytest.raises(ReliefRefused, match="after today"):
        ask(reread(owed), world.manager, until=TODAY)


def test_who_may_ask(world: Cast, owed: Obligation) -> None:
    may = {name for name, who in world.people.items() if why_not_ask(who, owed) is None}

    assert may == {"manager", "group_manager", "changji_officer", "region_officer"}


def test_who_may_decide(world: Cast, owed: Obligation) -> None:
    relief = ask(owed, world.manager)
    may = {name for name, who in world.people.items() if why_not_decide(who, relief) is None}

    assert may == {"changji_officer", "region_officer"}
    waiting = {name for name, who in world.people.items() if Relief.objects.awaiting(who).exists()}
    assert waiting == may


def test_nobody_decides_on_her_own_request(world: Cast, owed: Obligation) -> None:
    relief = ask(owed, world.changji_officer)

    with override("en"), pytest.raises(ReliefRefused, match="another officer"):
        decide(relief, world.changji_officer)

    assert decide(relief, world.region_officer).state == ReliefState.GRANTED


def test_one_request_at_a_time_and_the_same_form_counts_once(world: Cast, owed: Obligation) -> None:
    first = ask(owed, world.manager)

    again = ask_relief(
        obligation=owed,
        kind=first.kind,
        new_due_on=LATER,
        reason="设备交货推迟",
        token=first.token,
        by=Actor(world.manager, "192.0.2.7"),
        at=NOW,
        today=TODAY,
    )

    assert again == first
    with override("en"), pytest.raises(ReliefRefused, match="waits for a decision already"):
        ask(owed, world.manager)


def limit(code: str, days: int | None) -> None:
    Authority.objects.filter(code=code).update(grants_alone_days=days)


def found(relief: Relief) -> Relief:
    return Relief.objects.select_related("obligation__plant__authority", "agreed_authority").get(
        pk=relief.pk
    )


def test_long_extension_needs_the_authority_above(world: Cast, owed: Obligation) -> None:
    limit("region-changji", (LATER - DUE).days - 1)
    officer = Person.objects.get(pk=world.changji_officer.pk)

    agreed = decide(ask(owed, world.manager), officer)

    assert agreed.state == ReliefState.AGREED
    assert reread(owed).due_on == DUE
    assert not Relief.objects.awaiting(officer).exists()
    assert Relief.objects.awaiting(world.region_officer).get() == agreed
    granted = decide(found(agreed), world.region_officer)
    assert granted.state == ReliefState.GRANTED
    assert reread(owed).due_on == LATER
    assert [d.authority.code for d in granted.decisions.order_by("pk")] == [
        "region-changji",
        "region",
    ]


def test_same_authority_or_person_does_not_agree_twice(world: Cast, owed: Obligation) -> None:
    limit("region-changji", 1)
    officer = Person.objects.get(pk=world.changji_officer.pk)
    agreed = found(decide(ask(owed, world.manager), officer))
    colleague = officer_of(world.plant.authority)

    assert why_not_decide(officer, agreed) is not None
    assert why_not_decide(colleague, agreed) is not None
    assert why_not_decide(world.region_officer, agreed) is None


def test_limit_counts_from_the_first_day_not_from_the_last_extension(
    world: Cast, owed: Obligation
) -> None:
    limit("region-changji", 60)
    officer = Person.objects.get(pk=world.changji_officer.pk)
    decide(ask(owed, world.manager), officer)

    second = ask(reread(owed), world.manager, until=LATER + timedelta(days=30))

    assert needs_above(second, officer.offices_over(world.plant)[-1])


def test_waiver_under_a_limit_needs_the_authority_above(world: Cast, owed: Obligation) -> None:
    limit("region-changji", 3650)
    officer = Person.objects.get(pk=world.changji_officer.pk)

    assert decide(ask(owed, world.manager, until=None), officer).state == ReliefState.AGREED
    assert reread(owed).state == State.OPEN


def test_stale_decision_is_refused(world: Cast, owed: Obligation) -> None:
    relief = ask(owed, world.manager)
    seen = found(relief)
    take_back_relief(relief=relief, by=Actor(world.manager, "192.0.2.7"), at=NOW)

    with pytest.raises(StaleRelief):
        decide(seen, world.changji_officer)

    assert found(relief).state == ReliefState.TAKEN_BACK
    assert reread(owed).due_on == DUE


def test_what_was_submitted_meanwhile_is_not_waived(world: Cast, owed: Obligation) -> None:
    relief = ask(owed, world.manager, until=None)
    submit(owed, world.manager)

    with override("en"), pytest.raises(ReliefRefused, match="owed no more"):
        decide(found(relief), world.changji_officer)

    assert found(relief).state == ReliefState.ASKED
    assert reread(owed).state == State.SUBMITTED


def test_stranger_takes_nothing_back(world: Cast, owed: Obligation) -> None:
    relief = ask(owed, world.manager)

    with override("en"), pytest.raises(ReliefRefused):
        take_back_relief(relief=relief, by=Actor(world.other_manager, "192.0.2.8"), at=NOW)
