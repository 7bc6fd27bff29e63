"""Where a plant stands: places in their tree, and the joint-control zones that drive dates."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from plants.models.named import Named
from plants.verification import Verification


class Zone(Named):
    """A joint-control zone (联防联控区); 其他 is a zone, too, so that every place has one."""

    code = models.SlugField(max_length=40, unique=True)
    verification = models.CharField(
        max_length=12, choices=Verification.choices, default=Verification.TO_VERIFY
    )


class PlaceLevel(models.TextChoices):
    PREFECTURE = "prefecture", _("prefecture level")
    COUNTY = "county", _("county or city")
    CORPS_CITY = "corps_city", _("city of the Corps")


class Place(Named):
    """A prefecture-level place, a county or city in it, or a city of the Corps in it.

    Stop windows hang on a place; a place without windows of its own in a season has its parent's.
    """

    code = models.SlugField(max_length=40, unique=True)
    level = models.CharField(max_length=12, choices=PlaceLevel.choices)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="places")
    tile_row = models.PositiveSmallIntegerField(null=True, blank=True)
    tile_column = models.PositiveSmallIntegerField(null=True, blank=True)
    verification = models.CharField(
        max_length=12, choices=Verification.choices, default=Verification.TO_VERIFY
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="place_prefecture_has_no_parent",
                condition=models.Q(level="prefecture", parent__isnull=True)
                | models.Q(level__in=["county", "corps_city"], parent__isnull=False),
            ),
            models.CheckConstraint(
                name="place_tile_is_a_pair",
                condition=models.Q(tile_row__isnull=True, tile_column__isnull=True)
                | models.Q(tile_row__isnull=False, tile_column__isnull=False),
            ),
        ]

    @property
    def prefecture(self) -> "Place":
        """The prefecture-level place that this is, or stands in."""
        return self.parent if self.parent is not None else self
