"""What sets a line apart from its place's stop windows: approved swaps, replacement agreements."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from plants.models.calendar import SEASON
from plants.models.people import Person, plants_of
from plants.models.site import Line
from plants.verification import Verification


class SwapKind(models.TextChoices):
    RUN = "run", _("runs inside a stop window")
    STOP = "stop", _("stops outside the stop windows")


class Approval(models.Model):
    """What swaps and agreements share: days, the paper behind them, and until when they held.

    Never edited: who ends one sets ``ended_on``, the first day on which it holds no more.
    """

    starts_on = models.DateField(verbose_name=_("first day"))
    ends_on = models.DateField(verbose_name=_("last day"))
    document = models.CharField(verbose_name=_("document"), max_length=200)
    verification = models.CharField(
        verbose_name=_("verification"), max_length=12, choices=Verification.choices
    )
    ended_on = models.DateField(verbose_name=_("ended on"), null=True, blank=True)

    class Meta:
        abstract = True

    def last_of(self, last: date) -> date:
        """The last day that still holds, of a span that was to last until ``last``."""
        return last if self.ended_on is None else min(last, self.ended_on - timedelta(days=1))

    @property
    def holds_until(self) -> date:
        """The last day on which it holds; before ``starts_on`` where it never came to hold."""
        return self.last_of(self.ends_on)


def _still_on(day: date) -> Q:
    return Q(ended_on=None) | Q(ended_on__gt=day)


class SwapQuerySet(models.QuerySet["Swap"]):
    def visible_to(self, person: Person) -> Self:
        return self.filter(plants_of(person, "line__plant__"))

    def touching(self, first: date, last: date) -> Self:
        """What holds on a day of the span from first to last, both included."""
        return self.filter(_still_on(first), starts_on__lte=last, ends_on__gte=first)


class Swap(Approval):
    """An approved swap of a line: its kiln runs inside a stop window, or stops outside of them.

    They are approved plant by plant and published in batches; ``document`` names the batch.
    """

    line = models.ForeignKey(
        Line, verbose_name=_("line"), on_delete=models.PROTECT, related_name="swaps"
    )
    kind = models.CharField(verbose_name=_("kind"), max_length=4, choices=SwapKind.choices)
    approved_by = models.CharField(verbose_name=_("approved by"), max_length=200)

    objects = SwapQuerySet.as_manager()

    class Meta:
        verbose_name = _("approved swap")
        verbose_name_plural = _("approved swaps")
        constraints = [
            models.CheckConstraint(
                name="swap_ends_after_it_starts", condition=Q(ends_on__gte=F("starts_on"))
            ),
            models.CheckConstraint(
                name="swap_is_ended_within_its_days",
                condition=Q(ended_on__isnull=True)
                | Q(ended_on__gte=F("starts_on"), ended_on__lte=F("ends_on")),
            ),
            models.CheckConstraint(
                name="swap_has_a_paper", condition=~Q(document="") & ~Q(approved_by="")
            ),
            models.UniqueConstraint(
                name="swap_once_from_a_day",
                fields=["line", "starts_on"],
                condition=Q(ended_on__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.line} · {self.get_kind_display()} {self.starts_on}–{self.ends_on}"


class AgreementQuerySet(models.QuerySet["Agreement"]):
    def visible_to(self, person: Person) -> Self:
        """What concerns a plant of hers, be it the one that runs or the one that stops."""
        return self.filter(
            plants_of(person, "line__plant__") | plants_of(person, "partner__plant__")
        )

    def touching(self, first: date, last: date) -> Self:
        """By which either line does what is agreed on a day of the span, both ends included."""
        runs = Q(starts_on__lte=last, ends_on__gte=first)
        stops = Q(partner_starts_on__lte=last, partner_ends_on__gte=first)
        return self.filter(_still_on(first), runs | stops)

    def of_lines(self, lines: Sequence[Line]) -> Self:
        """In which one of the lines runs or stops."""
        return self.filter(Q(line__in=lines) | Q(partner__in=lines))


class Agreement(Approval):
    """A filed replacement agreement (错峰置换): a carbide-slag line runs, its partner stops.

    ``partner_starts_on`` and ``_ends_on`` are the partner's days; where only their number is
    agreed, it is in ``days``. A partner that is no line here, or one of another authority's, is
    named in ``partner_name``.
    """

    line = models.ForeignKey(
        Line, verbose_name=_("line that runs"), on_delete=models.PROTECT, related_name="agreements"
    )
    partner = models.ForeignKey(
        Line,
        verbose_name=_("line that stops"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="agreements_as_partner",
    )
    partner_name = models.CharField(
        verbose_name=_("name of the line that stops"), max_length=200, blank=True, default=""
    )
    season = models.CharField(verbose_name=_("season"), max_length=7, validators=[SEASON])
    partner_starts_on = models.DateField(
        verbose_name=_("partner's first day"), null=True, blank=True
    )
    partner_ends_on = models.DateField(verbose_name=_("partner's last day"), null=True, blank=True)
    days = models.PositiveSmallIntegerField(verbose_name=_("partner's days"), null=True, blank=True)
    filed_on = models.DateField(verbose_name=_("filed on"))

    objects = AgreementQuerySet.as_manager()

    class Meta:
        verbose_name = _("replacement agreement")
        verbose_name_plural = _("replacement agreements")
        constraints = [
            models.CheckConstraint(
                name="agreement_ends_after_it_starts", condition=Q(ends_on__gte=F("starts_on"))
            ),
            models.CheckConstraint(
                name="agreement_is_ended_within_its_days",
                condition=Q(ended_on__isnull=True)
                | (
                    (
                        Q(ended_on__gte=F("starts_on"))
                        | Q(
                            partner_starts_on__isnull=False,
                            ended_on__gte=F("partner_starts_on"),
                        )
                    )
                    & (
                        Q(ended_on__lte=F("ends_on"))
                        | Q(partner_ends_on__isnull=False, ended_on__lte=F("partner_ends_on"))
                    )
                ),
            ),
            models.CheckConstraint(name="agreement_has_a_paper", condition=~Q(document="")),
            models.CheckConstraint(
                name="agreement_names_one_partner",
                condition=Q(partner__isnull=False, partner_name="")
                | (Q(partner__isnull=True) & ~Q(partner_name="")),
            ),
            models.CheckConstraint(
                name="agreement_partner_is_another_line",
                condition=Q(partner__isnull=True) | ~Q(partner=F("line")),
            ),
            models.CheckConstraint(
                name="agreement_has_partners_dates_or_days",
                condition=Q(
                    partner_starts_on__isnull=False,
                    partner_ends_on__isnull=False,
                    partner_ends_on__gte=F("partner_starts_on"),
                    days__isnull=True,
                )
                | Q(
                    partner_starts_on__isnull=True,
                    partner_ends_on__isnull=True,
                    days__isnull=False,
                    days__gt=0,
                ),
            ),
            models.UniqueConstraint(
                name="agreement_once_from_a_day",
                fields=["line", "starts_on"],
                condition=Q(ended_on__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        partner = self.partner or self.partner_name
        return f"{self.line} / {partner} · {self.starts_on}–{self.ends_on}"

    @property
    def days_of_both(self) -> tuple[date, date]:
        """The first and the last day on which either line does what is agreed."""
        return (
            min(self.starts_on, self.partner_starts_on or self.starts_on),
            max(self.ends_on, self.partner_ends_on or self.ends_on),
        )

    @property
    def partner_said(self) -> str:
        """The partner as a page names it: with its plant, where it is one of ours."""
        if self.partner is None:
            return self.partner_name
        return f"{self.partner.plant.name} {self.partner.name}"
