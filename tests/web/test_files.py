"""A plant's files in one list, a newer version, what a document says of itself, using it again."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from tests.factories import NOW, Cast, ObligationFactory, make_obligation_at
from tests.factories.walks import attach, quarantine, store_file
from tests.web.conftest import BrowserOf
from tests.web.pages import make_things, text_of
from tracker.audit import Actor
from tracker.demo.evidence_files import make_pdf
from tracker.evidence.attach import attach_evidence, remove_attachment
from tracker.evidence.models import Evidence, ReliefPaper
from tracker.evidence.reading import read_waiting
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


@pytest.fixture
def records(world: Cast) -> list[Evidence]:
    """Three plants' files; all but the last name the SNCR in their texts."""
    found: list[Evidence] = []
    for plant, manager, text in (
        (world.plant, world.manager, "窑尾SNCR脱硝 <b>氨逃逸</b>\n完"),
        (world.other_plant, world.other_manager, "SNCR 停用"),
        (world.plant, world.manager, "布袋除尘器"),
    ):
        owed = ObligationFactory.create(plant=plant)
        file = store_file(text.encode(), name=f"记录{len(found)}.txt")
        laid = attach_evidence(
            obligation=owed, file=file, document_on=None, by=Actor(manager, "x"), at=NOW
        )
        found.append(laid.evidence)
    read_waiting(now=NOW)
    return found


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=sncr", [1, 0]),
        ("q=SNCR+氨逃逸", [0]),
        ("q=sncr&plant=", [1, 0]),
        ("q=记录2", [2]),
        ("q=记录+sncr&kind=document", [1, 0]),
        ("q=sncr&kind=pdf", []),
        ("q=sncr&kind=nonsense", [1, 0]),
        ("q=%22%29+OR", []),
    ],
)
def test_officer_finds_every_file_that_names_it(
    world: Cast, browser_of: BrowserOf, records: list[Evidence], query: str, found: list[int]
) -> None:
    answer = browser_of(world.region_officer).get(reverse("files") + f"?{query}")

    assert [file for file, _line in answer.context["rows"]] == [records[n] for n in found]


def test_line_is_shown_escaped_with_the_hit_marked(
    world: Cast, manager: Client, records: list[Evidence]
) -> None:
    address = reverse("plant-files", args=[world.plant.pk])
    page = manager.get(f"{address}?q=氨逃逸").content.decode()

    assert "窑尾SNCR脱硝 &lt;b&gt;<mark>氨逃逸</mark>&lt;/b&gt;</span>" in page
    assert "布袋" not in page


def test_nobody_finds_what_she_may_not_see(
    world: Cast, browser_of: BrowserOf, records: list[Evidence]
) -> None:
    seen = {
        person: [
            file
            for file, _line in browser_of(person).get(reverse("files") + "?q=sncr").context["rows"]
        ]
        for person in (world.manager, world.other_manager, world.corps_officer)
    }

    assert list(seen.values()) == [[records[0]], [records[1]], []]


def test_plant_is_looked_for_by_its_name(
    world: Cast, browser_of: BrowserOf, records: list[Evidence]
) -> None:
    officer = browser_of(world.region_officer)
    rows = officer.get(reverse("files"), {"plant": world.other_plant.name_zh}).context["rows"]

    assert [file for file, _line in rows] == [records[1]]


def test_what_nobody_has_read_yet_is_said(world: Cast, manager: Client, owed: Obligation) -> None:
    attach(owed, world.manager, name="新.pdf")
    address = reverse("plant-files", args=[world.plant.pk])

    assert "1 file has not been read yet" in text_of(manager.get(f"{address}?q=x"))
    assert "not been read" not in text_of(manager.get(address))


@pytest.mark.parametrize("rows", [1, 5])
def test_search_asks_few_queries(
    world: Cast, manager: Client, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(rows):
        owed, text = ObligationFactory.create(plant=world.plant), f"第{number}号 SNCR".encode()
        attach_evidence(
            obligation=owed,
            file=store_file(text, name=f"{number}.txt"),
            document_on=None,
            by=Actor(world.manager, "x"),
            at=NOW,
        )
    read_waiting(now=NOW)

    with django_assert_num_queries(11):
        page = manager.get(reverse("plant-files", args=[world.plant.pk]) + "?q=SNCR")
    assert page.content.decode().count("<mark>") == rows


def test_quarantined_file_is_not_called_unread(world: Cast, manager: Client) -> None:
    owed = ObligationFactory.create(plant=world.plant)
    quarantine(attach(owed, world.manager).evidence.stored)

    page = text_of(manager.get(reverse("plant-files", args=[world.plant.pk]) + "?q=SNCR"))

    assert "has not been read yet" not in page
