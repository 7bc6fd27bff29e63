"""The tracker as a Django app."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class TrackerConfig(AppConfig):
    """One app for every room: one label, one migrations folder."""

    name = "tracker"
    label = "tracker"

    def ready(self) -> None:
        from tracker import checks  # noqa: F401 (registers the check of the seeds)
        from tracker.web import sign_ins

        sign_ins.connect()
        post_migrate.connect(_guard_the_trail, sender=self)


def _guard_the_trail(using: str, **_: object) -> None:
    from tracker.trail_guard import set_guard

    set_guard(using)
