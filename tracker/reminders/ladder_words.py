"""A ladder as a sentence in the language that is active."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from tracker.reminders.ladder import Rungs
from tracker.reminders.models import Receiver


def describe_rungs(rungs: Rungs, receiver: str) -> str:
    """90, 30 and 7 days before, on the day, then every 7 days until handed in."""
    parts = []
    if days := sorted((day for day in set(rungs.before) if day), reverse=True):
        # Chinese has one form; English says day of the one day only.
        words = ngettext("%(days)s day before", "%(days)s days before", max(days))
        parts.append(words % {"days": _list(days)})
    if 0 in rungs.before:
        parts.append(_("on the day"))
    if rungs.first_after is None:
        parts.append(_("nothing after it"))
    else:
        parts += _after(rungs, rungs.first_after, receiver)
    return pgettext("between steps of a ladder", ", ").join(parts)


def describe_rung(rung: int, receiver: str) -> str:
    """One of them: 7 days before, on the day, 14 days overdue."""
    if rung > 0:
        return ngettext("%(n)d day before", "%(n)d days before", rung) % {"n": rung}
    if rung == 0:
        return _("on the day")
    return _late(-rung, receiver)


def _after(rungs: Rungs, first: int, receiver: str) -> list[str]:
    every, last = rungs.every, rungs.last_after
    if every is None:
        return [_("once more %(late)s") % {"late": _late(first, receiver)}]
    # What starts with its own step needs no word about the start.
    starts = [] if rungs.before and first == every else [_late(first, receiver)]
    if last is None:
        end = _("until decided") if receiver == Receiver.REVIEWER else _("until handed in")
        words = ngettext("then every day %(end)s", "then every %(n)d days %(end)s", every) % {
            "n": every,
            "end": end,
        }
    else:
        words = ngettext(
            "then every day until %(late)s", "then every %(n)d days until %(late)s", every
        ) % {"n": every, "late": _late(last, receiver)}
    return [*starts, words]


def _late(days: int, receiver: str) -> str:
    if receiver == Receiver.REVIEWER:
        words = ngettext(
            "%(n)d day after it was handed in", "%(n)d days after it was handed in", days
        )
        return words % {"n": days}
    return ngettext("%(n)d day overdue", "%(n)d days overdue", days) % {"n": days}


def _list(days: Sequence[int]) -> str:
    """90, 30 and 7."""
    if len(days) == 1:
        return str(days[0])
    head = pgettext("between numbers", ", ").join(map(str, days[:-1]))
    return _("%(head)s and %(last)d") % {"head": head, "last": days[-1]}
