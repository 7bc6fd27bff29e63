"""The upload protocol, step by step: what a client may rely on, and what nobody gets by it."""

from base64 import b64encode
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as site
from django.test import Client
from django.urls import reverse
from pytest_django import Settings
from time_machine import TimeMachineFixture

from tests.factories import NOW, Cast, ObligationFactory, manager_of
from tests.factories.walks import attach, submit
from tests.web.conftest import BrowserOf
from tests.web.pages import content_of, text_of
from tracker.demo.evidence_files import make_pdf
from tracker.evidence.models import Evidence, StoredFile, UnfinishedUpload
from tracker.evidence.partial import MOST_OF_A_PERSON, sweep_uploads
from tracker.obligations.models import Obligation
from tracker.tasks import BEAT, read_files, scan_files

pytestmark = pytest.mark.django_db

MEGABYTE = 1024 * 1024
SPEAKS = {"Tus-Resumable": "1.0.0"}
PDF = make_pdf(1)
HALF = len(PDF) // 2
KEPT = timedelta(hours=site.UNFINISHED_UPLOAD_HOURS)
LATER = NOW + KEPT + timedelta(minutes=1)


@pytest.fixture
def owed(world: Cast) -> Obligation:
    return ObligationFactory.create(plant=world.plant)


@pytest.fixture
def client(world: Cast, browser_of: BrowserOf) -> Client:
    return browser_of(world.manager, htmx=True)


def metadata(**told: str) -> str:
    return ",".join(f"{key} {b64encode(value.encode()).decode()}" for key, value in told.items())


def begin(client: Client, owed: Obligation, size: int, name: str = "a.pdf", **told: str) -> Any:
    length = {"Upload-Length": str(size), "Upload-Metadata": metadata(filename=name, **told)}
    return client.post(
        reverse("upload-begin", args=[owed.pk]), content_type="", headers=SPEAKS | length
    )


def begun(client: Client, owed: Obligation, size: int = len(PDF), **told: str) -> str:
    answer = begin(client, owed, size, **told)
    assert answer.status_code == 201
    return str(answer["Location"])


def patch(client: Client, address: str, content: bytes, offset: object) -> Any:
    return client.patch(
        address,
        content,
        headers=SPEAKS | {"Upload-Offset": str(offset)},
        CONTENT_TYPE="application/offset+octet-stream",
    )


def left_behind() -> list[Path]:
    return list((Path(site.FILES_DIR) / "incoming").glob("*"))


def test_last_part_asks_workers_to_scan_and_to_read(
    client: Client,
    owed: Obligation,
    settings: Any,
    django_capture_on_commit_callbacks: Callable[..., Any],
) -> None:
    settings.CLAMD_URL = "tcp://127.0.0.1:1"
    address = begun(client, owed, name="报告.pdf")

    with django_capture_on_commit_callbacks() as asked:
        patch(client, address, PDF[:HALF], 0)
    assert asked == []
    with django_capture_on_commit_callbacks() as asked:
        patch(client, address, PDF[HALF:], HALF)

    assert [callback.args for callback in asked] == [(scan_files,), (read_files,)]


def test_server_says_what_it_can(client: Client, owed: Obligation) -> None:
    answer = client.options(reverse("upload-begin", args=[owed.pk]))

    assert answer.status_code == 204
    assert answer["Tus-Version"] == "1.0.0"
    assert answer["Tus-Extension"] == "creation,termination,expiration"
    assert answer["Tus-Max-Size"] == str(site.VIDEO_LIMIT_BYTES)


def test_file_in_two_parts_is_laid_there_as_if_it_came_at_once(
    client: Client, owed: Obligation, world: Cast
) -> None:
    address = begun(client, owed, name="监测 报告.pdf", document_on="2026-07-05")

    first = patch(client, address, PDF[:HALF], 0)
    there = client.head(address, headers=SPEAKS)
    last = patch(client, address, PDF[HALF:], HALF)

    assert (first.status_code, first["Upload-Offset"]) == (204, str(HALF))
    assert (there.status_code, there["Upload-Offset"]) == (200, str(HALF))
    assert (there["Upload-Length"], there["Cache-Control"]) == (str(len(PDF)), "no-store")
    assert there["Upload-Expires"] == "Thu, 03 Sep 2026 02:00:00 GMT"
    assert (last.status_code, last["Upload-Offset"]) == (204, str(len(PDF)))
    evidence = owed.attachments.lying().get().evidence
    assert (evidence.original_name, evidence.uploaded_by) == ("监测 报告.pdf", world.manager)
    assert str(evidence.document_on) == "2026-07-05"
    assert content_of(client.get(reverse("evidence-file", args=[evidence.pk]))) == PDF
    assert left_behind() == []


def test_answer_that_was_lost_can_be_asked_for_again(
    client: Client, owed: Obligation, world: Cast
) -> None:
    attach(ObligationFactory.create(plant=world.plant), world.manager)
    address = begun(client, owed)
    patch(client, address, PDF, 0)

    there, again = client.head(address, headers=SPEAKS), patch(client, address, b"", len(PDF))
    result = client.get(address)

    assert (there["Upload-Offset"], again.status_code) == (str(len(PDF)), 204)
    assert result.status_code == 200
    assert "“a.pdf” is taken. Its content is the same" in text_of(result)
    assert owed.attachments.count() == 1


def test_unfinished_upload_has_no_result(client: Client, owed: Obligation) -> None:
    assert client.get(begun(client, owed)).status_code == 409


@pytest.mark.parametrize(
    ("size", "name", "told", "status", "sentence"),
    [
        (0, "空.pdf", {}, 422, "“空.pdf” is empty (0 bytes)."),
        (51 * MEGABYTE, "a.pdf", {}, 413, "“a.pdf” has 51 MB; at most 50 MB are taken."),
        (201 * MEGABYTE, "a.mp4", {}, 413, "“a.mp4” has 201 MB; at most 200 MB are taken."),
        (9, "con.pdf", {}, 422, "Windows keeps the name “con.pdf” for itself"),
        (9, "a.pdf", {"document_on": "x"}, 422, "The date of the document must look like"),
        (
            9,
            "a.pdf",
            {"covers_from_on": "2026-02-01", "covers_to_on": "2026-01-01"},
            422,
            "would end before it begins",
        ),
    ],
)
def test_what_can_be_said_is_said_before_the_first_byte(
    client: Client,
    owed: Obligation,
    size: int,
    name: str,
    told: dict[str, str],
    status: int,
    sentence: str,
) -> None:
    answer = begin(client, owed, size, name=name, **told)

    assert (answer.status_code, sentence in text_of(answer)) == (status, True)
    assert not UnfinishedUpload.objects.exists()


def test_refusals_are_in_the_readers_language(
    world: Cast, owed: Obligation, browser_of: BrowserOf
) -> None:
    reader = browser_of(world.manager, language="zh-hans", htmx=True)

    assert "“空.pdf”是空文件（0 字节）。" in text_of(begin(reader, owed, 0, name="空.pdf"))


def test_quota_counts_at_the_beginning_and_at_the_end(
    client: Client, owed: Obligation, world: Cast, settings: Settings
) -> None:
    address = begun(client, owed)
    settings.PLANT_QUOTA_MB = 1
    other = ObligationFactory.create(plant=world.plant)
    attach(other, world.manager)
    StoredFile.objects.update(sha256="0" * 64, size_bytes=MEGABYTE)

    answers = [patch(client, address, PDF, 0), begin(client, owed, len(PDF))]

    assert [answer.status_code for answer in answers] == [422, 422]
    assert all("take 1.0 of 1 MB" in text_of(answer) for answer in answers)
    assert (owed.attachments.count(), left_behind()) == (0, [])


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 412),
        ({"Tus-Resumable": "0.2.2"}, 412),
        (SPEAKS, 400),
        (SPEAKS | {"Upload-Length": "-1"}, 400),
        (SPEAKS | {"Upload-Length": "9", "Upload-Metadata": "filename ?"}, 400),
        (SPEAKS | {"Upload-Defer-Length": "1"}, 400),
    ],
)
def test_beginning_that_is_not_understood(
    client: Client, owed: Obligation, headers: dict[str, str], status: int
) -> None:
    address = reverse("upload-begin", args=[owed.pk])

    assert client.post(address, content_type="", headers=headers).status_code == status


@pytest.mark.parametrize(
    ("offset", "content", "status"),
    [
        (0, b"x", 409),
        (HALF + 1, b"x", 409),
        ("", b"x", 400),
        ("x", b"x", 400),
        (HALF, b"x" * len(PDF), 413),
    ],
)
def test_part_that_does_not_fit_changes_nothing(
    client: Client, owed: Obligation, offset: object, content: bytes, status: int
) -> None:
    address = begun(client, owed)
    patch(client, address, PDF[:HALF], 0)

    assert patch(client, address, content, offset).status_code == status
    assert client.head(address, headers=SPEAKS)["Upload-Offset"] == str(HALF)


def test_part_of_another_media_type(client: Client, owed: Obligation) -> None:
    answer = client.patch(begun(client, owed), PDF, content_type="application/pdf", headers=SPEAKS)

    assert answer.status_code == 415


def test_upload_is_its_persons_alone(
    client: Client, owed: Obligation, world: Cast, browser_of: BrowserOf
) -> None:
    address = begun(client, owed)
    colleague = browser_of(manager_of(world.plant))

    statuses = [
        colleague.head(address, headers=SPEAKS).status_code,
        patch(colleague, address, PDF, 0).status_code,
        colleague.delete(address, headers=SPEAKS).status_code,
        colleague.get(address).status_code,
    ]

    assert statuses == [404] * 4
    assert UnfinishedUpload.objects.count() == 1


def test_nothing_is_taken_without_the_forms_token(world: Cast, owed: Obligation) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(world.manager)
    address = begun(_signed_in(world), owed)

    assert begin(strict, owed, 9).status_code == 403
    assert patch(strict, address, PDF, 0).status_code == 403
    assert strict.delete(address, headers=SPEAKS).status_code == 403


def _signed_in(world: Cast) -> Client:
    client = Client()
    client.force_login(world.manager)
    return client


def test_cancelled_upload_leaves_nothing(client: Client, owed: Obligation) -> None:
    address = begun(client, owed)
    patch(client, address, PDF[:HALF], 0)

    assert client.delete(address, headers=SPEAKS).status_code == 204
    assert client.head(address, headers=SPEAKS).status_code == 404
    assert patch(client, address, PDF[HALF:], HALF).status_code == 404
    assert (UnfinishedUpload.objects.count(), left_behind()) == (0, [])


def test_expired_upload_is_gone_and_swept(
    client: Client, owed: Obligation, time_machine: TimeMachineFixture
) -> None:
    address = begun(client, owed)
    patch(client, address, PDF[:HALF], 0)
    time_machine.move_to(LATER)

    assert client.head(address, headers=SPEAKS).status_code == 410
    assert patch(client, address, PDF[HALF:], HALF).status_code == 410
    assert sweep_uploads(now=LATER) == 1
    assert client.head(address, headers=SPEAKS).status_code == 404
    assert (UnfinishedUpload.objects.count(), left_behind()) == (0, [])


def test_each_part_gives_it_more_time(
    client: Client, owed: Obligation, time_machine: TimeMachineFixture
) -> None:
    address = begun(client, owed)
    time_machine.move_to(LATER - timedelta(minutes=2))
    patch(client, address, PDF[:HALF], 0)
    time_machine.move_to(LATER)

    assert sweep_uploads(now=LATER) == 0
    assert patch(client, address, PDF[HALF:], HALF).status_code == 204


def test_sweep_takes_what_broken_requests_left_and_keeps_what_is_answered(
    client: Client, owed: Obligation
) -> None:
    patch(client, begun(client, owed), PDF, 0)
    stray = Path(site.FILES_DIR) / "incoming" / "tmpabc"
    stray.write_bytes(b"x")

    later = NOW.replace(year=2100)
    assert sweep_uploads(now=later) == 2
    assert left_behind() == []
    assert owed.attachments.lying().count() == 1
    assert "tracker.sweep_uploads" in {each["task"] for each in BEAT.values()}


def test_only_the_newest_of_a_person_are_kept(client: Client, owed: Obligation) -> None:
    addresses = [begun(client, owed) for _ in range(MOST_OF_A_PERSON + 1)]

    assert client.head(addresses[0], headers=SPEAKS).status_code == 404
    assert client.head(addresses[1], headers=SPEAKS).status_code == 200


def test_wrong_content_is_refused_at_the_end(client: Client, owed: Obligation) -> None:
    address = begun(client, owed, size=9)

    answer = patch(client, address, b"no pdf at", 0)

    assert answer.status_code == 422
    assert "a.pdf" in text_of(answer)
    assert client.head(address, headers=SPEAKS).status_code == 404
    assert (Evidence.objects.count(), StoredFile.objects.count(), left_behind()) == (0, 0, [])


def test_obligation_that_was_submitted_meanwhile(
    client: Client, owed: Obligation, world: Cast
) -> None:
    address = begun(client, owed)
    submit(owed, world.manager)

    late = patch(client, address, make_pdf(1), 0)
    owed.refresh_from_db()
    new = begin(client, owed, 9)

    assert (late.status_code, new.status_code) == (422, 422)
    assert "nothing can be changed meanwhile" in text_of(late)
    assert owed.attachments.count() == 1


def test_proxy_that_knows_no_patch(client: Client, owed: Obligation) -> None:
    address = begun(client, owed)
    override = {"X-HTTP-Method-Override": "PATCH", "Upload-Offset": "0"}

    answer = client.post(
        address,
        PDF,
        content_type="application/offset+octet-stream",
        headers=SPEAKS | override,
    )
    read = client.get(address, headers=SPEAKS | {"X-HTTP-Method-Override": "DELETE"})

    assert (answer.status_code, read.status_code) == (204, 200)
    assert client.post(address, headers=SPEAKS).status_code == 405
