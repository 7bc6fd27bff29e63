"""What importing 5,000 samples takes, good ones and ones of which every cell is at fault.

`manage.py shell` runs `measure` on the bench's database (see `tests.bench.__main__`).
"""

import io
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import xlsxwriter

from plants.models import Person, Plant
from tests.factories import OutletFactory, PlantFactory
from tracker.annexes.sheets import read_workbook
from tracker.audit import Actor
from tracker.rounds.models import Origin, Round, Sample, Stage
from tracker.rounds.samples.enter import Source, enter_samples
from tracker.rounds.samples.parse import Parsed, parse_workbook
from tracker.rounds.samples.reading import SamplesRefused, read_known
from tracker.rounds.samples.template import HEADINGS

ROWS = 5_000
OUTLETS = 110
MOST_SECONDS = 5
NOW = datetime(2026, 9, 30, 2, 0, tzinfo=UTC)
FIRST = datetime(2026, 9, 1, 0, 5)  # noqa: DTZ001 - a cell knows no zone
NAMES = ("颗粒物", "二氧化硫", "氮氧化物")
FAULTY = ("DA999", "", "臭气", "昨天", "今天", "-1", "101", "40,5", "", "9999.99")
FAULTS_OF_A_ROW = 8
Cells = Callable[[int], tuple[object, ...]]


def measure() -> None:
    """Print what each import takes, with its limit, separated by tabs."""
    person = Person.objects.create_user("samples@bench.example", "x", name="监测")
    by = Actor(person, "bench")
    seconds, stored = _import(_round_of(person), _good, by)
    if stored != ROWS or Sample.objects.count() != ROWS:
        raise SystemExit(f"{stored} samples of {ROWS} were stored")
    print(f"figure\tsamples: {stored} rows of an Excel file stored")
    print(f"limit\tsamples, all good (s)\t{seconds:.2f}\t{MOST_SECONDS}")
    seconds, faults = _import(_round_of(person), _faulty, by)
    if faults != ROWS * FAULTS_OF_A_ROW:
        raise SystemExit(f"{faults} faults were named, not {ROWS * FAULTS_OF_A_ROW}")
    print(f"figure\tsamples: {faults} faults of {ROWS} rows named")
    print(f"limit\tsamples, all at fault (s)\t{seconds:.2f}\t{MOST_SECONDS}")


def _round_of(person: Person) -> Round:
    plant: Plant = PlantFactory.create()
    for number in range(OUTLETS):
        OutletFactory.create(plant=plant, code=f"DA{number:03d}")
    return Round.objects.create(
        plant=plant,
        number=1,
        stage=Stage.MONITORING,
        stage_since_at=NOW,
        monitoring_from_on=date(2026, 9, 1),
        monitoring_to_on=date(2026, 9, 30),
        opened_by=person,
        opened_at=NOW,
    )


def _import(round_: Round, cells: Cells, by: Actor) -> tuple[float, int]:
    """From the file to the rows, or to the words of all its faults; seconds, and how many."""
    with tempfile.TemporaryDirectory(prefix="ule-bench-") as folder:
        path = Path(folder) / "samples.xlsx"
        path.write_bytes(_book(cells))
        start = time.perf_counter()
        count = _entered(round_, path, by)
        return time.perf_counter() - start, count


def _entered(round_: Round, path: Path, by: Actor) -> int:
    parsed: Parsed = parse_workbook(read_workbook(path, path.name), read_known(round_, now=NOW))
    source = Source(Origin.FILE, path.name)
    try:
        return enter_samples(round=round_, parsed=parsed, source=source, by=by, at=NOW)
    except SamplesRefused as refused:
        return len([str(fault) for fault in refused.faults])


def _book(cells: Cells) -> bytes:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        sheet = book.add_worksheet("样品")
        instant = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        sheet.write_row(0, 0, [title for title, _width in HEADINGS])
        for number in range(ROWS):
            for column, value in enumerate(cells(number)):
                if isinstance(value, datetime):
                    sheet.write_datetime(number + 1, column, value, instant)
                else:
                    sheet.write(number + 1, column, value)
    return stream.getvalue()


def _good(number: int) -> tuple[object, ...]:
    start = FIRST + timedelta(minutes=5 * (number // OUTLETS))
    end = start + timedelta(hours=1)
    name = NAMES[number % len(NAMES)]
    values = (85.5, 9.8, 4.0 + number % 50 / 10, f"Y-{number}", 5.5)
    return (f"DA{number % OUTLETS:03d}", "排放口", name, start, end, *values)


def _faulty(_number: int) -> tuple[object, ...]:
    return FAULTY
