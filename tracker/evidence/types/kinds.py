"""The allow-list: each kind's media type, endings and name, and how large it may be."""

from dataclasses import dataclass, field
from pathlib import PurePath

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

OFFICE = "application/vnd.openxmlformats-officedocument."
WORD = OFFICE + "wordprocessingml.document"
EXCEL = OFFICE + "spreadsheetml.sheet"
SLIDES = OFFICE + "presentationml.presentation"


@dataclass(frozen=True)
class Kind:
    """What a content is. Kinds without an ending are known so that a refusal can name them.

    The noun reads otherwise in each language, so it makes no difference between kinds.
    """

    media_type: str
    noun: str | Promise = field(compare=False)
    endings: tuple[str, ...] = ()


PDF = Kind("application/pdf", _("a PDF document"), (".pdf",))
PNG = Kind("image/png", _("a PNG picture"), (".png",))
JPEG = Kind("image/jpeg", _("a JPEG picture"), (".jpg", ".jpeg"))
WEBP = Kind("image/webp", _("a WebP picture"), (".webp",))
HEIF = Kind("image/heif", _("a HEIC picture"), (".heic", ".heif"))
TIFF = Kind("image/tiff", _("a TIFF picture"), (".tif", ".tiff"))
DOCX = Kind(WORD, _("a Word document (.docx)"), (".docx",))
XLSX = Kind(EXCEL, _("an Excel workbook (.xlsx)"), (".xlsx",))
PPTX = Kind(SLIDES, _("a PowerPoint presentation (.pptx)"), (".pptx",))
DOC = Kind("application/msword", _("an old Word document (.doc)"), (".doc",))
XLS = Kind("application/vnd.ms-excel", _("an old Excel workbook (.xls)"), (".xls",))
PPT = Kind("application/vnd.ms-powerpoint", _("an old PowerPoint presentation (.ppt)"), (".ppt",))
OFD = Kind("application/ofd", _("an OFD document"), (".ofd",))
CSV = Kind("text/csv", _("a CSV table"), (".csv",))
TEXT = Kind("text/plain", _("a text"), (".txt",))
ZIP = Kind("application/zip", _("a ZIP package"), (".zip",))
MP4 = Kind("video/mp4", _("an MP4 video"), (".mp4",))
MOV = Kind("video/quicktime", _("a QuickTime video"), (".mov",))
TAKEN = (
    *(PDF, PNG, JPEG, WEBP, HEIF, TIFF, DOCX, XLSX, PPTX),
    *(DOC, XLS, PPT, OFD, CSV, TEXT, ZIP, MP4, MOV),
)

GIF = Kind("image/gif", _("a GIF picture"))
BMP = Kind("image/bmp", _("a BMP picture"))
AVIF = Kind("image/avif", _("an AVIF picture"))
RAR = Kind("application/vnd.rar", _("a RAR package"))
SEVEN_ZIP = Kind("application/x-7z-compressed", _("a 7z package"))
GZIP = Kind("application/gzip", _("a GZIP package"))
RTF = Kind("application/rtf", _("an RTF document"))
SEALED = Kind("application/encrypted", _("an Office file with a password"))
OLE = Kind("application/x-ole-storage", _("an old Office file of another kind"))

KIND_BY_ENDING = {ending: kind for kind in TAKEN for ending in kind.endings}
BY_ENDING = {ending: kind.media_type for ending, kind in KIND_BY_ENDING.items()}
VIDEOS = (MP4, MOV)
MACRO_ENDINGS = (
    *(".docm", ".dotm", ".xlsm", ".xltm", ".xlsb", ".xlam", ".xla"),
    *(".pptm", ".potm", ".ppsm", ".ppam", ".sldm"),
)


def ending_of(name: str) -> str:
    return PurePath(name).suffix.lower()


def limit_bytes_of(name: str) -> int:
    """How large a file of this name may be: videos may be larger than the rest."""
    if KIND_BY_ENDING.get(ending_of(name)) in VIDEOS:
        return int(settings.VIDEO_LIMIT_BYTES)
    return int(settings.UPLOAD_LIMIT_BYTES)
