"""A round's manual samples: all outlets with their verdicts, and each outlet's own page."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tracker.reporting.round_samples import read_replaced, sum_up
from tracker.rounds.models import Round
from tracker.rounds.samples.reading import template_of, why_no_samples
from tracker.rounds.samples.results import OutletResult, read_results
from tracker.rounds.samples.rights import may_enter_samples, why_not_describe
from tracker.rounds.samples.verdict import Outcome
from tracker.web.access import PersonRequest, find, signed_in
from tracker.web.forms.samples import fields_of
from tracker.web.workbooks import workbook_named

TEMPLATE_NAME = "手工监测样品表.xlsx"


def find_round(request: PersonRequest, pk: int) -> Round:
    """A round about organised emissions that she may see."""
    visible = Round.objects.visible_to(request.user).filter(organised=True)
    return find(visible.select_related("plant__authority"), pk=pk)


def enterable(request: PersonRequest, pk: int) -> Round:
    """The round, for who enters its samples; 403 for others who may see it."""
    found = find_round(request, pk)
    if not may_enter_samples(request.user, found):
        raise PermissionDenied(_("Only the plant or its monitoring body can enter samples."))
    return found


def result_of(round_: Round, outlet_pk: int) -> OutletResult:
    """One outlet of the round; 404 where it has none such."""
    results = read_results(round_, today=timezone.localdate())
    found = next((each for each in results if each.outlet.pk == outlet_pk), None)
    if found is None:
        raise Http404
    return found


@require_safe
@signed_in
def round_samples(request: PersonRequest, pk: int) -> HttpResponse:
    """Every outlet in a row; those of one verdict where the address says so."""
    shown = find_round(request, pk)
    results = read_results(shown, today=timezone.localdate())
    wanted = request.GET.get("show", "")
    outcome = Outcome(wanted) if wanted in Outcome.values else None
    context = {
        "round": shown,
        "sums": sum_up(results),
        "results": [each for each in results if outcome in (None, each.verdict.outcome)],
        "outcome": outcome,
        "may_enter": may_enter_samples(request.user, shown),
        "why_none": why_no_samples(shown),
    }
    return render(request, "rounds/samples.html", context)


@require_safe
@signed_in
def round_samples_template(request: PersonRequest, pk: int) -> HttpResponse:
    """The Excel template with the round's outlets and what is asked of each."""
    found = find_round(request, pk)
    return workbook_named(template_of(found, now=timezone.now()), TEMPLATE_NAME)


@require_safe
@signed_in
def round_outlet(request: PersonRequest, pk: int, outlet_pk: int) -> HttpResponse:
    """An outlet's technology, limits, samples with their sums, and verdicts."""
    found = find_round(request, pk)
    return outlet_page(request, found, result_of(found, outlet_pk))


def outlet_page(
    request: PersonRequest,
    round_: Round,
    result: OutletResult,
    *,
    typed: dict[str, object] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The outlet's page; a sample that was not taken stands in its form, with what is wrong."""
    context = {
        "round": round_,
        "result": result,
        "outlet": result.outlet,
        "replaced": read_replaced(round_, result.outlet),
        "may_enter": may_enter_samples(request.user, round_),
        "may_describe": why_not_describe(request.user, round_) is None,
        "why_none": why_no_samples(round_),
        **(typed or {"fields": fields_of({})}),
    }
    return render(request, "rounds/outlet.html", context, status=status)
