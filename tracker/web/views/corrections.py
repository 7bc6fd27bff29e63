"""Rules confirmed or corrected after their source: form, preview, apply, and back."""

from collections.abc import Callable, Mapping
from typing import NamedTuple, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
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
    undo_correction,
    undone_values,
    why_not_undo,
)
from tracker.regulations.correctable import Correctable, corrected_thing, read_correctable
from tracker.regulations.models import Correction
from tracker.tasks import nudge_after_files
from tracker.web.access import PersonRequest, actor_of, find, signed_in
from tracker.web.files import send_file
from tracker.web.forms.corrections import (
    CorrectionForm,
    DocumentForm,
    StopWindowForm,
    TargetForm,
    UndoForm,
)
from tracker.web.forms.evidence import first_fault
from tracker.web.forms.requirement_corrections import RequirementForm
from tracker.web.law import Wording, rule_name
from tracker.web.uploads import ReceivedFile, status_of
from tracker.web.views.effects import show_effect


class Page(NamedTuple):
    """How one kind of thing is corrected: the form, its fields, and the names of its addresses."""

    form: type[CorrectionForm]
    fields: str
    address: str


PAGES: Mapping[str, Page] = {
    "requirement": Page(RequirementForm, "corrections/_requirement.html", "correction"),
    "target": Page(TargetForm, "corrections/_target.html", "target-correction"),
    "document": Page(DocumentForm, "corrections/_document.html", "document-correction"),
    "stop_window": Page(StopWindowForm, "corrections/_window.html", "window-correction"),
}


@require_safe
@signed_in
def correction_form(request: PersonRequest, kind: str, key: str | int) -> HttpResponse:
    """The rule as it stands, to confirm or to correct."""
    form = _form(request, kind, key)
    return render(request, "corrections/correct.html", _page(form))


@require_POST
@signed_in
def correction_preview(request: PersonRequest, kind: str, key: str | int) -> HttpResponse:
    """What the correction would do, before anything is changed."""
    form = _form(request, kind, key)
    refusal = _refusal(form)
    if refusal is not None:
        return _refused(request, form, *refusal)
    correctable, values = form.correctable, form.values()
    try:
        effect = show_effect(request.user, correctable, values, timezone.localdate())
    except CorrectionRefused as refused:
        return _refused(request, form, str(refused), status_of(refused))
    lines = ((path, form.now[path], value) for path, value in values.items())
    changes = Wording.of(correctable.limits).lines(lines)
    context = {**_page(form), **effect, "changes": changes}
    return render(request, "corrections/preview.html", context)


@require_POST
@signed_in
def correction_apply(request: PersonRequest, kind: str, key: str | int) -> HttpResponse:
    """Make the correction, with a scan of the page where one came."""
    form = _form(request, kind, key)
    refusal = _refusal(form)
    if refusal is not None:
        return _refused(request, form, *refusal)

    def correct() -> Done:
        return correct_rule(
            correctable=form.correctable,
            values=form.values(),
            source_note=form.cleaned_data["source_note"],
            by=actor_of(request),
            at=timezone.now(),
            today=timezone.localdate(),
        )

    try:
        done = _with_scan(request, correct)
    except (CorrectionRefused, FileRefused) as refused:
        return _refused(request, form, str(refused), status_of(refused))
    except StaleRule:
        return _refused(request, form, _stale(), 409)
    _say(request, form.correctable, done)
    return redirect(_home_of(form.correctable))


@require_safe
@signed_in
def correction_undo(request: PersonRequest, pk: int) -> HttpResponse:
    """What taking a correction back would do."""
    return _undo_page(request, *_undoable(request, pk))


@require_POST
@signed_in
def correction_undo_apply(request: PersonRequest, pk: int) -> HttpResponse:
    """Take the correction back, with a reason and perhaps a scan."""
    correction, correctable = _undoable(request, pk)
    form = UndoForm(request.POST)
    if not form.is_valid():
        return _undo_page(request, correction, correctable, first_fault(form), 422)

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
        return _undo_page(request, correction, correctable, str(refused), status_of(refused))
    except StaleRule:
        return _undo_page(request, correction, correctable, _stale(), 409)
    _say(request, correctable, done)
    return redirect(_home_of(correctable))


@require_safe
@signed_in
def correction_scan(request: PersonRequest, pk: int) -> HttpResponseBase:
    """The page that a correction rests on; everybody may read what the law says."""
    scan = CorrectionScan.objects.select_related("stored").filter(correction=pk).first()
    if scan is None:
        raise Http404
    return send_file(request, scan.stored, scan.original_name, scan.media_type)


def _form(request: PersonRequest, kind: str, key: str | int) -> CorrectionForm:
    """The rule's form, with what was posted; 404 for no rule, 403 for who may not correct it."""
    correctable = _for_officer(request, read_correctable(kind, str(key)))
    return PAGES[kind].form(correctable, request.POST if request.method == "POST" else None)


def _undoable(request: PersonRequest, pk: int) -> tuple[Correction, Correctable]:
    correction = find(Correction.objects.select_related("made_by"), pk=pk)
    return correction, _for_officer(request, corrected_thing(correction))


def _for_officer(request: PersonRequest, correctable: Correctable | None) -> Correctable:
    """The rule, for an officer of the issuing authority."""
    if correctable is None:
        raise Http404
    if not may_correct(request.user, correctable.tree):
        raise PermissionDenied(_("Only an officer of the issuing authority can correct a rule."))
    return correctable


def _refusal(form: CorrectionForm) -> tuple[str, int] | None:
    """Why the form can't be taken, and the status to say so with."""
    if not form.is_valid():
        return first_fault(form), 422
    if form.is_stale():
        return _stale(), 409
    if not form.values():
        return _("Nothing differs from what stands there already."), 422
    return None


def _page(form: CorrectionForm) -> dict[str, object]:
    page, key = PAGES[form.correctable.kind], form.correctable.key
    return {
        **_about(form.correctable),
        "form": form,
        "fields": page.fields,
        "days": _named_days(form) if isinstance(form, RequirementForm) else [],
        "form_address": reverse(page.address, args=[key]),
        "preview_address": reverse(f"{page.address}-preview", args=[key]),
        "apply_address": reverse(f"{page.address}-apply", args=[key]),
    }


def _about(correctable: Correctable) -> dict[str, object]:
    return {
        "thing": correctable.thing,
        "name": rule_name(correctable.thing),
        "home": _home_of(correctable),
        "endings": ",".join(BY_ENDING),
    }


def _named_days(form: RequirementForm) -> list[tuple[object, object]]:
    names: dict[str, object] = {"on": _("Due"), "backstop": _("Due until the annex is loaded")}
    for zone in Zone.objects.all():
        names[zone.code] = _("Due in %(name)s") % {"name": zone.name}
    return [(names.get(code, code), field) for code, field in form.days]


def _home_of(correctable: Correctable) -> str:
    """The page that shows the rule: a requirement's own, for all others their document's."""
    if correctable.kind == "requirement":
        return reverse("requirement", args=[correctable.key])
    document = correctable.document
    return reverse("document", args=[document.code]) if document else reverse("unverified")


def _refused(request: PersonRequest, form: CorrectionForm, why: str, status: int) -> HttpResponse:
    context = {**_page(form), "refusal": why}
    return render(request, "corrections/correct.html", context, status=status)


def _undo_page(
    request: PersonRequest,
    correction: Correction,
    correctable: Correctable,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    why_not = why_not_undo(request.user, correction)
    lines = ((path, value, correction.before[path]) for path, value in correction.after.items())
    context: dict[str, object] = {
        **_about(correctable),
        "correction": correction,
        "why_not": why_not,
        "refusal": refusal,
        "source_note": request.POST.get("source_note", ""),
        "changes": Wording.of(correctable.limits).lines(lines),
    }
    if why_not is None:
        values = undone_values(correctable, correction)
        context |= show_effect(request.user, correctable, values, timezone.localdate())
    return render(request, "corrections/undo.html", context, status=status)


def _with_scan(request: PersonRequest, correct: Callable[[], Done]) -> Done:
    # settings.FILE_UPLOAD_HANDLERS makes every file one of ours.
    file = cast(ReceivedFile | None, request.FILES.get("scan"))
    if file is None:
        return correct_with_scan(correct, None)
    done = correct_with_scan(correct, file.incoming.keep())
    nudge_after_files()
    return done


def _say(request: PersonRequest, correctable: Correctable, done: Done) -> None:
    name, report = rule_name(correctable.thing), done.report
    if not report.changed_anything:
        messages.success(request, _("Corrected: %(rule)s.") % {"rule": name})
        return
    said = _(
        "Corrected: %(rule)s. %(moved)d due dates moved, %(others)d obligations changed otherwise."
    )
    others = report.created + report.withdrawn + report.reopened + report.re_worded
    told = {"rule": name, "moved": report.re_dated, "others": others}
    messages.success(request, said % told)


def _stale() -> str:
    return _(
        "Somebody changed this rule meanwhile. Nothing was changed by you; "
        "what you typed is still here, beside the rule as it stands now."
    )
