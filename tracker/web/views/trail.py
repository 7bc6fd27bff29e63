"""The trail for auditors: every deed with who, when, from where, before and after; and as CSV."""

import csv
import json
from collections.abc import Iterable, Iterator
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import get_language, override
from django.views.decorators.http import require_safe

from plants.models import Plant
from tracker.audit import Event, Verb, record
from tracker.obligations.models import Obligation
from tracker.reporting.cells import BYTE_ORDER_MARK, harmless
from tracker.reporting.trail import AUDITING, read_trail
from tracker.web.access import PersonRequest, actor_of, role_required
from tracker.web.forms.trail import TrailFilterForm
from tracker.web.views.history import sentences_of

PAGE_SIZE = 50
ROWS_AT_ONCE = 2000
COLUMNS = (
    "at",
    "person_name",
    "origin",
    "verb",
    "thing_kind",
    "thing_id",
    "thing_name",
    "plant",
    "before",
    "after",
    "note",
    "chain",
    "sequence",
    "previous",
    "digest",
)


@require_safe
@role_required(*AUDITING)
def trail(request: PersonRequest) -> HttpResponse:
    """The newest first, as sentences, with the filters."""
    form = TrailFilterForm(request.GET)
    wanted = form.wanted()
    page = Paginator(read_trail(request.user, wanted), PAGE_SIZE).get_page(request.GET.get("page"))
    events = list(page.object_list)
    sentences = sentences_of(events, Obligation.objects.visible_to(request.user))
    chosen = {name: value for name, value in form.data.items() if value and name in form.fields}
    context = {
        "page": page,
        "rows": list(zip(events, sentences, strict=True)),
        "chosen": chosen,
        "base": urlencode(chosen),
        "plant": Plant.objects.visible_to(request.user).filter(pk=wanted.plant or 0).first(),
        "verbs": [(verb.value, verb.label) for verb in Verb],
    }
    return render(request, "trail/trail.html", context)


@require_safe
@role_required(*AUDITING)
def trail_csv(request: PersonRequest) -> HttpResponseBase:
    """The same rows with every column, as a spreadsheet reads them; taking it is an event, too."""
    wanted = TrailFilterForm(request.GET).wanted()
    now = timezone.now()
    events = read_trail(request.user, wanted).filter(at__lte=now)
    record(
        by=actor_of(request),
        at=now,
        verb=Verb.DOWNLOADED,
        thing=request.user,
        note=f"{request.path}?{request.GET.urlencode()}"[:2000],
    )
    response = StreamingHttpResponse(
        _lines(events.iterator(chunk_size=ROWS_AT_ONCE), get_language() or "zh-hans"),
        content_type="text/csv; charset=utf-8",
    )
    name = f"audit-{timezone.localtime(now):%Y%m%d-%H%M}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


class _Echo:
    """What csv writes to: it hands each line back."""

    def write(self, line: str) -> str:
        return line


def _lines(events: Iterable[Event], language: str) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield BYTE_ORDER_MARK + writer.writerow(COLUMNS)
    for event in events:
        # The reader's language is gone by the time that the rows are streamed.
        with override(language):
            yield writer.writerow([harmless(value) for value in _cells(event)])


def _cells(event: Event) -> list[Any]:
    plain = {
        "at": timezone.localtime(event.at).isoformat(),
        "verb": Verb(event.verb).label if event.verb in Verb.values else event.verb,
        "thing_name": str(event.thing_name),
        "plant": str(event.plant or ""),
        "before": _json(event.before),
        "after": _json(event.after),
    }
    return [plain.get(name, getattr(event, name)) for name in COLUMNS]


def _json(values: object) -> str:
    return "" if values is None else json.dumps(values, ensure_ascii=False, sort_keys=True)
