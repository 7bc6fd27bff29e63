"""The tracker as a Django app."""

from django.apps import AppConfig


class TrackerConfig(AppConfig):
    """One app for every room: one label, one migrations folder."""

    name = "tracker"
    label = "tracker"

    def ready(self) -> None:
        from tracker import checks  # noqa: F401 (registers the check of the seeds)
