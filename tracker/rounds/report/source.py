"""The rows that a report is filled from, read once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from plants.models import Line, Outlet, Part, Permit, Project
from tracker.evidence.models import Evidence
from tracker.rounds.facts import lines_of
from tracker.rounds.fugitive.sources import judge_round
from tracker.rounds.fugitive.verdict import FugitiveVerdict
from tracker.rounds.models import (
    PARTS,
    FleetCount,
    FugitiveCheck,
    FugitiveSource,
    ReportStatement,
    Round,
    RoundStep,
    Seat,
    TransportMonth,
)
from tracker.rounds.samples.reading import outlets_of
from tracker.rounds.samples.results import OutletResult, read_results
from tracker.rounds.standings import Standing, read_standings
from tracker.rounds.transport.ledger import assessed_period, judge_plant, read_hauls
from tracker.rounds.transport.share import Haul, Period
from tracker.rounds.transport.verdict import TransportVerdict


@dataclass(frozen=True)
class Look:
    """One check of a fugitive source with its photographs."""

    check: FugitiveCheck
    photos: tuple[Evidence, ...]


@dataclass(frozen=True)
class Source:
    """A round with all that its report tells. What it is not about is empty."""

    round: Round
    today: date
    lines: Sequence[Line] = ()
    outlets: Sequence[Outlet] = ()
    permits: Sequence[Permit] = ()
    projects: Sequence[Project] = ()
    statements: Mapping[str, ReportStatement] = field(default_factory=dict)
    steps: Sequence[RoundStep] = ()
    seats: Sequence[Seat] = ()
    standings: Sequence[Standing] = ()
    results: Sequence[OutletResult] = ()
    fugitive: FugitiveVerdict | None = None
    fugitive_sources: Sequence[FugitiveSource] = ()
    looks: Sequence[Look] = ()
    transport: TransportVerdict | None = None
    hauls: Sequence[Haul] = ()
    fleet: Sequence[FleetCount] = ()


def read_source(round_: Round, *, today: date) -> Source:
    """In a fixed number of queries, whatever the number of outlets, samples and photographs."""
    plant = round_.plant
    period = _period(round_, today) if round_.clean_transport else None
    return Source(
        round=round_,
        today=today,
        lines=lines_of(round_),
        outlets=outlets_of(round_),
        permits=list(plant.permits.order_by("-valid_until_on", "pk")),
        projects=list(plant.projects.filter(part__in=PARTS).order_by("planned_start_on", "pk")),
        statements=ReportStatement.objects.newest(round_),
        steps=list(round_.steps.select_related("responsible").order_by("number")),
        seats=list(round_.seats.select_related("person").order_by("body", "pk")),
        standings=read_standings(round_, today=today),
        results=read_results(round_, today=today) if round_.organised else (),
        fugitive=judge_round(round_) if round_.fugitive else None,
        fugitive_sources=list(round_.fugitive_sources.order_by("group", "pk")),
        looks=_looks(round_) if round_.fugitive else (),
        transport=judge_plant(plant, period) if period else None,
        hauls=read_hauls(plant, period) if period else (),
        fleet=_fleet(round_, today) if round_.clean_transport else (),
    )


def projects_of(source: Source, part: Part) -> list[Project]:
    return [project for project in source.projects if project.part == part]


def _looks(round_: Round) -> list[Look]:
    """The newest check of each item at each source, sources and items in their order."""
    checks = (
        FugitiveCheck.objects.filter(source__round=round_)
        .select_related("source", "item", "checked_by")
        .prefetch_related("photos__stored")
        .order_by("checked_at", "pk")
    )
    newest = {(check.source_id, check.item_id): check for check in checks}
    found = sorted(
        newest.values(), key=lambda check: (check.source_id, check.item.position, check.item_id)
    )
    return [
        Look(check, tuple(sorted(check.photos.all(), key=lambda photo: photo.pk)))
        for check in found
    ]


def _period(round_: Round, today: date) -> Period | None:
    """The one that the page judges as well; None where the ledger is empty."""
    if not TransportMonth.objects.standing().filter(plant=round_.plant_id).exists():
        return None
    return assessed_period(round_, today=today)


def _fleet(round_: Round, today: date) -> list[FleetCount]:
    """Each kind as it was counted last."""
    rows = list(
        FleetCount.objects.standing()
        .filter(plant=round_.plant_id, as_of_on__lte=today)
        .order_by("kind", "as_of_on", "pk")
    )
    last = {each.kind: each.as_of_on for each in rows}
    return [each for each in rows if each.as_of_on == last[each.kind]]
