"""GET /healthz: do database, worker, beat and virus scanner do their work at this moment?"""

import logging

from django.conf import settings
from django.db import Error
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tracker.reminders.life import BEAT, judge_signs, read_signs

logger = logging.getLogger(__name__)

OK = "ok"
SILENT = "does not answer"


@require_safe
@never_cache
def health(request: HttpRequest) -> JsonResponse:
    """Answer 200 when all are well, else 503; each is `ok` or its fault in a few words.

    Anybody may ask, and a driver's message can name hosts and users: that goes to the log.
    """
    now = timezone.now()
    try:
        found = read_signs()
        database = OK
    except Error as fault:
        logger.error("The database does not answer: %s", " ".join(str(fault).split()))
        found = {}
        database = SILENT
    signs = judge_signs(
        found, now=now, tick_seconds=settings.HEARTBEAT_SECONDS, scans=bool(settings.CLAMD_URL)
    )
    report = {"database": database, **{sign.name: sign.words for sign in signs}}
    is_well = all(word == OK for word in report.values())
    ticked = {sign.name: sign.seconds for sign in signs}[BEAT]
    return JsonResponse(
        {**report, "beat_ticked_seconds_ago": ticked}, status=200 if is_well else 503
    )
