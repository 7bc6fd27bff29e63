"""One sample by hand, its correction with a reason, and an outlet's technology."""

from dataclasses import replace

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from plants.models import Outlet
from tracker.rounds.models import Origin, Round, Sample
from tracker.rounds.samples.columns import Column
from tracker.rounds.samples.enter import Source, enter_samples, replace_sample
from tracker.rounds.samples.known import Known
from tracker.rounds.samples.parse import Parsed, parse_typed
from tracker.rounds.samples.reading import SamplesRefused, read_known, why_no_samples
from tracker.rounds.samples.rights import why_not_describe
from tracker.rounds.samples.technology import describe_technology
from tracker.web.access import PersonRequest, actor_of, find, signed_in
from tracker.web.forms.evidence import first_fault
from tracker.web.forms.samples import (
    ReasonForm,
    TechnologyForm,
    fields_of,
    typed_in,
    values_of,
)
from tracker.web.views.round_samples import enterable, find_round, outlet_page, result_of

_REFUSED, _WRONG = 409, 422


@require_POST
@signed_in
def round_sample_add(request: PersonRequest, pk: int, outlet_pk: int) -> HttpResponse:
    """Enter one sample at the outlet."""
    round_ = enterable(request, pk)
    result = result_of(round_, outlet_pk)
    values = typed_in(request.POST)
    try:
        parsed = _parsed(round_, result.outlet, values)
        enter_samples(
            round=round_,
            parsed=parsed,
            source=Source(Origin.HAND),
            by=actor_of(request),
            at=timezone.now(),
        )
    except SamplesRefused as refusal:
        typed = _typed(values, refusal)
        status = _WRONG if refusal.faults else _REFUSED
        return outlet_page(request, round_, result, typed=typed, status=status)
    messages.success(request, _("The sample was entered."))
    return redirect("round-outlet", round_.pk, outlet_pk)


@require_safe
@signed_in
def round_sample(request: PersonRequest, pk: int, outlet_pk: int, sample_pk: int) -> HttpResponse:
    """A sample with its values in a form, to be corrected."""
    round_ = enterable(request, pk)
    sample = _standing(request, round_, outlet_pk, sample_pk)
    return _correction(request, sample, {"fields": fields_of(values_of(sample))})


@require_POST
@signed_in
def round_sample_correct(
    request: PersonRequest, pk: int, outlet_pk: int, sample_pk: int
) -> HttpResponse:
    """Put the corrected sample in the wrong one's place, with the reason."""
    round_ = enterable(request, pk)
    sample = _standing(request, round_, outlet_pk, sample_pk)
    values, form = typed_in(request.POST), ReasonForm(request.POST)
    try:
        parsed = _parsed(round_, sample.outlet, values, corrects=sample)
        if parsed.faults:
            raise SamplesRefused(_("Mend what is named and try again."), parsed.faults)
        if not form.is_valid():
            typed: dict[str, object] = {"fields": fields_of(values)}
            typed["reason_fault"] = first_fault(form)
            return _correction(request, sample, typed, status=_WRONG)
        [read] = parsed.samples
        replace_sample(
            sample=sample,
            read=read,
            reason=form.cleaned_data["reason"],
            by=actor_of(request),
            at=timezone.now(),
        )
    except SamplesRefused as refusal:
        status = _WRONG if refusal.faults else _REFUSED
        return _correction(request, sample, _typed(values, refusal), status=status)
    messages.success(request, _("The sample was corrected; the old one stays to be seen."))
    return redirect("round-outlet", round_.pk, outlet_pk)


@require_safe
@signed_in
def round_technology(request: PersonRequest, pk: int, outlet_pk: int) -> HttpResponse:
    """How the outlet's gas is cleaned, in a form."""
    round_ = _describable(request, pk)
    result = result_of(round_, outlet_pk)
    there = result.technology
    given = {
        "technology": there.technology if there else "",
        "parameters": there.parameters if there else "",
    }
    return _technology(request, round_, result.outlet, given)


@require_POST
@signed_in
def round_technology_set(request: PersonRequest, pk: int, outlet_pk: int) -> HttpResponse:
    """Write it; the trail keeps what stood before."""
    round_ = _describable(request, pk)
    outlet = result_of(round_, outlet_pk).outlet
    form = TechnologyForm(request.POST)
    given = {name: request.POST.get(name, "") for name in form.fields}
    if not form.is_valid():
        return _technology(request, round_, outlet, given, fault=first_fault(form), status=_WRONG)
    try:
        describe_technology(
            round=round_,
            outlet=outlet,
            **form.cleaned_data,
            by=actor_of(request),
            at=timezone.now(),
        )
    except SamplesRefused as refusal:
        return _technology(request, round_, outlet, given, fault=str(refusal), status=_REFUSED)
    messages.success(request, _("The technology of %(outlet)s is saved.") % {"outlet": outlet})
    return redirect("round-outlet", round_.pk, outlet.pk)


def _describable(request: PersonRequest, pk: int) -> Round:
    found = find_round(request, pk)
    refusal = why_not_describe(request.user, found)
    if refusal is not None:
        raise PermissionDenied(refusal)
    return found


def _standing(request: PersonRequest, round_: Round, outlet_pk: int, sample_pk: int) -> Sample:
    found = Sample.objects.visible_to(request.user).standing().select_related("outlet", "round")
    return find(found, round=round_, outlet_id=outlet_pk, pk=sample_pk)


def _parsed(
    round_: Round, outlet: Outlet, values: dict[Column, str], *, corrects: Sample | None = None
) -> Parsed:
    """The typed sample; one that corrects another may stand at the same start."""
    refusal = why_no_samples(round_)
    if refusal is not None:
        raise SamplesRefused(refusal)
    known: Known = read_known(round_, now=timezone.now())
    if corrects is not None:
        own = (corrects.outlet_id, corrects.pollutant, corrects.taken_from_at)
        known = replace(known, stored=known.stored - {own})
    return parse_typed({Column.OUTLET: outlet.code, **values}, known)


def _typed(values: dict[Column, str], refusal: SamplesRefused) -> dict[str, object]:
    shown = fields_of(values, refusal.faults, given=True)
    named = {field.name for field in shown if field.faults}
    others = [str(fault) for fault in refusal.faults if fault.kind not in named]
    return {"fields": shown, "refusal": str(refusal), "others": others}


def _correction(
    request: PersonRequest, sample: Sample, typed: dict[str, object], *, status: int = 200
) -> HttpResponse:
    context = {
        "round": sample.round,
        "outlet": sample.outlet,
        "sample": sample,
        "why_none": why_no_samples(sample.round),
        "reason": request.POST.get("reason", ""),
        **typed,
    }
    return render(request, "rounds/sample.html", context, status=status)


def _technology(
    request: PersonRequest,
    round_: Round,
    outlet: Outlet,
    given: dict[str, str],
    *,
    fault: str = "",
    status: int = 200,
) -> HttpResponse:
    context = {"round": round_, "outlet": outlet, "given": given, "fault": fault}
    return render(request, "rounds/technology.html", context, status=status)
