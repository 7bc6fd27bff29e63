"""What the demo's round on show holds: samples, technology, fugitive checks, tonnes."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random

from dateutil.relativedelta import relativedelta
from django.utils import timezone

from plants.models import Outlet, OutletSource
from tracker.audit import Actor
from tracker.demo.walker import Walker
from tracker.rounds.fugitive.check import Seen, record_checks
from tracker.rounds.fugitive.sources import add_source
from tracker.rounds.models import CheckResult, FugitiveGroup, FugitiveItem, Origin, Pollutant, Round
from tracker.rounds.samples.enter import Source, enter_samples
from tracker.rounds.samples.parse import Parsed
from tracker.rounds.samples.rows import ReadSample
from tracker.rounds.samples.technology import describe_technology
from tracker.rounds.transport.count import count_fleet
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
from tracker.rounds.transport.load import load_months
from tracker.rounds.transport.parse import LedgerLine
from tracker.rounds.transport.share import Haul

MONTHS = 6
SAMPLES_EACH = 3
TECHNOLOGIES = {
    OutletSource.KILN_TAIL: (
        "低氮燃烧+分级燃烧+SNCR+SCR脱硝，石灰石-石膏湿法脱硫，高效袋式除尘",
        "SCR反应器2+1层，入口温度320℃；布袋过滤风速0.75 m/min",
    ),
    OutletSource.KILN_HEAD: ("高效袋式除尘", "过滤风速0.8 m/min，覆膜滤料"),
    OutletSource.COAL_MILL: ("防爆型袋式除尘", "过滤风速0.7 m/min，抗静电滤料"),
}
# Measured in mg/m3, about; the coal mill's second sample is above its limit.
ABOUT = {
    (OutletSource.KILN_TAIL, Pollutant.PM): "4.8",
    (OutletSource.KILN_TAIL, Pollutant.SO2): "12",
    (OutletSource.KILN_TAIL, Pollutant.NOX): "38",
    (OutletSource.KILN_TAIL, Pollutant.NH3): "2.6",
    (OutletSource.KILN_HEAD, Pollutant.PM): "5.6",
    (OutletSource.COAL_MILL, Pollutant.PM): "7.9",
    (OutletSource.RAW_MILL, Pollutant.PM): "4.1",
}
TOO_MUCH = (OutletSource.COAL_MILL, 1, Decimal("12.4"))
WITH_OXYGEN = frozenset({OutletSource.KILN_TAIL})
SOURCES = (
    (FugitiveGroup.STORAGE, "石灰石预均化堆棚", "厂区北侧"),
    (FugitiveGroup.STORAGE, "原煤堆棚", "厂区西北角"),
    (FugitiveGroup.CONVEYING, "石灰石2号转载点", "破碎车间至预均化堆棚"),
    (FugitiveGroup.PROCESS, "水泥包装车间", "厂区东侧"),
    (FugitiveGroup.SITE, "厂区主干道", "磅房至包装车间"),
)
FAULTY = (
    "石灰石2号转载点",
    "密闭罩检修门未关严，运行时有可见粉尘逸出。",
    "更换门封条并加装限位开关。",
)
# Thousand tonnes a month: what, which way, how, by which class.
HAULS = (
    (Goods.RAW_MATERIAL, Direction.IN, Mode.BELT_GALLERY, None, 210),
    (Goods.RAW_MATERIAL, Direction.IN, Mode.ROAD, RoadClass.NEW_ENERGY, 18),
    (Goods.FUEL, Direction.IN, Mode.RAIL, None, 24),
    (Goods.FUEL, Direction.IN, Mode.ROAD, RoadClass.CHINA_VI, 6),
    (Goods.PRODUCT, Direction.OUT, Mode.RAIL, None, 40),
    (Goods.PRODUCT, Direction.OUT, Mode.ROAD, RoadClass.NEW_ENERGY, 46),
    (Goods.PRODUCT, Direction.OUT, Mode.ROAD, RoadClass.CHINA_VI, 38),
    (Goods.PRODUCT, Direction.OUT, Mode.ROAD, RoadClass.OTHER, 3),
)


def fill_rooms(round_: Round, walker: Walker, body: Actor, at: datetime) -> None:
    """By the monitoring body on site, and by the plant, which knows its tonnes."""
    outlets = list(round_.plant.outlets.filter(source__in=_SOURCES).order_by("code"))
    for outlet in outlets:
        if outlet.source in TECHNOLOGIES:
            technology, parameters = TECHNOLOGIES[OutletSource(outlet.source)]
            describe_technology(
                round=round_,
                outlet=outlet,
                technology=technology,
                parameters=parameters,
                by=walker.manager,
                at=at,
            )
    samples = [each for outlet in outlets for each in _samples(outlet, at, walker.rng)]
    enter_samples(
        round=round_,
        parsed=Parsed(samples=tuple(samples)),
        source=Source(Origin.FILE, "评估监测手工监测数据.xlsx"),
        by=body,
        at=at,
    )
    _check_sources(round_, walker, body, at)
    _fill_ledger(round_, walker.manager, at)


_SOURCES = frozenset(source for source, _pollutant in ABOUT)


def _samples(outlet: Outlet, at: datetime, rng: Random) -> list[ReadSample]:
    """Three samples of an hour each on the morning of that day, before they are entered."""
    source, begin = OutletSource(outlet.source), at - timedelta(hours=5)
    return [
        ReadSample(
            place=f"{outlet.code}-{pollutant.value}-{nth + 1}",
            outlet=outlet.pk,
            pollutant=pollutant.value,
            taken_from_at=begin + timedelta(hours=nth),
            taken_to_at=begin + timedelta(hours=nth, minutes=45),
            load_percent=Decimal(rng.randrange(86, 98)),
            oxygen_percent=_tenths(rng, 88, 102) if source in WITH_OXYGEN else None,
            measured=_measured(source, pollutant, nth, rng),
            laboratory_number=f"HJ{at:%y%m%d}-{outlet.code}-{nth + 1}",
            cems_measured=None,
        )
        for (of, pollutant) in ABOUT
        if of == source
        for nth in range(SAMPLES_EACH)
    ]


def _measured(source: OutletSource, pollutant: Pollutant, nth: int, rng: Random) -> Decimal:
    if (source, nth) == TOO_MUCH[:2]:
        return TOO_MUCH[2]
    return (Decimal(ABOUT[source, pollutant]) * _tenths(rng, 9, 11)).quantize(Decimal("0.1"))


def _tenths(rng: Random, least: int, most: int) -> Decimal:
    return Decimal(rng.randrange(least, most + 1)) / 10


def _check_sources(round_: Round, walker: Walker, body: Actor, at: datetime) -> None:
    """Each item of each source but the last; one fault, with its remedy and a day for it."""
    items = list(FugitiveItem.objects.in_force().order_by("position", "pk"))
    seen = []
    for nth, (group, name, place) in enumerate(SOURCES):
        source = add_source(
            found=round_, group=group, name=name, place_in_plant=place, by=body, at=at
        )
        asked = [each for each in items if each.group in (FugitiveGroup.GENERAL, group)]
        for number, item in enumerate(asked):
            is_fault = name == FAULTY[0] and number == len(asked) - 1
            if nth == len(SOURCES) - 1:
                continue
            seen.append(
                Seen(
                    token=walker.token(),
                    source=source,
                    item=item,
                    result=CheckResult.FAULT if is_fault else CheckResult.OK,
                    checked_at=at,
                    note=FAULTY[1] if is_fault else "",
                    remedy=FAULTY[2] if is_fault else "",
                    remedy_due_on=timezone.localdate(at) + timedelta(days=10) if is_fault else None,
                )
            )
    record_checks(found=round_, seen=seen, by=body, at=at)


def _fill_ledger(round_: Round, by: Actor, at: datetime) -> None:
    today = timezone.localdate(at)
    months = [today.replace(day=1) - relativedelta(months=back) for back in range(1, MONTHS + 1)]
    lines = [_ledger_line(month, nth) for month in reversed(months) for nth in range(len(HAULS))]
    load_months(
        plant=round_.plant, lines=lines, file_name="清洁运输台账.xlsx", by=by, at=at, today=today
    )
    counted_on = today.replace(day=1) - timedelta(days=1)
    vehicles = [
        Fleet(counted_on, FleetKind.IN_PLANT_VEHICLE, FleetClass.NEW_ENERGY, 9),
        Fleet(counted_on, FleetKind.IN_PLANT_VEHICLE, FleetClass.CHINA_VI, 4),
    ]
    machines = [
        Fleet(counted_on, FleetKind.NON_ROAD_MACHINE, FleetClass.NEW_ENERGY, 5, ProductExists.YES),
        Fleet(counted_on, FleetKind.NON_ROAD_MACHINE, FleetClass.CHINA_IV, 2, ProductExists.NO),
    ]
    for fleets in (vehicles, machines):
        count_fleet(plant=round_.plant, fleets=fleets, by=by, at=at, today=today)


def _ledger_line(month: date, nth: int) -> LedgerLine:
    goods, direction, mode, road_class, thousands = HAULS[nth]
    tonnes = Decimal(thousands * 1000 + 137 * month.month)
    return LedgerLine(Haul(month, direction, goods, mode, tonnes, road_class), f"A{nth + 2}")
