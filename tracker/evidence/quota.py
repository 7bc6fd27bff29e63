"""How much room a plant's files take, and the room that the site gives it."""

from datetime import datetime

from django.conf import settings
from django.db.models import Sum
from django.utils.translation import gettext as _

from plants.models import Plant
from tracker.evidence.models import Evidence, StoredFile, UnfinishedUpload
from tracker.evidence.types import FileRefused

MEGABYTE = 1024 * 1024


class QuotaExceeded(FileRefused):
    """The plant's files would take more room than it has."""


def used_bytes(plant: Plant) -> int:
    """What the plant's files take, each content once."""
    there = StoredFile.objects.filter(disposed_at=None)
    stored = there.filter(pk__in=Evidence.objects.filter(plant=plant).values("stored"))
    return int(stored.aggregate(total=Sum("size_bytes"))["total"] or 0)


def promised_bytes(plant: Plant, *, at: datetime) -> int:
    """What the plant's uploads on their way will take, as long as they wait to be taken up."""
    waiting = UnfinishedUpload.objects.filter(
        obligation__plant=plant, attachment=None, ends_at__gt=at
    )
    return int(waiting.aggregate(total=Sum("size_bytes"))["total"] or 0)


def room_of(plant: Plant) -> str:
    """How much of its room the plant's files take, as a sentence; empty where there is no limit."""
    if not settings.PLANT_QUOTA_MB:
        return ""
    told = {"used": _megabytes(used_bytes(plant)), "allowed": int(settings.PLANT_QUOTA_MB)}
    return _("The plant's files take %(used)s of %(allowed)d MB.") % told


def refuse_over_quota(plant: Plant, *, sha256: str, size_bytes: int, promised: int = 0) -> None:
    """``QuotaExceeded`` says how much is used and allowed. Bytes that lie there need no room.

    ``promised`` bytes are on their way and count like those that are there.
    """
    allowed = int(settings.PLANT_QUOTA_MB) * MEGABYTE
    own = Evidence.objects.filter(plant=plant, stored__disposed_at=None)
    if allowed == 0 or own.filter(stored__sha256=sha256).exists():
        return
    used = used_bytes(plant) + promised
    if used + size_bytes > allowed:
        raise QuotaExceeded(
            _(
                "The plant's files take %(used)s of %(allowed)d MB; there is no room for "
                "another %(size)s MB. Ask your administrator for more."
            )
            % {
                "used": _megabytes(used),
                "allowed": allowed // MEGABYTE,
                "size": _megabytes(size_bytes),
            }
        )


def lock_quota(plant: Plant) -> None:
    """Let the plant's uploads pass one at a time, so that two don't take the same room."""
    if settings.PLANT_QUOTA_MB:
        Plant.objects.select_for_update(no_key=True).get(pk=plant.pk)


def _megabytes(size_bytes: int) -> str:
    """Rounded up, to a tenth."""
    tenths = -(-size_bytes * 10 // MEGABYTE)
    return f"{tenths // 10}.{tenths % 10}"
