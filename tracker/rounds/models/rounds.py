"""One run of a plant's assessment, and the steps that it has walked."""

from datetime import datetime
from typing import Self

from django.apps import apps
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from plants.models import Line, Listing, Part, Person, Plant
from plants.models.listings import PARTS
from plants.models.people import ANY_ROLE, Role, plants_of

# Who was let in to a round only sees the round, and nothing else of the plant.
OF_THE_PLANT = ANY_ROLE - {Role.ASSESSOR}


class RoundKind(models.TextChoices):
    FIRST = "first", _("first assessment")
    YEARLY = "yearly", _("yearly re-check")
    AGAIN = "again", _("re-assessment")


class Stage(models.TextChoices):
    """Where a round stands; the Guide's chapter 1, and what the notice lets follow."""

    PLANNED = "planned", pgettext_lazy("stage of a round", "planned")
    STABLE_RUNNING = "stable_running", pgettext_lazy("stage of a round", "stable running")
    DOCUMENT_REVIEW = "document_review", pgettext_lazy("stage of a round", "document review")
    DOCUMENT_RECTIFICATION = (
        "document_rectification",
        pgettext_lazy("stage of a round", "rectification of the documents"),
    )
    SITE_SURVEY = "site_survey", pgettext_lazy("stage of a round", "site survey")
    SITE_RECTIFICATION = (
        "site_rectification",
        pgettext_lazy("stage of a round", "rectification on site"),
    )
    MONITORING = "monitoring", pgettext_lazy("stage of a round", "on-site monitoring")
    REPORT = "report", pgettext_lazy("stage of a round", "report")
    FILED = "filed", pgettext_lazy("stage of a round", "filed")
    REVIEW = "review", pgettext_lazy("stage of a round", "review")
    PUBLIC_NOTICE = "public_notice", pgettext_lazy("stage of a round", "public notice")
    LISTED = "listed", pgettext_lazy("stage of a round", "listed")
    SUSPENDED = "suspended", pgettext_lazy("stage of a round", "suspended")
    REMOVED = "removed", pgettext_lazy("stage of a round", "removed from the list")


class RoundQuerySet(models.QuerySet["Round"]):
    def visible_to(self, person: Person) -> Self:
        """Of the plants that are hers to see, and those that she has a seat in."""
        if not person.is_active:
            return self.none()
        of_plants = plants_of(person, "plant__", roles=OF_THE_PLANT)
        return self.filter(of_plants | Exists(_seats_of(person)))

    def going_on(self) -> Self:
        """Neither given up nor at an end."""
        return self.filter(given_up_at__isnull=True).exclude(stage=Stage.REMOVED)


def _seats_of(person: Person) -> models.QuerySet[models.Model]:
    seat = apps.get_model("tracker", "Seat")
    return seat._default_manager.filter(round=OuterRef("pk"), person=person, ended_at__isnull=True)


class Round(models.Model):
    """A plant's assessment of one or more parts; of chosen lines, or of all where none is chosen.

    ``after`` is the round that this one re-assesses. Samples are taken from ``monitoring_from_on``
    to ``monitoring_to_on``, both days included. ``listings`` are what it brought on the list, or
    renewed there. A round that leads nowhere is given up with a
    reason; rows are never deleted.
    """

    plant = models.ForeignKey(
        Plant, verbose_name=_("plant"), on_delete=models.PROTECT, related_name="rounds"
    )
    number = models.PositiveSmallIntegerField(verbose_name=_("number"))
    kind = models.CharField(
        verbose_name=_("kind"), max_length=6, choices=RoundKind.choices, default=RoundKind.FIRST
    )
    organised = models.BooleanField(verbose_name=_("organised emissions"), default=True)
    fugitive = models.BooleanField(verbose_name=_("fugitive emissions"), default=True)
    clean_transport = models.BooleanField(verbose_name=_("clean transport"), default=True)
    lines = models.ManyToManyField(Line, verbose_name=_("lines"), blank=True, related_name="rounds")
    after = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="followed_by"
    )
    stage = models.CharField(
        verbose_name=_("stage"), max_length=22, choices=Stage.choices, default=Stage.PLANNED
    )
    stage_since_at = models.DateTimeField()
    monitoring_from_on = models.DateField(verbose_name=_("monitoring from"), null=True, blank=True)
    monitoring_to_on = models.DateField(verbose_name=_("monitoring to"), null=True, blank=True)
    opened_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    listings = models.ManyToManyField(Listing, blank=True, related_name="rounds")
    given_up_at = models.DateTimeField(null=True, blank=True)
    given_up_reason = models.TextField(blank=True, default="")

    objects = RoundQuerySet.as_manager()

    class Meta:
        verbose_name = _("round")
        verbose_name_plural = _("rounds")
        constraints = [
            models.UniqueConstraint(name="round_number_in_its_plant", fields=["plant", "number"]),
            models.CheckConstraint(
                name="round_is_about_some_part",
                condition=Q(organised=True) | Q(fugitive=True) | Q(clean_transport=True),
            ),
            models.CheckConstraint(
                name="round_monitors_forwards",
                condition=Q(monitoring_from_on=None)
                | Q(monitoring_to_on=None)
                | Q(monitoring_to_on__gte=F("monitoring_from_on")),
            ),
            models.CheckConstraint(
                name="round_given_up_with_a_reason",
                condition=Q(given_up_at=None) | ~Q(given_up_reason=""),
            ),
        ]
        indexes = [
            models.Index(
                name="round_going_on",
                fields=["stage", "stage_since_at"],
                condition=Q(given_up_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return gettext("Round %(number)d") % {"number": self.number}

    @property
    def parts(self) -> list[Part]:
        """Those that it is about, in their order."""
        return [part for part in PARTS if getattr(self, part.value)]

    @property
    def ended_at(self) -> datetime | None:
        """When it was given up, or left the list; the Python twin of ``going_on`` has None."""
        if self.given_up_at is not None:
            return self.given_up_at
        return self.stage_since_at if self.stage == Stage.REMOVED else None


class RoundStepQuerySet(models.QuerySet["RoundStep"]):
    def visible_to(self, person: Person) -> Self:
        return self.filter(round__in=Round.objects.visible_to(person).values("pk"))


class RoundStep(models.Model):
    """A round's stay in a stage; a stage that is entered again has a step of its own.

    ``starts_on`` and ``ends_on`` are the days that people name for it, such as those of the stable
    month; ``note`` is what was said when it was left, and to whom it went back why.
    """

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="steps")
    number = models.PositiveSmallIntegerField()
    stage = models.CharField(max_length=22, choices=Stage.choices)
    entered_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True, blank=True)
    left_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    responsible = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    note = models.TextField(blank=True, default="")

    objects = RoundStepQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="round_step_number", fields=["round", "number"]),
            models.UniqueConstraint(
                name="round_has_one_open_step",
                fields=["round"],
                condition=Q(left_at__isnull=True),
            ),
            models.CheckConstraint(
                name="round_step_goes_forwards",
                condition=Q(starts_on=None) | Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round} · {self.get_stage_display()}"
