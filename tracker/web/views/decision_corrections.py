"""A decision put right: what it rests on, why, and who ordered it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tracker.assessments.correct import (
    CorrectionRefused,
    correct_decision,
    read_standing,
    superiors_of,
    why_not_correct,
)
from tracker.assessments.seen import OtherFiles, digest_of_read
from tracker.obligations.models import Obligation
from tracker.obligations.states import StaleState
from tracker.reporting.answers import read_submitted, with_law
from tracker.tasks import nudge_sender
from tracker.web.access import PersonRequest, actor_of, find, signed_in
from tracker.web.forms.decision_corrections import DecisionCorrectionForm
from tracker.web.forms.evidence import first_fault


@require_safe
@signed_in
def decision_correction(request: PersonRequest, pk: int) -> HttpResponse:
    """The decision that stands, what it rests on, and the form that turns it."""
    return render(request, "review/correct.html", _context(request, _correctable(request, pk)))


@require_POST
@signed_in
def decision_correction_apply(request: PersonRequest, pk: int) -> HttpResponse:
    """Turn the decision; what moved meanwhile is refused, and what was typed stays."""
    shown = _correctable(request, pk)
    standing = read_standing(shown)
    superiors = superiors_of(request.user, shown, standing) if standing else []
    form = DecisionCorrectionForm(request.POST, superiors)
    if not form.is_valid():
        return _refused(request, pk, first_fault(form), status=422)
    read = form.cleaned_data
    try:
        correct_decision(
            obligation=shown,
            review_pk=read["review"],
            corrections=read["corrections"],
            superior_pk=read["superior"],
            reason=read["reason"],
            seen=read["seen"],
            by=actor_of(request),
            at=timezone.now(),
        )
    except CorrectionRefused as refusal:
        return _refused(request, pk, str(refusal), status=422)
    except OtherFiles:
        return _refused(request, pk, _other_files(), status=409)
    except StaleState:
        return _refused(request, pk, _stale(), status=409)
    nudge_sender()
    messages.success(request, _("The decision was corrected; the plant is told."))
    return redirect("obligation", pk)


def _correctable(request: PersonRequest, pk: int) -> Obligation:
    """The obligation, for an officer over its plant; 403 for who only reads."""
    shown = find(with_law(Obligation.objects.visible_to(request.user)), pk=pk)
    if not request.user.oversees(shown.plant):
        raise PermissionDenied(why_not_correct(request.user, shown, None))
    return shown


def _context(request: PersonRequest, shown: Obligation) -> dict[str, object]:
    answer, standing = read_submitted(shown), read_standing(shown)
    return {
        "today": timezone.localdate(),
        "obligation": shown,
        "requirement": shown.requirement,
        "answer": answer,
        "standing": standing,
        "seen": digest_of_read(answer.latest) if answer.latest else "",
        "superiors": superiors_of(request.user, shown, standing) if standing else [],
        "why_not": why_not_correct(request.user, shown, standing),
    }


def _refused(request: PersonRequest, pk: int, sentence: str, *, status: int) -> HttpResponse:
    """The page as things stand now, with what was typed."""
    context = {
        **_context(request, _correctable(request, pk)),
        "refusal": sentence,
        "reason": request.POST.get("reason", ""),
        "chosen": request.POST.get("superior", ""),
    }
    return render(request, "review/correct.html", context, status=status)


def _stale() -> str:
    return _(
        "Another officer corrected it meanwhile, or the plant answered anew, so nothing was "
        "changed by you. Look again; what you typed is still here."
    )


def _other_files() -> str:
    return _(
        "The files of this submission are no longer those that you saw, so nothing was decided. "
        "Look at them again; what you typed is still here."
    )
