"""An authority's own ladders of reminders: the list, the form with its preview, and the deeds."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from plants.models import Authority
from tracker.reminders.ladders import rungs_of, usual
from tracker.reminders.models import Ladder, Receiver
from tracker.reminders.set_ladder import StaleLadder, mark_of, remove_ladder, set_ladder
from tracker.reminders.supposed import lines_at, suppose
from tracker.web.access import PersonRequest, actor_of, find
from tracker.web.forms.ladders import LadderForm, typed_of
from tracker.web.machinery import for_who_runs_it


@require_safe
@never_cache
@for_who_runs_it
def ladders(request: PersonRequest) -> HttpResponse:
    """What was set at her authorities and above, and what holds at one of them."""
    hers = Authority.objects.run_by(request.user).order_by("path")
    seen = Ladder.objects.visible_to(request.user).select_related("authority")
    chosen = _chosen(request, hers)
    context = {
        "authorities": hers,
        "hers": set(hers.values_list("pk", flat=True)),
        "set": seen.holding_at(hers).order_by("authority__path", "receiver", "pk"),
        "chosen": chosen,
        "lines": lines_at(chosen.path) if chosen else [],
    }
    return render(request, "ladders/list.html", context)


@require_safe
@never_cache
@for_who_runs_it
def ladder_add(request: PersonRequest) -> HttpResponse:
    """An empty form, or with the values of what holds for a receiver now."""
    receiver = request.GET.get("receiver", Receiver.MANAGER)
    if receiver not in Receiver.values:
        receiver = Receiver.MANAGER
    authority = _chosen(request, Authority.objects.run_by(request.user).order_by("path"))
    rungs = usual(receiver, "")
    typed: dict[str, Any] = {}
    if authority is not None:
        typed = typed_of(Ladder(authority=authority, receiver=receiver), rungs)
    return _page(request, _form(request, initial=typed))


@require_safe
@never_cache
@for_who_runs_it
def ladder_change(request: PersonRequest, pk: int) -> HttpResponse:
    """The form of one that is set at an authority of hers."""
    ladder = _find(request, pk)
    return _page(request, _form(request, initial=typed_of(ladder, rungs_of(ladder))), ladder)


@require_POST
@for_who_runs_it
def ladder_preview(request: PersonRequest) -> HttpResponse:
    """What it would do, with the button that saves it; 409 where somebody was faster."""
    form = _form(request, request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    ladder = form.scope.find()
    if mark_of(ladder) != form.cleaned_data["seen"]:
        return _stale(request, form, ladder)
    today, day = timezone.localdate(), form.cleaned_data["due_on"]
    supposed = suppose(form.scope, form.rungs, today=today, anchor_on=day)
    about = {"rungs": form.rungs, "receiver": form.scope.receiver}
    return _page(request, form, ladder, supposed=supposed, about=about)


@require_POST
@for_who_runs_it
def ladder_set(request: PersonRequest) -> HttpResponse:
    """Save it; 422 for what breaks a limit, 409 where somebody was faster."""
    form = _form(request, request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    seen = form.cleaned_data["seen"]
    try:
        set_ladder(
            scope=form.scope, rungs=form.rungs, seen=seen, by=actor_of(request), at=timezone.now()
        )
    except StaleLadder:
        return _stale(request, form, form.scope.find())
    messages.success(request, _("The ladder is set: it holds from the next night on."))
    return redirect("ladders")


@require_POST
@for_who_runs_it
def ladder_remove(request: PersonRequest, pk: int) -> HttpResponse:
    """Take it out again."""
    ladder, seen = _find(request, pk), request.POST.get("seen", "")
    try:
        remove_ladder(ladder=ladder, seen=seen, by=actor_of(request), at=timezone.now())
    except StaleLadder:
        messages.error(request, _("Somebody changed it meanwhile: look at it again."))
        return redirect("ladders")
    messages.success(request, _("It is taken out: what is above it holds from the next night on."))
    return redirect("ladders")


def _chosen(request: PersonRequest, hers: Any) -> Authority | None:
    """The authority that is asked for, where it is hers, else her first."""
    wanted = request.GET.get("authority", "")
    found: Authority | None = hers.filter(pk=int(wanted)).first() if wanted.isdecimal() else None
    return found or hers.first()


def _find(request: PersonRequest, pk: int) -> Ladder:
    seen = Ladder.objects.visible_to(request.user).select_related("authority")
    found: Ladder = find(seen.filter(authority__in=Authority.objects.run_by(request.user)), pk=pk)
    return found


def _form(request: PersonRequest, data: Any = None, **options: Any) -> LadderForm:
    return LadderForm(data, authorities=Authority.objects.run_by(request.user), **options)


def _stale(request: PersonRequest, form: LadderForm, ladder: Ladder | None) -> HttpResponse:
    """All that was typed stays, beside what stands there now; sent again it is for that."""
    data = request.POST.copy()
    stale = "moved" if data.get("seen") else "there"
    data["seen"] = mark_of(ladder)
    return _page(request, _form(request, data), ladder, status=409, stale=stale)


def _page(
    request: PersonRequest,
    form: LadderForm,
    ladder: Ladder | None = None,
    *,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    if ladder is None and form.is_bound and not form.errors:
        ladder = form.scope.find()
    context = {
        "form": form,
        "ladder": ladder,
        "seen": mark_of(ladder),
        "standing": rungs_of(ladder) if ladder else None,
        **more,
    }
    return render(request, "ladders/form.html", context, status=status)
