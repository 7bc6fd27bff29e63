"""What is asked before a stage is passed, what people answered, what officers overrode."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from plants.models import Part, Person
from plants.models.listings import PARTS
from plants.text import Text
from plants.verification import Verification
from tracker.regulations.models import Document
from tracker.rounds.models.rounds import Round, RoundStep, Stage


class Check(models.TextChoices):
    """What the app looks up by itself; tracker/rounds/checks.py has a function for each."""

    STABLE_MONTH = "stable_month", _("stable month outside of stop windows")
    PERMIT_VALID = "permit_valid", _("permit valid on the day")
    CEMS_ON_MAIN_OUTLETS = "cems_on_main_outlets", _("CEMS with MN code on main outlets")
    REAGENT_SAMPLE = "reagent_sample", _("reagent analysed, sample kept")
    OXIDATION_ABSORBER = "oxidation_absorber", _("absorber (oxidation)")
    OXIDATION_CPM = "oxidation_cpm", _("condensable PM (oxidation)")
    OXIDATION_NITROGEN = "oxidation_nitrogen", _("nitrogen balance (oxidation)")
    OXIDATION_NO2 = "oxidation_no2", _("NO2 by CEMS (oxidation)")
    MONTH_VERDICTS = "month_verdicts", _("share of hours within the limits")
    NOTICE_OVER = "notice_over", _("public notice over")
    SAMPLES_WITHIN = "samples_within", _("manual samples within the limits")
    FUGITIVE_IN_ORDER = "fugitive_in_order", _("fugitive sources in order")
    TRANSPORT_CLEAN = "transport_clean", _("transport clean by the rules")


class ConditionQuerySet(models.QuerySet["Condition"]):
    def in_force(self) -> Self:
        """Everything that was not withdrawn, stage by stage in the file's order."""
        return self.filter(withdrawn_on__isnull=True).order_by("position", "pk")


class Condition(models.Model):
    """One thing that is asked before a stage is passed (条件); without a part, of every round.

    Where ``check`` is empty, or does not know, people answer. ``document`` is one that the site
    has; what it has not is told in ``source``. Only what is told as a condition blocks.
    """

    code = models.SlugField(max_length=80, unique=True)
    position = models.PositiveSmallIntegerField(default=0)
    stage = models.CharField(max_length=22, choices=Stage.choices)
    part = models.CharField(
        max_length=16, choices=[(part.value, part.label) for part in PARTS], blank=True, default=""
    )
    title_zh = models.CharField(max_length=100)
    title_en = models.CharField(max_length=200)
    text_zh = models.TextField()
    text_en = models.TextField()
    is_blocking = models.BooleanField(default=False)
    check_name = models.CharField(max_length=24, choices=Check.choices, blank=True, default="")
    value = models.DecimalField(max_digits=12, decimal_places=4, null=True, blank=True)
    unit = models.CharField(max_length=20, blank=True, default="")
    document = models.ForeignKey(
        Document, on_delete=models.PROTECT, null=True, blank=True, related_name="conditions"
    )
    source_zh = models.CharField(max_length=200, blank=True, default="")
    source_en = models.CharField(max_length=200, blank=True, default="")
    clause = models.CharField(max_length=200, blank=True, default="")
    verification = models.CharField(max_length=12, choices=Verification.choices)
    note_zh = models.TextField(blank=True, default="")
    note_en = models.TextField(blank=True, default="")
    withdrawn_on = models.DateField(null=True, blank=True)

    objects = ConditionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="condition_says_where_it_is_from",
                condition=Q(document__isnull=False) | ~Q(source_zh=""),
            ),
            models.CheckConstraint(
                name="condition_with_a_number_has_its_unit",
                condition=Q(value__isnull=True) | ~Q(unit=""),
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
    def source(self) -> Text:
        """Where it stands: the document's title, or what is told instead."""
        return self.document.title if self.document else Text(self.source_zh, self.source_en)

    def is_about(self, round_: Round) -> bool:
        """Whether the round assesses the part that it is about."""
        return not self.part or Part(self.part) in round_.parts


class Answer(models.TextChoices):
    MET = "met", _("met")
    NOT_MET = "not_met", _("not met")
    NOT_APPLICABLE = "not_applicable", _("not applicable")


class ConditionAnswerQuerySet(models.QuerySet["ConditionAnswer"]):
    def visible_to(self, person: Person) -> Self:
        return self.filter(round__in=Round.objects.visible_to(person).values("pk"))


class ConditionAnswer(models.Model):
    """What somebody said of a condition in a round. Never changed: the newest one counts.

    ``step`` is where the round stood; once the condition's stage is entered again, what was said
    before is history.
    """

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="answers")
    step = models.ForeignKey(RoundStep, on_delete=models.PROTECT, related_name="answers")
    condition = models.ForeignKey(Condition, on_delete=models.PROTECT, related_name="answers")
    answer = models.CharField(max_length=14, choices=Answer.choices)
    note = models.TextField(blank=True, default="")
    answered_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField()

    objects = ConditionAnswerQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="answer_of_no_concern_says_why",
                condition=~Q(answer="not_applicable") | ~Q(note=""),
            )
        ]
        indexes = [models.Index(name="answer_newest", fields=["round", "condition", "-id"])]

    def __str__(self) -> str:
        return f"{self.condition}: {self.get_answer_display()}"


class OverrideQuerySet(models.QuerySet["Override"]):
    def visible_to(self, person: Person) -> Self:
        return self.filter(round__in=Round.objects.visible_to(person).values("pk"))


class Override(models.Model):
    """An officer let a step be passed although the condition was not met (越过). Never deleted."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="overrides")
    step = models.ForeignKey(RoundStep, on_delete=models.PROTECT, related_name="overrides")
    condition = models.ForeignKey(Condition, on_delete=models.PROTECT, related_name="overrides")
    reason = models.TextField()
    overridden_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    overridden_at = models.DateTimeField()

    objects = OverrideQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="override_once_in_a_step", fields=["step", "condition"]),
            models.CheckConstraint(name="override_has_a_reason", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.condition} · {self.step}"
