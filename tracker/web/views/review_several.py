"""Several submissions decided at once: what each rests on, one form, a decision for each."""

from typing import NamedTuple

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from plants.models import Role
from tracker.assessments.claims import claim_submissions
from tracker.assessments.models import Proposal, ReviewClaim
from tracker.assessments.quick_reasons import QuickReason
from tracker.assessments.review import waiting_for, why_not_review
from tracker.assessments.seen import digest_of_read
from tracker.evidence.models import Submission
from tracker.evidence.quarantine import why_not_accept
from tracker.obligations.models import Obligation
from tracker.reporting.answers import Answer, read_answers, with_law
from tracker.tasks import nudge_sender
from tracker.web.access import PersonRequest, actor_of, role_required
from tracker.web.forms.evidence import first_fault
from tracker.web.forms.review import SeveralForm, read_picks
from tracker.web.views.review_desk import queue_of
from tracker.web.views.review_outcomes import Outcome, take_decision


class Item(NamedTuple):
    """One of several: its submission and digest, and why it can't be decided here."""

    obligation: Obligation
    submission: Submission
    seen: str
    why_not: str
    why_not_accept: str | None
    proposal: Proposal | None = None


@require_safe
@role_required(Role.OFFICER)
def review_several(request: PersonRequest) -> HttpResponse:
    """What was ticked in the queue, each with what a decision on it rests on."""
    answers = _answers(request, read_picks(request.GET))
    if request.method == "GET":
        latest = [answer.latest for answer in answers if answer.latest is not None]
        claim_submissions(latest, person=request.user, at=timezone.now())
    return render(request, "review/several.html", _context(request, answers))


@require_POST
@role_required(Role.OFFICER)
def review_several_decide(request: PersonRequest) -> HttpResponse:
    """Decide on each by itself: what moved meanwhile is refused by name, the others go through."""
    form = SeveralForm(request.POST)
    if not form.is_valid():
        answers = _answers(request, [item.obligation for item in form.read_items()])
        refusal = {"refusal": first_fault(form), "reason": request.POST.get("reason", "")}
        context = {**_context(request, answers), **refusal}
        return render(request, "review/several.html", context, status=422)
    seen = {item.submission: item.seen for item in form.cleaned_data["items"]}
    by, at = actor_of(request), timezone.now()
    outcomes = [
        take_decision(
            submission=submission,
            decision=form.cleaned_data["decision"],
            reason=form.cleaned_data["reason"],
            seen=seen[submission.pk],
            by=by,
            at=at,
        )
        for submission in _submissions(request, list(seen))
    ]
    return _tell(request, outcomes)


def _tell(request: PersonRequest, outcomes: list[Outcome]) -> HttpResponse:
    """How many went through; those that did not stay on the page, as they are now."""
    nudge_sender()
    refused = [outcome for outcome in outcomes if outcome.done is None]
    total = len(outcomes) - len(refused)
    if total:
        words = ngettext("%d decided", "%d decided", total) % total
        messages.success(request, words)
    if not refused:
        return redirect(_queue_address(request))
    answers = _answers(request, [outcome.submission.obligation_id for outcome in refused])
    context = {
        **_context(request, answers),
        "refused": refused,
        "reason": request.POST.get("reason", ""),
    }
    return render(request, "review/several.html", context, status=409)


def _submissions(request: PersonRequest, pks: list[int]) -> list[Submission]:
    """All of them, for an officer over their plants; 404 if one is not there for her."""
    visible = Submission.objects.visible_to(request.user).filter(pk__in=pks)
    found = list(
        visible.select_related(
            "obligation__plant__authority",
            "obligation__requirement",
            "obligation__line",
            "obligation__outlet",
        ).order_by("pk")
    )
    if len(found) < len(pks):
        raise Http404
    for submission in found:
        if not request.user.oversees(submission.obligation.plant):
            raise PermissionDenied(why_not_review(request.user, submission.obligation))
    return found


def _answers(request: PersonRequest, pks: list[int]) -> list[Answer]:
    """What still waits of these, in the queue's order."""
    waiting = with_law(waiting_for(request.user).filter(pk__in=pks))
    return read_answers(waiting.order_by("state_changed_at", "pk"))


def _context(request: PersonRequest, answers: list[Answer]) -> dict[str, object]:
    claims = ReviewClaim.objects.standing(now=timezone.now()).of_others(request.user)
    shown = [answer.latest for answer in answers]
    holders = dict(claims.filter(submission__in=shown).values_list("submission", "person__name"))
    two_levels = [a.latest for a in answers if a.obligation.requirement.review_levels > 1]
    standing = Proposal.objects.standing().with_people().filter(submission__in=two_levels)
    proposed = {each.submission_id: each for each in standing} if two_levels else {}
    return {
        "today": timezone.localdate(),
        "quick_reasons": QuickReason.choices,
        "quick": request.POST.get("quick", ""),
        "query": queue_of(request).query(without=("pick",)),
        "items": [
            Item(
                answer.obligation,
                answer.latest,
                digest_of_read(answer.latest),
                why_not,
                why_not_accept(answer.latest.evidence.all()),
                proposed.get(answer.latest.pk),
            )
            for answer in answers
            if answer.latest is not None
            for why_not in [_why_not(request, answer.latest, answer.obligation, holders)]
        ],
    }


def _why_not(
    request: PersonRequest, latest: Submission, obligation: Obligation, holders: dict[int, str]
) -> str:
    if latest.pk in holders:
        return _("%(name)s is at this one.") % {"name": holders[latest.pk]}
    return why_not_review(request.user, obligation, latest) or ""


def _queue_address(request: PersonRequest) -> str:
    return reverse("review-queue") + queue_of(request).query(without=("pick",))
