"""Bad input through the real doors: a clear sentence each time, nothing lost, never a 500."""

from pathlib import Path
from urllib.parse import unquote
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from plants.models import Person
from tests.evidence.good_files import document, workbook
from tests.factories import NOW, Cast, ObligationFactory, cast
from tracker import audit
from tracker.assessments.models import Decision, Review
from tracker.assessments.review import review_submission
from tracker.assessments.seen import digest_of
from tracker.evidence.models import Attachment, Evidence, Submission
from tracker.evidence.submit import submit_evidence
from tracker.evidence.types import EXCEL, WORD
from tracker.obligations.models import Obligation, State

pytestmark = pytest.mark.django_db

TEXT = "氨水台账".encode()
DOCUMENT = document()


@pytest.fixture
def world() -> Cast:
    return cast()


@pytest.fixture
def obligation(world: Cast) -> Obligation:
    return ObligationFactory.create(plant=world.plant)


def browser_of(person: Person) -> Client:
    client = Client(HTTP_ACCEPT_LANGUAGE="en")
    client.force_login(person)
    return client


def upload(client: Client, obligation: Obligation, *files: SimpleUploadedFile) -> str:
    """Send the files as a form without scripts does; the page that follows, as text."""
    address = reverse("obligation-upload", args=[obligation.pk])
    answer = client.post(address, {"files": list(files)}, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def names(obligation: Obligation) -> list[str]:
    return [attachment.evidence.original_name for attachment in obligation.attachments.lying()]


def submit_form(client: Client, obligation: Obligation, note: str, token: object) -> int:
    address = reverse("obligation-submit", args=[obligation.pk])
    return client.post(address, {"note": note, "token": str(token)}).status_code


def test_refused_file_is_named_with_the_reason_and_the_good_one_stays(
    world: Cast, obligation: Obligation
) -> None:
    page = upload(
        browser_of(world.manager),
        obligation,
        SimpleUploadedFile("台账.txt", TEXT),
        SimpleUploadedFile("空.pdf", b""),
        SimpleUploadedFile("病毒.pdf", b"MZ\x90\x00" + bytes(100)),
    )

    assert "“空.pdf” is empty (0 bytes)." in page
    assert "“病毒.pdf” is a program: programs are not taken." in page
    assert names(obligation) == ["台账.txt"]


def test_file_over_the_limit_is_refused(
    world: Cast, obligation: Obligation, settings: Settings
) -> None:
    settings.UPLOAD_LIMIT_BYTES = 1024 * 1024

    page = upload(
        browser_of(world.manager),
        obligation,
        SimpleUploadedFile("大文件.txt", b"x" * (1024 * 1024 + 1)),
    )

    assert "“大文件.txt” has 2 MB; at most 1 MB are taken." in page
    assert names(obligation) == []


@pytest.mark.parametrize(
    ("ending", "content_type", "content"),
    [(".txt", "text/plain", TEXT), (".xlsx", EXCEL, workbook()), (".docx", WORD, DOCUMENT)],
)
def test_name_of_300_characters_is_kept_to_the_letter(
    world: Cast, obligation: Obligation, ending: str, content_type: str, content: bytes
) -> None:
    long_name = "超" * (300 - len(ending)) + ending
    client = browser_of(world.manager)
    body = (
        f'--b\r\nContent-Disposition: form-data; name="files"; filename="{long_name}"\r\n'
        f"Content-Type: {content_type}\r\n\r\n".encode()
        + content
        + b"\r\n--b--\r\n"
    )

    client.generic(
        "POST",
        reverse("obligation-upload", args=[obligation.pk]),
        body,
        content_type="multipart/form-data; boundary=b",
    )

    assert names(obligation) == [long_name]
    evidence = Evidence.objects.get()
    download = client.get(reverse("evidence-file", args=[evidence.pk]))
    assert b"".join(download) == content
    assert download.headers["X-Content-Type-Options"] == "nosniff"


def test_two_files_of_one_name_are_both_kept(world: Cast, obligation: Obligation) -> None:
    upload(
        browser_of(world.manager),
        obligation,
        SimpleUploadedFile("台账.txt", TEXT),
        SimpleUploadedFile("台账.txt", TEXT + b"2"),
    )

    contents = {a.evidence.stored.sha256 for a in Attachment.objects.lying()}
    assert names(obligation) == ["台账.txt", "台账.txt"]
    assert len(contents) == 2


def test_form_without_a_file_says_so(world: Cast, obligation: Obligation) -> None:
    page = upload(browser_of(world.manager), obligation)

    assert "No file came with the form. Choose one first." in page


def test_form_sent_twice_counts_once(world: Cast, obligation: Obligation) -> None:
    client, token = browser_of(world.manager), uuid4()
    upload(client, obligation, SimpleUploadedFile("台账.txt", TEXT))

    statuses = [submit_form(client, obligation, "请审核", token) for _ in range(2)]

    assert statuses == [302, 302]
    assert Submission.objects.count() == 1


def test_form_that_is_late_keeps_the_note(world: Cast, obligation: Obligation) -> None:
    client = browser_of(world.manager)
    upload(client, obligation, SimpleUploadedFile("台账.txt", TEXT))
    submit_form(browser_of(world.group_manager), obligation, "集团已提交", uuid4())

    answer = client.post(
        reverse("obligation-submit", args=[obligation.pk]),
        {"note": "我写的说明", "token": str(uuid4())},
    )

    assert answer.status_code == 409
    assert "It has been submitted and waits for review" in answer.content.decode()
    assert Submission.objects.get().submitted_by == world.group_manager


@pytest.mark.parametrize("token", ["", "not-a-token", "0" * 400])
def test_wrong_token_is_refused_and_the_note_stays(
    world: Cast, obligation: Obligation, token: str
) -> None:
    client = browser_of(world.manager)
    upload(client, obligation, SimpleUploadedFile("台账.txt", TEXT))

    answer = client.post(
        reverse("obligation-submit", args=[obligation.pk]), {"note": "说明在此", "token": token}
    )

    assert answer.status_code == 422
    assert "说明在此" in answer.content.decode()
    assert Obligation.objects.get().state == State.OPEN


def test_stale_review_says_who_decided_and_keeps_the_reason(
    world: Cast, obligation: Obligation
) -> None:
    upload(browser_of(world.manager), obligation, SimpleUploadedFile("台账.txt", TEXT))
    submission = submit_evidence(
        obligation=Obligation.objects.select_related("plant").get(),
        note="",
        token=uuid4(),
        by=audit.Actor(world.manager, "tests"),
        at=NOW,
    )
    review_submission(
        submission=submission,
        decision=Decision.ACCEPT,
        reason="",
        by=audit.Actor(world.region_officer, "tests"),
        at=NOW,
    )

    answer = browser_of(world.changji_officer).post(
        reverse("review-decide", args=[obligation.pk]),
        {
            "submission": submission.pk,
            "seen": digest_of(submission),
            "decision": "return",
            "reason": "缺少第三页",
        },
    )

    page = answer.content.decode()
    assert answer.status_code == 409
    assert f"{world.region_officer.name} decided on this meanwhile: accepted." in page
    assert "缺少第三页" in page
    assert Review.objects.get().reviewed_by == world.region_officer


def test_token_of_another_form_does_no_harm(world: Cast, obligation: Obligation) -> None:
    client, token = browser_of(world.manager), uuid4()
    other = ObligationFactory.create(plant=world.plant)
    for each in (obligation, other):
        upload(client, each, SimpleUploadedFile("台账.txt", TEXT))

    statuses = [submit_form(client, each, "", token) for each in (obligation, other)]

    assert statuses == [302, 302]
    assert Submission.objects.count() == 2


def test_stranger_leaves_no_file_behind(obligation: Obligation, settings: Settings) -> None:
    addresses = [reverse("sign-in"), reverse("obligation-upload", args=[obligation.pk])]
    client = Client(HTTP_ACCEPT_LANGUAGE="en")

    answers = [
        client.post(a, {"files": SimpleUploadedFile("大.txt", b"x" * 100_000)}) for a in addresses
    ]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert not (Path(settings.FILES_DIR) / "incoming").exists()


@pytest.mark.parametrize("name", ["home", "plants", "admin:index", "sign-in"])
def test_nul_byte_is_turned_away(world: Cast, name: str) -> None:
    client = browser_of(world.administrator)

    in_query = client.get(reverse(name) + "?authority__tree__exact=%00")
    client.cookies["sessionid"] = "abcdefghij\0"
    in_cookie = client.get(reverse(name))

    assert (in_query.status_code, in_cookie.status_code) == (400, 400)


def test_wrong_decision_on_a_waiting_submission_decides_nothing(
    world: Cast, obligation: Obligation
) -> None:
    upload(browser_of(world.manager), obligation, SimpleUploadedFile("台账.txt", TEXT))
    submit_form(browser_of(world.manager), obligation, "", uuid4())
    submission = Submission.objects.get()
    officer = browser_of(world.changji_officer)
    address = reverse("review-decide", args=[obligation.pk])

    seen = {"submission": submission.pk, "seen": digest_of(submission)}

    answers = [
        officer.post(address, {**seen, "decision": decision, "reason": ""})
        for decision in ("burn", "", "return")
    ]

    assert [answer.status_code for answer in answers] == [422, 422, 422]
    assert Review.objects.count() == 0
    assert Obligation.objects.get().state == State.SUBMITTED


@pytest.mark.parametrize(
    "form",
    [
        {"submission": "abc", "decision": "accept"},
        {"submission": "1", "decision": "burn"},
        {"submission": "1", "seen": "zz", "decision": "accept"},
        {"submission": "99999999999999999999", "decision": "accept"},
        {"decision": "accept"},
        {},
    ],
)
def test_wrong_decision_form_is_refused(
    world: Cast, obligation: Obligation, form: dict[str, str]
) -> None:
    answer = browser_of(world.changji_officer).post(
        reverse("review-decide", args=[obligation.pk]), form
    )

    assert answer.status_code in (404, 422)
    assert Review.objects.count() == 0


@pytest.mark.parametrize(
    "query",
    [
        "?page=abc",
        "?page=-1",
        "?page=99999999999999999999",
        "?authority=nowhere&zone=nowhere&place=nowhere&kind=nothing&state=never&company=x",
        "?plant=abc&requirement=%00&due=yesterday&state=%F0%9F%92%A9",
        "?q=" + "%25" * 200,
        "?q=%00",
    ],
)
@pytest.mark.parametrize("name", ["plants", "obligations", "requirements", "home", "review-queue"])
def test_wrong_query_never_breaks_a_page(world: Cast, name: str, query: str) -> None:
    answer = browser_of(world.changji_officer).get(reverse(name) + query)

    assert answer.status_code in (200, 400)


@pytest.mark.parametrize("language", ["tlh", "", "zh-hans'; DROP TABLE", "中文"])
def test_unknown_language_leaves_the_page_as_it_is(world: Cast, language: str) -> None:
    client = browser_of(world.manager)

    answer = client.post(reverse("language"), {"language": language, "next": "/plants/"})

    assert (answer.status_code, answer.headers["Location"]) == (302, "/plants/")
    assert client.get("/plants/").status_code == 200


def test_unknown_browser_language_gets_chinese() -> None:
    page = Client(HTTP_ACCEPT_LANGUAGE="tlh,xx;q=0.5").get(reverse("sign-in"))

    assert page.headers["Content-Language"] == "zh-hans"


@pytest.mark.parametrize(
    "elsewhere",
    ["https://evil.example/", "//evil.example", "javascript:x", "plants", "foo", "obligation"],
)
def test_language_form_leads_nowhere_else(world: Cast, elsewhere: str) -> None:
    answer = browser_of(world.manager).post(
        reverse("language"), {"language": "en", "next": elsewhere}
    )

    assert answer.headers["Location"] == "/"


def test_deep_link_after_sign_out_leads_back_after_sign_in(
    world: Cast, obligation: Obligation
) -> None:
    client, deep = Client(), reverse("obligation", args=[obligation.pk])

    asked = client.get(deep)
    signed = client.post(
        asked.headers["Location"],
        {"login": " Manager@Demo.Example ", "password": "demo-ULE-2024", "next": deep},
    )

    assert unquote(asked.headers["Location"]) == f"{reverse('sign-in')}?next={deep}"
    assert (signed.status_code, signed.headers["Location"]) == (302, deep)


def test_form_without_csrf_token_is_refused_with_a_page(
    world: Cast, obligation: Obligation
) -> None:
    client = Client(enforce_csrf_checks=True, HTTP_ACCEPT_LANGUAGE="en")
    client.force_login(world.manager)

    answer = client.post(reverse("obligation-submit", args=[obligation.pk]), {"note": "x"})

    assert answer.status_code == 403
    assert "<h1" in answer.content.decode()


def test_broken_multipart_is_no_500(world: Cast, obligation: Obligation) -> None:
    answer = browser_of(world.manager).generic(
        "POST",
        reverse("obligation-upload", args=[obligation.pk]),
        b"--b\r\nContent-Disposition: form-data; name=files; filename=",
        content_type="multipart/form-data; boundary=b",
    )

    assert answer.status_code in (302, 400)
