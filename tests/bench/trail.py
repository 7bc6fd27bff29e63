"""What an entry of the trail costs on top of a bare insert of the same row.

`manage.py shell` runs `measure` on the bench's database (see `tests.bench.__main__`).
"""

import statistics
import time
from collections.abc import Callable

from django.db import transaction

from plants.models import Plant
from tests.bench.scheduling import AT, BY
from tests.factories import PlantFactory
from tracker.audit import Event, Verb, record

TIMES = 400
MOST_MS = 1.0


def measure() -> None:
    """Print the medians and their difference with its limit, separated by tabs."""
    plant = PlantFactory.create()

    def append(number: int) -> None:
        record(
            by=BY,
            at=AT,
            verb=Verb.CHANGED,
            thing=plant,
            plant=plant,
            before={"a": number},
            after={},
        )

    def insert(number: int) -> None:
        _bare(plant, number).save(force_insert=True)

    for deed in (append, insert):
        _median_ms(deed, times=20)
    appended, inserted = _median_ms(append), _median_ms(insert)
    print(f"figure\ttrail: an entry {appended:.2f} ms, a bare insert {inserted:.2f} ms")
    print(f"limit\tan entry on top of a bare insert (ms)\t{appended - inserted:.2f}\t{MOST_MS}")


def _bare(plant: Plant, number: int) -> Event:
    return Event(
        chain="bare",
        sequence=time.perf_counter_ns(),
        at=AT,
        origin=BY.origin,
        verb=Verb.CHANGED,
        thing_kind="plant",
        thing_id=plant.pk,
        thing_name_zh=plant.name_zh,
        thing_name_en=plant.name_en,
        plant=plant,
        before={"a": number},
        after={},
        previous="0" * 64,
        digest="0" * 64,
    )


def _median_ms(deed: Callable[[int], None], *, times: int = TIMES) -> float:
    taken = []
    for number in range(times):
        start = time.perf_counter()
        with transaction.atomic():
            deed(number)
        taken.append((time.perf_counter() - start) * 1000)
    return statistics.median(taken)
