"""What must I do now? Each role has its own answer."""

from datetime import date

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from plants.models import Person, Plant, Role
from tracker.obligations.models import Obligation, Relief
from tracker.reminders.models import Heartbeat
from tracker.reporting.answers import read_answers, with_law
from tracker.reporting.home import count_all, read_loads, read_places, read_worklist, without_others
from tracker.reporting.plants import read_plant_rows
from tracker.reporting.progress import (
    all_parts,
    outlooks,
    part_progress,
    read_capacities,
    read_targets,
    share_of,
)
from tracker.reporting.round_work import read_round_work
from tracker.rounds.models import FindingState, SpotFinding
from tracker.web.access import PersonRequest, signed_in
from tracker.web.figures.ring import Arc, draw_ring
from tracker.web.figures.tiles import draw_tiles
from tracker.web.views.areas import areas_of
from tracker.web.views.desk import desk_of

OWED_SHOWN = 12
RINGS_SHOWN = 3


@require_safe
@signed_in
def home(request: PersonRequest) -> HttpResponse:
    """The page of the first role that fits: those who have most to do come first."""
    person, today = request.user, timezone.localdate()
    if person.has_role(Role.OFFICER, Role.AUDITOR):
        return render(request, "home/officer.html", _for_officer(person, today))
    if person.has_role(Role.MANAGER, Role.ASSESSOR):
        return render(request, "home/manager.html", _for_manager(person, today))
    if person.has_role(Role.GROUP_MANAGER):
        return render(request, "home/group.html", _for_group(person, today))
    if person.has_role(Role.ADMINISTRATOR):
        return render(request, "home/administrator.html", _for_administrator(person, today))
    if work := read_round_work(person, today=today):
        return render(request, "home/assessor.html", {"round_work": work})
    return render(request, "home/nobody.html")


def _for_officer(person: Person, today: date) -> dict[str, object]:
    loads = read_loads(Plant.objects.visible_to(person), today)
    if person.has_role(Role.OFFICER):
        loads = without_others(person, loads)
    capacities = read_capacities(person)
    against = outlooks(capacities, read_targets(), today)
    return {
        "today": today,
        "counts": count_all(loads),
        "work": read_worklist(person, loads, today),
        "share": share_of(capacities),
        "headline": [outlook for outlook in against if outlook.target.area_kind == "nation"],
        "areas": areas_of(capacities, against),
        "tiles": draw_tiles(read_places(loads)),
        "may_review": person.has_role(Role.OFFICER),
        "relief_count": Relief.objects.awaiting(person).count(),
    }


def _for_manager(person: Person, today: date) -> dict[str, object]:
    loads = read_loads(Plant.objects.visible_to(person), today)
    mine = Obligation.objects.filter(plant_id__in=[load.plant_id for load in loads])
    owed = list(with_law(mine.owed()).most_pressing_first()[:OWED_SHOWN])
    answers = read_answers(owed)
    findings = SpotFinding.objects.visible_to(person)
    return {
        "today": today,
        "counts": count_all(loads),
        "owed_count": sum(load.owed for load in loads),
        "returned_count": sum(load.returned for load in loads),
        "accepted_count": sum(load.accepted for load in loads),
        "desks": [desk_of(person, answer) for answer in answers],
        "more": max(0, sum(load.owed for load in loads) - len(owed)),
        "rings": _rings(person),
        "round_work": read_round_work(person, today=today),
        "finding_count": findings.filter(state=FindingState.OPEN).count(),
    }


def _rings(person: Person) -> list[tuple[Plant, list[Arc]]]:
    """The three-part ring of each of the first few plants."""
    plants = list(Plant.objects.visible_to(person).order_by("pk")[:RINGS_SHOWN])
    progress = part_progress([plant.pk for plant in plants])
    return [(plant, draw_ring(all_parts(progress.get(plant.pk, {})))) for plant in plants]


def _for_group(person: Person, today: date) -> dict[str, object]:
    plants = Plant.objects.visible_to(person).order_by("name_zh", "pk")
    rows = read_plant_rows(plants, today)
    return {
        "today": today,
        "rows": rows,
        "round_work": read_round_work(person, today=today),
        "counts": count_all(read_loads(Plant.objects.visible_to(person), today)),
        "share": share_of(read_capacities(person)),
    }


def _for_administrator(person: Person, today: date) -> dict[str, object]:
    return {
        "today": today,
        "heartbeats": list(Heartbeat.objects.order_by("name")),
        "counts": count_all(read_loads(Plant.objects.visible_to(person), today)),
        "plant_count": Plant.objects.visible_to(person).count(),
    }
