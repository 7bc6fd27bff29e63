"""A cement plant: its lines, outlets and retrofit projects."""

from datetime import date
from typing import Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from plants.models.named import Named
from plants.models.people import Authority, Company, Person, plants_of
from plants.models.places import Place
from plants.text import Text


class Part(models.TextChoices):
    """What a requirement or a project is about; the first three make a plant ULE."""

    ORGANISED = "organised", _("organised emissions")
    FUGITIVE = "fugitive", _("fugitive emissions")
    CLEAN_TRANSPORT = "clean_transport", _("clean transport")
    MONITORING = "monitoring", _("monitoring")
    ASSESSMENT = "assessment", _("assessment")
    REPORTING = "reporting", _("reporting")


class PlantKind(models.TextChoices):
    CLINKER = "clinker", _("clinker plant")
    GRINDING = "grinding", _("grinding station")


class RunStatus(models.TextChoices):
    RUNNING = "running", _("running")
    LONG_STOPPED = "long_stopped", _("long stopped")
    CLOSED = "closed", _("closed")


class Denitration(models.TextChoices):
    NONE = "none", _("none")
    SNCR = "sncr", _("SNCR")
    SCR = "scr", _("SCR")
    SNCR_SCR = "sncr_scr", _("SNCR and SCR")
    OXIDATION = "oxidation", _("oxidation type")


class OutletSource(models.TextChoices):
    KILN_TAIL = "kiln_tail", _("kiln tail")
    KILN_HEAD = "kiln_head", _("kiln head")
    COAL_MILL = "coal_mill", _("coal mill")
    RAW_MILL = "raw_mill", _("raw mill")
    CEMENT_MILL = "cement_mill", _("cement mill")
    CRUSHER = "crusher", _("crusher")
    PACKER = "packer", _("packer")
    SILO = "silo", _("silo")
    CONVEYOR = "conveyor", _("conveyor")
    DRYER = "dryer", _("dryer with its own heat source")
    OTHER = "other", _("other vented equipment")


class PlantQuerySet(models.QuerySet["Plant"]):
    def visible_to(self, person: Person) -> Self:
        return self.filter(plants_of(person))

    def with_surroundings(self) -> Self:
        """With what every page names beside the plant."""
        return self.select_related("authority", "place__parent", "place__zone", "company")


class Plant(Named):
    """A clinker plant or a grinding station, under one authority, standing in one place."""

    code = models.SlugField(verbose_name=_("code"), max_length=40, unique=True)
    kind = models.CharField(verbose_name=_("kind"), max_length=8, choices=PlantKind.choices)
    company = models.ForeignKey(
        Company,
        verbose_name=_("group"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="plants",
    )
    authority = models.ForeignKey(
        Authority, verbose_name=_("authority"), on_delete=models.PROTECT, related_name="plants"
    )
    place = models.ForeignKey(
        Place, verbose_name=_("place"), on_delete=models.PROTECT, related_name="plants"
    )
    credit_code = models.CharField(verbose_name=_("credit code"), max_length=18, unique=True)
    status = models.CharField(
        verbose_name=_("status"),
        max_length=12,
        choices=RunStatus.choices,
        default=RunStatus.RUNNING,
    )
    co_processing = models.BooleanField(verbose_name=_("co-processes waste"), default=False)
    co_processing_from_on = models.DateField(
        verbose_name=_("co-processes since"),
        null=True,
        blank=True,
        help_text=_(
            "What is owed because of the co-processing is owed from this day on; empty: since the "
            "plant has been followed."
        ),
    )
    restarted_on = models.DateField(verbose_name=_("restarted on"), null=True, blank=True)
    tracked_from_on = models.DateField(
        verbose_name=_("followed from"),
        help_text=_("Recurring duties are followed from this day on."),
    )

    objects = PlantQuerySet.as_manager()

    class Meta:
        verbose_name = _("plant")
        verbose_name_plural = _("plants")


class LineQuerySet(models.QuerySet["Line"]):
    def visible_to(self, person: Person) -> Self:
        return self.filter(plants_of(person, "plant__"))


class Line(Named):
    """A clinker line of a plant; ``capacity_tpd`` is the design capacity in tonnes a day."""

    plant = models.ForeignKey(
        Plant, verbose_name=_("plant"), on_delete=models.PROTECT, related_name="lines"
    )
    number = models.PositiveSmallIntegerField(
        verbose_name=_("number"),
    )
    capacity_tpd = models.PositiveIntegerField(
        verbose_name=_("capacity (t/d)"),
    )
    carbide_slag = models.BooleanField(verbose_name=_("uses carbide slag"), default=False)
    denitration = models.CharField(
        verbose_name=_("denitration"),
        max_length=12,
        choices=Denitration.choices,
        default=Denitration.SNCR,
    )
    commissioned_on = models.DateField(verbose_name=_("commissioned on"), null=True, blank=True)
    status = models.CharField(
        verbose_name=_("status"),
        max_length=12,
        choices=RunStatus.choices,
        default=RunStatus.RUNNING,
    )

    objects = LineQuerySet.as_manager()

    class Meta:
        verbose_name = _("line")
        verbose_name_plural = _("lines")
        constraints = [
            models.UniqueConstraint(name="line_number_in_its_plant", fields=["plant", "number"]),
            models.CheckConstraint(
                name="line_capacity_is_positive", condition=Q(capacity_tpd__gt=0)
            ),
        ]


class OutletQuerySet(models.QuerySet["Outlet"]):
    def visible_to(self, person: Person) -> Self:
        return self.filter(plants_of(person, "plant__"))


class Outlet(models.Model):
    """An organised outlet (排放口), matched on its MN code, never on its free-text name."""

    plant = models.ForeignKey(
        Plant, verbose_name=_("plant"), on_delete=models.PROTECT, related_name="outlets"
    )
    line = models.ForeignKey(
        Line,
        verbose_name=_("line"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="outlets",
    )
    code = models.CharField(
        verbose_name=_("code"), max_length=10, help_text=_("The permit's code, such as DA001.")
    )
    mn_code = models.CharField(
        verbose_name=_("MN code"), max_length=24, null=True, blank=True, unique=True
    )
    name = models.CharField(verbose_name=_("name"), max_length=200)
    source = models.CharField(verbose_name=_("source"), max_length=12, choices=OutletSource.choices)
    is_main = models.BooleanField(verbose_name=_("main outlet"), default=False)
    has_cems = models.BooleanField(verbose_name=_("has CEMS"), default=False)
    cems_from_on = models.DateField(
        verbose_name=_("CEMS since"),
        null=True,
        blank=True,
        help_text=_(
            "What is owed because of the CEMS is owed from this day on; empty: since the plant has "
            "been followed."
        ),
    )

    objects = OutletQuerySet.as_manager()

    class Meta:
        verbose_name = _("outlet")
        verbose_name_plural = _("outlets")
        constraints = [
            models.UniqueConstraint(name="outlet_code_in_its_plant", fields=["plant", "code"]),
            models.CheckConstraint(
                name="outlet_with_cems_has_mn_code",
                condition=Q(has_cems=False) | Q(mn_code__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class ProjectQuerySet(models.QuerySet["Project"]):
    def visible_to(self, person: Person) -> Self:
        return self.filter(plants_of(person, "plant__"))


class Project(models.Model):
    """A retrofit works item (改造项目) inside a plant; money in yuan."""

    plant = models.ForeignKey(
        Plant, verbose_name=_("plant"), on_delete=models.PROTECT, related_name="projects"
    )
    part = models.CharField(verbose_name=_("part"), max_length=16, choices=Part.choices)
    title_zh = models.CharField(verbose_name=_("Chinese title"), max_length=200)
    title_en = models.CharField(
        verbose_name=_("English title"), max_length=200, blank=True, default=""
    )
    planned_start_on = models.DateField(
        verbose_name=_("planned start"),
    )
    planned_finish_on = models.DateField(
        verbose_name=_("planned finish"),
    )
    started_on = models.DateField(verbose_name=_("started on"), null=True, blank=True)
    finished_on = models.DateField(verbose_name=_("finished on"), null=True, blank=True)
    investment_planned_yuan = models.DecimalField(
        verbose_name=_("planned investment (yuan)"), max_digits=14, decimal_places=2, default=0
    )
    investment_paid_yuan = models.DecimalField(
        verbose_name=_("paid investment (yuan)"), max_digits=14, decimal_places=2, default=0
    )
    progress_percent = models.PositiveSmallIntegerField(verbose_name=_("progress (%)"), default=0)

    objects = ProjectQuerySet.as_manager()

    class Meta:
        verbose_name = _("retrofit project")
        verbose_name_plural = _("retrofit projects")
        constraints = [
            models.CheckConstraint(
                name="project_progress_is_a_percentage", condition=Q(progress_percent__lte=100)
            ),
            models.CheckConstraint(
                name="project_is_planned_forwards",
                condition=Q(planned_finish_on__gte=F("planned_start_on")),
            ),
        ]

    def __str__(self) -> str:
        return str(self.title)

    @property
    def title(self) -> Text:
        return Text(self.title_zh, self.title_en)

    def clean(self) -> None:
        """Refuse dates and progress that contradict each other."""
        super().clean()
        started, finished = self.started_on, self.finished_on
        # The back office asks this of a half-filled form, too.
        start, finish = self.planned_start_on, self.planned_finish_on
        if start and finish and finish < start:
            raise ValidationError(
                {"planned_finish_on": _("The planned finish lies before the planned start.")}
            )
        if finished and not started:
            raise ValidationError(
                {"started_on": _("Finished, but not started: enter when the works began.")}
            )
        if started and finished and finished < started:
            raise ValidationError({"finished_on": _("The works end before they begin.")})
        if finished and self.progress_percent != 100:
            raise ValidationError({"progress_percent": _("What is finished stands at 100 %.")})
        if self.progress_percent and not started:
            raise ValidationError(
                {"started_on": _("There is progress: enter when the works began.")}
            )

    def is_overdue(self, *, today: date) -> bool:
        """The planned finish has passed, and it is not finished."""
        return self.finished_on is None and self.planned_finish_on < today
