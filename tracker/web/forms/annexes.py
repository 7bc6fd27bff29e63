"""An annex's upload, its columns and its rows, as they come from the page."""

from collections.abc import Mapping

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from plants.verification import Verification
from tracker.annexes.columns import Layout, is_kind, relaid
from tracker.annexes.sheets import Sheet, Workbook
from tracker.regulations.models import Document

CHOOSE = gettext_lazy("Choose the document that the annex belongs to.")
INCOMPLETE = gettext_lazy("The form was incomplete. Reload the page and send it again.")

REASON_LENGTH = 2000
REASON = gettext_lazy("Say why the import is taken back.")
REASON_TOO_LONG = gettext_lazy("The reason is too long: at most %(limit_value)d characters.")


class AnnexForm(forms.Form):
    """The file itself is read from the request."""

    document = forms.ModelChoiceField(
        queryset=Document.objects.none(),
        error_messages={"required": CHOOSE, "invalid_choice": CHOOSE},
    )
    verification = forms.ChoiceField(
        choices=Verification.choices,
        error_messages={"required": INCOMPLETE, "invalid_choice": INCOMPLETE},
    )

    def __init__(self, data: QueryDict, documents: list[Document]) -> None:
        super().__init__(data)
        field = self.fields["document"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 (declared above)
        field.queryset = Document.objects.filter(pk__in=[each.pk for each in documents])


class TakeBackForm(forms.Form):
    """Why, and what was looked at."""

    reason = forms.CharField(
        max_length=REASON_LENGTH, error_messages={"required": REASON, "max_length": REASON_TOO_LONG}
    )
    seen = forms.CharField(max_length=64, error_messages={"required": INCOMPLETE})


class WrongHeading(ValueError):
    """Heading rows that the sheet does not have; the sentence names the sheet."""


def read_layouts(
    sent: QueryDict, workbook: Workbook, present: Mapping[str, Layout]
) -> dict[str, Layout]:
    """Each sheet's layout, one of them as its form says; ``WrongHeading`` for rows that are none.

    Each sheet has a form of its own: all columns of all sheets are more than a form may hold.
    """
    layouts = {sheet.name: present.get(sheet.name, Layout()) for sheet in workbook.sheets}
    for number, sheet in enumerate(workbook.sheets):
        if sent.get("sheet") == str(number):
            layouts[sheet.name] = _layout(sent, number, sheet, layouts[sheet.name])
    return layouts


def _layout(sent: QueryDict, number: int, sheet: Sheet, present: Layout) -> Layout:
    typed = [sent.get(f"{end}-{number}", "").strip() for end in ("first", "last")]
    if not any(typed):
        return Layout()
    rows = [int(each) - 1 for each in typed if each.isdecimal() and len(each) < 7]
    kinds = {
        column: kind
        for column in range(len(sheet.rows[0]) if sheet.rows else 0)
        if is_kind(kind := sent.get(f"kind-{number}-{column}", ""))
    }
    layout = relaid(sheet, present, rows[0], rows[-1], kinds) if rows else None
    if layout is None:
        raise WrongHeading(
            _("Sheet “%(sheet)s”: the heading is one to three rows of the sheet, such as 2 to 3.")
            % {"sheet": sheet.name}
        )
    return layout


def read_choices(sent: QueryDict) -> dict[str, int | None]:
    """The plants chosen on this page, by the rows' keys; None where a choice was taken back."""
    return {
        name.removeprefix("plant-"): int(value) if value.isdecimal() and len(value) < 19 else None
        for name, value in sent.items()
        if name.startswith("plant-") and isinstance(value, str)
    }
