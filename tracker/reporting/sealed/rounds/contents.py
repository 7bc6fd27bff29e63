"""What goes into a package of a round: every row that belongs to it, whatever became of it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.db.models import Model, Prefetch, QuerySet
from django.utils import timezone

from plants.models import Line, Listing, Plant
from tracker.audit import Event, Verb
from tracker.reporting.sealed.packed import Packed, PackedFile
from tracker.reporting.sealed.rounds.files import collect_files
from tracker.reporting.sealed.rounds.ledger import Ledger, read_ledger
from tracker.rounds.models import (
    ConditionAnswer,
    FugitiveCheck,
    FugitiveSource,
    OutletTechnology,
    Override,
    Report,
    ReportStatement,
    Round,
    RoundStep,
    Sample,
    Seat,
    SignOff,
)
from tracker.rounds.samples.results import OutletResult, read_results
from tracker.rounds.standings import Standing, read_standings


@dataclass(frozen=True)
class RoundContents(Packed):
    """Answers, samples and looks are all that there ever were; ``standings`` and ``results`` are
    as of the day. The ledger is None where the round is not about transport.
    """

    plant: Plant
    round: Round
    lines: Sequence[Line]
    steps: Sequence[RoundStep]
    seats: Sequence[Seat]
    standings: Sequence[Standing]
    answers: Sequence[ConditionAnswer]
    overrides: Sequence[Override]
    samples: Sequence[Sample]
    technologies: Sequence[OutletTechnology]
    results: Sequence[OutletResult]
    sources: Sequence[FugitiveSource]
    checks: Sequence[FugitiveCheck]
    listings: Sequence[Listing]
    reports: Sequence[Report]
    statements: Sequence[ReportStatement]
    ledger: Ledger | None
    files: Sequence[PackedFile]

    def tells(self, event: Event) -> bool:
        """What became of the round's own rows and files, and of the ledger's months in it."""
        if event.verb == Verb.LOADED and event.thing_kind == Plant._meta.model_name:
            return self.ledger is not None and self.ledger.is_loaded_by(event.after or {})
        return (event.thing_kind, event.thing_id) in self._things

    @cached_property
    def files_by_thing(self) -> defaultdict[Model, list[PackedFile]]:
        """Of each thing those that hang on it."""
        found: defaultdict[Model, list[PackedFile]] = defaultdict(list)
        for file in self.files:
            for thing in file.laid_to:
                found[thing].append(file)
        return found

    @cached_property
    def _things(self) -> set[tuple[str | None, int]]:
        evidence = [file.evidence for file in self.files if file.evidence is not None]
        laid_to = [thing for file in self.files for thing in file.laid_to]
        rows: list[Model] = [self.round, *self.samples, *self.technologies, *self.sources]
        rows += [*self.checks, *evidence, *laid_to]
        return {(row._meta.model_name, row.pk) for row in rows}


def read_round(round_: Round, *, today: date) -> RoundContents:
    """In a fixed number of queries. The round's plant is read along, with its surroundings."""
    return RoundContents(
        plant=round_.plant,
        round=round_,
        lines=list(round_.lines.order_by("number")),
        steps=list(round_.steps.select_related("left_by", "responsible").order_by("number")),
        seats=list(round_.seats.select_related("person", "given_by").order_by("pk")),
        standings=read_standings(round_, today=today),
        answers=_answers(round_),
        overrides=_overrides(round_),
        samples=_samples(round_),
        technologies=list(
            round_.technologies.select_related("outlet", "entered_by").order_by("outlet__code")
        ),
        results=read_results(round_, today=today) if round_.organised else (),
        sources=list(round_.fugitive_sources.select_related("added_by").order_by("group", "pk")),
        checks=_checks(round_),
        listings=list(
            round_.listings.select_related("line", "authority").order_by("listed_on", "pk")
        ),
        reports=list(
            round_.reports.select_related("asked_by", "after", "round")
            .prefetch_related(Prefetch("sign_offs", _sign_offs()))
            .order_by("language", "number")
        ),
        statements=list(round_.statements.select_related("said_by").order_by("pk")),
        ledger=read_ledger(round_, until=_last_day(round_, today)),
        files=collect_files(round_),
    )


def _sign_offs() -> QuerySet[SignOff]:
    return SignOff.objects.select_related("person").order_by("pk")


def _last_day(round_: Round, today: date) -> date:
    """Of what it could look at: the end of its monitoring, or of the round, or today."""
    days = [today]
    if round_.monitoring_to_on is not None:
        days.append(round_.monitoring_to_on)
    if round_.given_up_at is not None:
        days.append(timezone.localdate(round_.given_up_at))
    return min(days)


def _answers(round_: Round) -> list[ConditionAnswer]:
    rows = round_.answers.select_related("condition__document", "step", "answered_by")
    return list(rows.order_by("pk"))


def _overrides(round_: Round) -> list[Override]:
    rows = round_.overrides.select_related("condition__document", "step", "overridden_by")
    return list(rows.order_by("pk"))


def _samples(round_: Round) -> list[Sample]:
    rows = round_.samples.select_related("outlet", "entered_by")
    return list(rows.order_by("outlet__code", "pollutant", "taken_from_at", "pk"))


def _checks(round_: Round) -> list[FugitiveCheck]:
    rows = FugitiveCheck.objects.filter(source__round=round_)
    rows = rows.select_related("source", "item__document", "checked_by")
    return list(rows.order_by("source_id", "item__position", "item_id", "checked_at", "pk"))
