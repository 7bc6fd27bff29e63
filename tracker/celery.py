"""The Celery application; its tasks and their times are in tracker/tasks.py."""

import os
from typing import Any

from celery import Celery, bootsteps
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tracker.settings")

app = Celery("tracker")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.imports = ("tracker.tasks",)


class Pulse(bootsteps.StartStopStep):  # type: ignore[misc]
    """Makes the worker send itself a task, so that its sign of life says: I do run tasks.

    Apart from beat on purpose: each is judged by what it does itself.
    """

    requires = {"celery.worker.components:Timer"}

    def __init__(self, worker: Any, **options: Any) -> None:
        super().__init__(worker, **options)
        self.entry: Any = None

    def start(self, worker: Any) -> None:
        seconds = settings.HEARTBEAT_SECONDS
        self.send(worker, seconds)
        self.entry = worker.timer.call_repeatedly(seconds, self.send, (worker, seconds))

    def stop(self, worker: Any) -> None:
        if self.entry is not None:
            self.entry.cancel()

    def send(self, worker: Any, seconds: float) -> None:
        worker.app.send_task("tracker.pulse", expires=seconds * 2)


app.steps["worker"].add(Pulse)
