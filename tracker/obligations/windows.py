"""Swaps and replacement agreements of a line: an officer enters one, or says that it ended.

They stand in this house because they are approvals under the peak-shifting plan, and are audited.
"""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from plants.kilns import Kiln, read_kilns
from plants.models import Agreement, Line, Person, Plant, Swap, SwapKind
from plants.plausible import is_plausible
from plants.windows import Window
from tracker import audit

Approval = Swap | Agreement


class WindowRefused(Exception):
    """It can't be entered or ended; the sentence says why, in the reader's language."""


def why_not_approve(person: Person | None, plant: Plant) -> str | None:
    """Why this person can't enter or end what is approved for the plant; None if she can."""
    if person is None or not person.oversees(plant):
        return _("Only an officer of the plant's authority can enter or end approvals.")
    return None


def add_swap(*, swap: Swap, by: audit.Actor, at: datetime) -> Swap:
    """Enter an approved swap. ``WindowRefused`` where its days contradict what is known.

    A run has to lie in the line's stop windows and a stop outside of them, projected windows
    included; two approvals for one line share no day.
    """
    with transaction.atomic():
        _lock([swap.line])
        _refuse(why_not_approve(by.person, swap.line.plant))
        _refuse(_why_not_days(swap.starts_on, swap.ends_on))
        kiln = _kiln(swap.line, swap.ends_on)
        if swap.kind == SwapKind.RUN:
            _refuse(_why_not_run(kiln, swap.starts_on, swap.ends_on))
        else:
            _refuse(_why_not_stop(kiln, swap.starts_on, swap.ends_on))
        swap.save(force_insert=True)
        after = {"kind": swap.kind, **_facts(swap), "approved_by": swap.approved_by}
        _record(swap, verb=audit.Verb.CREATED, by=by, at=at, after=after)
    return swap


def add_agreement(*, agreement: Agreement, by: audit.Actor, at: datetime) -> Agreement:
    """Enter a filed replacement agreement of a carbide-slag line; refuses as ``add_swap`` does.

    A partner that is a line here has to be one that the officer looks after: its kiln stops.
    """
    line, partner = agreement.line, agreement.partner
    with transaction.atomic():
        _lock([line, partner] if partner else [line])
        _refuse(why_not_approve(by.person, line.plant))
        _refuse(_why_not_days(agreement.starts_on, agreement.ends_on))
        _refuse(_why_not_days(agreement.filed_on, agreement.filed_on))
        if not line.carbide_slag:
            raise WindowRefused(_("Only a carbide-slag line runs by a replacement agreement."))
        _refuse(
            _why_not_run(_kiln(line, agreement.ends_on), agreement.starts_on, agreement.ends_on)
        )
        if partner is not None:
            _refuse(_why_not_partner(agreement, partner, by.person))
        agreement.save(force_insert=True)
        after = _facts(agreement) | {
            "partner": agreement.partner_said,
            "partner_starts_on": agreement.partner_starts_on,
            "partner_ends_on": agreement.partner_ends_on,
            "days": agreement.days,
            "filed_on": agreement.filed_on,
        }
        _record(agreement, verb=audit.Verb.CREATED, by=by, at=at, after=after)
    return agreement


def end_approval(
    *, approval: Approval, ended_on: date, reason: str, by: audit.Actor, at: datetime
) -> None:
    """Say that it holds no more from ``ended_on`` on; its first day takes it back altogether."""
    reason = reason.strip()
    _refuse(why_not_approve(by.person, approval.line.plant))
    if not reason:
        raise WindowRefused(_("Say why it ended."))
    first, last = _days_of(approval)
    if not first <= ended_on <= last:
        raise WindowRefused(
            _("It can end from %(first)s to %(last)s.") % {"first": first, "last": last}
        )
    with transaction.atomic():
        there = type(approval)._default_manager.filter(pk=approval.pk, ended_on=None)
        if not there.update(ended_on=ended_on):
            raise WindowRefused(_("It was ended already."))
        approval.ended_on = ended_on
        _record(
            approval,
            verb=audit.Verb.CHANGED,
            by=by,
            at=at,
            before={"ended_on": None},
            after={"ended_on": ended_on},
            note=reason,
        )


def _why_not_days(first: date, last: date) -> str | None:
    if not (is_plausible(first) and is_plausible(last)):
        return _("This year can't be right.")
    return _("The last day lies before the first.") if last < first else None


def _why_not_run(kiln: Kiln, first: date, last: date) -> str | None:
    if not any(window.touches(first, last) for window in (*kiln.windows, *kiln.runs)):
        return _("The kiln doesn't stop on these days: there is nothing to be let off.")
    if any(run.touches(first, last) for run in kiln.runs):
        return _("The kiln may run on some of these days already.")
    if _days_in(kiln.windows, first, last) < (last - first).days + 1:
        return _("Some of these days lie outside the line's stop windows.")
    return None


def _why_not_stop(kiln: Kiln, first: date, last: date) -> str | None:
    if any(window.touches(first, last) for window in kiln.windows):
        return _("The kiln stops on some of these days already.")
    if any(run.touches(first, last) for run in kiln.runs):
        return _("The kiln was let run on some of these days.")
    return None


def _why_not_partner(agreement: Agreement, partner: Line, person: Person | None) -> str | None:
    if partner.pk == agreement.line_id:
        return _("A line can't stop instead of itself.")
    if person is None or not person.oversees(partner.plant):
        return _("The line that stops is under another authority: give its name instead.")
    if partner.carbide_slag:
        return _("The line that stops has to be an ordinary one.")
    first, last = agreement.partner_starts_on, agreement.partner_ends_on
    if first is None or last is None:
        return None
    return _why_not_days(first, last) or _why_not_stop(_kiln(partner, last), first, last)


def _days_in(windows: Iterable[Window], first: date, last: date) -> int:
    """How many days of the span lie in the windows, which share none."""
    return sum(
        (min(window.ends_on, last) - max(window.starts_on, first)).days + 1
        for window in windows
        if window.touches(first, last)
    )


def _days_of(approval: Approval) -> tuple[date, date]:
    if isinstance(approval, Agreement):
        return approval.days_of_both
    return approval.starts_on, approval.ends_on


def _kiln(line: Line, until: date) -> Kiln:
    [kiln] = read_kilns(line.plant.place, [line], until=until).kilns
    return kiln


def _lock(lines: list[Line]) -> None:
    """One after the other for a line: two approvals at once must not share a day."""
    list(
        Line.objects.select_for_update(no_key=True)
        .filter(pk__in=[line.pk for line in lines])
        .order_by("pk")
    )


def _refuse(sentence: str | None) -> None:
    if sentence is not None:
        raise WindowRefused(sentence)


def _facts(approval: Approval) -> dict[str, object]:
    return {
        "starts_on": approval.starts_on,
        "ends_on": approval.ends_on,
        "document": approval.document,
        "verification": approval.verification,
    }


def _record(
    approval: Approval,
    *,
    verb: str,
    by: audit.Actor,
    at: datetime,
    before: dict[str, object] | None = None,
    after: dict[str, object],
    note: str = "",
) -> None:
    """In the plant's history, and in the partner's, whose kiln it stops."""
    plants = [approval.line.plant]
    partner = approval.partner if isinstance(approval, Agreement) else None
    if partner is not None and partner.plant_id != approval.line.plant_id:
        plants.append(partner.plant)
    for plant in plants:
        audit.record(
            by=by,
            at=at,
            verb=verb,
            thing=approval,
            plant=plant,
            before=before,
            after=after,
            note=note,
        )
