"""Celery's scheduler, which leaves a sign of life in the database as it ticks."""

from datetime import datetime
from typing import Any

from celery.beat import PersistentScheduler
from django.conf import settings
from django.db import DatabaseError, close_old_connections
from django.utils import timezone

from tracker.reminders.models import Heartbeat


class HeartbeatScheduler(PersistentScheduler):  # type: ignore[misc]
    """Ticks like its parent; says so at most once in HEARTBEAT_SECONDS."""

    def __init__(self, *args: Any, **options: Any) -> None:
        self.said_at: datetime | None = None
        super().__init__(*args, **options)

    def tick(self, *args: Any, **options: Any) -> float:
        """Do what is due, then leave the sign; a database that is away must not stop the clock."""
        seconds: float = super().tick(*args, **options)
        now = timezone.now()
        if self.said_at and (now - self.said_at).total_seconds() < settings.HEARTBEAT_SECONDS:
            return seconds
        try:
            close_old_connections()
            Heartbeat.objects.update_or_create(name="beat", defaults={"at": now})
            self.said_at = now
        except DatabaseError as fault:
            self.logger.warning("No sign of life could be written: %s", fault)
        return seconds
