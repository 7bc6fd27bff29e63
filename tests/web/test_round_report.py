"""The page of a round's report: ask, watch it come, take the files, tell, sign."""

import hashlib
from urllib.parse import quote

import pytest
from django.urls import reverse

from tests.factories import Cast
from tests.web.access_to_reports import make_report
from tests.web.access_to_rounds import make_round
from tests.web.conftest import BrowserOf
from tests.web.pages import content_of, text_of
from tracker.audit import Event, Verb
from tracker.rounds.models import Report, ReportState, ReportStatement
from tracker.tasks import make_reports

pytestmark = pytest.mark.django_db


def test_manager_asks_and_sees_it_come(world: Cast, browser_of: BrowserOf) -> None:
    round_ = make_round(world)
    page = reverse("round-report", args=[round_.pk])
    browser = browser_of(world.manager)

    browser.post(reverse("report-ask", args=[round_.pk]), {"language": "zh-hans"})
    browser.post(reverse("report-ask", args=[round_.pk]), {"language": "zh-hans"})
    report = Report.objects.get()
    Report.objects.filter(pk=report.pk).update(state=ReportState.MAKING, progress_percent=60)
    waiting = browser.get(page)
    polled = browser.get(page, headers={"HX-Request": "true"})
    make_reports()
    made = browser.get(page)

    assert "60 %" in text_of(waiting)
    assert b'hx-trigger="every 2s"' in waiting.content
    assert polled.content.strip().startswith(b'<div id="versions"')
    assert b"hx-trigger" not in made.content
    report.refresh_from_db()
    assert report.content_sha256 in text_of(made)
    assert all(file.stored.sha256 in text_of(made) for file in report.files.all())
    assert made.context["gap_count"] > 0


def test_files_come_under_their_chinese_names(world: Cast, browser_of: BrowserOf) -> None:
    report = make_report(world)
    browser = browser_of(world.changji_officer)

    for file in report.files.all():
        response = browser.get(reverse("report-file", args=[report.pk, file.format]))
        assert quote(file.name) in response["Content-Disposition"]
        assert hashlib.sha256(content_of(response)).hexdigest() == file.stored.sha256
    assert Event.objects.filter(verb=Verb.DOWNLOADED, person=world.changji_officer).count() == 2


def test_what_is_told_stands_there_with_who_told_it(world: Cast, browser_of: BrowserOf) -> None:
    round_ = make_round(world)
    browser = browser_of(world.manager)

    answer = browser.post(
        reverse("report-tell", args=[round_.pk]), {"code": "incidents", "text": "<b>无</b>"}
    )

    assert answer["Location"].endswith("#incidents")
    assert ReportStatement.objects.get().said_by == world.manager
    shown = browser.get(reverse("round-report", args=[round_.pk]))
    assert "&lt;b&gt;无&lt;/b&gt;" in shown.content.decode()
    assert world.manager.name in text_of(shown)


def test_plant_signs_what_it_looked_at(world: Cast, browser_of: BrowserOf) -> None:
    report = make_report(world)
    sign = reverse("report-sign", args=[report.pk])
    browser = browser_of(world.manager)

    other = browser.post(sign, {"signer": "plant", "content_sha256": "f" * 64})
    signed = browser.post(sign, {"signer": "plant", "content_sha256": report.content_sha256})

    assert (other.status_code, signed.status_code) == (409, 302)
    report.refresh_from_db()
    assert report.frozen_at is not None
    page = browser.get(reverse("round-report", args=[report.round_id]))
    assert page.context["is_correction"]
    refused = browser.post(reverse("report-ask", args=[report.round_id]), {"language": "zh-hans"})
    assert refused.status_code == 422
