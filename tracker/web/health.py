"""GET /healthz: do database, worker, beat and virus scanner do their work at this moment?"""

import logging
from datetime import datetime

from django.conf import settings
from django.db import Error
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tracker.reminders.models import Heartbeat

logger = logging.getLogger(__name__)

OK = "ok"
SILENT = "does not answer"
MISSED_SIGNS = 3
# A sweep a minute, each of at most three.
SCANNER_SECONDS = 300


@require_safe
@never_cache
def health(request: HttpRequest) -> JsonResponse:
    """Answer 200 when all are well, else 503; each is `ok` or its fault in a few words.

    Anybody may ask, and a driver's message can name hosts and users: that goes to the log.
    """
    now = timezone.now()
    try:
        signs = dict(Heartbeat.objects.values_list("name", "at"))
        database = OK
    except Error as fault:
        logger.error("The database does not answer: %s", " ".join(str(fault).split()))
        signs = {}
        database = SILENT
    report = {
        "database": database,
        "worker": _judge(signs.get("worker"), now),
        "beat": _judge(signs.get("beat"), now),
    }
    if settings.CLAMD_URL:
        report["scanner"] = _judge(signs.get("scanner"), now, SCANNER_SECONDS)
    is_well = all(word == OK for word in report.values())
    ticked = _seconds_between(signs.get("beat"), now)
    return JsonResponse(
        {**report, "beat_ticked_seconds_ago": ticked}, status=200 if is_well else 503
    )


def _judge(at: datetime | None, now: datetime, most_seconds: int | None = None) -> str:
    seconds = _seconds_between(at, now)
    if seconds is None:
        return "no sign of life yet"
    if seconds > (most_seconds or settings.HEARTBEAT_SECONDS * MISSED_SIGNS):
        return f"no sign of life for {seconds} s"
    return OK


def _seconds_between(at: datetime | None, now: datetime) -> int | None:
    return None if at is None else max(0, int((now - at).total_seconds()))
