"""Files in a real browser: the text and the lists by axe, PDF files on a desk and on a phone."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests.browsers import NewPage
from tests.evidence.text import files
from tests.factories import NOW, Cast, ObligationFactory
from tests.factories.walks import attach, store_file
from tests.web.pages import looked_at_once, sign_in
from tests.web.test_accessibility import LOCALES, visit
from tracker.audit import Actor
from tracker.evidence.attach import attach_evidence
from tracker.evidence.models import Evidence
from tracker.evidence.reading import read_waiting

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def lay(crew: Cast, name: str, content: bytes) -> Evidence:
    return attach_evidence(
        obligation=ObligationFactory.create(plant=crew.plant),
        file=store_file(content, name=name),
        document_on=None,
        by=Actor(crew.manager, "tests"),
        at=NOW,
    ).evidence


@looked_at_once
@pytest.mark.parametrize("locale", LOCALES)
def test_texts_and_lists_by_axe(
    crew: Cast, new_page: NewPage, live_server: object, locale: str
) -> None:
    shown = {
        name: reverse("evidence-preview", args=[lay(crew, name, content).pk])
        for name, content in (("台账.docx", files.document()), ("表.xlsx", files.workbook()))
    }
    waiting = attach(ObligationFactory.create(plant=crew.plant), crew.manager).evidence
    read_waiting(now=NOW)
    shown["as pictures"] = reverse("evidence-preview", args=[waiting.pk]) + "?page=1"
    shown["all files"] = reverse("files") + "?q=氨"
    page = sign_in(new_page(locale=locale), crew.changji_officer, live_server)

    assert visit(page, shown) == []


def test_pdf_is_a_frame_on_a_desk_and_a_picture_on_a_phone(
    crew: Cast, new_page: NewPage, live_server: object
) -> None:
    evidence = attach(ObligationFactory.create(plant=crew.plant), crew.manager).evidence
    address = reverse("evidence-preview", args=[evidence.pk])
    page = sign_in(new_page(width=1440), crew.changji_officer, live_server)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))

    page.goto(address, wait_until="domcontentloaded")
    expect(page.locator("iframe.paper")).to_be_visible()
    expect(page.locator(".paper img")).to_be_hidden()
    page.set_viewport_size({"width": 360, "height": 800})

    expect(page.locator("iframe.paper")).to_be_hidden()
    picture = page.locator(".paper img")
    expect(picture).to_have_js_property("complete", True)
    expect(picture).to_have_js_property("naturalWidth", 1240)
    assert {url.split("/")[2] for url in asked if url.startswith("http")} == {
        page.url.split("/")[2]
    }
