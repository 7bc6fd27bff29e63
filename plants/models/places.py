"""Where a plant stands: places in their tree, and the joint-control zones that drive dates."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from plants.models.named import Named
from plants.verification import Verification


class Zone(Named):
    """A joint-control zone (联防联控区); 其他 is a zone, too, so that every place has one."""

    code = models.SlugField(verbose_name=_("code"), max_length=40, unique=True)
    verification = models.CharField(
        verbose_name=_("verification"),
        max_length=12,
        choices=Verification.choices,
        default=Verification.TO_VERIFY,
    )

    class Meta:
        verbose_name = _("zone")
        verbose_name_plural = _("zones")


class PlaceLevel(models.TextChoices):
    PREFECTURE = "prefecture", _("prefecture level")
    COUNTY = "county", _("county or city")
    CORPS_CITY = "corps_city", _("city of the Corps")


class Place(Named):
    """A prefecture-level place, a county or city in it, or a city of the Corps in it.

    Stop windows hang on a place; a place without windows of its own in a season has its parent's.
    """

    code = models.SlugField(verbose_name=_("code"), max_length=40, unique=True)
    level = models.CharField(verbose_name=_("level"), max_length=12, choices=PlaceLevel.choices)
    parent = models.ForeignKey(
        "self",
        verbose_name=_("stands in"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
    )
    zone = models.ForeignKey(
        Zone, verbose_name=_("zone"), on_delete=models.PROTECT, related_name="places"
    )
    tile_row = models.PositiveSmallIntegerField(
        verbose_name=_("row of the tile"), null=True, blank=True
    )
    tile_column = models.PositiveSmallIntegerField(
        verbose_name=_("column of the tile"), null=True, blank=True
    )
    verification = models.CharField(
        verbose_name=_("verification"),
        max_length=12,
        choices=Verification.choices,
        default=Verification.TO_VERIFY,
    )

    class Meta:
        verbose_name = _("place")
        verbose_name_plural = _("places")
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

    @property
    def lineage(self) -> list[int]:
        """The place and what it stands in."""
        return [self.pk] if self.parent_id is None else [self.pk, self.parent_id]
