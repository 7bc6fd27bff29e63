"""Many rows at once are the rows that one by one would have been, on either database."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction
from pytest_django import DjangoAssertNumQueries

from plants.bulk import count_anew, insert_many, put_many, update_many
from plants.models import Permit, Plant
from tests.factories import DocumentFactory, PlantFactory
from tracker.audit import Event
from tracker.regulations.models import AnnexDate

pytestmark = pytest.mark.django_db
STRANGE = '示例"一厂"\\N\t第\n二行 \\. {a,b}'
"""What a copy, an array or JSON would each have to escape."""


def permits_of(plant: Plant, count: int) -> list[Permit]:
    return [
        Permit(
            plant=plant,
            number=f"{at:018d}001P",
            valid_from_on=date(2024, 2, 29),
            valid_until_on=date(2029, 2, 28),
        )
        for at in range(count)
    ]


@pytest.mark.parametrize("count", [1, 19, 20, 700])
def test_all_rows_come_in_with_their_values(count: int) -> None:
    wanted = permits_of(PlantFactory.create(), count)
    insert_many(wanted)
    read = {p.number: (p.valid_from_on, p.valid_until_on) for p in Permit.objects.all()}
    assert read == {p.number: (p.valid_from_on, p.valid_until_on) for p in wanted}


def test_nothing_comes_in_where_one_row_breaks_a_rule() -> None:
    plant = PlantFactory.create()
    wanted = permits_of(plant, 30)
    wanted[-1].number = wanted[0].number
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_many(wanted)
    assert not Permit.objects.exists()


def test_texts_json_and_nothing_at_all_come_in_as_they_are() -> None:
    moment = Event._meta.get_field("at").to_python("2026-07-01T08:00:00Z")
    values: list[dict[str, object] | None] = [None, {}, {"名": STRANGE, "n": 1.5, "none": None}]
    insert_many(
        [
            Event(
                chain="bulk",
                sequence=at,
                at=moment,
                verb="x",
                thing_id=at,
                before=values[at % 3],
                note=STRANGE,
            )
            for at in range(30)
        ]
    )
    read = Event.objects.filter(chain="bulk").order_by("sequence").values_list("before", "note")
    assert list(read) == [(values[at % 3], STRANGE) for at in range(30)]


def test_only_the_named_columns_of_the_given_rows_change() -> None:
    plant = PlantFactory.create()
    insert_many(permits_of(plant, 3))
    first, second, third = Permit.objects.order_by("pk")
    first.valid_until_on, first.number = date(2032, 2, 29), "not written"
    second.valid_until_on = date(2031, 1, 31)
    update_many([first, second], ["valid_until_on"])
    numbers = [permit.number for permit in Permit.objects.order_by("pk")]
    assert "not written" not in numbers
    ends = list(Permit.objects.order_by("pk").values_list("valid_until_on", flat=True))
    assert ends == [date(2032, 2, 29), date(2031, 1, 31), third.valid_until_on]


def test_texts_are_written_as_they_are() -> None:
    plant = PlantFactory.create()
    plant.name_zh, plant.name_en = STRANGE, ""
    update_many([plant], ["name_zh", "name_en"])
    plant.refresh_from_db()
    assert (plant.name_zh, plant.name_en) == (STRANGE, "")


def test_row_that_is_there_becomes_the_new_one_and_others_come_in() -> None:
    plant, document = PlantFactory.create(), DocumentFactory.create()
    given = {"plant": plant, "document": document, "completion_on": date(2026, 6, 30)}
    there = AnnexDate.objects.create(part="whole", verification="verified", **given)
    moved = given | {"completion_on": date(2028, 2, 29)}

    put_many(
        [
            AnnexDate(part="whole", verification="to_verify", source=STRANGE, **moved),
            AnnexDate(part="organised", verification="verified", **given),
        ],
        ["plant", "part"],
    )

    columns = ("part", "completion_on", "verification", "source")
    assert list(AnnexDate.objects.order_by("part").values_list(*columns)) == [
        ("organised", date(2026, 6, 30), "verified", ""),
        ("whole", date(2028, 2, 29), "to_verify", STRANGE),
    ]
    assert AnnexDate.objects.get(part="whole").pk == there.pk


def test_nothing_to_write_is_no_statement(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    with django_assert_num_queries(0):
        insert_many([])
        put_many([], ["code"])
        update_many([], ["name_zh"])


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite keeps no such counts")
def test_counts_are_renewed_after_many_rows_came_in() -> None:
    insert_many(permits_of(PlantFactory.create(), 700))

    count_anew(Permit)

    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE relname = 'plants_permit'")
        assert cursor.fetchone() == (700,)
