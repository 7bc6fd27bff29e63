"""The public list (动态管理名单): which parts of which plants are ultra-low, since when."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from plants.models.people import Authority, Person, plants_of
from plants.models.site import Line, Part, Plant

# The three that make a plant ULE, in the order of the Opinion (环大气〔2024〕5号).
PARTS = (Part.ORGANISED, Part.FUGITIVE, Part.CLEAN_TRANSPORT)


class ListingQuerySet(models.QuerySet["Listing"]):
    def visible_to(self, person: Person) -> Self:
        return self.filter(plants_of(person, "plant__"))

    def standing(self) -> Self:
        """On the list, also while suspended."""
        return self.filter(removed_on__isnull=True)

    def holding(self) -> Self:
        """On the list, and not suspended: only these count. The Python twin is ``holds``."""
        return self.standing().filter(suspended_on__isnull=True)


class Listing(models.Model):
    """A part of a plant, or of one of its lines, on the list from a day until it is taken off.

    Without a line it stands for the whole plant. ``capacity_tpd`` is the clinker capacity in t/d
    that it stands for, as it was on that day; ``authority`` keeps the list: the region or the
    Corps. ``reason`` is why it was last suspended or removed. Rows are never deleted.
    """

    plant = models.ForeignKey(Plant, on_delete=models.PROTECT, related_name="listings")
    line = models.ForeignKey(
        Line, on_delete=models.PROTECT, null=True, blank=True, related_name="listings"
    )
    part = models.CharField(max_length=16, choices=[(part.value, part.label) for part in PARTS])
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="listings")
    capacity_tpd = models.PositiveIntegerField(default=0)
    listed_on = models.DateField(verbose_name=_("listed on"))
    suspended_on = models.DateField(verbose_name=_("suspended on"), null=True, blank=True)
    removed_on = models.DateField(verbose_name=_("removed on"), null=True, blank=True)
    reason = models.TextField(blank=True, default="")

    objects = ListingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="listing_stands_once_for_a_plant",
                fields=["plant", "part"],
                condition=Q(removed_on__isnull=True, line__isnull=True),
            ),
            models.UniqueConstraint(
                name="listing_stands_once_for_a_line",
                fields=["line", "part"],
                condition=Q(removed_on__isnull=True, line__isnull=False),
            ),
            models.CheckConstraint(
                name="listing_is_removed_after_it_is_listed",
                condition=Q(removed_on=None) | Q(removed_on__gte=F("listed_on")),
            ),
            models.CheckConstraint(
                name="listing_ends_with_a_reason",
                condition=Q(removed_on=None, suspended_on=None) | ~Q(reason=""),
            ),
        ]
        indexes = [models.Index(name="listing_of_plant", fields=["plant", "part", "-listed_on"])]

    def __str__(self) -> str:
        return f"{self.get_part_display()} · {self.line or self.plant}"

    @property
    def holds(self) -> bool:
        """The Python twin of ``holding``."""
        return self.removed_on is None and self.suspended_on is None


def part_since(listings: Iterable[Listing], part: str, lines: Collection[int]) -> date | None:
    """Since when a part is listed for all of these lines (ids); None where it is not.

    What is listed for the whole plant is listed for each line. Without lines only that counts.
    """
    ours = [listing for listing in listings if listing.part == part and listing.holds]
    days = [_line_since(ours, line) for line in (lines or (None,))]
    known = [day for day in days if day is not None]
    return max(known) if len(known) == len(days) else None


def whole_since(listings: Iterable[Listing], lines: Collection[int]) -> date | None:
    """Since when all three parts are listed for all of the lines; None where one is not."""
    listings = list(listings)
    days = [part_since(listings, part, lines) for part in PARTS]
    known = [day for day in days if day is not None]
    return max(known) if len(known) == len(PARTS) else None


def _line_since(listings: Iterable[Listing], line: int | None) -> date | None:
    return min((each.listed_on for each in listings if each.line_id in (None, line)), default=None)
