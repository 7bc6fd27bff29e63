"""Sentences kept for what is returned every day; an officer chooses one and may add to it."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class QuickReason(models.TextChoices):
    """What the plant reads, in the language in which the officer works."""

    UNREADABLE = "unreadable", _("A file can't be read; upload it again, complete and legible.")
    PERIOD = "period", _("The file covers another period than the one asked for.")
    STAMP = "stamp", _("The stamp or the signature is missing.")
    PLANT = "plant", _("The file belongs to another plant, line or outlet.")
    PAGES = "pages", _("Pages or annexes are missing.")
    KIND = "kind", _("This is another kind of document than the one asked for.")


def full_reason(chosen: str, typed: str) -> str:
    """The chosen sentence, in the language that is active, and below it what was typed."""
    kept = str(QuickReason(chosen).label) if chosen else ""
    return "\n".join(part for part in (kept, typed.strip()) if part)
