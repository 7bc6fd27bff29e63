"""A plant's transport ledger by month, and its fleet as counted on a day."""

from typing import Self, TypeVar

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from plants.models import Person, Plant
from plants.models.people import plants_of
from tracker.rounds.models.rounds import OF_THE_PLANT, Round
from tracker.rounds.transport.kinds import (
    MACHINE_CLASSES,
    VEHICLE_CLASSES,
    Direction,
    FleetClass,
    FleetKind,
    Goods,
    Mode,
    ProductExists,
    RoadClass,
)

SOURCE_LENGTH = 400
TONNE_DIGITS, TONNE_PLACES = 15, 3
R = TypeVar("R", bound="LedgerRow")


class LedgerQuerySet(models.QuerySet[R]):
    def visible_to(self, person: Person) -> Self:
        """Of the plants that are hers to see; with a seat, while a round on transport goes on."""
        rounds = Round.objects.visible_to(person).going_on().filter(clean_transport=True)
        of_plants = plants_of(person, "plant__", roles=OF_THE_PLANT)
        return self.filter(of_plants | Q(plant__in=rounds.values("plant")))

    def standing(self) -> Self:
        """What counts now: not replaced by a correction."""
        return self.filter(replaced_at__isnull=True)


class LedgerRow(models.Model):
    """What somebody entered of a plant; the ledger goes on between rounds, so it is the plant's.

    A row is never changed: its correction is a row of its own that ``replaces`` it. ``source`` says
    where it was read: file, sheet and cell.
    """

    plant = models.ForeignKey(
        Plant, verbose_name=_("plant"), on_delete=models.PROTECT, related_name="%(class)ss"
    )
    source = models.CharField(max_length=SOURCE_LENGTH, blank=True, default="")
    entered_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True, blank=True)
    replaces = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaced_by"
    )

    class Meta:
        abstract = True


class TransportMonth(LedgerRow):
    """Tonnes of a month that went one way by one mode, and on the road by one class of vehicle.

    ``month`` is its first day. A month in which nothing moved has a row of nought: one that has no
    row is not known.
    """

    month = models.DateField(verbose_name=_("month"))
    direction = models.CharField(
        verbose_name=_("direction"), max_length=3, choices=Direction.choices
    )
    goods = models.CharField(verbose_name=_("goods"), max_length=12, choices=Goods.choices)
    mode = models.CharField(verbose_name=_("mode"), max_length=13, choices=Mode.choices)
    road_class = models.CharField(
        verbose_name=_("vehicle class"),
        max_length=10,
        choices=RoadClass.choices,
        blank=True,
        default="",
    )
    tonnes = models.DecimalField(
        verbose_name=_("tonnes"),
        max_digits=TONNE_DIGITS,
        decimal_places=TONNE_PLACES,
        validators=[MinValueValidator(0)],
    )

    objects = LedgerQuerySet["TransportMonth"].as_manager()

    class Meta:
        verbose_name = _("transport month")
        verbose_name_plural = _("transport months")
        constraints = [
            models.UniqueConstraint(
                name="transport_month_stands_once",
                fields=["plant", "month", "direction", "goods", "mode", "road_class"],
                condition=Q(replaced_at__isnull=True),
            ),
            models.CheckConstraint(
                name="transport_month_carries_tonnes", condition=Q(tonnes__gte=0)
            ),
            models.CheckConstraint(
                name="transport_month_class_on_the_road_only",
                condition=Q(mode=Mode.ROAD, road_class__in=RoadClass.values)
                | (~Q(mode=Mode.ROAD) & Q(road_class="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} · {self.get_goods_display()} · {self.get_mode_display()}"


class FleetCount(LedgerRow):
    """How many vehicles or machines of one class the plant had on a day."""

    as_of_on = models.DateField(verbose_name=_("counted on"))
    kind = models.CharField(verbose_name=_("kind"), max_length=16, choices=FleetKind.choices)
    fleet_class = models.CharField(
        verbose_name=_("class"), max_length=10, choices=FleetClass.choices
    )
    product_exists = models.CharField(
        verbose_name=_("new-energy product"),
        max_length=3,
        choices=ProductExists.choices,
        blank=True,
        default="",
    )
    count = models.PositiveIntegerField(verbose_name=_("count"))

    objects = LedgerQuerySet["FleetCount"].as_manager()

    class Meta:
        verbose_name = _("fleet count")
        verbose_name_plural = _("fleet counts")
        constraints = [
            models.UniqueConstraint(
                name="fleet_count_stands_once",
                fields=["plant", "as_of_on", "kind", "fleet_class", "product_exists"],
                condition=Q(replaced_at__isnull=True),
            ),
            models.CheckConstraint(
                name="fleet_count_class_fits_its_kind",
                condition=Q(
                    kind=FleetKind.IN_PLANT_VEHICLE,
                    fleet_class__in=VEHICLE_CLASSES,
                    product_exists="",
                )
                | Q(kind=FleetKind.NON_ROAD_MACHINE, fleet_class__in=MACHINE_CLASSES),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.as_of_on} · {self.get_kind_display()} · {self.get_fleet_class_display()}"
