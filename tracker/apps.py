"""The tracker as a Django app."""

from django.apps import AppConfig


class TrackerConfig(AppConfig):
    """One app for every room: one label, one migrations folder."""

    name = "tracker"
    label = "tracker"
