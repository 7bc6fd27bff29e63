"""The plants as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PlantsConfig(AppConfig):
    """The world as it is."""

    name = "plants"
    label = "plants"
    verbose_name = _("plants and people")
