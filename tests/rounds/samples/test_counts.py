"""The number of samples asked: written with its source, changed in the trail."""

import pytest

from plants.verification import Verification
from tests.factories import NOW, Cast, DocumentFactory, PersonFactory, cast
from tests.rounds.samples.rounds import actor
from tracker.audit import Actor, Event, Verb
from tracker.rounds.models import SamplesAsked
from tracker.rounds.samples.counts import Count, ask_for_samples
from tracker.rounds.samples.reading import SamplesRefused

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Cast:
    return cast()


def test_written_changed_and_told(world: Cast) -> None:
    by, guide = actor(world.region_officer), DocumentFactory.create()

    ask_for_samples(count=Count(2, "kiln_tail", "PM"), by=by, at=NOW)
    settled = Count(3, "kiln_tail", "PM", guide, "四", Verification.VERIFIED)
    ask_for_samples(count=settled, by=by, at=NOW)
    row = ask_for_samples(count=settled, by=by, at=NOW)

    assert SamplesAsked.objects.count() == 1
    assert (row.fewest, row.document, row.clause, row.verification) == (
        3,
        guide,
        "四",
        Verification.VERIFIED,
    )
    changed, created = Event.objects.about(row)
    assert (created.verb, changed.verb) == (Verb.CREATED, Verb.CHANGED)
    assert changed.before is not None
    assert (changed.before["fewest"], changed.before["verification"]) == (2, "to_verify")


def test_verified_only_with_its_document(world: Cast) -> None:
    count = Count(3, verification=Verification.VERIFIED)

    with pytest.raises(SamplesRefused):
        ask_for_samples(count=count, by=actor(world.region_officer), at=NOW)

    assert not SamplesAsked.objects.exists()


def test_only_by_officers_on_top_of_a_tree(world: Cast) -> None:
    people = {**world.people, "nobody": PersonFactory.create()}

    for person in (*people.values(), None):
        if person != world.region_officer:
            with pytest.raises(SamplesRefused):
                ask_for_samples(count=Count(3), by=Actor(person, "x"), at=NOW)
    assert not SamplesAsked.objects.exists()
    ask_for_samples(count=Count(3), by=actor(world.region_officer), at=NOW)
    assert SamplesAsked.objects.exists()
