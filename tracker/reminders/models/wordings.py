"""What an authority says in its own words in the mails to its people."""

from django.conf import settings
from django.db import models
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from plants.models import Authority
from tracker.reminders.models.held import HeldQuerySet

SUBJECT_LENGTH, GREETING_LENGTH, FOOTER_LENGTH = 150, 300, 1000


class Worded(models.TextChoices):
    """The letters that can be worded."""

    DIGEST = "digest", _("daily digest")
    ESCALATION = "escalation", _("escalation")
    RETURNED = "returned", _("returned")
    ACCEPTED = "accepted", _("accepted")
    AT_ONCE = "at_once", _("news that can't wait")
    CHANGED = "changed", _("changes")
    RULES = "rules", _("rules put right")


class Wording(models.Model):
    """A letter's subject, greeting and footer in one language; what is empty is ours.

    ``faults`` are what kept it from being used, each told once, until it is changed.
    """

    authority = models.ForeignKey(
        Authority, on_delete=models.PROTECT, related_name="wordings", verbose_name=_("authority")
    )
    letter = models.CharField(_("letter"), max_length=10, choices=Worded.choices)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    subject = models.CharField(_("subject"), max_length=SUBJECT_LENGTH, blank=True, default="")
    greeting = models.CharField(_("greeting"), max_length=GREETING_LENGTH, blank=True, default="")
    footer = models.CharField(_("footer"), max_length=FOOTER_LENGTH, blank=True, default="")
    faults = models.JSONField(default=list, blank=True)

    objects = HeldQuerySet.as_manager()

    class Meta:
        verbose_name = _("wording")
        constraints = [
            models.UniqueConstraint(
                name="wording_once_for_a_letter", fields=["authority", "letter", "language"]
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_letter_display()} · {self.language_name} · {self.authority}"

    @property
    def language_name(self) -> str:
        """In the language itself."""
        return str(get_language_info(self.language)["name_local"])
