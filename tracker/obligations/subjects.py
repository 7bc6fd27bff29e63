"""Plants with their lines, outlets and whatever else the rules ask about, read for many at once."""

from collections import defaultdict
from collections.abc import Collection, Iterable

from plants.models import Line, Listing, Outlet, Permit, PermitReport, Plant, Project
from plants.verification import Verification
from tracker.obligations.facts import AnnexDay, Subject, subjects_of
from tracker.regulations.models import AnnexDate, SubjectKind

Subjects = dict[str, list[Subject]]


def read_subjects(
    ids: Iterable[int], *, kinds: Collection[str] = SubjectKind.values
) -> list[tuple[Plant, Subjects]]:
    """The plants in the order of their ids with their subjects by kind, in eight queries.

    Of outlets, which are many, only those with CEMS are read where no outlet is a subject: a
    plant's facts ask for no other.
    """
    ids = list(ids)
    plants = Plant.objects.with_surroundings().select_related("authority__parent__parent")
    lines: dict[int, list[Line]] = defaultdict(list)
    for line in Line.objects.filter(plant_id__in=ids).order_by("number"):
        lines[line.plant_id].append(line)
    outlets: dict[int, list[Outlet]] = defaultdict(list)
    needed = Outlet.objects.filter(plant_id__in=ids)
    if SubjectKind.OUTLET not in kinds:
        needed = needed.filter(has_cems=True)
    for outlet in needed.order_by("code"):
        outlets[outlet.plant_id].append(outlet)
    projects: dict[int, list[Project]] = defaultdict(list)
    for project in Project.objects.filter(plant_id__in=ids).order_by("pk"):
        projects[project.plant_id].append(project)
    permits, annexes = _read_permits(ids), _read_annex(ids)
    reports, listings = _read_reports(permits.values()), _read_listings(ids)
    found = []
    for plant in plants.filter(pk__in=ids).order_by("pk"):
        permit = permits.get(plant.pk)
        subjects = subjects_of(
            plant,
            lines[plant.pk],
            outlets[plant.pk],
            permit,
            projects=projects[plant.pk],
            annex_dates=annexes[plant.pk],
            reports=reports[permit.pk] if permit else (),
            listings=listings[plant.pk],
        )
        found.append((plant, subjects))
    return found


def _read_permits(ids: list[int]) -> dict[int, Permit]:
    """The newest permit of each plant that has one."""
    permits = Permit.objects.filter(plant_id__in=ids).order_by("valid_until_on", "pk")
    return {permit.plant_id: permit for permit in permits}


def _read_reports(permits: Iterable[Permit]) -> dict[int, list[PermitReport]]:
    reports: dict[int, list[PermitReport]] = defaultdict(list)
    for report in PermitReport.objects.filter(permit__in=list(permits)).order_by("pk"):
        reports[report.permit_id].append(report)
    return reports


def _read_listings(ids: list[int]) -> dict[int, list[Listing]]:
    """What of each plant is on the public list and counts."""
    listings: dict[int, list[Listing]] = defaultdict(list)
    for listing in Listing.objects.holding().filter(plant_id__in=ids).order_by("pk"):
        listings[listing.plant_id].append(listing)
    return listings


def _read_annex(ids: list[int]) -> dict[int, dict[str, AnnexDay]]:
    """The date of each part that the annex gives a plant."""
    dates: dict[int, dict[str, AnnexDay]] = defaultdict(dict)
    found = AnnexDate.objects.filter(plant_id__in=ids)
    columns = ("plant_id", "part", "completion_on", "verification")
    for plant_id, part, day, verification in found.values_list(*columns):
        dates[plant_id][part] = AnnexDay(day, settled=verification == Verification.VERIFIED)
    return dates
