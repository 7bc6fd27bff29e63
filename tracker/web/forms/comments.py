"""A comment as it comes from the page."""

from django import forms
from django.utils.translation import gettext_lazy as _

from tracker.assessments.comments import TEXT_LENGTH
from tracker.web.forms.review import INCOMPLETE


class CommentForm(forms.Form):
    """``token`` makes a form that is sent twice count once."""

    token = forms.UUIDField(error_messages={"required": INCOMPLETE, "invalid": INCOMPLETE})
    text = forms.CharField(
        max_length=TEXT_LENGTH,
        error_messages={
            "required": _("Write something first."),
            "max_length": _("The comment is too long: at most %(limit_value)d characters."),
        },
    )
