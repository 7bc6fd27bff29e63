"""A phone that sends its list twice at once: each check is there once, and both are answered."""

import pytest

from tests.factories import NOW, Cast, cast
from tests.flows.test_races import at_once
from tests.rounds.fugitive.conftest import Site, make_site
from tests.rounds.fugitive.test_check import checks, look, record
from tests.rounds.transport.law import haul
from tests.rounds.transport.test_load import load
from tracker.audit import Event, broken_links
from tracker.rounds.fugitive.check import Recorded
from tracker.rounds.models import TransportMonth
from tracker.rounds.transport.load import LoadReport

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(transactional_db: None) -> Cast:
    """Threads have connections of their own: what they see is committed."""
    return cast()


@pytest.fixture
def site(world: Cast) -> Site:
    return make_site(world)


def test_list_sent_twice_at_once_is_there_once(site: Site) -> None:
    events = Event.objects.count()

    answers = at_once(*[lambda: record(site, look(site, 1), look(site, 2, item=1))] * 2)

    assert {type(answer) for answer in answers} == {Recorded}
    assert sorted(answer.there for answer in answers if isinstance(answer, Recorded)) == [0, 2]
    assert [token for token, _group, _result in checks()] == [1, 2]
    assert Event.objects.count() == events + 1
    assert broken_links(f"plant:{site.world.plant.pk}") == []


def test_ledger_loaded_twice_at_once_is_there_once(world: Cast) -> None:
    answers = at_once(*[lambda: load(world, haul(1), haul(2, month=NOW.date().replace(day=1)))] * 2)

    assert sorted(answer.added for answer in answers if isinstance(answer, LoadReport)) == [0, 2]
    assert TransportMonth.objects.count() == 2
