"""A virus in a plant's file is told, once, to whoever answers for the plant."""

import pytest

from tests.clamd import EICAR, VIRUS, running_clamd
from tests.factories import NOW, Cast, ObligationFactory, cast
from tests.factories.walks import store_file
from tests.mail import plain
from tests.reminders.conftest import PickyServer, send
from tracker.audit import Actor
from tracker.evidence.attach import attach_evidence
from tracker.evidence.scanner import Clamd
from tracker.evidence.scanning import scan_waiting
from tracker.reminders.changes import plan_changes

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Cast:
    return cast()


def test_finding_is_told_to_the_plant(world: Cast, smtp_server: PickyServer) -> None:
    obligation = ObligationFactory.create(plant=world.plant)
    attach_evidence(
        obligation=obligation,
        file=store_file(EICAR, name="说明.txt"),
        document_on=None,
        by=Actor(world.manager, "tests"),
        at=NOW,
    )
    with running_clamd() as url:
        assert scan_waiting(Clamd(url), clock=lambda: NOW)

    assert plan_changes(at=NOW) == 2
    send()
    plan_changes(at=NOW)
    send()

    assert sorted(smtp_server.receivers) == [world.group_manager.email, world.manager.email]
    [mail, _other] = smtp_server.received
    assert "您提交的文件中发现病毒" in plain(mail)
    assert f"说明.txt: {VIRUS}" in plain(mail)
