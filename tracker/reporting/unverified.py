"""What of the rules is still unverified, and whom it affects."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q

from plants.models import Line, Person, RunStatus, StopWindow
from plants.verification import Verification
from tracker.obligations.models import OWED, Obligation
from tracker.regulations.models import AnnexDate, Document, Limit, Requirement, Target
from tracker.reporting.progress import PlantCapacity, Share, is_in_area, share_of

VERIFIED = Q(verification=Verification.VERIFIED)


@dataclass(frozen=True, slots=True)
class Unverified:
    """A rule whose text, or some of whose limits, nobody has read in the original.

    ``owed`` open obligations at ``plants`` plants of the reader hang on it.
    """

    requirement: Requirement
    limits: int
    owed: int
    plants: int


@dataclass(frozen=True, slots=True)
class UnverifiedTarget:
    """A target, and the capacity of the reader's plants that is measured against it."""

    target: Target
    share: Share
    plants: int


@dataclass(frozen=True, slots=True)
class UnverifiedDocument:
    """A document whose number, days or title nobody has read in the original.

    ``owed`` open obligations at ``plants`` plants of the reader name it.
    """

    document: Document
    owed: int
    plants: int


@dataclass(frozen=True, slots=True)
class UnverifiedWindow:
    """A stop window, and how many of the reader's lines and plants stop with it."""

    window: StopWindow
    document: Document | None
    lines: int
    plants: int

    @property
    def tree(self) -> str:
        """Whose authority issued it; empty for both trees' together."""
        return self.document.tree if self.document else ""


@dataclass(frozen=True, slots=True)
class UnverifiedAnnex:
    """How many dates of a plan's annex, at how many of the reader's plants, nobody has checked."""

    document: Document
    dates: int
    plants: int


def read_unverified(person: Person) -> list[Unverified]:
    """The rules in force in reading order, what hangs on each counted in one query."""
    limits = dict(
        Limit.objects.exclude(VERIFIED)
        .values_list("requirement_id")
        .annotate(number=Count("pk"))
        .order_by()
    )
    found = Requirement.objects.in_force().filter(~VERIFIED | Q(pk__in=limits)).in_reading_order()
    hanging = {
        pk: (owed, plants)
        for pk, owed, plants in Obligation.objects.visible_to(person)
        .filter(state__in=OWED, requirement__in=found.values("pk"))
        .values_list("requirement_id")
        .annotate(owed=Count("pk"), plants=Count("plant", distinct=True))
        .order_by()
    }
    return [
        Unverified(each, limits.get(each.pk, 0), *hanging.get(each.pk, (0, 0)))
        for each in found.defer("text_zh", "text_en", "applies", "evidence_asked")
    ]


def totals(rows: Iterable[Unverified]) -> tuple[int, int]:
    """How many rules, and how many open obligations hang on them."""
    counted = list(rows)
    return len(counted), sum(row.owed for row in counted)


def read_unverified_targets(capacities: Iterable[PlantCapacity]) -> list[UnverifiedTarget]:
    """The targets that stand, against the capacity that the reader sees."""
    counted = list(capacities)
    standing = Target.objects.filter(~VERIFIED, withdrawn_on__isnull=True)
    found = []
    for target in standing.select_related("document", "zone").order_by("by_on", "code"):
        inside = [capacity for capacity in counted if is_in_area(capacity, target)]
        found.append(UnverifiedTarget(target, share_of(inside), len(inside)))
    return found


def read_unverified_documents(person: Person) -> list[UnverifiedDocument]:
    """The documents in the order of their codes, what names them counted in one query."""
    naming = {
        pk: (owed, plants)
        for pk, owed, plants in Obligation.objects.visible_to(person)
        .filter(state__in=OWED)
        .exclude(requirement__document__verification=Verification.VERIFIED)
        .values_list("requirement__document_id")
        .annotate(owed=Count("pk"), plants=Count("plant", distinct=True))
        .order_by()
    }
    return [
        UnverifiedDocument(document, *naming.get(document.pk, (0, 0)))
        for document in Document.objects.exclude(VERIFIED).order_by("code")
    ]


def read_unverified_annexes(person: Person) -> list[UnverifiedAnnex]:
    """The plans in the order of their codes, whose dates at the reader's plants are counted."""
    counted = {
        pk: (dates, plants)
        for pk, dates, plants in AnnexDate.objects.visible_to(person)
        .exclude(VERIFIED)
        .values_list("document_id")
        .annotate(dates=Count("pk"), plants=Count("plant", distinct=True))
        .order_by()
    }
    documents = Document.objects.filter(pk__in=counted).order_by("code")
    return [UnverifiedAnnex(document, *counted[document.pk]) for document in documents]


def read_unverified_windows(person: Person) -> list[UnverifiedWindow]:
    """The windows of every season, the newest season first."""
    windows = list(
        StopWindow.objects.exclude(VERIFIED)
        .select_related("place")
        .order_by("-season", "place__name_zh", "starts_on")
    )
    if not windows:
        return []
    documents = Document.objects.in_bulk({w.document_code for w in windows}, field_name="code")
    places = StopWindow.objects.filter(season__in={window.season for window in windows})
    own = set(places.values_list("place_id", "season").distinct())
    standing = _lines_by_place(person)
    found = []
    for window in windows:
        plants = [
            plant
            for place, parent, plant in standing
            if place == window.place_id
            or (parent == window.place_id and (place, window.season) not in own)
        ]
        document = documents.get(window.document_code)
        found.append(UnverifiedWindow(window, document, len(plants), len(set(plants))))
    return found


def _lines_by_place(person: Person) -> list[tuple[int, int | None, int]]:
    """For each of the reader's lines where it stands, what that stands in, and its plant."""
    lines = Line.objects.visible_to(person).exclude(status=RunStatus.CLOSED)
    running = lines.exclude(plant__status=RunStatus.CLOSED).order_by()
    return list(running.values_list("plant__place_id", "plant__place__parent_id", "plant_id"))
