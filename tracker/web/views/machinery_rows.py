"""Reminders that don't go out: those of one reason or one alone, tried anew or called off."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from tracker.reminders import mend
from tracker.reminders.backlog import Group, administered, failing, find_group, rows_of
from tracker.reminders.models import Reminder, ReminderQuerySet
from tracker.tasks import nudge_sender
from tracker.web.access import PersonRequest, actor_of, find
from tracker.web.forms.machinery import CallOffForm
from tracker.web.machinery import for_who_runs_it

PAGE_SIZE = 50


@dataclass(frozen=True)
class Chosen:
    """The rows that a form is about; none when somebody was faster."""

    rows: ReminderQuerySet
    group: Group | None = None
    row: Reminder | None = None

    @property
    def count(self) -> int:
        return self.group.rows if self.group else int(self.row is not None)

    @property
    def apply_address(self) -> str:
        if self.group:
            return reverse("machinery-reason-cancel-apply", args=[self.group.key])
        return reverse("machinery-row-cancel-apply", args=[self.row.pk if self.row else 0])


@require_safe
@never_cache
@for_who_runs_it
def reason(request: PersonRequest, key: str) -> HttpResponse:
    """The rows that fail for one reason."""
    rows = administered(request.user)
    group = find_group(rows, key)
    if group is None:
        raise Http404(_("Nothing fails for this reason any more."))
    named = rows_of(group, rows).select_related(
        "person",
        "obligation__requirement",
        "obligation__plant",
        "obligation__line",
        "obligation__outlet",
        "correction",
    )
    page = Paginator(named.order_by("person__name", "pk"), PAGE_SIZE)
    context = {"group": group, "page": page.get_page(request.GET.get("page")), "base": ""}
    return render(request, "machinery/reason.html", context)


@require_POST
@for_who_runs_it
def retry(request: PersonRequest, key: str = "", pk: int = 0) -> HttpResponse:
    """Plan them for now; pressed twice, the second finds nothing to do."""
    chosen = _choose(request, key, pk)
    count = mend.retry(chosen.rows, by=actor_of(request), at=timezone.now())
    if count:
        nudge_sender()
        done = ngettext("%(n)d is tried anew.", "%(n)d are tried anew.", count)
        messages.success(request, done % {"n": count})
    else:
        messages.info(request, _("There was nothing left to do."))
    return redirect("machinery")


@require_safe
@never_cache
@for_who_runs_it
def cancel_form(request: PersonRequest, key: str = "", pk: int = 0) -> HttpResponse:
    """Asks for the reason before anything is called off."""
    chosen = _choose(request, key, pk)
    if not chosen.count:
        raise Http404(_("Nothing fails for this reason any more."))
    return _ask(request, chosen, CallOffForm())


@require_POST
@for_who_runs_it
def cancel(request: PersonRequest, key: str = "", pk: int = 0) -> HttpResponse:
    """Call them off; 422 without a reason."""
    chosen = _choose(request, key, pk)
    form = CallOffForm(request.POST)
    if chosen.count and not form.is_valid():
        return _ask(request, chosen, form, status=422)
    count = 0
    if chosen.count:
        given = form.cleaned_data["reason"]
        count = mend.call_off(chosen.rows, reason=given, by=actor_of(request), at=timezone.now())
    if count:
        done = ngettext("%(n)d was called off.", "%(n)d were called off.", count)
        messages.success(request, done % {"n": count})
    else:
        messages.info(request, _("There was nothing left to do."))
    return redirect("machinery")


def _choose(request: PersonRequest, key: str, pk: int) -> Chosen:
    """404 for a row that isn't of her people."""
    rows = administered(request.user)
    if pk:
        find(rows, pk=pk)
        one = rows.filter(pk=pk)
        named = failing(one).select_related("person", "obligation__requirement", "correction")
        return Chosen(rows=failing(one), row=named.first())
    group = find_group(rows, key)
    return Chosen(rows=rows_of(group, rows) if group else rows.none(), group=group)


def _ask(
    request: PersonRequest, chosen: Chosen, form: CallOffForm, *, status: int = 200
) -> HttpResponse:
    context = {"chosen": chosen, "form": form}
    return render(request, "machinery/cancel.html", context, status=status)
