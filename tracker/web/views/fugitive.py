"""A round's fugitive emissions on site: sources, their checklists, photographs, remedies."""

from dataclasses import dataclass, replace
from typing import cast
from uuid import UUID, uuid4

from django import forms
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tracker.evidence.models import Evidence
from tracker.evidence.quarantine import awaits_scan
from tracker.evidence.types import FileRefused
from tracker.rounds.fugitive.check import Seen, record_checks
from tracker.rounds.fugitive.looks import ItemShown, read_items
from tracker.rounds.fugitive.photos import keep_photo
from tracker.rounds.fugitive.remedy import mark_remedied, plan_remedy
from tracker.rounds.fugitive.rights import CheckRefused, takes_part, why_not_check
from tracker.rounds.fugitive.sources import add_source, judge_sources
from tracker.rounds.models import (
    CheckResult,
    FugitiveCheck,
    FugitiveGroup,
    FugitiveItem,
    FugitiveSource,
    Round,
)
from tracker.tasks import nudge_after_files
from tracker.web.access import PersonRequest, actor_of, find, signed_in
from tracker.web.forms.evidence import first_fault
from tracker.web.forms.fugitive import DoneForm, LookForm, PlanForm, SourceForm
from tracker.web.htmx import tell
from tracker.web.uploads import ReceivedFile, status_of
from tracker.web.views.evidence import hand_out


@dataclass(frozen=True)
class Refused:
    """A form that was not taken: what was typed, why not, and which item or fault it was about."""

    typed: object
    sentence: str
    status: int = 422
    item: int = 0
    fault: int = 0


@dataclass(frozen=True)
class ItemRow:
    """An item, with the token of the look that may come, and what was typed at it."""

    shown: ItemShown
    token: UUID
    refused: Refused | None = None


@require_safe
@signed_in
def fugitive(request: PersonRequest, pk: int) -> HttpResponse:
    """The round's sources by group, and what the checks of each come to."""
    return _sources_page(request, find_round(request, pk), SourceForm())


@require_POST
@signed_in
def source_add(request: PersonRequest, pk: int) -> HttpResponse:
    """A new source; the same one again leads to what is there."""
    found = writable(request, pk)
    form = SourceForm(request.POST)
    if not form.is_valid():
        return _sources_page(request, found, form, status=422)
    read = form.cleaned_data
    try:
        source = add_source(
            found=found,
            group=FugitiveGroup(read["group"]),
            name=read["name"],
            place_in_plant=read["place_in_plant"],
            by=actor_of(request),
            at=timezone.now(),
        )
    except CheckRefused as refusal:
        form.add_error(None, str(refusal))
        return _sources_page(request, found, form, status=refused_status(request, found))
    return redirect("round-source", found.pk, source.pk)


@require_safe
@signed_in
def source(request: PersonRequest, pk: int, source_pk: int) -> HttpResponse:
    """One source's checklist: what was seen last, what is to be entered, what is to be remedied."""
    return _source_page(request, find_source(find_round(request, pk), source_pk))


@require_POST
@signed_in
def look_add(request: PersonRequest, pk: int, source_pk: int) -> HttpResponse:
    """One look with its photographs, as a plain form; sent twice it counts once."""
    found = writable(request, pk)
    shown = find_source(found, source_pk)
    form = LookForm(request.POST)
    if not form.is_valid():
        return _refuse_look(request, shown, form, first_fault(form), 422)
    item = find(FugitiveItem.objects.all(), pk=form.cleaned_data["item"])
    try:
        _record(request, seen_of(form, shown, item))
    except FileRefused as refusal:
        return _refuse_look(request, shown, form, str(refusal), status_of(refusal))
    except CheckRefused as refusal:
        status = refused_status(request, found)
        return _refuse_look(request, shown, form, str(refusal), status)
    nudge_after_files()
    return redirect(f"{reverse('round-source', args=[pk, source_pk])}#item-{item.pk}")


def seen_of(form: LookForm, source: FugitiveSource, item: FugitiveItem) -> Seen:
    """What a valid form says; without a time of its own it was seen now."""
    read = form.cleaned_data
    return Seen(
        token=read["token"],
        source=source,
        item=item,
        result=CheckResult(read["result"]),
        checked_at=read.get("checked_at") or timezone.now(),
        note=read["note"],
        remedy=read["remedy"],
        remedy_due_on=read["remedy_due_on"],
    )


def _record(request: PersonRequest, seen: Seen) -> None:
    """The look with its photographs, or nothing of it."""
    found, by, at = seen.source.round, actor_of(request), timezone.now()
    # settings.FILE_UPLOAD_HANDLERS makes every file one of ours.
    files = cast(list[ReceivedFile], request.FILES.getlist("photos"))
    kept = [file.incoming.keep_for(found.plant) for file in files]
    with transaction.atomic():
        photos = [keep_photo(found=found, file=file, by=by, at=at) for file in kept]
        record_checks(found=found, seen=[replace(seen, photos=photos)], by=by, at=at)


@require_POST
@signed_in
def remedy_plan(request: PersonRequest, pk: int, check_pk: int) -> HttpResponse:
    """What will be done about a fault, and by when."""
    return _remedy(request, pk, check_pk, PlanForm(request.POST))


@require_POST
@signed_in
def remedy_done(request: PersonRequest, pk: int, check_pk: int) -> HttpResponse:
    """That a fault is remedied, and since when."""
    return _remedy(request, pk, check_pk, DoneForm(request.POST))


def _remedy(
    request: PersonRequest, pk: int, check_pk: int, form: PlanForm | DoneForm
) -> HttpResponse:
    found = writable(request, pk)
    faults = FugitiveCheck.objects.select_related("source__round", "item")
    check = find(faults.filter(source__round=found), pk=check_pk)
    by, at = actor_of(request), timezone.now()
    if not form.is_valid():
        about = Refused(request.POST, first_fault(form), fault=check.pk)
        return _source_page(request, check.source, about)
    try:
        if isinstance(form, PlanForm):
            plan_remedy(check=check, **form.cleaned_data, by=by, at=at)
        else:
            mark_remedied(check=check, **form.cleaned_data, by=by, at=at)
    except CheckRefused as refusal:
        status = refused_status(request, found)
        about = Refused(request.POST, str(refusal), status, fault=check.pk)
        return _source_page(request, check.source, about)
    address = reverse("round-source", args=[pk, check.source_id])
    return redirect(f"{address}#item-{check.item_id}")


@require_safe
@signed_in
def photo(request: PersonRequest, pk: int, photo_pk: int) -> HttpResponseBase:
    """A photograph of one of the round's looks, for all who see the round.

    One that no scanner has looked at yet, or that a virus was found in, is not opened.
    """
    found = find_round(request, pk)
    photos = Evidence.objects.filter(fugitive_checks__source__round=found).distinct()
    shown = find(photos.select_related("stored", "plant"), pk=photo_pk)
    if awaits_scan(shown.stored):
        sentence = _("The photo is not scanned for viruses yet. Open it again in a minute.")
        return tell(request, sentence, status=409)
    return hand_out(request, shown)


def find_round(request: PersonRequest, pk: int) -> Round:
    """The round, for who sees it."""
    visible = Round.objects.visible_to(request.user)
    return find(visible.select_related("plant__authority", "plant__place"), pk=pk)


def writable(request: PersonRequest, pk: int) -> Round:
    """The round, for who takes part in it; 403 for others who may see it."""
    found = find_round(request, pk)
    if not takes_part(request.user, found):
        raise PermissionDenied(why_not_check(request.user, found))
    return found


def find_source(found: Round, source_pk: int) -> FugitiveSource:
    """A source of this round."""
    shown = find(FugitiveSource.objects.filter(round=found), pk=source_pk)
    shown.round = found
    return shown


def refused_status(request: PersonRequest, found: Round) -> int:
    """409 where the round takes nothing any more, else something was wrong with what came."""
    return 409 if why_not_check(request.user, found) is not None else 422


def _refuse_look(
    request: PersonRequest, shown: FugitiveSource, form: LookForm, sentence: str, status: int
) -> HttpResponse:
    item = form.cleaned_data.get("item") or 0
    return _source_page(request, shown, Refused(request.POST, sentence, status, item=item))


def _sources_page(
    request: PersonRequest, found: Round, form: forms.Form, *, status: int = 200
) -> HttpResponse:
    verdict, standings = judge_sources(found)
    context = {
        "round": found,
        "verdict": verdict,
        "standings": standings,
        "why_not": why_not_check(request.user, found),
        "form": form,
    }
    response = render(request, "rounds/fugitive.html", context, status=status)
    return _to_keep(request, response, found)


def _source_page(
    request: PersonRequest, shown: FugitiveSource, refused: Refused | None = None
) -> HttpResponse:
    """The checklist as it is now; what was refused stands open with what was typed."""
    found = find_round(request, shown.round_id)
    items = read_items(shown)
    rows = [
        ItemRow(each, uuid4(), refused if refused and refused.item == each.item.pk else None)
        for each in items
    ]
    context = {
        "round": found,
        "source": shown,
        "rows": rows,
        "asked": sum(each.item.withdrawn_on is None for each in items),
        "settled": sum(each.is_settled for each in items if each.item.withdrawn_on is None),
        "faults": sum(len(each.open_faults) for each in items),
        "results": CheckResult.choices,
        "why_not": why_not_check(request.user, found),
        "refused": refused,
        "today": timezone.localdate(),
    }
    status = refused.status if refused else 200
    response = render(request, "rounds/source.html", context, status=status)
    return _to_keep(request, response, found)


def _to_keep(request: PersonRequest, response: HttpResponse, found: Round) -> HttpResponse:
    """Lets the phone keep the page for who may enter something there, and for nobody else."""
    if response.status_code == 200 and why_not_check(request.user, found) is None:
        response["X-Kept-For"] = str(request.user.pk)
    return response
