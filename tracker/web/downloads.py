"""Workbooks that are made for whoever asks for them."""

from django.http import HttpResponse
from django.utils.http import urlencode

from tracker.evidence.types import EXCEL


def workbook_named(content: bytes, name: str) -> HttpResponse:
    """An Excel file to keep under a name that may be Chinese."""
    response = HttpResponse(content, content_type=EXCEL)
    quoted = urlencode({"": name})[1:]
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quoted}"
    return response
