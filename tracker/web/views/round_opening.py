"""A plant's next round is opened: which parts of which lines, and what for."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from plants.models import Plant
from tracker.rounds.acting import RoundRefused
from tracker.rounds.models import PARTS, RoundKind, Stage
from tracker.rounds.walk import open_round, why_not_open
from tracker.web.access import PersonRequest, actor_of, find, signed_in
from tracker.web.forms.rounds import OpeningForm


@require_safe
@signed_in
def round_form(request: PersonRequest, pk: int) -> HttpResponse:
    """All parts of all lines, unless she chooses some."""
    plant = _find(request, pk)
    listed = plant.rounds.going_on().filter(stage__in=(Stage.LISTED, Stage.SUSPENDED)).exists()
    kind = RoundKind.YEARLY if listed else RoundKind.FIRST
    return _page(request, plant, OpeningForm(plant=plant, initial={"kind": kind, "parts": PARTS}))


@require_POST
@signed_in
def round_open(request: PersonRequest, pk: int) -> HttpResponse:
    """Open it and go there; what was chosen stays where it is refused."""
    plant = _find(request, pk)
    form = OpeningForm(request.POST, plant=plant)
    if not form.is_valid():
        return _page(request, plant, form, status=422)
    try:
        opened = open_round(
            plant=plant,
            parts=form.parts_chosen(),
            lines=form.cleaned_data["lines"],
            kind=form.cleaned_data["kind"],
            by=actor_of(request),
            at=timezone.now(),
        )
    except RoundRefused as refusal:
        form.add_error(None, refusal.sentence)
        return _page(request, plant, form, status=409)
    messages.success(request, _("The round is open. Say below by when, and who is responsible."))
    return redirect("round", opened.pk)


def _find(request: PersonRequest, pk: int) -> Plant:
    plant = find(Plant.objects.visible_to(request.user).with_surroundings(), pk=pk)
    why_not = why_not_open(request.user, plant)
    if why_not is not None:
        raise PermissionDenied(why_not)
    return plant


def _page(
    request: PersonRequest, plant: Plant, form: OpeningForm, *, status: int = 200
) -> HttpResponse:
    return render(request, "rounds/open.html", {"plant": plant, "form": form}, status=status)
