"""Officers hear late, reviewers of what waits; hours, days off and an authority's own ladders."""

from datetime import UTC, date, datetime, timedelta

import pytest

from plants.models import Part, Person, Plant
from tests.factories import (
    NOW,
    TODAY,
    AuthorityFactory,
    CompanyFactory,
    ObligationFactory,
    PlantFactory,
    RequirementFactory,
    group_manager_of,
    manager_of,
    officer_of,
)
from tests.reminders.conftest import due_in
from tracker.obligations.models import Obligation, State
from tracker.reminders.models import (
    Kind,
    Ladder,
    LetterKind,
    Preference,
    Receiver,
    Reminder,
    ReminderState,
)
from tracker.reminders.plan import plan_reminders

pytestmark = pytest.mark.django_db

# Wednesday before the days off from 1 to 7 October 2026.
LAST_AT_WORK = date(2026, 9, 30)


def six(day: date) -> datetime:
    """Six o'clock of a day in Asia/Shanghai."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=2)


def night(day: date) -> int:
    return plan_reminders(today=day, at=six(day))


def told(**which: object) -> list[tuple[str, str, int | None]]:
    found = Reminder.objects.filter(**which).select_related("person").order_by("pk")
    return [(row.person.name, row.kind, row.rung) for row in found]


@pytest.fixture
def division() -> Plant:
    """A plant of a bureau below a bureau, each with an officer."""
    below = AuthorityFactory.create(code="corps-d06")
    top = below.parent
    assert top is not None
    officer_of(top, name="上级")
    officer_of(below, name="本级")
    return PlantFactory.create(authority=below)


@pytest.mark.parametrize(
    ("late", "names"),
    [(6, []), (7, ["本级"]), (29, ["本级"]), (30, ["本级", "上级"])],
)
def test_officers_are_told_of_what_is_overdue_for_long(
    division: Plant, late: int, names: list[str]
) -> None:
    due_in(-late, plant=division)

    night(TODAY)

    assert [name for name, _kind, _rung in told(kind=Kind.ESCALATION)] == names


def test_first_word_to_an_office_is_a_mail_of_its_own(division: Plant) -> None:
    due_in(-7, plant=division)
    due_in(-8, plant=division)
    night(TODAY)
    night(TODAY + timedelta(days=37))

    rows = Reminder.objects.filter(person__name="本级").order_by("pk")

    assert {row.letter for row in rows if row.rung == -7} == {LetterKind.ESCALATION}
    assert {row.letter for row in rows if row.rung == -37} == {LetterKind.DIGEST}


def test_office_without_officers_is_passed_over(division: Plant) -> None:
    Person.objects.filter(name="本级").update(is_active=False)
    due_in(-7, plant=division)

    night(TODAY)

    assert told() == [("上级", Kind.ESCALATION, -7)]


def test_officers_are_reminded_of_what_waits_and_the_plant_is_not(division: Plant) -> None:
    manager_of(division)
    waiting = due_in(-40, plant=division, state=State.SUBMITTED, state_changed_at=NOW)

    assert night(TODAY + timedelta(days=6)) == 0
    assert night(TODAY + timedelta(days=7)) == 1
    assert told() == [("本级", Kind.WAITING, -7)]

    Obligation.objects.filter(pk=waiting.pk).update(state=State.ACCEPTED)
    night(TODAY + timedelta(days=8))
    assert Reminder.objects.get().state == ReminderState.CANCELLED


def test_handed_in_again_is_waited_for_anew(division: Plant) -> None:
    waiting = due_in(0, plant=division, state=State.SUBMITTED, state_changed_at=NOW)
    night(TODAY + timedelta(days=7))
    later = NOW + timedelta(days=10)
    Obligation.objects.filter(pk=waiting.pk).update(state_changed_at=later)

    night(TODAY + timedelta(days=17))

    rows = Reminder.objects.order_by("pk").values_list("rung", "due_on")
    assert list(rows) == [(-7, TODAY), (-7, TODAY + timedelta(days=10))]


def test_days_off_are_told_before_and_what_is_due_in_them_on_its_day() -> None:
    plant = PlantFactory.create()
    manager_of(plant, name="厂长")
    in_days_off = ObligationFactory.create(plant=plant, due_on=date(2026, 10, 4))
    after = ObligationFactory.create(plant=plant, due_on=date(2026, 10, 9))
    late = ObligationFactory.create(plant=plant, due_on=date(2026, 9, 26))
    days = [LAST_AT_WORK + timedelta(days=n) for n in range(9)]

    found: dict[int | None, list[tuple[int, int | None]]] = {}
    for day in days:
        night(day)
        for row in Reminder.objects.filter(planned_at=six(day)):
            found.setdefault(row.obligation_id, []).append((day.day, row.rung))

    assert found == {
        in_days_off.pk: [(30, 1), (4, 0)],
        after.pk: [(30, 7), (8, 1)],
        late.pk: [(30, 0), (8, -7)],
    }


def test_each_has_her_hour() -> None:
    plant = PlantFactory.create()
    early, usual = manager_of(plant), manager_of(plant)
    Preference.objects.create(person=early, hour=6)
    due_in(7, plant=plant)

    night(TODAY)

    at = dict(Reminder.objects.values_list("person", "next_attempt_at"))
    assert at == {early.pk: six(TODAY), usual.pk: six(TODAY) + timedelta(hours=2)}


def test_in_the_course_of_a_day_the_next_digest_is_meant() -> None:
    plant = PlantFactory.create()
    manager_of(plant)
    today, tomorrow = due_in(0, plant=plant), due_in(1, plant=plant)
    other = due_in(1, plant=plant)

    plan_reminders(today=TODAY, at=NOW, only=[today.pk, tomorrow.pk])

    at = dict(Reminder.objects.values_list("obligation", "next_attempt_at"))
    assert at == {today.pk: NOW, tomorrow.pk: six(TODAY) + timedelta(days=1, hours=2)}
    assert other.pk not in at


def test_nearest_ladder_wins_and_then_the_one_that_says_more(division: Plant) -> None:
    top = division.authority.parent
    assert top is not None
    manager_of(division, name="厂长")
    for authority, part, before in (
        (top, Part.ORGANISED, [60]),
        (division.authority, "", [50]),
        (division.authority, Part.FUGITIVE, [40]),
    ):
        Ladder.objects.create(
            authority=authority, receiver=Receiver.MANAGER, part=part, before=before
        )
    for part in (Part.ORGANISED, Part.FUGITIVE):
        due_in(35, plant=division, requirement=RequirementFactory.create(part=part))

    night(TODAY)

    assert sorted(row[2] or 0 for row in told()) == [40, 50]


def test_a_monthly_duty_is_not_announced_three_months_ahead() -> None:
    requirement = RequirementFactory.create(due={"every": "month", "days_after": 5})
    obligation = due_in(15, requirement=requirement, period="2026-08")
    manager_of(obligation.plant)

    assert night(TODAY) == 0
    assert night(TODAY + timedelta(days=1)) == 1


def test_group_managers_climb_a_ladder_of_their_own() -> None:
    company = CompanyFactory.create()
    obligation = due_in(60, plant=PlantFactory.create(company=company))
    group_manager_of(company, name="集团")
    manager_of(obligation.plant, name="厂长")

    night(TODAY)

    assert told() == [("厂长", Kind.DUE, 90)]
