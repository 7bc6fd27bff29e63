"""How sure we are of a fact or of the text behind a rule."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Verification(models.TextChoices):
    """Shown wherever the fact or the rule is shown; only VERIFIED is settled."""

    VERIFIED = "verified", _("verified")
    SECONDARY = "secondary", _("secondary source")
    TO_VERIFY = "to_verify", _("to be verified")
