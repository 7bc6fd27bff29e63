"""A file in a page: what is shown of each kind, safely, and that it is told to the trail."""

from collections.abc import Callable
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from tests.evidence import good_files as good
from tests.evidence.text import files
from tests.factories import NOW, Cast, ObligationFactory
from tests.factories.walks import store_file
from tests.web.conftest import BrowserOf
from tests.web.pages import text_of
from tracker.audit import Actor, Event, Verb
from tracker.demo.evidence_files import make_pdf
from tracker.evidence.attach import attach_evidence
from tracker.evidence.models import Evidence, FileText, ScanState, StoredFile, TextState
from tracker.evidence.reading import read_waiting
from tracker.evidence.submit import submit_evidence
from tracker.evidence.text import Fault
from tracker.tasks import read_files

pytestmark = pytest.mark.django_db

Lay = Callable[..., Evidence]
NASTY = '<script src="//elsewhere.example/x.js"></script><img src=x onerror=alert(1)>'


@pytest.fixture
def lay(world: Cast) -> Lay:
    def laid(name: str, content: bytes, *, read: bool = True) -> Evidence:
        attachment = attach_evidence(
            obligation=ObligationFactory.create(plant=world.plant),
            file=store_file(content, name=name),
            document_on=None,
            by=Actor(world.manager, "tests"),
            at=NOW,
        )
        if read:
            read_waiting(now=NOW)
        return attachment.evidence

    return laid


@pytest.fixture
def officer(world: Cast, browser_of: BrowserOf) -> Client:
    return browser_of(world.changji_officer)


def opened() -> list[dict[str, object]]:
    """What the trail says of files that were opened."""
    events = Event.objects.filter(verb=Verb.DOWNLOADED).order_by("sequence")
    return [event.after or {} for event in events]


@pytest.mark.parametrize(
    ("name", "make", "shown"),
    [
        ("台账.docx", files.document, "SNCR脱硝运行台账 喷氨量与氨逃逸 日期 氨水 2026-05-01 3.5"),
        ("台账.xlsx", files.workbook, "台账 日期 氨水（吨） 合格 2026-05-01 12 True 3.25 说明"),
        ("汇报.pptx", files.slides, "第二页 第十页"),
        ("发票.ofd", files.ofd, "电子发票 SNCR 氨水"),
        ("表.csv", lambda: '日期;值\n一日;"a;b"\n'.encode("gb18030"), "日期 值 一日 a;b"),
        ("记录.txt", lambda: "氨水\n台账".encode(), "氨水 台账"),
        ("包.zip", lambda: good.zipped({"照片/一.png": good.picture("PNG")}), "照片/一.png"),
    ],
)
def test_text_is_shown_and_told_to_the_trail(
    officer: Client, lay: Lay, name: str, make: Callable[[], bytes], shown: str
) -> None:
    evidence = lay(name, make())

    page = officer.get(reverse("evidence-preview", args=[evidence.pk]))

    assert shown in text_of(page)
    assert "Only the text is shown here" in text_of(page)
    assert opened() == [{"sha256": evidence.stored.sha256, "shown": "text"}]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("坏.txt", f"记录 {NASTY}".encode()),
        ("坏.csv", f"a,b\n{NASTY},2".encode()),
        ("坏.docx", files.document_of(f"<w:p><w:t>{NASTY.replace('<', '&lt;')}</w:t></w:p>")),
    ],
)
def test_nothing_of_a_file_acts_in_the_page(
    officer: Client, lay: Lay, name: str, content: bytes
) -> None:
    answer = officer.get(reverse("evidence-preview", args=[lay(name, content).pk]))
    page = answer.content.decode()

    assert "&lt;script src=" in page
    assert "<script" not in page
    assert "<img" not in page
    assert "script-src" not in answer["Content-Security-Policy"]
    assert answer["Content-Security-Policy"].startswith("default-src 'none'; ")
    assert answer["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("name", "make", "says"),
    [
        ("照片.heic", good.heic, "Browsers can't show HEIC pictures."),
        ("扫描.tiff", lambda: good.picture("TIFF"), "A page can't show this kind of file."),
        ("旧.doc", good.old_word, "A page can't show this kind of file."),
        ("空.txt", lambda: b"\n\n", "It holds no text that could be shown."),
    ],
)
def test_what_no_page_can_show_is_offered_to_keep(
    officer: Client, lay: Lay, name: str, make: Callable[[], bytes], says: str
) -> None:
    evidence = lay(name, make())
    page = officer.get(reverse("evidence-preview", args=[evidence.pk]))

    assert says in text_of(page)
    assert reverse("evidence-file", args=[evidence.pk]) in page.content.decode()
    assert opened() == []


def test_text_that_is_not_there_yet_or_never_will_be(officer: Client, lay: Lay) -> None:
    evidence = lay("记录.txt", b"x", read=False)
    address = reverse("evidence-preview", args=[evidence.pk])

    assert "Its text has not been read yet." in text_of(officer.get(address))
    FileText.objects.create(stored=evidence.stored, state=TextState.FAILED, fault=Fault.SLOW)
    assert "could not be read: it takes too long." in text_of(officer.get(address))


def test_long_text_says_that_it_is_the_beginning(officer: Client, lay: Lay) -> None:
    evidence = lay("长.csv", b"\n".join(b"%d,x" % number for number in range(900)))
    page = officer.get(reverse("evidence-preview", args=[evidence.pk]))

    assert "This is the beginning; the whole is in the file." in text_of(page)
    assert page.content.count(b"<tr>") == 200


def test_pdf_is_shown_by_the_browser_and_page_by_page(officer: Client, lay: Lay) -> None:
    evidence = lay("报告.pdf", make_pdf(1))
    address = reverse("evidence-preview", args=[evidence.pk])

    whole = officer.get(address).content.decode()
    pictures = officer.get(f"{address}?page=7").content.decode()

    assert f"{reverse('evidence-file', args=[evidence.pk])}?show#" in whole
    assert "page 1 of 1" in whole
    assert "<iframe" not in pictures
    assert reverse("evidence-page", args=[evidence.pk, 1]) in pictures
    assert opened() == []


def test_page_of_a_pdf_is_a_picture(officer: Client, lay: Lay) -> None:
    evidence = lay("报告.pdf", make_pdf(1))

    answer = officer.get(reverse("evidence-page", args=[evidence.pk, 1]))
    beyond = officer.get(reverse("evidence-page", args=[evidence.pk, 2]))

    assert Image.open(BytesIO(answer.content)).size == (1240, 1754)
    assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == ("image/png", "nosniff")
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["Cache-Control"] == "private, max-age=86400, immutable"
    assert beyond.status_code == 404
    assert opened() == [{"sha256": evidence.stored.sha256, "page": 1}]


def test_only_pdf_files_have_pages(officer: Client, lay: Lay) -> None:
    evidence = lay("台账.docx", files.document())

    assert officer.get(reverse("evidence-page", args=[evidence.pk, 1])).status_code == 404


def test_files_of_others_are_not_there(world: Cast, browser_of: BrowserOf, lay: Lay) -> None:
    evidence, stranger = lay("报告.pdf", make_pdf(1)), browser_of(world.other_manager)

    for name, arguments in (("preview", [evidence.pk]), ("page", [evidence.pk, 1])):
        assert stranger.get(reverse(f"evidence-{name}", args=arguments)).status_code == 404
    assert opened() == []


def test_desk_of_the_review_shows_the_text(world: Cast, officer: Client, lay: Lay) -> None:
    evidence = lay("台账.docx", files.document())
    owed = evidence.attachments.get().obligation
    submit_evidence(
        obligation=owed, note="", token=uuid4(), by=Actor(world.manager, "tests"), at=NOW
    )

    page = officer.get(reverse("review", args=[owed.pk]))

    assert "SNCR脱硝运行台账 喷氨量与氨逃逸" in text_of(page)
    assert opened() == [{"sha256": evidence.stored.sha256, "shown": "text"}]


def test_upload_asks_a_worker_to_read(
    world: Cast,
    browser_of: BrowserOf,
    django_capture_on_commit_callbacks: Callable[..., Any],
) -> None:
    owed = ObligationFactory.create(plant=world.plant)
    file = SimpleUploadedFile("记录.txt", b"x")

    with django_capture_on_commit_callbacks() as asked:
        browser_of(world.manager).post(
            reverse("obligation-upload", args=[owed.pk]), {"files": file}
        )

    assert [callback.args for callback in asked] == [(read_files,)]


@pytest.mark.parametrize("name", ["台账.txt", "报告.pdf"])
@pytest.mark.parametrize(
    "no_more",
    [{"scan_state": ScanState.QUARANTINED, "scan_found": "Eicar"}, {"disposed_at": NOW}],
    ids=["quarantined", "disposed of"],
)
def test_what_may_not_be_opened_any_more_is_not_shown(
    officer: Client, lay: Lay, name: str, no_more: dict[str, object]
) -> None:
    evidence = lay(name, make_pdf(1) if name.endswith("pdf") else "氨逃逸超标".encode())
    StoredFile.objects.update(**no_more)

    page = officer.get(reverse("evidence-preview", args=[evidence.pk]))
    picture = officer.get(reverse("evidence-page", args=[evidence.pk, 1]))
    found = officer.get(reverse("files"), {"q": "氨逃逸"})

    assert (page.status_code, picture.status_code) == (200, 404)
    assert "氨逃逸超标" not in text_of(page) + text_of(found)
    assert reverse("evidence-file", args=[evidence.pk]) not in page.content.decode()
    assert opened() == []
