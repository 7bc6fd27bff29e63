"""What was measured by hand at a round's outlets, with which technology, and how many are asked."""

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from plants.models import Outlet, OutletSource, Person
from plants.text import Text
from plants.verification import Verification
from tracker.regulations.models import Document
from tracker.rounds.models.rounds import Round


class Pollutant(models.TextChoices):
    """The values are those of ``Limit.pollutant``; condensable PM has no limit of its own."""

    PM = "PM", _("particulate matter")
    SO2 = "SO2", "SO₂"
    NOX = "NOx", "NOₓ"
    NH3 = "NH3", "NH₃"
    FLUORIDE = "fluoride", _("fluoride")
    MERCURY = "Hg", _("mercury")
    CPM = "CPM", _("condensable particulate matter")


class Origin(models.TextChoices):
    HAND = "hand", _("by hand")
    PASTED = "pasted", _("pasted table")
    FILE = "file", _("Excel file")


class OutletTechnologyQuerySet(models.QuerySet["OutletTechnology"]):
    def visible_to(self, person: Person) -> Self:
        return self.filter(round__in=Round.objects.visible_to(person).values("pk"))


class OutletTechnology(models.Model):
    """How an outlet's gas is cleaned, as the round found it: route and main parameters."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="technologies")
    outlet = models.ForeignKey(Outlet, on_delete=models.PROTECT, related_name="technologies")
    technology = models.TextField(verbose_name=_("technology"))
    parameters = models.TextField(verbose_name=_("main parameters"), blank=True, default="")
    entered_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()

    objects = OutletTechnologyQuerySet.as_manager()

    class Meta:
        verbose_name = _("technology of an outlet")
        verbose_name_plural = _("technologies of outlets")
        constraints = [
            models.UniqueConstraint(
                name="technology_once_for_an_outlet", fields=["round", "outlet"]
            ),
            models.CheckConstraint(name="technology_says_something", condition=~Q(technology="")),
        ]

    def __str__(self) -> str:
        return f"{self.outlet} · {self.technology[:60]}"


class SampleQuerySet(models.QuerySet["Sample"]):
    def visible_to(self, person: Person) -> Self:
        return self.filter(round__in=Round.objects.visible_to(person).values("pk"))

    def standing(self) -> Self:
        """Not replaced by a later row."""
        return self.filter(replaced_at__isnull=True)


class Sample(models.Model):
    """One manual sample (手工监测样品) of one pollutant; concentrations in mg/m3, dry, as measured.

    A wrong one is never edited: a new row ``replaces`` it with a ``reason``, and the old one says
    when (``replaced_at``). ``place`` is the cell that it was read from, such as 样品!A7.
    """

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="samples")
    outlet = models.ForeignKey(Outlet, on_delete=models.PROTECT, related_name="samples")
    pollutant = models.CharField(
        verbose_name=_("pollutant"), max_length=10, choices=Pollutant.choices
    )
    taken_from_at = models.DateTimeField(verbose_name=_("sampled from"))
    taken_to_at = models.DateTimeField(verbose_name=_("sampled to"))
    load_percent = models.DecimalField(
        verbose_name=_("load (%)"), max_digits=6, decimal_places=3, null=True, blank=True
    )
    oxygen_percent = models.DecimalField(
        verbose_name=_("oxygen (%)"), max_digits=6, decimal_places=3, null=True, blank=True
    )
    measured = models.DecimalField(
        verbose_name=_("measured (mg/m³)"), max_digits=10, decimal_places=4
    )
    laboratory_number = models.CharField(
        verbose_name=_("laboratory's number"), max_length=60, blank=True, default=""
    )
    cems_measured = models.DecimalField(
        verbose_name=_("CEMS at the same time (mg/m³)"),
        max_digits=10,
        decimal_places=4,
        null=True,
        blank=True,
    )
    origin = models.CharField(verbose_name=_("entered"), max_length=6, choices=Origin.choices)
    file_name = models.CharField(max_length=255, blank=True, default="")
    place = models.CharField(max_length=60, blank=True, default="")
    replaces = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaced_by"
    )
    reason = models.TextField(verbose_name=_("reason"), blank=True, default="")
    replaced_at = models.DateTimeField(null=True, blank=True)
    entered_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()

    objects = SampleQuerySet.as_manager()

    class Meta:
        verbose_name = _("sample")
        verbose_name_plural = _("samples")
        constraints = [
            models.UniqueConstraint(
                name="sample_once_at_its_start",
                fields=["round", "outlet", "pollutant", "taken_from_at"],
                condition=Q(replaced_at__isnull=True),
            ),
            models.CheckConstraint(
                name="sample_ends_after_it_starts", condition=Q(taken_to_at__gt=F("taken_from_at"))
            ),
            models.CheckConstraint(
                name="sample_concentrations_are_not_negative",
                condition=Q(measured__gte=0) & (Q(cems_measured=None) | Q(cems_measured__gte=0)),
            ),
            models.CheckConstraint(
                name="sample_oxygen_is_a_percentage",
                condition=Q(oxygen_percent=None)
                | Q(oxygen_percent__gte=0, oxygen_percent__lte=100),
            ),
            models.CheckConstraint(
                name="sample_load_is_positive",
                condition=Q(load_percent=None) | Q(load_percent__gt=0),
            ),
            models.CheckConstraint(
                name="sample_replaces_with_a_reason",
                condition=Q(replaces=None, reason="") | (Q(replaces__isnull=False) & ~Q(reason="")),
            ),
        ]

    def __str__(self) -> str:
        taken_at = timezone.localtime(self.taken_from_at)
        return f"{self.outlet.code} · {self.get_pollutant_display()} · {taken_at:%Y-%m-%d %H:%M}"


class SamplesAsked(models.Model):
    """How many samples of a pollutant are asked at outlets of a source, and by which clause.

    An empty source or pollutant stands for all, and none asked means that the pollutant is not
    needed. The Guide's counts are not known (domain 11, no. 7), so that no row is shipped: without
    one, one sample is asked and shown as not known.
    """

    source = models.CharField(
        verbose_name=_("source"),
        max_length=12,
        choices=OutletSource.choices,
        blank=True,
        default="",
    )
    pollutant = models.CharField(
        verbose_name=_("pollutant"),
        max_length=10,
        choices=Pollutant.choices,
        blank=True,
        default="",
    )
    fewest = models.PositiveSmallIntegerField(verbose_name=_("at least"))
    document = models.ForeignKey(
        Document, verbose_name=_("document"), on_delete=models.PROTECT, null=True, blank=True
    )
    clause = models.CharField(verbose_name=_("clause"), max_length=200, blank=True, default="")
    verification = models.CharField(
        verbose_name=_("verification"),
        max_length=12,
        choices=Verification.choices,
        default=Verification.TO_VERIFY,
    )
    note_zh = models.TextField(verbose_name=_("Chinese note"), blank=True, default="")
    note_en = models.TextField(verbose_name=_("English note"), blank=True, default="")

    class Meta:
        verbose_name = _("number of samples asked")
        verbose_name_plural = _("numbers of samples asked")
        constraints = [
            models.UniqueConstraint(
                name="samples_asked_once_for_a_source", fields=["source", "pollutant"]
            )
        ]

    def __str__(self) -> str:
        return f"{self.source or '*'} · {self.pollutant or '*'} ≥ {self.fewest}"

    @property
    def note(self) -> Text:
        return Text(self.note_zh, self.note_en)
