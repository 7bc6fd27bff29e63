"""A plant's clean transport in a round: the ledger, the fleet, and what the rules make of them."""

from datetime import date

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from tracker.reporting.round_transport import read_rows, read_transport
from tracker.rounds.models import Round, TransportMonth
from tracker.rounds.transport.ledger import assessed_period, usual_period
from tracker.rounds.transport.load import why_not_load
from tracker.rounds.transport.parse import Key
from tracker.rounds.transport.template import make_template
from tracker.web.access import PersonRequest, find, signed_in
from tracker.web.forms.transport import MonthForm, month_form, month_of, period_of
from tracker.web.workbooks import workbook_named

TEMPLATE_NAME = "清洁运输台账.xlsx"


def find_round(request: PersonRequest, pk: int) -> Round:
    """A round about clean transport that she may see; a seat in it has not ended."""
    visible = Round.objects.visible_to(request.user).filter(clean_transport=True)
    return find(visible.select_related("plant__authority", "plant__place"), pk=pk)


def enterable(request: PersonRequest, pk: int) -> Round:
    """The round, for who enters its plant's transport; 403 for others who may see it."""
    found = find_round(request, pk)
    refusal = why_not_load(request.user, found.plant)
    if refusal is not None:
        raise PermissionDenied(refusal)
    return found


@require_safe
@signed_in
def round_transport(request: PersonRequest, pk: int) -> HttpResponse:
    """The verdict over a period, rule by rule, the months and the fleet that it rests on."""
    return transport_page(request, find_round(request, pk))


def transport_page(
    request: PersonRequest,
    round_: Round,
    brought: dict[str, object] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    """The page; a ledger that was not taken stands in its field, with what is wrong."""
    today = timezone.localdate()
    usual = assessed_period(round_, today=today)
    period, fault = period_of(request.GET, usual=usual, today=today)
    context = {
        "round": round_,
        "period": period,
        "period_fault": fault,
        "transport": read_transport(round_.plant, period),
        "may_enter": why_not_load(request.user, round_.plant) is None,
        "table": request.POST.get("table", ""),
        **(brought or {}),
    }
    return render(request, "rounds/transport.html", context, status=status)


@require_safe
@signed_in
def round_transport_template(request: PersonRequest, pk: int) -> HttpResponse:
    """The empty ledger of the period, in Excel."""
    today = timezone.localdate()
    usual = assessed_period(find_round(request, pk), today=today)
    period, _fault = period_of(request.GET, usual=usual, today=today)
    return workbook_named(make_template(period.months()), TEMPLATE_NAME)


@require_safe
@signed_in
def round_transport_month(request: PersonRequest, pk: int) -> HttpResponse:
    """A month's rows with their corrections; for the plant in a form."""
    round_ = find_round(request, pk)
    month = month_of(request.GET) or usual_period(round_.plant, today=timezone.localdate()).last
    standing = standing_rows(request, round_, month)
    return month_page(request, round_, month, month_form(month, standing))


def standing_rows(request: PersonRequest, round_: Round, month: date) -> dict[Key, TransportMonth]:
    rows = TransportMonth.objects.visible_to(request.user).standing()
    found = rows.filter(plant=round_.plant_id, month=month)
    return {(r.month, r.direction, r.goods, r.mode, r.road_class): r for r in found}


def month_page(
    request: PersonRequest,
    round_: Round,
    month: date,
    form: MonthForm,
    *,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    context = {
        "round": round_,
        "month": month,
        "form": form,
        "rows": read_rows(round_.plant, month, person=request.user),
        "may_enter": why_not_load(request.user, round_.plant) is None,
        "refusal": refusal,
    }
    return render(request, "rounds/transport_month.html", context, status=status)
