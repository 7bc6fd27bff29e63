"""Annexes that can't be read any more, or not be applied yet: a sentence, and a way out."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import Cast
from tests.factories.walks import VIRUS, quarantine
from tests.web.annex_forms import dates, rows_form
from tests.web.conftest import BrowserOf
from tests.web.pages import make_annex, text_of
from tracker.annexes.models import AnnexImport, ImportState
from tracker.evidence.models import StoredFile
from tracker.evidence.store import path_of

pytestmark = pytest.mark.django_db

Spoil = Callable[[StoredFile], None]


def damage(stored: StoredFile) -> None:
    path = path_of(stored)
    path.unlink()
    path.write_bytes(b"no workbook any more")


VIRUS_FOUND = {
    "en": f"A virus was found in “名单.xlsx” ({VIRUS}), so it is neither read nor applied",
    "zh-CN": f"“名单.xlsx”中发现病毒（{VIRUS}），系统不再读取，也不能导入",
}
DAMAGED = {"en": "“名单.xlsx” is no Excel workbook", "zh-CN": "“名单.xlsx”不是 Excel 工作簿"}
WAITS = {
    "en": "“名单.xlsx” is still being scanned for viruses, so it can't be applied yet.",
    "zh-CN": "“名单.xlsx”正在进行病毒扫描，暂不能导入。",
}


@pytest.fixture
def annex(world: Cast) -> AnnexImport:
    return make_annex(world)


@pytest.fixture
def officer(world: Cast, browser_of: BrowserOf) -> Client:
    return browser_of(world.region_officer)


@pytest.mark.parametrize("language", ["en", "zh-CN"])
@pytest.mark.parametrize(("spoil", "said"), [(quarantine, VIRUS_FOUND), (damage, DAMAGED)])
def test_each_page_of_an_unreadable_annex_says_so_and_can_be_cancelled(
    world: Cast,
    browser_of: BrowserOf,
    officer: Client,
    annex: AnnexImport,
    spoil: Spoil,
    said: dict[str, str],
    language: str,
) -> None:
    form = rows_form(officer, annex)
    browser = browser_of(world.region_officer, language=language)
    spoil(annex.stored)
    answers = [
        browser.get(reverse("annex", args=[annex.pk])),
        browser.post(reverse("annex-columns", args=[annex.pk]), {"sheet": "1"}),
        browser.post(reverse("annex-rows", args=[annex.pk]), form),
        browser.post(reverse("annex-rows", args=[annex.pk]), {"go": "none"}),
        browser.post(reverse("annex-apply", args=[annex.pk]), form),
    ]

    assert [answer.status_code for answer in answers] == [200, 422, 422, 422, 422]
    cancel = reverse("annex-cancel", args=[annex.pk])
    for answer in answers:
        assert text_of(answer).count(said[language]) == 1
        assert f'action="{cancel}"' in answer.content.decode()
        assert "formaction" not in answer.content.decode()
    annex.refresh_from_db()
    assert (annex.left_out, annex.state, dates()) == ([], ImportState.UPLOADED, [])

    assert browser.post(cancel).status_code == 302
    annex.refresh_from_db()
    assert annex.state == ImportState.CANCELLED
    assert browser.get(reverse("annex", args=[annex.pk])).status_code == 200


def test_page_of_a_quarantined_annex_offers_no_download(
    officer: Client, annex: AnnexImport
) -> None:
    page, file = reverse("annex", args=[annex.pk]), reverse("annex-file", args=[annex.pk])
    assert file in officer.get(page).content.decode()

    quarantine(annex.stored)

    assert file not in officer.get(page).content.decode()


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_annex_that_waits_for_its_scan_is_looked_over_but_not_applied(
    world: Cast, browser_of: BrowserOf, annex: AnnexImport, settings: Any, language: str
) -> None:
    settings.CLAMD_URL = "tcp://127.0.0.1:1"
    StoredFile.objects.update(scan_state="waiting")
    browser = browser_of(world.region_officer, language=language)
    address = reverse("annex-apply", args=[annex.pk])
    form = rows_form(browser, annex)

    early = browser.post(address, form)
    StoredFile.objects.update(scan_state="clean")
    later = browser.post(address, form)

    assert (early.status_code, later.status_code) == (409, 302)
    assert WAITS[language] in text_of(early)
    assert f'formaction="{address}"' in early.content.decode()
    assert len(dates()) == 1
