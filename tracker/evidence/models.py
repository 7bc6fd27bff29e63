"""Files as rows: stored once by content, attached to obligations, bound into submissions."""

from datetime import datetime
from typing import Self
from uuid import uuid4

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from plants.models import Person, Plant
from plants.models.people import plants_of
from plants.text import Text
from tracker.evidence.text import Fault
from tracker.obligations.models import Obligation, Relief
from tracker.regulations.models import Correction


class ScanState(models.TextChoices):
    """What is known of a content's viruses (病毒扫描)."""

    NOT_SCANNED = "not_scanned", pgettext_lazy("virus scan", "not scanned")
    WAITING = "waiting", pgettext_lazy("virus scan", "waits for its scan")
    CLEAN = "clean", pgettext_lazy("virus scan", "no virus found")
    QUARANTINED = "quarantined", pgettext_lazy("virus scan", "quarantined")


TO_SCAN = (ScanState.NOT_SCANNED, ScanState.WAITING)


class StoredFileQuerySet(models.QuerySet["StoredFile"]):
    def to_scan(self, *, now: datetime) -> Self:
        """Not scanned yet, held by no worker, and not put off."""
        free = Q(scan_due_at=None) | Q(scan_due_at__lte=now)
        return self.filter(free, scan_state__in=TO_SCAN, disposed_at=None)

    def to_scan_again(self, *, signatures: int, now: datetime) -> Self:
        """Found clean by older signatures, the oldest verdict first."""
        free = Q(scan_due_at=None) | Q(scan_due_at__lte=now)
        old = self.filter(
            free, scan_state=ScanState.CLEAN, scan_signatures__lt=signatures, disposed_at=None
        )
        return old.order_by("scan_signatures", "scanned_at", "pk")

    def openable(self) -> Self:
        """The Python twin is ``can_be_opened``."""
        return self.filter(disposed_at=None).exclude(scan_state=ScanState.QUARANTINED)

    def quarantined(self) -> Self:
        return self.filter(scan_state=ScanState.QUARANTINED)


class StoredFile(models.Model):
    """Bytes in the store, once for each content; ``sha256`` in hex is also the path.

    ``sm3`` is empty for what came in before it was kept, until ``verify_evidence`` has read it.
    Of what was disposed of only the bytes are gone; the rule by which stands in both languages.
    ``scan_found`` is the virus's name and ``scan_engine`` what found it, or nothing, by the
    signatures of the number ``scan_signatures`` (0: nobody knows which). Before ``scan_due_at`` a
    file is not taken to be scanned: a worker is at it, or ``scan_fault`` says why it is tried again
    so late.
    """

    sha256 = models.CharField(max_length=64, unique=True)
    sm3 = models.CharField(max_length=64, blank=True, default="")
    size_bytes = models.PositiveBigIntegerField()
    disposed_at = models.DateTimeField(null=True, blank=True)
    disposed_rule_zh = models.CharField(max_length=300, blank=True, default="")
    disposed_rule_en = models.CharField(max_length=300, blank=True, default="")
    scan_state = models.CharField(
        max_length=11, choices=ScanState.choices, default=ScanState.NOT_SCANNED
    )
    scan_found = models.CharField(max_length=200, blank=True, default="")
    scan_engine = models.CharField(max_length=100, blank=True, default="")
    scan_signatures = models.PositiveIntegerField(default=0)
    scan_fault = models.CharField(max_length=200, blank=True, default="")
    scanned_at = models.DateTimeField(null=True, blank=True)
    scan_due_at = models.DateTimeField(null=True, blank=True)

    objects = StoredFileQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                name="stored_file_to_scan",
                fields=["scan_due_at"],
                condition=Q(scan_state__in=["not_scanned", "waiting"]),
            ),
            models.Index(
                name="stored_file_to_scan_again",
                fields=["scan_signatures", "scanned_at"],
                condition=Q(scan_state="clean"),
            ),
        ]

    def __str__(self) -> str:
        return self.sha256

    @property
    def disposed_rule(self) -> Text:
        return Text(self.disposed_rule_zh, self.disposed_rule_en)

    @property
    def can_be_opened(self) -> bool:
        """Its bytes are there, and no virus is known in them."""
        return self.disposed_at is None and not self.is_quarantined

    @property
    def is_quarantined(self) -> bool:
        return self.scan_state == ScanState.QUARANTINED


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    def visible_to(self, person: Person) -> Self:
        return self.filter(plants_of(person, "plant__"))


class Evidence(models.Model):
    """A file that a plant brought (证明材料): its content, its own name and its document's date.

    ``media_type`` is what name and content agree on: the same bytes may be .csv here, .txt there.
    What the document says of itself is not when it came: its own date, the period it covers, both
    days included, and the last day on which it holds. ``replaces`` is the version before.
    """

    plant = models.ForeignKey(Plant, on_delete=models.PROTECT, related_name="evidence")
    stored = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="evidence")
    original_name = models.CharField(max_length=1000)
    media_type = models.CharField(max_length=100)
    document_on = models.DateField(null=True, blank=True)
    covers_from_on = models.DateField(null=True, blank=True)
    covers_to_on = models.DateField(null=True, blank=True)
    expires_on = models.DateField(null=True, blank=True)
    replaces = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaced_by"
    )
    uploaded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="evidence_covers_forwards",
                condition=Q(covers_from_on=None)
                | Q(covers_to_on=None)
                | Q(covers_to_on__gte=F("covers_from_on")),
            )
        ]
        indexes = [
            models.Index(
                name="evidence_expires", fields=["expires_on"], condition=~Q(expires_on=None)
            )
        ]

    def __str__(self) -> str:
        return self.original_name


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    def lying(self) -> Self:
        """What is attached now, oldest first."""
        return self.filter(removed_at__isnull=True).order_by("pk")


class Attachment(models.Model):
    """Evidence laid to an obligation. What was removed stays as a row, with who, when and why."""

    obligation = models.ForeignKey(Obligation, on_delete=models.PROTECT, related_name="attachments")
    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="attachments")
    removed_at = models.DateTimeField(null=True, blank=True)
    removed_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    removed_reason = models.CharField(max_length=300, blank=True, default="")

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="attachment_lies_once",
                fields=["obligation", "evidence"],
                condition=Q(removed_at__isnull=True),
            ),
            models.CheckConstraint(
                name="attachment_removed_by_somebody",
                condition=Q(removed_at__isnull=True, removed_by__isnull=True)
                | Q(removed_at__isnull=False, removed_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return str(self.evidence)


class UnfinishedUploadQuerySet(models.QuerySet["UnfinishedUpload"]):
    def visible_to(self, person: Person) -> Self:
        """Her own: the address of an upload is nobody else's business."""
        return self.filter(person=person)


class UnfinishedUpload(models.Model):
    """A file that comes in parts, until ``ends_at``; how much is there only the disk knows.

    Whole and laid to the obligation it has its ``attachment``, so that an answer that was lost on
    the way can be asked for again. Nothing of it is kept for long.
    """

    token = models.UUIDField(unique=True, default=uuid4)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    obligation = models.ForeignKey(Obligation, on_delete=models.PROTECT, related_name="+")
    original_name = models.CharField(max_length=1000)
    size_bytes = models.PositiveBigIntegerField()
    document_on = models.DateField(null=True, blank=True)
    covers_from_on = models.DateField(null=True, blank=True)
    covers_to_on = models.DateField(null=True, blank=True)
    expires_on = models.DateField(null=True, blank=True)
    attachment = models.ForeignKey(
        Attachment, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    ends_at = models.DateTimeField(db_index=True)

    objects = UnfinishedUploadQuerySet.as_manager()

    def __str__(self) -> str:
        return self.original_name


class SubmissionQuerySet(models.QuerySet["Submission"]):
    def visible_to(self, person: Person) -> Self:
        return self.filter(plants_of(person, "obligation__plant__"))


class Submission(models.Model):
    """One answer to an obligation: the files as they lay at that moment. Never changed."""

    obligation = models.ForeignKey(Obligation, on_delete=models.PROTECT, related_name="submissions")
    number = models.PositiveSmallIntegerField()
    note = models.TextField(blank=True, default="")
    token = models.UUIDField()
    submitted_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField()
    evidence = models.ManyToManyField(Evidence, related_name="submissions")

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="submission_number_in_its_obligation", fields=["obligation", "number"]
            ),
            models.UniqueConstraint(
                name="submission_once_for_a_form", fields=["obligation", "token"]
            ),
        ]

    def __str__(self) -> str:
        return f"{self.obligation} #{self.number}"


class ReliefPaper(models.Model):
    """A file that a request for an extension or a waiver brought with it. Never taken away."""

    relief = models.ForeignKey(Relief, on_delete=models.PROTECT, related_name="papers")
    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="papers")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="relief_paper_once", fields=["relief", "evidence"])
        ]

    def __str__(self) -> str:
        return str(self.evidence)


class LegalHoldQuerySet(models.QuerySet["LegalHold"]):
    def visible_to(self, person: Person) -> Self:
        return self.filter(plants_of(person, "plant__"))

    def standing(self) -> Self:
        return self.filter(lifted_at=None)


class LegalHold(models.Model):
    """While it stands nothing of the plant, or of the one obligation, is disposed of."""

    plant = models.ForeignKey(Plant, on_delete=models.PROTECT, related_name="holds")
    obligation = models.ForeignKey(
        Obligation, on_delete=models.PROTECT, null=True, blank=True, related_name="holds"
    )
    reason = models.TextField()
    set_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField()
    lifted_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_reason = models.TextField(blank=True, default="")

    objects = LegalHoldQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="legal_hold_lifted_by_somebody",
                condition=Q(lifted_at=None, lifted_by=None)
                | Q(lifted_at__isnull=False, lifted_by__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return str(self.obligation or self.plant)


class CorrectionScan(models.Model):
    """A picture of the page that a correction rests on."""

    correction = models.OneToOneField(Correction, on_delete=models.PROTECT, related_name="scan")
    stored = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    original_name = models.CharField(max_length=1000)
    media_type = models.CharField(max_length=100)

    def __str__(self) -> str:
        return self.original_name


class TextState(models.TextChoices):
    WAITING = "waiting", _("not read yet")
    DONE = "done", _("read")
    NONE = "none", _("holds no text")
    FAILED = "failed", _("can't be read")


class FileTextQuerySet(models.QuerySet["FileText"]):
    def free(self, *, now: datetime) -> Self:
        """Not read yet, and nobody at it whose time has not run out."""
        waiting = self.filter(state=TextState.WAITING, stored__in=StoredFile.objects.openable())
        return waiting.filter(Q(claimed_until=None) | Q(claimed_until__lte=now))


class FileText(models.Model):
    """What the bytes of a stored file say, once for each content; the text lies in its pieces.

    Who reads it claims it until ``claimed_until``; ``attempts`` counts the claims, so that a file
    on which every reader dies is given up.
    """

    stored = models.OneToOneField(
        StoredFile, on_delete=models.CASCADE, primary_key=True, related_name="text"
    )
    state = models.CharField(max_length=10, choices=TextState.choices, default=TextState.WAITING)
    fault = models.CharField(max_length=10, choices=Fault.choices, blank=True, default="")
    is_cut = models.BooleanField(default=False)
    extracted_at = models.DateTimeField(null=True, blank=True)
    claimed_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    objects = FileTextQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                name="file_text_waits",
                fields=["claimed_until"],
                condition=Q(state=TextState.WAITING),
            )
        ]

    def __str__(self) -> str:
        return f"{self.stored_id}: {self.state}"


class TextPiece(models.Model):
    """Some ten thousand characters of a text, and the words by which an index finds them."""

    text = models.ForeignKey(FileText, on_delete=models.CASCADE, related_name="pieces")
    number = models.PositiveIntegerField()
    content = models.TextField()
    words = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(name="text_piece_once", fields=["text", "number"])]

    def __str__(self) -> str:
        return f"{self.text_id} #{self.number}"
