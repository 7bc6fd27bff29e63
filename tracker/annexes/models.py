"""An annex on its way in: the file, how its columns are read, what was chosen, and how it ended."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from plants.models import Person, Plant
from plants.verification import Verification
from tracker.annexes.columns import Layout
from tracker.annexes.rights import documents_for
from tracker.evidence.models import StoredFile
from tracker.regulations.models import AnnexPart, Document


class ImportState(models.TextChoices):
    UPLOADED = "uploaded", _("being looked over")
    APPLIED = "applied", _("applied")
    CANCELLED = "cancelled", _("cancelled")
    TAKEN_BACK = "taken_back", _("taken back")


class AnnexImportQuerySet(models.QuerySet["AnnexImport"]):
    def visible_to(self, person: Person) -> Self:
        """Those of the documents whose annex the person may load."""
        return self.filter(document__in=[document.pk for document in documents_for(person)])


class AnnexImport(models.Model):
    """One file with a plan's plant list (附表), between its upload and its end.

    ``layouts`` holds each sheet's heading and columns, ``chosen`` the plants that somebody chose
    for rows, ``left_out`` the rows that shall not be applied, both by the rows' keys. What the
    file would change is worked out from it anew each time and stored nowhere; what it did change
    is kept with it (``WrittenDate``), so that it can be taken back.
    """

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="annex_imports")
    stored = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="annex_imports")
    original_name = models.CharField(max_length=1000)
    verification = models.CharField(max_length=12, choices=Verification.choices)
    layouts = models.JSONField(default=list)
    chosen = models.JSONField(default=dict, blank=True)
    left_out = models.JSONField(default=list, blank=True)
    state = models.CharField(
        max_length=10, choices=ImportState.choices, default=ImportState.UPLOADED
    )
    outcome = models.JSONField(default=dict, blank=True)
    uploaded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()
    settled_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    settled_at = models.DateTimeField(null=True, blank=True)
    taken_back_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    taken_back_at = models.DateTimeField(null=True, blank=True)
    taken_back_reason = models.TextField(blank=True, default="")

    objects = AnnexImportQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="annex_import_settled_by_somebody",
                condition=models.Q(
                    state="uploaded", settled_by__isnull=True, settled_at__isnull=True
                )
                | models.Q(settled_by__isnull=False, settled_at__isnull=False),
            ),
            models.CheckConstraint(
                name="annex_import_taken_back_by_somebody",
                condition=models.Q(
                    state="taken_back", taken_back_by__isnull=False, taken_back_at__isnull=False
                )
                | models.Q(
                    ~models.Q(state="taken_back"),
                    taken_back_by__isnull=True,
                    taken_back_at__isnull=True,
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document} · {self.original_name}"

    @property
    def is_open(self) -> bool:
        return self.state == ImportState.UPLOADED

    def layouts_by_sheet(self) -> dict[str, Layout]:
        """Each sheet's layout by its name."""
        return {each["sheet"]: layout_from(each) for each in self.layouts}


class Left(models.TextChoices):
    """Why a date stays as it is when its import is taken back."""

    LATER_IMPORT = "later_import", _("a later import wrote another")
    CHANGED = "changed", _("it was changed since")


class WrittenDate(models.Model):
    """One date that an import wrote, and what stood there before: empty where nothing did.

    ``left`` says why it stayed when the import was taken back.
    """

    # No index of its own: the one of the constraint begins with it.
    annex = models.ForeignKey(
        AnnexImport, on_delete=models.PROTECT, related_name="written_dates", db_index=False
    )
    plant = models.ForeignKey(Plant, on_delete=models.PROTECT, related_name="+")
    part = models.CharField(max_length=16, choices=AnnexPart.choices)
    completion_on = models.DateField()
    source = models.CharField(max_length=400, blank=True, default="")
    before_document = models.ForeignKey(
        Document, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    before_completion_on = models.DateField(null=True, blank=True)
    before_verification = models.CharField(
        max_length=12, choices=Verification.choices, blank=True, default=""
    )
    before_source = models.CharField(max_length=400, blank=True, default="")
    left = models.CharField(max_length=12, choices=Left.choices, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="written_date_once_in_its_import", fields=["annex", "plant", "part"]
            ),
            models.CheckConstraint(
                name="written_date_knows_all_of_before",
                condition=models.Q(
                    before_document__isnull=True,
                    before_completion_on__isnull=True,
                    before_verification="",
                )
                | (
                    models.Q(before_document__isnull=False, before_completion_on__isnull=False)
                    & ~models.Q(before_verification="")
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plant}: {self.get_part_display()} {self.completion_on}"


def layout_from(written: dict[str, object]) -> Layout:
    """A layout as it was written to the database."""
    kinds = written["kinds"]
    assert isinstance(kinds, dict)  # noqa: S101 (``layout_to`` wrote it)
    first, last = written["first"], written["last"]
    return Layout(
        first if isinstance(first, int) else None,
        last if isinstance(last, int) else None,
        {int(column): str(kind) for column, kind in kinds.items()},
    )


def layout_to(sheet: str, layout: Layout) -> dict[str, object]:
    """A layout as it is written to the database."""
    kinds = {str(column): kind for column, kind in layout.kinds.items()}
    return {"sheet": sheet, "first": layout.first, "last": layout.last, "kinds": kinds}
