"""What of the rules is still unverified, whom it affects, and who may put it right."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from plants.models import Person, Tree
from tracker.obligations.correct import may_correct
from tracker.reporting.progress import read_capacities
from tracker.reporting.unverified import (
    read_unverified,
    read_unverified_annexes,
    read_unverified_documents,
    read_unverified_targets,
    read_unverified_windows,
    totals,
)
from tracker.web.access import PersonRequest, signed_in


@require_safe
@signed_in
def unverified(request: PersonRequest) -> HttpResponse:
    """What nobody has read in the original yet, and what of the reader's plants hangs on it."""
    person = request.user
    rows = read_unverified(person)
    number, owed = totals(rows)
    context = {
        "rows": rows,
        "number": number,
        "owed": owed,
        "targets": read_unverified_targets(read_capacities(person)),
        "documents": read_unverified_documents(person),
        "annexes": read_unverified_annexes(person),
        "windows": read_unverified_windows(person),
        "mine": corrected_trees(person),
    }
    return render(request, "corrections/unverified.html", context)


def corrected_trees(person: Person) -> set[str]:
    """The trees whose rules this person may correct; the empty one stands for both together."""
    return {tree for tree in ("", *Tree.values) if may_correct(person, tree)}
