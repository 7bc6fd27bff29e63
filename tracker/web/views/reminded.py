"""Which reminders were promised for an obligation, and the proof of those that went."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tracker.obligations.models import Obligation
from tracker.reminders.models import Reminder
from tracker.reporting.sealed.contents import may_take
from tracker.web.access import PersonRequest, find, signed_in
from tracker.web.looks import Look
from tracker.web.reminded import fault_of, look_of, occasion_of, receipt_of

PAGE_SIZE = 50


@dataclass(frozen=True)
class Told:
    """One promised reminder as the page says it."""

    reminder: Reminder
    look: Look
    occasion: str
    receipt: str
    reason: str
    fault: str


@require_safe
@signed_in
def obligation_reminders(request: PersonRequest, pk: int) -> HttpResponse:
    """Newest first. Addresses of people are nothing for an assessment body."""
    visible = Obligation.objects.visible_to(request.user)
    shown = find(visible.select_related("requirement", "plant__authority", "line", "outlet"), pk=pk)
    if not may_take(request.user, shown.plant):
        raise PermissionDenied(_("Your role doesn't include this page."))
    promised = shown.reminders.select_related("person", "review", "event", "message")
    light = promised.defer("message__text", "message__html")
    ordered = light.order_by("-planned_at", "-pk")
    page = Paginator(ordered, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"obligation": shown, "page": page, "told": [_told(each) for each in page]}
    return render(request, "obligations/reminders.html", context)


def _told(reminder: Reminder) -> Told:
    receipt = receipt_of(reminder.message) if reminder.message is not None else ""
    return Told(reminder, look_of(reminder), occasion_of(reminder), receipt, *fault_of(reminder))
