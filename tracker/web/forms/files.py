"""What a list of files is narrowed by."""

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tracker.evidence.models import EvidenceQuerySet
from tracker.evidence.search import search_files
from tracker.evidence.types import EXCEL, WORD

LONGEST_QUERY = 200
OLD_OFFICE = "application/vnd.ms-"
# By how their media types begin.
KINDS = (
    ("pdf", _("PDF"), ("application/pdf",)),
    ("document", _("Word and text"), (WORD, "application/msword", "text/plain")),
    ("table", _("Excel and CSV"), (EXCEL, OLD_OFFICE + "excel", "text/csv")),
    ("ofd", _("OFD"), ("application/ofd",)),
    ("picture", _("Pictures"), ("image/",)),
    ("video", _("Videos"), ("video/",)),
    ("package", _("ZIP packages"), ("application/zip",)),
)
CHOICES = [(code, word) for code, word, _begins in KINDS]


class FilesFilterForm(forms.Form):
    """What isn't understood is left out, field by field."""

    q = forms.CharField(required=False, max_length=LONGEST_QUERY)
    kind = forms.ChoiceField(required=False, choices=CHOICES)

    def narrow(self, files: EvidenceQuerySet) -> EvidenceQuerySet:
        """The files that fit, of those that one may see."""
        self.is_valid()
        begins = {code: starts for code, _word, starts in KINDS}
        of_kind = Q()
        for start in begins.get(self.cleaned_data.get("kind", ""), ()):
            of_kind |= Q(media_type__startswith=start)
        return search_files(files.filter(of_kind), self.query)

    @property
    def query(self) -> str:
        self.is_valid()
        return str(self.cleaned_data.get("q", ""))

    def chosen(self) -> dict[str, str]:
        """What the address says, for the form and for the links to the other pages."""
        return {name: value for name, value in self.data.items() if value and name in self.fields}

    def wanted_for(self) -> int:
        """The obligation that a file is looked for; 0 for none."""
        given = str(self.data.get("for", ""))
        return int(given) if given.isdecimal() and len(given) < 19 else 0


class AllFilesFilterForm(FilesFilterForm):
    """The same, and the plant by its name."""

    plant = forms.CharField(required=False, max_length=100)

    def narrow(self, files: EvidenceQuerySet) -> EvidenceQuerySet:
        self.is_valid()
        for word in self.cleaned_data.get("plant", "").split():
            named = Q(plant__name_zh__icontains=word) | Q(plant__name_en__icontains=word)
            files = files.filter(named)
        return super().narrow(files)
