"""Who may send which post now, and what becomes of it: as with mails, for one row at a time."""

import logging
import time
from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import connection
from django.db.models import F, QuerySet

from tracker.reminders.channels.schedule import GIVEN_UP_AFTER
from tracker.reminders.channels.wire import Answer
from tracker.reminders.claims import BACK_OFF, PASSING_FAULTS, STAMP_WAITS
from tracker.reminders.models import ChannelPost, PostState
from tracker.reminders.reasons import FAULT_LENGTH

logger = logging.getLogger(__name__)

# Far longer than one post takes: who doesn't answer is given up after ten seconds.
CLAIM_LASTS = timedelta(minutes=5)


def claim(post: ChannelPost, *, at: datetime) -> UUID | None:
    """Take a planned post; None when another holds or has sent it. One conditional UPDATE."""
    key = uuid4()
    free = ChannelPost.objects.to_try(now=at).filter(pk=post.pk)
    taken = free.update(state=PostState.CLAIMED, claim=key, claimed_at=at)
    return key if taken else None


def stamp_sent(
    post: ChannelPost,
    key: UUID,
    answer: Answer,
    *,
    at: datetime,
    waits: Iterable[float] = STAMP_WAITS,
) -> bool:
    """It was taken. A fault of the database that may pass is waited out, as with mails."""
    values = {"state": PostState.SENT, "sent_at": at, "fault": "", **_said(answer)}
    remaining = iter(waits)
    while True:
        try:
            return _held(post, key).update(attempts=F("attempts") + 1, **values) == 1
        except PASSING_FAULTS as fault:
            connection.close_if_unusable_or_obsolete()
            wait = next(remaining, None)
            if wait is None:
                raise
            logger.warning("The stamp of post %s is tried again: %s", post.delivery, fault)
            time.sleep(wait)


def try_later(
    post: ChannelPost, key: UUID, *, fault: str, at: datetime, answer: Answer | None = None
) -> None:
    """Plan it anew after 1, 5, 15 and then every 60 minutes; after three days it has failed."""
    is_over = at - post.planned_at >= GIVEN_UP_AFTER
    wait = BACK_OFF[min(post.attempts, len(BACK_OFF) - 1)]
    _held(post, key).update(
        state=PostState.FAILED if is_over else PostState.PLANNED,
        claim=None,
        claimed_at=None,
        attempts=F("attempts") + 1,
        next_attempt_at=at + wait,
        fault=fault[:FAULT_LENGTH],
        **(_said(answer) if answer else {"answer_status": None, "answer": ""}),
    )


def call_off(post: ChannelPost, key: UUID, *, why: str) -> None:
    """There is nothing to say any more, or nobody to say it to."""
    _held(post, key).update(state=PostState.CANCELLED, claim=None, fault=why)


def reclaim_stale(*, now: datetime) -> int:
    """Plan anew what was claimed over five minutes ago and never stamped: its worker has died."""
    stale = ChannelPost.objects.filter(state=PostState.CLAIMED, claimed_at__lte=now - CLAIM_LASTS)
    return stale.update(state=PostState.PLANNED, claim=None, claimed_at=None, next_attempt_at=now)


def _held(post: ChannelPost, key: UUID) -> QuerySet[ChannelPost]:
    return ChannelPost.objects.filter(pk=post.pk, state=PostState.CLAIMED, claim=key)


def _said(answer: Answer) -> dict[str, object]:
    return {"answer_status": answer.status, "answer": answer.first_line}
