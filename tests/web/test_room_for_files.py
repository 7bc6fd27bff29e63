"""A full disk and a plant's quota: said clearly, nothing half kept, nothing typed is lost."""

import os
import resource
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from tests.evidence.good_files import zipped
from tests.factories import NOW, Cast, ObligationFactory
from tests.factories.walks import attach, store_file
from tests.web.conftest import BrowserOf
from tests.web.pages import text_of
from tracker.audit import Actor
from tracker.evidence.attach import attach_evidence
from tracker.evidence.models import Evidence, StoredFile
from tracker.evidence.quota import QuotaExceeded
from tracker.obligations.models import Obligation, Relief

pytestmark = pytest.mark.django_db

MEGABYTE = 1024 * 1024
NO_ROOM = "There is no room left on the server: “大.txt” was not kept."
LARGE = b"0123456789abcde\n" * (3 * MEGABYTE // 16)


@pytest.fixture
def folder(settings: Settings, tmp_path: Path) -> Path:
    settings.FILES_DIR = tmp_path / "files"
    return tmp_path / "files"


@pytest.fixture
def owed(world: Cast) -> Obligation:
    return ObligationFactory.create(plant=world.plant)


def large(name: str = "大.txt", content: bytes = LARGE) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def address_of(owed: Obligation) -> str:
    return reverse("obligation-upload", args=[owed.pk])


def lying_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


@contextmanager
def files_end_at(size: int) -> Iterator[None]:
    """The system lets no file of this process grow any further."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.fixture
def full_disk(settings: Settings, tmp_path: Path) -> Iterator[Path]:
    """A disk of one megabyte, where one may make such a thing."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount, umount = shutil.which("mount"), shutil.which("umount")
    if os.geteuid() != 0 or mount is None or umount is None:
        pytest.skip("only root can mount a small disk")
    made = [mount, "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(disk)]
    if subprocess.run(made, check=False, capture_output=True).returncode != 0:
        pytest.skip("no disk can be mounted here")
    settings.FILES_DIR = disk
    yield disk
    subprocess.run([umount, str(disk)], check=True)


def test_full_disk_is_told_and_what_was_typed_stays(
    world: Cast, browser_of: BrowserOf, owed: Obligation, full_disk: Path
) -> None:
    fields = {"document_on": "2026-07-05", "expires_on": "2027-07-04"}

    answer = browser_of(world.manager).post(address_of(owed), {"files": large(), **fields})

    page = answer.content.decode()
    assert answer.status_code == 507
    assert NO_ROOM in page
    assert 'name="document_on" value="2026-07-05"' in page
    assert 'name="expires_on" value="2027-07-04"' in page
    assert not StoredFile.objects.exists()
    assert lying_in(full_disk) == []


def test_full_disk_in_chinese(
    world: Cast, browser_of: BrowserOf, owed: Obligation, full_disk: Path
) -> None:
    client = browser_of(world.manager, language="zh-hans")

    answer = client.post(address_of(owed), {"files": large()})

    assert answer.status_code == 507
    assert "服务器存储空间已满，“大.txt”没有保存。" in answer.content.decode()


def test_file_that_cannot_grow_is_told_in_the_fragment_and_the_rest_stays(
    world: Cast, browser_of: BrowserOf, owed: Obligation, folder: Path
) -> None:
    small = SimpleUploadedFile("小.txt", "氨水".encode())
    with files_end_at(MEGABYTE):
        answer = browser_of(world.manager, htmx=True).post(
            address_of(owed), {"files": [large(), small]}
        )

    assert answer.status_code == 507
    assert NO_ROOM in text_of(answer)
    assert [each.original_name for each in Evidence.objects.all()] == ["小.txt"]
    assert len(lying_in(folder)) == 1


def test_package_that_cannot_be_unpacked_for_want_of_room_is_not_called_damaged(
    world: Cast, browser_of: BrowserOf, owed: Obligation, folder: Path
) -> None:
    packed = zipped({"大.txt": LARGE})
    with files_end_at(MEGABYTE):
        answer = browser_of(world.manager).post(
            address_of(owed), {"files": large("包.zip", packed)}
        )

    assert answer.status_code == 507
    assert "“包.zip” was not kept." in answer.content.decode()
    assert lying_in(folder) == []


def test_request_for_relief_keeps_what_was_typed(
    world: Cast, browser_of: BrowserOf, owed: Obligation, folder: Path
) -> None:
    typed = {"kind": "waiver", "reason": "窑已停用", "token": str(uuid4())}
    with files_end_at(MEGABYTE):
        answer = browser_of(world.manager).post(
            reverse("relief-ask", args=[owed.pk]), {**typed, "papers": large()}
        )

    assert answer.status_code == 507
    assert NO_ROOM in answer.content.decode()
    assert "窑已停用" in answer.content.decode()
    assert not Relief.objects.exists()


@pytest.fixture
def nearly_full(world: Cast, settings: Settings, folder: Path) -> None:
    settings.PLANT_QUOTA_MB = 2
    attach_evidence(
        obligation=ObligationFactory.create(plant=world.plant),
        file=store_file(b"x" * (MEGABYTE - 1), name="旧.txt"),
        document_on=None,
        by=Actor(world.manager, "x"),
        at=NOW,
    )


def send(client: Client, owed: Obligation, content: bytes) -> str:
    answer = client.post(address_of(owed), {"files": large(content=content)}, follow=True)
    return text_of(answer)


@pytest.mark.usefixtures("nearly_full")
def test_quota_says_what_is_used_and_allowed(
    world: Cast, browser_of: BrowserOf, owed: Obligation, folder: Path
) -> None:
    page = send(browser_of(world.manager), owed, b"y" * (MEGABYTE + 100_000))

    assert (
        "The plant's files take 1.0 of 2 MB; there is no room for another 1.1 MB. "
        "Ask your administrator for more."
    ) in page
    assert not owed.attachments.exists()
    assert StoredFile.objects.count() == len(lying_in(folder)) == 1


@pytest.mark.usefixtures("nearly_full")
def test_same_bytes_need_no_room_and_what_fits_is_taken(
    world: Cast, browser_of: BrowserOf, owed: Obligation
) -> None:
    manager = browser_of(world.manager)

    send(manager, owed, b"x" * (MEGABYTE - 1))
    send(manager, owed, b"y" * (MEGABYTE - 1))

    assert owed.attachments.lying().count() == 2


@pytest.mark.usefixtures("nearly_full")
def test_quota_is_each_plants_own(world: Cast, browser_of: BrowserOf) -> None:
    elsewhere = ObligationFactory.create(plant=world.other_plant)

    send(browser_of(world.other_manager), elsewhere, b"y" * (MEGABYTE + 100_000))

    assert elsewhere.attachments.lying().count() == 1


@pytest.mark.usefixtures("nearly_full")
def test_room_that_somebody_took_meanwhile_is_not_given_twice(
    world: Cast, owed: Obligation
) -> None:
    files = [store_file(letter * (MEGABYTE - 1), name="新.txt") for letter in (b"y", b"z")]
    by = Actor(world.manager, "x")
    attach_evidence(obligation=owed, file=files[0], document_on=None, by=by, at=NOW)

    with pytest.raises(QuotaExceeded):
        attach_evidence(obligation=owed, file=files[1], document_on=None, by=by, at=NOW)

    assert owed.attachments.count() == 1


@pytest.mark.usefixtures("nearly_full")
def test_papers_of_a_request_count_together(
    world: Cast, browser_of: BrowserOf, owed: Obligation
) -> None:
    papers = [large(f"{n}.txt", bytes([65 + n]) * (MEGABYTE * 6 // 10)) for n in range(2)]
    typed = {"kind": "waiver", "reason": "窑已停用", "token": str(uuid4()), "papers": papers}

    answer = browser_of(world.manager).post(reverse("relief-ask", args=[owed.pk]), typed)

    assert answer.status_code == 422
    assert "there is no room for another 0.6 MB" in text_of(answer)
    assert not Relief.objects.exists()


def test_without_a_quota_everything_fits(
    world: Cast, browser_of: BrowserOf, owed: Obligation, folder: Path
) -> None:
    attach(ObligationFactory.create(plant=world.plant), world.manager)

    send(browser_of(world.manager), owed, LARGE)

    assert owed.attachments.lying().count() == 1
