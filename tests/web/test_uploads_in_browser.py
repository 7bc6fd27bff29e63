"""Large files in a real browser: cut off in the middle and taken up again, cancelled, reloaded."""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings as site
from playwright.sync_api import CDPSession, Page, expect

from tests.browsers import NewPage
from tests.evidence.good_files import box, video
from tests.factories import Cast, ObligationFactory
from tests.web.pages import sign_in
from tracker.evidence.models import UnfinishedUpload
from tracker.evidence.partial import offset_of
from tracker.obligations.models import Obligation

pytestmark = [
    pytest.mark.browser,
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True),
]

MEGABYTE = 1024 * 1024
SPEED = 8 * MEGABYTE
CHOOSER = "form.drop input[type=file][multiple]"


@pytest.fixture
def film(tmp_path: Path) -> Path:
    path = tmp_path / "现场.mp4"
    path.write_bytes(video() + box(b"free", random.Random(1).randbytes(20 * MEGABYTE)))
    return path


@pytest.fixture
def owed(crew: Cast) -> Obligation:
    return ObligationFactory.create(plant=crew.plant)


@pytest.fixture
def page(crew: Cast, owed: Obligation, new_page: NewPage, live_server: object) -> Page:
    page = sign_in(new_page(width=360, locale="en"), crew.manager, live_server)
    page.goto(f"/obligations/{owed.pk}/")
    return page


@pytest.fixture
def network(page: Page) -> Iterator[Callable[..., None]]:
    """The browser's own network: so many bytes a second up, or none at all."""
    session: CDPSession = page.context.new_cdp_session(page)

    def condition(*, up: int = -1, offline: bool = False) -> None:
        told = {"offline": offline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": up}
        session.send("Network.emulateNetworkConditions", told)

    session.send("Network.enable")
    yield condition
    session.detach()


@contextmanager
def counted(page: Page) -> Iterator[list[int]]:
    """The bytes' offsets of the parts that the page sends meanwhile."""
    offsets: list[int] = []
    page.on(
        "request",
        lambda request: (
            offsets.append(int(request.headers["upload-offset"]))
            if request.method == "PATCH"
            else None
        ),
    )
    yield offsets


def choose_until_its_middle(page: Page, *files: Path) -> None:
    """Choose the files, and wait until the server has a part of the first one, but not all."""
    with page.expect_request(lambda request: int(request.headers.get("upload-offset", 0)) > 0):
        page.locator(CHOOSER).set_input_files([str(file) for file in files])
    assert 0 < offset_of(UnfinishedUpload.objects.get()) < 20 * MEGABYTE


def test_upload_goes_on_by_itself_when_the_network_is_back(
    page: Page, owed: Obligation, film: Path, network: Callable[..., None]
) -> None:
    network(up=SPEED)
    with counted(page) as offsets:
        choose_until_its_middle(page, film)
        network(offline=True)
        says = page.locator(".progress-list .says")
        expect(says).to_contain_text("the connection broke; it goes on by itself")
        network()

        expect(page.locator("main .file-list li")).to_have_count(1, timeout=30_000)

    assert offsets[0] == 0
    assert 0 not in offsets[1:]
    stored = owed.attachments.lying().get().evidence.stored
    assert stored.size_bytes == film.stat().st_size
    expect(page.locator(".progress-list li")).to_have_count(0)


def test_upload_goes_on_after_the_page_was_opened_again(
    page: Page, owed: Obligation, film: Path, network: Callable[..., None]
) -> None:
    network(up=SPEED)
    choose_until_its_middle(page, film)
    page.reload()
    network()

    with counted(page) as offsets:
        page.locator(CHOOSER).set_input_files(str(film))
        expect(page.locator("main .file-list li")).to_have_count(1, timeout=30_000)

    assert offsets[0] >= 8 * MEGABYTE
    assert UnfinishedUpload.objects.count() == owed.attachments.lying().count() == 1


def test_cancelled_upload_leaves_nothing_and_the_next_one_comes(
    page: Page, owed: Obligation, film: Path, tmp_path: Path, network: Callable[..., None]
) -> None:
    note = tmp_path / "说明.txt"
    note.write_text("说明")
    network(up=SPEED)
    choose_until_its_middle(page, film, note)
    expect(page.locator(".progress-list progress")).to_have_count(2)
    page.get_by_role("button", name="Cancel 现场.mp4").click()
    network()

    expect(page.locator("main .file-list li")).to_have_count(1)
    expect(page.locator(".progress-list li")).to_have_count(1)
    expect(page.locator(".progress-list li")).to_contain_text("cancelled; nothing of it is kept")
    expect(page.locator("main .file-list")).to_contain_text("说明.txt")
    assert not (UnfinishedUpload.objects.filter(attachment=None)).exists()
    assert list((Path(site.FILES_DIR) / "incoming").iterdir()) == []
