"""Who may do what in spot checks; each refusal is a sentence for the reader."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from plants.models import Authority, Listing, Person, Plant, Role
from tracker import audit
from tracker.rounds.models import SpotCheck, SpotFinding


class SpotCheckRefused(Exception):
    """It can't be done; the sentence says why, in the reader's language."""


def person_of(by: audit.Actor) -> Person:
    """Draws and checks are made by people."""
    if by.person is None or not by.person.is_active:
        raise SpotCheckRefused(_("Only a person can do this."))
    return by.person


def refuse(sentence: str | None) -> None:
    if sentence is not None:
        raise SpotCheckRefused(sentence)


def offices_of(person: Person) -> list[Authority]:
    """The authorities that she is an officer of, and may announce a draw for."""
    posts = person.posts() if person.is_active else []
    return [
        post.authority for post in posts if post.role == Role.OFFICER and post.authority is not None
    ]


def may_draw(person: Person, authority: Authority) -> bool:
    """Whether she is an officer of the authority or above it."""
    return any(authority.path.startswith(office.path) for office in offices_of(person))


def why_not_draw(person: Person, authority: Authority) -> str | None:
    if may_draw(person, authority):
        return None
    return _("Only an officer of this authority, or above it, can do this.")


def inspectors_under(authority: Authority) -> QuerySet[Person]:
    """Who may be drawn as an inspector: the officers of the authority and below."""
    officers = Person.objects.filter(
        is_active=True,
        memberships__role=Role.OFFICER,
        memberships__authority__path__startswith=authority.path,
    )
    return officers.distinct().order_by("name", "pk")


def plants_under(authority: Authority) -> QuerySet[Plant]:
    """The plants that a draw of the authority may be about."""
    return Plant.objects.filter(authority__path__startswith=authority.path).order_by("code")


def listed_plants(plants: QuerySet[Plant]) -> QuerySet[Plant]:
    """Those of the plants of which some part stands on the public list."""
    return plants.filter(pk__in=Listing.objects.standing().values("plant"))


def inspects(person: Person, check: SpotCheck) -> bool:
    """Whether she was drawn for it and is still an officer."""
    if not person.is_active or not person.has_role(Role.OFFICER):
        return False
    return check.inspectors.filter(pk=person.pk).exists()


def why_not_inspect(person: Person, check: SpotCheck) -> str | None:
    """Why she can't say what was seen and found; None if she can."""
    if check.given_up_at is not None:
        return _("The spot check was given up.")
    if inspects(person, check):
        return None
    return _("Only an inspector who was drawn for this check can write what was seen.")


def why_not_give_up_check(person: Person, check: SpotCheck) -> str | None:
    """A check without anybody who could make it is not left standing for ever."""
    return why_not_draw(person, check.draw.authority)


def why_not_tell(person: Person, finding: SpotFinding) -> str | None:
    if person.answers_for(finding.check_of.plant):
        return None
    return _("Only the plant's manager or its group's manager can tell the remedy.")


def why_not_decide(person: Person, finding: SpotFinding) -> str | None:
    if inspects(person, finding.check_of) or person.oversees(finding.check_of.plant):
        return None
    return _("Only an inspector of the check or an officer over the plant can decide on it.")
