"""Capacity bars: one for each area that the person sees, with the marks of its targets."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from plants.models import Tree
from tracker.reporting.progress import Outlook, PlantCapacity, Share, share_of


@dataclass(frozen=True, slots=True)
class Area:
    """A bar: its share, and the targets that are measured against it."""

    name: object
    share: Share
    targets: list[Outlook]


def areas_of(capacities: Sequence[PlantCapacity], against: Iterable[Outlook]) -> list[Area]:
    """All together first; a tree or a zone only where it isn't the same as all, or has a target."""
    outlooks = list(against)
    whole = Area(_("All plants that you see"), share_of(capacities), _for(outlooks, "nation"))
    trees = [
        _area(tree.label, [c for c in capacities if c.tree == tree], _for(outlooks, tree))
        for tree in Tree
    ]
    names = {capacity.zone: capacity.zone_name for capacity in capacities}
    zones = [
        _area(name, [c for c in capacities if c.zone == code], _for_zone(outlooks, code))
        for code, name in sorted(names.items(), reverse=True)
    ]
    return [whole] + [
        area
        for area in trees + zones
        if area.share.whole_tpd and (area.targets or area.share != whole.share)
    ]


def _area(name: object, inside: list[PlantCapacity], targets: list[Outlook]) -> Area:
    return Area(name, share_of(inside), targets)


def _for(outlooks: list[Outlook], kind: str) -> list[Outlook]:
    return [outlook for outlook in outlooks if outlook.target.area_kind == kind]


def _for_zone(outlooks: list[Outlook], code: str) -> list[Outlook]:
    return [o for o in outlooks if o.target.zone is not None and o.target.zone.code == code]
