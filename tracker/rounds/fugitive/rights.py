"""Who may enter what was seen of a round's fugitive emissions, and until when."""

from django.utils.translation import gettext as _

from plants.models import Person
from tracker import audit
from tracker.rounds.models import Round, Stage

# From here on the report says what was seen, and others judge by it.
REPORTED = frozenset(
    {
        Stage.FILED,
        Stage.REVIEW,
        Stage.PUBLIC_NOTICE,
        Stage.LISTED,
        Stage.SUSPENDED,
        Stage.REMOVED,
    }
)


class CheckRefused(Exception):
    """What was sent can't be taken; the sentence says why, in the reader's language."""


def why_not_check(person: Person | None, found: Round) -> str | None:
    """Why this person can't enter checks and remedies of the round now; None if she can."""
    if person is None or not takes_part(person, found):
        return _("Only the plant, its authority and who has a seat in the round can enter this.")
    if not found.fugitive:
        return _("The round is not about fugitive emissions.")
    if found.given_up_at is not None:
        return _("The round was given up.")
    if found.stage in REPORTED:
        return _("The round's report is filed: what was seen stays as it is.")
    return None


def checking(by: audit.Actor, found: Round) -> Person:
    """Who enters it; ``CheckRefused`` where she may not."""
    refusal = why_not_check(by.person, found)
    if by.person is None or refusal is not None:
        raise CheckRefused(refusal or "")
    return by.person


def locked(found: Round) -> Round:
    """The round as it stands now, for one at a time."""
    rounds = Round.objects.select_related("plant__authority")
    return rounds.select_for_update(of=("self",), no_key=True).get(pk=found.pk)


def takes_part(person: Person, found: Round) -> bool:
    """Whether it is hers to enter what is seen, as long as the round lets anybody."""
    if not person.is_active:
        return False
    if person.answers_for(found.plant) or person.oversees(found.plant):
        return True
    return found.seats.standing().filter(person=person).exists()
