"""Taking a sealed package: who may, under which name, and what stands in the trail."""

import io
import json
import zipfile

import pytest
from django.urls import reverse

from tests.factories import NOW, Cast, ObligationFactory, PersonFactory, make_obligation_at
from tests.web.access_to_rounds import make_round
from tests.web.conftest import BrowserOf
from tests.web.pages import content_of, text_of
from tracker.audit import Actor, Event, Verb
from tracker.evidence.models import Evidence
from tracker.evidence.store import path_of
from tracker.obligations.models import State
from tracker.rounds.models import Body
from tracker.rounds.seating import give_seat

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


def test_rounds_package_is_for_who_works_with_the_whole_plant(
    world: Cast, browser_of: BrowserOf
) -> None:
    round_, guest = make_round(world), PersonFactory.create()
    give_seat(
        round_,
        person=guest,
        body=Body.MONITORING,
        organisation="示例检测公司",
        by=Actor(world.manager, "tests"),
        at=NOW,
    )
    address = reverse("round-package", args=[round_.pk])

    refused = browser_of(guest).post(address)
    answer = browser_of(world.region_officer, language="zh-CN").post(address)

    assert browser_of(guest).get(reverse("round", args=[round_.pk])).status_code == 200
    assert refused.status_code == 403
    with zipfile.ZipFile(io.BytesIO(content_of(answer))) as package:
        assert json.loads(package.read("manifest.json"))["round"]["number"] == round_.number
        assert "评估监测轮次封存包" in package.read("index.html").decode()
    event = Event.objects.get(verb=Verb.SEALED)
    assert (event.thing_kind, event.thing_id, event.plant) == ("round", round_.pk, world.plant)
