"""The papers of a round's steps: in, and out for whoever sees the round."""

from typing import cast

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from tracker.evidence.types import FileRefused
from tracker.rounds.acting import RoundRefused, StaleRound
from tracker.rounds.models import Round, RoundPaper
from tracker.rounds.papers import keep_paper
from tracker.tasks import nudge_after_files
from tracker.web.access import PersonRequest, actor_of, find, signed_in
from tracker.web.forms.rounds import BareForm, stamp_of
from tracker.web.uploads import ReceivedFile, status_of
from tracker.web.views.evidence import hand_out
from tracker.web.views.round_actions import find_mine, find_round, stale_words
from tracker.web.views.round_desk import show_round


@require_POST
@signed_in
def round_paper_add(request: PersonRequest, pk: int) -> HttpResponse:
    """Lay files to the present step; each that is refused is named, the rest stay."""
    found = find_mine(request, pk)
    form = BareForm(request.POST, key="paper")
    # settings.FILE_UPLOAD_HANDLERS makes every file one of ours.
    files = cast(list[ReceivedFile], request.FILES.getlist("files"))
    if not form.is_valid():
        return show_round(request, found, typed=form, status=422)
    if not files:
        form.add_error(None, _("No file came with the form. Choose one first."))
        return show_round(request, found, typed=form, status=422)
    if form.cleaned_data["seen"] != stamp_of(found):
        form.add_error(None, stale_words(StaleRound(found)))
        return show_round(request, found, typed=form, status=409)
    kept, status = _keep_all(request, found, files, form)
    if kept:
        nudge_after_files()
        said = ngettext("%(n)d paper is kept.", "%(n)d papers are kept.", kept)
        messages.success(request, said % {"n": kept})
    if form.errors:
        return show_round(request, find_round(request, pk), typed=form, status=status)
    return redirect(reverse("round", args=[pk]) + "#step")


@require_safe
@signed_in
def round_paper(request: PersonRequest, pk: int, paper_pk: int) -> HttpResponseBase:
    """The file, for who sees the round; one with a virus in it opens for nobody."""
    seen = RoundPaper.objects.visible_to(request.user).filter(step__round=pk)
    paper = find(seen.select_related("evidence__stored", "evidence__plant"), pk=paper_pk)
    return hand_out(request, paper.evidence)


def _keep_all(
    request: PersonRequest, found: Round, files: list[ReceivedFile], form: BareForm
) -> tuple[int, int]:
    """How many were kept, and the status that tells of the others."""
    kept, status = 0, 422
    for file in files:
        try:
            incoming = file.incoming.keep_for(found.plant)
            keep_paper(found, file=incoming, by=actor_of(request), at=timezone.now())
            kept += 1
        except FileRefused as fault:
            form.add_error(None, str(fault))
            status = max(status, status_of(fault))
        except RoundRefused as refusal:
            form.add_error(None, refusal.sentence)
        except StaleRound as stale:
            form.add_error(None, stale_words(stale))
    return kept, status
