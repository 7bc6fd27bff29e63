"""One obligation: its law, its answer, its files going in and out."""

from datetime import date
from urllib.parse import quote
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests.factories import (
    TODAY,
    Cast,
    LimitFactory,
    ObligationFactory,
    RequirementFactory,
    attach,
    make_obligation_at,
)
from tests.web.conftest import BrowserOf
from tests.web.pages import content_of, text_of
from tracker.demo.evidence_files import make_pdf
from tracker.evidence.models import Attachment
from tracker.evidence.store import path_of
from tracker.obligations.models import Obligation, State


@pytest.fixture
def obligation(world: Cast) -> Obligation:
    return ObligationFactory.create(plant=world.plant)


def pdf(name: str = "监测报告.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, make_pdf(1))


def test_page_shows_law_and_answer(world: Cast, browser_of: BrowserOf) -> None:
    requirement = RequirementFactory.create(clause="二、（三）", verification="to_verify")
    LimitFactory.create(requirement=requirement, reference_oxygen_percent=10)
    obligation = ObligationFactory.create(
        plant=world.plant, requirement=requirement, due_on=TODAY.replace(day=21)
    )

    text = text_of(browser_of(world.manager).get(reverse("obligation", args=[obligation.pk])))

    for said in (
        "Lumps are kept in closed sheds, powders in silos.",
        "块状物料入棚，粉状物料入库。",
        "二、（三）",
        "to be verified",
        "≤ 10 mg/m³ at 10 % O₂ hourly mean",
        "It binds every plant.",
        "21 September 2026 20 days left",
        "The date that the example plan sets.",
        "Photos of the site",
        "Add at least one file first.",
    ):
        assert said in text


def test_reader_of_chinese_gets_chinese_dates(
    world: Cast, browser_of: BrowserOf, obligation: Obligation
) -> None:
    browser = browser_of(world.manager, language="zh-CN")

    text = text_of(browser.get(reverse("obligation", args=[obligation.pk])))

    assert "2026年9月21日 剩 20 天" in text


@pytest.mark.parametrize("files", [1, 3])
def test_page_asks_few_queries_however_many_files(
    world: Cast,
    browser_of: BrowserOf,
    django_assert_num_queries: object,
    obligation: Obligation,
    files: int,
) -> None:
    for number in range(files):
        attach(obligation, world.manager, name=f"报告{number}.pdf")
    browser = browser_of(world.manager)

    with django_assert_num_queries(10):  # type: ignore[operator]
        page = browser.get(reverse("obligation", args=[obligation.pk]))

    assert len(page.context["desk"].answer.files) == files


@pytest.mark.parametrize("count", [1, 3])
def test_list_asks_few_queries_however_long(
    world: Cast, browser_of: BrowserOf, django_assert_num_queries: object, count: int
) -> None:
    ObligationFactory.create_batch(count, plant=world.plant)
    browser = browser_of(world.manager)

    with django_assert_num_queries(5):  # type: ignore[operator]
        page = browser.get(reverse("obligations"))

    assert len(page.context["rows"]) == count


@pytest.mark.parametrize(
    ("query", "periods"),
    [
        ({}, ["2025", "2026", "2027"]),
        ({"state": "overdue"}, ["2025"]),
        ({"state": "due_soon"}, ["2026"]),
        ({"state": "owed", "part": "fugitive"}, ["2025", "2026", "2027"]),
        ({"part": "monitoring"}, []),
        ({"due": "2026-09-15"}, ["2026"]),
        ({"requirement": "dust"}, ["2025", "2026", "2027"]),
        ({"requirement": "other"}, []),
        ({"plant": "0"}, ["2025", "2026", "2027"]),
        ({"state": "nonsense", "due": "tomorrow"}, ["2025", "2026", "2027"]),
    ],
)
def test_list_is_filtered_by_its_address(
    world: Cast, browser_of: BrowserOf, query: dict[str, str], periods: list[str]
) -> None:
    dust = RequirementFactory.create(code="dust")
    for period, due in (("2025", 8), ("2026", 9), ("2027", 11)):
        ObligationFactory.create(
            plant=world.plant, requirement=dust, period=period, due_on=date(2026, due, 15)
        )

    page = browser_of(world.manager).get(reverse("obligations"), query)

    assert [row.period for row in page.context["rows"]] == periods


def test_upload_by_script_gets_the_files_and_the_button(
    world: Cast, browser_of: BrowserOf, obligation: Obligation
) -> None:
    browser = browser_of(world.manager, htmx=True)
    address = reverse("obligation-upload", args=[obligation.pk])

    answer = browser.post(address, {"files": [pdf()], "document_on": "2026-08-30"})

    page = answer.content.decode()
    assert answer.status_code == 200
    assert [f'id="{part}-{obligation.pk}"' in page for part in ("files", "send")] == [True, True]
    assert "disabled" not in page
    [attachment] = obligation.attachments.lying()
    assert attachment.evidence.document_on == date(2026, 8, 30)


def test_upload_by_script_names_what_was_refused(
    world: Cast, browser_of: BrowserOf, obligation: Obligation
) -> None:
    browser = browser_of(world.manager, htmx=True)
    wrong = SimpleUploadedFile("程序.pdf", b"MZ\x90\x00")

    answer = browser.post(
        reverse("obligation-upload", args=[obligation.pk]), {"files": [pdf(), wrong]}
    )

    assert answer.status_code == 422
    assert "“程序.pdf” is a program: programs are not taken." in text_of(answer)
    assert obligation.attachments.lying().count() == 1


def test_upload_without_script_comes_back_to_where_it_was(
    world: Cast, browser_of: BrowserOf, obligation: Obligation
) -> None:
    address = reverse("obligation-upload", args=[obligation.pk])

    answers = [
        browser_of(world.manager).post(address, {"files": [pdf()], "next": wanted}).url  # type: ignore[attr-defined]
        for wanted in ("/", "https://elsewhere.example/")
    ]

    assert answers == ["/", reverse("obligation", args=[obligation.pk])]


@pytest.mark.parametrize(
    ("day", "said"),
    [("yesterday", "must look like 2026-12-31"), ("9999-12-31", "This year can't be right.")],
)
def test_wrong_document_date_is_said(
    world: Cast, browser_of: BrowserOf, obligation: Obligation, day: str, said: str
) -> None:
    form = {"files": [pdf()], "document_on": day}

    answer = browser_of(world.manager, htmx=True).post(
        reverse("obligation-upload", args=[obligation.pk]), form
    )

    assert answer.status_code == 422
    assert said in text_of(answer)


def test_removed_file_leaves_the_list(
    world: Cast, browser_of: BrowserOf, obligation: Obligation
) -> None:
    attachment = attach(obligation, world.manager)
    address = reverse("obligation-remove-file", args=[obligation.pk, attachment.pk])

    answer = browser_of(world.manager, htmx=True).post(address)

    assert (answer.status_code, "监测报告.pdf" in answer.content.decode()) == (200, False)
    assert Attachment.objects.lying().count() == 0


def test_file_of_another_obligation_is_not_removed_here(
    world: Cast, browser_of: BrowserOf, obligation: Obligation
) -> None:
    elsewhere = attach(ObligationFactory.create(plant=world.plant), world.manager)
    address = reverse("obligation-remove-file", args=[obligation.pk, elsewhere.pk])

    assert browser_of(world.manager).post(address).status_code == 404
    assert Attachment.objects.lying().count() == 1


def test_submitted_answer_waits_and_shows_its_files(
    world: Cast, browser_of: BrowserOf, obligation: Obligation
) -> None:
    attach(obligation, world.manager)
    form = {"note": "请审核。", "token": str(uuid4())}

    page = browser_of(world.manager).post(
        reverse("obligation-submit", args=[obligation.pk]), form, follow=True
    )

    text = text_of(page)
    assert "Submitted for review: Enclose the stored materials" in text
    assert "nothing can be changed meanwhile" in text
    assert ("监测报告.pdf" in text, "请审核。" in text) == (True, True)


def test_note_that_is_too_long_is_kept(
    world: Cast, browser_of: BrowserOf, obligation: Obligation
) -> None:
    attach(obligation, world.manager)
    note = "长" * 2001

    answer = browser_of(world.manager).post(
        reverse("obligation-submit", args=[obligation.pk]), {"note": note, "token": str(uuid4())}
    )

    assert answer.status_code == 422
    assert "at most 2000 characters" in text_of(answer)
    assert note in answer.content.decode()


def test_officer_sees_the_way_to_the_review(world: Cast, browser_of: BrowserOf) -> None:
    waiting = make_obligation_at(State.SUBMITTED, plant=world.plant, manager=world.manager)
    address = reverse("obligation", args=[waiting.pk])

    found = [
        reverse("review", args=[waiting.pk]) in browser_of(who).get(address).content.decode()
        for who in (world.changji_officer, world.auditor, world.manager)
    ]

    assert found == [True, False, False]


def test_file_comes_down_under_its_own_name(
    world: Cast, browser_of: BrowserOf, obligation: Obligation
) -> None:
    name = '监测 报告"一".pdf'
    evidence = attach(obligation, world.manager, name=name).evidence

    answer = browser_of(world.auditor).get(reverse("evidence-file", args=[evidence.pk]))

    assert content_of(answer) == path_of(evidence.stored).read_bytes()
    assert answer["Content-Disposition"] == f"attachment; filename*=utf-8''{quote(name)}"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_same_bytes_come_down_as_what_each_name_says(
    world: Cast, browser_of: BrowserOf, obligation: Obligation
) -> None:
    browser = browser_of(world.manager)
    for name in ("台账.csv", "台账.txt"):
        table = SimpleUploadedFile(name, "日期,吨\n2026-01-01,3.5\n".encode())
        browser.post(reverse("obligation-upload", args=[obligation.pk]), {"files": [table]})

    answers = [
        browser.get(reverse("evidence-file", args=[file.evidence_id]))
        for file in obligation.attachments.lying()
    ]

    assert [answer["Content-Type"] for answer in answers] == ["text/csv", "text/plain"]
    assert content_of(answers[0]) == content_of(answers[1])


def test_only_harmless_kinds_are_shown_in_the_page(
    world: Cast, browser_of: BrowserOf, obligation: Obligation
) -> None:
    paper = attach(obligation, world.manager).evidence
    browser = browser_of(world.auditor)
    address = reverse("evidence-file", args=[paper.pk])

    shown = browser.get(address, {"show": ""})
    paper.media_type = "text/html"
    paper.save(update_fields=["media_type"])
    kept = browser.get(address, {"show": ""})

    kinds = [answer["Content-Disposition"].split(";")[0] for answer in (shown, kept)]
    frames = [answer["X-Frame-Options"] for answer in (shown, kept)]
    assert content_of(shown) == content_of(kept)
    assert (kinds, frames) == (["inline", "attachment"], ["SAMEORIGIN", "DENY"])


def test_file_that_is_gone_from_the_store_is_404(
    world: Cast, browser_of: BrowserOf, obligation: Obligation
) -> None:
    evidence = attach(obligation, world.manager).evidence
    path_of(evidence.stored).unlink()

    answer = browser_of(world.auditor).get(reverse("evidence-file", args=[evidence.pk]))

    assert answer.status_code == 404
