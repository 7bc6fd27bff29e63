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
from tracker.assessments.claims import StaleClaim, TakeOverRefused, take_over
from tracker.assessments.review import why_not_review
from tracker.evidence.models import Submission
from tracker.obligations.models import Obligation
from tracker.tasks import nudge_sender
from tracker.web.access import PersonRequest, actor_of, find, role_required
from tracker.web.forms.evidence import first_fault
from tracker.web.forms.review import INCOMPLETE, DecisionForm, TakeOverForm
from tracker.web.views.review_desk import desk_context, first_free, queue_context, queue_of
from tracker.web.views.review_outcomes import take_decision


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
    except TakeOverRefused as refusal:
        return _refused(request, pk, str(refusal), status=422)
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
    outcome = take_decision(
        submission=submission,
        decision=form.cleaned_data["decision"],
        reason=form.cleaned_data["reason"],
        seen=form.cleaned_data["seen"],
        by=actor_of(request),
        at=timezone.now(),
    )
    if outcome.done is None:
        pk = submission.obligation_id
        return _refused(request, pk, outcome.sentence, status=outcome.status)
    nudge_sender()
    messages.success(
        request,
        _("%(decision)s: %(name)s") % {"decision": outcome.word, "name": submission.obligation},
    )
    return redirect(following)


def _refused(request: PersonRequest, pk: int, sentence: str, *, status: int) -> HttpResponse:
    context = {**desk_context(request, queue_of(request, pk), pk), "refusal": sentence}
    context["reason"] = request.POST.get("reason", "")
    context["quick"] = request.POST.get("quick", "")
    return render(request, "review/review.html", context, status=status)
