"""Notices: what an officer decided on a submission, told to who handed it in or took it over."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from plants.models import Person
from tracker.assessments.models import Decision, Review
from tracker.reminders.answering import Answering
from tracker.reminders.letters import Letter, language_of, render_letter
from tracker.reminders.models import Kind, LetterKind, Reminder, ReminderState
from tracker.reminders.posting import Posting

# A decision older than this is no news: it is a loaded history, not a night that was missed.
NEWS_FOR = timedelta(days=30)
ROWS_IN_A_LETTER = 50
TEMPLATES = {Decision.RETURN: "returned", Decision.ACCEPT: "accepted"}


def plan_notices(*, at: datetime) -> int:
    """Add what is missing of the rows for the reviews of the last 30 days; count what came.

    One for whoever handed it in; where she answers for the plant no more, for each who does.
    A sweep over what is there: whoever reviewed need not have told anybody. Unique for a review and
    a person, so that running again, or twice at once, adds nothing.
    """
    told = Reminder.objects.filter(review=OuterRef("pk"))
    untold = list(
        Review.objects.filter(
            ~Exists(told.exclude(state=ReminderState.CANCELLED)), reviewed_at__gt=at - NEWS_FOR
        )
        .order_by("pk")
        .select_related("submission__obligation__plant")
    )
    posting = Posting(at=at)
    fresh = [
        Reminder(
            review=review,
            person=person,
            obligation=review.submission.obligation,
            due_on=review.submission.obligation.due_on,
            kind=Kind.REVIEW,
            planned_at=at,
            **posting.of(person.pk, **_wish(review)),
        )
        for review, person in _missing(untold)
    ]
    Reminder.objects.bulk_create(fresh, ignore_conflicts=True)
    return len(fresh)


def _wish(review: Review) -> dict[str, Any]:
    """A return is told at once; that it was accepted may wait, or go without a mail."""
    if review.decision == Decision.RETURN:
        return {"at_once": LetterKind.RETURNED}
    return {"optional": True}


def _missing(untold: Sequence[Review]) -> list[tuple[Review, Person]]:
    """Whom each of them concerns, but for those who have a row: theirs was cancelled."""
    if not untold:
        return []
    answering = Answering(review.submission.obligation.plant for review in untold)
    had = set(Reminder.objects.filter(review__in=untold).values_list("review", "person"))
    found = []
    for review in untold:
        answer = answering.of(review.submission.obligation.plant)
        submitter = [each for each in answer if each.pk == review.submission.submitted_by_id]
        found += [
            (review, person) for person in submitter or answer if (review.pk, person.pk) not in had
        ]
    return found


def build_notice(*, person: Person, decision: str, reviews: Sequence[Review]) -> Letter:
    """Write one letter about one or more reviews of one ``decision`` in the person's language."""
    with override(language_of(person)):
        return render_letter(
            TEMPLATES[Decision(decision)],
            person=person,
            subject=_subject(decision, reviews),
            context=decisions_context(person, reviews),
            optional=decision == Decision.ACCEPT,
            about={
                "plants": {each.submission.obligation.plant_id for each in reviews},
                "count": len(reviews),
            },
        )


def decisions_context(person: Person, reviews: Sequence[Review]) -> dict[str, object]:
    """What the templates show of them; the first fifty."""
    shown = reviews[:ROWS_IN_A_LETTER]
    return {
        "reviews": shown,
        "total": len(reviews),
        "more": len(reviews) - len(shown),
        "is_heir": any(each.submission.submitted_by_id != person.pk for each in reviews),
    }


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
