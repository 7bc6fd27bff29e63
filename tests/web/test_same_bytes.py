"""The same bytes again: a hint for the plant that has them, and not a word to any other."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories import Cast, ObligationFactory
from tests.factories.walks import attach, submit
from tests.web.conftest import BrowserOf
from tests.web.pages import text_of
from tracker.audit import Actor
from tracker.demo.evidence_files import make_pdf
from tracker.evidence.attach import attach_again, remove_attachment
from tracker.evidence.models import StoredFile
from tracker.obligations.models import Obligation

pytestmark = pytest.mark.django_db

HINT = "Its content is the same as what already answers"


@pytest.fixture
def owed(world: Cast) -> Obligation:
    return ObligationFactory.create(plant=world.plant)


@pytest.fixture
def manager(world: Cast, browser_of: BrowserOf) -> Client:
    return browser_of(world.manager)


def upload(client: Client, owed: Obligation, name: str = "又一份.pdf") -> str:
    file = SimpleUploadedFile(name, make_pdf(1), "application/pdf")
    address = reverse("obligation-upload", args=[owed.pk])
    return text_of(client.post(address, {"files": file}, follow=True))


def test_hint_names_where_the_plant_answers_with_it(
    world: Cast, manager: Client, owed: Obligation
) -> None:
    earlier = ObligationFactory.create(plant=world.plant)
    submit(earlier, world.manager)

    page = upload(manager, owed)

    assert f"“又一份.pdf” is taken. {HINT} {earlier}." in page
    assert owed.attachments.lying().count() == 1


def test_hint_comes_with_the_fragment(world: Cast, browser_of: BrowserOf, owed: Obligation) -> None:
    earlier = ObligationFactory.create(plant=world.plant)
    attach(earlier, world.manager)
    file = SimpleUploadedFile("又一份.pdf", make_pdf(1))

    answer = browser_of(world.manager, htmx=True).post(
        reverse("obligation-upload", args=[owed.pk]), {"files": file}
    )

    assert answer.status_code == 200
    assert f"{HINT} {earlier}." in text_of(answer)


def test_same_file_under_another_name_at_the_same_place(manager: Client, owed: Obligation) -> None:
    upload(manager, owed, "一.pdf")

    assert f"{HINT} {owed}." in upload(manager, owed, "二.pdf")


def test_no_hint_for_what_lies_nowhere_any_more(
    world: Cast, manager: Client, owed: Obligation
) -> None:
    wrong = attach(ObligationFactory.create(plant=world.plant), world.manager)
    remove_attachment(attachment=wrong, by=Actor(world.manager, "x"), at=wrong.evidence.uploaded_at)

    assert HINT not in upload(manager, owed)


def test_hint_knows_a_file_that_was_used_again(
    world: Cast, manager: Client, owed: Obligation
) -> None:
    first = attach(ObligationFactory.create(plant=world.plant), world.manager)
    again = ObligationFactory.create(plant=world.plant)
    by, at = Actor(world.manager, "x"), first.evidence.uploaded_at
    attach_again(obligation=again, evidence=first.evidence, by=by, at=at)

    assert f"{HINT} {again}; {first.obligation}." in upload(manager, owed)


def test_other_plants_files_change_neither_a_word_nor_a_query(world: Cast, manager: Client) -> None:
    """The same page and as many queries, whether nobody or another plant has the bytes."""
    submit(ObligationFactory.create(plant=world.other_plant), world.other_manager)
    owed = ObligationFactory.create(plant=world.plant, period="2026-1")
    twin = ObligationFactory.create(
        plant=world.plant, requirement=owed.requirement, period="2026-2"
    )
    pages, counts = [], []
    # The first opens the plant's trail and warms what is kept in memory.
    warm = ObligationFactory.create(plant=world.plant)
    for obligation, number in ((warm, 3), (owed, 2), (twin, 1)):
        file = SimpleUploadedFile("甲.pdf", make_pdf(number), "application/pdf")
        with CaptureQueriesContext(connection) as asked:
            address = reverse("obligation-upload", args=[obligation.pk])
            answer = manager.post(address, {"files": file}, follow=True)
        pages.append(re.sub(r"\d+", "0", text_of(answer)))
        counts.append(len(asked))

    assert StoredFile.objects.count() == 3
    assert pages[1] == pages[2]
    assert counts[1] == counts[2]
