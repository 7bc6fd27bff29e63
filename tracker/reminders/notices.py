"""Notices: what an officer decided on a submission, told to the one who handed it in."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from plants.models import Person
from tracker.assessments.models import Decision, Review
from tracker.reminders.letters import Letter, language_of, render_letter
from tracker.reminders.models import Reminder

# A decision older than this is no news: it is a loaded history, not a night that was missed.
NEWS_FOR = timedelta(days=30)
ROWS_IN_A_LETTER = 50
TEMPLATES = {Decision.RETURN: "returned", Decision.ACCEPT: "accepted"}


def plan_notices(*, at: datetime) -> int:
    """Add a row for each review of the last 30 days that its submitter has none for; count them.

    A sweep over what is there: whoever reviewed need not have told anybody. Unique for a review and
    a person, so that running again, or twice at once, adds nothing.
    """
    told = Reminder.objects.filter(
        review=OuterRef("pk"), person=OuterRef("submission__submitted_by")
    )
    untold = (
        Review.objects.filter(
            ~Exists(told),
            reviewed_at__gt=at - NEWS_FOR,
            submission__submitted_by__is_active=True,
        )
        .order_by("pk")
        .select_related("submission__obligation")
    )
    fresh = [
        Reminder(
            review=review,
            person_id=review.submission.submitted_by_id,
            obligation=review.submission.obligation,
            due_on=review.submission.obligation.due_on,
            planned_at=at,
            next_attempt_at=at,
        )
        for review in untold
    ]
    Reminder.objects.bulk_create(fresh, ignore_conflicts=True)
    return len(fresh)


def build_notice(*, person: Person, decision: str, reviews: Sequence[Review]) -> Letter:
    """Write one letter about one or more reviews of one ``decision`` in the person's language."""
    shown = reviews[:ROWS_IN_A_LETTER]
    with override(language_of(person)):
        return render_letter(
            TEMPLATES[Decision(decision)],
            person=person,
            subject=_subject(decision, reviews),
            context={
                "reviews": shown,
                "total": len(reviews),
                "more": len(reviews) - len(shown),
            },
        )


def _subject(decision: str, reviews: Sequence[Review]) -> str:
    """The one thing by its name; of more how many."""
    total = len(reviews)
    if total > 1 and decision == Decision.RETURN:
        return ngettext("[ULE] %d returned", "[ULE] %d returned", total) % total
    if total > 1:
        return ngettext("[ULE] %d accepted", "[ULE] %d accepted", total) % total
    obligation = reviews[0].submission.obligation
    words = {"title": obligation.requirement.title, "plant": obligation.plant.name}
    if decision == Decision.RETURN:
        return _("[ULE] Returned: %(title)s (%(plant)s)") % words
    return _("[ULE] Accepted: %(title)s (%(plant)s)") % words
