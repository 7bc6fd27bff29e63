"""A plant's ledger, its fleet and the rows of the law, read for the pure rules to judge."""

from datetime import date

from dateutil.relativedelta import relativedelta
from django.db.models import Min

from plants.models import Plant
from tracker.obligations.applies import applies
from tracker.obligations.subjects import read_subjects
from tracker.regulations.models import Limit, SubjectKind
from tracker.regulations.rules import read_applies
from tracker.rounds.models.rounds import Round
from tracker.rounds.models.transport import FleetCount, TransportMonth
from tracker.rounds.transport.fleet import Fleet
from tracker.rounds.transport.kinds import (
    Direction,
    FleetClass,
    FleetKind,
    Goods,
    Mode,
    ProductExists,
    RoadClass,
)
from tracker.rounds.transport.rules import KEY_REGION, POLLUTANTS, Bound
from tracker.rounds.transport.share import Haul, Period
from tracker.rounds.transport.verdict import TransportVerdict, judge_transport

USUAL_MONTHS = 12


def usual_period(plant: Plant, *, today: date) -> Period:
    """The last twelve whole months, or those since the ledger began.

    No document that has been read says how long the period is.
    """
    last = today.replace(day=1) - relativedelta(months=1)
    first = last - relativedelta(months=USUAL_MONTHS - 1)
    rows = TransportMonth.objects.standing().filter(plant=plant)
    began = rows.aggregate(began=Min("month"))["began"]
    return Period(min(max(first, began or first), last), last)


def assessed_period(round_: Round, *, today: date) -> Period:
    """The usual period before the round's monitoring ended, or before today until it has.

    What was assessed stays so: a month that ends while the report is reviewed is none of it.
    """
    return usual_period(round_.plant, today=min(round_.monitoring_to_on or today, today))


def judge_plant(plant: Plant, period: Period) -> TransportVerdict:
    """The plant's transport over whole months, by the rows in force on the last day of them."""
    return judge_transport(
        period,
        read_hauls(plant, period),
        read_fleets(plant, by_day=period.ends_on),
        read_bounds(plant),
    )


def read_hauls(plant: Plant, period: Period) -> list[Haul]:
    rows = TransportMonth.objects.standing().filter(
        plant=plant, month__range=(period.first, period.last)
    )
    return [
        Haul(
            row.month,
            Direction(row.direction),
            Goods(row.goods),
            Mode(row.mode),
            row.tonnes,
            RoadClass(row.road_class) if row.road_class else None,
        )
        for row in rows.order_by("month", "pk")
    ]


def read_fleets(plant: Plant, *, by_day: date) -> list[Fleet]:
    rows = FleetCount.objects.standing().filter(plant=plant, as_of_on__lte=by_day)
    return [
        Fleet(
            row.as_of_on,
            FleetKind(row.kind),
            FleetClass(row.fleet_class),
            row.count,
            ProductExists(row.product_exists) if row.product_exists else None,
        )
        for row in rows.order_by("as_of_on", "pk")
    ]


def read_bounds(plant: Plant) -> list[Bound]:
    """The limits that bind the plant, the nation's before a plan's.

    The rule for key regions comes along though it binds nobody here: it is shown as not settled.
    """
    [(_plant, subjects)] = read_subjects([plant.pk], kinds=[SubjectKind.PLANT])
    [subject] = subjects["plant"]
    limits = (
        Limit.objects.filter(pollutant__in=POLLUTANTS, requirement__withdrawn_on=None)
        .filter(requirement__subject_kind=SubjectKind.PLANT)
        .select_related("requirement__document")
        .order_by("requirement__document__tree", "requirement__code", "position", "pk")
    )
    return [
        _bound(limit)
        for limit in limits
        if limit.pollutant == KEY_REGION
        or applies(
            read_applies(limit.requirement.applies, subject=SubjectKind.PLANT), subject.facts
        ).yes
    ]


def _bound(limit: Limit) -> Bound:
    requirement = limit.requirement
    return Bound(
        pollutant=limit.pollutant,
        percent=limit.value,
        effective_from=limit.effective_from,
        effective_to=limit.effective_to or requirement.effective_to,
        requirement=requirement.code,
        document=str(requirement.document),
        clause=requirement.clause,
        verification=limit.verification,
    )
