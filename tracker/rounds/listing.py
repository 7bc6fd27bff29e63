"""What a round brings on the public list, suspends there or takes off, and what hangs on that."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from plants.models import Authority, Line, Listing, Plant, RunStatus
from plants.models.listings import part_since, whole_since
from plants.models.people import paths_from
from tracker import audit
from tracker.assessments.claims import release
from tracker.obligations.models import OWED, Obligation, State
from tracker.obligations.schedule import schedule_obligations, take_turn
from tracker.obligations.states import move
from tracker.rounds.models import Round, Stage

ANSWERABLE = frozenset({*OWED, State.SUBMITTED, State.ACCEPTED})
"""What was waived or withdrawn stays so, whatever is listed."""


def keep_list(
    round_: Round, *, to: str, on: date, reason: str, by: audit.Actor, at: datetime, today: date
) -> None:
    """Bring the list in line with a round that has just entered this stage, and what hangs on it.

    ``on`` is the day from which it is listed, suspended or removed. Runs in the caller's
    transaction, after the round is locked; the plant waits its turn.
    """
    if to not in (Stage.LISTED, Stage.SUSPENDED, Stage.REMOVED):
        return
    take_turn([round_.plant_id])
    if to == Stage.LISTED:
        _put_on(round_, on)
    elif to == Stage.SUSPENDED:
        standing = round_.listings.standing()
        standing.filter(suspended_on=None).update(suspended_on=on, reason=reason)
    else:
        round_.listings.standing().update(removed_on=on, reason=reason)
    settle_by_list(round_.plant, by=by, at=at, note=reason)
    schedule_obligations(today=today, by=by, at=at, plants=[round_.plant])


def settle_by_list(plant: Plant, *, by: audit.Actor, at: datetime, note: str = "") -> int:
    """Count as done what the list answers, and open again what it answers no more; how many moved.

    A part's listing for all lines answers what completes the part; for one line, what that line
    owes of it. Once all three parts are listed for all lines, it also answers what ends with the
    listing. What an officer returned after that stays returned. Running it again changes nothing.
    Call it in the plant's turn.
    """
    lines = list(open_lines(plant).values_list("pk", flat=True))
    listings = list(plant.listings.holding().order_by("listed_on", "pk"))
    moved = 0
    for obligation in _concerned(plant):
        listing = answering(obligation, listings, lines)
        if listing is None:
            moved += _undo(obligation, by=by, at=at, note=note)
        elif obligation.state in ANSWERABLE:
            moved += _settle(obligation, listing, by=by, at=at)
    return moved


def settle_site(*, by: audit.Actor, at: datetime) -> int:
    """For every plant that is or was on the list: what came to be owed since; how many moved."""
    moved = 0
    for plant in Plant.objects.filter(listings__isnull=False).distinct().order_by("pk"):
        with transaction.atomic():
            take_turn([plant.pk])
            moved += settle_by_list(plant, by=by, at=at)
    return moved


def answering(
    obligation: Obligation, listings: Iterable[Listing], lines: list[int]
) -> Listing | None:
    """What on the list answers an obligation, the newest of what it takes; None if it does not.

    ``lines`` are the ids of the plant's open lines. Pure.
    """
    listings, rule = list(listings), obligation.requirement
    if rule.completes:
        asked = [obligation.line_id] if obligation.line_id else lines
        since = part_since(listings, rule.completes, asked)
        of = (None, obligation.line_id) if obligation.line_id else (None, *lines)
        theirs = [x for x in listings if x.part == rule.completes and x.line_id in of]
    else:
        since, theirs = whole_since(listings, lines), listings
    if since is None:
        return None
    return max((each for each in theirs if each.listed_on <= since), key=lambda it: it.listed_on)


def open_lines(plant: Plant) -> QuerySet[Line]:
    return plant.lines.exclude(status=RunStatus.CLOSED).order_by("number")


def _put_on(round_: Round, on: date) -> None:
    """What stands there already is renewed, also what was suspended."""
    chosen = list(round_.lines.order_by("number"))
    authority = Authority.objects.get(path=paths_from(round_.plant.authority.path)[-1])
    subjects: list[Line | None] = [*chosen] if chosen else [None]
    for line in subjects:
        counted = [line] if line else list(open_lines(round_.plant))
        for part in round_.parts:
            there = round_.plant.listings.standing().filter(line=line, part=part).first()
            if there is None:
                there = Listing.objects.create(
                    plant=round_.plant,
                    line=line,
                    part=part,
                    authority=authority,
                    capacity_tpd=sum(each.capacity_tpd for each in counted),
                    listed_on=on,
                )
            elif there.suspended_on is not None:
                there.suspended_on = None
                there.reason = ""
                there.save(update_fields=["suspended_on", "reason"])
            round_.listings.add(there)


def _concerned(plant: Plant) -> list[Obligation]:
    """What a listing may answer, and what one answers now; locked in the order of their ids."""
    by_rule = ~Q(requirement__completes="") | Q(requirement__answered_by_listing=True)
    rows = plant.obligations.counting().filter(by_rule | Q(listing__isnull=False))
    locked = rows.select_for_update(no_key=True, of=("self",)).order_by("pk")
    return list(locked.select_related("requirement", "plant", "line", "outlet"))


def _settle(obligation: Obligation, listing: Listing, *, by: audit.Actor, at: datetime) -> int:
    """Accepted by the list, unless an officer returned it since it was on the list."""
    known = obligation.listing_id is not None
    if obligation.state == State.RETURNED and known:
        return 0
    waiting = obligation.state == State.SUBMITTED
    if waiting and known:
        return 0
    moved = 0
    if obligation.state != State.ACCEPTED:
        if waiting:
            for submission in obligation.submissions.all():
                release(submission)
        also = {"listed_on": listing.listed_on}
        move(obligation, to=State.ACCEPTED, verb=audit.Verb.LISTED, by=by, at=at, also=also)
        moved = 1
    _answered_by(obligation, listing.pk)
    return moved


def _undo(obligation: Obligation, *, by: audit.Actor, at: datetime, note: str) -> int:
    """Owed again, as it was answered by the list; also what had been accepted before that."""
    if obligation.listing_id is None:
        return 0
    moved = 0
    if obligation.state == State.ACCEPTED:
        move(obligation, to=State.OPEN, verb=audit.Verb.DELISTED, by=by, at=at, note=note)
        moved = 1
    _answered_by(obligation, None)
    return moved


def _answered_by(obligation: Obligation, listing_id: int | None) -> None:
    if obligation.listing_id != listing_id:
        Obligation.objects.filter(pk=obligation.pk).update(listing_id=listing_id)
        obligation.listing_id = listing_id
