"""Why what an officer would set can't be so: dates and numbers that contradict each other."""

from collections.abc import Mapping
from datetime import date

from django.utils.translation import gettext as _

from plants.models import StopWindow
from tracker.regulations.correctable import Correctable
from tracker.regulations.corrections import WINDOW_DAYS
from tracker.regulations.faults import fixed_days
from tracker.regulations.models import Document, Requirement, Target
from tracker.regulations.rules import RuleFault, read_due

EARLIEST, LATEST = date(1949, 10, 1), date(2099, 12, 31)
"""What lies outside is a slip of the pen."""


def why_not_so(correctable: Correctable, values: Mapping[str, object]) -> str | None:
    """Why these values, by path, can't stand in the thing; None if they can."""
    known = correctable.values
    strange = [path for path in values if path not in known]
    if strange:
        return _("The rule has no %(path)s.") % {"path": ", ".join(strange)}
    for value in values.values():
        if isinstance(value, date) and not EARLIEST <= value <= LATEST:
            return _implausible(value)
    match correctable.changed(values).thing:
        case Requirement() as requirement:
            return _of_requirement(requirement)
        case Target() as target:
            return _of_target(target)
        case Document() as document:
            return _of_document(document)
        case StopWindow() as window:
            return _of_window(window) if WINDOW_DAYS & values.keys() else None


def _of_requirement(requirement: Requirement) -> str | None:
    try:
        due = read_due(requirement.due, subject=requirement.subject_kind)
    except RuleFault as fault:
        return fault.message
    if requirement.review_levels not in (1, 2):
        return _("A review has one level or two.")
    first, last = requirement.effective_from, requirement.effective_to
    if last is not None and last < first:
        return _("It would end before it begins.")
    for _path, day in fixed_days(due):
        if not EARLIEST <= day <= LATEST:
            return _implausible(day)
        if day < first:
            return _("%(day)s lies before the requirement is in force, %(first)s.") % {
                "day": day,
                "first": first,
            }
        if last is not None and day > last:
            return _("%(day)s lies after the requirement has ended, %(last)s.") % {
                "day": day,
                "last": last,
            }
    return None


def _implausible(day: date) -> str:
    return _("%(day)s can't be meant: it must lie from %(first)s to %(last)s.") % {
        "day": day,
        "first": EARLIEST,
        "last": LATEST,
    }


def _of_target(target: Target) -> str | None:
    if 0 < target.share_percent <= 100:
        return None
    return _("A share is more than 0 % and at most 100 %.")


def _of_document(document: Document) -> str | None:
    issued, effective = document.issued_on, document.effective_on
    if issued is not None and effective is not None and effective < issued:
        return _("It would be in force before it is issued.")
    return None


def _of_window(window: StopWindow) -> str | None:
    first, last, year = window.starts_on, window.ends_on, int(window.season[:4])
    if last < first:
        return _("It would end before it begins.")
    if first.year < year or last.year > year + 1:
        return _("It would lie outside the season %(season)s.") % {"season": window.season}
    others = StopWindow.objects.filter(place=window.place_id, season=window.season)
    other = others.exclude(pk=window.pk).touching(first, last).order_by("starts_on").first()
    if other is None:
        return None
    days = {"first": other.starts_on, "last": other.ends_on}
    return _("It would overlap the stop from %(first)s to %(last)s.") % days
