"""How often whom is reminded of what: ladders set by administrators, and people's preferences."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from plants.models import Authority, Part, Person
from tracker.reminders.models.held import HeldQuerySet

FIRST_HOUR, LAST_HOUR, USUAL_HOUR = 6, 20, 8


class Receiver(models.TextChoices):
    """Whom a ladder is for. The officer is the plant's authority's, or of the nearest above."""

    MANAGER = "manager", _("plant manager")
    GROUP_MANAGER = "group_manager", _("group manager")
    OFFICER = "officer", _("officer of the plant's authority")
    UPPER_OFFICER = "upper_officer", _("officer of the authority above")
    REVIEWER = "reviewer", _("officer, of what waits for review")


class Rhythm(models.TextChoices):
    """How often a duty comes again."""

    ONCE = "once", _("once")
    YEAR = "year", _("every year")
    HALF_YEAR = "half_year", _("every half-year")
    QUARTER = "quarter", _("every quarter")
    MONTH = "month", _("every month")


class Ladder(models.Model):
    """When one kind of receiver is reminded of one kind of requirement, at an authority's plants.

    An empty ``part`` or ``rhythm`` means any. The nearest authority's ladder wins, there the one
    that names the part and then the rhythm; where none fits, ours (``tracker.reminders.ladders``).
    The days are told as in ``tracker.reminders.ladder.Rungs``.
    """

    authority = models.ForeignKey(
        Authority, on_delete=models.PROTECT, related_name="ladders", verbose_name=_("authority")
    )
    receiver = models.CharField(_("who"), max_length=16, choices=Receiver.choices)
    part = models.CharField(_("part"), max_length=16, choices=Part.choices, blank=True, default="")
    rhythm = models.CharField(
        _("how often"), max_length=10, choices=Rhythm.choices, blank=True, default=""
    )
    before = models.JSONField(default=list, blank=True)
    first_after = models.PositiveSmallIntegerField(null=True, blank=True)
    every = models.PositiveSmallIntegerField(null=True, blank=True)
    last_after = models.PositiveSmallIntegerField(null=True, blank=True)

    objects = HeldQuerySet.as_manager()

    class Meta:
        verbose_name = _("ladder")
        constraints = [
            models.UniqueConstraint(
                name="ladder_once_for_a_kind", fields=["authority", "receiver", "part", "rhythm"]
            )
        ]

    def __str__(self) -> str:
        kind = (self.get_part_display(), self.get_rhythm_display())
        words = [self.get_receiver_display(), *(str(word) for word in kind if word)]
        return " · ".join([*map(str, words), str(self.authority)])


class Preference(models.Model):
    """What a person has chosen for her mails; without a row the usual.

    ``hour`` is the hour in Asia/Shanghai of her digest. ``news_by_mail`` is for what isn't legal:
    without it, what was accepted and said is in her inbox on the site only.
    """

    person = models.OneToOneField(
        Person, on_delete=models.CASCADE, primary_key=True, related_name="preference"
    )
    hour = models.PositiveSmallIntegerField(
        default=USUAL_HOUR, validators=[MinValueValidator(FIRST_HOUR), MaxValueValidator(LAST_HOUR)]
    )
    news_by_mail = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="preference_hour_is_of_the_day",
                condition=models.Q(hour__gte=FIRST_HOUR, hour__lte=LAST_HOUR),
            )
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.hour}"
