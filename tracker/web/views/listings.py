"""The public list: which parts of which plants are ultra-low, since when, and what was removed."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from tracker.reporting.listings import find_listed, read_list, read_notices, read_totals
from tracker.web.access import PersonRequest, signed_in

PAGE_SIZE = 50
REMOVED = "removed"


@require_safe
@signed_in
def listings(request: PersonRequest) -> HttpResponse:
    """On the list, or taken off it: which of the two stands in the address."""
    person, removed = request.user, request.GET.get("show") == REMOVED
    found = find_listed(person, standing=not removed)
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "today": timezone.localdate(),
        "page": page,
        "rows": read_list(page.object_list),
        "totals": read_totals(person),
        "notices": [] if removed else read_notices(person),
        "removed": removed,
        "base": f"show={REMOVED}" if removed else "",
    }
    return render(request, "rounds/list.html", context)
