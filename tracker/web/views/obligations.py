"""Obligations: the list behind every number, and one obligation with its law and its answer."""

from datetime import date
from uuid import UUID, uuid4

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from plants.models import Part, Person, PlantKind
from tracker.assessments.comments import TEXT_LENGTH, why_not_comment
from tracker.assessments.levels import standing_proposal
from tracker.assessments.review import why_not_review
from tracker.audit import Event
from tracker.obligations.models import Obligation, State
from tracker.obligations.relief import why_not_ask
from tracker.regulations.models import Limit
from tracker.reporting.answers import Answer, with_law
from tracker.reporting.plant_planner import is_deadline, line_of
from tracker.reporting.rows import read_rows
from tracker.reporting.sealed.contents import may_take
from tracker.web.access import PersonRequest, find, signed_in
from tracker.web.forms.obligations import ObligationFilterForm
from tracker.web.htmx import answer
from tracker.web.views.blocks import anchor_of
from tracker.web.views.desk import read_desk
from tracker.web.views.history import sentences_of

PAGE_SIZE = 50
STATE_WORDS = [
    ("overdue", _("overdue")),
    ("due_soon", _("due in 30 days")),
    ("to_review", _("to review")),
    ("returned", _("returned")),
    ("owed", _("still owed")),
    ("accepted", _("accepted")),
]


@require_safe
@signed_in
def obligations(request: PersonRequest) -> HttpResponse:
    """What stands behind a number: filters in the address, nearest due date first."""
    today = timezone.localdate()
    form = ObligationFilterForm(request.GET)
    found = Obligation.objects.visible_to(request.user).counting().filter(form.condition(today))
    page = Paginator(found.order_by("due_on", "pk"), PAGE_SIZE).get_page(request.GET.get("page"))
    base = request.GET.copy()
    base.pop("page", None)
    context = {
        "today": today,
        "page": page,
        "rows": read_rows(page.object_list),  # type: ignore[arg-type]
        "states": STATE_WORDS,
        "parts": Part.choices,
        "base": base.urlencode(),
        "chosen": form.cleaned_data,
    }
    return answer(request, "obligations/list.html", context, fragment="obligations/_table.html")


@require_safe
@signed_in
def obligation(request: PersonRequest, pk: int) -> HttpResponse:
    """Left the law, right the answer, below the history."""
    shown = find(with_law(Obligation.objects.visible_to(request.user)), pk=pk)
    return render(request, "obligations/obligation.html", obligation_context(request, shown))


def obligation_context(
    request: PersonRequest, shown: Obligation, *, note: str = "", token: UUID | None = None
) -> dict[str, object]:
    """What the page shows; after a refusal with the note as it was typed."""
    person = request.user
    events = Event.objects.visible_to(person).about(shown)
    named = Obligation.objects.visible_to(person)
    reliefs = list(shown.reliefs.order_by("-asked_at", "-pk"))
    pending = any(relief.is_pending for relief in reliefs)
    desk = read_desk(person, shown, note=note, token=token)
    waits = shown.state == State.SUBMITTED and person.oversees(shown.plant)
    why_not = _why_not_review(person, desk.answer) if waits else None
    return {
        "today": timezone.localdate(),
        "obligation": shown,
        "requirement": shown.requirement,
        "limits": limits_of(shown, timezone.localdate()),
        "desk": desk,
        "may_review": waits and why_not is None,
        "why_not_review": why_not if waits else None,
        "may_correct_decision": desk.answer.review is not None
        and shown.state in (State.ACCEPTED, State.RETURNED)
        and person.oversees(shown.plant),
        "reliefs": reliefs,
        "may_ask": why_not_ask(person, shown, pending=pending) is None,
        "planner": planner_address(shown),
        "may_take": may_take(person, shown.plant),
        "comments": list(shown.comments.in_order()),
        "may_comment": why_not_comment(person, shown) is None,
        "comment_token": uuid4(),
        "comment_length": TEXT_LENGTH,
        "sentences": sentences_of(events, named),
    }


def _why_not_review(person: Person, answer: Answer) -> str | None:
    """Whose turn it is, where the submission waits for another officer; None where it is hers."""
    proposal = standing_proposal(answer.latest) if answer.latest is not None else None
    return why_not_review(person, answer.obligation, answer.latest, proposal)


def planner_address(shown: Obligation) -> str:
    """The planner's answer to this deadline; empty where kiln stops have no bearing on it."""
    if shown.plant.kind != PlantKind.CLINKER or not is_deadline(shown):
        return ""
    anchor = anchor_of(shown.due_on, line_of(shown))
    return f"{reverse('plant-planner', args=[shown.plant_id])}#{anchor}"


def limits_of(shown: Obligation, today: date) -> list[Limit]:
    """The numbers that are in force, or come into force later."""
    limits = shown.requirement.limits.exclude(effective_to__lt=today)
    return list(limits.order_by("position", "pk"))
