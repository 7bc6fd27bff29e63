"""A mail server that can refuse single addresses, and rows to be reminded of."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from aiosmtpd.controller import Controller

from plants.models import Person, Plant
from tests import mail
from tests.factories import NOW, TODAY, ObligationFactory, PlantFactory, manager_of, officer_of
from tests.ports import free_port
from tracker.assessments.models import Review
from tracker.evidence.models import Submission
from tracker.obligations.models import Obligation, State
from tracker.reminders.models import Reminder
from tracker.reminders.plan import plan_reminders
from tracker.reminders.send import SendReport, send_due


@dataclass
class PickyServer(mail.Server):
    """Answers for single addresses as told in ``refused``; is silent to those in ``stalled``."""

    refused: dict[str, str] = field(default_factory=dict)
    stalled: set[str] = field(default_factory=set)
    go_on: asyncio.Event = field(default_factory=asyncio.Event)
    connections: int = 0

    async def handle_EHLO(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if address in self.stalled:
            await self.go_on.wait()
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return mail.ACCEPTED

    @property
    def receivers(self) -> list[str]:
        return [str(message["To"]) for message in self.received]


@pytest.fixture
def server_class() -> type[PickyServer]:
    """What the server of ``smtp_server`` is; a module may have one of its own."""
    return PickyServer


@pytest.fixture
def smtp_server(settings: Any, server_class: type[PickyServer]) -> Iterator[PickyServer]:
    """A real SMTP server, as Django's mail server."""
    server = server_class(address=("127.0.0.1", free_port()))
    controller = Controller(server, *server.address)
    controller.start()
    settings.EMAIL_BACKEND = "tracker.reminders.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = server.address
    settings.EMAIL_TIMEOUT = 5
    yield server
    controller.loop.call_soon_threadsafe(server.go_on.set)
    controller.stop()


def due_in(days: int, **fields: Any) -> Obligation:
    return ObligationFactory.create(due_on=TODAY + timedelta(days=days), **fields)


def review_of(obligation: Obligation, submitter: Person, reason: str = "", days: int = 0) -> Review:
    """Returned where there is a reason, else accepted; ``days`` ago."""
    submission = Submission.objects.create(
        obligation=obligation,
        number=obligation.submissions.count() + 1,
        token=uuid4(),
        submitted_by=submitter,
        submitted_at=NOW - timedelta(days=days),
    )
    obligation.state = State.RETURNED if reason else State.ACCEPTED
    obligation.save(update_fields=["state"])
    return Review.objects.create(
        submission=submission,
        decision="return" if reason else "accept",
        reason=reason,
        reviewed_by=officer_of(obligation.plant.authority, name="王科长"),
        reviewed_at=NOW - timedelta(days=days),
    )


def plan(days: int = 0) -> None:
    later = timedelta(days=days)
    plan_reminders(today=TODAY + later, at=NOW + later)


def send(minutes: float = 0) -> SendReport:
    return send_due(now=NOW + timedelta(minutes=minutes))


def send_digests() -> SendReport:
    """The next morning's, of news that came in the course of today."""
    return send(minutes=22 * 60)


def states() -> list[str]:
    return list(Reminder.objects.order_by("obligation", "pk").values_list("state", flat=True))


@pytest.fixture
def plant() -> Plant:
    return PlantFactory.create()


@pytest.fixture
def manager(plant: Plant) -> Person:
    return manager_of(plant)
