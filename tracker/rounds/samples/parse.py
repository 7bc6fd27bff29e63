"""A table of samples, out of a workbook or pasted: its samples, or all of its faults. Pure."""

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from django.utils.translation import gettext as _

from tracker.annexes.sheets import Sheet, Value, Workbook
from tracker.rounds.samples.columns import NEEDED, Column, Heading, find_heading
from tracker.rounds.samples.known import Fault, Known, SampleKey
from tracker.rounds.samples.rows import ReadSample, SheetReader, address
from tracker.rounds.samples.values import plain

MOST_ROWS = 20_000
MOST_CHARACTERS = 4_000_000
_CREDIT_CODE = re.compile(r"(?<![0-9A-Z])[0-9A-HJ-NP-RT-UW-Y]{18}(?![0-9A-Z])")


@dataclass(frozen=True)
class Parsed:
    """What a table holds. With a fault nothing of it is to be stored.

    ``untouched`` counts the rows of the template that nobody has filled in.
    """

    samples: tuple[ReadSample, ...] = ()
    faults: tuple[Fault, ...] = ()
    untouched: int = 0


@dataclass
class _Found:
    samples: list[ReadSample] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    untouched: int = 0
    seen: dict[SampleKey, str] = field(default_factory=dict)


def parse_workbook(workbook: Workbook, known: Known) -> Parsed:
    """Read every sheet that has a heading; sheets of notes are left out."""
    return _parse(workbook.sheets, known, is_1904=workbook.is_1904)


def parse_pasted(text: str, known: Known) -> Parsed:
    """Read a table that was copied out of Excel: cells parted by tabs, the heading with it."""
    if len(text) > MOST_CHARACTERS:
        wanted = _("The table is too long to be pasted: bring it as an Excel file.")
        return Parsed(faults=(Fault("A1", "", "", wanted),))
    # As Excel copies: a cell with a line break or a quote stands in quotes.
    lines = csv.reader(io.StringIO(text, newline=""), delimiter="\t")
    rows: list[list[Value]] = []
    try:
        rows += [list(line) for line in lines]
    except csv.Error:  # a quote without its end has made one cell of all that follows
        wanted = _("From here on the table can't be parted into cells: copy it anew out of Excel.")
        return Parsed(faults=(Fault(address("", len(rows), 0), "", "", wanted),))
    return _parse([sheet_of(rows)], known, is_1904=False)


def parse_typed(values: Mapping[Column, str], known: Known) -> Parsed:
    """Read one sample that was typed into a form; its faults have a title, and no cell to name."""
    given = {**dict.fromkeys(NEEDED, ""), **values}
    columns = {kind: at for at, kind in enumerate(given)}
    titles = {kind: str(kind.label) for kind in given}
    row: list[Value] = list(given.values())
    reader = SheetReader(sheet_of([row]), Heading(-1, columns, titles), known)
    reader.read_row(0)
    faults = tuple(replace(fault, place="") for fault in reader.faults)
    return Parsed(tuple(replace(sample, place="") for sample in reader.samples), faults)


def sheet_of(rows: list[list[Value]]) -> Sheet:
    return Sheet("", rows, frozenset())


def _parse(sheets: "tuple[Sheet, ...] | list[Sheet]", known: Known, *, is_1904: bool) -> Parsed:
    rows = sum(len(sheet.rows) for sheet in sheets)
    if rows > MOST_ROWS:
        wanted = _("%(rows)d rows are too many at once: at most %(most)d.")
        fault = Fault("A1", "", "", wanted % {"rows": rows, "most": MOST_ROWS})
        return Parsed(faults=(fault,))
    found, headings = _Found(), 0
    for sheet in sheets:
        heading = find_heading(sheet.rows)
        if heading is None:
            continue
        headings += 1
        found.faults += _of_another_plant(sheet, heading.row, known)
        reader = SheetReader(sheet, heading, known, is_1904=is_1904, seen=found.seen)
        reader.read()
        found.samples += reader.samples
        found.faults += reader.faults
        found.untouched += reader.untouched
    if not headings:
        found.faults.append(_no_heading(sheets))
    elif not found.samples and not found.faults:
        wanted = _("There is no sample in the table.")
        found.faults.append(Fault(address(sheets[0].name, 0, 0), "", "", wanted))
    return Parsed(tuple(found.samples), tuple(found.faults), found.untouched)


def _no_heading(sheets: "tuple[Sheet, ...] | list[Sheet]") -> Fault:
    titles = "、".join(str(kind.label) for kind in NEEDED)
    wanted = _("No heading was found; wanted are the columns: %(titles)s.") % {"titles": titles}
    return Fault(address(sheets[0].name if sheets else "", 0, 0), "", "", wanted)


def _of_another_plant(sheet: Sheet, heading: int, known: Known) -> list[Fault]:
    """DA001 is everywhere: a credit code above the table says whose it is."""
    faults = []
    for row in range(heading):
        for at, value in enumerate(sheet.rows[row]):
            codes = _CREDIT_CODE.findall(plain(value).upper()) if isinstance(value, str) else []
            if codes and known.credit_code not in codes:
                wanted = _("The table is of another plant: this one's credit code is %(code)s.")
                place = address(sheet.name, row, at)
                faults.append(Fault(place, "", codes[0], wanted % {"code": known.credit_code}))
                return faults
    return faults
