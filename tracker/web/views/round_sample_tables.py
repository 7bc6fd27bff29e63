"""Samples by the table: pasted or out of Excel, looked at before they are kept."""

from typing import cast

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from tracker.evidence.types import FileRefused
from tracker.reporting.round_samples import preview_table
from tracker.rounds.models import Origin, Round
from tracker.rounds.samples.enter import Source, enter_samples
from tracker.rounds.samples.parse import Parsed, parse_pasted, parse_workbook
from tracker.rounds.samples.reading import SamplesRefused, read_known, why_no_samples
from tracker.web.access import PersonRequest, actor_of, signed_in
from tracker.web.held import NotHeld, held, hold
from tracker.web.uploads import ReceivedFile, status_of
from tracker.web.views.round_samples import enterable
from tracker.web.workbooks import read_sent

PAGE = "rounds/samples_enter.html"


@require_safe
@signed_in
def round_samples_enter(request: PersonRequest, pk: int) -> HttpResponse:
    """Where a table is pasted or brought as Excel."""
    return _page(request, enterable(request, pk))


@require_POST
@signed_in
def round_samples_look(request: PersonRequest, pk: int) -> HttpResponse:
    """Read a table: every fault by its place, or what its samples would say. Nothing is stored."""
    round_ = enterable(request, pk)
    refusal = why_no_samples(round_)
    if refusal is not None:
        return _page(request, round_, status=409)
    file = cast("ReceivedFile | None", request.FILES.get("file"))
    pasted = request.POST.get("table", "")
    try:
        if file is not None:
            source = Source(Origin.FILE, file.original_name)
            parsed = _of_file(round_, file)
        elif pasted.strip():
            source = Source(Origin.PASTED)
            parsed = parse_pasted(pasted, read_known(round_, now=timezone.now()))
        else:
            return _page(request, round_, {"refusal": _nothing(request)}, status=422)
    except FileRefused as fault:
        return _page(request, round_, {"refusal": str(fault)}, status=status_of(fault))
    return _looked(request, round_, parsed, source)


@require_POST
@signed_in
def round_samples_keep(request: PersonRequest, pk: int) -> HttpResponse:
    """Store the table that was looked at, all of it or nothing."""
    round_ = enterable(request, pk)
    try:
        samples, source = held(request.POST.get("held", ""), round=round_, person=request.user)
    except NotHeld:
        sentence = _("The preview is too old: bring the table again.")
        return _page(request, round_, {"refusal": sentence}, status=422)
    try:
        count = enter_samples(
            round=round_,
            parsed=Parsed(samples),
            source=source,
            by=actor_of(request),
            at=timezone.now(),
        )
    except SamplesRefused as refusal:
        return _page(request, round_, {"refusal": str(refusal)}, status=409)
    done = ngettext("%(count)d sample was entered.", "%(count)d samples were entered.", count)
    messages.success(request, done % {"count": count})
    return redirect("round-samples", round_.pk)


def _nothing(request: PersonRequest) -> str:
    if "table" in request.POST:
        return _("Nothing was pasted.")
    return _("No file came with the form. Choose one first.")


def _of_file(round_: Round, file: ReceivedFile) -> Parsed:
    return parse_workbook(read_sent(file), read_known(round_, now=timezone.now()))


def _looked(request: PersonRequest, round_: Round, parsed: Parsed, source: Source) -> HttpResponse:
    if parsed.faults:
        context = {"faults": parsed.faults, "source": source}
        return _page(request, round_, context, status=422)
    preview = preview_table(round_, parsed.samples, source, person=request.user, at=timezone.now())
    context = {
        "preview": preview,
        "count": len(parsed.samples),
        "untouched": parsed.untouched,
        "source": source,
        "held": hold(parsed.samples, source, round=round_, person=request.user),
    }
    return _page(request, round_, context)


def _page(
    request: PersonRequest,
    round_: Round,
    looked: dict[str, object] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    """The page; what was pasted stays in its field."""
    context = {
        "round": round_,
        "why_none": why_no_samples(round_),
        "table": request.POST.get("table", ""),
        **(looked or {}),
    }
    return render(request, PAGE, context, status=status)
