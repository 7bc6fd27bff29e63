"""A plant's discharge permits, and the dates that they set for its execution reports."""

from calendar import monthrange
from datetime import date, timedelta
from typing import Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from plants.models.people import Person, plants_of
from plants.models.site import Plant

# No rule's limits: a permit lasts five years and a report is due within weeks, so that what lies
# beyond these was typed wrong.
VALID_AT_MOST = timedelta(days=20 * 366)
DAYS_AFTER_AT_MOST = 366


class PermitQuerySet(models.QuerySet["Permit"]):
    def visible_to(self, person: Person) -> Self:
        return self.filter(plants_of(person, "plant__"))


class Permit(models.Model):
    """A discharge permit (排污许可证) of a plant; the newest by ``valid_until_on`` counts."""

    plant = models.ForeignKey(
        Plant, verbose_name=_("plant"), on_delete=models.PROTECT, related_name="permits"
    )
    number = models.CharField(verbose_name=_("number"), max_length=40, unique=True)
    valid_from_on = models.DateField(
        verbose_name=_("valid from"),
    )
    valid_until_on = models.DateField(
        verbose_name=_("valid until"),
    )

    objects = PermitQuerySet.as_manager()

    class Meta:
        verbose_name = _("permit")
        verbose_name_plural = _("permits")
        constraints = [
            models.CheckConstraint(
                name="permit_ends_after_it_starts",
                condition=Q(valid_until_on__gt=F("valid_from_on")),
            )
        ]

    def __str__(self) -> str:
        return self.number

    def clean(self) -> None:
        """Refuse dates that contradict each other."""
        super().clean()
        # The back office asks this of a half-filled form, too.
        if not (self.valid_from_on and self.valid_until_on):
            return
        if self.valid_until_on <= self.valid_from_on:
            raise ValidationError({"valid_until_on": _("The permit ends before it begins.")})
        if self.valid_until_on - self.valid_from_on > VALID_AT_MOST:
            too_long = _("No permit is valid for more than 20 years: look at both days again.")
            raise ValidationError({"valid_until_on": too_long})

    def is_expired(self, *, today: date) -> bool:
        """It was valid up to and with its last day."""
        return self.valid_until_on < today


class ReportEvery(models.TextChoices):
    MONTH = "month", _("month")
    QUARTER = "quarter", _("quarter")
    HALF_YEAR = "half_year", _("half-year")
    YEAR = "year", _("year")


class PermitReportQuerySet(models.QuerySet["PermitReport"]):
    def visible_to(self, person: Person) -> Self:
        return self.filter(plants_of(person, "permit__plant__"))


class PermitReport(models.Model):
    """By when a permit asks for one kind of execution report: the plant's own dates.

    ``days_after`` the period's last day, or ``month`` and ``day`` of the same or (``next_year``)
    the next year. Where a permit says nothing, the rule's own date stands.
    """

    permit = models.ForeignKey(
        Permit, verbose_name=_("permit"), on_delete=models.PROTECT, related_name="reports"
    )
    every = models.CharField(verbose_name=_("every"), max_length=9, choices=ReportEvery.choices)
    days_after = models.PositiveSmallIntegerField(
        verbose_name=_("days after the period"), null=True, blank=True
    )
    month = models.PositiveSmallIntegerField(verbose_name=_("month"), null=True, blank=True)
    day = models.PositiveSmallIntegerField(verbose_name=_("day"), null=True, blank=True)
    next_year = models.BooleanField(verbose_name=_("of the next year"), default=False)

    objects = PermitReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("report date of a permit")
        verbose_name_plural = _("report dates of permits")
        constraints = [
            models.UniqueConstraint(name="permit_report_once", fields=["permit", "every"]),
            models.CheckConstraint(
                name="permit_report_has_one_kind_of_date",
                condition=Q(days_after__isnull=False, month__isnull=True, day__isnull=True)
                | Q(
                    days_after__isnull=True,
                    month__gte=1,
                    month__lte=12,
                    day__gte=1,
                    day__lte=31,
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.permit}: {self.get_every_display()}"

    def clean(self) -> None:
        """Refuse anything but one kind of date, and a day that is not after its period."""
        super().clean()
        by_days, by_day = self.days_after is not None, (self.month, self.day) != (None, None)
        if by_days == by_day:
            raise ValidationError(
                _("Enter either the days after the period, or a month and a day.")
            )
        if by_day and (self.month is None or self.day is None):
            raise ValidationError(_("A date needs both, month and day."))
        # 2028 has a 29 February; in other years the rule takes the 28th.
        if self.month and self.day and self.day > monthrange(2028, self.month)[1]:
            raise ValidationError({"day": _("This month has no such day.")})
        if self.days_after is not None and self.days_after > DAYS_AFTER_AT_MOST:
            too_many = _("At most %(most)d days after the period.") % {"most": DAYS_AFTER_AT_MOST}
            raise ValidationError({"days_after": too_many})
        if by_day:
            self._refuse_day_of_no_period()

    def _refuse_day_of_no_period(self) -> None:
        """One day in a year answers one period, and comes after it."""
        if self.every != ReportEvery.YEAR:
            several = _(
                "There are several such periods in a year: enter the days after the period, not a "
                "month and a day."
            )
            raise ValidationError({"month": several})
        if not self.next_year:
            too_early = _("The year is not over on this day: tick “of the next year”.")
            raise ValidationError({"next_year": too_early})
