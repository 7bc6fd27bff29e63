"""A hundred thousand submissions that wait for review, and who looks at the queue.

`manage.py shell` runs `make` on the bench's database (see `tests.bench.__main__`).
"""

from collections.abc import Iterator
from copy import copy
from datetime import timedelta
from itertools import islice
from uuid import UUID

from django.db import connection

from plants.models import Person, Plant
from tests.factories import (
    NOW,
    TODAY,
    AuthorityFactory,
    DocumentFactory,
    PlantFactory,
    RequirementFactory,
    manager_of,
    officer_of,
    unread_file,
)
from tracker.evidence.models import Evidence, StoredFile, Submission
from tracker.obligations.models import Obligation, State
from tracker.regulations.models import Requirement

SUBMISSIONS = 100_000
PLANTS = 1_000
AUTHORITIES = 14
OFFICERS = {"region": "region@bench.example", "region-p03": "prefecture@bench.example"}
AT_ONCE = 5_000


def make() -> None:
    """Print how many there are, and the id of an obligation in the queue's middle."""
    plants = list(_make_plants())
    document = DocumentFactory.create()
    parts = ("fugitive", "organised", "reporting", "monitoring")
    rules = [
        RequirementFactory.create(document=document, part=parts[n % len(parts)])
        for n in range(SUBMISSIONS // PLANTS)
    ]
    for code, email in OFFICERS.items():
        officer_of(AuthorityFactory.create(code=code), email=email)
    _bulk(Obligation, _obligations(plants, rules))
    _submit(manager_of(plants[0]), plants[0])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    seen_by_both = Obligation.objects.filter(plant__authority__code="region-p03")
    middle = seen_by_both.order_by("state_changed_at")[SUBMISSIONS // AUTHORITIES // 2]
    print(f"{Submission.objects.count()}\t{middle.pk}")


def _make_plants() -> Iterator[Plant]:
    offices = [AuthorityFactory.create(code=f"region-p{n:02d}") for n in range(AUTHORITIES)]
    first = PlantFactory.create()
    yield first
    others = []
    for n in range(1, PLANTS):
        other = copy(first)
        other.pk, other.code, other.credit_code = None, f"bench-{n}", f"{n:018d}"
        other.name_en, other.authority = f"bench-{n}", offices[n % AUTHORITIES]
        others.append(other)
    yield from Plant.objects.bulk_create(others)


def _obligations(plants: list[Plant], rules: list[Requirement]) -> Iterator[Obligation]:
    """Each waits a minute less than the one before; plants and rules take turns."""
    for n in range(SUBMISSIONS):
        yield Obligation(
            requirement=rules[n // PLANTS],
            plant=plants[n % PLANTS],
            due_on=TODAY + timedelta(days=n * 7919 % 900 - 200),
            due_basis_zh="按示例方案的规定日期。",
            due_basis_en="The date that the example plan sets.",
            applies_basis_zh="适用于所有企业。",
            applies_basis_en="It binds every plant.",
            state=State.SUBMITTED,
            state_changed_at=NOW - timedelta(minutes=SUBMISSIONS - n),
        )


def _submit(manager: Person, plant: Plant) -> None:
    """One submission each, with two files of its own."""
    stored: StoredFile = unread_file().stored
    found = list(Obligation.objects.order_by("pk").values_list("pk", "state_changed_at"))
    _bulk(
        Submission,
        (
            Submission(
                obligation_id=pk,
                number=1,
                token=UUID(int=pk),
                submitted_by=manager,
                submitted_at=at,
            )
            for pk, at in found
        ),
    )
    evidence = Evidence.objects.bulk_create(
        Evidence(
            plant=plant,
            stored=stored,
            original_name=f"监测报告{n}.pdf",
            media_type="application/pdf",
            uploaded_by=manager,
            uploaded_at=NOW,
        )
        for n in range(2)
    )
    through = Submission.evidence.through
    _bulk(
        through,
        (
            through(submission_id=pk, evidence_id=file.pk)
            for pk in Submission.objects.values_list("pk", flat=True)
            for file in evidence
        ),
    )


def _bulk(model: type, rows: Iterator[object]) -> None:
    while some := list(islice(rows, AT_ONCE)):
        model._default_manager.bulk_create(some)  # type: ignore[attr-defined]
