"""The trail: chained for each plant, told apart, and broken links found."""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.db.transaction import TransactionManagementError
from pytest_django import DjangoAssertNumQueries

from plants.models import Plant
from tests.factories import NOW, PersonFactory, PlantFactory, cast
from tracker import audit
from tracker.audit import (
    Actor,
    Deed,
    Event,
    Verb,
    broken_links,
    record,
    record_all,
    together,
)
from tracker.trail_guard import lift_guard, lifted_guard

pytestmark = pytest.mark.django_db


def test_events_of_a_plant_form_one_chain() -> None:
    plant, person = PlantFactory.create(), PersonFactory.create(name="张三")
    by = Actor(person, "192.0.2.7")

    first = record(by=by, at=NOW, verb=Verb.CREATED, thing=plant, plant=plant)
    second = record(
        by=by, at=NOW, verb=Verb.CHANGED, thing=plant, plant=plant, before={"a": 1}, after={"a": 2}
    )

    assert (first.sequence, first.previous, second.sequence) == (1, "", 2)
    assert second.previous == first.digest
    assert broken_links(first.chain) == []
    assert (second.person_name, second.origin) == ("张三", "192.0.2.7")


def test_chains_of_two_plants_and_of_the_site_are_apart() -> None:
    one, other = PlantFactory.create(), PlantFactory.create()
    by = Actor(None, "tests")

    events = [
        record(by=by, at=NOW, verb=Verb.CREATED, thing=one, plant=one),
        record(by=by, at=NOW, verb=Verb.CREATED, thing=other, plant=other),
        record(by=by, at=NOW, verb=Verb.LOADED, thing=one),
    ]

    assert [event.sequence for event in events] == [1, 1, 1]
    assert [event.chain for event in events] == [
        f"plant:{one.pk}",
        f"plant:{other.pk}",
        audit.SITE_CHAIN,
    ]


def test_many_deeds_go_on_in_each_plants_chain() -> None:
    old, new = PlantFactory.create(), PlantFactory.create()
    by = Actor(PersonFactory.create(name="张三"), "192.0.2.7")
    first = record(by=by, at=NOW, verb=Verb.CREATED, thing=old, plant=old)

    record_all(
        by=by,
        at=NOW,
        deeds=[
            Deed(Verb.LOADED, old, old, {"a": None}, {"a": date(2026, 6, 30)}),
            Deed(Verb.LOADED, new, new, {}, {"a": 1}),
            Deed(Verb.CHANGED, old, old),
        ],
    )

    second, changed, third = Event.objects.exclude(pk=first.pk).order_by("plant__pk", "sequence")
    assert (second.sequence, second.previous) == (2, first.digest)
    assert (second.before, second.after) == ({"a": None}, {"a": "2026-06-30"})
    assert (changed.sequence, changed.verb, changed.previous) == (3, "changed", second.digest)
    assert (third.sequence, third.previous, third.person_name) == (1, "", "张三")
    record(by=by, at=NOW, verb=Verb.CHANGED, thing=old, plant=old)
    assert [broken_links(event.chain) for event in (second, third)] == [[], []]


@pytest.mark.parametrize(
    "forgery",
    [
        {"person_name": "李四"},
        {"at": datetime(2020, 1, 1, tzinfo=UTC)},
        {"after": {"a": 3}},
        {"note": "…"},
    ],
)
def test_changed_event_is_found(forgery: dict[str, object]) -> None:
    plant = PlantFactory.create()
    for number in range(3):
        record(
            by=Actor(None, "tests"),
            at=NOW,
            verb=Verb.CHANGED,
            thing=plant,
            plant=plant,
            after={"a": number},
        )
    forged = Event.objects.get(sequence=2)
    with lifted_guard():
        Event.objects.filter(pk=forged.pk).update(**forgery)

    assert broken_links(forged.chain) == [2]


@pytest.mark.parametrize(("taken", "broken"), [(1, [1, 2]), (2, [2, 3]), (3, [3])])
def test_removed_event_is_found(taken: int, broken: list[int]) -> None:
    plant = PlantFactory.create()
    for _ in range(3):
        record(by=Actor(None, "tests"), at=NOW, verb=Verb.CHANGED, thing=plant, plant=plant)
    with lifted_guard():
        Event.objects.get(sequence=taken).delete()

    assert broken_links(f"plant:{plant.pk}") == broken


@pytest.mark.parametrize(
    "forge",
    [
        lambda: Event.objects.update(note="…"),
        lambda: Event.objects.all().delete(),
        lambda: Event.objects.all()._raw_delete("default"),
    ],
)
def test_database_refuses_to_change_or_remove_an_event(forge: Callable[[], object]) -> None:
    plant = PlantFactory.create()
    record(by=Actor(None, "tests"), at=NOW, verb=Verb.CHANGED, thing=plant, plant=plant)

    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        forge()

    assert Event.objects.get().note == ""


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite knows no TRUNCATE")
def test_database_refuses_to_empty_the_trail() -> None:
    with (
        pytest.raises(IntegrityError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("TRUNCATE tracker_event CASCADE")


def test_guard_is_back_after_a_migration_made_the_table_anew() -> None:
    plant = PlantFactory.create()
    record(by=Actor(None, "tests"), at=NOW, verb=Verb.CHANGED, thing=plant, plant=plant)
    lift_guard()
    assert Event.objects.update(note="…") == 1

    call_command("migrate", verbosity=0)

    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        Event.objects.update(note="")


def test_event_moved_to_another_plant_is_found() -> None:
    plant, other = PlantFactory.create(), PlantFactory.create()
    event = record(by=Actor(None, "tests"), at=NOW, verb=Verb.CHANGED, thing=plant, plant=plant)
    with lifted_guard():
        Event.objects.filter(pk=event.pk).update(plant=other)

    assert broken_links(event.chain) == [1]


def test_events_together_are_linked_as_they_came() -> None:
    one, other = PlantFactory.create(), PlantFactory.create()
    by = Actor(None, "tests")
    record(by=by, at=NOW, verb=Verb.CREATED, thing=one, plant=one)

    with together():
        for number, plant in enumerate((one, other, one, one, other)):
            record(by=by, at=NOW, verb=Verb.CHANGED, thing=plant, plant=plant, after={"a": number})
        with together():
            record(by=by, at=NOW, verb=Verb.LOADED, thing=one)
    record(by=by, at=NOW, verb=Verb.CHANGED, thing=other, plant=other, after={"a": 5})

    chains = [f"plant:{one.pk}", f"plant:{other.pk}", audit.SITE_CHAIN]
    found = [
        list(
            Event.objects.filter(chain=chain).order_by("sequence").values_list("sequence", "after")
        )
        for chain in chains
    ]
    assert found == [
        [(1, None), (2, {"a": 0}), (3, {"a": 2}), (4, {"a": 3})],
        [(1, {"a": 1}), (2, {"a": 4}), (3, {"a": 5})],
        [(1, None)],
    ]
    assert [broken_links(chain) for chain in chains] == [[], [], []]


@pytest.mark.parametrize("count", [1, 3])
def test_events_together_are_few_statements(
    django_assert_num_queries: DjangoAssertNumQueries, count: int
) -> None:
    plant = PlantFactory.create()
    record(by=Actor(None, "tests"), at=NOW, verb=Verb.CREATED, thing=plant, plant=plant)

    # The lock, the rows, the new head; and this test's transaction wants a savepoint and its end.
    with django_assert_num_queries(5), together():
        for _ in range(count):
            record(by=Actor(None, "tests"), at=NOW, verb=Verb.CHANGED, thing=plant, plant=plant)


def test_what_fails_together_leaves_nothing() -> None:
    plant = PlantFactory.create(name_zh="示例旧名")
    by = Actor(None, "tests")

    def fail() -> None:
        Plant.objects.update(name_zh="示例新名")
        record(by=by, at=NOW, verb=Verb.CHANGED, thing=plant, plant=plant)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), together():
        fail()
    later = record(by=by, at=NOW, verb=Verb.CHANGED, thing=plant, plant=plant)

    assert Plant.objects.get().name_zh == "示例旧名"
    assert (Event.objects.get(), later.sequence) == (later, 1)


def test_nothing_that_failed_alone_is_told_together() -> None:
    plant = PlantFactory.create()
    by = Actor(None, "tests")

    def fail() -> None:
        with transaction.atomic():
            record(by=by, at=NOW, verb=Verb.CHANGED, thing=plant, plant=plant)
            raise ZeroDivisionError

    with pytest.raises(TransactionManagementError), together(), suppress(ZeroDivisionError):
        fail()
    assert Event.objects.count() == 0

    # Outside of a block a deed may fail alone, as ever.
    with suppress(ZeroDivisionError):
        fail()
    assert (Event.objects.count(), Plant.objects.count()) == (0, 1)


def test_history_is_visible_to_those_who_see_the_plant() -> None:
    world = cast()
    for seen_plant in (world.plant, world.other_plant, world.corps_plant):
        record(
            by=Actor(None, "tests"), at=NOW, verb=Verb.CREATED, thing=seen_plant, plant=seen_plant
        )

    seen = {
        name: set(Event.objects.visible_to(person).values_list("plant_id", flat=True))
        for name, person in world.people.items()
    }

    plant, other, corps = world.plant.pk, world.other_plant.pk, world.corps_plant.pk
    assert seen == {
        "changji_officer": {plant},
        "region_officer": {plant, other},
        "corps_officer": {corps},
        "manager": {plant},
        "other_manager": {other},
        "group_manager": {plant, corps},
        "auditor": {plant, other, corps},
        "administrator": {plant, other, corps},
    }


def test_events_together_lie_oldest_first_across_the_chains() -> None:
    by, (first, second) = Actor(None, "tests"), PlantFactory.create_batch(2)
    with together():
        for plant, days in ((first, 3), (first, 1), (second, 2)):
            at = NOW - timedelta(days=days)
            record(by=by, at=at, verb=Verb.CHANGED, thing=plant, plant=plant)

    told = Event.objects.order_by("pk").values_list("plant", "sequence")

    assert list(told) == [(first.pk, 1), (second.pk, 1), (first.pk, 2)]
    assert [broken_links(audit.chain_of_plant(plant.pk)) for plant in (first, second)] == [[], []]
