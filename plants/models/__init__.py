"""The world as it is: places, people, plants and the kiln calendar."""

from plants.models.calendar import StopWindow
from plants.models.invitations import Invitation
from plants.models.listings import Listing
from plants.models.people import Authority, Company, Membership, Person, Role, Tree
from plants.models.permits import Permit, PermitReport, ReportEvery
from plants.models.places import Place, PlaceLevel, Zone
from plants.models.site import (
    Denitration,
    Line,
    Outlet,
    OutletSource,
    Part,
    Plant,
    PlantKind,
    Project,
    RunStatus,
)
from plants.models.swaps import Agreement, Swap, SwapKind

__all__ = [
    "Agreement",
    "Authority",
    "Company",
    "Denitration",
    "Invitation",
    "Line",
    "Listing",
    "Membership",
    "Outlet",
    "OutletSource",
    "Part",
    "Permit",
    "PermitReport",
    "Person",
    "Place",
    "PlaceLevel",
    "Plant",
    "PlantKind",
    "Project",
    "ReportEvery",
    "Role",
    "RunStatus",
    "StopWindow",
    "Swap",
    "SwapKind",
    "Tree",
    "Zone",
]
