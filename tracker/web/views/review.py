"""The review queue: list, document and decision side by side."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from plants.models import Role
from tracker.assessments.claims import ClaimedByAnother, StaleClaim, take_over
from tracker.assessments.models import Review
from tracker.assessments.review import ReviewRefused, review_submission, why_not_review
from tracker.assessments.seen import OtherFiles
from tracker.evidence.models import Submission
from tracker.obligations.models import Obligation
from tracker.obligations.states import StaleState
from tracker.tasks import nudge_sender
from tracker.web.access import PersonRequest, actor_of, find, role_required
from tracker.web.forms.evidence import first_fault
from tracker.web.forms.review import INCOMPLETE, DecisionForm, TakeOverForm
from tracker.web.views.review_desk import desk_context, first_free, queue_context, queue_of


@require_safe
@role_required(Role.OFFICER)
def review_queue(request: PersonRequest) -> HttpResponse:
    """Opens the first that nobody else is at; with nothing waiting, says so."""
    queue = queue_of(request)
    first = first_free(queue)
    if first is None:
        return render(request, "review/empty.html", queue_context(queue))
    return render(request, "review/review.html", desk_context(request, queue, first))


@require_safe
@role_required(Role.OFFICER)
def review(request: PersonRequest, pk: int) -> HttpResponse:
    """One obligation of the queue, also after it was decided."""
    return render(request, "review/review.html", desk_context(request, queue_of(request, pk), pk))


@require_POST
@role_required(Role.OFFICER)
def review_decide(request: PersonRequest, pk: int) -> HttpResponse:
    """Accept or return; the next item follows at once."""
    form = DecisionForm(request.POST)
    if not form.is_valid():
        find(Obligation.objects.visible_to(request.user), pk=pk)
        return _refused(request, pk, first_fault(form), status=422)
    submission = _submission_of(request, pk, form.cleaned_data["submission"])
    following = queue_of(request).address_behind(submission.obligation)
    return _decide(request, form, submission, following)


@require_POST
@role_required(Role.OFFICER)
def review_take_over(request: PersonRequest, pk: int) -> HttpResponse:
    """Take it from the officer who is at it; she reads so on her page."""
    form = TakeOverForm(request.POST)
    if not form.is_valid():
        find(Obligation.objects.visible_to(request.user), pk=pk)
        return _refused(request, pk, str(INCOMPLETE), status=422)
    submission = _submission_of(request, pk, form.cleaned_data["submission"])
    try:
        take_over(
            submission,
            holder_pk=form.cleaned_data["holder"],
            by=actor_of(request),
            at=timezone.now(),
        )
    except StaleClaim:
        sentence = _("Somebody else is at it by now, or nobody. Look again.")
        return _refused(request, pk, sentence, status=409)
    return redirect(reverse("review", args=[pk]) + queue_of(request).query())


def _submission_of(request: PersonRequest, pk: int, submission_pk: int) -> Submission:
    """The submission of this obligation, for an officer over its plant; 403 for who only reads."""
    visible = Submission.objects.visible_to(request.user).filter(obligation_id=pk)
    submission = find(
        visible.select_related(
            "obligation__plant__authority",
            "obligation__requirement",
            "obligation__line",
            "obligation__outlet",
        ),
        pk=submission_pk,
    )
    if not request.user.oversees(submission.obligation.plant):
        raise PermissionDenied(why_not_review(request.user, submission.obligation))
    return submission


def _decide(
    request: PersonRequest, form: DecisionForm, submission: Submission, following: str
) -> HttpResponse:
    decision, pk = form.cleaned_data["decision"], submission.obligation_id
    try:
        done = review_submission(
            submission=submission,
            decision=decision,
            reason=form.cleaned_data["reason"],
            by=actor_of(request),
            at=timezone.now(),
            seen=form.cleaned_data["seen"],
        )
    except ReviewRefused as refusal:
        return _refused(request, pk, str(refusal), status=422)
    except ClaimedByAnother as fault:
        return _refused(request, pk, _others(fault), status=409)
    except OtherFiles:
        return _refused(request, pk, _other_files(), status=409)
    except StaleState:
        earlier = Review.objects.filter(submission=submission).select_related("reviewed_by").first()
        if earlier is None or (earlier.reviewed_by, earlier.decision) != (request.user, decision):
            return _refused(request, pk, _stale(earlier), status=409)
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


def _others(fault: ClaimedByAnother) -> str:
    return _(
        "%(name)s is at this one, so nothing was decided. Take it over first if you have to; "
        "what you typed is still here."
    ) % {"name": fault.claim.person.name}


def _other_files() -> str:
    return _(
        "The files of this submission are no longer those that you saw, so nothing was decided. "
        "Look at them again; what you typed is still here."
    )


def _refused(request: PersonRequest, pk: int, sentence: str, *, status: int) -> HttpResponse:
    context = {**desk_context(request, queue_of(request, pk), pk), "refusal": sentence}
    context["reason"] = request.POST.get("reason", "")
    return render(request, "review/review.html", context, status=status)
