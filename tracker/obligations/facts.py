"""What is known of a plant, line or outlet, under the names that the rules ask for."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from plants.models import (
    Authority,
    Denitration,
    Line,
    Listing,
    Outlet,
    Part,
    Permit,
    PermitReport,
    Plant,
    Project,
    RunStatus,
)
from plants.models.listings import whole_since
from plants.text import Text
from tracker.regulations.due_rules import OFFICES, REPORT
from tracker.regulations.facts import Value

NO_ZONE = "other"
WITH_AMMONIA = frozenset({Denitration.SNCR, Denitration.SCR, Denitration.SNCR_SCR})


@dataclass(frozen=True)
class ReportDate:
    """By when the permit asks for one kind of report: days after the period, or on a day."""

    permit: str
    days_after: int | None = None
    month_day: tuple[int, int] | None = None
    next_year: bool = False


@dataclass(frozen=True)
class Facts:
    """One subject's facts.

    ``names`` says the codes of zones, places and authorities in words, ``offices`` are the codes of
    the authority and those above it, the nearest first, and ``reports`` the permit's own dates by
    length of period. ``unsettled`` are the facts whose source nobody has checked; ``since`` says
    from when a fact holds, where that is known.
    """

    values: Mapping[str, Value | None]
    names: Mapping[str, Text] = field(default_factory=dict)
    offices: tuple[str, ...] = ()
    reports: Mapping[str, ReportDate] = field(default_factory=dict)
    unsettled: frozenset[str] = frozenset()
    since: Mapping[str, date] = field(default_factory=dict)

    def look_up(self, name: str) -> object:
        """What stands under a name that ``applies_asks`` or ``due_asks`` gives."""
        if name == OFFICES:
            return self.offices
        if name.startswith(REPORT):
            return self.reports.get(name.removeprefix(REPORT))
        return self.values.get(name), name in self.unsettled, self.since.get(name)

    def hold_from(self, names: Iterable[str]) -> date | None:
        """The first day on which all of these facts hold, where it is known of any."""
        return max((self.since[name] for name in names if name in self.since), default=None)

    def __or__(self, more: Mapping[str, Value | None]) -> "Facts":
        """With more values."""
        return replace(self, values={**self.values, **more})

    def of_outlet(self, outlet: Outlet) -> "Facts":
        """With what is known of one outlet."""
        since = {**self.since, **_cems_since("outlet.has_cems", [outlet])}
        return replace(self | _outlet_values(outlet), since=since)


@dataclass(frozen=True)
class Subject:
    """A plant, or one of its lines or outlets, with its facts."""

    plant: Plant
    facts: Facts
    line: Line | None = None
    outlet: Outlet | None = None

    @property
    def kind(self) -> str:
        return "outlet" if self.outlet else "line" if self.line else "plant"


@dataclass(frozen=True)
class AnnexDay:
    """The day that the annex gives a plant for a part; whether somebody has checked it."""

    on: date
    settled: bool = True


def subjects_of(
    plant: Plant,
    lines: Iterable[Line],
    outlets: Iterable[Outlet],
    permit: Permit | None,
    *,
    projects: Iterable[Project] = (),
    annex_dates: Mapping[str, AnnexDay] | None = None,
    reports: Iterable[PermitReport] = (),
    listings: Iterable[Listing] = (),
) -> dict[str, list[Subject]]:
    """The subjects of a plant by kind. Pure: every row and what it names came in already read.

    ``annex_dates`` are the plant's own by part, ``reports`` the dates of this permit. The plant's
    authority comes with those above it. A closed line owes nothing, nor do its outlets.
    """
    every, annex_dates = list(lines), annex_dates or {}
    lines = [line for line in every if line.status != RunStatus.CLOSED]
    closed = {line.pk for line in every} - {line.pk for line in lines}
    outlets = [outlet for outlet in outlets if outlet.line_id not in closed]
    offices = _offices(plant.authority)
    listed_since = whole_since(listings, [line.pk for line in lines])
    shared = Facts(
        {
            **_plant_values(plant, lines, outlets, permit),
            "plant.listed": listed_since is not None,
            **_project_values(list(projects)),
            **{f"annex.{part}": day.on for part, day in annex_dates.items()},
        },
        _names(plant, offices),
        tuple(office.code for office in offices),
        _report_dates(permit, reports),
        frozenset(f"annex.{part}" for part, day in annex_dates.items() if not day.settled),
        _since(plant, outlets, listed_since),
    )
    of_line = {line.pk: shared | _line_values(line) for line in lines}
    return {
        "plant": [Subject(plant, shared)],
        "line": [Subject(plant, of_line[line.pk], line=line) for line in lines],
        "outlet": [
            Subject(
                plant,
                of_line.get(outlet.line_id or 0, shared).of_outlet(outlet),
                outlet=outlet,
            )
            for outlet in outlets
        ],
    }


def _offices(authority: Authority) -> list[Authority]:
    """The authority and those above it, the nearest first."""
    offices = [authority]
    while (above := offices[-1].parent) is not None:
        offices.append(above)
    return offices


def _names(plant: Plant, offices: Iterable[Authority]) -> dict[str, Text]:
    place = plant.place
    return {
        **{office.code: office.name for office in offices},
        **{named.code: named.name for named in (place.zone, place.prefecture, place)},
    }


def _plant_values(
    plant: Plant, lines: list[Line], outlets: list[Outlet], permit: Permit | None
) -> dict[str, Value | None]:
    valid_until: date | None = permit.valid_until_on if permit else None
    place = plant.place
    return {
        "plant.kind": plant.kind,
        "plant.status": plant.status,
        "plant.co_processing": plant.co_processing,
        "plant.tree": plant.authority.tree,
        "plant.authority": plant.authority.code,
        "plant.authority_level": plant.authority.level,
        "plant.zone": place.zone.code,
        "plant.key_zone": place.zone.code != NO_ZONE,
        "plant.prefecture": place.prefecture.code,
        "plant.place": place.code,
        "plant.capacity_tpd": sum(line.capacity_tpd for line in lines),
        "plant.state_owned_group": bool(plant.company and plant.company.state_owned),
        "plant.has_carbide_slag": any(line.carbide_slag for line in lines),
        "plant.uses_ammonia": any(line.denitration in WITH_AMMONIA for line in lines),
        "plant.has_cems": any(outlet.has_cems for outlet in outlets),
        "plant.restarted_on": plant.restarted_on,
        "permit.known": permit is not None,
        "permit.valid_until": valid_until,
    }


def _cems_since(fact: str, outlets: Iterable[Outlet]) -> dict[str, date]:
    """Since when the first of the outlets with CEMS has had it; nothing where that isn't known."""
    days = [outlet.cems_from_on for outlet in outlets if outlet.has_cems]
    known = [day for day in days if day is not None]
    return {fact: min(known)} if known and len(known) == len(days) else {}


def _since(plant: Plant, outlets: list[Outlet], listed: date | None) -> dict[str, date]:
    """From when the plant's facts hold, where that is known."""
    return {
        **_cems_since("plant.has_cems", outlets),
        **_co_processing_since(plant),
        **({"plant.listed": listed} if listed else {}),
    }


def _co_processing_since(plant: Plant) -> dict[str, date]:
    since = plant.co_processing_from_on
    return {"plant.co_processing": since} if plant.co_processing and since else {}


def _project_values(projects: list[Project]) -> dict[str, Value | None]:
    """For each part the last planned end, and the last real one once nothing is left to do."""
    values: dict[str, Value | None] = {}
    for part in Part.values:
        works = [project for project in projects if project.part == part]
        if not works:
            continue
        values[f"project.{part}.planned_finish_on"] = max(w.planned_finish_on for w in works)
        ends = [work.finished_on for work in works if work.finished_on is not None]
        if len(ends) == len(works):
            values[f"project.{part}.finished_on"] = max(ends)
    return values


def _report_dates(permit: Permit | None, reports: Iterable[PermitReport]) -> dict[str, ReportDate]:
    if permit is None:
        return {}
    return {
        report.every: ReportDate(
            permit.number,
            report.days_after,
            (report.month, report.day) if report.month and report.day else None,
            report.next_year,
        )
        for report in reports
    }


def _line_values(line: Line) -> dict[str, Value | None]:
    return {
        "line.capacity_tpd": line.capacity_tpd,
        "line.carbide_slag": line.carbide_slag,
        "line.denitration": line.denitration,
        "line.commissioned_on": line.commissioned_on,
        "line.status": line.status,
    }


def _outlet_values(outlet: Outlet) -> dict[str, Value | None]:
    return {
        "outlet.source": outlet.source,
        "outlet.is_main": outlet.is_main,
        "outlet.has_cems": outlet.has_cems,
    }
