"""Name a source of a round's plant; read what the verdict asks for."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from tracker import audit
from tracker.rounds.fugitive.rights import CheckRefused, checking, locked
from tracker.rounds.fugitive.verdict import (
    Check,
    FugitiveVerdict,
    Item,
    Source,
    judge_fugitive,
)
from tracker.rounds.models import (
    CheckResult,
    FugitiveCheck,
    FugitiveGroup,
    FugitiveItem,
    FugitiveSource,
    Round,
)


def add_source(
    *,
    found: Round,
    group: FugitiveGroup,
    name: str,
    place_in_plant: str = "",
    by: audit.Actor,
    at: datetime,
) -> FugitiveSource:
    """Add a source to a round; the same one again is given back. Refuses with ``CheckRefused``."""
    name, place_in_plant = name.strip(), place_in_plant.strip()
    if not name:
        raise CheckRefused(_("Name the source."))
    with transaction.atomic():
        found = locked(found)
        person = checking(by, found)
        source, is_new = FugitiveSource.objects.get_or_create(
            round=found,
            group=group,
            name=name,
            place_in_plant=place_in_plant,
            defaults={"added_by": person, "added_at": at},
        )
        if is_new:
            audit.record(
                by=by,
                at=at,
                verb=audit.Verb.CREATED,
                thing=source,
                plant=found.plant,
                after={"round": found.number, "group": group, "place": place_in_plant},
            )
    return source


def judge_round(found: Round) -> FugitiveVerdict:
    """The round's fugitive part, in three queries.

    An item that was withdrawn since is asked of nobody; a fault that was found of it stays open.
    """
    sources, items, checks = _read(found)
    return judge_fugitive([_source(row) for row in sources], items, checks)


@dataclass(frozen=True)
class SourceStanding:
    """A source, and what its own checks come to."""

    source: FugitiveSource
    verdict: FugitiveVerdict


def judge_sources(found: Round) -> tuple[FugitiveVerdict, list[SourceStanding]]:
    """The round's fugitive part, and each source by itself, by group; in three queries as well."""
    sources, items, checks = _read(found)
    of: dict[int, list[Check]] = defaultdict(list)
    for check in checks:
        of[check.source].append(check)
    groups = list(FugitiveGroup)
    standings = [
        SourceStanding(row, judge_fugitive([_source(row)], items, of[row.pk]))
        for row in sorted(sources, key=lambda row: groups.index(FugitiveGroup(row.group)))
    ]
    return judge_fugitive([_source(row) for row in sources], items, checks), standings


def _read(found: Round) -> tuple[list[FugitiveSource], list[Item], list[Check]]:
    sources = FugitiveSource.objects.filter(round=found).order_by("pk")
    items = FugitiveItem.objects.in_force().order_by("position", "pk")
    checks = FugitiveCheck.objects.filter(source__round=found).order_by("pk")
    return (
        list(sources),
        [Item(row.pk, FugitiveGroup(row.group)) for row in items],
        [
            Check(
                row.pk,
                row.source_id,
                row.item_id,
                CheckResult(row.result),
                row.checked_at,
                row.remedied_on is not None,
            )
            for row in checks
        ],
    )


def _source(row: FugitiveSource) -> Source:
    return Source(row.pk, FugitiveGroup(row.group))
