"""What is seen on site comes in once and whole, and only from who takes part in the round."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction

from plants.models import Person
from tests.factories import NOW, PersonFactory, assessor_of, store_file
from tests.factories.walks import quarantine
from tests.rounds.fugitive.conftest import Site
from tests.rounds.transport.conftest import open_round
from tracker.audit import Actor, Event
from tracker.demo.evidence_files import make_picture
from tracker.evidence.models import Evidence
from tracker.evidence.store import KeptFile
from tracker.rounds.fugitive.check import Recorded, Seen, record_checks
from tracker.rounds.fugitive.photos import keep_photo
from tracker.rounds.fugitive.rights import CheckRefused
from tracker.rounds.fugitive.sources import add_source, judge_round
from tracker.rounds.models import (
    CheckResult,
    FugitiveCheck,
    FugitiveGroup,
    FugitiveSource,
    Round,
    Stage,
)
from tracker.rounds.outcomes import Outcome

AT = NOW + timedelta(hours=5)
OK, FAULT = CheckResult.OK, CheckResult.FAULT
Spoil = Callable[[Seen, Site], Seen]


def actor(person: Person) -> Actor:
    return Actor(person, "192.0.2.1")


def look(site: Site, number: int, *, item: int = 0, result: CheckResult = OK) -> Seen:
    """What the phone sends; a fault has a note."""
    note = "料棚门未关闭" if result == FAULT else ""
    return Seen(UUID(int=number), site.shed, site.items[item], result, NOW, note)


def record(site: Site, *seen: Seen, by: Person | None = None) -> Recorded:
    return record_checks(found=site.found, seen=seen, by=actor(by or site.guest), at=AT)


def photo(site: Site, name: str = "料棚.png", by: Person | None = None) -> Evidence:
    file = store_file(make_picture(1), name=name)
    return keep_photo(found=site.found, file=file, by=actor(by or site.guest), at=AT)


def checks() -> list[tuple[int, str, str]]:
    rows = FugitiveCheck.objects.order_by("pk")
    return [(row.client_token.int, row.item.group, row.result) for row in rows]


def test_checks_are_kept_with_their_photos_and_told_once(site: Site) -> None:
    seen = replace(look(site, 2, item=1, result=FAULT), photos=[photo(site)])
    events = Event.objects.count()

    recorded = record(site, look(site, 1), seen)

    fault = FugitiveCheck.objects.get(result=FAULT)
    event = Event.objects.order_by("pk").last()
    assert checks() == [(1, "general", "ok"), (2, "storage", "fault")]
    assert (fault.checked_by, fault.checked_at, fault.received_at) == (site.guest, NOW, AT)
    assert [each.original_name for each in fault.photos.all()] == ["料棚.png"]
    assert (len(recorded.added), recorded.there) == (2, 0)
    assert Event.objects.count() == events + 1
    assert event is not None
    assert (event.verb, event.plant) == ("changed", site.world.plant)
    assert event.after == {"fugitive_checks": [c.pk for c in recorded.added], "faults": 1}


def test_phone_whose_clock_is_a_little_ahead_is_taken_at_its_word(site: Site) -> None:
    record(site, replace(look(site, 1), checked_at=AT + timedelta(minutes=9)))

    assert FugitiveCheck.objects.get().checked_at == AT


def test_list_that_is_sent_again_adds_nothing_twice(site: Site) -> None:
    record(site, look(site, 1), look(site, 2, item=1))
    events = Event.objects.count()

    again = record(site, look(site, 1), look(site, 2, item=1))
    longer = record(site, look(site, 1), look(site, 2, item=1), look(site, 3, item=1))

    assert (again.added, again.there) == ((), 2)
    assert ([c.client_token.int for c in longer.added], longer.there) == ([3], 2)
    assert [token for token, _group, _result in checks()] == [1, 2, 3]
    assert Event.objects.count() == events + 1


def test_list_is_answered_after_the_round_has_gone_on(site: Site) -> None:
    record(site, look(site, 1))
    Round.objects.update(stage=Stage.FILED)

    assert record(site, look(site, 1)).there == 1
    with pytest.raises(CheckRefused, match="report is filed"):
        record(site, look(site, 1), look(site, 2))


def test_token_of_somebody_else_is_refused(site: Site) -> None:
    record(site, look(site, 1))

    with pytest.raises(CheckRefused, match="from somebody else"):
        record(site, look(site, 1), by=site.world.manager)

    assert len(checks()) == 1


def _belt_item(seen: Seen, site: Site) -> Seen:
    return replace(seen, item=site.items[2])


def _other_round(seen: Seen, site: Site) -> Seen:
    other = open_round(site.world.plant, site.world.manager)
    source = FugitiveSource.objects.create(
        round=other, group="storage", name="料棚", added_by=site.guest, added_at=NOW
    )
    return replace(seen, source=source)


def _withdrawn(seen: Seen, site: Site) -> Seen:
    site.items[0].withdrawn_on = date(2026, 1, 1)
    site.items[0].save(update_fields=["withdrawn_on"])
    return seen


def _with_photo(seen: Seen, photo: Evidence) -> Seen:
    return replace(seen, photos=[photo])


def _photo_of_another_plant(seen: Seen, site: Site) -> Seen:
    found = photo(site)
    found.plant = site.world.other_plant
    found.save(update_fields=["plant"])
    return _with_photo(seen, found)


def _pdf(seen: Seen, site: Site) -> Seen:
    found = photo(site)
    found.media_type = "application/pdf"
    found.save(update_fields=["media_type"])
    return _with_photo(seen, found)


def _virus(seen: Seen, site: Site) -> Seen:
    found = photo(site)
    quarantine(found.stored)
    return _with_photo(seen, Evidence.objects.select_related("stored").get(pk=found.pk))


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (_belt_item, "not asked of such a source"),
        (_other_round, "belongs to another round"),
        (_withdrawn, "The item was withdrawn."),
        (_photo_of_another_plant, "belongs to another plant"),
        (_pdf, "Only photographs"),
        (_virus, "virus"),
        (lambda seen, site: replace(seen, checked_at=AT + timedelta(minutes=11)), "phone's clock"),
        (lambda seen, site: replace(seen, checked_at=NOW - timedelta(1)), "before the round began"),
        (lambda seen, site: replace(seen, result=FAULT, note="  "), "Say what is wrong."),
        (lambda seen, site: replace(seen, remedy="修门"), "Only a fault has a remedy."),
        (
            lambda seen, site: replace(
                seen, result=FAULT, note="门坏", remedy="修门", remedy_due_on=date(2026, 8, 31)
            ),
            "due before the fault was seen",
        ),
    ],
)
def test_one_check_with_a_fault_refuses_the_whole_list(
    site: Site, spoil: Spoil, sentence: str
) -> None:
    bad = spoil(look(site, 2), site)

    with pytest.raises(CheckRefused, match=sentence):
        record(site, look(site, 1, item=1), bad)

    assert checks() == []


def test_one_token_is_no_two_checks(site: Site) -> None:
    with pytest.raises(CheckRefused, match="in the list twice"):
        record(site, look(site, 1), look(site, 1, item=1))

    assert checks() == []


def test_only_who_takes_part_enters_checks(site: Site) -> None:
    world = site.world
    allowed = [site.guest, world.manager, world.group_manager, world.changji_officer]
    allowed.append(world.region_officer)
    refused = [each for each in world.people.values() if each not in allowed]

    for person in [*refused, assessor_of(world.plant), PersonFactory.create()]:
        with pytest.raises(CheckRefused, match="Only the plant, its authority"):
            record(site, look(site, 99), by=person)
    for number, person in enumerate(allowed):
        record(site, look(site, number), by=person)

    assert len(checks()) == len(allowed)


def test_ended_seat_enters_nothing_and_sees_nothing(site: Site) -> None:
    record(site, look(site, 1))
    assert FugitiveCheck.objects.visible_to(site.guest).count() == 1
    assert FugitiveSource.objects.visible_to(site.guest).count() == 1

    site.found.seats.update(ended_at=NOW)

    with pytest.raises(CheckRefused, match="Only the plant, its authority"):
        record(site, look(site, 2))
    assert not FugitiveCheck.objects.visible_to(site.guest).exists()
    assert not FugitiveSource.objects.visible_to(site.guest).exists()
    assert not FugitiveCheck.objects.visible_to(site.world.other_manager).exists()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"fugitive": False}, "not about fugitive emissions"),
        ({"given_up_at": NOW, "given_up_reason": "停产"}, "was given up"),
        ({"stage": Stage.LISTED}, "report is filed"),
    ],
)
def test_round_that_takes_no_checks(site: Site, change: dict[str, object], sentence: str) -> None:
    Round.objects.filter(pk=site.found.pk).update(**change)

    with pytest.raises(CheckRefused, match=sentence):
        record(site, look(site, 1))
    with pytest.raises(CheckRefused, match=sentence):
        photo(site)


def test_source_is_added_once(site: Site) -> None:
    def add(name: str) -> FugitiveSource:
        return add_source(
            found=site.found,
            group=FugitiveGroup.STORAGE,
            name=name,
            place_in_plant="厂区北侧",
            by=actor(site.guest),
            at=AT,
        )

    events = Event.objects.count()
    again = add(" 石灰石料棚 ")
    with pytest.raises(CheckRefused, match="Name the source"):
        add(" ")

    assert again == site.shed
    assert (FugitiveSource.objects.count(), Event.objects.count()) == (1, events)


def test_photo_is_kept_once(site: Site) -> None:
    first, again = photo(site), photo(site)

    assert first == again
    assert (first.plant, first.uploaded_by) == (site.world.plant, site.guest)
    assert Event.objects.filter(verb="uploaded").count() == 1
    with pytest.raises(CheckRefused, match="Only photographs"):
        keep_photo(found=site.found, file=_paper(), by=actor(site.guest), at=AT)


def _paper() -> KeptFile:
    return store_file(name="报告.pdf")


def test_round_is_judged_by_what_was_seen(site: Site) -> None:
    assert judge_round(site.found).outcome == Outcome.NOT_ENOUGH

    record(site, look(site, 1), look(site, 2, item=1))
    assert judge_round(site.found).outcome == Outcome.MET

    record(site, look(site, 3, item=1, result=FAULT))
    assert judge_round(site.found).outcome == Outcome.NOT_MET


@pytest.mark.parametrize(
    "fields",
    [
        {"result": FAULT, "note": ""},
        {"result": OK, "remedy": "修门"},
        {"result": OK, "remedied_on": date(2026, 9, 1)},
        {"result": FAULT, "note": "门坏", "remedied_on": date(2026, 9, 1)},
        {"result": OK, "received_at": NOW - timedelta(seconds=1)},
    ],
)
def test_database_refuses_a_check_that_can_not_be(site: Site, fields: dict[str, object]) -> None:
    values: dict[str, object] = {
        "source": site.shed,
        "item": site.items[0],
        "client_token": UUID(int=7),
        "checked_by": site.guest,
        "checked_at": NOW,
        "received_at": NOW,
    }
    with pytest.raises(IntegrityError), transaction.atomic():
        FugitiveCheck.objects.create(**{**values, **fields})
