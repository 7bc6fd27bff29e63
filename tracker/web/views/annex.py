"""One annex: say what its columns hold, look its rows over, apply it, or let it go."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from tracker.annexes.apply import Outcome, StaleRecord, apply_annex
from tracker.annexes.arrange import (
    AnnexRefused,
    arrange_columns,
    cancel_annex,
    choose_all,
    choose_rows,
)
from tracker.annexes.columns import kind_choices
from tracker.annexes.models import AnnexImport, ImportState
from tracker.annexes.preview import Preview, read_preview
from tracker.annexes.writing import preview_impact
from tracker.audit import Event, Verb, record
from tracker.evidence.quarantine import Quarantined, open_stored
from tracker.evidence.types import EXCEL, FileRefused
from tracker.obligations.models import Obligation
from tracker.web.access import PersonRequest, actor_of, find
from tracker.web.annexes import FILTERS, filtered, row_views, sheet_views
from tracker.web.forms.annexes import WrongHeading, read_choices, read_layouts
from tracker.web.htmx import tell
from tracker.web.impact import moves_by_plant
from tracker.web.views.annexes import top_office
from tracker.web.views.history import sentences_of

PAGE_SIZE = 50
LEFT_SHOWN = 20
IMPACT_UNASKED = 200
"""So many rows' effect on the obligations is worked out unasked; that of more when asked for."""


@require_safe
@top_office
def annex(request: PersonRequest, pk: int) -> HttpResponse:
    """The columns, the rows with what they would change, and how it ended."""
    return _page(request, find_annex(request, pk))


@require_safe
@top_office
def annex_file(request: PersonRequest, pk: int) -> HttpResponseBase:
    """The file as it was brought."""
    shown = find_annex(request, pk)
    try:
        content = open_stored(shown.stored)
    except Quarantined as refusal:
        return tell(request, str(refusal), status=403)
    except FileNotFoundError as missing:
        raise Http404 from missing
    record(by=actor_of(request), at=timezone.now(), verb=Verb.DOWNLOADED, thing=shown)
    return FileResponse(
        content, as_attachment=True, filename=shown.original_name, content_type=EXCEL
    )


@require_POST
@top_office
def annex_columns(request: PersonRequest, pk: int) -> HttpResponse:
    """Say where the headings stand and what the columns hold."""
    shown = find_annex(request, pk)
    try:
        preview = _preview(request, shown)
        layouts = read_layouts(request.POST, preview.workbook, preview.layouts)
        arrange_columns(annex=shown, layouts=layouts, by=actor_of(request), at=timezone.now())
    except WrongHeading as wrong:
        return _page(request, shown, refusal=str(wrong), status=422)
    except (AnnexRefused, FileRefused) as refusal:
        return _page(request, find_annex(request, pk), refusal=str(refusal), status=422)
    return redirect(f"{reverse('annex', args=[pk])}#rows")


@require_POST
@top_office
def annex_rows(request: PersonRequest, pk: int) -> HttpResponse:
    """Keep what was ticked and chosen on this page of rows, then show another, or the same."""
    shown = find_annex(request, pk)
    go = request.POST.get("go", "")
    try:
        _choose(request, shown)
        if go in ("all", "none"):
            choosable = [p.row.key for p in _preview(request, shown).proposals if p.can_be_chosen]
            choose_all(
                annex=shown,
                left_out=choosable if go == "none" else [],
                by=actor_of(request),
                at=timezone.now(),
            )
    except (AnnexRefused, FileRefused) as refusal:
        return _refused(request, pk, refusal)
    tab = request.POST.get("tab", "")
    page = "1" if tab else go if go.isdecimal() else request.POST.get("page", "1")
    query = {"show": tab or request.POST.get("show", "all"), "page": page}
    place = "rows"
    if go == "impact":
        query["impact"], place = "1", "apply"
    return redirect(f"{reverse('annex', args=[pk])}?{urlencode(query)}#{place}")


@require_POST
@top_office
def annex_apply(request: PersonRequest, pk: int) -> HttpResponse:
    """Write the dates of the chosen rows, with what this page of rows says."""
    shown = find_annex(request, pk)
    try:
        _choose(request, shown)
        outcome = apply_annex(
            annex=shown,
            seen=request.POST.get("seen", ""),
            by=actor_of(request),
            at=timezone.now(),
            today=timezone.localdate(),
        )
    except (AnnexRefused, FileRefused) as refusal:
        return _refused(request, pk, refusal)
    except StaleRecord:
        sentence = _(
            "The dates on record changed meanwhile; what you see now is against the new ones. "
            "Nothing was changed by you: look it over and apply again."
        )
        return _page(request, find_annex(request, pk), refusal=sentence, status=409)
    messages.success(request, _told(outcome))
    return redirect("annex", pk)


@require_POST
@top_office
def annex_cancel(request: PersonRequest, pk: int) -> HttpResponse:
    """Let an import go without writing anything."""
    shown = find_annex(request, pk)
    try:
        cancel_annex(annex=shown, by=actor_of(request), at=timezone.now())
    except AnnexRefused as refusal:
        return _refused(request, pk, refusal)
    messages.success(request, _("Cancelled: %(name)s") % {"name": shown})
    return redirect("annexes")


def find_annex(request: PersonRequest, pk: int) -> AnnexImport:
    hers = AnnexImport.objects.visible_to(request.user)
    people = ("uploaded_by", "settled_by", "taken_back_by")
    return find(hers.select_related("document", "stored", *people), pk=pk)


def _preview(request: PersonRequest, shown: AnnexImport) -> Preview:
    try:
        return read_preview(shown, request.user)
    except FileNotFoundError as missing:
        raise Http404 from missing


def _choose(request: PersonRequest, shown: AnnexImport) -> None:
    try:
        choose_rows(
            annex=shown,
            shown=request.POST.getlist("row"),
            taken=request.POST.getlist("take"),
            plants=read_choices(request.POST),
            by=actor_of(request),
            at=timezone.now(),
        )
    except FileNotFoundError as missing:
        raise Http404 from missing


def _refused(request: PersonRequest, pk: int, refusal: AnnexRefused | FileRefused) -> HttpResponse:
    """The page as it is now, with the sentence: 422 where the file is the cause, else 409."""
    status = 422 if isinstance(refusal, FileRefused) else 409
    return _page(request, find_annex(request, pk), refusal=str(refusal), status=status)


def _page(
    request: PersonRequest, shown: AnnexImport, *, refusal: str = "", status: int = 200
) -> HttpResponse:
    events = Event.objects.about(shown).filter(plant__isnull=True)
    context: dict[str, object] = {
        "annex": shown,
        "refusal": refusal,
        "sentences": sentences_of(events, Obligation.objects.none()),
        "applied_before": _applied_before(shown) if shown.is_open else None,
        "can_take_back": shown.state == ImportState.APPLIED and shown.written_dates.exists(),
    }
    if shown.state == ImportState.TAKEN_BACK:
        context |= _left(shown)
    if shown.is_open:
        try:
            context |= _looked_over(request, shown)
        except FileRefused as fault:
            context |= {"refusal": str(fault), "is_unreadable": True}
    return render(request, "annexes/annex.html", context, status=status)


def _looked_over(request: PersonRequest, shown: AnnexImport) -> dict[str, object]:
    """The open import's sheets, and one page of its rows."""
    preview = _preview(request, shown)
    asked = request.POST if request.method == "POST" else request.GET
    show = asked.get("show", "")
    show = show if show in FILTERS else "all"
    page = Paginator(filtered(preview, show), PAGE_SIZE).get_page(asked.get("page"))
    counts = preview.counts()
    of = {"all": counts["rows"], "problem": counts["problem"], "same": counts["same"]}
    of["change"] = counts["rows"] - counts["problem"] - counts["same"]
    return {
        "sheets": sheet_views(preview),
        "hidden": preview.workbook.hidden,
        "kinds": kind_choices(
            kind for layout in preview.layouts.values() for kind in layout.kinds.values()
        ),
        "filters": [(code, word, of[code]) for code, word in FILTERS.items()],
        "show": show,
        "page": page,
        "rows": row_views(preview, page.object_list, shown),
        "counts": counts,
        "choosable": of["change"],
        "seen": preview.seen,
        **_impact(request, shown, preview, is_asked="impact" in asked),
    }


def _impact(
    request: PersonRequest, shown: AnnexImport, preview: Preview, *, is_asked: bool
) -> dict[str, object]:
    """What applying would do to the obligations; nothing of many rows that nobody asked for."""
    rows = preview.counts()["chosen"]
    if not rows or (rows > IMPACT_UNASKED and not is_asked):
        return {}
    impact = preview_impact(shown, preview, today=timezone.localdate())
    return moves_by_plant(request.user, impact)


def _left(shown: AnnexImport) -> dict[str, object]:
    """The dates that stayed when the import was taken back, and why."""
    rows = shown.written_dates.exclude(left="").select_related("plant").order_by("plant", "part")
    left = [
        (row.plant, row.get_part_display(), row.get_left_display()) for row in rows[:LEFT_SHOWN]
    ]
    return {"left": left, "more_left": max(0, rows.count() - LEFT_SHOWN)}


def _applied_before(shown: AnnexImport) -> AnnexImport | None:
    """The last time that this very file was applied for the document."""
    earlier = AnnexImport.objects.filter(
        document=shown.document, stored=shown.stored, state=ImportState.APPLIED
    )
    return earlier.order_by("-settled_at").first()


def _told(outcome: Outcome) -> str:
    if not outcome.changed_anything:
        return _("Every date of these rows was on record already: nothing was changed.")
    dates = outcome.new + outcome.moved + outcome.checked
    said = ngettext("%d date written", "%d dates written", dates) % dates
    plants = ngettext("at %d plant", "at %d plants", outcome.plants) % outcome.plants
    moved = ngettext("%d due date moved", "%d due dates moved", outcome.re_dated) % outcome.re_dated
    return _("%(dates)s %(plants)s; %(moved)s.") % {"dates": said, "plants": plants, "moved": moved}
