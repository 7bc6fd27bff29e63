"""What comes with a file and with a submission."""

from django import forms
from django.utils.translation import gettext_lazy as _

from tracker.evidence.attach import REASON_LENGTH, OwnDates
from tracker.web.forms.days import DayField

NOTE_LENGTH = 2000


class UploadForm(forms.Form):
    """The files themselves are read from the request: there may be several."""

    document_on = DayField(
        required=False,
        label=_("Date of the document"),
        error_messages={"invalid": _("The date of the document must look like 2026-12-31.")},
    )
    covers_from_on = DayField(required=False)
    covers_to_on = DayField(required=False)
    expires_on = DayField(required=False)
    replaces = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1)

    def dates(self) -> OwnDates:
        """What the document says of itself."""
        read = self.cleaned_data
        return OwnDates(
            read["document_on"], read["covers_from_on"], read["covers_to_on"], read["expires_on"]
        )


class RemoveForm(forms.Form):
    """Why a file is taken away, in the person's own language."""

    reason = forms.CharField(required=False, max_length=REASON_LENGTH)


class SubmitForm(forms.Form):
    note = forms.CharField(
        required=False,
        max_length=NOTE_LENGTH,
        label=_("Note to the officer"),
        error_messages={
            "max_length": _("The note is too long: at most %(limit_value)d characters.")
        },
    )
    token = forms.UUIDField(
        error_messages={
            "required": _("The form was incomplete. Reload the page and send it again."),
            "invalid": _("The form was incomplete. Reload the page and send it again."),
        }
    )


def first_fault(form: forms.Form) -> str:
    """The first sentence of what is wrong with a form's shape."""
    return next(str(fault) for faults in form.errors.values() for fault in faults)
