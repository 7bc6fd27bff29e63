"""The plants list and a plant's pages."""

from typing import cast

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from plants.kilns import read_kilns
from plants.models import Plant, PlantKind
from plants.models.site import PlantQuerySet
from tracker.audit import Event
from tracker.obligations.models import Obligation
from tracker.reporting.dossier import (
    group_by_part,
    read_obligations,
    read_people,
    ring_of,
)
from tracker.reporting.plant_planner import read_warnings
from tracker.reporting.plants import find_plants, read_choices, read_plant_rows
from tracker.rounds.models import Round
from tracker.rounds.walk import why_not_open
from tracker.web.access import PersonRequest, find, signed_in
from tracker.web.figures.ring import draw_ring
from tracker.web.figures.strip import LAST_DAY
from tracker.web.forms.plants import PlantFilterForm
from tracker.web.htmx import answer
from tracker.web.views.history import sentences_of
from tracker.web.views.years import draw_years

PAGE_SIZE = 50
STATE_WORDS = [
    ("to_review", _("something to review")),
    ("overdue", _("something overdue")),
    ("due_soon", _("due in 30 days")),
    ("returned", _("something returned")),
]


@require_safe
@signed_in
def plants(request: PersonRequest) -> HttpResponse:
    """Search and filters stand in the address; htmx gets the table only."""
    person, today = request.user, timezone.localdate()
    choices = read_choices(person)
    form = PlantFilterForm(request.GET.dict(), choices)
    found = find_plants(Plant.objects.visible_to(person), form.wanted(), today)
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    base = request.GET.copy()
    base.pop("page", None)
    context = {
        "today": today,
        "form": form,
        "choices": choices,
        "kinds": PlantKind.choices,
        "states": STATE_WORDS,
        "page": page,
        "rows": read_plant_rows(cast(PlantQuerySet, page.object_list), today),
        "base": base.urlencode(),
        "is_narrowed": any(base.values()),
    }
    return answer(request, "plants/list.html", context, fragment="plants/_table.html")


@require_safe
@signed_in
def plant(request: PersonRequest, pk: int) -> HttpResponse:
    """The dossier: facts, ring, years, everything owed by part, projects, outlets, people."""
    today = timezone.localdate()
    shown = find(Plant.objects.visible_to(request.user).with_surroundings(), pk=pk)
    rows = read_obligations(shown)
    projects = list(shown.projects.order_by("planned_start_on", "pk"))
    lines = list(shown.lines.order_by("number"))
    kilns = read_kilns(shown.place, lines, until=LAST_DAY)
    context = {
        "today": today,
        "plant": shown,
        "lines": lines,
        "outlets": list(shown.outlets.select_related("line").order_by("code")),
        "permits": list(shown.permits.order_by("-valid_until_on")),
        "projects": projects,
        "people": read_people(shown),
        "ring": draw_ring(ring_of(rows)),
        "years": draw_years(rows, projects, kilns, today),
        "warnings": read_warnings(shown, kilns.kilns, projects, today),
        "groups": group_by_part(rows),
        "rounds": Round.objects.visible_to(request.user).filter(plant=shown).order_by("-number"),
        "may_open_round": why_not_open(request.user, shown) is None,
        "owed_count": sum(row.is_owed for row in rows),
        "review_count": sum(row.state == "submitted" for row in rows),
        "late_count": sum(row.is_owed and row.due_on < today for row in rows),
    }
    return render(request, "plants/plant.html", context)


@require_safe
@signed_in
def plant_history(request: PersonRequest, pk: int) -> HttpResponse:
    """Every deed at the plant as a sentence: who, when, what, from where."""
    shown = find(Plant.objects.visible_to(request.user).with_surroundings(), pk=pk)
    events = Event.objects.visible_to(request.user).for_plant(shown)
    page = Paginator(events, PAGE_SIZE).get_page(request.GET.get("page"))
    titles = Obligation.objects.visible_to(request.user).for_plant(shown)
    context = {"plant": shown, "page": page, "sentences": sentences_of(page.object_list, titles)}
    return render(request, "plants/history.html", context)
