"""The page of a round's package."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from django.template.loader import render_to_string

from tracker.audit import Actor
from tracker.reporting.sealed.packed import PackedFile, Paths
from tracker.reporting.sealed.page import Paper, head_of, papers_of
from tracker.reporting.sealed.rounds.contents import RoundContents
from tracker.reporting.sealed.rounds.tables import Table
from tracker.rounds.models import Condition, ConditionAnswer, FugitiveCheck, Override
from tracker.rounds.standings import Standing


class Asked(NamedTuple):
    """A condition, how it stands now, and all that was ever said of it."""

    condition: Condition
    standing: Standing | None
    answers: Sequence[ConditionAnswer]
    overrides: Sequence[Override]


class Look(NamedTuple):
    """A check of fugitive emissions with its photographs."""

    check: FugitiveCheck
    photos: Sequence[Paper]


class Hanging(NamedTuple):
    """Another file, and what it hangs on."""

    paper: Paper
    laid_to: str


def render_round(
    contents: RoundContents,
    paths: Paths,
    tables: dict[str, Table],
    *,
    by: Actor,
    at: datetime,
    site: str,
) -> bytes:
    """HTML in the reader's language. It loads nothing."""
    papers = papers_of(contents, paths)
    files = contents.files_by_thing
    context = {
        "round": contents.round,
        "asked": read_asked(contents),
        "looks": [
            Look(check, [papers[file.pk] for file in files[check]]) for check in contents.checks
        ],
        # What is seen of a source is told with its photographs, not as a bare table.
        "tables": [table for table in tables.values() if table.name != "fugitive.csv"],
        "names": list(tables),
        "others": [
            Hanging(papers[file.pk], "; ".join(str(each) for each in file.laid_to))
            for file in _elsewhere(contents)
        ],
        **head_of(contents, by=by, at=at, site=site),
    }
    return render_to_string("sealed/round.html", context).encode()


def read_asked(contents: RoundContents) -> list[Asked]:
    """What is asked now, then what is asked no more and was spoken of."""
    standings = {each.condition.pk: each for each in contents.standings}
    said: Iterable[ConditionAnswer | Override] = (*contents.answers, *contents.overrides)
    conditions = {each.condition.pk: each.condition for each in contents.standings}
    conditions |= {each.condition_id: each.condition for each in said}
    return [
        Asked(
            condition,
            standings.get(pk),
            [each for each in contents.answers if each.condition_id == pk],
            [each for each in contents.overrides if each.condition_id == pk],
        )
        for pk, condition in conditions.items()
    ]


def _elsewhere(contents: RoundContents) -> list[PackedFile]:
    """The files that hang on no check."""
    return [
        file
        for file in contents.files
        if not any(isinstance(each, FugitiveCheck) for each in file.laid_to)
    ]
