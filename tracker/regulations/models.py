"""Documents, requirements, limits and targets as rows, each with its verification."""

from datetime import date
from functools import reduce
from operator import or_
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from plants.models import Part, Person, Plant, StopWindow, Tree, Zone
from plants.models.people import plants_of
from plants.text import Text
from plants.verification import Verification


class DocumentKind(models.TextChoices):
    OPINION = "opinion", _("opinion")
    NOTICE = "notice", _("notice")
    GUIDE = "guide", _("guide")
    PLAN = "plan", _("plan")
    STANDARD = "standard", _("standard")
    RULE = "rule", _("rule")


class Document(models.Model):
    """An opinion, notice, plan or standard (文件)."""

    code = models.SlugField(max_length=60, unique=True)
    number = models.CharField(max_length=100, blank=True, default="")
    kind = models.CharField(max_length=10, choices=DocumentKind.choices)
    title_zh = models.CharField(max_length=300)
    title_en = models.CharField(max_length=300)
    title_is_name = models.BooleanField(
        default=True, help_text=_("No: the title only describes what it is about.")
    )
    issuers = models.JSONField(default=list)
    issued_on = models.DateField(null=True, blank=True)
    effective_on = models.DateField(null=True, blank=True)
    tree = models.CharField(
        max_length=8,
        choices=Tree.choices,
        blank=True,
        default="",
        help_text=_("Whose document it is; empty for a national one."),
    )
    verification = models.CharField(max_length=12, choices=Verification.choices)
    note_zh = models.TextField(blank=True, default="")
    note_en = models.TextField(blank=True, default="")
    implements = models.ManyToManyField(
        "self", symmetrical=False, blank=True, related_name="implemented_by"
    )
    supersedes = models.ManyToManyField(
        "self", symmetrical=False, blank=True, related_name="superseded_by"
    )

    def __str__(self) -> str:
        return self.number or str(self.title)

    @property
    def title(self) -> Text:
        return Text(self.title_zh, self.title_en)

    @property
    def note(self) -> Text:
        return Text(self.note_zh, self.note_en)

    @property
    def issuer_names(self) -> list[Text]:
        return [Text(issuer["zh"], issuer["en"]) for issuer in self.issuers]


class DocumentVersion(models.Model):
    """A document's file as it was loaded, whole; a version is never changed."""

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    digest = models.CharField(max_length=64)
    content = models.JSONField()
    loaded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="document_version_number_in_its_document", fields=["document", "number"]
            )
        ]

    def __str__(self) -> str:
        return f"{self.document} #{self.number}"


class SubjectKind(models.TextChoices):
    PLANT = "plant", _("plant")
    LINE = "line", _("line")
    OUTLET = "outlet", _("outlet")


class RequirementQuerySet(models.QuerySet["Requirement"]):
    def in_force(self) -> Self:
        """Everything that was not withdrawn."""
        return self.filter(withdrawn_on__isnull=True)

    def in_reading_order(self) -> Self:
        return self.select_related("document").order_by("document__code", "position", "code")


class Requirement(models.Model):
    """One checkable demand (要求) of a document. ``applies`` and ``due`` hold rules as data.

    See docs/regulation-format.md for the shapes; tracker/regulations/rules.py reads them.
    """

    code = models.SlugField(max_length=80, unique=True)
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="requirements")
    position = models.PositiveSmallIntegerField(default=0)
    clause = models.CharField(max_length=200, blank=True, default="")
    part = models.CharField(max_length=16, choices=Part.choices)
    subject_kind = models.CharField(max_length=8, choices=SubjectKind.choices)
    title_zh = models.CharField(max_length=100)
    title_en = models.CharField(max_length=200)
    text_zh = models.TextField()
    text_en = models.TextField()
    applies = models.JSONField()
    due = models.JSONField()
    evidence_asked = models.JSONField(default=list, blank=True)
    completes = models.CharField(max_length=16, blank=True, default="")
    answered_by_listing = models.BooleanField(
        default=False,
        help_text=_("Answered once all three parts of the plant are on the public list."),
    )
    review_levels = models.PositiveSmallIntegerField(
        default=1,
        help_text=_("Two: an officer proposes to accept, the authority above confirms."),
    )
    effective_from = models.DateField()
    effective_to = models.DateField(null=True, blank=True)
    verification = models.CharField(max_length=12, choices=Verification.choices)
    note_zh = models.TextField(blank=True, default="")
    note_en = models.TextField(blank=True, default="")
    withdrawn_on = models.DateField(null=True, blank=True)
    text_changed_at = models.DateTimeField(
        null=True,
        blank=True,
        help_text=_("When its wording, its limits or the evidence that it asks for last changed."),
    )

    objects = RequirementQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="requirement_ends_after_it_starts",
                condition=Q(effective_to__isnull=True) | Q(effective_to__gte=F("effective_from")),
            ),
            models.CheckConstraint(
                name="requirement_has_one_or_two_review_levels",
                condition=Q(review_levels__in=[1, 2]),
            ),
            models.CheckConstraint(
                name="requirement_completes_a_ring_part",
                condition=Q(
                    completes__in=["", Part.ORGANISED, Part.FUGITIVE, Part.CLEAN_TRANSPORT]
                ),
            ),
        ]

    def __str__(self) -> str:
        return str(self.title)

    @property
    def title(self) -> Text:
        return Text(self.title_zh, self.title_en)

    @property
    def text(self) -> Text:
        return Text(self.text_zh, self.text_en)

    @property
    def note(self) -> Text:
        return Text(self.note_zh, self.note_en)

    @property
    def evidence_wanted(self) -> list[Text]:
        return [Text(asked["zh"], asked["en"]) for asked in self.evidence_asked]


class Comparison(models.TextChoices):
    AT_MOST = "at_most", "≤"
    AT_LEAST = "at_least", "≥"


class LimitQuerySet(models.QuerySet["Limit"]):
    def in_force_on(self, day: date) -> Self:
        return self.filter(
            Q(effective_to__isnull=True) | Q(effective_to__gte=day), effective_from__lte=day
        )


class Limit(models.Model):
    """A number that a requirement sets; equality is within (不高于, 不低于)."""

    requirement = models.ForeignKey(Requirement, on_delete=models.CASCADE, related_name="limits")
    position = models.PositiveSmallIntegerField(default=0)
    pollutant = models.CharField(max_length=60)
    comparison = models.CharField(
        max_length=8, choices=Comparison.choices, default=Comparison.AT_MOST
    )
    value = models.DecimalField(max_digits=12, decimal_places=4)
    unit = models.CharField(max_length=20)
    reference_oxygen_percent = models.DecimalField(
        max_digits=4, decimal_places=1, null=True, blank=True
    )
    averaging = models.CharField(max_length=20, blank=True, default="")
    effective_from = models.DateField()
    effective_to = models.DateField(null=True, blank=True)
    verification = models.CharField(max_length=12, choices=Verification.choices)
    note_zh = models.TextField(blank=True, default="")
    note_en = models.TextField(blank=True, default="")

    objects = LimitQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="limit_once_from_a_day",
                fields=["requirement", "pollutant", "averaging", "comparison", "effective_from"],
            )
        ]

    def __str__(self) -> str:
        bound = f"{self.get_comparison_display()} {self.value.normalize():f} {self.unit}"
        return f"{self.pollutant} {bound}"

    @property
    def note(self) -> Text:
        return Text(self.note_zh, self.note_en)


class AreaKind(models.TextChoices):
    NATION = "nation", _("nation")
    REGION = "region", _("autonomous region")
    CORPS = "corps", _("Corps")
    ZONE = "zone", _("zone")


class Target(models.Model):
    """A share of clinker capacity to be complete in an area by a day."""

    code = models.SlugField(max_length=80, unique=True)
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="targets")
    clause = models.CharField(max_length=200, blank=True, default="")
    area_kind = models.CharField(max_length=8, choices=AreaKind.choices)
    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, null=True, blank=True)
    share_percent = models.DecimalField(max_digits=5, decimal_places=2)
    by_on = models.DateField()
    verification = models.CharField(max_length=12, choices=Verification.choices)
    note_zh = models.TextField(blank=True, default="")
    note_en = models.TextField(blank=True, default="")
    withdrawn_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="target_zone_only_for_a_zone",
                condition=Q(area_kind="zone", zone__isnull=False)
                | (~Q(area_kind="zone") & Q(zone__isnull=True)),
            ),
            models.CheckConstraint(
                name="target_share_is_a_percentage",
                condition=Q(share_percent__gt=0, share_percent__lte=100),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.share_percent.normalize():f} % · {self.by_on}"

    @property
    def note(self) -> Text:
        return Text(self.note_zh, self.note_en)


class AnnexPart(models.TextChoices):
    """What a date of a plan's annex is for: one part of the ring, or the whole plant."""

    ORGANISED = "organised", _("organised emissions")
    FUGITIVE = "fugitive", _("fugitive emissions")
    CLEAN_TRANSPORT = "clean_transport", _("clean transport")
    WHOLE = "whole", _("whole plant")


class AnnexDateQuerySet(models.QuerySet["AnnexDate"]):
    def visible_to(self, person: Person) -> Self:
        return self.filter(plants_of(person, "plant__"))


class AnnexDate(models.Model):
    """By when a plant completes a part, as the annex of its plan lists it (附表).

    A plant stands in one plan, so a part has one date; ``source`` says where it was read: file,
    sheet and cell.
    """

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="annex_dates")
    plant = models.ForeignKey(Plant, on_delete=models.PROTECT, related_name="annex_dates")
    part = models.CharField(max_length=16, choices=AnnexPart.choices)
    completion_on = models.DateField()
    verification = models.CharField(max_length=12, choices=Verification.choices)
    source = models.CharField(max_length=400, blank=True, default="")

    objects = AnnexDateQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="annex_date_once_for_a_part", fields=["plant", "part"])
        ]

    def __str__(self) -> str:
        return f"{self.plant}: {self.get_part_display()} {self.completion_on}"


class CorrectionQuerySet(models.QuerySet["Correction"]):
    def standing(self) -> Self:
        """What still counts: neither undone nor itself the undoing of another."""
        return self.filter(undoes__isnull=True, undone_by__isnull=True)


def exactly_one(*names: str) -> Q:
    """For a constraint: of these columns one is set, and the others are null."""
    each = [Q(**{f"{other}__isnull": other != name for other in names}) for name in names]
    return reduce(or_, each)


class Correction(models.Model):
    """A rule confirmed or put right in the app, by whom and after which source.

    It is about one thing: a requirement with its limits, a target, a document's head or a stop
    window. ``before`` and ``after`` hold what differs, by column of the thing (``clause``, ``due``)
    or of one of its limits (``limit:12.value``), as plain JSON. Taking one back is a correction,
    too, that ``undoes`` it.

    ``filed`` is what a file that was loaded since says instead, by the same paths: taking the
    correction back brings that, not what an older file said. It alone is written later.
    """

    requirement = models.ForeignKey(
        Requirement, on_delete=models.PROTECT, null=True, blank=True, related_name="corrections"
    )
    target = models.ForeignKey(
        Target, on_delete=models.PROTECT, null=True, blank=True, related_name="corrections"
    )
    document = models.ForeignKey(
        Document, on_delete=models.PROTECT, null=True, blank=True, related_name="corrections"
    )
    # A window that leaves its file is removed once no correction stands on it; what was taken back
    # stays in the history.
    stop_window = models.ForeignKey(
        StopWindow,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        null=True,
        blank=True,
        related_name="+",
    )
    before = models.JSONField()
    after = models.JSONField()
    filed = models.JSONField(default=dict, blank=True)
    source_note = models.TextField()
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    undoes = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="undone_by"
    )

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="correction_has_a_source", condition=~Q(source_note="")),
            models.CheckConstraint(
                name="correction_is_about_one_thing",
                condition=exactly_one("requirement", "target", "document", "stop_window"),
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}: {', '.join(self.after)}"
