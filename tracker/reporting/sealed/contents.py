"""What goes into a package: the rows that are read, for a plant or for one of its obligations."""

from dataclasses import dataclass, field
from functools import cached_property

from django.db.models import Prefetch, Q, QuerySet

from plants.models import Person, Plant, Role
from tracker.assessments.models import Comment, Proposal, ReviewCorrection
from tracker.audit import Event
from tracker.evidence.models import Attachment, Evidence, Submission
from tracker.obligations.models import Obligation, Relief, ReliefDecision
from tracker.reporting.sealed.packed import Packed


@dataclass(frozen=True)
class Contents(Packed):
    """The obligations with all answers and decisions, and every file that ever lay at them."""

    plant: Plant
    obligation: Obligation | None
    obligations: list[Obligation] = field(default_factory=list)
    files: list[Evidence] = field(default_factory=list)

    def tells(self, event: Event) -> bool:
        if self.obligation is None:
            return True
        if event.thing_kind == Obligation._meta.model_name:
            return event.thing_id == self.obligation.pk
        return event.thing_kind == Evidence._meta.model_name and event.thing_id in self._file_ids

    @cached_property
    def _file_ids(self) -> set[int]:
        return {file.pk for file in self.files}


TAKERS = frozenset(
    {Role.OFFICER, Role.AUDITOR, Role.ADMINISTRATOR, Role.MANAGER, Role.GROUP_MANAGER}
)


def may_take(person: Person, plant: Plant) -> bool:
    """Whoever works with the whole plant; an assessment body sees it for one round only."""
    return any(
        post.plant_id == plant.pk
        or (post.company_id is not None and post.company_id == plant.company_id)
        or (post.authority is not None and plant.authority.path.startswith(post.authority.path))
        for post in person.posts()
        if post.role in TAKERS
    )


def read_contents(plant: Plant, obligation: Obligation | None = None) -> Contents:
    """In some ten queries for any number of rows. ``obligation`` is one of the plant's."""
    found = Obligation.objects.for_plant(plant)
    if obligation is not None:
        found = found.filter(pk=obligation.pk)
    obligations = list(
        found.select_related("requirement__document", "line", "outlet")
        .prefetch_related(
            Prefetch("submissions", _submissions()),
            Prefetch("attachments", Attachment.objects.select_related("removed_by").order_by("pk")),
            Prefetch("reliefs", _reliefs()),
            Prefetch("comments", Comment.objects.in_order()),
        )
        .order_by("due_on", "pk")
    )
    return Contents(plant, obligation, obligations, _files(plant, obligation))


def _submissions() -> QuerySet[Submission]:
    files = Prefetch("evidence", Evidence.objects.select_related("stored").order_by("pk"))
    answers = Submission.objects.select_related("submitted_by", "review__reviewed_by")
    return answers.prefetch_related(
        files,
        Prefetch("proposals", Proposal.objects.with_people().order_by("pk")),
        Prefetch("review__corrections", ReviewCorrection.objects.in_order()),
    ).order_by("number")


def _reliefs() -> QuerySet[Relief]:
    decisions = ReliefDecision.objects.select_related("authority", "decided_by").order_by("pk")
    asked = Relief.objects.select_related("asked_by").order_by("asked_at", "pk")
    return asked.prefetch_related(Prefetch("decisions", decisions), "papers")


def _files(plant: Plant, obligation: Obligation | None) -> list[Evidence]:
    """Taken away or not: what a decision rested on must be there, and so must what was hidden."""
    files = Evidence.objects.filter(plant=plant)
    if obligation is not None:
        laid = Q(attachments__obligation=obligation) | Q(submissions__obligation=obligation)
        asked = Q(papers__relief__obligation=obligation)
        files = files.filter(pk__in=files.filter(laid | asked).order_by().values("pk"))
    return list(files.select_related("stored", "uploaded_by").order_by("pk"))
