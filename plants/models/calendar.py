"""When kilns stand still: the dated stop windows (错峰停窑) of a place."""

from collections.abc import Iterable
from datetime import date
from typing import Self

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from plants.models.places import Place
from plants.text import Text
from plants.verification import Verification

SEASON = RegexValidator(r"^\d{4}-\d{2}$", _("A season is two years, like 2025-26."))


class StopWindowQuerySet(models.QuerySet["StopWindow"]):
    def touching(self, first: date, last: date) -> Self:
        """The windows that share a day with the span from first to last, both included."""
        return self.filter(starts_on__lte=last, ends_on__gte=first)

    def for_places(self, places: Iterable[Place]) -> Self:
        """The places' own windows and their parents'; ``effective_windows`` says which count."""
        return self.filter(place_id__in={pk for place in places for pk in place.lineage})


class StopWindow(models.Model):
    """A kiln stop, from 0:00 of ``starts_on`` to 24:00 of ``ends_on``.

    The document is named by its code, since the world does not know the law's documents.
    """

    place = models.ForeignKey(
        Place, verbose_name=_("place"), on_delete=models.PROTECT, related_name="stop_windows"
    )
    season = models.CharField(verbose_name=_("season"), max_length=7, validators=[SEASON])
    starts_on = models.DateField(
        verbose_name=_("first day"),
    )
    ends_on = models.DateField(
        verbose_name=_("last day"),
    )
    document_code = models.SlugField(verbose_name=_("document"), max_length=60)
    clause = models.CharField(verbose_name=_("clause"), max_length=200, blank=True, default="")
    verification = models.CharField(
        verbose_name=_("verification"), max_length=12, choices=Verification.choices
    )
    note_zh = models.TextField(verbose_name=_("Chinese note"), blank=True, default="")
    note_en = models.TextField(verbose_name=_("English note"), blank=True, default="")

    objects = StopWindowQuerySet.as_manager()

    class Meta:
        verbose_name = _("stop window")
        verbose_name_plural = _("stop windows")
        constraints = [
            models.UniqueConstraint(
                name="stop_window_once", fields=["place", "season", "starts_on"]
            ),
            models.CheckConstraint(
                name="stop_window_ends_after_it_starts",
                condition=Q(ends_on__gte=F("starts_on")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place}: {self.starts_on}–{self.ends_on}"

    @property
    def note(self) -> Text:
        return Text(self.note_zh, self.note_en)


def effective_windows(place: Place, windows: list[StopWindow]) -> list[StopWindow]:
    """Of a place's and its parent's windows those that count, oldest first.

    A season in which the place has windows of its own takes nothing from the parent: Shihezi is
    named by itself in the plans although it stands inside another prefecture.
    """
    own_seasons = {w.season for w in windows if w.place_id == place.pk}
    counting = [w for w in windows if w.place_id == place.pk or w.season not in own_seasons]
    return sorted(counting, key=lambda window: (window.starts_on, window.pk))
