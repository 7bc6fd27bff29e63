"""OFD documents (GB/T 33190): a package of XML, fonts and pictures."""

import zipfile

from django.utils.translation import gettext as _

from tracker.evidence.types.content import Content
from tracker.evidence.types.packages import broken, chunks_of, opened
from tracker.evidence.types.programs import is_program
from tracker.evidence.types.refusal import refused
from tracker.evidence.types.xml_parts import check_head

MAIN_PART = "OFD.xml"


def check_ofd(content: Content) -> None:
    """``FileRefused`` for a broken document, an XML bomb, or a program packed in it."""
    with opened(content) as package:
        for info in package.infolist():
            if not info.is_dir():
                _check_part(content, package, info)


def _check_part(content: Content, package: zipfile.ZipFile, info: zipfile.ZipInfo) -> None:
    if info.filename.lower().endswith(".xml"):
        root = check_head(content, info.filename, chunks_of(package, info))
        if info.filename == MAIN_PART and root.rsplit(" ", 1)[-1] != "OFD":
            raise broken(content)
    is_first = True
    for chunk in chunks_of(package, info):
        if is_first and is_program(chunk):
            raise refused(content, _("%(file)s holds a program in it: take that out first."))
        is_first = False
