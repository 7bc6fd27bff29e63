"""A month of the ledger as it is typed, a count of the fleet, and the period that is asked."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tracker.rounds.models import TransportMonth
from tracker.rounds.samples.convert import plain_number
from tracker.rounds.transport.amounts import Unit, Wrong, read_month, read_tonnes
from tracker.rounds.transport.fleet import Fleet
from tracker.rounds.transport.kinds import (
    MACHINE_CLASSES,
    VEHICLE_CLASSES,
    Direction,
    FleetClass,
    FleetKind,
    Goods,
    Mode,
    ProductExists,
    RoadClass,
)
from tracker.rounds.transport.parse import Key, LedgerLine, key_of
from tracker.rounds.transport.share import Haul, Period
from tracker.web.forms.days import DayField

USUAL = (
    (Direction.IN, Goods.RAW_MATERIAL),
    (Direction.IN, Goods.FUEL),
    (Direction.OUT, Goods.PRODUCT),
)
OTHERS = tuple((way, goods) for way in Direction for goods in Goods if (way, goods) not in USUAL)
BY = (
    *((mode, None) for mode in Mode if mode != Mode.ROAD),
    *((Mode.ROAD, road_class) for road_class in RoadClass),
)
MOST_MONTHS = 60
_COUNT = re.compile(r"[0-9]{1,6}")


@dataclass(frozen=True)
class Typed:
    """A field of numbers with what stands in it and what is wrong with that."""

    name: str
    label: str
    value: str
    fault: str = ""


@dataclass(frozen=True)
class Way:
    """What goes one way; a usual one stands open."""

    label: str
    fields: list[Typed]
    is_usual: bool

    @property
    def is_open(self) -> bool:
        return self.is_usual or any(field.value or field.fault for field in self.fields)


@dataclass(frozen=True)
class MonthForm:
    ways: list[Way]
    lines: list[LedgerLine]
    has_faults: bool


def month_of(sent: QueryDict) -> date | None:
    """The month that an address or a form names; None for none."""
    month = read_month(str(sent.get("month", "")))
    return None if isinstance(month, Wrong) else month


def period_of(sent: QueryDict, *, usual: Period, today: date) -> tuple[Period, str]:
    """The period that the address asks for, else the usual one and what was wrong."""
    if "from" not in sent and "to" not in sent:
        return usual, ""
    first, last = (read_month(str(sent.get(end, ""))) for end in ("from", "to"))
    if isinstance(first, Wrong) or isinstance(last, Wrong):
        return usual, _("A month must look like 2026-03.")
    if last < first:
        return usual, _("The last month lies before the first.")
    if last > today:
        return usual, _("The last month has not begun yet.")
    if (last.year - first.year) * 12 + last.month - first.month >= MOST_MONTHS:
        return usual, _("A period has at most %(most)d months.") % {"most": MOST_MONTHS}
    return Period(first, last), ""


def month_form(
    month: date, standing: Mapping[Key, TransportMonth], sent: QueryDict | None = None
) -> MonthForm:
    """The month's fields as they stand, or as somebody sent them, with the rows that they make.

    A field that was empty and stays so makes no row; one that held tonnes can't be emptied.
    """
    lines: list[LedgerLine] = []
    ways = []
    for direction, goods in (*USUAL, *OTHERS):
        fields = []
        for mode, road_class in BY:
            haul = Haul(month, direction, goods, mode, Decimal(0), road_class)
            there = standing.get(key_of(haul))
            text = _as_written(there) if sent is None else _sent(sent, _name_of(haul))
            amount = _amount(text, there) if sent is not None else None
            if isinstance(amount, Decimal):
                lines.append(
                    LedgerLine(Haul(month, direction, goods, mode, amount, road_class), "")
                )
            fault = amount.sentence if isinstance(amount, Wrong) else ""
            fields.append(Typed(_name_of(haul), _label_of(haul), text, fault))
        label = f"{goods.label} · {direction.label}"
        ways.append(Way(label, fields, (direction, goods) in USUAL))
    faulty = any(field.fault for way in ways for field in way.fields)
    return MonthForm(ways, lines, faulty)


def _amount(text: str, there: TransportMonth | None) -> Decimal | Wrong | None:
    if text:
        return read_tonnes(text, Unit.TONNES)
    if there is not None:
        return Wrong(_("Tonnes stood here: write 0 where nothing was carried."))
    return None


def _as_written(there: TransportMonth | None) -> str:
    return "" if there is None else plain_number(there.tonnes)


def _name_of(haul: Haul) -> str:
    return f"{haul.direction}-{haul.goods}-{haul.mode}-{haul.road_class or ''}"


def _label_of(haul: Haul) -> str:
    if haul.road_class is None:
        return str(haul.mode.label)
    return f"{haul.mode.label} · {haul.road_class.label}"


def _sent(sent: QueryDict, name: str) -> str:
    return unicodedata.normalize("NFKC", str(sent.get(name, ""))).strip()


def _day(words: Any) -> DayField:
    return DayField(label=words, error_messages={"required": words})


class CountForm(forms.Form):
    """When which kind was counted; the counts themselves are read beside it."""

    counted_on = _day(gettext_lazy("Say on which day they were counted."))
    kind = forms.ChoiceField(
        choices=FleetKind.choices,
        error_messages=dict.fromkeys(
            ("required", "invalid_choice"),
            gettext_lazy("The form was incomplete. Reload the page and send it again."),
        ),
    )


def count_fields(kind: FleetKind, sent: QueryDict | None = None) -> list[Typed]:
    """A field for each class; for machines also by whether a new-energy product exists."""
    fields = []
    for fleet_class, exists in _cells(kind):
        name = f"{fleet_class}-{exists or ''}"
        text = _sent(sent, name) if sent is not None else ""
        fault = "" if not text or _COUNT.fullmatch(text) else _("A whole number from 0 on.")
        label = (
            str(fleet_class.label) if exists is None else f"{fleet_class.label} · {exists.label}"
        )
        if exists is None and kind == FleetKind.NON_ROAD_MACHINE:
            label = _unsaid(fleet_class)
        fields.append(Typed(name, label, text, fault))
    return fields


def fleets_of(kind: FleetKind, counted_on: date, sent: QueryDict) -> list[Fleet]:
    """The counts that were typed; what is empty was not there."""
    found = []
    for fleet_class, exists in _cells(kind):
        text = _sent(sent, f"{fleet_class}-{exists or ''}")
        if text:
            found.append(Fleet(counted_on, kind, fleet_class, int(text), exists))
    return found


def _unsaid(fleet_class: FleetClass) -> str:
    if fleet_class == FleetClass.NEW_ENERGY:
        return str(fleet_class.label)
    unsaid = _("whether a new-energy product exists is not known")
    return f"{fleet_class.label} · {unsaid}"


def _cells(kind: FleetKind) -> list[tuple[FleetClass, ProductExists | None]]:
    if kind == FleetKind.IN_PLANT_VEHICLE:
        return [(each, None) for each in VEHICLE_CLASSES]
    of_machines: list[tuple[FleetClass, ProductExists | None]] = [(FleetClass.NEW_ENERGY, None)]
    for each in MACHINE_CLASSES:
        if each != FleetClass.NEW_ENERGY:
            of_machines += [(each, ProductExists.NO), (each, ProductExists.YES), (each, None)]
    return of_machines
