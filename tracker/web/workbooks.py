"""Workbooks that come with a form, and those that are made for whoever asks for them."""

from django.http import HttpResponse
from django.utils.http import urlencode

from tracker.annexes.package import workbook_type_of
from tracker.annexes.sheets import Workbook, read_stored
from tracker.evidence.types import EXCEL
from tracker.web.uploads import ReceivedFile


def workbook_named(content: bytes, name: str) -> HttpResponse:
    """An Excel file to keep under a name that may be Chinese."""
    response = HttpResponse(content, content_type=EXCEL)
    quoted = urlencode({"": name})[1:]
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quoted}"
    return response


def read_sent(file: ReceivedFile) -> Workbook:
    """The workbook; ``FileRefused`` for what is none, is damaged, or holds macros or a virus."""
    return read_stored(file.incoming.keep(workbook_type_of).stored, file.original_name)
