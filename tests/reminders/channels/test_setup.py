"""Who sets up a channel, what is kept of it, and what the trail tells."""

import pytest

from plants.models import Authority, Person, Plant
from tests.factories import NOW, PlantFactory, administrator_of, officer_of
from tests.reminders.channels.conftest import HOOK, SECRET, make_channel
from tracker.audit import Actor, Event, Verb
from tracker.reminders.channels.addresses import BadAddress
from tracker.reminders.channels.lock import address_of, secret_of
from tracker.reminders.channels.setup import (
    EndedAlready,
    NotYours,
    end_channel,
    plan_test,
)
from tracker.reminders.models import Channel, ChannelPost

pytestmark = pytest.mark.django_db


def test_address_and_secret_lie_there_locked(channel: Channel) -> None:
    channel.refresh_from_db()
    kept = repr(vars(channel)) + repr(list(Event.objects.values()))

    assert SECRET not in kept
    assert "/ule?key=1" not in kept
    assert (address_of(channel), secret_of(channel)) == (f"https://{HOOK}/ule?key=1", SECRET)
    assert (channel.host, channel.ending) == (HOOK, SECRET[-4:])


def test_only_an_administrator_over_it_sets_one_up(plant: Plant) -> None:
    above, own = Authority.objects.get(code="region"), plant.authority
    elsewhere = PlantFactory.create(authority__code="region-tacheng").authority
    below = administrator_of(own)

    for person, scope in (
        (officer_of(own), plant),
        (administrator_of(elsewhere), plant),
        (below, above),
        (below, elsewhere),
    ):
        with pytest.raises(NotYours):
            make_channel(scope, person)
    assert Channel.objects.count() == 0
    assert make_channel(plant, below).scope == plant
    assert make_channel(own, administrator_of(above)).scope == own


def test_who_administers_what(plant: Plant, administrator: Person) -> None:
    own = make_channel(plant, administrator)
    county = make_channel(plant.authority, administrator)
    elsewhere = PlantFactory.create(authority__code="corps-08", place__code="shihezi")
    corps = administrator_of(Authority.objects.get(code="corps"))
    there = make_channel(elsewhere, corps)

    def seen_by(person: Person) -> set[Channel]:
        return set(Channel.objects.administered_by(person))

    assert seen_by(administrator) == {own, county}
    assert seen_by(administrator_of(plant.authority)) == {own, county}
    assert seen_by(corps) == {there}
    assert seen_by(officer_of(plant.authority)) == set()


def test_what_is_refused_leaves_nothing(plant: Plant, administrator: Person) -> None:
    with pytest.raises(BadAddress):
        make_channel(plant, administrator, address="https://127.0.0.1/")

    assert (Channel.objects.count(), Event.objects.count()) == (0, 0)


def test_each_deed_is_in_the_trail(channel: Channel, administrator: Person) -> None:
    by = Actor(administrator, "tests")
    plan_test(channel, by=by, at=NOW)

    end_channel(channel, by=by, at=NOW)

    told = Event.objects.order_by("pk").values_list("verb", "plant", "person")
    assert list(told) == [
        (verb, channel.plant_id, administrator.pk)
        for verb in (Verb.ADDED_CHANNEL, Verb.TESTED_CHANNEL, Verb.ENDED_CHANNEL)
    ]
    channel.refresh_from_db()
    assert (channel.ended_at, channel.ended_by) == (NOW, administrator)


def test_what_has_ended_stays_so(channel: Channel, administrator: Person) -> None:
    by = Actor(administrator, "tests")
    end_channel(channel, by=by, at=NOW)

    with pytest.raises(EndedAlready):
        end_channel(channel, by=by, at=NOW)
    channel.refresh_from_db()
    with pytest.raises(EndedAlready):
        plan_test(channel, by=by, at=NOW)

    assert ChannelPost.objects.count() == 0
    assert Event.objects.filter(verb=Verb.ENDED_CHANNEL).count() == 1
