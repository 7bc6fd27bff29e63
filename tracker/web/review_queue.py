"""One officer's queue as an address narrows and sorts it, and who else is at what in it."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import NamedTuple

from django.db.models import Q
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from plants.models import Authority, Person
from tracker.assessments.models import Proposal, ReviewClaim
from tracker.assessments.review import waiting_for
from tracker.obligations.models import Obligation, ObligationQuerySet
from tracker.reporting.queue import QueuePage, cursor_of, next_pk, read_queue
from tracker.reporting.rows import ObligationRow
from tracker.web.forms.review import QueueForm

PAGE_SIZE = 50


class QueueRow(NamedTuple):
    """A row of the queue; ``holder`` is another officer who is at it, by name.

    ``proposed_by`` is who proposed to accept it, where this officer is to confirm.
    """

    row: ObligationRow
    holder: str
    proposed_by: str = ""


@dataclass
class Queue:
    """What waits for this person, a page of it; ``asked`` is the address's query.

    ``opened`` is the obligation that is shown beside it, which need not wait any more.
    """

    person: Person
    asked: QueryDict
    now: datetime
    opened: int | None = None

    @cached_property
    def authorities(self) -> list[Authority]:
        return list(Authority.objects.visible_to(self.person).order_by("path"))

    @cached_property
    def form(self) -> QueueForm:
        return QueueForm(self.asked, self.authorities)

    @property
    def waiting(self) -> ObligationQuerySet:
        return waiting_for(self.person).filter(
            self.form.condition(timezone.localdate(self.now)),
        )

    @cached_property
    def page(self) -> QueuePage:
        return read_queue(self.waiting, self.form.order, self.form.after_cursor, size=PAGE_SIZE)

    def query(self, *, without: tuple[str, ...] = (), **changed: object) -> str:
        """The address's query, which every link of the page carries on; empty for none."""
        kept = self.asked.copy()
        for key in ("file", *without):
            kept.pop(key, None)
        for key, value in changed.items():
            kept[key] = str(value)
        text = kept.urlencode()
        return f"?{text}" if text else ""

    @cached_property
    def claims(self) -> list[ReviewClaim]:
        """Those on what the page shows, her own, and those that were taken from her."""
        shown = {self.opened, *(row.pk for row in self.page.rows)} - {None}
        about = (
            Q(submission__obligation__in=shown) | Q(person=self.person) | Q(taken_from=self.person)
        )
        claims = ReviewClaim.objects.with_people().filter(about)
        return list(
            claims.select_related(
                "person",
                "taken_from",
                "submission__obligation__requirement",
                "submission__obligation__plant",
                "submission__obligation__line",
                "submission__obligation__outlet",
            ).order_by("pk")
        )

    @cached_property
    def rows(self) -> list[QueueRow]:
        holders = {
            claim.submission.obligation_id: claim.person.name
            for claim in self.claims
            if claim.person_id != self.person.pk and claim.stands(now=self.now)
        }
        proposed = {
            each.submission.obligation_id: each.proposed_by.name
            for each in self.proposals
            if not each.answer and not each.is_void  # type: ignore[attr-defined]
        }
        return [
            QueueRow(row, holders.get(row.pk, ""), proposed.get(row.pk, ""))
            for row in self.page.rows
        ]

    @cached_property
    def proposals(self) -> list[Proposal]:
        """All on the page's rows, newest first; no query where one level decides on all of them."""
        if not self.page.two_levels:
            return []
        about = Proposal.objects.filter(submission__obligation__in=self.page.two_levels)
        return list(about.with_people().with_newer().order_by("-pk"))

    def proposals_of(self, obligation: Obligation) -> list[Proposal]:
        """The same for one obligation, which need not stand on the page."""
        if obligation.requirement.review_levels < 2:
            return []
        if obligation.pk in self.page.two_levels:
            pk = obligation.pk
            return [each for each in self.proposals if each.submission.obligation_id == pk]
        about = Proposal.objects.filter(submission__obligation=obligation)
        return list(about.with_people().order_by("-pk"))

    def address_behind(self, obligation: Obligation) -> str:
        """The address of the next that nobody else is at, or of the queue."""
        others = ReviewClaim.objects.standing(now=self.now).of_others(self.person)
        taken = list(others.values_list("submission__obligation", flat=True))
        order = self.form.order
        pk = next_pk(self.waiting, order, cursor_of(obligation, order), taken)
        if pk is None:
            return reverse("review-queue") + self.query(without=("after",))
        return reverse("review", args=[pk]) + self.query()
