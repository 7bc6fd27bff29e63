"""The plant's transport as it is entered: a month typed, a ledger brought, a fleet counted."""

from datetime import date
from typing import cast

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tracker.evidence.types import FileRefused
from tracker.rounds.models import Round
from tracker.rounds.transport.amounts import EARLIEST_YEAR
from tracker.rounds.transport.count import count_fleet
from tracker.rounds.transport.kinds import FleetKind
from tracker.rounds.transport.load import LedgerRefused, LoadReport, load_months
from tracker.rounds.transport.parse import ParsedLedger, parse_ledger, parse_pasted
from tracker.rounds.transport.share import Period
from tracker.web.access import PersonRequest, actor_of, signed_in
from tracker.web.forms.evidence import first_fault
from tracker.web.forms.transport import (
    CountForm,
    count_fields,
    fleets_of,
    month_form,
    month_of,
)
from tracker.web.uploads import ReceivedFile, status_of
from tracker.web.views.round_transport import (
    enterable,
    month_page,
    standing_rows,
    transport_page,
)
from tracker.web.workbooks import read_sent

_REFUSED, _WRONG = 409, 422
_EARLIEST = date(EARLIEST_YEAR, 1, 1)


@require_POST
@signed_in
def round_transport_month_save(request: PersonRequest, pk: int) -> HttpResponse:
    """Enter what was typed of a month; a number that stood there otherwise is corrected."""
    round_ = enterable(request, pk)
    month = month_of(request.POST)
    if month is None:
        refusal = _("A month must look like 2026-03.")
        return transport_page(request, round_, {"refusal": refusal}, status=_WRONG)
    form = month_form(month, standing_rows(request, round_, month), request.POST)
    if form.has_faults or not form.lines:
        sentence = _("Nothing was stored: mend what is named and try again.")
        refusal = sentence if form.has_faults else _("There are no rows.")
        return month_page(request, round_, month, form, refusal=refusal, status=_WRONG)
    try:
        report = load_months(
            plant=round_.plant,
            lines=form.lines,
            by=actor_of(request),
            at=timezone.now(),
            today=timezone.localdate(),
        )
    except LedgerRefused as refused:
        return month_page(request, round_, month, form, refusal=str(refused), status=_REFUSED)
    messages.success(request, _in_words(report))
    return redirect(f"{reverse('round-transport-month', args=[round_.pk])}?month={month:%Y-%m}")


@require_POST
@signed_in
def round_transport_load(request: PersonRequest, pk: int) -> HttpResponse:
    """Take a ledger out of Excel or pasted: all of it, or every fault by its place."""
    round_ = enterable(request, pk)
    file = cast("ReceivedFile | None", request.FILES.get("file"))
    pasted = request.POST.get("table", "")
    if file is None and not pasted.strip():
        brought: dict[str, object] = {"refusal": _("No file came with the form. Choose one first.")}
        return transport_page(request, round_, brought, status=_WRONG)
    try:
        parsed = _parsed(file, pasted)
    except FileRefused as fault:
        return transport_page(request, round_, {"refusal": str(fault)}, status=status_of(fault))
    file_name = file.original_name if file is not None else ""
    if parsed.faults:
        brought = {"faults": parsed.faults, "file_name": file_name}
        return transport_page(request, round_, brought, status=_WRONG)
    return _load(request, round_, parsed, file_name)


def _parsed(file: ReceivedFile | None, pasted: str) -> ParsedLedger:
    """Of any month that has begun."""
    asked = Period(_EARLIEST, timezone.localdate().replace(day=1))
    if file is None:
        return parse_pasted(pasted, asked=asked)
    return parse_ledger(read_sent(file).sheets, asked=asked)


def _load(
    request: PersonRequest, round_: Round, parsed: ParsedLedger, file_name: str
) -> HttpResponse:
    try:
        report = load_months(
            plant=round_.plant,
            lines=parsed.lines,
            file_name=file_name,
            by=actor_of(request),
            at=timezone.now(),
            today=timezone.localdate(),
        )
    except LedgerRefused as refused:
        return transport_page(request, round_, {"refusal": str(refused)}, status=_REFUSED)
    messages.success(request, _in_words(report))
    return redirect("round-transport", round_.pk)


@require_safe
@signed_in
def round_transport_fleet(request: PersonRequest, pk: int) -> HttpResponse:
    """Where vehicles and machines are entered as they were counted on a day."""
    return _fleet_page(request, enterable(request, pk))


@require_POST
@signed_in
def round_transport_fleet_save(request: PersonRequest, pk: int) -> HttpResponse:
    """Enter the count of one kind; it is of the whole fleet."""
    round_, form = enterable(request, pk), CountForm(request.POST)
    if not form.is_valid():
        return _fleet_page(request, round_, first_fault(form))
    kind = FleetKind(form.cleaned_data["kind"])
    if any(field.fault for field in count_fields(kind, request.POST)):
        sentence = _("Nothing was stored: mend what is named and try again.")
        return _fleet_page(request, round_, sentence)
    fleets = fleets_of(kind, form.cleaned_data["counted_on"], request.POST)
    if not fleets:
        return _fleet_page(
            request, round_, _("Give a number at least once: 0 where none is there.")
        )
    try:
        report = count_fleet(
            plant=round_.plant,
            fleets=fleets,
            by=actor_of(request),
            at=timezone.now(),
            today=timezone.localdate(),
        )
    except LedgerRefused as refused:
        return _fleet_page(request, round_, str(refused), status=_REFUSED)
    messages.success(request, _in_words(report))
    return redirect("round-transport", round_.pk)


def _fleet_page(
    request: PersonRequest, round_: Round, refusal: str = "", *, status: int = _WRONG
) -> HttpResponse:
    sent = request.POST.get("kind", "")
    kinds = [
        (kind, count_fields(kind, request.POST if sent == kind else None)) for kind in FleetKind
    ]
    context = {
        "round": round_,
        "kinds": kinds,
        "sent": sent,
        "counted_on": request.POST.get("counted_on", ""),
        "refusal": refusal,
    }
    return render(request, "rounds/fleet.html", context, status=status if refusal else 200)


def _in_words(report: LoadReport) -> str:
    return _("%(added)d new, %(replaced)d corrected, %(unchanged)d unchanged.") % vars(report)
