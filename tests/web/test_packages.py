"""Taking a sealed package: who may, under which name, and what stands in the trail."""

import io
import json
import zipfile

import pytest
from django.urls import reverse

from tests.factories import Cast, ObligationFactory, make_obligation_at
from tests.web.conftest import BrowserOf
from tests.web.pages import content_of, text_of
from tracker.audit import Event, Verb
from tracker.evidence.models import Evidence
from tracker.evidence.store import path_of
from tracker.obligations.models import State

pytestmark = pytest.mark.django_db


def test_package_comes_under_the_plants_name_and_is_in_the_trail(
    world: Cast, browser_of: BrowserOf
) -> None:
    make_obligation_at(State.ACCEPTED, plant=world.plant, manager=world.manager)
    browser = browser_of(world.auditor, language="zh-CN")

    answer = browser.post(reverse("plant-package", args=[world.plant.pk]))

    with zipfile.ZipFile(io.BytesIO(content_of(answer))) as package:
        names = package.namelist()
        told = json.loads(package.read("manifest.json"))
    assert "filename*=utf-8''%E7%A4%BA%E4%BE%8B" in answer["Content-Disposition"]
    assert "files/0001 监测报告.pdf" in names
    assert told["made_by"] == world.auditor.name
    event = Event.objects.get(verb=Verb.SEALED)
    assert (event.person, event.plant) == (world.auditor, world.plant)
    assert event.after is not None
    assert event.after["files"] == 1


def test_button_is_there_for_who_may_take_it(world: Cast, browser_of: BrowserOf) -> None:
    owed = ObligationFactory.create(plant=world.plant)

    for address in (
        reverse("plant-files", args=[world.plant.pk]),
        reverse("obligation", args=[owed.pk]),
    ):
        page = browser_of(world.manager).get(address)

        assert f"{address.replace('files/', '')}package/" in page.content.decode()


def test_lost_file_is_said_and_nothing_is_sealed(world: Cast, browser_of: BrowserOf) -> None:
    owed = make_obligation_at(State.SUBMITTED, plant=world.plant, manager=world.manager)
    path_of(Evidence.objects.get().stored).unlink()

    page = browser_of(world.manager).post(
        reverse("obligation-package", args=[owed.pk]), follow=True
    )

    assert page.status_code == 409
    assert "is not in the store as it was uploaded" in text_of(page)
    assert not Event.objects.filter(verb=Verb.SEALED).exists()
