"""What comes with a file and with a submission."""

from django import forms
from django.utils.translation import gettext_lazy as _

from tracker.web.forms.days import DayField

NOTE_LENGTH = 2000


class UploadForm(forms.Form):
    """The files themselves are read from the request: there may be several."""

    document_on = DayField(
        required=False,
        label=_("Date of the document"),
        error_messages={"invalid": _("The date of the document must look like 2026-12-31.")},
    )


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
