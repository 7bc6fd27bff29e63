"""A plant's retrofit projects: what is planned, how far it came, and reporting it."""

from typing import NamedTuple

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from plants.models import Plant, Project
from tracker.obligations.amend import why_not_amend
from tracker.obligations.preview import Impact
from tracker.web.access import PersonRequest, find, signed_in
from tracker.web.forms.facts import FactForm, ProjectForm
from tracker.web.views.facts import (
    Refusal,
    find_plant,
    refuse_unless_may,
    save_or_preview,
    shown_of,
    status_of,
    told_of,
)


class Row(NamedTuple):
    """A project as it stands; ``form`` for who may change it."""

    project: Project
    is_overdue: bool
    form: FactForm | None


@require_safe
@signed_in
def plant_projects(request: PersonRequest, pk: int) -> HttpResponse:
    """Every project with its dates, money and progress; forms for who may change them."""
    return _page(request, find_plant(request, pk))


@require_POST
@signed_in
def project_add(request: PersonRequest, pk: int) -> HttpResponse:
    """A new project of the plant."""
    plant = find_plant(request, pk)
    return _saved(request, plant, Project(plant=plant))


@require_POST
@signed_in
def project_change(request: PersonRequest, pk: int) -> HttpResponse:
    """Dates, money, progress; 409 with all that was typed where somebody was faster."""
    project = _find(request, pk)
    return _saved(request, find_plant(request, project.plant_id), project)


def _saved(request: PersonRequest, plant: Plant, project: Project) -> HttpResponse:
    refuse_unless_may(request, plant)
    form: FactForm = ProjectForm(request.POST, thing=project, today=timezone.localdate())
    answer = save_or_preview(request, form)
    if answer is None:
        return redirect("plant-projects", plant.pk)
    if status_of(answer) == 409 and project.pk:
        form = form.renewed(_find(request, project.pk))
    return _page(request, plant, form, answer)


def _find(request: PersonRequest, pk: int) -> Project:
    return find(Project.objects.visible_to(request.user).select_related("plant"), pk=pk)


def _page(
    request: PersonRequest,
    plant: Plant,
    typed: FactForm | None = None,
    answer: Refusal | Impact | None = None,
) -> HttpResponse:
    """The list; ``typed`` stands open in the place of its own form."""
    today = timezone.localdate()
    may = why_not_amend(request.user, plant) is None
    new: FactForm = ProjectForm(thing=Project(plant=plant), today=today)
    if typed and typed.key == new.key:
        new = typed
    context = {
        "today": today,
        "plant": plant,
        "rows": [
            _row(project, typed, may=may)
            for project in plant.projects.order_by("planned_start_on", "pk")
        ],
        "new": new if may else None,
        "sentences": told_of(request, plant, "project"),
        **shown_of(request, typed, answer),
    }
    return render(request, "plants/projects.html", context, status=status_of(answer))


def _row(project: Project, typed: FactForm | None, *, may: bool) -> Row:
    today = timezone.localdate()
    form = typed if typed and typed.thing.pk == project.pk else None
    if form is None and may:
        form = ProjectForm(thing=project, today=today)
    return Row(project, project.is_overdue(today=today), form)
