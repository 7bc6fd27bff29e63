"""What is known of a plant, line or outlet, under the names that the rules ask for."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from plants.models import Denitration, Line, Outlet, Permit, Plant
from plants.text import Text
from tracker.regulations.facts import Value

WITH_AMMONIA = frozenset({Denitration.SNCR, Denitration.SCR, Denitration.SNCR_SCR})


@dataclass(frozen=True)
class Facts:
    """One subject's facts; ``names`` says the codes of zones and places in words."""

    values: Mapping[str, Value | None]
    names: Mapping[str, Text] = field(default_factory=dict)


@dataclass(frozen=True)
class Subject:
    """A plant, or one of its lines or outlets, with its facts."""

    plant: Plant
    facts: Facts
    line: Line | None = None
    outlet: Outlet | None = None


def subjects_of(
    plant: Plant, lines: Iterable[Line], outlets: Iterable[Outlet], permit: Permit | None
) -> dict[str, list[Subject]]:
    """The subjects of a plant by kind. Pure: every row and what it names came in already read."""
    lines, outlets = list(lines), list(outlets)
    shared = _plant_values(plant, lines, outlets, permit)
    names = {
        plant.place.zone.code: plant.place.zone.name,
        plant.place.prefecture.code: plant.place.prefecture.name,
    }
    line_values = {line.pk: _line_values(line) for line in lines}
    return {
        "plant": [Subject(plant, Facts(shared, names))],
        "line": [
            Subject(plant, Facts({**shared, **line_values[line.pk]}, names), line=line)
            for line in lines
        ],
        "outlet": [
            Subject(
                plant,
                Facts(
                    {
                        **shared,
                        **line_values.get(outlet.line_id or 0, {}),
                        **_outlet_values(outlet),
                    },
                    names,
                ),
                outlet=outlet,
            )
            for outlet in outlets
        ],
    }


def _plant_values(
    plant: Plant, lines: list[Line], outlets: list[Outlet], permit: Permit | None
) -> dict[str, Value | None]:
    valid_until: date | None = permit.valid_until_on if permit else None
    return {
        "plant.kind": plant.kind,
        "plant.status": plant.status,
        "plant.co_processing": plant.co_processing,
        "plant.tree": plant.authority.tree,
        "plant.zone": plant.place.zone.code,
        "plant.prefecture": plant.place.prefecture.code,
        "plant.state_owned_group": bool(plant.company and plant.company.state_owned),
        "plant.has_carbide_slag": any(line.carbide_slag for line in lines),
        "plant.uses_ammonia": any(line.denitration in WITH_AMMONIA for line in lines),
        "plant.has_cems": any(outlet.has_cems for outlet in outlets),
        "plant.restarted_on": plant.restarted_on,
        "permit.valid_until": valid_until,
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
