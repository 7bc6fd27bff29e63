"""The calendar: a month as a grid, or as a list by day."""

from datetime import date, timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from tracker.reporting.calendar import Wanted, read_month, read_scope
from tracker.web.access import PersonRequest, signed_in
from tracker.web.forms.calendar import FIRST_YEAR, LAST_YEAR, LIST, MONTH, CalendarForm
from tracker.web.views.months import (
    draw_cells,
    draw_rows,
    legend_of,
    month_address,
    month_name,
)
from tracker.web.views.stops import MOST_DRAWN, draw_bands, show_apart

# The short name for the grid's head, the long one for readers of the screen.
WEEKDAYS = [
    (_("Mon"), _("Monday")),
    (_("Tue"), _("Tuesday")),
    (_("Wed"), _("Wednesday")),
    (_("Thu"), _("Thursday")),
    (_("Fri"), _("Friday")),
    (_("Sat"), _("Saturday")),
    (_("Sun"), _("Sunday")),
]


@require_safe
@signed_in
def calendar(request: PersonRequest) -> HttpResponse:
    """Month, view, plant and authority stand in the address."""
    today = timezone.localdate()
    scope = read_scope(request.user)
    form = CalendarForm(request.GET.dict(), scope)
    wanted = form.wanted(today)
    month = read_month(request.user, wanted)
    cells = draw_cells(month, wanted, scope, today)
    lines = show_apart(month.stops.apart, names_plants=len(scope.plants) > 1)
    bands = draw_bands(month.stops, lines, wanted)
    context = {
        "today": today,
        "form": form,
        "scope": scope,
        "wanted": wanted,
        "title": month_name(wanted.first),
        "shows_list": form.shows_list,
        "rows": [] if form.shows_list else draw_rows(wanted.first, bands, cells),
        "weekdays": WEEKDAYS,
        "cells": list(cells.values()),
        "legend": legend_of(cells.values()),
        "kiln_stops": month.stops.places,
        "lines": lines,
        "apart_count": len(month.stops.apart),
        "more_lines": max(0, len(month.stops.apart) - MOST_DRAWN),
        "explains_stops": any(band.tone != "stop" for band in bands),
        "total": sum(cell.day.count for cell in cells.values()),
        **_links(wanted, today, view=LIST if form.shows_list else MONTH),
    }
    return render(request, "calendar/calendar.html", context)


def _links(wanted: Wanted, today: date, *, view: str) -> dict[str, str]:
    """Where the months beside this one are, and the other view; nothing at the ends of time."""
    before, after = wanted.first - timedelta(days=1), wanted.last + timedelta(days=1)
    links = {
        "as_month": month_address(wanted, wanted.first, view=MONTH),
        "as_list": month_address(wanted, wanted.first, view=LIST),
        "this_month": month_address(wanted, today, view=view),
    }
    if before.year >= FIRST_YEAR:
        links["previous"] = month_address(wanted, before, view=view)
    if after.year <= LAST_YEAR:
        links["next"] = month_address(wanted, after, view=view)
    return links
