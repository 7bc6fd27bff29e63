"""Ask the rules in turn: what is this, does its name say so, is it whole and harmless?"""

from pathlib import Path
from typing import BinaryIO

from django.utils.translation import gettext as _

from tracker.evidence.types import kinds
from tracker.evidence.types.archives import check_archive
from tracker.evidence.types.boxes import check_video
from tracker.evidence.types.content import Content, quoted
from tracker.evidence.types.disk import is_full
from tracker.evidence.types.kinds import Kind
from tracker.evidence.types.names import refuse_name
from tracker.evidence.types.ofd import check_ofd
from tracker.evidence.types.office import check_office
from tracker.evidence.types.ole import check_ole
from tracker.evidence.types.packages import broken, end_of
from tracker.evidence.types.pdf import check_pdf
from tracker.evidence.types.pictures import MEASURES, check_picture
from tracker.evidence.types.programs import refuse_programs
from tracker.evidence.types.refusal import FileRefused, refused
from tracker.evidence.types.sniff import look
from tracker.evidence.types.text import check_table, is_text

PACKAGES = (kinds.ZIP, kinds.DOCX, kinds.XLSX, kinds.PPTX, kinds.OFD)
OLD_OFFICE = (kinds.DOC, kinds.XLS, kinds.PPT, kinds.SEALED, kinds.OLE)
PDF_REACH_BYTES = 1024  # how far in readers look for the beginning of a PDF


def media_type_of(path: Path, original_name: str) -> str:
    """The media type that name and content agree on; else ``FileRefused`` says what is wrong."""
    with path.open("rb") as stream:
        return examine(_content(stream, path, original_name)).media_type


def looks_like(path: Path) -> str | None:
    """The media type that the content alone speaks of; None for bytes that say nothing."""
    with path.open("rb") as stream:
        found = look(_content(stream, path, path.name))
    return found.media_type if found else None


def _content(stream: BinaryIO, path: Path, name: str) -> Content:
    size = path.stat().st_size
    return Content(name=name, label=quoted(name), stream=stream, size=size, folder=path.parent)


def examine(content: Content) -> Kind:
    """The kind that name and content agree on; ``FileRefused`` otherwise."""
    if content.size == 0:
        raise refused(content, _("%(file)s is empty (0 bytes)."))
    refuse_name(content.name, content.label)
    refuse_programs(content)
    said = _said(content)
    try:
        found = look(content)
        _refuse_two_in_one(content, found, said)
        _refuse_other(content, found, said)
        _check(content, said)
    except FileRefused:
        raise
    except OSError as fault:
        if is_full(fault):
            raise
        raise broken(content) from fault
    except Exception as fault:  # crafted files break readers in ways that nobody has listed
        raise broken(content) from fault
    return said


def _said(content: Content) -> Kind:
    """What the ending says."""
    ending = kinds.ending_of(content.name)
    if ending in kinds.MACRO_ENDINGS:
        raise refused(
            content, _("%(file)s holds macros or controls: save it as a plain file without them.")
        )
    said = kinds.KIND_BY_ENDING.get(ending)
    if said is None:
        raise refused(
            content,
            _("%(file)s: files of this kind are not taken. Taken are: %(endings)s."),
            endings=" ".join(kinds.BY_ENDING),
        )
    if said == kinds.ZIP and content.depth:
        raise refused(content, _("%(file)s is a package in a package: put its files in directly."))
    return said


def _refuse_two_in_one(content: Content, found: Kind | None, said: Kind) -> None:
    """A file that is one thing to one program and another to the next."""
    hides_pdf = found != kinds.PDF and b"%PDF-" in content.head[:PDF_REACH_BYTES]
    if hides_pdf and (said == kinds.PDF or found not in (kinds.TEXT, *PACKAGES)):
        raise refused(
            content, _("%(file)s is two files in one: something lies before the PDF's beginning.")
        )
    # Old Office files may hold new ones whole, as objects in them.
    if found not in (*PACKAGES, *OLD_OFFICE) and end_of(content) is not None:
        raise refused(content, _("%(file)s is two files in one: a ZIP package hides in it."))


def _refuse_other(content: Content, found: Kind | None, said: Kind) -> None:
    """A content that is not what the ending says, named as what it is where that is known."""
    if found == said or (found == kinds.TEXT and is_text(said)):
        return
    if found == kinds.SEALED:
        raise refused(content, _("%(file)s is protected by a password: save it without one."))
    if found is None or (found == kinds.ZIP and said in PACKAGES) or found == kinds.OLE:
        raise refused(content, _("%(file)s is damaged, or not %(said)s at all."), said=said.noun)
    raise refused(
        content, _("%(file)s is %(found)s, not %(said)s."), found=found.noun, said=said.noun
    )


def _check(content: Content, kind: Kind) -> None:
    """What only this kind can have wrong."""
    if kind == kinds.PDF:
        check_pdf(content)
    elif kind in MEASURES:
        check_picture(content, kind)
    elif kind in (kinds.DOCX, kinds.XLSX, kinds.PPTX):
        check_office(content)
    elif kind in (kinds.DOC, kinds.XLS, kinds.PPT):
        check_ole(content, kind)
    elif kind == kinds.OFD:
        check_ofd(content)
    elif kind == kinds.ZIP:
        check_archive(content, examine)
    elif kind in kinds.VIDEOS:
        check_video(content)
    elif kind == kinds.CSV:
        check_table(content)
