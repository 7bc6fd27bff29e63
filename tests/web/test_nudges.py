"""Every door that keeps a file asks workers at once to scan and to read it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings as site
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from plants.models import Person
from tests.annexes.books import book
from tests.factories import Cast, ObligationFactory, RequirementFactory
from tests.web.annex_forms import HEADING
from tests.web.conftest import BrowserOf
from tests.web.pages import make_annex, make_correction
from tests.web.test_corrections import filled
from tests.web.test_reliefs import typed
from tracker.demo.evidence_files import make_pdf
from tracker.evidence.models import StoredFile
from tracker.evidence.types import EXCEL
from tracker.tasks import read_files, scan_files

pytestmark = pytest.mark.django_db

Ask = tuple[Person, str, dict[str, object]]


def pdf() -> SimpleUploadedFile:
    return SimpleUploadedFile("说明.pdf", make_pdf(3), "application/pdf")


def to_answer(world: Cast, _browser_of: BrowserOf) -> Ask:
    owed = ObligationFactory.create(plant=world.plant)
    return world.manager, reverse("obligation-upload", args=[owed.pk]), {"files": pdf()}


def to_ask_for_relief(world: Cast, _browser_of: BrowserOf) -> Ask:
    owed = ObligationFactory.create(plant=world.plant)
    form = typed(kind="waiver", new_due_on="", papers=[pdf()], token=str(uuid4()))
    return world.manager, reverse("relief-ask", args=[owed.pk]), form


def to_bring_an_annex(world: Cast, _browser_of: BrowserOf) -> Ask:
    plan = make_annex(world).document
    content = book(("附表", [HEADING, [world.plant.name_zh, "2027年底", None]]))
    file = SimpleUploadedFile("附表1.xlsx", content, EXCEL)
    form = {"document": plan.pk, "verification": "verified", "file": file}
    return world.region_officer, reverse("annex-upload"), form


def to_correct_a_rule(world: Cast, browser_of: BrowserOf) -> Ask:
    rule = RequirementFactory.create()
    form = filled(browser_of(world.region_officer), rule, clause="第六条")
    address = reverse("correction-apply", args=[rule.code])
    return world.region_officer, address, {**form, "scan": pdf()}


def to_take_a_correction_back(world: Cast, _browser_of: BrowserOf) -> Ask:
    correction = make_correction(RequirementFactory.create(), world.region_officer)
    address = reverse("correction-undo-apply", args=[correction.pk])
    return world.region_officer, address, {"source_note": "看错了一页", "scan": pdf()}


@pytest.mark.parametrize(
    "door",
    [
        to_answer,
        to_ask_for_relief,
        to_bring_an_annex,
        to_correct_a_rule,
        to_take_a_correction_back,
    ],
)
def test_workers_are_asked_to_scan_and_to_read_what_came_in(
    world: Cast,
    browser_of: BrowserOf,
    settings: Any,
    django_capture_on_commit_callbacks: Callable[..., Any],
    door: Callable[[Cast, BrowserOf], Ask],
) -> None:
    settings.CLAMD_URL = "tcp://127.0.0.1:1"
    person, address, form = door(world, browser_of)
    browser, before = browser_of(person), StoredFile.objects.count()

    with django_capture_on_commit_callbacks() as asked:
        answer = browser.post(address, form)

    assert answer.status_code == 302
    assert StoredFile.objects.count() == before + 1
    tasks = [callback.args for callback in asked if hasattr(callback, "args")]
    assert tasks == [(scan_files,), (read_files,)]


def test_form_without_a_file_asks_nobody(
    world: Cast,
    browser_of: BrowserOf,
    settings: Any,
    django_capture_on_commit_callbacks: Callable[..., Any],
) -> None:
    settings.CLAMD_URL = "tcp://127.0.0.1:1"
    for door, field in ((to_correct_a_rule, "scan"), (to_ask_for_relief, "papers")):
        person, address, form = door(world, browser_of)
        form.pop(field)

        with django_capture_on_commit_callbacks() as asked:
            assert browser_of(person).post(address, form).status_code == 302

        assert asked == []


def test_no_door_keeps_a_file_without_asking() -> None:
    views = (Path(site.BASE_DIR) / "tracker/web/views").glob("*.py")
    texts = {view.name: view.read_text() for view in views}
    keeping = {name for name, text in texts.items() if "incoming.keep" in text}

    assert {"annexes.py", "corrections.py", "evidence.py", "reliefs.py"} <= keeping
    assert {name for name in keeping if "nudge_after_files()" not in texts[name]} == set()
