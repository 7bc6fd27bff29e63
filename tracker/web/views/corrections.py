"""Rules confirmed or corrected after their source: form, preview, apply, and back."""

from collections.abc import Callable
from typing import cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from plants.models import Zone
from tracker.evidence.models import CorrectionScan
from tracker.evidence.scans import correct_with_scan
from tracker.evidence.types import BY_ENDING, FileRefused
from tracker.obligations.correct import (
    CorrectionRefused,
    Done,
    StaleRule,
    correct_rule,
    may_correct,
    preview_correction,
    undo_correction,
    undone_values,
    why_not_undo,
)
from tracker.regulations.models import Correction, Limit, Requirement
from tracker.reporting.unverified import read_unverified, totals
from tracker.web.access import PersonRequest, actor_of, find, signed_in
from tracker.web.files import send_file
from tracker.web.forms.corrections import CorrectionForm, UndoForm
from tracker.web.forms.evidence import first_fault
from tracker.web.impact import moves_by_plant
from tracker.web.law import Wording
from tracker.web.uploads import ReceivedFile


@require_safe
@signed_in
def unverified(request: PersonRequest) -> HttpResponse:
    """What nobody has read in the original yet, and what of the reader's plants hangs on it."""
    rows = read_unverified(request.user)
    number, owed = totals(rows)
    documents = {row.requirement.document for row in rows}
    mine = {document.pk for document in documents if may_correct(request.user, document)}
    context = {"rows": rows, "number": number, "owed": owed, "mine": mine}
    return render(request, "corrections/unverified.html", context)


@require_safe
@signed_in
def correction_form(request: PersonRequest, code: str) -> HttpResponse:
    """The rule as it stands, to confirm or to correct."""
    requirement, limits = _correctable(request, code)
    form = CorrectionForm(requirement, limits)
    return render(request, "corrections/correct.html", _page(requirement, form))


@require_POST
@signed_in
def correction_preview(request: PersonRequest, code: str) -> HttpResponse:
    """What the correction would do, before anything is changed."""
    requirement, limits = _correctable(request, code)
    form = CorrectionForm(requirement, limits, request.POST)
    refusal = _refusal(form)
    if refusal is not None:
        return _refused(request, requirement, form, *refusal)
    try:
        impact = preview_correction(requirement, limits, form.values(), today=timezone.localdate())
    except CorrectionRefused as refused:
        return _refused(request, requirement, form, str(refused), 422)
    context = {
        **_page(requirement, form),
        **moves_by_plant(request.user, impact),
        "changes": Wording.of(limits).lines(
            (path, form.now[path], value) for path, value in form.values().items()
        ),
    }
    return render(request, "corrections/preview.html", context)


@require_POST
@signed_in
def correction_apply(request: PersonRequest, code: str) -> HttpResponse:
    """Make the correction, with a scan of the page where one came."""
    requirement, limits = _correctable(request, code)
    form = CorrectionForm(requirement, limits, request.POST)
    refusal = _refusal(form)
    if refusal is not None:
        return _refused(request, requirement, form, *refusal)

    def correct() -> Done:
        return correct_rule(
            requirement=requirement,
            limits=limits,
            values=form.values(),
            source_note=form.cleaned_data["source_note"],
            by=actor_of(request),
            at=timezone.now(),
            today=timezone.localdate(),
        )

    try:
        done = _with_scan(request, correct)
    except (CorrectionRefused, FileRefused) as refused:
        return _refused(request, requirement, form, str(refused), 422)
    except StaleRule:
        return _refused(request, requirement, form, _stale(), 409)
    _say(request, done)
    return redirect("requirement", code)


@require_safe
@signed_in
def correction_undo(request: PersonRequest, pk: int) -> HttpResponse:
    """What taking a correction back would do."""
    return _undo_page(request, _undoable(request, pk))


@require_POST
@signed_in
def correction_undo_apply(request: PersonRequest, pk: int) -> HttpResponse:
    """Take the correction back, with a reason and perhaps a scan."""
    correction = _undoable(request, pk)
    form = UndoForm(request.POST)
    if not form.is_valid():
        return _undo_page(request, correction, refusal=first_fault(form), status=422)

    def undo() -> Done:
        return undo_correction(
            correction=correction,
            source_note=form.cleaned_data["source_note"],
            by=actor_of(request),
            at=timezone.now(),
            today=timezone.localdate(),
        )

    try:
        done = _with_scan(request, undo)
    except (CorrectionRefused, FileRefused) as refused:
        return _undo_page(request, correction, refusal=str(refused), status=422)
    except StaleRule:
        return _undo_page(request, correction, refusal=_stale(), status=409)
    _say(request, done)
    return redirect("requirement", correction.requirement.code)


@require_safe
@signed_in
def correction_scan(request: PersonRequest, pk: int) -> HttpResponseBase:
    """The page that a correction rests on; everybody may read what the law says."""
    scan = CorrectionScan.objects.select_related("stored").filter(correction=pk).first()
    if scan is None:
        raise Http404
    return send_file(request, scan.stored, scan.original_name, scan.media_type)


def _correctable(request: PersonRequest, code: str) -> tuple[Requirement, list[Limit]]:
    """The rule with its limits, for an officer of the issuing authority; 403 for others."""
    requirement = find(Requirement.objects.in_force().select_related("document"), code=code)
    if not may_correct(request.user, requirement.document):
        raise PermissionDenied(_("Only an officer of the issuing authority can correct a rule."))
    return requirement, list(requirement.limits.order_by("position", "pk"))


def _undoable(request: PersonRequest, pk: int) -> Correction:
    correction = find(Correction.objects.select_related("requirement__document", "made_by"), pk=pk)
    if not may_correct(request.user, correction.requirement.document):
        raise PermissionDenied(_("Only an officer of the issuing authority can correct a rule."))
    return correction


def _refusal(form: CorrectionForm) -> tuple[str, int] | None:
    """Why the form can't be taken, and the status to say so with."""
    if not form.is_valid():
        return first_fault(form), 422
    if form.is_stale():
        return _stale(), 409
    if not form.values():
        return _("Nothing differs from what stands there already."), 422
    return None


def _page(requirement: Requirement, form: CorrectionForm) -> dict[str, object]:
    names: dict[str, object] = {"on": _("Due"), "backstop": _("Due until the annex is loaded")}
    for zone in Zone.objects.all():
        names[zone.code] = _("Due in %(name)s") % {"name": zone.name}
    return {
        "requirement": requirement,
        "form": form,
        "days": [(names.get(code, code), field) for code, field in form.days],
        "endings": ",".join(BY_ENDING),
    }


def _refused(
    request: PersonRequest, requirement: Requirement, form: CorrectionForm, why: str, status: int
) -> HttpResponse:
    context = {**_page(requirement, form), "refusal": why}
    return render(request, "corrections/correct.html", context, status=status)


def _undo_page(
    request: PersonRequest, correction: Correction, *, refusal: str = "", status: int = 200
) -> HttpResponse:
    why_not = why_not_undo(request.user, correction)
    context: dict[str, object] = {
        "correction": correction,
        "requirement": correction.requirement,
        "why_not": why_not,
        "refusal": refusal,
        "source_note": request.POST.get("source_note", ""),
        "endings": ",".join(BY_ENDING),
        "changes": Wording.of(correction.requirement.limits.all()).lines(
            (path, value, correction.before[path]) for path, value in correction.after.items()
        ),
    }
    if why_not is None:
        requirement, limits = _correctable(request, correction.requirement.code)
        impact = preview_correction(
            requirement, limits, undone_values(correction), today=timezone.localdate()
        )
        context |= moves_by_plant(request.user, impact)
    return render(request, "corrections/undo.html", context, status=status)


def _with_scan(request: PersonRequest, correct: Callable[[], Done]) -> Done:
    # settings.FILE_UPLOAD_HANDLERS makes every file one of ours.
    file = cast(ReceivedFile | None, request.FILES.get("scan"))
    return correct_with_scan(correct, file.incoming.keep() if file else None)


def _say(request: PersonRequest, done: Done) -> None:
    messages.success(
        request,
        _("Corrected: %(rule)s. %(moved)d due dates moved, %(others)d obligations changed.")
        % {
            "rule": done.correction.requirement,
            "moved": done.report.re_dated,
            "others": done.report.created + done.report.withdrawn + done.report.reopened,
        },
    )


def _stale() -> str:
    return _(
        "Somebody changed this rule meanwhile. Nothing was changed by you; "
        "what you typed is still here, beside the rule as it stands now."
    )
