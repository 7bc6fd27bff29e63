"""The part of the access table that is about a round's rooms: its samples and its transport.

The round is planned, so that whoever may enter samples is told that it takes none yet.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from django.urls import reverse

from tests.factories import NOW, Cast
from tests.web.access_to_rounds import make_round
from tests.web.personas import Statuses, those_who_answer, those_who_see
from tracker.rounds.models import Origin, Round, RoundStep, Sample, Stage

# A membership as assessor of the plant shows no rounds: a seat in one does.
_UNSEATED = {"assessor": 404}
# Pages for who enters something; others may only read the month, as it stands in its list.
ENTRY_PAGES = (
    *("round-samples-enter", "round-sample", "round-technology"),
    *("round-transport-month", "round-transport-fleet"),
)
TRANSPORT_PAGES = ("round-transport", "round-transport-month", "round-transport-fleet")


def _see(status: int) -> Statuses:
    return those_who_see(status) | _UNSEATED


def _answer(status: int) -> Statuses:
    return those_who_answer(status) | _UNSEATED


ROOM_ROWS: dict[tuple[str, str], Statuses] = {
    ("round-samples", "GET"): _see(200),
    ("round-samples-template", "GET"): _see(200),
    ("round-samples-enter", "GET"): _answer(200),
    ("round-samples-look", "POST"): _answer(409),
    ("round-samples-keep", "POST"): _answer(422),
    ("round-outlet", "GET"): _see(200),
    ("round-sample-add", "POST"): _answer(409),
    ("round-sample", "GET"): _answer(200),
    ("round-sample-correct", "POST"): _answer(409),
    ("round-technology", "GET"): _answer(200),
    ("round-technology-set", "POST"): _answer(422),
    ("round-transport", "GET"): _see(200),
    ("round-transport-template", "GET"): _see(200),
    ("round-transport-load", "POST"): _answer(422),
    ("round-transport-month", "GET"): _see(200),
    ("round-transport-month-save", "POST"): _answer(422),
    ("round-transport-fleet", "GET"): _answer(200),
    ("round-transport-fleet-save", "POST"): _answer(422),
}


def make_sample(round_: Round) -> Sample:
    """One at the plant's kiln tail, as a plain row."""
    return Sample.objects.create(
        round=round_,
        outlet=round_.plant.outlets.get(),
        pollutant="NOx",
        taken_from_at=NOW.replace(hour=1),
        taken_to_at=NOW,
        oxygen_percent=Decimal("9.8"),
        measured=Decimal("40.5"),
        origin=Origin.HAND,
        entered_by=round_.opened_by,
        entered_at=NOW,
    )


def room_arguments(world: Cast) -> dict[str, Sequence[object]]:
    """By the name of the address; the plant's round, with one sample."""
    round_ = world.plant.rounds.first() or make_round(world)
    sample = make_sample(round_)
    outlet = [round_.pk, sample.outlet_id]
    return {
        **{name: [round_.pk] for name, _method in ROOM_ROWS},
        **dict.fromkeys(("round-outlet", "round-sample-add"), outlet),
        **dict.fromkeys(("round-technology", "round-technology-set"), outlet),
        **dict.fromkeys(("round-sample", "round-sample-correct"), (*outlet, sample.pk)),
    }


def room_pages(world: Cast) -> dict[str, str]:
    """The rooms' pages by name, of a round that is monitored, so that its forms are open."""
    round_ = Round.objects.create(
        plant=world.plant,
        number=99,
        stage=Stage.MONITORING,
        stage_since_at=NOW,
        monitoring_from_on=date(2026, 8, 1),
        monitoring_to_on=date(2026, 8, 31),
        opened_by=world.manager,
        opened_at=NOW,
    )
    RoundStep.objects.create(round=round_, number=1, stage=Stage.MONITORING, entered_at=NOW)
    sample = make_sample(round_)
    outlet = [round_.pk, sample.outlet_id]
    return {
        "round-samples": reverse("round-samples", args=[round_.pk]),
        "round-samples-enter": reverse("round-samples-enter", args=[round_.pk]),
        "round-outlet": reverse("round-outlet", args=outlet),
        "round-sample": reverse("round-sample", args=[*outlet, sample.pk]),
        "round-technology": reverse("round-technology", args=outlet),
        **{name: reverse(name, args=[round_.pk]) for name in TRANSPORT_PAGES},
    }
