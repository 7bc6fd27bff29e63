"""A round's tables: on the page as they are in the CSV files, in the reader's language."""

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from tracker.reporting.cells import BYTE_ORDER_MARK, harmless
from tracker.reporting.sealed.packed import Paths
from tracker.reporting.sealed.rounds.contents import RoundContents
from tracker.reporting.sealed.rounds.measured import Measured, read_measured
from tracker.rounds.models import FleetCount, FugitiveCheck, TransportMonth
from tracker.rounds.samples.convert import plain_number, shown

# As many as a measured value has.
PLACES = 4
Row = Sequence[str]


@dataclass(frozen=True)
class Table:
    """``name`` is the member's in the package."""

    name: str
    title: str
    columns: Row
    rows: Sequence[Row]


def read_tables(contents: RoundContents, paths: Paths) -> dict[str, Table]:
    """By name; without those that would be empty."""
    made = (make(contents, paths) for make in MAKERS)
    return {table.name: table for table in made if table.rows}


def write_tables(tables: Iterable[Table]) -> dict[str, bytes]:
    """The members, as a spreadsheet opens them."""
    return {table.name: _csv(table) for table in tables}


def _csv(table: Table) -> bytes:
    lines = io.StringIO(newline="")
    writer = csv.writer(lines)
    for row in (table.columns, *table.rows):
        writer.writerow([harmless(cell) for cell in row])
    return (BYTE_ORDER_MARK + lines.getvalue()).encode()


def _samples(contents: RoundContents, _paths: Paths) -> Table:
    columns = (
        *(_("outlet"), _("pollutant"), _("sampled from"), _("sampled to"), _("load (%)")),
        *(_("oxygen (%)"), _("measured (mg/m³)"), _("conversion"), _("converted (mg/m³)")),
        *(_("limit (mg/m³)"), _("reference oxygen (%)"), _("document"), _("clause")),
        *(_("verification"), _("result"), _("why"), _("CEMS at the same time (mg/m³)")),
        *(
            _("laboratory's number"),
            pgettext("time", "entered"),
            _("by"),
            _("replaced"),
            _("reason"),
        ),
    )
    rows = [_sample(each) for each in read_measured(contents)]
    return Table("samples.csv", _("Samples"), columns, rows)


def _sample(measured: Measured) -> Row:
    sample, result = measured
    return (
        sample.outlet.code,
        str(sample.get_pollutant_display()),
        _moment(sample.taken_from_at),
        _moment(sample.taken_to_at),
        _number(sample.load_percent),
        _number(sample.oxygen_percent),
        _number(sample.measured),
        *_judged(measured),
        str(result.verdict.outcome.label) if result else "",
        str(result.verdict.why.label) if result and result.verdict.why else "",
        _number(sample.cems_measured),
        sample.laboratory_number,
        " · ".join(filter(None, (_moment(sample.entered_at), sample.file_name, sample.place))),
        sample.entered_by.name,
        _moment(sample.replaced_at),
        sample.reason,
    )


def _judged(measured: Measured) -> Row:
    """Its sum and its value, and the limit of its day with where that stands."""
    result = measured.result
    converted = result.verdict.conversion if result else None
    limit = result.limit.limit if result and result.limit else None
    return (
        converted.formula if converted else "",
        shown(converted.value, PLACES) if converted else "",
        _number(limit.value) if limit else "",
        _number(limit.reference_oxygen_percent) if limit else "",
        str(limit.requirement.document) if limit else "",
        limit.requirement.clause if limit else "",
        str(limit.get_verification_display()) if limit else "",
    )


def _fugitive(contents: RoundContents, paths: Paths) -> Table:
    columns = (
        *(
            pgettext("fugitive", "source"),
            _("place in the plant"),
            _("item"),
            _("result"),
            _("note"),
            _("looked at"),
        ),
        *(_("by"), _("remedy"), _("remedy due"), _("remedied on"), _("photos")),
    )
    files = contents.files_by_thing

    def row(check: FugitiveCheck) -> Row:
        return (
            check.source.name,
            check.source.place_in_plant,
            str(check.item.text),
            str(check.get_result_display()),
            check.note,
            _moment(check.checked_at),
            check.checked_by.name,
            check.remedy,
            _day(check.remedy_due_on),
            _day(check.remedied_on),
            "\n".join(paths[file.pk] for file in files[check]),
        )

    rows = [row(check) for check in contents.checks]
    return Table("fugitive.csv", _("Checks of fugitive emissions"), columns, rows)


def _transport(contents: RoundContents, _paths: Paths) -> Table:
    columns = (
        *(_("month"), _("direction"), _("goods"), pgettext("transport", "mode")),
        *(
            _("vehicle class"),
            _("tonnes"),
            _("read at"),
            pgettext("time", "entered"),
            _("by"),
            _("replaced"),
        ),
    )

    def row(month: TransportMonth) -> Row:
        return (
            f"{month.month:%Y-%m}",
            str(month.get_direction_display()),
            str(month.get_goods_display()),
            str(month.get_mode_display()),
            str(month.get_road_class_display()),
            _number(month.tonnes),
            month.source,
            _moment(month.entered_at),
            month.entered_by.name,
            _moment(month.replaced_at),
        )

    rows = [row(month) for month in contents.ledger.months] if contents.ledger else []
    return Table("transport.csv", _("Transport ledger"), columns, rows)


def _fleet(contents: RoundContents, _paths: Paths) -> Table:
    columns = (
        *(_("counted on"), _("kind"), _("class"), _("new-energy product"), _("count")),
        *(pgettext("time", "entered"), _("by"), _("replaced")),
    )

    def row(count: FleetCount) -> Row:
        return (
            _day(count.as_of_on),
            str(count.get_kind_display()),
            str(count.get_fleet_class_display()),
            str(count.get_product_exists_display()),
            str(count.count),
            _moment(count.entered_at),
            count.entered_by.name,
            _moment(count.replaced_at),
        )

    rows = [row(count) for count in contents.ledger.fleet] if contents.ledger else []
    return Table("fleet.csv", _("Vehicles and machines"), columns, rows)


MAKERS: tuple[Callable[[RoundContents, Paths], Table], ...] = (
    _samples,
    _fugitive,
    _transport,
    _fleet,
)


def _number(value: Decimal | None) -> str:
    return "" if value is None else plain_number(value)


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _moment(at: datetime | None) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}" if at else ""
