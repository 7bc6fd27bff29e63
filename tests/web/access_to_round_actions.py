"""The part of the access table that is about what is done in a round, and by whom."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from plants.models import Invitation
from tests.factories import NOW, Cast, DocumentFactory, PersonFactory, store_file
from tests.web.access_to_rounds import make_round
from tests.web.personas import REVIEWERS, Statuses, those_who_answer, those_who_ask, those_who_see
from tracker.accounts.appoint import invite_to_seat
from tracker.audit import Actor
from tracker.rounds.models import Body, Condition, Round, RoundPaper, Seat
from tracker.rounds.papers import keep_paper
from tracker.rounds.seating import give_seat

# A membership as assessor of the plant shows no rounds: a seat in one does.
_UNSEEN = {"assessor": 404}
_INVOLVED: Statuses = those_who_ask(422) | _UNSEEN

ROUND_ACTION_ROWS: dict[tuple[str, str], Statuses] = {
    ("round-answer", "POST"): _INVOLVED,
    ("round-override", "POST"): those_who_see(403) | dict.fromkeys(REVIEWERS, 422) | _UNSEEN,
    ("round-move", "POST"): _INVOLVED,
    ("round-step", "POST"): _INVOLVED,
    ("round-give-up", "POST"): _INVOLVED,
    ("round-again", "POST"): _INVOLVED,
    ("round-paper-add", "POST"): _INVOLVED,
    ("round-paper", "GET"): those_who_see(200) | _UNSEEN,
    ("round-seat-give", "POST"): those_who_answer(422) | _UNSEEN,
    ("round-seat-end", "POST"): those_who_answer(422) | _UNSEEN,
    ("round-invitation-again", "POST"): those_who_answer(302) | _UNSEEN,
    ("round-invitation-revoke", "POST"): those_who_answer(302) | _UNSEEN,
    ("round-form", "GET"): those_who_ask(200),
    ("round-open", "POST"): those_who_ask(422),
}


def make_condition(code: str = "asked", stage: str = "planned", **fields: object) -> Condition:
    """It blocks, and people answer it."""
    words = dict.fromkeys(("title_zh", "title_en", "text_zh", "text_en"), code)
    values = {"is_blocking": True, "verification": "to_verify", **words, **fields}
    return Condition.objects.create(
        code=code, stage=stage, document=DocumentFactory.create(), **values
    )


class _Things(NamedTuple):
    """What hangs on a round that is being walked."""

    condition: Condition
    seat: Seat
    invited: Invitation
    paper: RoundPaper


def _furnish(world: Cast, found: Round) -> _Things:
    condition, by = make_condition(), Actor(world.manager, "tests")
    body: dict[str, Any] = {
        "body": Body.MONITORING,
        "organisation": "示例检测公司",
        "by": by,
        "at": NOW,
    }
    seat = give_seat(found, person=PersonFactory.create(), **body)
    invited = invite_to_seat(found, email="body@demo.example", name="新人", language="en", **body)
    paper = keep_paper(found, file=store_file(), by=by, at=NOW)
    return _Things(condition, seat, invited, paper)


def make_asked_round(world: Cast) -> Round:
    """The plant's round with a condition, a seat, an invitation and a paper."""
    found = make_round(world)
    _furnish(world, found)
    return found


def round_action_arguments(world: Cast) -> dict[str, Sequence[object]]:
    """By the name of the address; of the plant's round, if one was made."""
    found = Round.objects.filter(plant=world.plant).first() or make_round(world)
    things = _furnish(world, found)
    return {
        **{name: [found.pk] for name, _method in ROUND_ACTION_ROWS},
        "round-seat-end": [found.pk, things.seat.pk],
        "round-paper": [found.pk, things.paper.pk],
        **dict.fromkeys(
            ("round-invitation-again", "round-invitation-revoke"), (found.pk, things.invited.pk)
        ),
        **dict.fromkeys(("round-form", "round-open"), (world.plant.pk,)),
        **dict.fromkeys(("round-answer", "round-override"), (found.pk, things.condition.pk)),
    }
