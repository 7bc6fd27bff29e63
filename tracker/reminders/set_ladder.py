"""An administrator sets an authority's own ladder, changes it, or takes it out again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from plants.models import Authority
from tracker import audit
from tracker.reminders.ladder import Rungs
from tracker.reminders.ladders import rungs_of
from tracker.reminders.models import Ladder, Receiver

MOST_DAYS = 365
MOST_RUNGS = 12
LAST_END = 3650
ANSWERING = frozenset({Receiver.MANAGER, Receiver.GROUP_MANAGER})
"""Who answers for a plant: to them the day itself is told whatever an authority wants."""


class Fault(NamedTuple):
    """What is wrong with a ladder, and the field that it is about."""

    field: str
    words: str


class LadderRefused(Exception):
    """The ladder breaks a limit, or its authority isn't hers."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(" ".join(fault.words for fault in faults))
        self.faults = faults


class StaleLadder(Exception):
    """Somebody set, changed or removed it after the page was opened."""


@dataclass(frozen=True)
class Scope:
    """What a ladder is for; it is there once."""

    authority: Authority
    receiver: str
    part: str = ""
    rhythm: str = ""

    def find(self) -> Ladder | None:
        """The one that is set."""
        own = Ladder.objects.filter(authority=self.authority, receiver=self.receiver)
        return own.filter(part=self.part, rhythm=self.rhythm).first()

    def ladder(self, rungs: Rungs) -> Ladder:
        """One with these rungs, not saved."""
        ladder = Ladder(
            authority=self.authority, receiver=self.receiver, part=self.part, rhythm=self.rhythm
        )
        _write(ladder, rungs)
        return ladder


def scope_of(ladder: Ladder) -> Scope:
    return Scope(ladder.authority, ladder.receiver, ladder.part, ladder.rhythm)


def find_faults(receiver: str, rungs: Rungs) -> list[Fault]:
    """What a ladder must not be; pure."""
    return [*_faults_before(receiver, rungs.before), *_faults_after(receiver, rungs)]


def _faults_before(receiver: str, days: Sequence[int]) -> list[Fault]:
    found = []
    if any(not 0 <= day <= MOST_DAYS for day in days):
        found.append(_("Days before are whole numbers from 0 to %(most)d.") % {"most": MOST_DAYS})
    if len(days) > MOST_RUNGS:
        found.append(_("At most %(most)d days, or nobody reads them.") % {"most": MOST_RUNGS})
    if len(set(days)) < len(days):
        found.append(_("A day stands here twice."))
    if receiver in ANSWERING and 0 not in days:
        found.append(
            _("0 must be among them: on the due date itself whoever answers is always told.")
        )
    if receiver not in ANSWERING and days:
        found.append(_("Officers are told of what is overdue or waits: no days before."))
    return [Fault("before", words) for words in found]


def _faults_after(receiver: str, rungs: Rungs) -> list[Fault]:
    first, every, last = rungs.first_after, rungs.every, rungs.last_after
    found = []
    numbers = (("first_after", first, MOST_DAYS), ("every", every, MOST_DAYS))
    for name, value, most in (*numbers, ("last_after", last, LAST_END)):
        if value is not None and not 1 <= value <= most:
            words = _("A whole number from 1 to %(most)d.") % {"most": most}
            found.append(Fault(name, words))
    if first is None and receiver not in ANSWERING:
        found.append(Fault("first_after", _("Say after how many days officers are told first.")))
    if first is None and receiver in ANSWERING and (every is not None or last is not None):
        words = _("Say after how many days it begins, or leave what follows empty, too.")
        found.append(Fault("first_after", words))
    if last is not None and every is None:
        found.append(Fault("every", _("An end is for what comes again: say every how many days.")))
    if first is not None and last is not None and last < first:
        found.append(Fault("last_after", _("The end can't come before the first of them.")))
    return found


def mark_of(ladder: Ladder | None) -> str:
    """What a page holds of the ladder that it shows, to be compared later; empty for none."""
    if ladder is None:
        return ""
    rungs = rungs_of(ladder)
    days = ",".join(map(str, rungs.before))
    return "/".join([days, *(str(n or "-") for n in (rungs.first_after, rungs.every))]) + (
        f"/{rungs.last_after or '-'}"
    )


def set_ladder(*, scope: Scope, rungs: Rungs, seen: str, by: audit.Actor, at: datetime) -> Ladder:
    """Set the authority's ladder, or change it from what ``seen`` marks; from the next night on.

    What is planned already stays. ``StaleLadder`` where it isn't as seen any more.
    """
    _refuse_unless_hers(scope.authority, by)
    if faults := find_faults(scope.receiver, rungs):
        raise LadderRefused(faults)
    try:
        with transaction.atomic():
            ladder = _locked(scope, seen)
            before = facts_of(ladder) if ladder else None
            ladder = ladder or scope.ladder(rungs)
            _write(ladder, rungs)
            after = facts_of(ladder)
            if after == before:
                return ladder
            ladder.save()
            verb = audit.Verb.CHANGED if before else audit.Verb.CREATED
            audit.record(by=by, at=at, verb=verb, thing=ladder, before=before, after=after)
            return ladder
    except IntegrityError as fault:
        raise StaleLadder from fault


def remove_ladder(*, ladder: Ladder, seen: str, by: audit.Actor, at: datetime) -> None:
    """Take it out: what holds above it, or ours, holds again from the next night on."""
    _refuse_unless_hers(ladder.authority, by)
    with transaction.atomic():
        found = _locked(scope_of(ladder), seen)
        if found is None:
            raise StaleLadder
        verb = audit.Verb.REMOVED
        audit.record(by=by, at=at, verb=verb, thing=found, before=facts_of(found))
        found.delete()


def facts_of(ladder: Ladder) -> dict[str, object]:
    """Its rungs as the trail keeps them."""
    rungs = rungs_of(ladder)
    return {
        "receiver": ladder.receiver,
        "before": list(rungs.before),
        "first_after": rungs.first_after,
        "every": rungs.every,
        "last_after": rungs.last_after,
    }


def _refuse_unless_hers(authority: Authority, by: audit.Actor) -> None:
    if (
        by.person is None
        or not Authority.objects.run_by(by.person).filter(pk=authority.pk).exists()
    ):
        raise LadderRefused([Fault("authority", _("Only its administrator sets it."))])


def _locked(scope: Scope, seen: str) -> Ladder | None:
    found = Ladder.objects.select_for_update(of=("self",)).filter(
        authority=scope.authority,
        receiver=scope.receiver,
        part=scope.part,
        rhythm=scope.rhythm,
    )
    ladder = found.select_related("authority").first()
    if mark_of(ladder) != seen:
        raise StaleLadder
    return ladder


def _write(ladder: Ladder, rungs: Rungs) -> None:
    ladder.before = sorted(set(rungs.before), reverse=True)
    ladder.first_after, ladder.every = rungs.first_after, rungs.every
    ladder.last_after = rungs.last_after
