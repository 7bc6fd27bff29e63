"""Every Celery task and the beat table: fetch by id, one room call."""

from typing import Any

from django.utils import timezone

from tracker.celery import app
from tracker.reminders.models import Heartbeat

# Task and time by name, in the legal time zone (Asia/Shanghai).
BEAT: dict[str, dict[str, Any]] = {}
app.conf.beat_schedule = BEAT


@app.task(name="tracker.pulse")
def pulse() -> None:
    """Show that a worker takes tasks and reaches the database; running it twice changes nothing."""
    Heartbeat.objects.update_or_create(name="worker", defaults={"at": timezone.now()})
