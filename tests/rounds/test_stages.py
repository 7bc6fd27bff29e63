"""The walk of a round as a table: which stage follows which, by whom (domain.md 2.3 and 2.7)."""

import pytest

from tracker.rounds.models import Stage
from tracker.rounds.stages import (
    BEFORE_FILING,
    BEFORE_LISTING,
    MOVES,
    Mover,
    answerers,
    may_give_up,
    move_between,
    next_stages,
    passed_stages,
)

PLANT, BODY, OFFICE, UPPER = Mover.PLANT, Mover.BODY, Mover.OFFICE, Mover.UPPER

# from, to, who, whether it passes the stage
WAYS = [
    ("planned", "stable_running", {PLANT}, True),  # 2.3, the state machine
    ("stable_running", "document_review", {PLANT}, True),  # 2.3 (1): before anything else
    ("document_review", "site_survey", {PLANT, BODY}, True),  # 2.3 (2): documents complete
    ("document_review", "document_rectification", {PLANT, BODY}, False),  # 2.3 (3): rectify first
    ("document_rectification", "document_review", {PLANT}, True),
    ("site_survey", "monitoring", {PLANT, BODY}, True),  # 2.3 (3): basic conditions
    ("site_survey", "site_rectification", {PLANT, BODY}, False),
    ("site_rectification", "site_survey", {PLANT}, True),
    ("monitoring", "report", {PLANT, BODY}, True),  # 2.3 (4)
    ("report", "filed", {PLANT}, True),  # 2.7 filing; 2.4: the plant answers for the conclusions
    ("filed", "review", {OFFICE}, True),  # 2.7 prefecture -> province
    ("review", "public_notice", {UPPER}, True),  # 2.7 province
    ("review", "report", {UPPER}, False),
    ("review", "monitoring", {UPPER}, False),
    ("public_notice", "listed", {UPPER}, True),  # 2.7 public notice, dynamic list
    ("public_notice", "review", {UPPER}, False),  # somebody objects
    ("listed", "suspended", {UPPER}, False),  # 2.7 dynamic list
    ("listed", "removed", {UPPER}, False),
    ("suspended", "listed", {UPPER}, True),
    ("suspended", "removed", {UPPER}, False),
]


@pytest.mark.parametrize(("stage", "to", "movers", "passes"), WAYS)
def test_way_from_stage_to_stage(stage: str, to: str, movers: set[Mover], passes: bool) -> None:
    move = move_between(stage, to)

    assert move is not None
    assert move.by == movers
    assert move.passes is passes


def test_there_are_no_other_ways() -> None:
    told = {(stage.value, to.value) for stage, moves in MOVES.items() for to in moves}

    assert told == {(stage, to) for stage, to, _movers, _passes in WAYS}


def test_every_stage_but_the_last_leads_on() -> None:
    assert [stage for stage in Stage if not MOVES[stage]] == [Stage.REMOVED]


@pytest.mark.parametrize("stage", sorted(BEFORE_LISTING))
def test_list_is_reached_through_public_notice_only(stage: Stage) -> None:
    assert (Stage.LISTED in MOVES[stage]) == (stage == Stage.PUBLIC_NOTICE)


@pytest.mark.parametrize(
    ("stage", "movers", "stages"),
    [
        ("document_review", {BODY}, ["site_survey", "document_rectification"]),
        ("document_rectification", {BODY}, []),
        ("report", {BODY}, []),
        ("report", {PLANT, BODY}, ["filed"]),
        ("filed", {PLANT, UPPER}, []),
        ("review", {OFFICE}, []),
        ("review", {OFFICE, UPPER}, ["public_notice", "report", "monitoring"]),
        ("removed", set(Mover), []),
        ("planned", set(), []),
    ],
)
def test_next_stages_are_those_that_she_may_choose(
    stage: str, movers: set[Mover], stages: list[str]
) -> None:
    assert next_stages(stage, movers) == stages


@pytest.mark.parametrize(
    ("stage", "movers"),
    [
        *((stage.value, {PLANT, BODY}) for stage in sorted(BEFORE_FILING)),
        ("filed", {OFFICE}),
        ("review", {UPPER}),
        ("public_notice", {UPPER}),
        ("listed", {UPPER}),
        ("suspended", {UPPER}),
        ("removed", set()),
    ],
)
def test_who_answers_conditions(stage: str, movers: set[Mover]) -> None:
    assert answerers(stage) == movers


@pytest.mark.parametrize(
    ("stage", "mover", "may"),
    [
        ("planned", PLANT, True),
        ("report", PLANT, True),
        ("filed", PLANT, False),
        ("report", BODY, False),
        ("planned", OFFICE, True),
        ("public_notice", UPPER, True),
        ("listed", UPPER, False),
        ("suspended", OFFICE, False),
        ("removed", UPPER, False),
    ],
)
def test_who_gives_up(stage: str, mover: Mover, may: bool) -> None:
    assert may_give_up(stage, {mover}) is may


TO_REVIEW = "planned stable_running document_review site_survey monitoring report filed review"
BEFORE_SURVEY = {"planned", "stable_running", "document_review"}


@pytest.mark.parametrize(
    ("walked", "passed"),
    [
        ("planned", set()),
        ("planned stable_running document_review", {"planned", "stable_running"}),
        (
            "planned stable_running document_review document_rectification",
            {"planned", "stable_running"},
        ),
        (
            "planned stable_running document_review document_rectification document_review",
            {"planned", "stable_running", "document_rectification"},
        ),
        (
            "planned stable_running document_review document_rectification document_review "
            "document_rectification",
            {"planned", "stable_running"},
        ),
        (
            "planned stable_running document_review document_rectification document_review "
            "site_survey",
            BEFORE_SURVEY | {"document_rectification"},
        ),
        (TO_REVIEW, BEFORE_SURVEY | {"site_survey", "monitoring", "report", "filed"}),
        (f"{TO_REVIEW} monitoring", BEFORE_SURVEY | {"site_survey"}),
        (f"{TO_REVIEW} report", BEFORE_SURVEY | {"site_survey", "monitoring"}),
    ],
)
def test_stages_that_are_passed(walked: str, passed: set[str]) -> None:
    assert passed_stages(walked.split()) == passed


def test_back_on_the_list_all_is_passed_again() -> None:
    walked = f"{TO_REVIEW} public_notice listed suspended listed".split()

    assert passed_stages(walked) == set(walked) - {"listed"}
