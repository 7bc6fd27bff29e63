"""The demo's approved swaps and replacement agreements, entered as an officer enters them."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

from plants.kilns import Kiln, read_kilns
from plants.models import Agreement, Line, Swap, SwapKind
from plants.verification import Verification
from plants.windows import Cause, Window
from tracker import audit
from tracker.demo.people import People
from tracker.demo.walk import at_work
from tracker.demo.world import DemoPlant
from tracker.obligations.windows import add_agreement, add_swap

EVERY = 9  # one of so many clinker plants has swapped; the first, which the demo shows, has, too
SWAPPED_DAYS, REPLACED_DAYS = 10, 30
AFTER = timedelta(minutes=20)  # when a plant has entered the product, before anything else happens


def make_swaps(world: list[DemoPlant], people: People, today: date) -> int:
    """Swaps of some ordinary lines and an agreement for each first carbide-slag line of a bureau.

    They lie in the last issued season, so that nothing is approved under a plan that is not issued.
    Returns how many rows were made.
    """
    clinker = [demo for demo in world if demo.lines]
    count = 0
    for demo in clinker[::EVERY]:
        kiln = _kiln(demo.lines[0], today)
        if not kiln.line.carbide_slag and kiln.windows:
            count += _swap(demo, kiln, people)
    served = set[int]()
    for demo in clinker:
        authority = demo.plant.authority_id
        kiln = _kiln(demo.lines[0], today)
        if kiln.line.carbide_slag and kiln.windows and authority not in served:
            served.add(authority)
            partners = (_kiln(line, today) for line in _ordinary(clinker, authority))
            count += _agree(demo, kiln, next(partners, None), people)
    return count


def _swap(demo: DemoPlant, kiln: Kiln, people: People) -> int:
    """The kiln starts later into its winter stop and makes up for it afterwards."""
    winter = _longest(kiln.windows)
    spans = {
        SwapKind.RUN: (winter.starts_on, SWAPPED_DAYS),
        SwapKind.STOP: (_free_from(kiln, winter.ends_on, SWAPPED_DAYS), SWAPPED_DAYS),
    }
    for kind, (first, days) in spans.items():
        swap = Swap(
            line=kiln.line,
            kind=kind,
            starts_on=first,
            ends_on=_last(first, days),
            document=f"示例：{winter.season}年度错峰调整第二批",
            approved_by="示例工业和信息化主管部门",
            verification=Verification.VERIFIED,
        )
        add_swap(swap=swap, by=_by(demo, people), at=_at(demo))
    return len(spans)


def _agree(demo: DemoPlant, kiln: Kiln, partner: Kiln | None, people: People) -> int:
    """The carbide-slag line runs a month in winter; a line nearby or one elsewhere stops."""
    winter = _longest(kiln.windows)
    first = winter.starts_on + timedelta(days=REPLACED_DAYS)
    agreement = Agreement(
        line=kiln.line,
        season=winter.season,
        starts_on=first,
        ends_on=_last(first, REPLACED_DAYS),
        filed_on=winter.starts_on + timedelta(days=20),
        document="示例：错峰置换协议",
        verification=Verification.VERIFIED,
    )
    if partner is None:
        agreement.partner_name, agreement.days = "示例：外地普通生产线", REPLACED_DAYS
    else:
        stop = _free_from(partner, _longest(partner.windows).ends_on, REPLACED_DAYS)
        agreement.partner = partner.line
        agreement.partner_starts_on, agreement.partner_ends_on = stop, _last(stop, REPLACED_DAYS)
    add_agreement(agreement=agreement, by=_by(demo, people), at=_at(demo, agreement.partner))
    return 1


def _kiln(line: Line, today: date) -> Kiln:
    [kiln] = read_kilns(line.plant.place, [line], until=today).kilns
    return kiln


def _ordinary(clinker: Iterable[DemoPlant], authority: int) -> Iterator[Line]:
    """Ordinary lines under the authority; the last line of a plant, the first ones swap."""
    return (
        demo.lines[-1]
        for demo in clinker
        if demo.plant.authority_id == authority and not demo.lines[-1].carbide_slag
    )


def _longest(windows: Iterable[Window]) -> Window:
    """The longest stop of the last issued season: its winter."""
    issued = [w for w in windows if w.cause == Cause.PLAN and not w.is_projected]
    last = max(window.season for window in issued)
    return max((w for w in issued if w.season == last), key=lambda window: window.days)


def _free_from(kiln: Kiln, after: date, days: int) -> date:
    """The first day after which the kiln runs for so many days."""
    first = after + timedelta(days=1)
    while hits := [w for w in kiln.windows if w.touches(first, _last(first, days))]:
        first = max(window.ends_on for window in hits) + timedelta(days=1)
    return first


def _last(first: date, days: int) -> date:
    return first + timedelta(days=days - 1)


def _by(demo: DemoPlant, people: People) -> audit.Actor:
    return audit.Actor(people.officer_of[demo.plant.authority_id], "seed_demo")


def _at(demo: DemoPlant, partner: Line | None = None) -> datetime:
    """On the day on which the plant, and the partner's plant, entered the product."""
    entered = [demo.plant.tracked_from_on]
    if partner is not None:
        entered.append(partner.plant.tracked_from_on)
    return at_work(max(entered), 0) + AFTER
