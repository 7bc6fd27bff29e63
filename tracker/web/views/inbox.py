"""One's inbox: every reminder and piece of news, read or unread, whatever became of its mail."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from tracker.reminders.inbox import entries_of, mark_read, rows_with, to_entries
from tracker.reminders.models import Reminder
from tracker.web.access import PersonRequest, signed_in
from tracker.web.reminded import told_in_inbox
from tracker.web.unread import forget_unread

PAGE_SIZE = 50


@never_cache
@require_safe
@signed_in
def inbox(request: PersonRequest) -> HttpResponse:
    """Newest first; a night's reminders are one entry."""
    page = Paginator(entries_of(request.user), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"page": page, "entries": to_entries(page.object_list), "base": ""}
    return render(request, "inbox/list.html", context)


@never_cache
@require_safe
@signed_in
def inbox_entry(request: PersonRequest, pk: int) -> HttpResponse:
    """What one entry tells of; opening it makes it read."""
    rows = rows_with(request.user, pk)
    named = rows.select_related(
        "obligation__requirement",
        "obligation__plant",
        "obligation__line",
        "obligation__outlet",
        "review",
        "event",
        "correction__requirement",
        "message",
    )
    page = Paginator(named.order_by("due_on", "pk"), PAGE_SIZE).get_page(request.GET.get("page"))
    shown = [told_in_inbox(request.user, row) for row in page.object_list]
    if not shown:
        raise Http404
    mark_read(rows, at=timezone.now())
    forget_unread(request.user)
    first = page.object_list[0]
    return render(
        request, "inbox/entry.html", {"page": page, "shown": shown, "first": first, "base": ""}
    )


@require_POST
@signed_in
def inbox_read(request: PersonRequest) -> HttpResponse:
    """Everything is read."""
    mark_read(Reminder.objects.in_inbox_of(request.user), at=timezone.now())
    forget_unread(request.user)
    messages.success(request, _("Everything is marked as read."))
    return redirect("inbox")
