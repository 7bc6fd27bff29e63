"""Hostile and good files through the real form: a named reason or the file kept to the letter."""

from collections.abc import Callable
from html import unescape
from pathlib import Path

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from tests.evidence import good_files as good
from tests.evidence import pdf_files as pdfs
from tests.evidence.good_files import added, zipped
from tests.evidence.hostile import FILES
from tests.evidence.hostile.case import Hostile, relation
from tests.evidence.ole_files import ole
from tests.factories import Cast, ObligationFactory, cast
from tracker.evidence.models import Evidence, StoredFile
from tracker.evidence.store import path_of
from tracker.evidence.types.kinds import BY_ENDING
from tracker.obligations.models import Obligation

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore:Duplicate name"),
]
BOUNDARY = "b0undary"


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> Path:
    settings.FILES_DIR = tmp_path / "files"
    return tmp_path / "files"


@pytest.fixture
def world() -> Cast:
    return cast()


@pytest.fixture
def owed(world: Cast) -> Obligation:
    return ObligationFactory.create(plant=world.plant)


@pytest.fixture
def manager(world: Cast) -> Client:
    client = Client(HTTP_ACCEPT_LANGUAGE="en")
    client.force_login(world.manager)
    return client


def send(client: Client, owed: Obligation, *files: tuple[str, bytes]) -> HttpResponse:
    """The form as a browser sends it: names to the letter, whatever stands in them."""
    body = b"".join(
        (
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\n'
            "Content-Type: application/octet-stream\r\n\r\n"
        ).encode()
        + content
        + b"\r\n"
        for name, content in files
    )
    return client.post(
        reverse("obligation-upload", args=[owed.pk]),
        body + f"--{BOUNDARY}--\r\n".encode(),
        content_type=f"multipart/form-data; boundary={BOUNDARY}",
        follow=True,
    )  # type: ignore[return-value]


def lying_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.parametrize("hostile", FILES, ids=lambda hostile: hostile.title)
def test_hostile_file_is_refused_with_its_reason(
    manager: Client, owed: Obligation, folder: Path, hostile: Hostile
) -> None:
    answer = send(manager, owed, (hostile.name, hostile.make()))

    assert answer.status_code == 200
    assert hostile.sentence in unescape(answer.content.decode())
    assert not Evidence.objects.exists()
    assert not StoredFile.objects.exists()
    assert lying_in(folder) == []


def test_titles_are_different() -> None:
    assert len({hostile.title for hostile in FILES}) == len(FILES) >= 100


GOOD: list[tuple[str, Callable[[], bytes], str]] = [
    ("监测报告（2026年第一季度）.pdf", good.pdf, ".pdf"),
    ("只限打印.pdf", lambda: pdfs.half_sealed_pdf(b"<< /Type /Metadata >>"), ".pdf"),
    ("现场照片.PNG", lambda: good.picture("PNG"), ".png"),
    ("现场照片.jpg", lambda: good.picture("JPEG"), ".jpg"),
    ("渐进.jpeg", lambda: good.picture("JPEG", progressive=True), ".jpeg"),
    ("手机动态照片.jpg", lambda: good.picture("JPEG") + good.video(), ".jpg"),
    ("有损.webp", lambda: good.picture("WEBP"), ".webp"),
    ("无损.webp", lambda: good.picture("WEBP", lossless=True), ".webp"),
    ("苹果照片.heic", good.heic, ".heic"),
    ("苹果照片.heif", lambda: good.heic(brand=b"mif1"), ".heif"),
    ("扫描件.tif", good.scan_of_two_pages, ".tif"),
    ("扫描件.tiff", lambda: good.picture("TIFF"), ".tiff"),
    ("报告.docx", good.document, ".docx"),
    ("带链接.docx", lambda: relation(b"https://www.mee.gov.cn/", b"hyperlink"), ".docx"),
    (
        "本机模板.docx",
        lambda: relation(b"file:///C:\\Templates\\a.dotx", b"attachedTemplate"),
        ".docx",
    ),
    (
        "带公式.docx",
        lambda: added(
            good.document(), {"word/embeddings/oleObject1.bin": ole({"Equation Native": b"x"})}
        ),
        ".docx",
    ),
    (
        "带图表.docx",
        lambda: added(good.document(), {"word/embeddings/表.xlsx": good.workbook()}),
        ".docx",
    ),
    ("台账.xlsx", good.workbook, ".xlsx"),
    ("汇报.pptx", good.slides, ".pptx"),
    ("旧报告.doc", good.old_word, ".doc"),
    ("旧台账.xls", good.old_excel, ".xls"),
    ("旧汇报.ppt", good.old_powerpoint, ".ppt"),
    ("电子发票.ofd", good.ofd, ".ofd"),
    ("台账.csv", lambda: "日期,氨水（吨）\n2026-01-01,-3.5\n".encode("gb18030"), ".csv"),
    ("清单.csv", lambda: b"- a | b!\n-5 | 3\n", ".csv"),
    ("导出.csv", lambda: "日期\t氨水\n".encode("utf-16"), ".csv"),
    ("说明.txt", lambda: "\ufeff说明".encode(), ".txt"),
    ("比较.txt", lambda: "NOx < 50 且 <b 级>".encode(), ".txt"),
    ("附件.zip", lambda: zipped({"图/a.png": good.picture("PNG"), "说明.txt": b"1"}), ".zip"),
    (
        "苹果打包.zip",
        lambda: zipped({"a.txt": b"1", "__MACOSX/._a.txt": b"\0\x05\x16\x07" + bytes(20)}),
        ".zip",
    ),
    ("巡检.mp4", good.video, ".mp4"),
    ("巡检.MOV", lambda: good.video(b"qt  "), ".mov"),
    ("  前有空格.pdf", good.pdf, ".pdf"),
    ("🏭👩‍🔧 现场.pdf", good.pdf, ".pdf"),
    ("脱硝&amp;除尘 <1>.pdf", good.pdf, ".pdf"),
    ("程序.exe.pdf", good.pdf, ".pdf"),
    ("超" * 296 + ".pdf", good.pdf, ".pdf"),
]


@pytest.mark.parametrize(("name", "make", "ending"), GOOD, ids=[name[:20] for name, *_ in GOOD])
def test_good_file_is_kept_to_the_letter(
    manager: Client,
    owed: Obligation,
    folder: Path,
    name: str,
    make: Callable[[], bytes],
    ending: str,
) -> None:
    content = make()

    answer = send(manager, owed, (name, content))

    assert answer.status_code == 200
    evidence = Evidence.objects.get()
    assert (evidence.original_name, evidence.media_type) == (name, BY_ENDING[ending])
    assert path_of(evidence.stored).read_bytes() == content
    assert lying_in(folder) == [path_of(evidence.stored)]


def test_every_ending_has_a_good_file() -> None:
    assert {ending for _name, _make, ending in GOOD} == set(BY_ENDING)


@pytest.mark.parametrize(
    "sent", ["C:\\fakepath\\报告.pdf", "/home/x/报告.pdf", "../../报告.pdf", "..\\..\\报告.pdf"]
)
def test_folders_before_a_name_are_left_out(manager: Client, owed: Obligation, sent: str) -> None:
    send(manager, owed, (sent, good.pdf()))

    assert Evidence.objects.get().original_name == "报告.pdf"


def hostile(title: str) -> tuple[str, bytes]:
    found = next(each for each in FILES if each.title == title)
    return found.name, found.make()


@pytest.mark.parametrize(
    "titles",
    [
        ["Windows program as PDF"],
        ["cut PNG", "ZIP in a ZIP"],
        ["NUL in the name", "PDF with password", "empty PDF"],
        ["XML bomb in Word", "JavaScript in PDF"],
        ["program in a ZIP", "two dots", "ZIP behind a JPEG"],
        ["far template", "old Excel 4 macros"],
    ],
)
def test_good_files_of_a_mixed_upload_stay(
    manager: Client, owed: Obligation, folder: Path, titles: list[str]
) -> None:
    good_ones = [("一.pdf", good.pdf()), ("二.xlsx", good.workbook())]

    answer = send(manager, owed, good_ones[0], *map(hostile, titles), good_ones[1])

    page = unescape(answer.content.decode())
    assert all(each.sentence in page for each in FILES if each.title in titles)
    lying = owed.attachments.lying().values_list("evidence__original_name", flat=True)
    assert list(lying) == ["一.pdf", "二.xlsx"]
    assert len(lying_in(folder)) == 2


def test_form_says_beforehand_what_is_taken(
    manager: Client, owed: Obligation, settings: Settings
) -> None:
    settings.UPLOAD_LIMIT_MB, settings.VIDEO_LIMIT_MB = 31, 77

    page = unescape(manager.get(reverse("obligation", args=[owed.pk])).content.decode())

    assert "up to 31 MB each; short videos (MP4, MOV) up to 77 MB" in page
    assert "Without macros and passwords; in a ZIP the same kinds" in page


def test_video_may_be_larger_than_the_rest(
    manager: Client, owed: Obligation, settings: Settings
) -> None:
    settings.UPLOAD_LIMIT_BYTES, settings.VIDEO_LIMIT_BYTES = 1024, 4096
    content = good.video() + good.box(b"free", bytes(2000))

    answer = send(manager, owed, ("长.mp4", content), ("长.txt", b"x" * 2000))

    assert "“长.txt” has 1 MB" in unescape(answer.content.decode())
    assert [each.original_name for each in Evidence.objects.all()] == ["长.mp4"]
