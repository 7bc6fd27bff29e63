"""How long a plant's files are kept, and the legal holds that keep them longer."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from plants.models import Plant
from tracker.evidence.holds import HoldRefused, lift_hold, may_hold, set_hold
from tracker.evidence.models import LegalHold
from tracker.evidence.retention import read_rules
from tracker.web.access import PersonRequest, actor_of, find, signed_in
from tracker.web.forms.evidence import first_fault
from tracker.web.forms.holds import HoldForm, LiftForm


@require_safe
@signed_in
def plant_holds(request: PersonRequest, pk: int) -> HttpResponse:
    """The rules, the holds that stand, and those that were lifted."""
    plant = find(Plant.objects.visible_to(request.user).with_surroundings(), pk=pk)
    return _page(request, plant, HoldForm(plant))


@require_POST
@signed_in
def hold_set(request: PersonRequest, pk: int) -> HttpResponse:
    """Set a hold; what was typed stays where it is refused."""
    plant = find(Plant.objects.visible_to(request.user).with_surroundings(), pk=pk)
    _guard(request, plant)
    form = HoldForm(plant, request.POST)
    if not form.is_valid():
        return _page(request, plant, form, status=422)
    try:
        set_hold(plant=plant, **form.cleaned_data, by=actor_of(request), at=timezone.now())
    except HoldRefused as refusal:
        return _page(request, plant, form, refusal=str(refusal), status=409)
    messages.success(request, _("The hold stands: nothing of it is disposed of."))
    return redirect("plant-holds", plant.pk)


@require_POST
@signed_in
def hold_lift(request: PersonRequest, pk: int) -> HttpResponse:
    """End a hold, with the reason."""
    seen = LegalHold.objects.visible_to(request.user)
    hold = find(seen.select_related("plant__authority", "obligation"), pk=pk)
    _guard(request, hold.plant)
    form = LiftForm(request.POST)
    plant = hold.plant
    if not form.is_valid():
        return _page(request, plant, HoldForm(plant), refusal=first_fault(form), status=422)
    try:
        lift_hold(hold=hold, **form.cleaned_data, by=actor_of(request), at=timezone.now())
    except HoldRefused as refusal:
        return _page(request, plant, HoldForm(plant), refusal=str(refusal), status=409)
    messages.success(request, _("The hold is lifted."))
    return redirect("plant-holds", hold.plant_id)


def _guard(request: PersonRequest, plant: Plant) -> None:
    if not may_hold(request.user, plant):
        sentence = _("Only an officer or an administrator over the plant can do this.")
        raise PermissionDenied(sentence)


def _page(
    request: PersonRequest, plant: Plant, form: HoldForm, *, refusal: str = "", status: int = 200
) -> HttpResponse:
    holds = LegalHold.objects.visible_to(request.user).filter(plant=plant).order_by("-set_at")
    named = holds.select_related(
        "obligation__requirement", "obligation__line", "obligation__outlet", "set_by", "lifted_by"
    )
    context = {
        "plant": plant,
        "rules": read_rules(),
        "standing": named.filter(lifted_at=None),
        "lifted": named.exclude(lifted_at=None),
        "may_hold": may_hold(request.user, plant),
        "form": form,
        "refusal": refusal,
    }
    return render(request, "plants/holds.html", context, status=status)
