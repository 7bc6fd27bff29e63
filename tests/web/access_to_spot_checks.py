"""The part of the access table that is about spot checks: a check of Changji's plant."""

from collections.abc import Sequence

from tests.factories import NOW, TODAY, Cast
from tests.rounds.spot_checks.draws import check_of
from tests.web.personas import (
    OFFICERS,
    Statuses,
    everyone,
    those_who_answer,
    those_who_decide,
    those_who_see,
)
from tracker.audit import Actor
from tracker.rounds.models import SpotFinding
from tracker.rounds.spot_checks.checks import write_check
from tracker.rounds.spot_checks.findings import add_finding

# A membership as assessor shows nothing of spot checks.
_NO_ASSESSOR = {"assessor": 404}
_SEEN = those_who_see(200) | _NO_ASSESSOR
_DECIDED = those_who_decide(422) | _NO_ASSESSOR
_INSPECTED = those_who_see(403) | _NO_ASSESSOR | {"changji_officer": 422}

SPOT_CHECK_ROWS: dict[tuple[str, str], Statuses] = {
    ("spot-checks", "GET"): everyone(200),
    ("spot-draw-form", "GET"): everyone(403) | dict.fromkeys(OFFICERS, 200),
    ("spot-draw-announce", "POST"): everyone(403) | dict.fromkeys(OFFICERS, 422),
    ("spot-draw", "GET"): _SEEN,
    ("spot-draw-proof", "GET"): _SEEN,
    ("spot-draw-carry-out", "POST"): _DECIDED,
    ("spot-draw-give-up", "POST"): _DECIDED,
    ("spot-check", "GET"): _SEEN,
    ("spot-check-write", "POST"): _INSPECTED,
    ("spot-check-give-up", "POST"): _DECIDED,
    ("spot-finding-add", "POST"): _INSPECTED,
    ("spot-finding-tell", "POST"): those_who_answer(422) | _NO_ASSESSOR,
    # It is not told yet.
    ("spot-finding-confirm", "POST"): those_who_decide(409) | _NO_ASSESSOR,
    ("spot-finding-return", "POST"): _DECIDED,
    ("plant-findings", "GET"): _SEEN,
}


def make_finding(world: Cast) -> SpotFinding:
    """Of a check of the Changji plant that was drawn and made."""
    check, officer = check_of(world), Actor(world.changji_officer, "tests")
    write_check(check, done_on=TODAY, seen="料棚未封闭", by=officer, at=NOW)
    return add_finding(check, part="fugitive", text="料棚未封闭", due_on=TODAY, by=officer, at=NOW)


def spot_check_arguments(world: Cast) -> dict[str, Sequence[object]]:
    """By the name of the address."""
    finding = make_finding(world)
    draw, check = [finding.check_of.draw_id], [finding.check_of_id]
    found = [finding.pk]
    return {
        **{name: draw for name, _way in SPOT_CHECK_ROWS if name.startswith("spot-draw-")},
        "spot-draw-form": [],
        "spot-draw-announce": [],
        "spot-draw": draw,
        **{name: check for name, _way in SPOT_CHECK_ROWS if name.startswith("spot-check-")},
        "spot-check": check,
        "spot-finding-add": check,
        "spot-finding-tell": found,
        "spot-finding-confirm": found,
        "spot-finding-return": found,
        "plant-findings": [world.plant.pk],
    }
