"""Findings of spot checks: found, remedied, confirmed; and those of one plant that are open."""

from collections.abc import Callable

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from plants.models import Plant
from plants.models.people import plants_of
from tracker.rounds.models import SpotFinding
from tracker.rounds.models.rounds import OF_THE_PLANT
from tracker.rounds.spot_checks.findings import (
    add_finding,
    confirm_remedy,
    return_remedy,
    tell_remedy,
)
from tracker.rounds.spot_checks.rights import (
    SpotCheckRefused,
    why_not_decide,
    why_not_inspect,
    why_not_tell,
)
from tracker.web.access import PersonRequest, actor_of, find, signed_in
from tracker.web.forms.spot_checks import FindingForm, ReasonForm, RemedyForm
from tracker.web.views.spot_checks import Typed, check_page, find_check, refuse_unless


@require_safe
@signed_in
def plant_findings(request: PersonRequest, pk: int) -> HttpResponse:
    """What is not remedied yet at a plant, by its day, and what was."""
    seen = plants_of(request.user, roles=OF_THE_PLANT)
    plant = find(Plant.objects.filter(seen).with_surroundings(), pk=pk)
    own = SpotFinding.objects.visible_to(request.user).filter(check_of__plant=plant)
    unsettled = own.unsettled()
    context = {
        "today": timezone.localdate(),
        "plant": plant,
        "findings": unsettled.most_urgent_first(),
        "settled": own.exclude(pk__in=unsettled.values("pk")).most_urgent_first(),
    }
    return render(request, "spot_checks/plant.html", context)


@require_POST
@signed_in
def add(request: PersonRequest, pk: int) -> HttpResponse:
    """An inspector adds a finding to a check that was made."""
    shown = find_check(request, pk)
    refuse_unless(why_not_inspect(request.user, shown))
    form = FindingForm(request.POST)
    typed = Typed("add", form)
    if not form.is_valid():
        return check_page(request, shown, typed, status=422)
    try:
        made = add_finding(shown, **form.cleaned_data, by=actor_of(request), at=timezone.now())
    except SpotCheckRefused as refusal:
        return check_page(request, shown, typed, refusal=str(refusal), status=409)
    messages.success(request, _("The finding is added; the plant sees it now."))
    return redirect(_address(made))


@require_POST
@signed_in
def tell(request: PersonRequest, pk: int) -> HttpResponse:
    """The plant says what it has done."""
    finding = _find(request, pk)
    refuse_unless(why_not_tell(request.user, finding))
    form = RemedyForm(request.POST, auto_id=f"tell-{pk}-%s")

    def deed() -> None:
        tell_remedy(finding, **form.cleaned_data, by=actor_of(request), at=timezone.now())

    return _moved(request, finding, form, deed, _("The remedy is told; an officer looks at it."))


@require_POST
@signed_in
def confirm(request: PersonRequest, pk: int) -> HttpResponse:
    """The remedy is enough."""
    finding = _find(request, pk)
    refuse_unless(why_not_decide(request.user, finding))

    def deed() -> None:
        confirm_remedy(finding, by=actor_of(request), at=timezone.now())

    return _moved(request, finding, None, deed, _("The remedy is confirmed."))


@require_POST
@signed_in
def send_back(request: PersonRequest, pk: int) -> HttpResponse:
    """The remedy is not enough."""
    finding = _find(request, pk)
    refuse_unless(why_not_decide(request.user, finding))
    form = ReasonForm(request.POST, auto_id=f"return-{pk}-%s")

    def deed() -> None:
        return_remedy(finding, **form.cleaned_data, by=actor_of(request), at=timezone.now())

    return _moved(request, finding, form, deed, _("The remedy is sent back with your reason."))


def _moved(
    request: PersonRequest,
    finding: SpotFinding,
    form: Form | None,
    deed: Callable[[], None],
    done: str,
) -> HttpResponse:
    """Do it; where it can't be, the check's page with the reason and with what was typed."""
    typed = Typed("finding", form, finding.pk)
    if form is not None and not form.is_valid():
        return check_page(request, find_check(request, finding.check_of_id), typed, status=422)
    try:
        if request.POST.get("stamp") != finding.stamp:
            raise SpotCheckRefused(_("Somebody else has moved this finding meanwhile."))
        deed()
    except SpotCheckRefused as refusal:
        shown = find_check(request, finding.check_of_id)
        return check_page(request, shown, typed, refusal=str(refusal), status=409)
    messages.success(request, done)
    return redirect(_address(finding))


def _find(request: PersonRequest, pk: int) -> SpotFinding:
    named = SpotFinding.objects.visible_to(request.user)
    return find(named.select_related("check_of__plant__authority"), pk=pk)


def _address(finding: SpotFinding) -> str:
    return f"{reverse('spot-check', args=[finding.check_of_id])}#finding-{finding.pk}"
