"""A round's report: its versions, their files and sign-offs, and what people told for it."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from plants.models import Person
from plants.text import CHINESE, ENGLISH
from tracker.evidence.models import StoredFile
from tracker.rounds.models.rounds import Round


class ReportLanguage(models.TextChoices):
    """The Chinese one is signed; the English one is for reading."""

    CHINESE = CHINESE, _("Chinese")
    ENGLISH = ENGLISH, _("English")


class ReportState(models.TextChoices):
    WAITING = "waiting", pgettext_lazy("report", "waiting")
    MAKING = "making", pgettext_lazy("report", "being made")
    MADE = "made", pgettext_lazy("report", "made")
    FAILED = "failed", pgettext_lazy("report", "failed")


UNDER_WAY = (ReportState.WAITING, ReportState.MAKING)


class ReportFault(models.TextChoices):
    """Why a version could not be made, as a sentence."""

    BROKE_OFF = "broke_off", _("Making it broke off several times. Tell the administrator.")
    NO_ROOM = (
        "no_room",
        _("There is no room left on the server for it. Tell the administrator, then ask again."),
    )


class ReportFormat(models.TextChoices):
    PDF = "pdf", _("PDF")
    WORD = "word", _("Word document")


class Signer(models.TextChoices):
    """In the order in which they sign: the plant answers for what the bodies found."""

    MONITORING = "monitoring", _("monitoring body")
    TECHNICAL = "technical", _("technical body")
    PLANT = "plant", _("plant")


class ReportQuerySet(models.QuerySet["Report"]):
    def visible_to(self, person: Person) -> Self:
        return self.filter(round__in=Round.objects.visible_to(person).values("pk"))

    def free(self, *, now: datetime) -> Self:
        """To be made, and nobody at it whose time has not run out."""
        waiting = self.filter(state__in=UNDER_WAY)
        return waiting.filter(Q(claimed_until=None) | Q(claimed_until__lte=now))

    def made(self) -> Self:
        return self.filter(state=ReportState.MADE)


class Report(models.Model):
    """One version of a round's report (评估监测报告), asked for, then made by the worker.

    ``content`` is the text in its canonical JSON, of which ``content_sha256`` and ``content_sm3``
    are taken; it is never changed. ``after`` is the version that its changes are told against, and
    ``reason`` why one that all had signed is corrected. Who makes it claims it until
    ``claimed_until``; ``attempts`` counts the claims. ``frozen_at`` is when the last has signed.
    """

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="reports")
    number = models.PositiveSmallIntegerField()
    language = models.CharField(
        max_length=8, choices=ReportLanguage.choices, default=ReportLanguage.CHINESE
    )
    after = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="followed_by"
    )
    reason = models.TextField(verbose_name=_("reason"), blank=True, default="")
    state = models.CharField(max_length=8, choices=ReportState.choices, default=ReportState.WAITING)
    progress_percent = models.PositiveSmallIntegerField(default=0)
    fault = models.CharField(max_length=10, choices=ReportFault.choices, blank=True, default="")
    content = models.TextField(blank=True, default="")
    content_sha256 = models.CharField(max_length=64, blank=True, default="")
    content_sm3 = models.CharField(max_length=64, blank=True, default="")
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    made_at = models.DateTimeField(null=True, blank=True)
    frozen_at = models.DateTimeField(null=True, blank=True)
    claimed_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        constraints = [
            models.UniqueConstraint(
                name="report_number_in_its_round", fields=["round", "language", "number"]
            ),
            models.UniqueConstraint(
                name="report_is_made_one_at_a_time",
                fields=["round", "language"],
                condition=Q(state__in=["waiting", "making"]),
            ),
            models.CheckConstraint(
                name="report_made_has_its_text",
                condition=Q(state="made", made_at__isnull=False, progress_percent=100)
                & ~Q(content="")
                & ~Q(content_sha256="")
                | Q(made_at=None, content="", content_sha256="") & ~Q(state="made"),
            ),
            models.CheckConstraint(
                name="report_frozen_was_made", condition=Q(frozen_at=None) | Q(state="made")
            ),
            models.CheckConstraint(
                name="report_failed_says_why", condition=~Q(state="failed") | ~Q(fault="")
            ),
        ]
        indexes = [
            models.Index(
                name="report_waits",
                fields=["claimed_until"],
                condition=Q(state__in=["waiting", "making"]),
            )
        ]

    def __str__(self) -> str:
        words = {"round": self.round, "number": self.number}
        return gettext("%(round)s, report, version %(number)d") % words

    @property
    def is_under_way(self) -> bool:
        return self.state in UNDER_WAY


class ReportFile(models.Model):
    """A version's document in one format; its hashes are those of the stored bytes."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="files")
    format = models.CharField(max_length=4, choices=ReportFormat.choices)
    stored = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="report_files")
    name = models.CharField(max_length=300)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="report_file_of_a_format", fields=["report", "format"])
        ]

    def __str__(self) -> str:
        return self.name


class SignOff(models.Model):
    """Somebody's word for a version as it stands: for the text that has this hash, and no other."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="sign_offs")
    signer = models.CharField(max_length=10, choices=Signer.choices)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    organisation = models.CharField(max_length=200)
    content_sha256 = models.CharField(max_length=64)
    signed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="sign_off_once_of_a_kind", fields=["report", "signer"]),
            models.CheckConstraint(name="sign_off_binds_a_text", condition=~Q(content_sha256="")),
        ]

    def __str__(self) -> str:
        return f"{self.get_signer_display()} · {self.person}"


class ReportStatementQuerySet(models.QuerySet["ReportStatement"]):
    def visible_to(self, person: Person) -> Self:
        return self.filter(round__in=Round.objects.visible_to(person).values("pk"))

    def newest(self, round_: Round) -> "dict[str, ReportStatement]":
        """By question, what was told last."""
        rows = self.filter(round=round_).select_related("said_by").order_by("pk")
        return {row.code: row for row in rows}


class ReportStatement(models.Model):
    """What somebody told of a question that the app has no rows for. Never changed: the newest
    counts, and an empty one takes back what was told before.

    ``code`` is that of a question in seeds/report.yaml.
    """

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="statements")
    code = models.SlugField(max_length=60)
    text = models.TextField(verbose_name=_("statement"), blank=True, default="")
    said_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    said_at = models.DateTimeField()

    objects = ReportStatementQuerySet.as_manager()

    class Meta:
        verbose_name = _("statement for the report")
        verbose_name_plural = _("statements for the report")
        indexes = [models.Index(name="statement_newest", fields=["round", "code", "-id"])]

    def __str__(self) -> str:
        return f"{self.code}: {self.text[:60]}"
