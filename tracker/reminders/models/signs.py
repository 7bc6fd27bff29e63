"""Signs of life of the machinery that sends."""

from django.db import models


class Heartbeat(models.Model):
    """When beat last ticked and when the worker last did a task; one row for each name."""

    name = models.CharField(max_length=20, unique=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} {self.at}"
