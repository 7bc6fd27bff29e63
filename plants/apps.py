"""The plants as a Django app."""

from django.apps import AppConfig


class PlantsConfig(AppConfig):
    """The world as it is."""

    name = "plants"
    label = "plants"
