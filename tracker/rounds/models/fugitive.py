"""The checklist of fugitive emissions, a round's sources, and each look at one of them."""

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from plants.models import Person
from plants.text import Text
from plants.verification import Verification
from tracker.evidence.models import Evidence
from tracker.regulations.models import Document
from tracker.rounds.models.rounds import Round


class FugitiveGroup(models.TextChoices):
    """The links of production that the checklist goes through (环节); a source is in one of them.

    What is general is asked of each source.
    """

    GENERAL = "general", pgettext_lazy("fugitive", "general")
    STORAGE = "storage", _("storage of materials")
    CONVEYING = "conveying", _("conveying of materials")
    PROCESS = "process", _("production process")
    SITE = "site", _("roads and site")
    MONITORING = "monitoring", pgettext_lazy("fugitive", "monitoring")


class FugitiveItemQuerySet(models.QuerySet["FugitiveItem"]):
    def in_force(self) -> Self:
        return self.filter(withdrawn_on__isnull=True)


class FugitiveItem(models.Model):
    """One thing to be looked at, out of seeds/fugitive.yaml, with how sure we are of its text."""

    code = models.SlugField(max_length=60, unique=True)
    group = models.CharField(max_length=10, choices=FugitiveGroup.choices)
    position = models.PositiveSmallIntegerField(default=0)
    text_zh = models.CharField(max_length=300)
    text_en = models.CharField(max_length=300)
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="fugitive_items")
    clause = models.CharField(max_length=200, blank=True, default="")
    verification = models.CharField(max_length=12, choices=Verification.choices)
    note_zh = models.TextField(blank=True, default="")
    note_en = models.TextField(blank=True, default="")
    withdrawn_on = models.DateField(null=True, blank=True)

    objects = FugitiveItemQuerySet.as_manager()

    def __str__(self) -> str:
        return str(self.text)

    @property
    def text(self) -> Text:
        return Text(self.text_zh, self.text_en)

    @property
    def note(self) -> Text:
        return Text(self.note_zh, self.note_en)


class FugitiveSourceQuerySet(models.QuerySet["FugitiveSource"]):
    def visible_to(self, person: Person) -> Self:
        return self.filter(round__in=Round.objects.visible_to(person).values("pk"))


class FugitiveSource(models.Model):
    """A shed, a belt, a mill … of a round's plant from which dust may escape."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="fugitive_sources")
    group = models.CharField(verbose_name=_("group"), max_length=10, choices=FugitiveGroup.choices)
    name = models.CharField(verbose_name=_("name"), max_length=100)
    place_in_plant = models.CharField(
        verbose_name=_("place in the plant"), max_length=200, blank=True, default=""
    )
    added_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    objects = FugitiveSourceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="fugitive_source_once_in_its_round",
                fields=["round", "group", "name", "place_in_plant"],
            )
        ]

    def __str__(self) -> str:
        return self.name


class CheckResult(models.TextChoices):
    OK = "ok", pgettext_lazy("check", "in order")
    FAULT = "fault", pgettext_lazy("check", "fault")
    NOT_APPLICABLE = "not_applicable", _("not applicable")
    NOT_SEEN = "not_seen", _("not seen")


class FugitiveCheckQuerySet(models.QuerySet["FugitiveCheck"]):
    def visible_to(self, person: Person) -> Self:
        rounds = Round.objects.visible_to(person).values("pk")
        return self.filter(source__round__in=rounds)

    def with_open_faults(self) -> Self:
        """Those that found a fault of which nobody has said yet that it was remedied."""
        return self.filter(result=CheckResult.FAULT, remedied_on__isnull=True)


class FugitiveCheck(models.Model):
    """What was seen of one item at one source; a later look is a row of its own.

    ``client_token`` is made by the phone: whatever it sends again is there once. ``checked_at`` is
    when it was looked at, ``received_at`` when it came in, which may be later where there was no
    signal. A fault's remedy, by when it is due and since when it is done are written later.
    """

    source = models.ForeignKey(FugitiveSource, on_delete=models.PROTECT, related_name="checks")
    item = models.ForeignKey(FugitiveItem, on_delete=models.PROTECT, related_name="checks")
    result = models.CharField(verbose_name=_("result"), max_length=14, choices=CheckResult.choices)
    note = models.TextField(verbose_name=_("note"), blank=True, default="")
    remedy = models.TextField(verbose_name=_("remedy"), blank=True, default="")
    remedy_due_on = models.DateField(verbose_name=_("remedy due"), null=True, blank=True)
    remedied_on = models.DateField(verbose_name=_("remedied on"), null=True, blank=True)
    client_token = models.UUIDField(unique=True)
    checked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    checked_at = models.DateTimeField()
    received_at = models.DateTimeField()
    photos = models.ManyToManyField(Evidence, blank=True, related_name="fugitive_checks")

    objects = FugitiveCheckQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="fugitive_fault_says_what_is_wrong",
                condition=~Q(result=CheckResult.FAULT) | ~Q(note=""),
            ),
            models.CheckConstraint(
                name="fugitive_remedy_is_of_a_fault",
                condition=Q(result=CheckResult.FAULT)
                | Q(remedy="", remedy_due_on=None, remedied_on=None),
            ),
            models.CheckConstraint(
                name="fugitive_remedied_says_how",
                condition=Q(remedied_on=None) | ~Q(remedy=""),
            ),
            models.CheckConstraint(
                name="fugitive_check_is_received_after_it_is_made",
                condition=Q(received_at__gte=F("checked_at")),
            ),
        ]
        indexes = [models.Index(name="fugitive_newest", fields=["source", "item", "-checked_at"])]

    def __str__(self) -> str:
        return f"{self.source} · {self.item}: {self.get_result_display()}"
