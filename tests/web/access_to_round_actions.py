"""The part of the access table that is about what is done in a round, and by whom."""

from collections.abc import Sequence

from tests.factories import Cast, DocumentFactory
from tests.web.access_to_rounds import make_round
from tests.web.personas import REVIEWERS, Statuses, those_who_ask, those_who_see
from tracker.rounds.models import Condition, Round

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


def round_action_arguments(world: Cast) -> dict[str, Sequence[object]]:
    """By the name of the address; of the plant's round, if one was made."""
    found = Round.objects.filter(plant=world.plant).first() or make_round(world)
    condition = make_condition()
    return {
        **{name: [found.pk] for name, _method in ROUND_ACTION_ROWS},
        **dict.fromkeys(("round-form", "round-open"), (world.plant.pk,)),
        **dict.fromkeys(("round-answer", "round-override"), (found.pk, condition.pk)),
    }
