"""One site of the annex bench: `make` its plants and its file, or `load` the file and measure."""

# ruff: noqa: E402 (Django wants its settings before the models are read)

import os
import resource
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import django

django.setup()

import xlsxwriter
from django.core.management import call_command
from django.db import connection

from plants.models import Authority, Permit, Person, Plant
from tests.factories import (
    NOW,
    TODAY,
    AuthorityFactory,
    DocumentFactory,
    PlaceFactory,
    RequirementFactory,
    officer_of,
)
from tracker.annexes.apply import Outcome, apply_annex
from tracker.annexes.arrange import receive_annex
from tracker.annexes.models import AnnexImport
from tracker.annexes.package import workbook_type_of
from tracker.annexes.preview import read_preview
from tracker.annexes.take_back import take_back_annex
from tracker.annexes.taking_back import Outcome as TakenBack
from tracker.annexes.taking_back import preview_taking_back, read_taking_back
from tracker.annexes.writing import preview_impact
from tracker.audit import Actor
from tracker.evidence.store import IncomingFile
from tracker.obligations.models import Obligation
from tracker.obligations.schedule import schedule_obligations
from tracker.regulations.models import AnnexDate, Document

FILE = Path(os.environ["DATA_DIR"]) / "附表.xlsx"
OFFICER = "officer@bench.example"
PARTS = {"organised": "有组织", "fugitive": "无组织", "clean_transport": "清洁运输"}
MOST_SECONDS = 10.0
MOST_GROWTH_MB = 100.0
MOST_BYTES = 50 * 1024 * 1024


def make(count: int) -> None:
    """So many plants under one bureau, a plan with three parts, what they owe, and the annex."""
    call_command("migrate", verbosity=0)
    authority, place = AuthorityFactory.create(), PlaceFactory.create()
    plants = Plant.objects.bulk_create(
        Plant(
            code=f"plant-{n}",
            name_zh=f"示例水泥第{n}有限责任公司",
            kind="clinker",
            authority=authority,
            place=place,
            credit_code=f"91650000{n:010d}",
            tracked_from_on=TODAY,
        )
        for n in range(count)
    )
    Permit.objects.bulk_create(
        Permit(
            plant=plant,
            number=f"{plant.credit_code}001P",
            valid_from_on=TODAY.replace(year=2024),
            valid_until_on=TODAY.replace(year=2029),
        )
        for plant in plants
    )
    plan = DocumentFactory.create()
    for part in PARTS:
        RequirementFactory.create(
            document=plan,
            applies={"plant.tree": "region"},
            due={"annex": part, "backstop": "2028-12-31"},
        )
    schedule_obligations(today=TODAY, by=Actor(None, "bench"), at=NOW)
    officer_of(Authority.objects.get(code="region"), email=OFFICER)
    write_annex(plants)


def write_annex(plants: list[Plant]) -> None:
    """A list as a department keeps it: a title, two rows of heading, words for days."""
    heading = ["序号", "地州市", "企业名称", "统一社会信用代码"]
    with xlsxwriter.Workbook(FILE, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("附表")
        sheet.write_row(0, 0, ["水泥企业超低排放改造计划表"])
        sheet.write_row(1, 0, [*heading, *["完成时限"] * len(PARTS)])
        sheet.write_row(2, 0, [*heading, *PARTS.values()])
        for row, plant in enumerate(plants, start=3):
            code = plant.credit_code if row % 2 else ""
            name = plant.name_zh.replace("有限责任公司", "有限公司")
            days = ["2026年6月底", 46387, "2027年第二季度"]
            sheet.write_row(row, 0, [row - 2, "昌吉州", name, code, *days])


def load() -> bool:
    """Load the file twice, print what each step took, say whether all is within its limits."""
    rows = Plant.objects.count()
    print(f"\n{connection.vendor}: {rows} plants, {Obligation.objects.count()} obligations")
    before = peak_mb()
    start, worked = time.perf_counter(), time.process_time()
    outcome = import_once(Person.objects.get(email=OFFICER))
    seconds, worked = time.perf_counter() - start, time.process_time() - worked
    growth = peak_mb() - before
    assert AnnexDate.objects.count() == rows * len(PARTS)
    print(f"{outcome.new} new dates, {outcome.re_dated} obligations re-dated")
    print(f"in all {seconds:.1f} s (at most {MOST_SECONDS:g}), {worked:.1f} s of it at work here")
    print(f"memory grew by {growth:.0f} MB at its peak (at most {MOST_GROWTH_MB:g})")
    print("the same file again:")
    assert not import_once(Person.objects.get(email=OFFICER)).changed_anything
    print(f"memory grew by {peak_mb() - before - growth:.0f} MB more")
    print("and taken back:")
    assert take_back(Person.objects.get(email=OFFICER)).removed == rows * len(PARTS)
    assert not AnnexDate.objects.exists()
    return seconds <= MOST_SECONDS and growth <= MOST_GROWTH_MB


def import_once(officer: Person) -> Outcome:
    """Upload, look at the rows and at what they would do, apply."""
    by = Actor(officer, "bench")
    with timed("upload and guess"):
        annex = receive(by)
    seen = look(annex, officer)
    with timed("apply and re-date"):
        return apply_annex(annex=annex, seen=seen, by=by, at=NOW, today=TODAY)


def look(annex: AnnexImport, officer: Person) -> str:
    """Look as the page does that was asked for the effect; what it was seen against."""
    with timed("preview"):
        preview = read_preview(annex, officer)
    with timed("effect on obligations"):
        impact = preview_impact(annex, preview, today=TODAY)
    print(f"  {impact.summary}")
    return preview.seen


def take_back(officer: Person) -> TakenBack:
    """Look at what taking the first import back would do, and do it."""
    annex, by = AnnexImport.objects.earliest("pk"), Actor(officer, "bench")
    with timed("look"):
        taking_back = read_taking_back(annex)
        preview_taking_back(taking_back, today=TODAY)
    with timed("take back and re-date"):
        return take_back_annex(
            annex=annex, reason="bench", seen=taking_back.seen, by=by, at=NOW, today=TODAY
        )


def receive(by: Actor) -> AnnexImport:
    incoming = IncomingFile(FILE.name, limit_bytes=MOST_BYTES)
    incoming.write(FILE.read_bytes())
    return receive_annex(
        document=Document.objects.get(),
        stored=incoming.keep(workbook_type_of).stored,
        original_name=FILE.name,
        verification="verified",
        by=by,
        at=NOW,
    )


@contextmanager
def timed(name: str) -> Iterator[None]:
    start = time.perf_counter()
    yield
    print(f"{name:<24}{time.perf_counter() - start:>6.2f} s", flush=True)


def peak_mb() -> float:
    """The most memory that this process has held so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    if sys.argv[1] == "make":
        make(int(sys.argv[2]))
    else:
        sys.exit(0 if load() else 1)
