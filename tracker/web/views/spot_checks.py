"""Spot checks: the list with what is overdue first, and a check's own page."""

from typing import NamedTuple

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import F
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from plants.models import Plant
from tracker.rounds.models import FindingState, SpotCheck, SpotDraw, SpotFinding
from tracker.rounds.spot_checks.checks import give_up_check, write_check
from tracker.rounds.spot_checks.law import read_rules
from tracker.rounds.spot_checks.rights import (
    SpotCheckRefused,
    offices_of,
    why_not_decide,
    why_not_give_up_check,
    why_not_inspect,
    why_not_tell,
)
from tracker.web.access import PersonRequest, actor_of, find, signed_in
from tracker.web.forms.spot_checks import CheckForm, FindingForm, ReasonForm, RemedyForm

PAGE_SIZE = 50
SHORT_LIST = 20


class Row(NamedTuple):
    """A finding with the forms of what this reader may do about it now."""

    finding: SpotFinding
    is_overdue: bool
    tell: RemedyForm | None
    send_back: ReasonForm | None


class Typed(NamedTuple):
    """What was sent and refused, by the address's name; ``pk`` is that of its finding."""

    name: str
    form: Form | None
    pk: int = 0


@require_safe
@signed_in
def spot_checks(request: PersonRequest) -> HttpResponse:
    """Open findings by their day, the checks, and the draws: those not carried out yet first."""
    person, today = request.user, timezone.localdate()
    findings = SpotFinding.objects.visible_to(person).unsettled()
    checks = SpotCheck.objects.visible_to(person).select_related("plant__authority", "draw")
    page = Paginator(checks.most_urgent_first(today=today), PAGE_SIZE).get_page(
        request.GET.get("page")
    )
    draws = SpotDraw.objects.visible_to(person).select_related("authority")
    first = F("carried_out_at").desc(nulls_first=True)
    context = {
        "today": today,
        "findings": findings.most_urgent_first()[:SHORT_LIST],
        "unsettled": findings.count(),
        "overdue": findings.filter(due_on__lt=today).count(),
        "page": page,
        "base": "",
        "draws": draws.order_by(F("given_up_at").desc(nulls_first=True), first, "-pk")[:SHORT_LIST],
        "may_announce": bool(offices_of(person)),
        "rules": read_rules(),
    }
    return render(request, "spot_checks/list.html", context)


@require_safe
@signed_in
def spot_check(request: PersonRequest, pk: int) -> HttpResponse:
    """Who checks which plant, what was seen, and each finding with its next step."""
    return check_page(request, find_check(request, pk))


@require_POST
@signed_in
def write(request: PersonRequest, pk: int) -> HttpResponse:
    """An inspector writes down the check that she made."""
    shown = find_check(request, pk)
    refuse_unless(why_not_inspect(request.user, shown))
    form = CheckForm(request.POST)
    if not form.is_valid():
        return check_page(request, shown, Typed("write", form), status=422)
    try:
        write_check(shown, **form.cleaned_data, by=actor_of(request), at=timezone.now())
    except SpotCheckRefused as refusal:
        return _refused(request, pk, Typed("write", form), refusal)
    messages.success(request, _("The check is written down; now its findings, if there are any."))
    return redirect("spot-check", pk)


@require_POST
@signed_in
def give_up(request: PersonRequest, pk: int) -> HttpResponse:
    """Nobody can make the check."""
    shown = find_check(request, pk)
    refuse_unless(why_not_give_up_check(request.user, shown))
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return check_page(request, shown, Typed("give_up", form), status=422)
    try:
        give_up_check(shown, **form.cleaned_data, by=actor_of(request), at=timezone.now())
    except SpotCheckRefused as refusal:
        return _refused(request, pk, Typed("give_up", form), refusal)
    messages.success(request, _("The check is given up; it stays here with the reason."))
    return redirect("spot-check", pk)


def _refused(
    request: PersonRequest, pk: int, typed: Typed, refusal: SpotCheckRefused
) -> HttpResponse:
    return check_page(request, find_check(request, pk), typed, refusal=str(refusal), status=409)


def find_check(request: PersonRequest, pk: int) -> SpotCheck:
    named = SpotCheck.objects.visible_to(request.user).select_related(
        "draw__authority", "plant__authority", "done_by", "given_up_by"
    )
    return find(named, pk=pk)


def refuse_unless(refusal: str | None) -> None:
    """403 with the sentence, for whose role does not include the deed."""
    if refusal is not None:
        raise PermissionDenied(refusal)


def check_page(
    request: PersonRequest,
    shown: SpotCheck,
    typed: Typed | None = None,
    *,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    """The check; what was typed and refused stands open where it was typed."""
    person, today = request.user, timezone.localdate()
    typed = typed or Typed("", None)
    may_inspect = why_not_inspect(person, shown) is None
    findings = shown.findings.select_related("found_by", "told_by", "decided_by")
    may_see_draw = SpotDraw.objects.visible_to(person).filter(pk=shown.draw_id).exists()
    is_outstanding = shown.done_on is None and shown.given_up_at is None

    def form(name: str, kind: type[Form], *, may: bool) -> Form | None:
        if not may:
            return None
        return typed.form if typed.name == name and typed.form else kind(auto_id=f"{name}-%s")

    rows = []
    for each in findings.order_by("due_on", "pk"):
        each.check_of = shown
        rows.append(_row(request, each, typed))
    context = {
        "today": today,
        "check": shown,
        "inspectors": shown.inspectors.order_by("name", "pk"),
        "rows": sorted(rows, key=lambda row: (not row.is_overdue, row.finding.is_settled)),
        "write_form": form("write", CheckForm, may=is_outstanding and may_inspect),
        "give_up_form": form(
            "give_up",
            ReasonForm,
            may=is_outstanding and why_not_give_up_check(person, shown) is None,
        ),
        "add_form": form("add", FindingForm, may=shown.done_on is not None and may_inspect),
        "typed": typed.name,
        "may_see_draw": may_see_draw,
        "may_see_plant": Plant.objects.visible_to(person).filter(pk=shown.plant_id).exists(),
        "refusal": refusal,
        "rules": read_rules(),
    }
    return render(request, "spot_checks/check.html", context, status=status)


def _row(request: PersonRequest, finding: SpotFinding, typed: Typed) -> Row:
    person, state = request.user, finding.state
    tell: RemedyForm | None = None
    send_back: ReasonForm | None = None
    if state == FindingState.OPEN and why_not_tell(person, finding) is None:
        tell = RemedyForm(auto_id=f"tell-{finding.pk}-%s")
    if state == FindingState.TOLD and why_not_decide(person, finding) is None:
        send_back = ReasonForm(auto_id=f"return-{finding.pk}-%s")
    if typed.pk == finding.pk and isinstance(typed.form, RemedyForm) and tell:
        tell = typed.form
    if typed.pk == finding.pk and isinstance(typed.form, ReasonForm) and send_back:
        send_back = typed.form
    return Row(finding, finding.is_overdue(today=timezone.localdate()), tell, send_back)
