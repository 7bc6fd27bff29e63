"""Extensions and waivers: ask, look, decide, take back."""

from typing import cast
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Case, When
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tracker.evidence.papers import ask_with_papers, decide_with_papers, papers_of
from tracker.evidence.quarantine import why_not_grant
from tracker.evidence.types import BY_ENDING, FileRefused
from tracker.obligations.models import PENDING, Obligation, Relief, ReliefQuerySet
from tracker.obligations.new_day import latest_new_day
from tracker.obligations.relief import (
    ReliefRefused,
    StaleRelief,
    needs_above,
    take_back_relief,
    why_not_ask,
    why_not_decide,
)
from tracker.reporting.answers import with_law
from tracker.tasks import nudge_after_files
from tracker.web.access import PersonRequest, actor_of, find, signed_in
from tracker.web.forms.evidence import first_fault
from tracker.web.forms.reliefs import ReliefDecisionForm, ReliefForm
from tracker.web.uploads import ReceivedFile, status_of

PAGE_SIZE = 50


@require_safe
@signed_in
def reliefs(request: PersonRequest) -> HttpResponse:
    """What waits for this reader first, then what waits for others, then the decided."""
    person = request.user
    mine = Relief.objects.awaiting(person)
    waiting = Case(
        When(pk__in=mine.values("pk"), then=0), When(state__in=PENDING, then=1), default=2
    )
    found = _with_obligation(Relief.objects.visible_to(person)).order_by(waiting, "-asked_at", "pk")
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    shown = [relief.pk for relief in page.object_list]
    context = {
        "today": timezone.localdate(),
        "page": page,
        "waiting": set(mine.filter(pk__in=shown).values_list("pk", flat=True)),
        "base": "",
    }
    return render(request, "reliefs/list.html", context)


@require_safe
@signed_in
def relief(request: PersonRequest, pk: int) -> HttpResponse:
    """One request: what was asked and why, with its papers, and every decision on it."""
    return render(request, "reliefs/relief.html", _context(request, pk))


@require_safe
@signed_in
def relief_form(request: PersonRequest, pk: int) -> HttpResponse:
    """Where one asks for a later day or a waiver of this obligation."""
    shown = _askable(request, pk)
    return render(request, "reliefs/ask.html", _asking(request, shown, {}, uuid4()))


@require_POST
@signed_in
def relief_ask(request: PersonRequest, pk: int) -> HttpResponse:
    """Ask, with papers. What was typed stays where it is refused; files have to be chosen anew."""
    shown = _askable(request, pk)
    form = ReliefForm(request.POST, shown, timezone.localdate())
    if not form.is_valid():
        return _not_asked(request, shown, first_fault(form), status=422)
    asked = form.cleaned_data
    # settings.FILE_UPLOAD_HANDLERS makes every file one of ours.
    files = cast(list[ReceivedFile], request.FILES.getlist("papers"))
    try:
        made = ask_with_papers(
            obligation=shown,
            kind=asked["kind"],
            new_due_on=asked["new_due_on"],
            reason=asked["reason"],
            papers=[file.incoming.keep_for(shown.plant) for file in files],
            token=asked["token"],
            by=actor_of(request),
            at=timezone.now(),
            today=timezone.localdate(),
        )
    except FileRefused as refusal:
        return _not_asked(request, shown, str(refusal), status=status_of(refusal))
    except ReliefRefused as refusal:
        return _not_asked(request, shown, str(refusal), status=409)
    if files:
        nudge_after_files()
    messages.success(request, _("Asked: %(name)s") % {"name": made})
    return redirect("relief", made.pk)


@require_POST
@signed_in
def relief_decide(request: PersonRequest, pk: int) -> HttpResponse:
    """Grant or refuse; a decision on what has changed meanwhile is not taken."""
    shown = find(_with_obligation(Relief.objects.visible_to(request.user)), pk=pk)
    if not request.user.oversees(shown.obligation.plant):
        raise PermissionDenied(why_not_decide(request.user, shown))
    form = ReliefDecisionForm(request.POST)
    if not form.is_valid():
        return _not_decided(request, pk, first_fault(form), status=422)
    if form.cleaned_data["state"] != shown.state:
        return _not_decided(request, pk, _stale(), status=409)
    try:
        done = decide_with_papers(
            relief=shown,
            granted=form.cleaned_data["decision"] == "grant",
            reason=form.cleaned_data["reason"],
            by=actor_of(request),
            at=timezone.now(),
            today=timezone.localdate(),
        )
    except ReliefRefused as refusal:
        return _not_decided(request, pk, str(refusal), status=422)
    except StaleRelief:
        return _not_decided(request, pk, _stale(), status=409)
    messages.success(
        request, _("%(decision)s: %(name)s") % {"decision": done.get_state_display(), "name": done}
    )
    return redirect("reliefs")


@require_POST
@signed_in
def relief_take_back(request: PersonRequest, pk: int) -> HttpResponse:
    """Take a request back before it is decided."""
    shown = find(_with_obligation(Relief.objects.visible_to(request.user)), pk=pk)
    plant = shown.obligation.plant
    if not (shown.asked_by_id == request.user.pk or request.user.answers_for(plant)):
        raise PermissionDenied(_("Only who asked, or the plant's manager, can take it back."))
    try:
        take_back_relief(relief=shown, by=actor_of(request), at=timezone.now())
    except StaleRelief:
        return _not_decided(request, pk, _stale(), status=409)
    messages.success(request, _("Taken back: %(name)s") % {"name": shown})
    return redirect("obligation", shown.obligation_id)


def _with_obligation(found: ReliefQuerySet) -> ReliefQuerySet:
    return found.select_related(
        "obligation__requirement__document",
        "obligation__plant__authority",
        "obligation__line",
        "obligation__outlet",
        "asked_by",
        "agreed_authority",
    )


def _askable(request: PersonRequest, pk: int) -> Obligation:
    """The obligation, for who may ask about it; 403 for others who may see it."""
    shown = find(with_law(Obligation.objects.visible_to(request.user)), pk=pk)
    plant = shown.plant
    if not (request.user.answers_for(plant) or request.user.oversees(plant)):
        raise PermissionDenied(why_not_ask(request.user, shown))
    return shown


def _asking(
    request: PersonRequest, shown: Obligation, typed: dict[str, str], token: UUID | str
) -> dict[str, object]:
    today = timezone.localdate()
    return {
        "today": today,
        "latest": latest_new_day(shown.due_on, today=today),
        "obligation": shown,
        "requirement": shown.requirement,
        "typed": typed,
        "token": token,
        "endings": ",".join(BY_ENDING),
        "limit_mb": int(settings.UPLOAD_LIMIT_MB),
        "video_limit_mb": int(settings.VIDEO_LIMIT_MB),
        "why_not": why_not_ask(request.user, shown),
    }


def _not_asked(
    request: PersonRequest, shown: Obligation, sentence: str, *, status: int
) -> HttpResponse:
    typed = {name: request.POST.get(name, "") for name in ("kind", "new_due_on", "reason")}
    context = _asking(request, shown, typed, request.POST.get("token", "") or uuid4())
    return render(request, "reliefs/ask.html", {**context, "refusal": sentence}, status=status)


def _context(request: PersonRequest, pk: int) -> dict[str, object]:
    person = request.user
    shown = find(_with_obligation(Relief.objects.visible_to(person)), pk=pk)
    plant = shown.obligation.plant
    offices = person.offices_over(plant)
    papers = papers_of(shown)
    return {
        "today": timezone.localdate(),
        "relief": shown,
        "obligation": shown.obligation,
        "requirement": shown.obligation.requirement,
        "papers": papers,
        "why_not_grant": why_not_grant(papers),
        "decisions": shown.decisions.select_related("authority", "decided_by").order_by("pk"),
        "is_officer": bool(offices),
        "why_not": why_not_decide(person, shown) if offices else None,
        "goes_above": bool(offices) and shown.is_pending and needs_above(shown, offices[-1]),
        "may_take_back": shown.is_pending
        and (shown.asked_by_id == person.pk or person.answers_for(plant)),
    }


def _not_decided(request: PersonRequest, pk: int, sentence: str, *, status: int) -> HttpResponse:
    context = {**_context(request, pk), "refusal": sentence}
    context["reason"] = request.POST.get("reason", "")
    return render(request, "reliefs/relief.html", context, status=status)


def _stale() -> str:
    return _(
        "Somebody decided on it meanwhile; what you see now is how it stands. "
        "Nothing was changed by you, and what you typed is still here."
    )
