"""Draws of plants and inspectors, the checks that follow on them, and what was found."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from plants.models import Authority, Part, Person, Plant
from plants.models.people import AUTHORITY_ROLES, Role, plants_of

PLANT_PEOPLE: frozenset[str] = frozenset({Role.MANAGER, Role.GROUP_MANAGER})


class TieKind(models.TextChoices):
    """Why an inspector may not be drawn for a plant: she is bound to it, or no inspector now."""

    ROLE = "role", _("has a role at the plant or its group")
    SEAT = "seat", _("has or had a seat in one of its rounds")
    UPLOAD = "upload", _("uploaded evidence for it")
    LEFT = "left", _("is no officer of the authority any more")


class SpotDrawQuerySet(models.QuerySet["SpotDraw"]):
    def visible_to(self, person: Person) -> Self:
        """Of her authority and below, of plants that she oversees, and those she may be drawn in.

        A plant's people see it once the last of its checks is settled: before, it would tell them
        of a visit that nobody has announced.
        """
        if not person.is_active:
            return self.none()
        seen = _with_plants_of(person, frozenset(AUTHORITY_ROLES))
        for post in person.posts():
            if post.authority is not None:
                seen |= Q(authority__path__startswith=post.authority.path)
        if person.has_role(Role.OFFICER):
            through = SpotDraw.inspectors.through._default_manager
            seen |= Q(pk__in=through.filter(person=person).values("spotdraw"))
        if person.has_role(*PLANT_PEOPLE):
            seen |= Q(
                ~Exists(SpotCheck.objects.outstanding().filter(draw=OuterRef("pk"))),
                _with_plants_of(person, PLANT_PEOPLE),
                carried_out_at__isnull=False,
            )
        return self.filter(seen)

    def announced(self) -> Self:
        """Neither carried out nor given up yet."""
        return self.filter(carried_out_at__isnull=True, given_up_at__isnull=True)


def _with_plants_of(person: Person, roles: frozenset[str]) -> Q:
    """Draws whose pool has a plant that she has one of the roles for."""
    through = SpotDraw.plants.through._default_manager
    found = through.filter(plants_of(person, "plant__", roles=roles))
    return Q(pk__in=found.values("spotdraw"))


class SpotDraw(models.Model):
    """A draw of plants and of inspectors for each (双随机), in two steps; never deleted.

    When it is announced, ``pools`` is fixed and ``commitment`` shows SHA-256 of the ``nonce``,
    which is not shown. ``word`` is what witnesses said after that; ``seed`` comes of all three.
    ``ties_since`` are the ties that came up between the two steps.
    """

    title = models.CharField(verbose_name=_("title"), max_length=200)
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="spot_draws")
    plants = models.ManyToManyField(Plant, related_name="spot_draws")
    inspectors = models.ManyToManyField(Person, related_name="spot_draws")
    pools = models.TextField()
    pools_digest = models.CharField(max_length=64)
    nonce = models.CharField(max_length=64)
    commitment = models.CharField(max_length=64)
    announced_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    announced_at = models.DateTimeField()
    word = models.CharField(max_length=200, blank=True, default="")
    witnesses = models.CharField(max_length=200, blank=True, default="")
    seed = models.CharField(max_length=64, blank=True, default="")
    ties_since = models.JSONField(default=list)
    carried_out_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    carried_out_at = models.DateTimeField(null=True, blank=True)
    given_up_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    given_up_at = models.DateTimeField(null=True, blank=True)
    given_up_reason = models.TextField(blank=True, default="")

    objects = SpotDrawQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="spot_draw_carried_out_or_given_up",
                condition=Q(carried_out_at=None) | Q(given_up_at=None),
            ),
            models.CheckConstraint(
                name="spot_draw_carried_out_with_a_word",
                condition=Q(carried_out_at=None) | ~(Q(word="") | Q(seed="")),
            ),
            models.CheckConstraint(
                name="spot_draw_given_up_with_a_reason",
                condition=Q(given_up_at=None) | ~Q(given_up_reason=""),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class SpotCheckQuerySet(models.QuerySet["SpotCheck"]):
    def visible_to(self, person: Person) -> Self:
        """Of plants that she oversees and where she inspects; the plant's people when it is done.

        Nobody tells a plant beforehand that it will be looked at.
        """
        if not person.is_active:
            return self.none()
        seen = plants_of(person, "plant__", roles=frozenset(AUTHORITY_ROLES))
        if person.has_role(Role.OFFICER):
            through = SpotCheck.inspectors.through._default_manager
            seen |= Q(pk__in=through.filter(person=person).values("spotcheck"))
        if person.has_role(*PLANT_PEOPLE):
            theirs = plants_of(person, "plant__", roles=PLANT_PEOPLE)
            seen |= theirs & Q(done_on__isnull=False)
        return self.filter(seen)

    def outstanding(self) -> Self:
        """Neither done nor given up."""
        return self.filter(done_on__isnull=True, given_up_at__isnull=True)

    def most_urgent_first(self, *, today: date) -> Self:
        """With how many findings are ``unsettled`` and ``overdue``; by these, then the newest."""
        unsettled = Q(findings__isnull=False) & ~Q(findings__state=FindingState.CONFIRMED)
        counted = self.annotate(
            unsettled=Count("findings", filter=unsettled),
            overdue=Count("findings", filter=unsettled & Q(findings__due_on__lt=today)),
        )
        newest = F("done_on").desc(nulls_first=True)
        return counted.order_by("-overdue", "-unsettled", newest, "-pk")


class SpotCheck(models.Model):
    """One drawn plant with the inspectors drawn for it; ``number`` is its place in the draw."""

    draw = models.ForeignKey(SpotDraw, on_delete=models.PROTECT, related_name="checks")
    number = models.PositiveSmallIntegerField()
    plant = models.ForeignKey(Plant, on_delete=models.PROTECT, related_name="spot_checks")
    inspectors = models.ManyToManyField(Person, related_name="spot_checks")
    done_on = models.DateField(verbose_name=_("done on"), null=True, blank=True)
    seen = models.TextField(verbose_name=_("what was seen"), blank=True, default="")
    done_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    told_at = models.DateTimeField(null=True, blank=True)
    given_up_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    given_up_at = models.DateTimeField(null=True, blank=True)
    given_up_reason = models.TextField(blank=True, default="")

    objects = SpotCheckQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="spot_check_once_in_a_draw", fields=["draw", "plant"]),
            models.CheckConstraint(
                name="spot_check_done_or_given_up",
                condition=Q(done_on=None) | Q(given_up_at=None),
            ),
            models.CheckConstraint(
                name="spot_check_done_says_what_was_seen",
                condition=Q(done_on=None) | ~Q(seen=""),
            ),
            models.CheckConstraint(
                name="spot_check_given_up_with_a_reason",
                condition=Q(given_up_at=None) | ~Q(given_up_reason=""),
            ),
        ]

    def __str__(self) -> str:
        return gettext("Spot check “%(draw)s”") % {"draw": self.draw}


class FindingState(models.TextChoices):
    """A finding is open until an officer confirms the remedy that the plant told."""

    OPEN = "open", pgettext_lazy("finding", "open")
    TOLD = "told", pgettext_lazy("finding", "remedy told")
    CONFIRMED = "confirmed", pgettext_lazy("finding", "remedied")


class SpotFindingQuerySet(models.QuerySet["SpotFinding"]):
    def visible_to(self, person: Person) -> Self:
        return self.filter(check_of__in=SpotCheck.objects.visible_to(person).values("pk"))

    def unsettled(self) -> Self:
        """Not confirmed as remedied."""
        return self.exclude(state=FindingState.CONFIRMED)

    def most_urgent_first(self) -> Self:
        """By their day, so that what is overdue comes first; with what a list names."""
        named = self.select_related("check_of__draw", "check_of__plant__authority")
        return named.order_by("due_on", "pk")


class SpotFinding(models.Model):
    """Something that a spot check found wrong, with the day by which it is to be remedied.

    ``returned_reason`` says why the last remedy was not enough.
    """

    check_of = models.ForeignKey(SpotCheck, on_delete=models.PROTECT, related_name="findings")
    number = models.PositiveSmallIntegerField()
    part = models.CharField(verbose_name=_("part"), max_length=16, choices=Part.choices)
    text = models.TextField(verbose_name=_("what is wrong"))
    clause = models.CharField(verbose_name=_("clause"), max_length=200, blank=True, default="")
    due_on = models.DateField(verbose_name=_("to be remedied by"))
    found_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    found_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=FindingState.choices, default=FindingState.OPEN)
    state_since_at = models.DateTimeField()
    remedy = models.TextField(verbose_name=_("remedy"), blank=True, default="")
    told_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    told_at = models.DateTimeField(null=True, blank=True)
    returned_reason = models.TextField(blank=True, default="")
    decided_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)

    objects = SpotFindingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="spot_finding_number_in_its_check", fields=["check_of", "number"]
            ),
            models.CheckConstraint(
                name="spot_finding_open_or_has_a_remedy",
                condition=Q(state="open") | ~Q(remedy=""),
            ),
            models.CheckConstraint(
                name="spot_finding_since_it_was_found",
                condition=Q(state_since_at__gte=F("found_at")),
            ),
        ]
        indexes = [
            models.Index(
                name="spot_finding_unsettled",
                fields=["due_on"],
                condition=~Q(state="confirmed"),
            )
        ]

    def __str__(self) -> str:
        return gettext("Finding %(number)d of the spot check") % {"number": self.number}

    @property
    def stamp(self) -> str:
        """What a page gives back to say which state of it was seen."""
        return self.state_since_at.isoformat()

    @property
    def is_settled(self) -> bool:
        return self.state == FindingState.CONFIRMED

    def is_overdue(self, *, today: date) -> bool:
        """Past its day and not confirmed; never stored."""
        return not self.is_settled and self.due_on < today
