"""Documents and their versions: what a new one added, changed and withdrew, old beside new."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from plants.models import StopWindow
from plants.text import Text
from tracker.evidence.models import Submission
from tracker.obligations.correct import may_correct
from tracker.regulations.models import Correction, Document, DocumentVersion, Target
from tracker.regulations.versions import Comparison, FieldChange, compare_versions
from tracker.web.access import PersonRequest, find, signed_in
from tracker.web.law import CorrectionInWords, Wording, rule_name

FIELDS = {
    "number": gettext_lazy("Number"),
    "title": gettext_lazy("Title"),
    "issuers": gettext_lazy("Issued by"),
    "issued_on": gettext_lazy("Issued on"),
    "effective_on": gettext_lazy("In force from"),
    "clause": gettext_lazy("Clause"),
    "part": gettext_lazy("Part"),
    "subject": gettext_lazy("For each"),
    "text": gettext_lazy("Wording"),
    "applies": gettext_lazy("Whom it binds"),
    "due": gettext_lazy("Due"),
    "completes": gettext_lazy("Completes"),
    "evidence": gettext_lazy("Evidence wanted"),
    "limits": gettext_lazy("Limits"),
    "review_levels": gettext_lazy("Levels of review"),
    "effective_from": gettext_lazy("In force from"),
    "effective_to": gettext_lazy("In force until"),
    "verification": gettext_lazy("Verification"),
    "note": gettext_lazy("Note"),
}


@dataclass(frozen=True)
class Line:
    """One field that reads otherwise, in words."""

    label: str
    before: str
    after: str


@require_safe
@signed_in
def document(request: PersonRequest, code: str) -> HttpResponse:
    """The document with its versions, the newest first."""
    shown = find(Document.objects.all(), code=code)
    targets = list(shown.targets.select_related("zone").order_by("by_on", "code"))
    windows = _windows_of(shown)
    context = {
        "document": shown,
        "versions": list(shown.versions.defer("content").order_by("-number")),
        "requirements": shown.requirements.in_force().order_by("position", "code"),
        "targets": [target for target in targets if target.withdrawn_on is None],
        "windows": windows,
        "corrections": _corrections(shown, targets, windows),
        "may_correct": may_correct(request.user, shown.tree),
        **relatives_of(shown),
    }
    return render(request, "documents/document.html", context)


def relatives_of(document: Document) -> dict[str, object]:
    """The documents that stand above, below, before and after it."""
    return {
        "implements": document.implements.order_by("code"),
        "implemented_by": document.implemented_by.order_by("code"),
        "supersedes": document.supersedes.order_by("code"),
        "superseded_by": document.superseded_by.order_by("code"),
    }


@require_safe
@signed_in
def document_version(request: PersonRequest, code: str, number: int) -> HttpResponse:
    """What a version changed against the one before it, requirement by requirement."""
    version = find(
        DocumentVersion.objects.select_related("document"), document__code=code, number=number
    )
    before = version.document.versions.filter(number=number - 1).first()
    comparison = compare_versions(before.content, version.content) if before else None
    context: dict[str, object] = {"version": version, "document": version.document}
    if comparison is not None:
        context |= _compared(request, version, comparison)
    return render(request, "documents/version.html", context)


def _windows_of(document: Document) -> list[StopWindow]:
    """The kiln stops that it sets, place by place."""
    windows = StopWindow.objects.filter(document_code=document.code).select_related("place")
    return list(windows.order_by("season", "place__name_zh", "place", "starts_on"))


def _corrections(
    document: Document, targets: Iterable[Target], windows: Iterable[StopWindow]
) -> list[CorrectionInWords]:
    """What was put right in the app of its head, its targets and its stops, the newest first."""
    by_target = {target.pk: target for target in targets}
    by_window = {window.pk: window for window in windows}
    about = Q(document=document) | Q(target__in=by_target) | Q(stop_window__in=by_window)
    made = Correction.objects.filter(about).select_related("made_by", "scan", "undone_by")
    found = list(made.order_by("-made_at", "-pk"))
    if not found:
        return []
    wording = Wording.of(())
    named = []
    for correction in found:
        of_target = by_target.get(correction.target_id or 0)
        of_window = by_window.get(correction.stop_window_id or 0)
        named.append(
            wording.of_correction(correction, rule_name(of_target or of_window or document))
        )
    return named


def _compared(
    request: PersonRequest, version: DocumentVersion, comparison: Comparison
) -> dict[str, object]:
    answered = _answers_before(request, version, [change.code for change in comparison.changed])
    return {
        "comparison": comparison,
        "head": _lines(comparison.head),
        "changed": [
            (change, _lines(change.fields), answered.get(change.code, 0))
            for change in comparison.changed
        ],
        "added": [_titled(entry) for entry in comparison.added],
        "withdrawn": [_titled(entry) for entry in comparison.withdrawn],
    }


def _answers_before(
    request: PersonRequest, version: DocumentVersion, codes: list[str]
) -> dict[str, int]:
    """How many answers the reader sees that were given under the older text, by requirement."""
    given = (
        Submission.objects.visible_to(request.user)
        .filter(
            obligation__requirement__code__in=codes,
            submitted_at__lt=version.loaded_at,
            obligation__requirement__text_changed_at__gte=version.loaded_at,
        )
        .annotate(code=F("obligation__requirement__code"))
        .values_list("code")
        .annotate(number=Count("obligation", distinct=True))
        .order_by()
    )
    return dict(given)


def _lines(fields: Iterable[FieldChange]) -> list[Line]:
    return [
        Line(str(FIELDS.get(field.name, field.name)), _words(field.before), _words(field.after))
        for field in fields
    ]


def _titled(entry: Any) -> tuple[str, Text, Text]:
    """A requirement's code, title and text."""
    title, text = entry["title"], entry["text"]
    return entry["code"], Text(title["zh"], title["en"]), Text(text["zh"], text["en"])


def _words(value: Any) -> str:
    """A value of a version as people read it: one line for each thing of a list."""
    match value:
        case None | "" | []:
            return "—"
        case bool():
            return _("yes") if value else _("no")
        case {"zh": zh, "en": en}:
            return str(Text(zh, en))
        case list():
            return "\n".join(_words(each) for each in value)
        case dict():
            shown = (f"{key}: {_words(each)}" for key, each in value.items() if each is not None)
            return ", ".join(shown)
    return str(value)
