"""The rows that are shipped say of transport what domain.md 1.3 (3) says, and nothing more."""

from datetime import date

from tests.rounds.transport.law import LAW
from tracker.regulations.seeds import parse_seeds, read_files, shipped_paths
from tracker.rounds.transport.rules import POLLUTANTS

Row = tuple[str, int, date, date | None]


def test_shipped_opinion_has_these_rows_and_has_verified_them() -> None:
    contents, _faults = read_files(shipped_paths())
    seeds, _wrong = parse_seeds(contents)
    [opinion] = [each for each in seeds.regulations if each.code == "opinion-2024"]
    limits = [
        limit
        for requirement in opinion.shape.requirements
        for limit in requirement.limits
        if limit.pollutant in POLLUTANTS
    ]

    rows: set[Row] = {
        (limit.pollutant, int(limit.value), limit.effective_from, limit.effective_to)
        for limit in limits
    }

    assert rows == {
        (each.pollutant, int(each.percent), each.effective_from, each.effective_to) for each in LAW
    }
    assert {(limit.verification, limit.comparison, limit.unit) for limit in limits} == {
        ("verified", "at_least", "%")
    }
