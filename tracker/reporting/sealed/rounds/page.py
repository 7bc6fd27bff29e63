"""The page of a round's package."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Generic, NamedTuple, TypeVar

from django.db.models import Model
from django.template.loader import render_to_string

from tracker.audit import Actor
from tracker.reporting.sealed.packed import Paths
from tracker.reporting.sealed.page import Paper, head_of, papers_of
from tracker.reporting.sealed.rounds.contents import RoundContents
from tracker.reporting.sealed.rounds.tables import Table
from tracker.rounds.models import Condition, ConditionAnswer, Override
from tracker.rounds.standings import Standing

T = TypeVar("T", bound=Model)


class Asked(NamedTuple):
    """A condition, how it stands now, and all that was ever said of it."""

    condition: Condition
    standing: Standing | None
    answers: Sequence[ConditionAnswer]
    overrides: Sequence[Override]


class Hung(NamedTuple, Generic[T]):
    """A row of the round, and the files that hang on it."""

    row: T
    papers: Sequence[Paper]


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

    def hung(rows: Sequence[T]) -> list[Hung[T]]:
        files = contents.files_by_thing
        return [Hung(row, [papers[file.pk] for file in files[row]]) for row in rows]

    context = {
        "round": contents.round,
        "asked": read_asked(contents),
        "steps": hung(contents.steps),
        "reports": hung(contents.reports),
        "looks": hung(contents.checks),
        # What is seen of a source is told with its photographs, not as a bare table.
        "tables": [table for table in tables.values() if table.name != "fugitive.csv"],
        "names": list(tables),
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
