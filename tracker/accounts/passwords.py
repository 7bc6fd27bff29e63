"""What a new password must be, in our words."""

from django.contrib.auth.password_validation import MinimumLengthValidator
from django.utils.translation import ngettext


class LongEnough(MinimumLengthValidator):
    """Django's own; its sentence has no Chinese translation."""

    def get_error_message(self) -> str:
        return ngettext(
            "Too short: at least %(count)d character.",
            "Too short: at least %(count)d characters.",
            self.min_length,
        ) % {"count": self.min_length}
