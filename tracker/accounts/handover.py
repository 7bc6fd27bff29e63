"""When somebody who answers for a plant leaves: what stands open there, and who takes it over."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from plants.models import Invitation, Membership, Person, Plant, Role
from tracker import audit
from tracker.evidence.models import Attachment
from tracker.obligations.models import OWED, Obligation, Relief, State
from tracker.reminders.answering import Answering, posts_answering


@dataclass(frozen=True)
class Left:
    """One plant that she answers for no more: what is open, and who answers for it still.

    ``drafts`` are the owed that have files laid to them and were never handed in.
    """

    plant: Plant
    others: list[Person]
    owed: int
    asked: int
    drafts: int


@dataclass(frozen=True)
class Heir:
    """Who takes over: a person, whoever was invited, or else each plant's own people.

    ``nobody`` is an administrator's word that a plant stands alone for now.
    """

    person: Person | None = None
    invitation: Invitation | None = None
    nobody: bool = False

    @property
    def key(self) -> str:
        """How a form sends it back."""
        if self.person is not None:
            return f"person-{self.person.pk}"
        if self.invitation is not None:
            return f"invitation-{self.invitation.pk}"
        return "nobody" if self.nobody else "own"

    def name_for(self, left: Left) -> str:
        """As the trail tells it, for one of the plants."""
        if self.person is not None:
            return self.person.name
        if self.invitation is not None and not left.others:
            return f"{self.invitation.name} ({self.invitation.email})"
        return ", ".join(person.name for person in left.others)


class NeedsHeir(Exception):
    """Something is open, and nobody was named who may take it over."""


def read_left(post: Membership) -> list[Left]:
    """The plants with something open that she answers for by this post alone."""
    return _read_open(_plants_only_by(post), post.person)


def read_left_by(person: Person) -> list[Left]:
    """The same for all her posts at once, as if she were gone."""
    if not person.is_active:
        return []
    hers = posts_answering("pk", "company").filter(person=person)
    plants = Plant.objects.filter(Exists(hers)).select_related("authority").order_by("code")
    return _read_open(list(plants), person)


def read_heirs(post: Membership, left: Sequence[Left], *, at: datetime) -> list[Heir]:
    """Who may be named: who answers for all of these plants already, or was asked to.

    Where no one person does but each plant has somebody, its own people go on; where one has
    nobody, an administrator may say so.
    """
    if not left:
        return []
    everywhere = [
        person for person in left[0].others if all(person in each.others for each in left[1:])
    ]
    found = [Heir(person=person) for person in everywhere]
    found += [Heir(invitation=invitation) for invitation in _invited(post, at)]
    if any(not each.others for each in left):
        return [*found, Heir(nobody=True)]
    return found if everywhere else [*found, Heir()]


def hand_over(
    post: Membership,
    left: Iterable[Left],
    heir: Heir,
    *,
    reason: str,
    by: audit.Actor,
    at: datetime,
) -> None:
    """Tell it of each duty, on its plant's chain; mails follow from what the trail tells.

    Who takes over is told, and of a plant that has nobody its officers. Reminders need no moving:
    they are planned for whoever answers.
    """
    with audit.together():
        for each in left:
            _tell_of(each, post, heir, reason=reason, by=by, at=at)


def unanswered(person: Person) -> QuerySet[Plant]:
    """The plants in her sight that owe something (``owes``) and that nobody answers for."""
    duties = Obligation.objects.owed().filter(plant=OuterRef("pk"))
    return (
        Plant.objects.visible_to(person)
        .filter(Exists(duties), ~Exists(posts_answering("pk", "company")))
        .annotate(owes=Count("obligations", filter=Q(obligations__state__in=OWED)))
        .select_related("authority")
        .order_by("authority__path", "code")
    )


def _tell_of(
    left: Left, post: Membership, heir: Heir, *, reason: str, by: audit.Actor, at: datetime
) -> None:
    alone = heir.nobody and not left.others
    named = [heir.person] if heir.person is not None else left.others
    after = {"leaver": post.person.name, "heir": heir.name_for(left)}
    for duty in Obligation.objects.owed().filter(plant=left.plant).order_by("pk"):
        audit.record(
            by=by,
            at=at,
            verb=audit.Verb.LEFT_ALONE if alone else audit.Verb.HANDED_OVER,
            thing=duty,
            plant=left.plant,
            after={**after, "concerns": [person.pk for person in named]},
            note=reason,
        )


def _read_open(plants: Sequence[Plant], leaver: Person) -> list[Left]:
    """Those of the plants with something open, and who but her answers for them."""
    open_in = _count_open(plants)
    answering = Answering(plants)
    return [
        Left(
            plant,
            [person for person in answering.of(plant) if person.pk != leaver.pk],
            **open_in[plant.pk],
        )
        for plant in plants
        if any(open_in[plant.pk].values())
    ]


def _plants_only_by(post: Membership) -> list[Plant]:
    if post.role not in (Role.MANAGER, Role.GROUP_MANAGER) or not post.person.is_active:
        return []
    reached = Q(pk=post.plant_id) if post.plant_id else Q(company=post.company_id)
    others = posts_answering("pk", "company").filter(person=post.person_id).exclude(pk=post.pk)
    plants = Plant.objects.filter(reached, ~Exists(others))
    return list(plants.select_related("authority").order_by("code"))


def _count_open(plants: Sequence[Plant]) -> dict[int, dict[str, int]]:
    owed = Obligation.objects.owed().filter(plant__in=plants)
    files = Attachment.objects.lying().filter(obligation=OuterRef("pk"))
    drafts = owed.filter(Exists(files), state=State.OPEN)
    asked = Relief.objects.pending().filter(obligation__plant__in=plants)
    counts = {plant.pk: dict.fromkeys(("owed", "asked", "drafts"), 0) for plant in plants}
    for name, rows in (
        ("owed", owed.values_list("plant")),
        ("asked", asked.values_list("obligation__plant")),
        ("drafts", drafts.values_list("plant")),
    ):
        for plant_id, number in rows.order_by().annotate(number=Count("pk")):
            counts[plant_id][name] = number
    return counts


def _invited(post: Membership, at: datetime) -> list[Invitation]:
    """To answer for all that she answered for, by a link that hasn't run out."""
    company = post.company_id or (post.plant.company_id if post.plant is not None else None)
    same = Q(pk__in=[])
    if post.plant_id is not None:
        same |= Q(role=Role.MANAGER, plant=post.plant_id)
    if company is not None:
        same |= Q(role=Role.GROUP_MANAGER, company=company)
    alive = Q(expires_at__isnull=True) | Q(expires_at__gt=at)
    return list(Invitation.objects.pending().filter(same, alive).order_by(F("pk").desc()))
