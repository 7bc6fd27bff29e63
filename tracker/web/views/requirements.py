"""The rules as the product knows them, each with how sure we are of it."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from plants.models import Part
from plants.verification import Verification
from tracker.obligations.models import Obligation
from tracker.regulations.models import Requirement
from tracker.reporting.rows import read_rows
from tracker.web.access import PersonRequest, find, signed_in
from tracker.web.looks import VERIFICATIONS

PAGE_SIZE = 50


@require_GET
@signed_in
def requirements(request: PersonRequest) -> HttpResponse:
    """Every requirement in force by document; the address narrows by part and verification."""
    part, verification = request.GET.get("part", ""), request.GET.get("verification", "")
    found = Requirement.objects.in_force().in_reading_order()
    if part in Part.values:
        found = found.filter(part=part)
    if verification in Verification.values:
        found = found.filter(verification=verification)
    found = found.defer("text_zh", "text_en", "applies", "due", "evidence_asked")
    context = {
        "found": list(found),
        "parts": Part.choices,
        "verifications": [(code, look.word) for code, look in VERIFICATIONS.items()],
        "part": part,
        "verification": verification,
    }
    return render(request, "requirements/list.html", context)


@require_GET
@signed_in
def requirement(request: PersonRequest, code: str) -> HttpResponse:
    """One rule: its text, its numbers, where it comes from, and what it asks of one's plants."""
    shown = find(Requirement.objects.select_related("document"), code=code)
    mine = Obligation.objects.visible_to(request.user).counting().filter(requirement=shown)
    page = Paginator(mine.order_by("due_on", "pk"), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "today": timezone.localdate(),
        "requirement": shown,
        "limits": list(shown.limits.order_by("position", "pk")),
        "page": page,
        "rows": read_rows(page.object_list),  # type: ignore[arg-type]
        "base": "",
    }
    return render(request, "requirements/requirement.html", context)
