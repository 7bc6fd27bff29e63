"""Rounds of the assessment: the board, and a round's own page."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from tracker.reporting.rounds import count_stages, find_rounds, read_board
from tracker.rounds.models import Round, Stage
from tracker.web.access import PersonRequest, find, signed_in
from tracker.web.views.round_desk import show_round, with_surroundings

PAGE_SIZE = 50


@require_safe
@signed_in
def rounds(request: PersonRequest) -> HttpResponse:
    """All that she may see, what has stood longest first; a stage stands in the address."""
    visible = Round.objects.visible_to(request.user)
    wanted = request.GET.get("stage", "")
    stage = Stage(wanted) if wanted in Stage.values else ""
    page = Paginator(find_rounds(visible, stage=stage), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": read_board(page.object_list, today=timezone.localdate()),
        "stages": count_stages(visible),
        "stage": stage,
        "base": f"stage={stage}" if stage else "",
    }
    return render(request, "rounds/board.html", context)


@require_safe
@signed_in
def round_page(request: PersonRequest, pk: int) -> HttpResponse:
    """Where it stands, what is asked of it with the rows behind, and the way that it came."""
    shown = find(with_surroundings(Round.objects.visible_to(request.user)), pk=pk)
    return show_round(request, shown)
