"""Uploads on their way take room: two at once don't get the same."""

from datetime import datetime, timedelta

import pytest
from django.conf import settings as site
from pytest_django import Settings

from tests.factories import NOW, Cast, ObligationFactory, cast
from tests.flows.test_races import at_once
from tracker.audit import Actor
from tracker.evidence.attach import OwnDates
from tracker.evidence.models import UnfinishedUpload
from tracker.evidence.partial import add_part, begin_upload, finish_upload, forget_upload
from tracker.evidence.quota import QuotaExceeded
from tracker.obligations.models import Obligation

pytestmark = pytest.mark.django_db(transaction=True)

MEGABYTE = 1024 * 1024
SIZE = MEGABYTE * 6 // 10
AFTER = NOW + timedelta(hours=site.UNFINISHED_UPLOAD_HOURS)


@pytest.fixture
def world(transactional_db: None, settings: Settings) -> Cast:
    settings.PLANT_QUOTA_MB = 1
    return cast()


@pytest.fixture
def owed(world: Cast) -> Obligation:
    return ObligationFactory.create(plant=world.plant)


def begin(owed: Obligation, world: Cast, at: datetime = NOW) -> UnfinishedUpload:
    return begin_upload(
        obligation=Obligation.objects.get(pk=owed.pk),
        name="a.txt",
        size_bytes=SIZE,
        dates=OwnDates(),
        by=Actor(world.manager, "tests"),
        at=at,
    )


def test_of_two_at_once_one_gets_the_room(world: Cast, owed: Obligation) -> None:
    outcomes = at_once(*[lambda: begin(owed, world)] * 2)

    assert {type(outcome) for outcome in outcomes} == {UnfinishedUpload, QuotaExceeded}
    assert UnfinishedUpload.objects.count() == 1


def test_upload_that_is_finished_does_not_stand_in_its_own_way(
    world: Cast, owed: Obligation
) -> None:
    upload = begin(owed, world)
    add_part(upload=upload, offset=0, chunks=[b"x" * SIZE], at=NOW)

    finish_upload(upload=upload, by=Actor(world.manager, "tests"), at=NOW)

    assert owed.attachments.count() == 1


def test_finished_upload_counts_once(world: Cast, owed: Obligation, settings: Settings) -> None:
    settings.PLANT_QUOTA_MB = 2
    upload = begin(owed, world)
    add_part(upload=upload, offset=0, chunks=[b"x" * SIZE], at=NOW)
    finish_upload(upload=upload, by=Actor(world.manager, "tests"), at=NOW)

    begin(owed, world)
    begin(owed, world)
    with pytest.raises(QuotaExceeded):
        begin(owed, world)


def test_room_comes_back_when_an_upload_is_cancelled_or_forgotten(
    world: Cast, owed: Obligation
) -> None:
    forget_upload(begin(owed, world))
    begin(owed, world)
    with pytest.raises(QuotaExceeded):
        begin(owed, world, at=AFTER - timedelta(seconds=1))

    begin(owed, world, at=AFTER)
