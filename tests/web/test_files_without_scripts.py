"""Files are found by their words, looked at and taken sealed, in a browser that runs no script."""

import zipfile
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.browsers import NewPage
from tests.factories import Cast, ObligationFactory
from tests.factories.walks import store_file
from tests.web.pages import sign_in
from tracker.audit import Actor
from tracker.evidence.attach import attach_evidence
from tracker.evidence.reading import read_waiting

pytestmark = [
    pytest.mark.browser,
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True),
]


def test_file_is_searched_looked_at_and_taken_sealed(
    crew: Cast, new_page: NewPage, live_server: Any
) -> None:
    duty = ObligationFactory.create(plant=crew.plant)
    for name, text in (("甲.txt", "窑尾氨逃逸每小时记录。"), ("乙.txt", "门禁记录。")):
        attach_evidence(
            obligation=duty,
            file=store_file(text.encode(), name=name),
            document_on=None,
            by=Actor(crew.manager, "tests"),
            at=timezone.now(),
        )
    read_waiting(now=timezone.now())
    page = sign_in(new_page(width=360, java_script_enabled=False), crew.manager, live_server)

    page.goto("/files/")
    page.locator("[name=q]").fill("氨逃逸")
    page.locator("main").get_by_role("button", name="搜索").click()
    expect(page.locator(".file-list > li")).to_have_count(1)
    expect(page.locator(".file-list mark")).to_have_text("氨逃逸")
    with page.expect_popup() as opened:
        page.locator(".file-list a[href$='/preview/']").first.click()
    expect(opened.value.locator("section.document")).to_contain_text("窑尾氨逃逸每小时记录。")

    page.goto(f"/obligations/{duty.pk}/")
    with page.expect_download() as coming:
        page.get_by_role("button", name="封存包").first.click()
    with zipfile.ZipFile(coming.value.path()) as package:
        names = package.namelist()
    assert "manifest.json" in names
    assert {name[-5:] for name in names if name.startswith("files/")} == {"甲.txt", "乙.txt"}
