"""What goes in or out, how it travels, and by which class of vehicle."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Direction(models.TextChoices):
    IN = "in", pgettext_lazy("direction", "in")
    OUT = "out", pgettext_lazy("direction", "out")


class Goods(models.TextChoices):
    RAW_MATERIAL = "raw_material", _("raw material")
    FUEL = "fuel", _("fuel")
    PRODUCT = "product", pgettext_lazy("goods", "product")


class Mode(models.TextChoices):
    """The Opinion's clean modes, and the road."""

    RAIL = "rail", pgettext_lazy("transport", "rail")
    WATER = "water", pgettext_lazy("transport", "water")
    PIPELINE = "pipeline", _("pipeline")
    PIPE_CONVEYOR = "pipe_conveyor", _("pipe conveyor")
    BELT_GALLERY = "belt_gallery", _("belt gallery")
    ROAD = "road", pgettext_lazy("transport", "road")


class RoadClass(models.TextChoices):
    """Whose tonnes are counted apart on the road."""

    NEW_ENERGY = "new_energy", _("new energy")
    CHINA_VI = "china_vi", _("China VI")
    OTHER = "other", pgettext_lazy("vehicle class", "other")


class FleetKind(models.TextChoices):
    IN_PLANT_VEHICLE = "in_plant_vehicle", _("in-plant vehicle")
    NON_ROAD_MACHINE = "non_road_machine", _("non-road machine")


class FleetClass(models.TextChoices):
    """China VI is a class of vehicles, China III and IV are classes of machines."""

    NEW_ENERGY = "new_energy", _("new energy")
    CHINA_VI = "china_vi", _("China VI")
    CHINA_IV = "china_iv", _("China IV or better")
    CHINA_III = "china_iii", _("China III")
    OTHER = "other", pgettext_lazy("vehicle class", "other")


class ProductExists(models.TextChoices):
    """Whether a new-energy product exists for such a machine; empty where nobody has said."""

    YES = "yes", _("a new-energy product exists")
    NO = "no", _("no new-energy product exists")


MATERIALS = frozenset({Goods.RAW_MATERIAL, Goods.FUEL})
PRODUCTS = frozenset({Goods.PRODUCT})
CLEAN_MODES = frozenset(Mode) - {Mode.ROAD}
VEHICLE_CLASSES = (FleetClass.NEW_ENERGY, FleetClass.CHINA_VI, FleetClass.OTHER)
MACHINE_CLASSES = (
    FleetClass.NEW_ENERGY,
    FleetClass.CHINA_IV,
    FleetClass.CHINA_III,
    FleetClass.OTHER,
)
