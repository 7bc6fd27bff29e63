"""Conditions are answered, overridden and looked up; what counts, and for how long."""

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from plants.models import Permit
from tests.rounds.walks import Scene, condition, scene
from tracker.audit import Event, Verb
from tracker.rounds.acting import RoundRefused, StaleRound
from tracker.rounds.answering import set_step
from tracker.rounds.models import Condition, ConditionAnswer, Override, Round
from tracker.rounds.standings import Standing, read_standings

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Scene:
    return scene()


def standings(world: Scene) -> list[Standing]:
    return read_standings(world.round, today=world.today)


def standing(world: Scene, asked: Condition) -> Standing:
    return next(each for each in standings(world) if each.condition == asked)


def codes(world: Scene) -> list[str]:
    return [each.condition.code for each in standings(world)]


def test_newest_answer_counts_and_the_older_stays(world: Scene) -> None:
    asked = condition("a", "planned")
    assert standing(world, asked).outcome == "unknown"
    world.answer(asked, "not_met", "assessor", "缺少合同")
    assert standing(world, asked).outcome == "not_met"
    world.answer(asked, "met")

    assert standing(world, asked).outcome == "met"
    answers = ConditionAnswer.objects.order_by("pk").values_list("answer", "answered_by__name")
    people = world.people
    assert list(answers) == [
        ("not_met", people["assessor"].name),
        ("met", people["manager"].name),
    ]
    newest = Event.objects.about(world.round).first()
    assert newest is not None
    assert (newest.verb, newest.before, newest.after) == (
        Verb.ANSWERED,
        {"answer": "not_met"},
        {"condition": "a", "answer": "met"},
    )


def test_what_does_not_apply_says_why(world: Scene) -> None:
    asked = condition("a", "planned")

    with pytest.raises(RoundRefused):
        world.answer(asked, "not_applicable")
    world.answer(asked, "not_applicable", note="不使用氨水")

    assert standing(world, asked).outcome == "met"
    world.move("stable_running")


def test_conditions_are_those_of_the_stages_reached_and_of_the_parts(world: Scene) -> None:
    condition("planned", "planned")
    condition("later", "stable_running")
    condition("of-a-part", "planned", part="fugitive")
    condition("gone", "planned", withdrawn_on=date(2026, 1, 1))
    Round.objects.filter(pk=world.round.pk).update(fugitive=False)
    world.round.refresh_from_db()

    assert codes(world) == ["planned"]
    with pytest.raises(RoundRefused):
        world.answer(Condition.objects.get(code="later"))
    with pytest.raises(RoundRefused):
        world.answer(Condition.objects.get(code="of-a-part"))
    assert not ConditionAnswer.objects.exists()


@pytest.mark.parametrize(
    ("stage", "may"),
    [
        ("document_review", {"manager", "group", "assessor"}),
        ("filed", {"officer"}),
        ("review", {"upper"}),
        ("listed", {"upper"}),
    ],
)
def test_who_answers(world: Scene, stage: str, may: set[str]) -> None:
    world.walk(stage)
    asked = condition("a", stage)

    answered = set()
    for who in world.people:
        try:
            world.answer(asked, who=who)
        except RoundRefused:
            continue
        answered.add(who)

    assert answered == may


def test_answer_of_a_passed_stage_can_still_stop_the_round(world: Scene) -> None:
    asked = condition("a", "planned")
    world.answer(asked)
    world.move("stable_running")
    world.answer(asked, "not_met")

    with pytest.raises(RoundRefused) as refused:
        world.move("document_review")

    assert refused.value.conditions == [asked]
    world.override(asked)
    world.move("document_review")


def test_stage_that_is_entered_again_is_asked_again(world: Scene) -> None:
    """A second review has its own answers and overrides; the first ones are history."""
    world.walk("document_review")
    answered, overridden = condition("a", "document_review"), condition("b", "document_review")
    world.answer(answered)
    world.override(overridden)
    world.move("document_rectification", "manager", "补充资料")
    world.move("document_review", "manager")

    with pytest.raises(RoundRefused) as refused:
        world.move("site_survey")

    assert refused.value.conditions == [answered, overridden]
    assert standing(world, overridden).override is None
    assert Override.objects.count() == 1


def test_sent_back_round_keeps_what_was_said_before(world: Scene) -> None:
    early, late = condition("early", "document_review"), condition("late", "report")
    world.walk("document_review")
    world.answer(early)
    world.walk("report")
    world.answer(late)
    world.walk("review")
    world.move("report", "upper", "结论不明确")

    assert [standing(world, each).outcome for each in (early, late)] == ["met", "unknown"]


@pytest.mark.parametrize("who", ["officer", "upper"])
def test_officer_overrides_with_a_reason(world: Scene, who: str) -> None:
    asked = condition("a", "planned")

    given = world.override(asked, who)

    assert standing(world, asked).override == given
    assert standing(world, asked).outcome == "unknown"
    world.move("stable_running")
    event = Event.objects.about(world.round).filter(verb=Verb.OVERRODE).get()
    assert (event.note, event.after) == ("已现场核实。", {"condition": "a", "step": 1})


@pytest.mark.parametrize("who", ["manager", "group", "assessor", "stranger", "corps", "auditor"])
def test_nobody_else_overrides(world: Scene, who: str) -> None:
    asked = condition("a", "planned")

    with pytest.raises(RoundRefused):
        world.override(asked, who)

    assert not Override.objects.exists()


def test_override_is_refused_without_reason_need_or_place(world: Scene) -> None:
    asked, met, shown = (
        condition("a", "planned"),
        condition("b", "planned"),
        condition("c", "planned", is_blocking=False),
    )
    later = condition("d", "report")
    world.answer(met)

    with pytest.raises(RoundRefused):
        world.override(asked, reason=" ")
    for needless in (met, shown, later):
        with pytest.raises(RoundRefused):
            world.override(needless)
    world.override(asked)
    with pytest.raises(RoundRefused):
        world.override(asked)
    assert Override.objects.count() == 1


def test_database_keeps_one_override_for_a_step(world: Scene) -> None:
    given = world.override(condition("a", "planned"))
    given.pk = None

    with pytest.raises(IntegrityError), transaction.atomic():
        given.save(force_insert=True)


def test_app_answers_what_it_knows(world: Scene) -> None:
    asked = condition("a", "planned", check_name="permit_valid")

    assert standing(world, asked).outcome == "met"
    with pytest.raises(RoundRefused):
        world.answer(asked, "not_met")
    world.today = date(2028, 1, 1)  # the permit ran out on 2027-12-31
    with pytest.raises(RoundRefused) as refused:
        world.move("stable_running")
    assert refused.value.conditions == [asked]


def test_people_answer_what_the_app_does_not_know(world: Scene) -> None:
    asked = condition("a", "planned", check_name="permit_valid")
    Permit.objects.filter(plant=world.plant).delete()

    assert standing(world, asked).outcome == "unknown"
    world.answer(asked)
    assert standing(world, asked).outcome == "met"
    Permit.objects.create(
        plant=world.plant,
        number="65P",
        valid_from_on=date(2020, 1, 1),
        valid_until_on=date(2025, 1, 1),
    )
    assert standing(world, asked).outcome == "not_met"


def test_answers_and_overrides_are_seen_by_who_sees_the_round(world: Scene) -> None:
    world.answer(condition("a", "planned"))
    world.override(condition("b", "planned"))

    seeing = {
        who
        for who, person in world.people.items()
        if ConditionAnswer.objects.visible_to(person).exists()
    }
    assert seeing == {"manager", "group", "assessor", "officer", "upper", "auditor"}
    assert seeing == {
        who for who, person in world.people.items() if Override.objects.visible_to(person).exists()
    }


def test_standings_cost_the_same_for_many_conditions(world: Scene) -> None:
    world.walk("document_review")
    counts = []
    for number in range(3):
        asked = condition(f"look-{number}", "document_review", check_name="permit_valid")
        said = condition(f"say-{number}", "planned", is_blocking=False)
        world.answer(said)
        counts.append(_queries(world))
        assert {asked, said} <= {each.condition for each in standings(world)}

    assert counts[0] == counts[2] <= 14


def _queries(world: Scene) -> int:
    world.round = Round.objects.select_related("plant__place").get(pk=world.round.pk)
    with CaptureQueriesContext(connection) as queries:
        standings(world)
    return len(queries)


def step(world: Scene, who: str = "manager", **fields: Any) -> None:
    values = {"starts_on": None, "ends_on": None, "responsible": None, **fields}
    set_step(world.round, by=world.actor(who), at=world.at(), **values)


def test_step_gets_its_days_and_who_is_responsible(world: Scene) -> None:
    said: dict[str, Any] = {
        "starts_on": date(2026, 7, 1),
        "ends_on": date(2026, 7, 31),
        "responsible": world.people["assessor"],
        "note": "七月",
    }
    step(world, **said)

    open_step = world.round.steps.get()
    assert (open_step.starts_on, open_step.ends_on) == (date(2026, 7, 1), date(2026, 7, 31))
    assert (open_step.responsible, open_step.note) == (world.people["assessor"], "七月")
    events = Event.objects.about(world.round).filter(verb=Verb.CHANGED)
    assert events.count() == 1
    step(world, **said)
    assert events.count() == 1


def test_days_of_the_monitoring_are_the_rounds(world: Scene) -> None:
    world.walk("monitoring")

    step(world, "assessor", starts_on=date(2026, 8, 3), ends_on=date(2026, 8, 5))

    kept = Round.objects.get(pk=world.round.pk)
    assert (kept.monitoring_from_on, kept.monitoring_to_on) == (
        date(2026, 8, 3),
        date(2026, 8, 5),
    )


def test_step_is_refused_backwards_by_others_and_for_strangers(world: Scene) -> None:
    with pytest.raises(RoundRefused):
        step(world, starts_on=date(2026, 7, 2), ends_on=date(2026, 7, 1))
    with pytest.raises(RoundRefused):
        step(world, "officer", starts_on=date(2026, 7, 1))
    with pytest.raises(RoundRefused):
        step(world, responsible=world.people["stranger"])
    assert world.round.steps.get().starts_on is None


def test_stale_round_is_not_answered(world: Scene) -> None:
    asked = condition("a", "planned", is_blocking=False)
    stale = Round.objects.select_related("plant__authority").get(pk=world.round.pk)
    world.move("stable_running")

    with pytest.raises(StaleRound):
        Scene(world.world, stale, world.people).answer(asked)

    assert not ConditionAnswer.objects.exists()
