"""The rules as the product knows them, each with how sure we are of it."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from plants.models import Authority, Part, Place, Zone
from plants.verification import Verification
from tracker.annexes.rights import documents_for
from tracker.obligations.correct import may_correct
from tracker.obligations.describe import describe_applies
from tracker.obligations.describe_due import describe_due
from tracker.obligations.models import Obligation
from tracker.regulations.due_rules import anchors_of, due_fact
from tracker.regulations.models import Document, Limit, Requirement
from tracker.regulations.rules import Standing, read_applies, read_due
from tracker.reporting.rows import read_rows
from tracker.web.access import PersonRequest, find, signed_in
from tracker.web.law import CorrectionInWords, Wording
from tracker.web.looks import VERIFICATIONS
from tracker.web.views.documents import relatives_of

PAGE_SIZE = 50


@require_safe
@signed_in
def requirements(request: PersonRequest) -> HttpResponse:
    """Every requirement in force by document; the address narrows by document, part, surety."""
    document = request.GET.get("document", "")
    part, verification = request.GET.get("part", ""), request.GET.get("verification", "")
    found = Requirement.objects.in_force().in_reading_order()
    documents = Document.objects.filter(pk__in=found.values("document")).order_by("code")
    if document in documents.values_list("code", flat=True):
        found = found.filter(document__code=document)
    if part in Part.values:
        found = found.filter(part=part)
    if verification in Verification.values:
        found = found.filter(verification=verification)
    found = found.defer("text_zh", "text_en", "applies", "evidence_asked")
    context = {
        "found": list(found.prefetch_related("document__implements", "document__supersedes")),
        "documents": [(each.code, _short_name(each)) for each in documents],
        "parts": Part.choices,
        "verifications": [(code, look.word) for code, look in VERIFICATIONS.items()],
        "document": document,
        "part": part,
        "verification": verification,
    }
    return render(request, "requirements/list.html", context)


@require_safe
@signed_in
def requirement(request: PersonRequest, code: str) -> HttpResponse:
    """One rule: its text, its numbers, where it comes from, and what it asks of one's plants."""
    shown = find(Requirement.objects.select_related("document"), code=code)
    mine = Obligation.objects.visible_to(request.user).counting().filter(requirement=shown)
    page = Paginator(mine.order_by("due_on", "pk"), PAGE_SIZE).get_page(request.GET.get("page"))
    limits = list(shown.limits.order_by("position", "pk"))
    context = {
        "today": timezone.localdate(),
        "requirement": shown,
        "limits": limits,
        "page": page,
        "rows": read_rows(page.object_list),  # type: ignore[arg-type]
        "base": "",
        "corrections": _corrections(shown, limits),
        "may_correct": shown.withdrawn_on is None
        and may_correct(request.user, shown.document.tree),
        "loads_annex": shown.document in documents_for(request.user),
        **_rules_in_words(shown),
        **relatives_of(shown.document),
    }
    return render(request, "requirements/requirement.html", context)


def _corrections(shown: Requirement, limits: list[Limit]) -> list[CorrectionInWords]:
    """What was put right of it in the app, the newest first, each value in words."""
    made = shown.corrections.select_related("made_by", "scan", "undone_by")
    found = list(made.order_by("-made_at", "-pk"))
    wording = Wording.of(limits) if found else None
    return [wording.of_correction(each) for each in found if wording is not None]


def _rules_in_words(shown: Requirement) -> dict[str, object]:
    """Whom it binds and when it is due, as sentences."""
    kind = shown.subject_kind
    due = read_due(shown.due, subject=kind)
    names = {office.code: office.name for office in Authority.objects.all()}
    names |= {place.code: place.name for place in Place.objects.all()}
    names |= {zone.code: zone.name for zone in Zone.objects.all()}
    anchors = {code for _path, code in anchors_of(due)}
    others = Requirement.objects.filter(code__in=anchors) if anchors else ()
    names |= {due_fact(other.code): other.title for other in others}
    return {
        "applies_in_words": describe_applies(
            read_applies(shown.applies, subject=kind), kind, names
        ),
        "due_in_words": describe_due(due, names),
        "is_standing": isinstance(due, Standing),
    }


def _short_name(document: Document) -> str:
    """For a list to choose from: the number, and what it is about."""
    return f"{document.number} {document.title}".strip()
