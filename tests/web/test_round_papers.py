"""Papers of a round's step: brought by the plant and its bodies, opened by who sees the round."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests.factories.walks import quarantine
from tests.rounds.walks import Scene, scene
from tests.web.conftest import BrowserOf
from tests.web.pages import text_of
from tracker.audit import Event, Verb
from tracker.demo.evidence_files import make_pdf
from tracker.evidence.models import Evidence
from tracker.rounds.models import Round, RoundPaper
from tracker.web.forms.rounds import stamp_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def walked(db: None) -> Scene:
    return scene()


def upload(browser: Any, round_: Round, *names: str, content: bytes | None = None) -> Any:
    bytes_ = make_pdf(1) if content is None else content
    files = [SimpleUploadedFile(name, bytes_) for name in names]
    fields = {"seen": stamp_of(Round.objects.get(pk=round_.pk)), "files": files}
    return browser.post(reverse("round-paper-add", args=[round_.pk]), fields)


def address_of(paper: RoundPaper) -> str:
    return reverse("round-paper", args=[paper.step.round_id, paper.pk])


def test_body_brings_a_paper_that_those_of_the_round_open(
    walked: Scene, browser_of: BrowserOf
) -> None:
    browser = browser_of(walked.people["assessor"])

    assert upload(browser, walked.round, "监测方案.pdf").status_code == 302
    upload(browser, walked.round, "监测方案.pdf")

    paper = RoundPaper.objects.get()
    assert paper.step == walked.round.steps.get()
    assert (paper.evidence.plant, paper.evidence.uploaded_by) == (
        walked.plant,
        walked.people["assessor"],
    )
    assert "监测方案.pdf" in text_of(browser.get(reverse("round", args=[walked.round.pk])))
    for who, status in {"assessor": 200, "manager": 200, "officer": 200, "stranger": 404}.items():
        answer: Any = browser_of(walked.people[who]).get(address_of(paper))
        assert (who, answer.status_code) == (who, status)
        if status == 200:
            assert b"".join(answer.streaming_content) == make_pdf(1)
    assert Event.objects.filter(verb=Verb.DOWNLOADED).count() == 3
    # Among the plant's files she sees nothing.
    assert not Evidence.objects.visible_to(walked.people["assessor"]).exists()


def test_paper_with_a_virus_opens_for_nobody(walked: Scene, browser_of: BrowserOf) -> None:
    upload(browser_of(walked.people["manager"]), walked.round, "报告.pdf")
    paper = RoundPaper.objects.get()
    quarantine(paper.evidence.stored)

    for who in ("manager", "assessor", "officer"):
        assert browser_of(walked.people[who]).get(address_of(paper)).status_code == 403
    page = browser_of(walked.people["manager"]).get(reverse("round", args=[walked.round.pk]))
    assert address_of(paper) not in page.content.decode()


def test_what_is_refused_is_named_and_the_rest_stays(walked: Scene, browser_of: BrowserOf) -> None:
    browser = browser_of(walked.people["manager"])

    none = upload(browser, walked.round)
    wrong = upload(browser, walked.round, "方案.pdf", "方案.exe")

    assert (none.status_code, wrong.status_code) == (422, 422)
    assert "No file came with the form" in text_of(none)
    assert "方案.exe" in text_of(wrong)
    assert [paper.evidence.original_name for paper in RoundPaper.objects.all()] == ["方案.pdf"]


def test_it_stays_with_its_step_and_is_seen_while_the_seat_stands(
    walked: Scene, browser_of: BrowserOf
) -> None:
    upload(browser_of(walked.people["manager"]), walked.round, "计划.pdf")
    walked.move("stable_running")
    paper = RoundPaper.objects.get()

    body = browser_of(walked.people["assessor"])
    page = body.get(reverse("round", args=[walked.round.pk]))
    assert page.context["papers"] == []
    assert "计划.pdf" in text_of(page)
    assert upload(browser_of(walked.people["officer"]), walked.round, "批复.pdf").status_code == 422

    walked.round.seats.update(ended_at=walked.at())
    assert body.get(address_of(paper)).status_code == 404
