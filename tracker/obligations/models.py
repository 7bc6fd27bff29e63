"""Obligations as rows: who owes what by when, why, and in which state."""

from datetime import date, timedelta
from typing import Self

from django.db import models
from django.db.models import Case, F, Q, When
from django.utils.translation import gettext_lazy as _

from plants.models import Authority, Line, Listing, Outlet, Person, Plant, Role
from plants.models.people import plants_of
from plants.text import Text
from tracker.regulations.models import Requirement

DUE_SOON_DAYS = 30


class State(models.TextChoices):
    """Where an obligation stands. Overdue and due soon are the calendar's and never stored."""

    OPEN = "open", _("open")
    SUBMITTED = "submitted", _("submitted")
    ACCEPTED = "accepted", _("accepted")
    RETURNED = "returned", _("returned")
    WAIVED = "waived", _("waived")
    WITHDRAWN = "withdrawn", _("withdrawn")


OWED = frozenset({State.OPEN, State.RETURNED})
DECIDED = frozenset({State.ACCEPTED, State.WAIVED, State.WITHDRAWN})


class ObligationQuerySet(models.QuerySet["Obligation"]):
    def visible_to(self, person: Person) -> Self:
        return self.filter(plants_of(person, "plant__"))

    def for_plant(self, plant: Plant) -> Self:
        return self.filter(plant=plant)

    def owed(self) -> Self:
        """The plant has to act: open or returned. The Python twin is ``is_owed``."""
        return self.filter(state__in=OWED)

    def most_pressing_first(self) -> Self:
        """What was returned, then what is due next."""
        returned = Case(When(state=State.RETURNED, then=0), default=1)
        return self.order_by(returned, "due_on", "pk")

    def awaiting_review(self) -> Self:
        return self.filter(state=State.SUBMITTED)

    def counting(self) -> Self:
        """Everything but what was withdrawn with its requirement."""
        return self.exclude(state=State.WITHDRAWN)

    def due_between(self, first: date, last: date) -> Self:
        """Due from first to last, both included."""
        return self.filter(due_on__gte=first, due_on__lte=last)

    def overdue(self, *, today: date) -> Self:
        """Owed, and the last day has passed. The Python twin is ``is_overdue``."""
        return self.owed().filter(due_on__lt=today)

    def due_soon(self, *, today: date, days: int = DUE_SOON_DAYS) -> Self:
        """Owed, and due from today on within ``days``."""
        return self.owed().due_between(today, today + timedelta(days=days))

    def with_subject(self) -> Self:
        """With what a row of a list names; the long texts stay in the database."""
        return self.select_related(
            "requirement__document", "plant__authority", "plant__place", "line", "outlet"
        ).defer(
            "due_basis_zh",
            "due_basis_en",
            "applies_basis_zh",
            "applies_basis_en",
            "requirement__text_zh",
            "requirement__text_en",
            "requirement__note_zh",
            "requirement__note_en",
            "requirement__applies",
            "requirement__due",
            "requirement__evidence_asked",
        )


class Obligation(models.Model):
    """A requirement for a plant, or for one of its lines or outlets, in a period.

    ``period`` is empty for what is owed once, else 2026, 2026-H1, 2026-Q3 or 2026-09; #2 is the
    second turn of what is owed by a day that comes again, as a permit's end. ``due_on`` is
    end-inclusive, a day in Asia/Shanghai; ``reopened_on`` is the last day of evidence that ran
    out since, before which it is not due again; ``listing`` is what answers it while that stands on
    the public list; the bases say in both languages why it applies and why it is due on that day.
    """

    requirement = models.ForeignKey(
        Requirement, on_delete=models.PROTECT, related_name="obligations"
    )
    plant = models.ForeignKey(Plant, on_delete=models.PROTECT, related_name="obligations")
    line = models.ForeignKey(
        Line, on_delete=models.PROTECT, null=True, blank=True, related_name="obligations"
    )
    outlet = models.ForeignKey(
        Outlet, on_delete=models.PROTECT, null=True, blank=True, related_name="obligations"
    )
    period = models.CharField(max_length=7, blank=True, default="")
    due_on = models.DateField()
    due_basis_zh = models.TextField()
    due_basis_en = models.TextField()
    applies_basis_zh = models.TextField()
    applies_basis_en = models.TextField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    state_changed_at = models.DateTimeField()
    reopened_on = models.DateField(null=True, blank=True)
    listing = models.ForeignKey(
        Listing, on_delete=models.PROTECT, null=True, blank=True, related_name="obligations"
    )

    objects = ObligationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="obligation_once_for_a_plant",
                fields=["requirement", "plant", "period"],
                condition=Q(line__isnull=True, outlet__isnull=True),
            ),
            models.UniqueConstraint(
                name="obligation_once_for_a_line",
                fields=["requirement", "line", "period"],
                condition=Q(line__isnull=False),
            ),
            models.UniqueConstraint(
                name="obligation_once_for_an_outlet",
                fields=["requirement", "outlet", "period"],
                condition=Q(outlet__isnull=False),
            ),
            models.CheckConstraint(
                name="obligation_has_one_subject",
                condition=Q(line__isnull=True) | Q(outlet__isnull=True),
            ),
        ]
        indexes = [
            models.Index(name="obligation_plant_state_due", fields=["plant", "state", "due_on"]),
            models.Index(name="obligation_state_due", fields=["state", "due_on"]),
            models.Index(name="obligation_state_since", fields=["state", "state_changed_at"]),
        ]

    def __str__(self) -> str:
        return " · ".join(
            part for part in (str(self.requirement.title), self.subject_name, self.period) if part
        )

    @property
    def due_basis(self) -> Text:
        return Text(self.due_basis_zh, self.due_basis_en)

    @property
    def applies_basis(self) -> Text:
        return Text(self.applies_basis_zh, self.applies_basis_en)

    @property
    def subject_name(self) -> str:
        """The line's or the outlet's name; empty where the whole plant is the subject."""
        return str(self.line or self.outlet or "")

    @property
    def is_owed(self) -> bool:
        """The Python twin of ``owed``."""
        return self.state in OWED

    def is_overdue(self, *, today: date) -> bool:
        """The Python twin of ``overdue``."""
        return self.is_owed and self.due_on < today


class ReliefKind(models.TextChoices):
    EXTENSION = "extension", _("extension")
    WAIVER = "waiver", _("waiver")


class ReliefState(models.TextChoices):
    """Where a request stands; ``agreed`` still waits for an authority above."""

    ASKED = "asked", _("asked")
    AGREED = "agreed", _("agreed, waits for the authority above")
    GRANTED = "granted", _("granted")
    REFUSED = "refused", _("refused")
    TAKEN_BACK = "taken_back", _("taken back")


PENDING = frozenset({ReliefState.ASKED, ReliefState.AGREED})


class ReliefQuerySet(models.QuerySet["Relief"]):
    def visible_to(self, person: Person) -> Self:
        return self.filter(plants_of(person, "obligation__plant__"))

    def pending(self) -> Self:
        return self.filter(state__in=PENDING)

    def extending(self) -> Self:
        """The extensions that move a date, in the order in which they were granted."""
        granted = self.filter(kind=ReliefKind.EXTENSION, state=ReliefState.GRANTED)
        return granted.order_by("state_changed_at", "pk")

    def awaiting(self, person: Person) -> Self:
        """What waits for this officer's decision: asked under her, or agreed below her."""
        waiting = Q(pk__in=[])
        for post in person.posts():
            if post.role == Role.OFFICER and post.authority is not None:
                path = post.authority.path
                waiting |= Q(
                    state=ReliefState.ASKED, obligation__plant__authority__path__startswith=path
                )
                waiting |= Q(
                    state=ReliefState.AGREED, agreed_authority__path__startswith=path
                ) & ~Q(agreed_authority__path=path)
        return self.filter(waiting)


class Relief(models.Model):
    """A request (申请) about one obligation: a later day, or to be let off. Never edited.

    ``due_on_before`` is the day that stood when it was asked. What became of it is in ``state``
    and, decision by decision, in ``ReliefDecision``; ``agreed_authority`` is the last that granted.
    """

    obligation = models.ForeignKey(Obligation, on_delete=models.PROTECT, related_name="reliefs")
    kind = models.CharField(max_length=10, choices=ReliefKind.choices)
    due_on_before = models.DateField()
    new_due_on = models.DateField(null=True, blank=True)
    reason = models.TextField()
    token = models.UUIDField()
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=ReliefState.choices, default=ReliefState.ASKED)
    state_changed_at = models.DateTimeField()
    agreed_authority = models.ForeignKey(
        Authority, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = ReliefQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="relief_extension_has_a_later_day",
                condition=Q(kind="extension", new_due_on__gt=F("due_on_before"))
                | Q(kind="waiver", new_due_on__isnull=True),
            ),
            models.CheckConstraint(name="relief_has_a_reason", condition=~Q(reason="")),
            models.UniqueConstraint(
                name="relief_one_pending_for_an_obligation",
                fields=["obligation"],
                condition=Q(state__in=["agreed", "asked"]),
            ),
            models.UniqueConstraint(name="relief_once_for_a_form", fields=["obligation", "token"]),
        ]
        indexes = [models.Index(name="relief_waiting", fields=["state", "asked_at"])]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.obligation}"

    @property
    def is_pending(self) -> bool:
        """The Python twin of ``pending``."""
        return self.state in PENDING


class ReliefDecision(models.Model):
    """What one officer decided on a request, for which authority. Never changed."""

    relief = models.ForeignKey(Relief, on_delete=models.PROTECT, related_name="decisions")
    granted = models.BooleanField()
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(blank=True, default="")
    decided_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="relief_decision_once_for_an_authority", fields=["relief", "authority"]
            ),
            models.CheckConstraint(
                name="relief_refusal_has_a_reason", condition=Q(granted=True) | ~Q(reason="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.relief}: {self.authority}"
