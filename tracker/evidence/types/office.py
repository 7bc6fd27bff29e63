"""Office files of today (OOXML): whole, and nothing in them that acts or calls from elsewhere."""

import re
import zipfile
from pathlib import PurePath

from django.utils.translation import gettext as _

from tracker.evidence.types import ole
from tracker.evidence.types.content import Content
from tracker.evidence.types.packages import broken, chunks_of, opened, unpacked
from tracker.evidence.types.programs import is_program
from tracker.evidence.types.refusal import FileRefused, refused
from tracker.evidence.types.xml_parts import check_head, elements

LARGEST_RELATIONS_BYTES = 4 * 1024 * 1024
MACROS = re.compile(r"(vbaproject\.bin|vbadata\.xml|/macrosheets/|/activex/)", re.I)
EMBEDDED = re.compile(r"/embeddings/[^/]+$", re.I)
INNER_OFFICE = (".docx", ".xlsx", ".pptx")
# What Office fetches without being asked; links that one clicks, and pictures, may lead out.
FETCHED = ("attachedtemplate", "oleobject", "frame", "subdocument", "afchunk")
REMOTE = re.compile(r"^\s*([a-z][a-z0-9+.-]+:(?!///[a-z]:)|\\\\|//)", re.I)
CONTENT_TYPES = "[Content_Types].xml"
DEEPEST = 2


def check_office(content: Content) -> None:
    """``FileRefused`` for macros, packed programs, far templates, XML bombs and broken files."""
    with opened(content) as package:
        names = package.namelist()
        if any(MACROS.search(name) for name in names):
            raise macros(content)
        if CONTENT_TYPES not in names:
            raise broken(content)
        for info in package.infolist():
            if not info.is_dir():
                _check_part(content, package, info)


def macros(content: Content) -> FileRefused:
    return refused(
        content, _("%(file)s holds macros or controls: save it as a plain file without them.")
    )


def _check_part(content: Content, package: zipfile.ZipFile, info: zipfile.ZipInfo) -> None:
    name = info.filename.lower()
    if name.endswith(".rels"):
        _refuse_far_parts(content, package, info)
    elif name.endswith((".xml", ".vml")):
        check_head(content, info.filename, chunks_of(package, info))
    if EMBEDDED.search(name):
        _check_embedded(content, package, info)
        return
    is_first = True
    for chunk in chunks_of(package, info):
        if is_first and is_program(chunk):
            raise refused(content, _("%(file)s holds a program in it: take that out first."))
        is_first = False


def _refuse_far_parts(content: Content, package: zipfile.ZipFile, info: zipfile.ZipInfo) -> None:
    if info.file_size > LARGEST_RELATIONS_BYTES:
        raise broken(content)
    text = b"".join(chunks_of(package, info))
    for _element, given in elements(content, info.filename, text):
        kind = given.get("Type", "").rsplit("/", 1)[-1].lower()
        is_far = given.get("TargetMode") == "External" and REMOTE.match(given.get("Target", ""))
        if kind in FETCHED and is_far:
            raise refused(
                content,
                _("%(file)s fetches a template or an object from elsewhere: save it without."),
            )


def _check_embedded(content: Content, package: zipfile.ZipFile, info: zipfile.ZipInfo) -> None:
    """Equations, charts' tables and objects may lie in a file; a file of any kind may not."""
    with unpacked(content, package, info) as inner:
        head = inner.head
        if head.startswith(ole.START):
            ole.refuse_acting(inner)
        elif PurePath(inner.name).suffix.lower() in INNER_OFFICE and inner.depth <= DEEPEST:
            check_office(inner)
        else:
            raise refused(
                content,
                _("%(file)s carries the file %(inner)s in it: take that out first."),
                inner=f"“{inner.name}”",
            )
