"""Scheduling by a plant's own annex, permit and works, and by the day in UTC+8."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.core.management import call_command

from plants.models import PermitReport, Project
from tests.factories import (
    NOW,
    DocumentFactory,
    LineFactory,
    OutletFactory,
    PermitFactory,
    PlantFactory,
    ProjectFactory,
    RequirementFactory,
)
from tracker import audit
from tracker.obligations.amend import amend
from tracker.obligations.models import Obligation
from tracker.obligations.schedule import schedule_obligations
from tracker.regulations.models import AnnexDate

pytestmark = pytest.mark.django_db

BY = audit.Actor(None, "tests")
TODAY = date(2026, 9, 1)


def schedule() -> list[date]:
    schedule_obligations(today=TODAY, by=BY, at=NOW, ahead_days=60)
    return list(Obligation.objects.order_by("due_on").values_list("due_on", flat=True))


def test_annex_re_dates_what_stood_on_the_backstop() -> None:
    plant = PlantFactory.create()
    RequirementFactory.create(due={"annex": "organised", "backstop": "2028-12-31"})
    before = schedule()
    annex = {"document": DocumentFactory.create(), "plant": plant, "verification": "secondary"}

    AnnexDate.objects.create(part="whole", completion_on=date(2027, 12, 31), **annex)
    by_whole = schedule()
    AnnexDate.objects.create(part="organised", completion_on=date(2027, 6, 30), **annex)
    by_part = schedule()

    assert [before, by_whole, by_part] == [
        [date(2028, 12, 31)],
        [date(2027, 12, 31)],
        [date(2027, 6, 30)],
    ]


def test_permits_own_date_re_dates_the_report() -> None:
    plant = PlantFactory.create()
    permit = PermitFactory.create(plant=plant)
    RequirementFactory.create(
        due={"every": "quarter", "days_after": 15, "only": [3], "permit": "report"}
    )
    assert schedule() == [date(2026, 10, 15)]

    PermitReport.objects.create(permit=permit, every="quarter", days_after=25)

    assert schedule() == [date(2026, 10, 25)]
    assert permit.number in Obligation.objects.get().due_basis_en


def test_works_that_end_date_what_hangs_on_them() -> None:
    project: Project = ProjectFactory.create(part="organised", finished_on=None)
    RequirementFactory.create(
        due={"after": "project.organised.finished_on", "months": 1, "backstop": "2028-12-31"}
    )
    assert schedule() == [date(2028, 12, 31)]

    works = {
        "started_on": date(2026, 3, 1),
        "finished_on": date(2026, 8, 31),
        "progress_percent": 100,
    }
    amend(thing=project, values=works, by=BY, at=NOW, today=TODAY)

    assert Obligation.objects.get().due_on == date(2026, 9, 30)


@pytest.mark.parametrize(
    ("instant", "periods"),
    [
        # 23:59:59 on 31 December in UTC+8, and a second later
        (datetime(2026, 12, 31, 15, 59, 59, tzinfo=UTC), ["2027-05"]),
        (datetime(2026, 12, 31, 16, 0, 0, tzinfo=UTC), ["2027-05", "2027-06"]),
    ],
)
def test_night_looks_ahead_from_the_day_in_utc_8(instant: datetime, periods: list[str]) -> None:
    """The June report is due on 30 June: 181 days after 31 December, 180 after 1 January."""
    PlantFactory.create(tracked_from_on=date(2027, 5, 1))
    RequirementFactory.create(due={"every": "month", "days_after": 0, "only": [5, 6]})

    with time_machine.travel(instant, tick=False):
        call_command("schedule_obligations", verbosity=0)

    found = Obligation.objects.order_by("period").values_list("period", flat=True)
    assert list(found) == periods


@pytest.mark.parametrize(
    ("verification", "is_doubted"), [("verified", False), ("secondary", True), ("to_verify", True)]
)
def test_annex_date_that_nobody_checked_says_so(verification: str, is_doubted: bool) -> None:
    plant = PlantFactory.create()
    RequirementFactory.create(due={"annex": "organised", "backstop": "2028-12-31"})
    AnnexDate.objects.create(
        document=DocumentFactory.create(),
        plant=plant,
        part="organised",
        completion_on=date(2027, 6, 30),
        verification=verification,
    )
    schedule()

    basis = Obligation.objects.get().due_basis

    assert ("尚待核实" in basis.zh) is is_doubted
    assert ("still to be verified" in basis.en) is is_doubted


def test_annex_date_that_was_checked_re_words_the_reason() -> None:
    RequirementFactory.create(due={"annex": "organised", "backstop": "2028-12-31"})
    day = AnnexDate.objects.create(
        document=DocumentFactory.create(),
        plant=PlantFactory.create(),
        part="organised",
        completion_on=date(2027, 6, 30),
        verification="to_verify",
    )
    schedule()
    day.verification = "verified"
    day.save()

    report = schedule_obligations(today=TODAY, by=BY, at=NOW)

    assert (report.re_worded, report.re_dated) == (1, 0)


def test_closed_line_owes_nothing_and_owes_again_when_it_runs() -> None:
    line = LineFactory.create()
    OutletFactory.create(plant=line.plant, line=line)
    OutletFactory.create(plant=line.plant, line=None)
    for kind in ("line", "outlet"):
        RequirementFactory.create(subject_kind=kind, due={"on": "2028-12-31"})
    schedule()

    def owed() -> list[tuple[bool, bool]]:
        rows = Obligation.objects.owed().order_by("pk").select_related("outlet")
        return [(row.line_id is not None, row.outlet_id is not None) for row in rows]

    before = owed()
    amend(thing=line, values={"status": "closed"}, by=BY, at=NOW, today=TODAY)
    closed = owed()
    amend(thing=line, values={"status": "running"}, by=BY, at=NOW, today=TODAY)

    assert len(before) == 3
    assert closed == [(False, True)]
    assert owed() == before


def test_new_line_owes_no_period_before_it_ran() -> None:
    line = LineFactory.create(
        plant__tracked_from_on=date(2024, 1, 1), commissioned_on=date(2026, 5, 1)
    )
    RequirementFactory.create(
        subject_kind="line",
        due={"every": "quarter", "days_after": 15},
        effective_from=date(2024, 1, 1),
    )
    assert schedule() == [date(2026, 7, 15), date(2026, 10, 15)]
    assert set(Obligation.objects.values_list("line_id", flat=True)) == {line.pk}


@pytest.mark.parametrize(
    ("kind", "asked"), [("plant", "plant.has_cems"), ("outlet", "outlet.has_cems")]
)
@pytest.mark.parametrize(
    ("since", "days"),
    [
        (date(2026, 8, 1), [date(2026, 10, 15)]),
        (date(2026, 1, 1), [date(2026, 4, 15), date(2026, 7, 15), date(2026, 10, 15)]),
    ],
)
def test_cems_that_came_later_brings_no_duty_of_before(
    kind: str, asked: str, since: date, days: list[date]
) -> None:
    plant = PlantFactory.create(tracked_from_on=date(2026, 1, 1))
    OutletFactory.create(plant=plant, has_cems=True, cems_from_on=since)
    RequirementFactory.create(
        subject_kind=kind,
        applies={asked: True},
        due={"every": "quarter", "days_after": 15},
        effective_from=date(2024, 1, 1),
    )

    assert [day for day in schedule() if day > date(2026, 1, 31)] == days


@pytest.mark.parametrize(
    ("since", "days"),
    [
        (date(2026, 8, 1), [date(2026, 10, 15)]),
        (None, [date(2026, 4, 15), date(2026, 7, 15), date(2026, 10, 15)]),
    ],
)
def test_co_processing_that_came_later_brings_no_duty_of_before(
    since: date | None, days: list[date]
) -> None:
    plant = PlantFactory.create(tracked_from_on=date(2026, 1, 1))
    RequirementFactory.create(
        applies={"plant.co_processing": True},
        due={"every": "quarter", "days_after": 15},
        effective_from=date(2024, 1, 1),
    )
    values = {"co_processing": True, "co_processing_from_on": since}
    amend(thing=plant, values=values, by=BY, at=NOW, today=TODAY)

    owed = Obligation.objects.order_by("due_on").values_list("due_on", flat=True)

    assert [day for day in owed if date(2026, 1, 31) < day < date(2027, 1, 1)] == days


def test_renewed_permit_is_to_be_renewed_again() -> None:
    permit = PermitFactory.create(valid_until_on=date(2026, 12, 31))
    RequirementFactory.create(due={"before": "permit.valid_until", "days": 60})
    schedule()
    Obligation.objects.update(state="accepted")
    amend(thing=permit, values={"valid_until_on": date(2031, 12, 31)}, by=BY, at=NOW, today=TODAY)

    found = Obligation.objects.order_by("due_on").values_list("period", "state", "due_on")

    assert list(found) == [
        ("", "accepted", date(2026, 11, 1)),
        ("#2", "open", date(2031, 11, 1)),
    ]
    assert not schedule_obligations(today=TODAY, by=BY, at=NOW).changed_anything
