"""The world as it is: places, people, plants and the kiln calendar."""

from plants.models.calendar import StopWindow
from plants.models.people import Authority, Company, Membership, Person, Role, Tree
from plants.models.places import Place, PlaceLevel, Zone
from plants.models.site import (
    Denitration,
    Line,
    Outlet,
    OutletSource,
    Part,
    Permit,
    Plant,
    PlantKind,
    Project,
    RunStatus,
)

__all__ = [
    "Authority",
    "Company",
    "Denitration",
    "Line",
    "Membership",
    "Outlet",
    "OutletSource",
    "Part",
    "Permit",
    "Person",
    "Place",
    "PlaceLevel",
    "Plant",
    "PlantKind",
    "Project",
    "Role",
    "RunStatus",
    "StopWindow",
    "Tree",
    "Zone",
]
