"""A round that was walked to the list, with something in each of its rooms."""

from datetime import date
from decimal import Decimal
from uuid import uuid4

from tests.factories import (
    NOW,
    TODAY,
    LimitFactory,
    ObligationFactory,
    RequirementFactory,
    attach,
    store_file,
)
from tests.rounds.samples.tables import HEADING, with_cell, workbook
from tests.rounds.transport.law import haul
from tests.rounds.walks import Scene, condition, scene
from tests.web.access_to_reports import make_report
from tests.web.access_to_round_fugitive import make_items, make_source
from tracker.demo.evidence_files import make_picture
from tracker.rounds.fugitive.check import Seen, record_checks
from tracker.rounds.fugitive.photos import keep_photo
from tracker.rounds.models import CheckResult, FugitiveItem, Origin, Round, Sample
from tracker.rounds.papers import keep_paper
from tracker.rounds.samples.enter import Source, enter_samples, replace_sample
from tracker.rounds.samples.parse import Parsed, parse_workbook
from tracker.rounds.samples.reading import read_known
from tracker.rounds.transport.load import load_months
from tracker.rounds.transport.parse import LedgerLine

REASON, NOTE, WRONG = "已现场核实采样口。", "料棚门未关闭", "录入错误"
ELSEWHERE = "别的义务"


def full_round() -> Scene:
    """A condition overridden, a sample put right, a fault photographed, a month carried, listed."""
    made = scene()
    ports = condition("ports", "planned", title_zh="采样口", title_en="Sampling ports")
    made.answer(ports, "not_met", note="缺平台")
    made.override(ports, reason=REASON)
    bind()
    load_months(
        plant=made.plant,
        lines=[LedgerLine(haul(80, month=date(2026, 7, 1)), "台账!A2")],
        file_name="=台账.xlsx",
        by=made.actor("manager"),
        at=made.at(),
        today=TODAY,
    )
    keep_paper(made.round, file=store_file(), by=made.actor("manager"), at=made.at())
    made.walk("monitoring")
    measure(made)
    look(made)
    made.walk("report")
    make_report(made.world)
    made.walk("listed")
    attach(ObligationFactory.create(plant=made.plant), made.world.manager, name=f"{ELSEWHERE}.pdf")
    return made


def look(made: Scene, number: int = 1) -> None:
    """A fault at a shed, with a photograph of its own."""
    source = made.round.fugitive_sources.first() or make_source(made.round)
    item = FugitiveItem.objects.order_by("pk").first() or make_items()[0]
    by = made.actor("assessor")
    file = store_file(make_picture(number), name=f"料棚“门”{number}.png")
    photo = keep_photo(found=made.round, file=file, by=by, at=made.at())
    seen = Seen(uuid4(), source, item, CheckResult.FAULT, NOW, NOTE, photos=[photo])
    record_checks(found=made.round, seen=[seen], by=by, at=made.at())


def measure(made: Scene) -> None:
    """One sample over its limit, which somebody puts right; the corrected one is within."""
    days = {"monitoring_from_on": date(2026, 8, 1), "monitoring_to_on": date(2026, 8, 31)}
    Round.objects.filter(pk=made.round.pk).update(**days)
    made.round.refresh_from_db()
    enter(made, "404", day=25)
    wrong = Sample.objects.get()
    Sample.objects.update(replaced_at=NOW)  # so that the same start can be read again
    (right,) = _read(made, "40.4", day=25).samples
    Sample.objects.update(replaced_at=None)
    by = made.actor("assessor")
    replace_sample(sample=wrong, read=right, reason=WRONG, by=by, at=made.at())


def enter(made: Scene, measured: str, *, day: int) -> None:
    """A sample of NOx, on this day of August."""
    enter_samples(
        round=made.round,
        parsed=_read(made, measured, day=day),
        source=Source(Origin.PASTED),
        by=made.actor("assessor"),
        at=made.at(),
    )


def _read(made: Scene, measured: str, *, day: int) -> Parsed:
    starts, ends = (f"2026-08-{day} {hour}:30" for hour in ("09", "10"))
    row = with_cell(2, starts, with_cell(3, ends, with_cell(5, "12.2")))
    table = workbook(HEADING, with_cell(6, measured, row))
    return parse_workbook(table, read_known(made.round, now=NOW))


def bind() -> None:
    """51 mg/m3 of NOx at 10 % oxygen at a kiln tail."""
    tail = RequirementFactory.create(
        part="organised", subject_kind="outlet", applies={"outlet.source": "kiln_tail"}
    )
    LimitFactory.create(
        requirement=tail,
        pollutant="NOx",
        value=Decimal(51),
        reference_oxygen_percent=Decimal(10),
        effective_from=date(2024, 1, 1),
    )
