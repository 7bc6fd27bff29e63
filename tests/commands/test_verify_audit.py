"""The command names what was done to the trail behind its back."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests.factories import NOW, PlantFactory
from tracker.audit import Actor, Event, Verb, record
from tracker.trail_guard import lifted_guard

pytestmark = pytest.mark.django_db


def test_command_names_the_broken_links() -> None:
    plants = [PlantFactory.create() for _ in range(2)]
    for plant in plants:
        for _ in range(2):
            record(by=Actor(None, "tests"), at=NOW, verb=Verb.CHANGED, thing=plant, plant=plant)
    said, complained = StringIO(), StringIO()
    call_command("verify_audit", stdout=said)
    with lifted_guard():
        Event.objects.get(plant=plants[1], sequence=2).delete()

    with pytest.raises(CommandError, match=r"1 of 2 chains are broken\."):
        call_command("verify_audit", stderr=complained)

    assert said.getvalue() == "2 chains are whole.\n"
    assert complained.getvalue() == f"plant:{plants[1].pk}: broken at 2\n"
