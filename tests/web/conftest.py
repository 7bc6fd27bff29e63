"""A cast of people, each with a browser, on a fixed day."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.utils import translation
from time_machine import TimeMachineFixture

from plants.models import Line, Person
from tests.factories import (
    NOW,
    Cast,
    LimitFactory,
    ObligationFactory,
    PersonFactory,
    RequirementFactory,
    StopWindowFactory,
    cast,
)
from tests.openid import CLIENT_ID, CLIENT_SECRET, OpenIdServer, running_provider
from tracker.web.unread import unread_of

BrowserOf = Callable[..., Client]


@pytest.fixture(autouse=True)
def fixed_day(request: pytest.FixtureRequest, time_machine: TimeMachineFixture) -> None:
    """The doors read the clock: 1 September 2026, ten in the morning in Urumqi's legal time.

    A browser has a clock of its own: there the real day counts.
    """
    if request.node.get_closest_marker("browser") is None:
        time_machine.move_to(NOW)


@pytest.fixture
def world(db: None) -> Cast:
    return cast()


@pytest.fixture
def crew(transactional_db: None) -> Cast:
    """The cast where a live site can see it."""
    return cast()


@pytest.fixture
def browser_of(db: None) -> BrowserOf:
    """A signed-in browser: `browser_of(person, language="zh-CN", htmx=True)`."""

    def browser(person: Person | None, *, language: str = "en", htmx: bool = False) -> Client:
        client = Client(headers={"Accept-Language": language})
        if htmx:
            client.defaults["HTTP_HX_REQUEST"] = "true"
        if person is not None:
            client.force_login(person)
            # She has opened a page within the last minute: what is unread was counted then.
            unread_of(person)
        return client

    return browser


@pytest.fixture
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def line(world: Cast) -> Line:
    """The plant's line, with the winter's window, a deadline, and how long it has to run."""
    StopWindowFactory.create(place=world.plant.place)
    rule = RequirementFactory.create(part="assessment", title_en="Assess the plant")
    LimitFactory.create(
        requirement=rule, pollutant="steady running", value=1, unit="mo", verification="to_verify"
    )
    part = RequirementFactory.create(completes="organised", title_en="Complete a part")
    for owed in (rule, part):
        ObligationFactory.create(plant=world.plant, requirement=owed, due_on=date(2026, 12, 31))
    return world.plant.lines.get()


@pytest.fixture
def provider(settings: Any) -> Iterator[OpenIdServer]:
    """A provider of OpenID Connect that the site is set up with."""
    with running_provider() as server:
        settings.OIDC_ISSUER = server.issuer
        settings.OIDC_CLIENT_ID, settings.OIDC_CLIENT_SECRET = CLIENT_ID, CLIENT_SECRET
        yield server


@pytest.fixture
def vouched(db: None, provider: OpenIdServer) -> Person:
    """Somebody here whom the provider knows by the same address."""
    person: Person = PersonFactory.create(email="ma@demo.example")
    provider.email = person.email
    return person
