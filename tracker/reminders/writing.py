"""What a letter says: its rows are looked at once more in the moment of writing."""

from collections.abc import Callable
from datetime import date, datetime

from django.utils import timezone

from plants.models import Person
from tracker.assessments.models import Decision, Review
from tracker.audit import Event
from tracker.obligations.models import Obligation
from tracker.regulations.models import Correction
from tracker.reminders import claims
from tracker.reminders.changes import ChangeLine, build_change_notice, read_changes
from tracker.reminders.digest import Due, News, build_digest, build_escalation
from tracker.reminders.letters import Letter
from tracker.reminders.models import OF_LADDERS, Kind, LetterKind, ReminderQuerySet
from tracker.reminders.notices import build_notice
from tracker.reminders.rule_news import RuleLine, build_rule_notice, read_rule_news
from tracker.reminders.wording import tell_broken

Cancelled = Callable[[int], None]


def write_letter(
    rows: ReminderQuerySet, person: Person, letter: str, *, at: datetime, cancelled: Cancelled
) -> Letter | None:
    """The letter of this kind for her ``rows``, as it goes ``at`` that time; None for no rows.

    Rows that are right no more are cancelled, and their number told: owed no more, re-dated, of a
    plant that she has left, a rule that binds her no longer.
    """
    writer = _Writer(rows, person, at, cancelled)
    written = {
        LetterKind.RETURNED.value: writer.returned,
        LetterKind.AT_ONCE.value: writer.at_once,
        LetterKind.ESCALATION.value: writer.escalation,
    }.get(letter, writer.digest)()
    tell_broken(written.broken if written else None, at=at)
    return written


class _Writer:
    def __init__(
        self, rows: ReminderQuerySet, person: Person, at: datetime, cancelled: Cancelled
    ) -> None:
        self.rows, self.person, self.at, self._cancelled = rows, person, at, cancelled
        # Most digests have rungs only: what isn't there need not be looked for.
        self._kinds = set(rows.values_list("kind", flat=True).distinct())

    def digest(self) -> Letter | None:
        """All in one letter; what is of one sort only has that sort's own words."""
        dues, news = self._dues(), News(self._reviews(), self._changes(), self._rules())
        person = self.person
        if not dues and not news:
            return None
        if not dues and news.only == "accepted":
            return build_notice(person=person, decision=Decision.ACCEPT, reviews=news.accepted)
        if not dues and news.only == "changes":
            return build_change_notice(person=person, lines=news.changes)
        if not dues and news.only == "rules":
            return build_rule_notice(person=person, lines=news.rules)
        return build_digest(person=person, dues=dues, news=news, today=self._today())

    def escalation(self) -> Letter | None:
        dues = self._dues()
        if not dues:
            return None
        return build_escalation(person=self.person, dues=dues, today=self._today())

    def returned(self) -> Letter | None:
        reviews = self._reviews()
        if not reviews:
            return None
        return build_notice(person=self.person, decision=Decision.RETURN, reviews=reviews)

    def at_once(self) -> Letter | None:
        lines = self._changes()
        if not lines:
            return None
        return build_change_notice(person=self.person, lines=lines, letter=LetterKind.AT_ONCE)

    def _today(self) -> date:
        return timezone.localdate(self.at)

    def _dues(self) -> list[Due]:
        if not self._kinds & OF_LADDERS:
            return []
        rows = self.rows.of_ladders()
        self._cancel_all_but(rows, rows.still_right())
        found = rows.values_list("due_on", "obligation_id", "obligation__plant_id", "kind")
        return [
            Due(due_on, obligation, plant, kind)
            for due_on, obligation, plant, kind in found
            if due_on is not None and obligation is not None
        ]

    def _reviews(self) -> list[Review]:
        """Those that the person may still see, newest first."""
        if Kind.REVIEW not in self._kinds:
            return []
        rows = self.rows.of_reviews()
        seen = Review.objects.visible_to(self.person)
        self._cancel_all_but(rows, rows.filter(review__in=seen.values("pk")))
        return list(
            Review.objects.filter(pk__in=rows.values("review"))
            .select_related(
                "reviewed_by",
                "submission__obligation__requirement__document",
                "submission__obligation__plant",
                "submission__obligation__line",
                "submission__obligation__outlet",
            )
            .order_by("-reviewed_at", "pk")
        )

    def _changes(self) -> list[ChangeLine]:
        """Of obligations that she may still see."""
        if Kind.CHANGE not in self._kinds:
            return []
        rows = self.rows.of_changes()
        seen = Obligation.objects.visible_to(self.person)
        self._cancel_all_but(rows, rows.filter(obligation__in=seen.values("pk")))
        named = Obligation.objects.select_related(
            "requirement__document", "plant", "line", "outlet"
        )
        obligations = named.in_bulk(list(rows.values_list("obligation", flat=True)))
        events = Event.objects.filter(pk__in=rows.values("event")).order_by("pk")
        return read_changes(events, obligations)

    def _rules(self) -> list[RuleLine]:
        """Those that bind her still."""
        if Kind.RULE not in self._kinds:
            return []
        rows = self.rows.of_corrections()
        corrections = Correction.objects.filter(pk__in=rows.values("correction"))
        lines = read_rule_news(self.person, corrections.order_by("pk"))
        told = [line.correction.pk for line in lines]
        self._cancel_all_but(rows, rows.filter(correction__in=told))
        return lines

    def _cancel_all_but(self, rows: ReminderQuerySet, right: ReminderQuerySet) -> None:
        self._cancelled(claims.cancel(rows.exclude(pk__in=right.values("pk"))))
