"""Whom the rules bind and why: all rules for one plant, and all subjects for one rule."""

from collections import Counter

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from plants.models import Part, Plant
from tracker.obligations.describe_due import brief_due
from tracker.regulations.models import Requirement
from tracker.regulations.rules import Standing, read_due
from tracker.reporting.bindings import (
    ANSWERS,
    Binding,
    read_bindings,
    read_next_owed,
    read_subject_rows,
)
from tracker.web.access import PersonRequest, find, signed_in
from tracker.web.looks import ANSWER_LOOKS

PAGE_SIZE = 50
GROUPINGS = [("document", _("document")), ("part", _("part"))]
PARTS = {code: place for place, code in enumerate(Part.values)}


@require_safe
@signed_in
def plant_requirements(request: PersonRequest, pk: int) -> HttpResponse:
    """Every rule in force: whether it binds the plant, which of its lines and outlets, and why."""
    shown = find(Plant.objects.visible_to(request.user).with_surroundings(), pk=pk)
    bindings = read_bindings(shown)
    chosen, by_part = request.GET.get("answer", ""), request.GET.get("by") == "part"
    counts = Counter(code for binding in bindings for code in binding.answers)
    if by_part:
        bindings.sort(key=lambda binding: PARTS[binding.requirement.part])
    context = {
        "today": timezone.localdate(),
        "plant": shown,
        "bindings": _narrowed(bindings, chosen) if chosen in ANSWERS else bindings,
        "total": len(bindings),
        "counts": _counts(counts),
        "answers": _answers(),
        "answer": chosen,
        "groupings": GROUPINGS,
        "by": "part" if by_part else "document",
    }
    return render(request, "plants/requirements.html", context)


@require_safe
@signed_in
def requirement_subjects(request: PersonRequest, code: str) -> HttpResponse:
    """Every plant, line or outlet that the reader sees: bound or not, why, and what it owes."""
    shown = find(Requirement.objects.select_related("document"), code=code)
    rows = read_subject_rows(shown, Plant.objects.visible_to(request.user))
    counts = Counter(row.answer.code for row in rows)
    chosen = request.GET.get("answer", "")
    if chosen in ANSWERS:
        rows = [row for row in rows if row.answer.code == chosen]
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    due = read_due(shown.due, subject=shown.subject_kind)
    context = {
        "today": timezone.localdate(),
        "requirement": shown,
        "rows": read_next_owed(shown, page.object_list),
        "page": page,
        "base": f"answer={chosen}" if chosen in ANSWERS else "",
        "counts": _counts(counts),
        "answers": _answers(),
        "answer": chosen,
        "due": brief_due(due),
        "is_standing": isinstance(due, Standing),
    }
    return render(request, "requirements/subjects.html", context)


def _narrowed(bindings: list[Binding], answer: str) -> list[Binding]:
    """Only what has this answer, and of several groups of subjects only those."""
    return [
        Binding(
            binding.requirement,
            binding.is_standing,
            [group for group in binding.groups if group.code == answer],
        )
        for binding in bindings
        if answer in binding.answers
    ]


def _counts(counts: Counter[str]) -> list[tuple[str, object, int]]:
    """Each answer that there is, in words and with its number."""
    return [(code, look.word, counts[code]) for code, look in ANSWER_LOOKS.items() if counts[code]]


def _answers() -> list[tuple[str, object]]:
    return [(code, look.word) for code, look in ANSWER_LOOKS.items()]
