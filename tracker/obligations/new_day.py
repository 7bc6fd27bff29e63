"""Until when an extension can be asked for. Pure."""

from datetime import date

from dateutil.relativedelta import relativedelta
from django.utils.translation import gettext as _

from plants.plausible import LATEST

YEARS_AT_MOST = 5
"""No rule says how long: works take months, and who writes a far year meant another one."""


def latest_new_day(due_on: date, *, today: date) -> date:
    """The last day that can be asked for, of what is due on ``due_on``."""
    return min(min(max(due_on, today), LATEST) + relativedelta(years=YEARS_AT_MOST), LATEST)


def why_not_new_day(new_due_on: date, due_on: date, *, today: date) -> str | None:
    """Why it can't be moved from the one day to the other; None if it can."""
    if new_due_on <= max(due_on, today):
        return _("The new day has to lie after today and after the present due date.")
    return why_too_late(new_due_on, due_on, today=today)


def why_too_late(new_due_on: date, due_on: date, *, today: date) -> str | None:
    """Why the new day lies too far behind the present one; None if it doesn't."""
    latest = latest_new_day(due_on, today=today)
    if new_due_on > latest:
        return _("The new day can be %(day)s at the latest.") % {"day": latest}
    return None
