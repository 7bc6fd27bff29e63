"""The review queue: list, document and decision side by side."""

from typing import NamedTuple

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from plants.models import Person, Role
from tracker.assessments.models import Review
from tracker.assessments.review import (
    ReviewRefused,
    review_submission,
    waiting_for,
    why_not_review,
)
from tracker.assessments.seen import OtherFiles, digest_of_read
from tracker.evidence.models import Evidence, Submission
from tracker.obligations.models import Obligation, ObligationQuerySet
from tracker.obligations.states import StaleState
from tracker.reporting.answers import Answer, read_answers, with_law
from tracker.reporting.rows import read_rows
from tracker.tasks import nudge_sender
from tracker.web.access import PersonRequest, actor_of, find, role_required
from tracker.web.forms.evidence import first_fault
from tracker.web.forms.review import DecisionForm
from tracker.web.views.obligations import limits_of

QUEUE_SHOWN = 100


class Preview(NamedTuple):
    """A file of the submission; ``kind`` is pdf, image or empty where a page can't show it."""

    evidence: Evidence
    kind: str
    chosen: bool


@require_safe
@role_required(Role.OFFICER)
def review_queue(request: PersonRequest) -> HttpResponse:
    """Goes to the one that has waited longest; with nothing waiting, says so."""
    first = _waiting(request.user).first()
    if first is None:
        return render(request, "review/empty.html")
    return render(request, "review/review.html", _context(request, first.pk))


@require_safe
@role_required(Role.OFFICER)
def review(request: PersonRequest, pk: int) -> HttpResponse:
    """One obligation of the queue, also after it was decided."""
    return render(request, "review/review.html", _context(request, pk))


@require_POST
@role_required(Role.OFFICER)
def review_decide(request: PersonRequest, pk: int) -> HttpResponse:
    """Accept or return; the next item follows at once."""
    visible = Submission.objects.visible_to(request.user).filter(obligation_id=pk)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        find(Obligation.objects.visible_to(request.user), pk=pk)
        return _refused(request, pk, first_fault(form), status=422)
    submission = find(
        visible.select_related("obligation__plant__authority", "obligation__requirement"),
        pk=form.cleaned_data["submission"],
    )
    if not request.user.oversees(submission.obligation.plant):
        raise PermissionDenied(why_not_review(request.user, submission.obligation))
    following = _following(request.user, pk)
    return _decide(request, form, submission, following)


def _decide(
    request: PersonRequest, form: DecisionForm, submission: Submission, following: str
) -> HttpResponse:
    decision = form.cleaned_data["decision"]
    try:
        done = review_submission(
            submission=submission,
            decision=decision,
            reason=form.cleaned_data["reason"],
            by=actor_of(request),
            at=timezone.now(),
            seen=form.cleaned_data["seen"],
        )
    except OtherFiles:
        return _refused(request, submission.obligation_id, _other_files(), status=409)
    except ReviewRefused as refusal:
        return _refused(request, submission.obligation_id, str(refusal), status=422)
    except StaleState:
        earlier = Review.objects.filter(submission=submission).select_related("reviewed_by").first()
        if earlier is None or (earlier.reviewed_by, earlier.decision) != (request.user, decision):
            return _refused(request, submission.obligation_id, _stale(earlier), status=409)
        done = earlier
    nudge_sender()
    messages.success(
        request,
        _("%(decision)s: %(name)s")
        % {"decision": done.get_decision_display(), "name": submission.obligation},
    )
    return redirect(following)


def _stale(earlier: Review | None) -> str:
    """What happened meanwhile, and that the typed reason is still there."""
    if earlier is None:
        return _(
            "The plant answered anew meanwhile, so nothing was decided. "
            "Look at the new submission; what you typed is still here."
        )
    return _(
        "%(name)s decided on this meanwhile: %(decision)s. Nothing was changed by you; "
        "what you typed is still here."
    ) % {"name": earlier.reviewed_by.name, "decision": earlier.get_decision_display()}


def _other_files() -> str:
    return _(
        "The files of this submission are no longer those that you saw, so nothing was decided. "
        "Look at them again; what you typed is still here."
    )


def _refused(request: PersonRequest, pk: int, sentence: str, *, status: int) -> HttpResponse:
    context = {**_context(request, pk), "refusal": sentence}
    context["reason"] = request.POST.get("reason", "")
    return render(request, "review/review.html", context, status=status)


def _waiting(person: Person) -> ObligationQuerySet:
    """What has waited longest comes first."""
    return waiting_for(person).order_by("state_changed_at", "pk")


def _following(person: Person, pk: int) -> str:
    """The address of the item after this one, or of the queue."""
    queue = list(_waiting(person).values_list("pk", flat=True))
    after = queue[queue.index(pk) + 1 :] if pk in queue else queue
    rest = [other for other in [*after, *queue] if other != pk]
    return reverse("review", args=[rest[0]]) if rest else reverse("review-queue")


def _context(request: PersonRequest, pk: int) -> dict[str, object]:
    person, today = request.user, timezone.localdate()
    shown = find(with_law(Obligation.objects.visible_to(person)), pk=pk)
    queue = read_rows(_waiting(person)[:QUEUE_SHOWN])
    order = [row.pk for row in queue]
    at = order.index(pk) if pk in order else -1
    following = order[at + 1] if 0 <= at < len(order) - 1 else None
    previous = order[at - 1] if at > 0 else None
    [answer] = read_answers([shown])
    return {
        "today": today,
        "queue": queue,
        "obligation": shown,
        "requirement": shown.requirement,
        "limits": limits_of(shown, today),
        "answer": answer,
        "seen": digest_of_read(answer.latest) if answer.latest else "",
        "previews": _previews(answer, request.GET.get("file", "")),
        "why_not": why_not_review(person, shown, answer.latest),
        "next_pk": following,
        "previous_pk": previous,
    }


def _previews(answer: Answer, chosen: str) -> list[Preview]:
    """The newest submission's files; open is the one asked for, else the first showable."""
    if answer.latest is None:
        return []
    files = sorted(answer.latest.evidence.all(), key=lambda evidence: evidence.pk)
    kinds = {file.pk: _kind(file.media_type) for file in files}
    asked = [file.pk for file in files if str(file.pk) == chosen]
    showable = [file.pk for file in files if kinds[file.pk]] or [file.pk for file in files]
    open_pk = next(iter(asked or showable), None)
    return [Preview(file, kinds[file.pk], file.pk == open_pk) for file in files]


def _kind(media_type: str) -> str:
    return {"application/pdf": "pdf", "image/png": "image", "image/jpeg": "image"}.get(
        media_type, ""
    )
