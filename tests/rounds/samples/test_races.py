"""Samples that come in at the same moment: stored once, replaced once, told once."""

import pytest

from tests.flows.test_races import at_once
from tests.rounds.samples.rounds import NOW, actor, monitored
from tests.rounds.samples.tables import GOOD, HEADING, with_cell, workbook
from tracker.audit import Event, broken_links, chain_of_plant
from tracker.rounds.models import Origin, Sample
from tracker.rounds.samples.enter import Source, enter_samples, replace_sample
from tracker.rounds.samples.parse import parse_workbook
from tracker.rounds.samples.reading import SamplesRefused, read_known

pytestmark = pytest.mark.django_db(transaction=True)
PASTED = Source(Origin.PASTED)


@pytest.mark.parametrize("rows", [2, 30])
def test_one_table_sent_twice_is_stored_once(rows: int) -> None:
    world, round_ = monitored()
    cells = [with_cell(2, f"2026-09-05 09:{minute:02d}") for minute in range(rows)]
    parsed = parse_workbook(workbook(HEADING, *cells), read_known(round_, now=NOW))
    by = actor(world.manager)

    outcomes = at_once(
        *[lambda: enter_samples(round=round_, parsed=parsed, source=PASTED, by=by, at=NOW)] * 2
    )

    assert {type(outcome) for outcome in outcomes} == {int, SamplesRefused}
    assert Sample.objects.count() == rows
    assert Event.objects.about(round_).count() == 1
    assert broken_links(chain_of_plant(world.plant.pk)) == []


def test_one_sample_is_replaced_once() -> None:
    world, round_ = monitored()
    by, known = actor(world.manager), read_known(round_, now=NOW)
    parsed = parse_workbook(workbook(HEADING, GOOD), known)
    enter_samples(round=round_, parsed=parsed, source=PASTED, by=by, at=NOW)
    sample = Sample.objects.get()
    reads = [
        parse_workbook(workbook(HEADING, with_cell(2, start)), known).samples[0]
        for start in ("2026-09-05 09:31", "2026-09-05 09:32")
    ]

    outcomes = at_once(
        *[
            lambda read=read: replace_sample(sample=sample, read=read, reason="误填", by=by, at=NOW)
            for read in reads
        ]
    )

    assert {type(outcome) for outcome in outcomes} == {Sample, SamplesRefused}
    assert Sample.objects.standing().count() == 1
    assert Sample.objects.count() == 2
