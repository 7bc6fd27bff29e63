"""A full disk under the database: told in the reader's language, and nothing half-stored."""

import errno
import sqlite3
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from tests.factories import Cast, ObligationFactory, make_obligation_at
from tests.full_database import full_database
from tests.rows import everything
from tests.web.conftest import BrowserOf
from tests.web.pages import text_of
from tracker.assessments.models import Comment
from tracker.audit import Event
from tracker.evidence.models import StoredFile, UnfinishedUpload
from tracker.obligations.models import Obligation, State
from tracker.web.faults import is_for_want_of_room

pytestmark = pytest.mark.django_db(transaction=True)

SENTENCE = (
    "There is no room left on the server: this wasn't done, and nothing was half-saved. "
    "Tell your administrator and try again later."
)


@pytest.fixture
def owed(crew: Cast) -> Obligation:
    return make_obligation_at(State.SUBMITTED, plant=crew.plant, manager=crew.manager)


@pytest.fixture
def asking(crew: Cast) -> Obligation:
    return ObligationFactory.create(plant=crew.plant)


def patient(client: Client) -> Client:
    """Shows the page of a fault, as a server does."""
    client.raise_request_exception = False
    return client


def comment(client: Client, owed: Obligation) -> Any:
    address = f"{reverse('obligation', args=[owed.pk])}comment/"
    return patient(client).post(address, {"token": str(uuid4()), "text": "第3页看不清。"})


def test_is_a_page_in_the_readers_language(
    crew: Cast, browser_of: BrowserOf, owed: Obligation
) -> None:
    english = browser_of(crew.changji_officer)
    chinese = browser_of(crew.changji_officer, language="zh-hans")
    with full_database(Comment):
        answers = [comment(client, owed) for client in (english, chinese)]

    assert [answer.status_code for answer in answers] == [507, 507]
    assert SENTENCE in text_of(answers[0])
    assert "服务器存储空间已满：这次操作没有完成，也没有只保存一部分。" in text_of(answers[1])
    assert answers[0].content.decode().startswith("<!doctype html>")


def test_is_a_note_for_htmx_above_what_was_typed(
    crew: Cast, browser_of: BrowserOf, owed: Obligation
) -> None:
    with full_database(Comment):
        answer = comment(browser_of(crew.changji_officer, htmx=True), owed)

    assert (answer.status_code, answer["HX-Retarget"]) == (507, "#notes")
    assert text_of(answer).strip() == SENTENCE


def test_what_was_written_before_the_full_table_goes_too(
    crew: Cast, browser_of: BrowserOf, owed: Obligation
) -> None:
    client, before = browser_of(crew.changji_officer), everything()
    with full_database(Event):
        answer = comment(client, owed)

    assert answer.status_code == 507
    assert everything() == before
    assert comment(client, owed).status_code == 302


def test_session_that_cannot_be_saved_is_told_too(crew: Cast, browser_of: BrowserOf) -> None:
    """The fault comes behind the view, where no middleware of ours would be asked about it."""
    crew.manager.set_password("demo-ULE-2024")
    crew.manager.save()
    typed = {"login": crew.manager.email, "password": "demo-ULE-2024"}
    client = patient(browser_of(None))
    with full_database(Session, deeds=("UPDATE",)):
        answer = client.post(reverse("sign-in"), typed)

    assert answer.status_code == 507
    assert SENTENCE in text_of(answer)


def test_file_without_a_row_is_not_kept(
    crew: Cast, browser_of: BrowserOf, asking: Obligation
) -> None:
    client, before = patient(browser_of(crew.manager)), everything()
    file = SimpleUploadedFile("说明.txt", "氨水".encode())
    with full_database(StoredFile):
        answer = client.post(reverse("obligation-upload", args=[asking.pk]), {"files": file})

    assert answer.status_code == 507
    after = everything()
    assert [path for path in after.pop("files") if path.is_file()] == before.pop("files")
    assert after == before


def test_upload_in_parts_is_told(crew: Cast, browser_of: BrowserOf, asking: Obligation) -> None:
    about = {"Tus-Resumable": "1.0.0", "Upload-Length": "9", "Upload-Metadata": "filename YS50eHQ="}
    client = patient(browser_of(crew.manager, htmx=True))
    with full_database(UnfinishedUpload):
        answer = client.post(
            reverse("upload-begin", args=[asking.pk]), content_type="", headers=about
        )

    assert answer.status_code == 507
    assert text_of(answer).strip() == SENTENCE


def test_every_other_fault_stays_what_it_is(
    crew: Cast, browser_of: BrowserOf, asking: Obligation, settings: Settings, tmp_path: Path
) -> None:
    (tmp_path / "file").write_bytes(b"")
    settings.FILES_DIR = tmp_path / "file"
    file = SimpleUploadedFile("说明.txt", "氨水".encode())

    client = patient(browser_of(crew.manager))
    answer = client.post(reverse("obligation-upload", args=[asking.pk]), {"files": file})

    assert answer.status_code == 500
    assert "出错了" in answer.content.decode()


def from_cause(fault: Exception, cause: Exception) -> Exception:
    fault.__cause__ = cause
    return fault


@pytest.mark.parametrize(
    ("fault", "is_full"),
    [
        (None, False),
        (OSError(errno.ENOSPC, "full"), True),
        (OSError(errno.EACCES, "not allowed"), False),
        (from_cause(ValueError(), OSError(errno.EDQUOT, "full")), True),
        (from_cause(OperationalError("database or disk is full"), sqlite3.Error()), False),
    ],
)
def test_the_first_cause_counts(fault: Exception | None, is_full: bool) -> None:
    assert is_for_want_of_room(fault) is is_full
