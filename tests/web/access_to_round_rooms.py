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
    *("round_samples_enter", "round_sample", "round_technology"),
    *("round_transport_month", "round_transport_fleet"),
)
TRANSPORT_PAGES = ("round_transport", "round_transport_month", "round_transport_fleet")


def _see(status: int) -> Statuses:
    return those_who_see(status) | _UNSEATED


def _answer(status: int) -> Statuses:
    return those_who_answer(status) | _UNSEATED


ROOM_ROWS: dict[tuple[str, str], Statuses] = {
    ("round_samples", "GET"): _see(200),
    ("round_samples_template", "GET"): _see(200),
    ("round_samples_enter", "GET"): _answer(200),
    ("round_samples_look", "POST"): _answer(409),
    ("round_samples_keep", "POST"): _answer(422),
    ("round_outlet", "GET"): _see(200),
    ("round_sample_add", "POST"): _answer(409),
    ("round_sample", "GET"): _answer(200),
    ("round_sample_correct", "POST"): _answer(409),
    ("round_technology", "GET"): _answer(200),
    ("round_technology_set", "POST"): _answer(422),
    ("round_transport", "GET"): _see(200),
    ("round_transport_template", "GET"): _see(200),
    ("round_transport_load", "POST"): _answer(422),
    ("round_transport_month", "GET"): _see(200),
    ("round_transport_month_save", "POST"): _answer(422),
    ("round_transport_fleet", "GET"): _answer(200),
    ("round_transport_fleet_save", "POST"): _answer(422),
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
        **dict.fromkeys(("round_outlet", "round_sample_add"), outlet),
        **dict.fromkeys(("round_technology", "round_technology_set"), outlet),
        **dict.fromkeys(("round_sample", "round_sample_correct"), (*outlet, sample.pk)),
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
        "round_samples": reverse("round_samples", args=[round_.pk]),
        "round_samples_enter": reverse("round_samples_enter", args=[round_.pk]),
        "round_outlet": reverse("round_outlet", args=outlet),
        "round_sample": reverse("round_sample", args=[*outlet, sample.pk]),
        "round_technology": reverse("round_technology", args=outlet),
        **{name: reverse(name, args=[round_.pk]) for name in TRANSPORT_PAGES},
    }
