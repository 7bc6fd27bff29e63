"""What an Excel workbook is made of: refused before anything of it is unpacked into memory.

A workbook is a ZIP of XML. Its parts are read here as a stream, to their ends and within bounds,
so that what reads the cells afterwards (calamine, which holds a whole sheet) meets no surprise.
"""

import posixpath
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from xml.parsers import expat

from django.utils.translation import gettext as _

from tracker.annexes.elements import (
    CellElements,
    RelationElements,
    StyleElements,
    WorkbookElements,
)
from tracker.annexes.formats import Format
from tracker.evidence.types import EXCEL, FileRefused, looks_like, media_type_of

MEGABYTE = 1024 * 1024
MOST_UNPACKED_BYTES = 64 * MEGABYTE
# Real sheets pack 5 to 60 times; what packs a thousand times was made to burst.
MOST_RATIO = 250
MOST_SHEETS = 50
CHUNK_BYTES = 64 * 1024
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
SEALED = "EncryptedPackage".encode("utf-16-le")
READ = (".xml", ".rels")
Start = Callable[[str, dict[str, str]], None]


class _Broken(Exception):
    """A part that no spreadsheet program writes."""


@dataclass(frozen=True)
class Part:
    """One worksheet of the workbook and where its XML lies."""

    name: str
    member: str
    hidden: bool


Position = tuple[int, int]


@dataclass(frozen=True)
class Marks:
    """Of a worksheet: its formula cells, and the formats that hide a part of a date."""

    formulas: frozenset[Position]
    formats: dict[Position, Format]


@dataclass(frozen=True)
class Package:
    """The worksheets in their order, each one's marks, and which calendar the dates count in."""

    parts: tuple[Part, ...]
    marks: dict[str, Marks]
    is_1904: bool


def workbook_type_of(path: Path, original_name: str) -> str:
    """The media type of a workbook without macros; ``FileRefused`` says what else it is."""
    read_package(path, original_name)
    return media_type_of(path, original_name)


def read_package(path: Path, original_name: str) -> Package:
    """Look through the whole workbook within bounds; ``FileRefused`` with the place and reason."""
    _refuse_other_files(path, original_name)
    try:
        with zipfile.ZipFile(path) as package:
            _refuse_bomb(package, path, original_name)
            return _read(package, original_name)
    except FileRefused:
        raise
    except Exception as fault:  # crafted packages break the reader in ways that nobody has listed
        raise FileRefused(
            _("“%(name)s” is damaged: open it in Excel or WPS and save it anew as .xlsx.")
            % {"name": original_name}
        ) from fault


def _refuse_other_files(path: Path, original_name: str) -> None:
    """Old, sealed and macro files have a reason of their own."""
    name = {"name": original_name}
    with path.open("rb") as stream:
        is_old = stream.read(8) == OLD_OFFICE
        is_sealed = is_old and SEALED in stream.read(MEGABYTE)
    if is_sealed:
        raise FileRefused(_("“%(name)s” is protected by a password: save it without one.") % name)
    if is_old:
        raise FileRefused(
            _("“%(name)s” is in the old Excel format (.xls): save it as .xlsx.") % name
        )
    if original_name.lower().endswith((".xlsm", ".xltm", ".xlsb")) or _has_macros(path):
        raise FileRefused(
            _("“%(name)s” is a workbook with macros: save it as .xlsx, without macros.") % name
        )
    if not original_name.lower().endswith(".xlsx") or looks_like(path) != EXCEL:
        raise FileRefused(_("“%(name)s” is no Excel workbook (.xlsx).") % name)


def _has_macros(path: Path) -> bool:
    """Whether the names inside speak of macros, whatever the file's own name is."""
    try:
        with zipfile.ZipFile(path) as package:
            names = [name.lower() for name in package.namelist()[:10_000]]
    except Exception:  # it is no ZIP, or a crafted one: the next look refuses it
        return False
    return any(name.endswith("vbaproject.bin") or "/macrosheets/" in name for name in names)


def _refuse_bomb(package: zipfile.ZipFile, path: Path, original_name: str) -> None:
    """Refuse what unpacks to far more than it is, and two parts of one name."""
    members = [info for info in package.infolist() if info.filename.lower().endswith(READ)]
    unpacked = sum(info.file_size for info in members)
    if unpacked > MOST_UNPACKED_BYTES or unpacked > MOST_RATIO * max(
        path.stat().st_size, 16 * 1024
    ):
        raise FileRefused(
            _(
                "“%(name)s” unpacks to %(size)d MB: more than a plant list can be. "
                "Copy the table into a new workbook."
            )
            % {"name": original_name, "size": unpacked // MEGABYTE}
        )
    names = [info.filename.replace("\\", "/").lower() for info in package.infolist()]
    if len(set(names)) != len(names):
        raise _Broken("two parts of one name")


def _read(package: zipfile.ZipFile, original_name: str) -> Package:
    found = WorkbookElements()
    _parse(package, "xl/workbook.xml", found.start)
    relations = RelationElements()
    _parse(package, "xl/_rels/workbook.xml.rels", relations.start)
    parts = []
    for name, relation, hidden in found.sheets:
        kind, target = relations.found[relation]
        if "macrosheet" in kind.lower():
            raise FileRefused(
                _("“%(name)s” is a workbook with macros: save it as .xlsx, without macros.")
                % {"name": original_name}
            )
        if kind.endswith("/worksheet"):
            parts.append(Part(name, _member(target), hidden))
    if len({part.name for part in parts}) != len(parts) or len(parts) > MOST_SHEETS:
        raise _Broken("too many sheets, or two of one name")
    styles = StyleElements()
    kept = {
        _member(target) for kind, target in relations.found.values() if kind.endswith("/styles")
    }
    for member in kept:
        _parse(package, member, styles.start)
    marks = {part.name: _marks(package, part, styles) for part in parts}
    _read_the_rest(package, kept | {part.member for part in parts})
    return Package(tuple(parts), marks, found.is_1904)


def _marks(package: zipfile.ZipFile, part: Part, styles: StyleElements) -> Marks:
    cells = CellElements(part.name, styles.hiding)
    _parse(package, part.member, cells.start)
    return Marks(frozenset(cells.formulas), cells.formats)


def _read_the_rest(package: zipfile.ZipFile, seen: set[str]) -> None:
    """Every other XML to its end: a size that is not the one given breaks here, in a stream."""
    for info in package.infolist():
        if info.filename.lower().endswith(READ) and info.filename not in seen:
            _parse(package, info.filename, None)


def _member(target: str) -> str:
    """A relation's target as a name in the package."""
    return posixpath.normpath(posixpath.join("/xl", target)).lstrip("/")


def _parse(package: zipfile.ZipFile, member: str, start: Start | None) -> None:
    """Read one XML part as a stream; ``start`` is called for each element."""
    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.StartDoctypeDeclHandler = _refuse_doctype
    with package.open(member) as stream:
        while chunk := stream.read(CHUNK_BYTES):
            parser.Parse(chunk, False)
        parser.Parse(b"", True)


def _refuse_doctype(*_declared: object) -> None:
    raise _Broken("a document type: no spreadsheet program writes one")
