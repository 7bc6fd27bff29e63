"""An applied annex taken back: what that would do, and the deed with its reason."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from tracker.annexes.apply import StaleRecord
from tracker.annexes.arrange import AnnexRefused
from tracker.annexes.models import AnnexImport
from tracker.annexes.take_back import take_back_annex
from tracker.annexes.taking_back import (
    Outcome,
    TakingBack,
    preview_taking_back,
    read_taking_back,
    why_not_take_back,
)
from tracker.web.access import PersonRequest, actor_of
from tracker.web.forms.annexes import TakeBackForm
from tracker.web.forms.evidence import first_fault
from tracker.web.impact import moves_by_plant
from tracker.web.views.annex import LEFT_SHOWN, find_annex
from tracker.web.views.annexes import top_office


@require_safe
@top_office
def annex_take_back(request: PersonRequest, pk: int) -> HttpResponse:
    """What would become of the import's dates, and of the obligations."""
    return _page(request, find_annex(request, pk))


@require_POST
@top_office
def annex_take_back_apply(request: PersonRequest, pk: int) -> HttpResponse:
    """Take the import back, with a reason."""
    annex = find_annex(request, pk)
    form = TakeBackForm(request.POST)
    if not form.is_valid():
        return _page(request, annex, refusal=first_fault(form), status=422)
    try:
        outcome = take_back_annex(
            annex=annex,
            reason=form.cleaned_data["reason"],
            seen=form.cleaned_data["seen"],
            by=actor_of(request),
            at=timezone.now(),
            today=timezone.localdate(),
        )
    except AnnexRefused as refused:
        return _page(request, find_annex(request, pk), refusal=str(refused), status=409)
    except StaleRecord:
        sentence = _(
            "The dates on record changed meanwhile; what you see now is against the new ones. "
            "Nothing was taken back: look it over once more."
        )
        return _page(request, find_annex(request, pk), refusal=sentence, status=409)
    messages.success(request, _told(outcome))
    return redirect("annex", pk)


def _page(
    request: PersonRequest, annex: AnnexImport, *, refusal: str = "", status: int = 200
) -> HttpResponse:
    why_not = why_not_take_back(request.user, annex)
    context: dict[str, object] = {
        "annex": annex,
        "why_not": why_not,
        "refusal": refusal,
        "reason": request.POST.get("reason", ""),
    }
    if why_not is None:
        context |= _looked_over(request, read_taking_back(annex))
    return render(request, "annexes/take_back.html", context, status=status)


def _looked_over(request: PersonRequest, taking_back: TakingBack) -> dict[str, object]:
    left = taking_back.left
    context: dict[str, object] = {
        "outcome": taking_back.outcome(),
        "seen": taking_back.seen,
        "left": [
            (taking_back.plants_by_pk[step.plant_id], step.part.label, step.left.label)
            for step in left[:LEFT_SHOWN]
            if step.left is not None
        ],
        "more_left": max(0, len(left) - LEFT_SHOWN),
    }
    if taking_back.undone:
        impact = preview_taking_back(taking_back, today=timezone.localdate())
        context |= moves_by_plant(request.user, impact)
    return context


def _told(outcome: Outcome) -> str:
    dates = outcome.restored + outcome.removed
    said = ngettext("%d date taken back", "%d dates taken back", dates) % dates
    plants = ngettext("at %d plant", "at %d plants", outcome.plants) % outcome.plants
    moved = ngettext("%d due date moved", "%d due dates moved", outcome.re_dated) % outcome.re_dated
    return _("%(dates)s %(plants)s; %(moved)s.") % {"dates": said, "plants": plants, "moved": moved}
