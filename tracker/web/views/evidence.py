"""A plant's files: in, out, and bound into a submission."""

from dataclasses import dataclass, field
from typing import cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tracker.evidence.attach import (
    AnswerRefused,
    attach_evidence,
    remove_attachment,
    why_not_answer,
)
from tracker.evidence.models import Attachment, Evidence
from tracker.evidence.submit import submit_evidence
from tracker.evidence.twins import answered_before
from tracker.evidence.types import FileRefused
from tracker.obligations.models import Obligation
from tracker.obligations.states import StaleState
from tracker.reporting.answers import with_law
from tracker.tasks import nudge_after_files
from tracker.web.access import PersonRequest, actor_of, find, safe_next, signed_in
from tracker.web.files import send_file
from tracker.web.forms.evidence import RemoveForm, SubmitForm, UploadForm, first_fault
from tracker.web.htmx import tell, wants_fragment
from tracker.web.previews import record_opened
from tracker.web.uploads import NO_ROOM, ReceivedFile, status_of
from tracker.web.views.desk import read_desk
from tracker.web.views.obligations import obligation_context


@dataclass
class Told:
    """What is said after an upload: what was refused and why, and what else is worth knowing."""

    refusals: list[str] = field(default_factory=list)
    hints: list[str] = field(default_factory=list)
    status: int = 422


@require_POST
@signed_in
def obligation_upload(request: PersonRequest, pk: int) -> HttpResponse:
    """Lay one or several files to the obligation; each that is refused is named, the rest stay."""
    shown = answerable(request, pk)
    form = UploadForm(request.POST)
    # settings.FILE_UPLOAD_HANDLERS makes every file one of ours.
    files = cast(list[ReceivedFile], request.FILES.getlist("files"))
    if not form.is_valid():
        return _uploaded(request, shown, Told([first_fault(form)]))
    if not files:
        return _uploaded(request, shown, Told([_("No file came with the form. Choose one first.")]))
    told = Told()
    for file in files:
        _attach(request, shown, file, form, told)
    nudge_after_files()
    return _uploaded(request, shown, told)


@require_POST
@signed_in
def obligation_remove_file(request: PersonRequest, pk: int, attachment_pk: int) -> HttpResponse:
    """Take a file away before it is submitted."""
    shown = answerable(request, pk)
    lying = Attachment.objects.filter(obligation=shown).select_related("evidence")
    attachment = find(lying, pk=attachment_pk)
    attachment.obligation = shown
    form = RemoveForm(request.POST)
    if not form.is_valid():
        return _uploaded(request, shown, Told([first_fault(form)]))
    reason, now = form.cleaned_data["reason"], timezone.now()
    try:
        remove_attachment(attachment=attachment, by=actor_of(request), at=now, reason=reason)
    except AnswerRefused as refusal:
        return tell(request, str(refusal), status=409)
    return _uploaded(request, shown, Told())


@require_POST
@signed_in
def obligation_submit(request: PersonRequest, pk: int) -> HttpResponse:
    """Hand the files in for review. The same form twice counts once."""
    shown = answerable(request, pk)
    form = SubmitForm(request.POST)
    if not form.is_valid():
        return _refused(request, shown, first_fault(form), status=422)
    try:
        submit_evidence(
            obligation=shown,
            note=form.cleaned_data["note"],
            token=form.cleaned_data["token"],
            by=actor_of(request),
            at=timezone.now(),
        )
    except AnswerRefused as refusal:
        return _refused(request, shown, str(refusal), status=409)
    except StaleState:
        sentence = _("Somebody else submitted or settled it meanwhile. Your note is still here.")
        return _refused(request, shown, sentence, status=409)
    messages.success(request, _("Submitted for review: %(name)s") % {"name": shown})
    return redirect(_back(request, shown))


@require_safe
@signed_in
def evidence_file(request: PersonRequest, pk: int) -> HttpResponseBase:
    """The file as it was uploaded, to keep; or with ``?show`` in the page, if that is harmless.

    410 says when and by which rule it was disposed of.
    """
    seen = Evidence.objects.visible_to(request.user).select_related("stored", "plant")
    return send_evidence(request, find(seen, pk=pk))


def send_evidence(request: PersonRequest, evidence: Evidence) -> HttpResponseBase:
    """To somebody who may see it, and into the trail."""
    stored = evidence.stored
    if stored.disposed_at is not None:
        sentence = _("The file was disposed of on %(day)s after the rule: %(rule)s")
        day = timezone.localdate(stored.disposed_at).isoformat()
        return tell(request, sentence % {"day": day, "rule": stored.disposed_rule}, status=410)
    response = send_file(request, evidence.stored, evidence.original_name, evidence.media_type)
    if response.status_code == 200:
        record_opened(request, evidence)
    return response


def answerable(request: PersonRequest, pk: int) -> Obligation:
    """The obligation, for somebody who answers for its plant; 403 for others who may see it."""
    shown = find(with_law(Obligation.objects.visible_to(request.user)), pk=pk)
    if not request.user.answers_for(shown.plant):
        raise PermissionDenied(why_not_answer(request.user, shown))
    return shown


def _attach(
    request: PersonRequest, shown: Obligation, file: ReceivedFile, form: UploadForm, told: Told
) -> None:
    """Keep one file and lay it to the obligation; what there is to say goes into ``told``."""
    dates, replaced = form.dates(), form.cleaned_data["replaces"]
    refusal = dates.why_not_so()
    if refusal is not None:
        told.refusals.append(refusal)
        return
    lying = Attachment.objects.lying().filter(obligation=shown)
    try:
        attachment = attach_evidence(
            obligation=shown,
            file=file.incoming.keep_for(shown.plant),
            document_on=dates.document_on,
            dates=dates,
            replaces=find(lying, pk=replaced) if replaced else None,
            by=actor_of(request),
            at=timezone.now(),
        )
    except (FileRefused, AnswerRefused) as fault:
        told.refusals.append(str(fault))
        told.status = max(told.status, status_of(fault))
    else:
        told.hints += hints_of(attachment)


def hints_of(attachment: Attachment) -> list[str]:
    """A sentence where this plant already answers with the same bytes; it forbids nothing."""
    places = answered_before(attachment)
    if not places:
        return []
    sentence = _("“%(name)s” is taken. Its content is the same as what already answers %(places)s.")
    named = _("; ").join(map(str, places))
    return [sentence % {"name": attachment.evidence.original_name, "places": named}]


def _uploaded(request: PersonRequest, shown: Obligation, told: Told) -> HttpResponse:
    """What lies there now, and what was refused; nothing that was there is lost."""
    if wants_fragment(request):
        context = {
            "desk": read_desk(request.user, shown),
            "obligation": shown,
            "refusals": told.refusals,
            "hints": told.hints,
        }
        status = told.status if told.refusals else 200
        return render(request, "obligations/_uploaded.html", context, status=status)
    for hint in told.hints:
        messages.info(request, hint)
    if told.status == NO_ROOM:
        return _refused(request, shown, " ".join(told.refusals), status=NO_ROOM)
    for refusal in told.refusals:
        messages.error(request, refusal)
    return redirect(_back(request, shown))


def _refused(
    request: PersonRequest, shown: Obligation, sentence: str, *, status: int
) -> HttpResponse:
    """The obligation's page as it is now, with the sentence, and what was typed."""
    fresh = find(with_law(Obligation.objects.visible_to(request.user)), pk=shown.pk)
    context = obligation_context(request, fresh, note=request.POST.get("note", ""))
    return render(
        request,
        "obligations/obligation.html",
        {**context, "refusal": sentence, "typed": request.POST},
        status=status,
    )


def _back(request: PersonRequest, shown: Obligation) -> str:
    return safe_next(request, request.POST.get("next"), reverse("obligation", args=[shown.pk]))
