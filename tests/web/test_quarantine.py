"""A file's scan on the pages, and a file with a virus, which nobody can open."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from plants.models import Person
from tests.factories import Cast, ObligationFactory, RequirementFactory, make_obligation_at
from tests.factories.walks import VIRUS, attach, quarantine
from tests.web.conftest import BrowserOf
from tests.web.pages import make_annex, make_correction, text_of
from tracker.assessments.models import Review
from tracker.assessments.seen import digest_of
from tracker.audit import Event, Verb
from tracker.demo.evidence_files import make_pdf
from tracker.evidence.models import CorrectionScan, Evidence, StoredFile
from tracker.obligations.models import Obligation, State

FOUND = f"A virus was found in it ({VIRUS}); it can't be opened."
REFUSED = f"A virus was found in this file ({VIRUS}): it can't be opened."


@pytest.fixture
def submitted(world: Cast) -> Obligation:
    return make_obligation_at(State.SUBMITTED, plant=world.plant, manager=world.manager)


@pytest.fixture
def file(submitted: Obligation) -> Evidence:
    return Evidence.objects.get()


def address_of(file: Evidence) -> str:
    return reverse("evidence-file", args=[file.pk])


@pytest.mark.parametrize("query", ["", "?show"])
@pytest.mark.parametrize("who", ["manager", "changji_officer", "auditor"])
def test_nobody_opens_it(
    world: Cast, browser_of: BrowserOf, file: Evidence, who: str, query: str
) -> None:
    quarantine(file.stored)

    answer = browser_of(getattr(world, who)).get(address_of(file) + query)

    assert answer.status_code == 403
    assert REFUSED in text_of(answer)
    assert not Event.objects.filter(verb=Verb.DOWNLOADED).exists()


def test_stranger_learns_nothing(world: Cast, browser_of: BrowserOf, file: Evidence) -> None:
    quarantine(file.stored)

    assert browser_of(world.other_manager).get(address_of(file)).status_code == 404


def test_annex_and_scan_of_a_page_are_not_opened(world: Cast, browser_of: BrowserOf) -> None:
    annex = make_annex(world)
    make_correction(RequirementFactory.create(), world.region_officer)
    scan = CorrectionScan.objects.get()
    browser = browser_of(world.region_officer)
    for stored, address in (
        (annex.stored, reverse("annex-file", args=[annex.pk])),
        (scan.stored, reverse("correction-scan", args=[scan.correction_id])),
    ):
        quarantine(stored)

        answer = browser.get(address)

        assert answer.status_code == 403
        assert REFUSED in text_of(answer)


@pytest.mark.parametrize(
    ("state", "url", "word"),
    [
        ("not_scanned", "", "not scanned"),
        ("waiting", "tcp://127.0.0.1:1", "waits for its scan"),
        ("waiting", "", "not scanned"),
        ("clean", "", "no virus found"),
    ],
)
@pytest.mark.parametrize("page", ["obligation", "review", "files", "several"])
def test_state_stands_at_the_file(
    world: Cast,
    browser_of: BrowserOf,
    submitted: Obligation,
    settings: Any,
    state: str,
    url: str,
    word: str,
    page: str,
) -> None:
    settings.CLAMD_URL = url
    StoredFile.objects.update(scan_state=state)

    shown = text_of(browser_of(world.changji_officer).get(pages(submitted)[page]))

    assert word in shown


def pages(obligation: Obligation) -> dict[str, str]:
    return {
        "obligation": reverse("obligation", args=[obligation.pk]),
        "review": reverse("review", args=[obligation.pk]),
        "files": reverse("plant-files", args=[obligation.plant_id]),
        "several": f"{reverse('review-several')}?pick={obligation.pk}",
    }


@pytest.mark.parametrize("page", ["obligation", "review", "files", "several"])
def test_page_says_so_and_links_to_nothing(
    world: Cast, browser_of: BrowserOf, submitted: Obligation, file: Evidence, page: str
) -> None:
    quarantine(file.stored)

    answer = browser_of(world.changji_officer).get(pages(submitted)[page])

    assert "quarantined" in text_of(answer)
    assert FOUND in text_of(answer)
    assert address_of(file) not in answer.content.decode()


def test_officer_returns_but_does_not_accept(
    world: Cast, browser_of: BrowserOf, submitted: Obligation, file: Evidence
) -> None:
    quarantine(file.stored)
    browser = browser_of(world.changji_officer)
    page = browser.get(pages(submitted)["review"])
    assert 'data-key="accept" disabled' in " ".join(page.content.decode().split())
    assert f"A virus was found in “{file.original_name}”, so it can't be accepted" in text_of(page)

    answer = decide(browser, submitted, "accept")

    assert answer.status_code == 422
    assert "so it can't be accepted. Return it" in text_of(answer)
    assert not Review.objects.exists()
    assert decide(browser, submitted, "return", reason="有病毒").status_code == 302


def decide(browser: Client, obligation: Obligation, decision: str, reason: str = "") -> Any:
    submission = obligation.submissions.get()
    form = {"submission": submission.pk, "seen": digest_of(submission), "decision": decision}
    return browser.post(reverse("review-decide", args=[obligation.pk]), {**form, "reason": reason})


def test_plant_sees_what_to_do_and_cannot_submit(world: Cast, browser_of: BrowserOf) -> None:
    owed = ObligationFactory.create(plant=world.plant)
    laid = attach(owed, world.manager)
    quarantine(laid.evidence.stored)

    page = browser_of(world.manager).get(reverse("obligation", args=[owed.pk]))

    assert f"{FOUND} Remove it, or replace it by a clean file." in text_of(page)
    assert 'form="submit-' in page.content.decode()
    assert "disabled" in page.content.decode().split('form="submit-')[1][:80]
    remove = reverse("obligation-remove-file", args=[owed.pk, laid.pk])
    assert remove in page.content.decode()


def test_it_is_not_offered_to_be_used_again(
    world: Cast, browser_of: BrowserOf, file: Evidence
) -> None:
    quarantine(file.stored)
    owed = ObligationFactory.create(plant=world.plant)
    browser = browser_of(world.manager)
    use = reverse("obligation-use-file", args=[owed.pk, file.pk])

    page = browser.get(f"{reverse('plant-files', args=[world.plant.pk])}?for={owed.pk}")

    assert use not in page.content.decode()
    assert browser.post(use).status_code == 409


@pytest.mark.parametrize("who", ["manager", "other_manager"])
def test_same_bytes_are_refused_with_the_same_words(
    world: Cast, browser_of: BrowserOf, file: Evidence, who: str
) -> None:
    quarantine(file.stored)
    person: Person = getattr(world, who)
    plant = world.plant if who == "manager" else world.other_plant
    owed = ObligationFactory.create(plant=plant)
    again = SimpleUploadedFile("又.pdf", make_pdf(1), "application/pdf")

    address = reverse("obligation-upload", args=[owed.pk])
    page = text_of(browser_of(person).post(address, {"files": again}, follow=True))

    assert f"“又.pdf” holds a virus ({VIRUS}): it is not taken." in page
    assert not owed.attachments.exists()
    assert (world.plant.name_en in page) == (who == "manager")
