"""What the review page shows: the queue, the document, and the decision beside it."""

from typing import NamedTuple

from django.utils import timezone
from django.utils.translation import gettext as _

from plants.models import Part
from tracker.assessments.claims import claim_submission, claims_by_opening
from tracker.assessments.levels import sent_back_of, standing_of
from tracker.assessments.models import ReviewClaim
from tracker.assessments.quick_reasons import QuickReason
from tracker.assessments.review import why_not_review
from tracker.assessments.seen import digest_of_read
from tracker.evidence.models import Evidence, Submission
from tracker.evidence.preview import Told
from tracker.evidence.quarantine import why_not_accept
from tracker.obligations.models import Obligation
from tracker.regulations.models import SubjectKind
from tracker.reporting.answers import Answer, read_submitted, with_law
from tracker.web.access import PersonRequest, find
from tracker.web.forms.review import DUES, LEVELS, ORDERS
from tracker.web.previews import kind_of, tell_to
from tracker.web.review_queue import Queue
from tracker.web.tags import moment
from tracker.web.views.obligations import limits_of


class Shown(NamedTuple):
    """A file of the submission, and what a page can show of the one that is chosen."""

    evidence: Evidence
    kind: str
    chosen: bool
    told: Told | None

    @property
    def page(self) -> int:
        return 1


def queue_of(request: PersonRequest, opened: int | None = None) -> Queue:
    return Queue(request.user, request.GET, timezone.now(), opened)


def first_free(queue: Queue) -> int | None:
    """What the queue opens with: the first of the page that nobody else is at."""
    free = (each.row.pk for each in queue.rows if not each.holder)
    return next(free, queue.rows[0].row.pk if queue.rows else None)


def desk_context(request: PersonRequest, queue: Queue, pk: int) -> dict[str, object]:
    """One obligation beside the queue. Whoever opens it claims it, if she may decide on it."""
    person, today = request.user, timezone.localdate(queue.now)
    shown = find(with_law(Obligation.objects.visible_to(person)), pk=pk)
    answer = read_submitted(shown)
    proposals = queue.proposals_of(shown)
    proposal = standing_of(proposals, answer.latest)
    why_not = why_not_review(person, shown, answer.latest, proposal)
    sent_back = sent_back_of(proposals, answer.latest) if proposal is None else None
    opens = request.method == "GET" and claims_by_opening(person, sent_back)
    read = _claim if opens else _standing_claim
    claim = read(queue, answer.latest) if why_not is None else None
    is_others = claim is not None and claim.person_id != person.pk
    return {
        **queue_context(queue, pk),
        "today": today,
        "obligation": shown,
        "requirement": shown.requirement,
        "limits": limits_of(shown, today),
        "answer": answer,
        "seen": digest_of_read(answer.latest) if answer.latest else "",
        "why_not_accept": why_not_accept(_files_of(answer)),
        "previews": _previews(request, answer),
        "quick_reasons": QuickReason.choices,
        "proposal": proposal,
        "sent_back": sent_back,
        "proposes": proposal is None and shown.requirement.review_levels > 1,
        "why_not": _whose(claim) if claim is not None and is_others else why_not,
        "held": claim if is_others else None,
        "taken": [
            each
            for each in queue.claims
            if each.taken_from_id == person.pk and each.stands(now=queue.now)
        ],
    }


def queue_context(queue: Queue, pk: int = 0) -> dict[str, object]:
    """The list with its filters, and what lies before and behind the one that is open."""
    page, rows, read = queue.page, queue.rows, queue.form.cleaned_data
    order = [each.row.pk for each in rows]
    at = order.index(pk) if pk in order else -1
    free = [each.row.pk for each in rows[at + 1 :] if not each.holder]
    before = [each.row.pk for each in rows[: max(at, 0)] if not each.holder]
    return {
        "queue": rows,
        "query": queue.query(),
        "further": queue.query(after=page.last) if page.last else "",
        "from_start": queue.query(without=("after",)) if read.get("after") else "",
        "next_pk": free[0] if free else None,
        "previous_pk": before[-1] if before else None,
        "chosen": read,
        "narrowed": [(key, value) for key, value in queue.asked.items() if key != "file"],
        "narrows": queue.form.narrows,
        "orders": ORDERS,
        "authorities": [(each.code, each.name) for each in queue.authorities],
        "parts": Part.choices,
        "kinds": SubjectKind.choices,
        "dues": DUES,
        "levels": LEVELS,
    }


def _claim(queue: Queue, latest: Submission | None) -> ReviewClaim | None:
    """The claim that stands on the newest submission; looking at it makes one."""
    if latest is None:
        return None
    return claim_submission(latest, person=queue.person, at=queue.now, known=queue.claims)


def _standing_claim(queue: Queue, latest: Submission | None) -> ReviewClaim | None:
    """The same, where looking makes none."""
    if latest is None:
        return None
    standing = (each for each in queue.claims if each.stands(now=queue.now))
    return next((each for each in standing if each.submission_id == latest.pk), None)


def _whose(claim: ReviewClaim) -> str:
    return _("%(name)s is at this one since %(at)s.") % {
        "name": claim.person.name,
        "at": moment(claim.claimed_at),
    }


def _previews(request: PersonRequest, answer: Answer) -> list[Shown]:
    """The newest submission's files; open is the one asked for, else the first showable."""
    chosen = request.GET.get("file", "")
    files = _files_of(answer)
    asked = [file.pk for file in files if str(file.pk) == chosen]
    showable = [file.pk for file in files if kind_of(file)] or [file.pk for file in files]
    open_pk = next(iter(asked or showable), None)
    return [_shown(request, file, chosen=file.pk == open_pk) for file in files]


def _files_of(answer: Answer) -> list[Evidence]:
    """Of the newest submission; no query, they were read with it."""
    found = answer.latest.evidence.all() if answer.latest is not None else ()
    return sorted(found, key=lambda evidence: evidence.pk)


def _shown(request: PersonRequest, file: Evidence, *, chosen: bool) -> Shown:
    return Shown(file, kind_of(file), chosen, tell_to(request, file) if chosen else None)
