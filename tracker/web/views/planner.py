"""A plant's planner: by when each line has to run steadily, and what is approved for its kilns."""

from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from plants.kilns import KilnCalendar, read_kilns
from plants.models import Agreement, Line, Plant, Swap, SwapKind
from plants.verification import Verification
from tracker.obligations.models import Obligation
from tracker.obligations.windows import (
    Approval,
    WindowRefused,
    add_agreement,
    add_swap,
    end_approval,
    why_not_approve,
)
from tracker.reporting.planner_words import steady_text
from tracker.reporting.plant_planner import (
    plan_lines,
    read_asked,
    read_deadlines,
    read_planned_lines,
)
from tracker.web.access import PersonRequest, actor_of, find, signed_in
from tracker.web.figures.strip import LAST_DAY
from tracker.web.forms.evidence import first_fault
from tracker.web.forms.planner import AgreementForm, EndForm, NeedForm, SwapForm, partners_of
from tracker.web.views.blocks import show_lines


@dataclass(frozen=True)
class Refused:
    """A form that was not taken: which (``swap``, ``agreement`` or the approval's), and why."""

    form: str
    sentence: str
    status: int


@require_safe
@signed_in
def plant_planner(request: PersonRequest, pk: int) -> HttpResponse:
    """Each line's answer to each deadline; how long works and monitoring take is in the address."""
    return _page(request, _find(request, pk))


@require_POST
@signed_in
def swap_add(request: PersonRequest, pk: int) -> HttpResponse:
    """Enter an approved swap."""
    plant = _approvable(request, pk)
    form = SwapForm(request.POST, plant)
    if not form.is_valid():
        return _refuse(request, plant, form)
    try:
        made = add_swap(swap=Swap(**form.cleaned_data), by=actor_of(request), at=timezone.now())
    except WindowRefused as refusal:
        return _page(request, plant, Refused("swap", str(refusal), 409))
    return _done(request, plant, made)


@require_POST
@signed_in
def agreement_add(request: PersonRequest, pk: int) -> HttpResponse:
    """Enter a filed replacement agreement."""
    plant = _approvable(request, pk)
    form = AgreementForm(request.POST, plant, request.user)
    if not form.is_valid():
        return _refuse(request, plant, form)
    agreement = Agreement(**form.cleaned_data)
    try:
        made = add_agreement(agreement=agreement, by=actor_of(request), at=timezone.now())
    except WindowRefused as refusal:
        return _page(request, plant, Refused("agreement", str(refusal), 409))
    return _done(request, plant, made)


@require_POST
@signed_in
def swap_end(request: PersonRequest, pk: int, swap_pk: int) -> HttpResponse:
    """Say that a swap holds no more."""
    plant = _approvable(request, pk)
    return _end(request, plant, find(Swap.objects.filter(line__plant=plant), pk=swap_pk))


@require_POST
@signed_in
def agreement_end(request: PersonRequest, pk: int, agreement_pk: int) -> HttpResponse:
    """Say that a replacement agreement holds no more: for the officer of the line that runs."""
    plant = _approvable(request, pk)
    return _end(request, plant, find(Agreement.objects.filter(line__plant=plant), pk=agreement_pk))


def _end(request: PersonRequest, plant: Plant, approval: Approval) -> HttpResponse:
    form, name = EndForm(request.POST), f"{approval._meta.model_name}-{approval.pk}"
    if not form.is_valid():
        return _page(request, plant, Refused(name, first_fault(form), 422))
    try:
        end_approval(
            approval=approval, **form.cleaned_data, by=actor_of(request), at=timezone.now()
        )
    except WindowRefused as refusal:
        return _page(request, plant, Refused(name, str(refusal), 409))
    messages.success(request, _("Ended: %(name)s") % {"name": approval})
    return _back(plant)


def _find(request: PersonRequest, pk: int) -> Plant:
    return find(Plant.objects.visible_to(request.user).with_surroundings(), pk=pk)


def _approvable(request: PersonRequest, pk: int) -> Plant:
    """The plant, for its officers; 403 for others who may see it."""
    plant = _find(request, pk)
    refusal = why_not_approve(request.user, plant)
    if refusal is not None:
        raise PermissionDenied(refusal)
    return plant


def _done(request: PersonRequest, plant: Plant, made: Approval) -> HttpResponse:
    messages.success(request, _("Entered: %(name)s") % {"name": made})
    return _back(plant)


def _back(plant: Plant) -> HttpResponse:
    return redirect(f"{reverse('plant-planner', args=[plant.pk])}#approvals")


def _refuse(request: PersonRequest, plant: Plant, form: Form) -> HttpResponse:
    name = "swap" if isinstance(form, SwapForm) else "agreement"
    return _page(request, plant, Refused(name, first_fault(form), 422))


def _page(request: PersonRequest, plant: Plant, refused: Refused | None = None) -> HttpResponse:
    """The whole page; a refused form stays open with what was typed."""
    today = timezone.localdate()
    lines, owed = read_planned_lines(plant), read_deadlines(plant)
    form = NeedForm(request.GET)
    given, projects = form.understood(), plant.projects.all()
    asked = read_asked(given, owed=owed, projects=projects, today=today)
    kilns = read_kilns(plant.place, lines, until=_last_day(owed))
    plans = plan_lines(kilns.kilns, owed, need=asked.need, today=today) if asked.need else []
    context = {
        "today": today,
        "plant": plant,
        "lines": lines,
        "asked": asked,
        "steady": steady_text(asked.need.steady) if asked.need else None,
        "need_fault": first_fault(form) if form.errors else "",
        "shown": show_lines(plans, today),
        "refused": refused,
        "typed": request.POST,
        "swap_typed": request.POST if refused and refused.form == "swap" else {},
        "agreement_typed": request.POST if refused and refused.form == "agreement" else {},
        **_approvals(request, plant, lines, kilns),
    }
    status = refused.status if refused else 200
    return render(request, "planner/planner.html", context, status=status)


def _approvals(
    request: PersonRequest, plant: Plant, lines: list[Line], kilns: KilnCalendar
) -> dict[str, object]:
    """What is approved, and for an officer of the plant what her forms offer."""
    shown: dict[str, object] = {
        "kilns": kilns,
        "may_approve": why_not_approve(request.user, plant) is None,
    }
    if shown["may_approve"]:
        slag = [line for line in lines if line.carbide_slag]
        shown |= {
            "slag_lines": slag,
            "partners": partners_of(plant, request.user) if slag else [],
            "kinds": SwapKind.choices,
            "verifications": Verification.choices,
        }
    return shown


def _last_day(owed: list[Obligation]) -> date:
    """As far as the windows have to be known: to the last deadline, and to the end of the strip."""
    return max([LAST_DAY, *(obligation.due_on for obligation in owed)])
