"""Values as a manifest writes them."""

from datetime import date, datetime
from decimal import Decimal

from django.utils import timezone

from plants.text import Text
from tracker.reporting.sealed.packed import Json


def told_text(text: Text) -> Json:
    return {"zh": text.zh, "en": text.en}


def told_day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def told_moment(at: datetime | None) -> str | None:
    return timezone.localtime(at).isoformat() if at else None


def told_number(value: Decimal | None) -> str | None:
    """All its digits: a float would lose some."""
    return None if value is None else f"{value:f}"
