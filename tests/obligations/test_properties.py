"""Whatever the rules and plants are: scheduling settles, and every change has a way back."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from plants.models import Permit, Place, Plant
from tests.factories import (
    NOW,
    TODAY,
    DocumentFactory,
    LineFactory,
    OutletFactory,
    PermitFactory,
    PlaceFactory,
    PlantFactory,
    RequirementFactory,
)
from tracker.audit import Actor
from tracker.obligations.amend import Fact, amend
from tracker.obligations.models import OWED, Obligation
from tracker.obligations.schedule import ScheduleReport, schedule_obligations
from tracker.regulations.models import Requirement

pytestmark = pytest.mark.django_db
BY = Actor(None, "tests")
PLACES = ("changji-city", "wusu", "hotan")

days = st.dates(date(2025, 1, 1), date(2030, 12, 31)).map(date.isoformat)
due_once = st.one_of(
    st.builds(lambda day: {"on": day}, days),
    st.builds(lambda a, b: {"zone": {"wu-chang-shi": a, "other": b}}, days, days),
    st.builds(lambda day: {"annex": "organised", "backstop": day}, days),
    st.builds(
        lambda n, day: {"before": "permit.valid_until", "days": n, "backstop": day},
        st.integers(1, 90),
        days,
    ),
    st.builds(lambda a, b: {"earliest": [{"on": a}, {"on": b}]}, days, days),
)
due_often = st.builds(
    lambda every, n: {"every": every, "days_after": n},
    st.sampled_from(["month", "quarter", "half_year", "year"]),
    st.integers(0, 40),
)
asks = st.one_of(
    st.just("always"),
    st.just({"plant.co_processing": True}),
    st.just({"not": {"plant.zone": "wu-chang-shi"}}),
    st.just({"any": [{"plant.has_cems": True}, {"permit.known": True}]}),
)
rules = st.lists(
    st.tuples(st.sampled_from(["plant", "line", "outlet"]), asks, st.one_of(due_once, due_often)),
    min_size=1,
    max_size=5,
)
plants = st.lists(
    st.tuples(st.sampled_from(PLACES), st.booleans(), st.booleans()), min_size=1, max_size=3
)
world = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@contextmanager
def scratch() -> Iterator[None]:
    """What an example makes goes with it."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def make(rules: list[Any], plants: list[Any]) -> list[Plant]:
    document = DocumentFactory.create()
    for kind, applies, due in rules:
        RequirementFactory.create(document=document, subject_kind=kind, applies=applies, due=due)
    return [_plant(*facts) for facts in plants]


def _plant(place: str, co_processing: bool, has_permit: bool) -> Plant:
    plant = PlantFactory.create(place__code=place, co_processing=co_processing)
    line = LineFactory.create(plant=plant)
    OutletFactory.create(plant=plant, line=line)
    if has_permit:
        PermitFactory.create(plant=plant)
    return plant


def schedule(plants: list[Plant] | None = None) -> ScheduleReport:
    return schedule_obligations(today=TODAY, by=BY, at=NOW, plants=plants)


def rows() -> set[tuple[object, ...]]:
    """Everything that a rule decides, by what the rows are about."""
    return set(
        Obligation.objects.values_list(
            "requirement",
            "plant",
            "line",
            "outlet",
            "period",
            "state",
            "due_on",
            "due_basis_zh",
            "due_basis_en",
            "applies_basis_zh",
            "applies_basis_en",
        )
    )


@world
@given(rules=rules, plants=plants)
def test_second_run_changes_nothing(rules: list[Any], plants: list[Any]) -> None:
    with scratch():
        make(rules, plants)
        schedule()
        before = rows()

        again = schedule()

        assert not again.changed_anything
        assert rows() == before


@world
@given(rules=rules, plants=plants, data=st.data())
def test_order_of_the_plants_does_not_matter(
    rules: list[Any], plants: list[Any], data: st.DataObject
) -> None:
    with scratch():
        made = make(rules, plants)
        schedule()
        at_once = rows()
        Obligation.objects.all().delete()

        for plant in data.draw(st.permutations(made)):
            schedule([plant])

        assert rows() == at_once


@world
@given(rules=rules, plants=plants)
def test_nothing_is_owed_without_a_date_and_a_reason(rules: list[Any], plants: list[Any]) -> None:
    with scratch():
        make(rules, plants)
        schedule()

        for obligation in Obligation.objects.filter(state__in=OWED):
            assert obligation.due_on is not None
            for reason in (*obligation.due_basis, *obligation.applies_basis):
                assert reason.strip()


@world
@given(rules=rules, plants=plants, data=st.data())
def test_changed_fact_and_back_restores_everything(
    rules: list[Any], plants: list[Any], data: st.DataObject
) -> None:
    with scratch():
        plant = data.draw(st.sampled_from(make(rules, plants)))
        schedule()
        before = rows()
        thing, name, value = data.draw(st.sampled_from(_changes(plant)))
        was = getattr(thing, name)

        _amend(thing, name, value)
        _amend(thing, name, was)

        assert _owed(rows()) == _owed(before)


@world
@given(rules=rules, plants=plants, due=st.one_of(due_once, due_often), data=st.data())
def test_changed_rule_and_back_restores_everything(
    rules: list[Any], plants: list[Any], due: object, data: st.DataObject
) -> None:
    with scratch():
        make(rules, plants)
        schedule()
        before = rows()
        rule = data.draw(st.sampled_from(list(Requirement.objects.order_by("pk"))))
        was = rule.due

        _set_due(rule, due)
        _set_due(rule, was)

        assert _owed(rows()) == _owed(before)


def _changes(plant: Plant) -> list[tuple[Fact, str, object]]:
    permits = Permit.objects.filter(plant=plant)
    return [
        (plant, "co_processing", not plant.co_processing),
        (plant, "place", _other_place(plant)),
        (plant, "status", "closed"),
        *((p, "valid_until_on", p.valid_until_on + timedelta(days=400)) for p in permits),
    ]


def _other_place(plant: Plant) -> Place:
    return PlaceFactory.create(code=next(code for code in PLACES if code != plant.place.code))


def _amend(thing: Fact, name: str, value: object) -> None:
    amend(thing=thing, values={name: value}, by=BY, at=NOW, today=TODAY)


def _set_due(rule: Requirement, due: Any) -> None:
    rule.due = due
    rule.save(update_fields=["due"])
    schedule()


def _owed(rows: set[tuple[object, ...]]) -> set[tuple[object, ...]]:
    """What came with a change and went with it stays as withdrawn rows, which owe nothing."""
    return {row for row in rows if row[5] in OWED}
