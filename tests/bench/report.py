"""What making the report of a large plant takes: 110 outlets, 600 samples, 300 photographs.

`manage.py shell` runs `make`, and in a fresh process `measure`, on the bench's database (see
`tests.bench.__main__`).
"""

import resource
import time
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from random import Random
from threading import Event, Thread
from uuid import uuid4

from django.utils import timezone
from PIL import Image

from plants.models import Outlet, Person, Plant
from tests.factories import (
    DocumentFactory,
    LimitFactory,
    LineFactory,
    OutletFactory,
    PlantFactory,
    RequirementFactory,
)
from tracker.audit import Actor
from tracker.evidence.models import Evidence
from tracker.evidence.store import IncomingFile
from tracker.rounds.models import (
    CheckResult,
    FugitiveCheck,
    FugitiveGroup,
    FugitiveItem,
    FugitiveSource,
    Origin,
    OutletTechnology,
    Report,
    ReportState,
    Round,
    RoundStep,
    Sample,
    Stage,
)
from tracker.rounds.report.make import make_waiting

OUTLETS, SAMPLES, PHOTOS = 110, 600, 300
MOST_SECONDS, MOST_MB = 10, 300
NOW = datetime(2026, 9, 30, 2, 0, tzinfo=UTC)
KINDS = ("kiln_tail", "kiln_head", "coal_mill", "cement_mill", "packer", "crusher")


def make() -> None:
    """A plant with its round; apart from `measure`, since drawing photographs takes memory."""
    make_round(Person.objects.create_user("report@bench.example", "x", name="报告"))


def measure() -> None:
    """Print what making it takes, with its limit, separated by tabs."""
    round_ = Round.objects.get(plant__outlets__code=f"DA{OUTLETS:03d}", stage=Stage.REPORT)
    person = round_.opened_by
    report = Report.objects.create(round=round_, number=1, asked_by=person, asked_at=NOW)
    with Peak() as peak:
        start = time.perf_counter()
        made = make_waiting(by=Actor(None, "bench"), clock=timezone.now)
        seconds = time.perf_counter() - start
    report.refresh_from_db()
    if made != 1 or report.state != ReportState.MADE:
        raise SystemExit(f"the report was not made: {report.state} {report.fault}")
    sizes = ", ".join(f"{f.format} {f.stored.size_bytes // 1024} KB" for f in report.files.all())
    print(f"figure\treport: {sizes}; the worker had {peak.first_mb:.0f} MB before")
    print(f"limit\treport (s)\t{seconds:.2f}\t{MOST_SECONDS}")
    print(f"limit\treport, worker with its children (MB)\t{peak.most_mb:.0f}\t{MOST_MB}")


class Peak(Thread):
    """The most memory that this process and its children hold together, looked at often."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self._ended = Event()
        self.first_mb = self.most_mb = _held_mb()

    def __enter__(self) -> "Peak":
        self.start()
        return self

    def __exit__(self, *_raised: object) -> None:
        self._ended.set()
        self.join()

    def run(self) -> None:
        while not self._ended.wait(0.02):
            self.most_mb = max(self.most_mb, _held_mb())


def _held_mb() -> float:
    me = Path("/proc/self")
    children = [pid for each in me.glob("task/*/children") for pid in each.read_text().split()]
    return sum(_resident_mb(each) for each in (me, *(Path("/proc") / pid for pid in children)))


def _resident_mb(process: Path) -> float:
    try:
        pages = int((process / "statm").read_text().split()[1])
    except (OSError, IndexError):  # it has just ended
        return 0
    return pages * resource.getpagesize() / 1024**2


def make_round(person: Person) -> Round:
    """A round on site with all that it found."""
    plant = PlantFactory.create()
    line = LineFactory.create(plant=plant)
    outlets = [
        OutletFactory.create(
            plant=plant,
            line=line,
            code=f"DA{number:03d}",
            source=KINDS[number % len(KINDS)],
        )
        for number in range(1, OUTLETS + 1)
    ]
    round_ = Round.objects.create(
        plant=plant,
        number=1,
        stage=Stage.REPORT,
        stage_since_at=NOW,
        monitoring_from_on=date(2026, 9, 1),
        monitoring_to_on=date(2026, 9, 30),
        opened_by=person,
        opened_at=NOW,
    )
    RoundStep.objects.create(round=round_, number=1, stage=Stage.REPORT, entered_at=NOW)
    _law()
    _samples(round_, outlets, person)
    _checks(round_, plant, person)
    return round_


def _law() -> None:
    requirement = RequirementFactory.create(
        code="opinion-organised", part="organised", subject_kind="plant", applies="always"
    )
    for pollutant, value in (("PM", 10), ("SO2", 35), ("NOx", 50)):
        LimitFactory.create(
            requirement=requirement,
            pollutant=pollutant,
            value=value,
            reference_oxygen_percent=None if pollutant == "PM" else 10,
        )


def _samples(round_: Round, outlets: list[Outlet], person: Person) -> None:
    OutletTechnology.objects.bulk_create(
        OutletTechnology(
            round=round_,
            outlet=outlet,
            technology="覆膜滤料袋式除尘器，低压脉冲清灰",
            parameters="过滤风速0.8 m/min，设计风量120000 m³/h",
            entered_by=person,
            entered_at=NOW,
        )
        for outlet in outlets
    )
    Sample.objects.bulk_create(
        Sample(
            round=round_,
            outlet=outlets[number % OUTLETS],
            pollutant=("PM", "SO2", "NOx")[number // OUTLETS % 3],
            taken_from_at=NOW - timedelta(days=20) + timedelta(hours=number),
            taken_to_at=NOW - timedelta(days=20) + timedelta(hours=number + 1),
            load_percent=Decimal("92.5"),
            oxygen_percent=Decimal("9.8"),
            measured=Decimal(40 + number % 30) / 10,
            origin=Origin.FILE,
            entered_by=person,
            entered_at=NOW,
        )
        for number in range(SAMPLES)
    )


def _checks(round_: Round, plant: Plant, person: Person) -> None:
    document = DocumentFactory.create()
    item = FugitiveItem.objects.create(
        code="bench",
        group=FugitiveGroup.GENERAL,
        text_zh="产尘点及生产设施无可见烟粉尘外逸，厂区整洁无积尘",
        text_en="No dust escapes",
        document=document,
        verification="verified",
    )
    random = Random(7)
    for number in range(PHOTOS):
        source = FugitiveSource.objects.create(
            round=round_,
            group=FugitiveGroup.STORAGE,
            name=f"{number}号料棚",
            added_by=person,
            added_at=NOW,
        )
        check = FugitiveCheck.objects.create(
            source=source,
            item=item,
            result=CheckResult.OK,
            client_token=uuid4(),
            checked_by=person,
            checked_at=NOW,
            received_at=NOW,
        )
        check.photos.add(_photo(plant, person, number, random))


def _photo(plant: Plant, person: Person, number: int, random: Random) -> Evidence:
    """Twelve megapixels, as a phone takes them."""
    small = Image.frombytes("RGB", (64, 48), random.randbytes(64 * 48 * 3))
    written = BytesIO()
    small.resize((4000, 3000), Image.Resampling.BILINEAR).save(written, "JPEG", quality=85)
    file = IncomingFile(f"现场{number}.jpg", limit_bytes=50 * 1024 * 1024)
    file.write(written.getvalue())
    kept = file.keep()
    return Evidence.objects.create(
        plant=plant,
        stored=kept.stored,
        original_name=kept.original_name,
        media_type=kept.media_type,
        uploaded_by=person,
        uploaded_at=NOW,
    )
