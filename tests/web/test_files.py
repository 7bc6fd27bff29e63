"""A plant's files in one list, a newer version, what a document says of itself, using it again."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from tests.factories import NOW, Cast, ObligationFactory, make_obligation_at
from tests.factories.walks import attach
from tests.web.conftest import BrowserOf
from tests.web.pages import make_things, text_of
from tracker.audit import Actor
from tracker.demo.evidence_files import make_pdf
from tracker.evidence.attach import remove_attachment
from tracker.evidence.models import Evidence, ReliefPaper
from tracker.obligations.models import Obligation, State

pytestmark = pytest.mark.django_db


@pytest.fixture
def owed(world: Cast) -> Obligation:
    return ObligationFactory.create(plant=world.plant)


@pytest.fixture
def manager(world: Cast, browser_of: BrowserOf) -> Client:
    return browser_of(world.manager)


def upload(client: Client, owed: Obligation, *, name: str = "报告.pdf", **fields: object) -> str:
    """Send it and read the obligation's page."""
    file = SimpleUploadedFile(name, make_pdf(1), "application/pdf")
    address = reverse("obligation-upload", args=[owed.pk])
    return text_of(client.post(address, {"files": file, **fields}, follow=True))


def test_page_shows_what_the_document_says_of_itself(manager: Client, owed: Obligation) -> None:
    page = upload(
        manager,
        owed,
        document_on="2026-07-05",
        covers_from_on="2026-04-01",
        covers_to_on="2026-06-30",
        expires_on="2027-07-04",
    )

    assert "dated 2026-07-05 · covers 2026-04-01 to 2026-06-30 · holds until 2027-07-04" in page
    assert Evidence.objects.get().covers_to_on == date(2026, 6, 30)


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"covers_from_on": "2026-04-02", "covers_to_on": "2026-04-01"}, "end before it begins"),
        ({"document_on": "2026-04-02", "expires_on": "2026-04-01"}, "before its own date"),
        ({"expires_on": "9999-12-31"}, "This year can't be right."),
        ({"replaces": "99999"}, "no such page"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_stored(
    manager: Client, owed: Obligation, fields: dict[str, str], says: str
) -> None:
    assert says in upload(manager, owed, **fields)
    assert not Evidence.objects.exists()


def test_newer_version_takes_the_place(manager: Client, owed: Obligation) -> None:
    upload(manager, owed, name="一版.pdf")
    first = owed.attachments.lying().get()

    page = upload(manager, owed, name="二版.pdf", replaces=first.pk)

    assert "二版.pdf" in page
    assert owed.attachments.lying().get().evidence.replaces == first.evidence
    listed = text_of(manager.get(reverse("plant-files", args=[owed.plant_id])))
    assert "一版.pdf not scanned a newer version came" in listed
    assert "Answers nothing now." in listed


def test_file_is_found_by_its_name_and_used_again(
    world: Cast, manager: Client, owed: Obligation
) -> None:
    other = ObligationFactory.create(plant=world.plant)
    evidence = attach(other, world.manager, name="SNCR氨水台账2026.pdf").evidence
    attach(other, world.manager, name="照片.pdf")
    address = reverse("plant-files", args=[world.plant.pk])

    found = text_of(manager.get(f"{address}?for={owed.pk}&q=2026 sncr"))
    used = manager.post(reverse("obligation-use-file", args=[owed.pk, evidence.pk]))

    assert "SNCR氨水台账2026.pdf" in found
    assert "照片.pdf" not in found
    assert found.count("Use it") == 1
    assert used.status_code == 302
    assert [a.evidence for a in owed.attachments.lying()] == [evidence]


def test_paper_of_a_request_names_the_request(world: Cast, manager: Client) -> None:
    relief = make_things(world).relief
    paper = attach(relief.obligation, world.manager, name="延期说明.pdf")
    remove_attachment(attachment=paper, by=Actor(world.manager, "x"), at=NOW)
    ReliefPaper.objects.create(relief=relief, evidence=paper.evidence)

    page = manager.get(reverse("plant-files", args=[world.plant.pk]) + "?q=延期说明")

    assert reverse("relief", args=[relief.pk]) in page.content.decode()
    assert "Answers nothing now." not in text_of(page)


def test_pages_of_files_keep_what_they_are_looked_for(
    world: Cast, manager: Client, owed: Obligation
) -> None:
    laid = attach(ObligationFactory.create(plant=world.plant), world.manager).evidence
    Evidence.objects.bulk_create(
        Evidence(
            plant=world.plant,
            stored=laid.stored,
            original_name=f"{number}.pdf",
            media_type=laid.media_type,
            uploaded_by=world.manager,
            uploaded_at=laid.uploaded_at,
        )
        for number in range(60)
    )

    first = manager.get(reverse("plant-files", args=[world.plant.pk]) + f"?for={owed.pk}&q=pdf")

    following = f"q=pdf&amp;for={owed.pk}&amp;page=2"
    assert following in first.content.decode()


def test_who_can_only_look_and_what_is_settled_have_no_button(
    world: Cast, browser_of: BrowserOf, manager: Client, owed: Obligation
) -> None:
    attach(owed, world.manager)
    settled = make_obligation_at(State.ACCEPTED, plant=world.plant, manager=world.manager)
    address = reverse("plant-files", args=[world.plant.pk])

    officer = browser_of(world.changji_officer).get(f"{address}?for={owed.pk}")
    after = manager.get(f"{address}?for={settled.pk}")
    refused = manager.post(
        reverse("obligation-use-file", args=[settled.pk, Evidence.objects.order_by("pk")[0].pk])
    )

    assert "Use it" not in text_of(officer)
    assert "Use it" not in text_of(after)
    assert refused.status_code == 409


def test_file_of_another_plant_is_nobodys(world: Cast, manager: Client, owed: Obligation) -> None:
    elsewhere = attach(ObligationFactory.create(plant=world.other_plant), world.other_manager)

    answer = manager.post(reverse("obligation-use-file", args=[owed.pk, elsewhere.evidence_id]))

    assert answer.status_code == 404
    assert not owed.attachments.exists()


@pytest.mark.parametrize("rows", [1, 5])
def test_list_asks_few_queries(
    world: Cast, manager: Client, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(rows):
        attach(ObligationFactory.create(plant=world.plant), world.manager, name=f"{number}.pdf")

    with django_assert_num_queries(8):
        manager.get(reverse("plant-files", args=[world.plant.pk]))
