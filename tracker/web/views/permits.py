"""A plant's discharge permits: how long they are valid, and by when they want which report."""

from typing import NamedTuple

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from plants.models import Permit, PermitReport, Plant, ReportEvery
from tracker.obligations.amend import why_not_amend
from tracker.obligations.preview import Impact
from tracker.obligations.wording import month_day_text
from tracker.web.access import PersonRequest, find, signed_in
from tracker.web.forms.facts import FactForm, PermitForm, PermitReportForm
from tracker.web.views.facts import (
    Refusal,
    find_plant,
    refuse_unless_may,
    save_or_preview,
    shown_of,
    status_of,
    told_of,
)


class ReportRow(NamedTuple):
    """By when the permit wants one kind of report; the form for who may change it."""

    report: PermitReport
    words: str
    form: FactForm | None


class Row(NamedTuple):
    """A permit as it stands; only the one that ends last counts (``counts``)."""

    permit: Permit
    counts: bool
    form: FactForm | None
    reports: list[ReportRow]
    new_report: FactForm | None


@require_safe
@signed_in
def plant_permits(request: PersonRequest, pk: int) -> HttpResponse:
    """Every permit, the newest first, with its report dates; forms for who may change them."""
    return _page(request, find_plant(request, pk))


@require_POST
@signed_in
def permit_add(request: PersonRequest, pk: int) -> HttpResponse:
    """A new permit of the plant; the dates that hang on it follow at once, or are previewed."""
    plant = find_plant(request, pk)
    return _saved(request, plant, PermitForm, Permit(plant=plant))


@require_POST
@signed_in
def permit_change(request: PersonRequest, pk: int) -> HttpResponse:
    """Number and validity; 409 with all that was typed where somebody was faster."""
    permit = find(Permit.objects.visible_to(request.user).select_related("plant"), pk=pk)
    return _saved(request, find_plant(request, permit.plant_id), PermitForm, permit)


@require_POST
@signed_in
def permit_report_add(request: PersonRequest, pk: int) -> HttpResponse:
    """The permit's own date for one kind of report."""
    permit = find(Permit.objects.visible_to(request.user).select_related("plant"), pk=pk)
    plant = find_plant(request, permit.plant_id)
    return _saved(request, plant, PermitReportForm, PermitReport(permit=permit))


@require_POST
@signed_in
def permit_report_change(request: PersonRequest, pk: int) -> HttpResponse:
    """Another date; nothing entered takes it out, and the rule's own date stands again."""
    report = _find_report(request, pk)
    plant = find_plant(request, report.permit.plant_id)
    return _saved(request, plant, PermitReportForm, report)


def _find_report(request: PersonRequest, pk: int) -> PermitReport:
    found = PermitReport.objects.visible_to(request.user)
    return find(found.select_related("permit__plant"), pk=pk)


def _saved(
    request: PersonRequest, plant: Plant, kind: type[FactForm], thing: Permit | PermitReport
) -> HttpResponse:
    refuse_unless_may(request, plant)
    form = kind(request.POST, thing=thing, today=timezone.localdate())
    answer = save_or_preview(request, form)
    if answer is None:
        return redirect("plant-permits", plant.pk)
    if status_of(answer) == 409 and thing.pk:
        there = type(thing)._default_manager.filter(pk=thing.pk).first()
        form = form.renewed(there) if there else form
    return _page(request, plant, form, answer)


def _page(
    request: PersonRequest,
    plant: Plant,
    typed: FactForm | None = None,
    answer: Refusal | Impact | None = None,
) -> HttpResponse:
    """The list; ``typed`` stands open in the place of its own form."""
    permits = list(plant.permits.order_by("-valid_until_on", "pk").prefetch_related("reports"))
    desk = _Desk(typed, why_not_amend(request.user, plant) is None)
    context = {
        "today": timezone.localdate(),
        "plant": plant,
        "rows": [desk.row(permit, counts=at == 0) for at, permit in enumerate(permits)],
        "new": desk.form_of(PermitForm, Permit(plant=plant)),
        "sentences": told_of(request, plant, "permit", "permitreport"),
        **shown_of(request, typed, answer),
    }
    return render(request, "plants/permits.html", context, status=status_of(answer))


class _Desk(NamedTuple):
    """The forms of one page: empty for who may not change anything."""

    typed: FactForm | None
    may: bool

    def row(self, permit: Permit, *, counts: bool) -> Row:
        reports = sorted(permit.reports.all(), key=lambda r: ReportEvery.values.index(r.every))
        entered = {report.every for report in reports}
        missing = [every for every in ReportEvery.values if every not in entered]
        new = PermitReport(permit=permit, every=missing[0]) if missing else None
        return Row(
            permit,
            counts,
            self.form_of(PermitForm, permit),
            [ReportRow(r, report_words(r), self.form_of(PermitReportForm, r)) for r in reports],
            self.form_of(PermitReportForm, new) if new else None,
        )

    def form_of(self, kind: type[FactForm], thing: Permit | PermitReport) -> FactForm | None:
        """The typed one where it is this thing's, else as the thing is."""
        if not self.may:
            return None
        form = kind(thing=thing, today=timezone.localdate())
        return self.typed if self.typed and self.typed.key == form.key else form


def report_words(report: PermitReport) -> str:
    """Within 15 days after the period; by 31 January of the next year."""
    if report.days_after is not None:
        words = ngettext(
            "within %d day after the period", "within %d days after the period", report.days_after
        )
        return words % report.days_after
    day = {"day": month_day_text(report.month or 12, report.day or 31)}
    if report.next_year:
        return _("by %(day)s of the next year") % day
    return _("by %(day)s of the same year") % day
