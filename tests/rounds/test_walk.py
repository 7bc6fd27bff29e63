"""A round is opened, moved, given up and assessed anew: by whom, when not, and what is kept."""

from datetime import timedelta

import pytest

from plants.models import Authority, Part
from tests.factories import NOW, Cast, LineFactory, cast
from tests.rounds.walks import ORIGIN, Scene, condition, scene
from tracker.audit import Actor, Event, Verb, broken_links, chain_of_plant
from tracker.rounds.acting import RoundRefused, StaleRound
from tracker.rounds.models import Round, RoundKind, RoundStep, Stage
from tracker.rounds.walk import give_up, open_round, reassess

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Scene:
    return scene()


def reread(round_: Round) -> Round:
    return Round.objects.select_related("plant__authority", "plant__place").get(pk=round_.pk)


def steps(round_: Round) -> list[tuple[int, str, bool]]:
    rows = RoundStep.objects.filter(round=round_).order_by("number")
    return [(row.number, row.stage, row.left_at is None) for row in rows]


def test_opened_round_stands_in_its_first_step(world: Scene) -> None:
    assert (world.round.number, world.round.stage) == (1, Stage.PLANNED)
    assert steps(world.round) == [(1, "planned", True)]
    event = Event.objects.about(world.round).last()
    assert event is not None
    assert (event.verb, event.person, event.plant) == (
        Verb.OPENED,
        world.people["manager"],
        world.plant,
    )


@pytest.mark.parametrize(
    ("who", "may"),
    [
        ("manager", True),
        ("group_manager", True),
        ("changji_officer", True),
        ("region_officer", True),
        ("other_manager", False),
        ("corps_officer", False),
        ("auditor", False),
        ("administrator", False),
    ],
)
def test_who_opens_a_round(who: str, may: bool) -> None:
    people = cast()
    by = Actor(people.people[who], ORIGIN)

    if may:
        assert open_round(plant=people.plant, by=by, at=NOW).number == 1
    else:
        with pytest.raises(RoundRefused):
            open_round(plant=people.plant, by=by, at=NOW)
        assert not Round.objects.exists()


def test_nobody_opens_by_no_person(world: Scene) -> None:
    with pytest.raises(RoundRefused):
        open_round(plant=world.world.corps_plant, by=Actor(None, "worker"), at=NOW)


def test_same_part_of_the_same_line_is_assessed_once_at_a_time() -> None:
    people = cast()
    by = Actor(people.manager, ORIGIN)
    first = people.plant.lines.get()
    second = LineFactory.create(plant=people.plant, number=2)
    open_round(plant=people.plant, parts=[Part.ORGANISED], lines=[first], by=by, at=NOW)

    with pytest.raises(RoundRefused, match="1"):
        open_round(plant=people.plant, by=by, at=NOW)
    with pytest.raises(RoundRefused):
        open_round(plant=people.plant, parts=[Part.ORGANISED], lines=[first], by=by, at=NOW)
    third = open_round(plant=people.plant, parts=[Part.ORGANISED], lines=[second], by=by, at=NOW)
    assert third.number == 2
    fourth = open_round(plant=people.plant, parts=[Part.FUGITIVE], by=by, at=NOW)
    assert (fourth.number, fourth.parts) == (3, [Part.FUGITIVE])


def test_round_is_about_something_of_its_plant() -> None:
    people: Cast = cast()
    by = Actor(people.manager, ORIGIN)

    for parts in ([], [Part.REPORTING]):
        with pytest.raises(RoundRefused):
            open_round(plant=people.plant, parts=parts, by=by, at=NOW)
    with pytest.raises(RoundRefused):
        open_round(plant=people.plant, lines=people.other_plant.lines.all(), by=by, at=NOW)


def test_walk_from_first_paper_to_the_list_and_off_it(world: Scene) -> None:
    world.walk("site_survey")
    world.move("site_rectification", "assessor", "采样平台护栏缺失。")
    world.move("site_survey", "manager")
    world.walk("listed")
    world.move("suspended", "upper", "双随机检查发现问题。")
    world.move("listed", "upper")
    world.move("removed", "upper", "不能稳定达到。")

    walked = [stage for _number, stage, _open in steps(world.round)]
    assert walked == [
        "planned",
        "stable_running",
        "document_review",
        "site_survey",
        "site_rectification",
        "site_survey",
        "monitoring",
        "report",
        "filed",
        "review",
        "public_notice",
        "listed",
        "suspended",
        "listed",
        "removed",
    ]
    moved = Event.objects.about(world.round).filter(verb=Verb.MOVED)
    assert moved.count() == len(walked) - 1
    newest = moved.first()
    assert newest is not None
    assert (newest.before, newest.after) == ({"stage": "listed"}, {"stage": "removed"})
    assert newest.note == "不能稳定达到。"
    assert broken_links(chain_of_plant(world.plant.pk)) == []


def test_steps_keep_who_left_them_when_and_why(world: Scene) -> None:
    world.walk("document_review")
    world.move("document_rectification", "assessor", "缺少排污许可证副本。")

    left = RoundStep.objects.get(round=world.round, number=3)
    assert (left.left_by, left.note) == (world.people["assessor"], "缺少排污许可证副本。")
    begun = RoundStep.objects.get(round=world.round, number=4)
    assert (begun.entered_at, begun.left_at) == (left.left_at, None)
    assert reread(world.round).stage_since_at == left.left_at


@pytest.mark.parametrize(
    ("stage", "to", "wrong"),
    [
        ("planned", "stable_running", ["assessor", "officer", "upper", "stranger"]),
        ("document_review", "site_survey", ["officer", "upper", "stranger", "auditor"]),
        ("report", "filed", ["assessor", "officer", "upper"]),
        ("filed", "review", ["manager", "group", "assessor", "upper", "corps"]),
        ("review", "public_notice", ["manager", "assessor", "officer", "corps"]),
        ("public_notice", "listed", ["manager", "assessor", "officer", "corps"]),
    ],
)
def test_others_cannot_make_the_move(world: Scene, stage: str, to: str, wrong: list[str]) -> None:
    world.walk(stage)
    before = steps(world.round)

    for who in wrong:
        with pytest.raises(RoundRefused):
            world.move(to, who)

    assert steps(world.round) == before
    world.move(to)


def test_top_office_is_the_first_where_no_other_stands_between(world: Scene) -> None:
    """A plant right under the region."""
    world.plant.authority = Authority.objects.get(code="region")
    world.plant.save(update_fields=["authority"])
    world.round = reread(world.round)
    world.walk("filed")

    world.move("review", "upper")

    assert world.round.stage == "review"


@pytest.mark.parametrize(
    ("stage", "to"),
    [("planned", "document_review"), ("site_survey", "report"), ("review", "listed")],
)
def test_no_stage_is_left_out(world: Scene, stage: str, to: str) -> None:
    world.walk(stage)

    with pytest.raises(RoundRefused):
        world.move(to)


@pytest.mark.parametrize(
    ("stage", "to", "who"),
    [
        ("document_review", "document_rectification", "assessor"),
        ("review", "monitoring", "upper"),
        ("listed", "removed", "upper"),
    ],
)
def test_way_back_needs_a_reason(world: Scene, stage: str, to: str, who: str) -> None:
    world.walk(stage)

    with pytest.raises(RoundRefused):
        world.move(to, who, "  ")

    world.move(to, who, "理由")
    assert world.round.stage == to


def test_of_two_who_move_at_once_one_is_told(world: Scene) -> None:
    stale = reread(world.round)
    world.move("stable_running")

    with pytest.raises(StaleRound) as told:
        Scene(world.world, stale, world.people).move("stable_running")

    assert told.value.round.stage == "stable_running"
    assert len(steps(world.round)) == 2


def test_to_and_fro_is_noticed(world: Scene) -> None:
    """The same stage again is not the same step."""
    world.walk("document_review")
    stale = reread(world.round)
    world.move("document_rectification", "manager", "补充资料")
    world.move("document_review", "manager")

    with pytest.raises(StaleRound):
        Scene(world.world, stale, world.people).move("site_survey")


def test_given_up_round_stands_still(world: Scene) -> None:
    world.walk("document_review")

    give_up(world.round, reason="企业停产。", by=world.actor("manager"), at=world.at())

    given_up = reread(world.round)
    assert given_up.given_up_reason == "企业停产。"
    assert not Round.objects.going_on().exists()
    assert not given_up.seats.standing().exists()
    with pytest.raises(RoundRefused):
        world.move("site_survey", "manager")
    with pytest.raises(RoundRefused):
        give_up(given_up, reason="再次", by=world.actor("manager"), at=world.at())
    assert [event.verb for event in Event.objects.about(given_up)][:2] == [
        Verb.ENDED_SEAT,
        Verb.GAVE_UP,
    ]


@pytest.mark.parametrize(
    ("stage", "who", "reason"),
    [
        ("planned", "manager", ""),
        ("planned", "assessor", "理由"),
        ("filed", "manager", "理由"),
        ("listed", "upper", "理由"),
    ],
)
def test_giving_up_is_refused(world: Scene, stage: str, who: str, reason: str) -> None:
    world.walk(stage)

    with pytest.raises(RoundRefused):
        give_up(world.round, reason=reason, by=world.actor(who), at=world.at())

    assert reread(world.round).given_up_at is None


def test_removed_round_is_assessed_anew(world: Scene) -> None:
    world.walk("listed")
    with pytest.raises(RoundRefused):
        reassess(world.round, by=world.actor("manager"), at=world.at())
    world.move("removed", "upper", "在线数据造假。")

    again = reassess(world.round, by=world.actor("manager"), at=world.at())

    assert (again.number, again.kind, again.after) == (2, RoundKind.AGAIN, world.round)
    assert again.parts == world.round.parts
    assert steps(again) == [(1, "planned", True)]
    with pytest.raises(RoundRefused):
        reassess(world.round, by=world.actor("manager"), at=world.at() + timedelta(days=1))


def test_listed_round_leaves_room_for_the_yearly_one(world: Scene) -> None:
    world.walk("listed")

    yearly = open_round(
        plant=world.plant, kind=RoundKind.YEARLY, by=world.actor("manager"), at=world.at()
    )

    assert (yearly.number, yearly.kind) == (2, RoundKind.YEARLY)


def test_unmet_conditions_are_named(world: Scene) -> None:
    first, second = condition("a", "planned"), condition("b", "planned")
    condition("c", "planned", is_blocking=False)
    condition("d", "stable_running")
    world.answer(second)

    with pytest.raises(RoundRefused) as refused:
        world.move("stable_running")

    assert refused.value.conditions == [first]
    assert world.round.stage == "planned"
