"""The one door between states: compare-and-set, with an event, and one winner."""

import threading
from datetime import date

import pytest
from django.db import connection

from tests.factories import NOW, ObligationFactory
from tracker import audit
from tracker.obligations.models import DECIDED, OWED, Obligation, State
from tracker.obligations.states import NEXT, NoSuchMove, StaleState, move

BY = audit.Actor(None, "tests")


def submit(obligation: Obligation) -> None:
    move(obligation, to=State.SUBMITTED, verb=audit.Verb.SUBMITTED, by=BY, at=NOW)


def test_every_state_has_its_ways_and_a_decision_stands_while_its_evidence_holds() -> None:
    assert set(NEXT) == set(State.values)
    assert {state: NEXT[state] for state in DECIDED - {State.WITHDRAWN}} == {
        State.ACCEPTED: {State.OPEN, State.RETURNED},
        State.WAIVED: set(),
    }
    assert all(State.SUBMITTED in NEXT[state] for state in OWED)


@pytest.mark.django_db
def test_move_changes_the_state_and_records_it() -> None:
    obligation = ObligationFactory.create()

    submit(obligation)

    assert Obligation.objects.get().state == State.SUBMITTED
    event = audit.Event.objects.about(obligation).get()
    assert (event.verb, event.before, event.after) == (
        audit.Verb.SUBMITTED,
        {"state": "open"},
        {"state": "submitted"},
    )


@pytest.mark.django_db
def test_move_from_an_old_reading_is_stale_and_changes_nothing() -> None:
    obligation = ObligationFactory.create()
    old = Obligation.objects.get()
    submit(obligation)

    with pytest.raises(StaleState) as caught:
        move(old, to=State.WAIVED, verb=audit.Verb.MOVED, by=BY, at=NOW)

    assert caught.value.obligation.state == State.SUBMITTED
    assert audit.Event.objects.count() == 1


@pytest.mark.django_db
def test_move_without_a_way_is_a_fault() -> None:
    obligation = ObligationFactory.create()

    with pytest.raises(NoSuchMove):
        move(obligation, to=State.RETURNED, verb=audit.Verb.RETURNED, by=BY, at=NOW)


@pytest.mark.django_db(transaction=True)
def test_of_many_movers_at_once_exactly_one_wins() -> None:
    ObligationFactory.create()
    copies = [Obligation.objects.select_related("plant").get() for _ in range(6)]
    start, outcomes = threading.Barrier(len(copies)), []

    def race(obligation: Obligation) -> None:
        start.wait()
        try:
            submit(obligation)
            outcomes.append("won")
        except StaleState:
            outcomes.append("stale")
        finally:
            connection.close()

    threads = [threading.Thread(target=race, args=(copy,)) for copy in copies]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["stale"] * 5 + ["won"]
    assert audit.Event.objects.count() == 1


@pytest.mark.django_db
def test_most_pressing_is_what_was_returned_however_late_it_is_due() -> None:
    soon, late, later = (
        ObligationFactory.create(due_on=date(2026, month, 1)) for month in (9, 11, 12)
    )
    Obligation.objects.filter(pk=later.pk).update(state=State.RETURNED)

    assert list(Obligation.objects.owed().most_pressing_first()) == [later, soon, late]
