"""Rules verified in the browser: previewed, applied with a scan, stale, taken back, axe-clean."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests.factories import (
    NOW,
    TODAY,
    Cast,
    DocumentFactory,
    LimitFactory,
    RequirementFactory,
    StopWindowFactory,
    TargetFactory,
)
from tests.web.conftest import BrowserOf
from tests.web.pages import content_of, make_correction, text_of
from tracker.audit import Actor
from tracker.demo.evidence_files import make_pdf
from tracker.obligations.models import Obligation
from tracker.obligations.schedule import schedule_obligations
from tracker.regulations.models import AnnexDate, AnnexPart, Correction, Limit, Requirement

pytestmark = pytest.mark.django_db


@pytest.fixture
def rule(world: Cast) -> Requirement:
    return make_rule()


def make_rule() -> Requirement:
    """Due by zone, with a limit, nothing of it verified."""
    rule = RequirementFactory.create(
        document=DocumentFactory.create(tree="region"),
        due={"zone": {"wu-chang-shi": "2026-12-31", "other": "2028-12-31"}},
        verification="to_verify",
    )
    LimitFactory.create(requirement=rule, verification="to_verify")
    schedule_obligations(today=TODAY, by=Actor(None, "tests"), at=NOW)
    return rule


def filled(browser: Client, rule: Requirement, **changed: object) -> dict[str, object]:
    """The form as it is shown, with some fields typed over."""
    page = browser.get(reverse("correction", args=[rule.code]))
    form = page.context["form"]
    shown = {field.html_name: field.value() or "" for field in form}
    return {**shown, "source_note": "正式文本第5页", **changed}


def post(browser: Client, name: str, rule: Requirement, form: dict[str, object]) -> object:
    return browser.post(reverse(name, args=[rule.code]), form)


def test_zone_date_is_previewed_then_applied_with_its_scan(
    world: Cast, rule: Requirement, browser_of: BrowserOf
) -> None:
    browser = browser_of(world.region_officer)
    form = filled(browser, rule, due_zone_wu_chang_shi="", verification="verified")
    form["due_zone_wu-chang-shi"] = "2026-08-31"

    preview = text_of(post(browser, "correction-preview", rule, form))

    assert "2 due dates move at 2 plants; 2 become overdue" in preview
    assert Requirement.objects.get(pk=rule.pk).verification == "to_verify"
    scan = SimpleUploadedFile("第5页.pdf", make_pdf(2), "application/pdf")
    answer = browser.post(reverse("correction-apply", args=[rule.code]), {**form, "scan": scan})
    assert answer.status_code == 302
    assert Obligation.objects.get(plant=world.plant).due_on == date(2026, 8, 31)
    [correction] = Correction.objects.all()
    served = browser.get(reverse("correction-scan", args=[correction.pk]))
    assert content_of(served) == make_pdf(2)
    shown = text_of(browser.get(reverse("requirement", args=[rule.code])))
    assert "正式文本第5页" in shown


def test_confirmed_rule_leaves_the_list_of_the_unverified(
    world: Cast, rule: Requirement, browser_of: BrowserOf
) -> None:
    browser = browser_of(world.region_officer)
    assert "2 open obligations at 2 plants" in text_of(browser.get(reverse("unverified")))
    limit = Limit.objects.get()
    form = filled(browser, rule, verification="verified")

    post(browser, "correction-apply", rule, form)
    half = text_of(browser.get(reverse("unverified")))
    form = filled(browser, rule, **{f"limit_{limit.pk}_verification": "verified"})
    post(browser, "correction-apply", rule, form)

    assert str(rule.title_en) in half
    assert "Everything is verified" in text_of(browser.get(reverse("unverified")))


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"source_note": " "}, "Name the source"),
        ({"due_zone_other": "31.12.2028"}, "must look like 2026-12-31"),
        ({"effective_to": "2020-01-01"}, "end before it begins"),
        ({"verification": "sure"}, "sure"),
        ({}, "Nothing differs"),
    ],
)
@pytest.mark.parametrize("step", ["correction-preview", "correction-apply"])
def test_wrong_form_is_refused_with_what_was_typed(
    world: Cast,
    rule: Requirement,
    browser_of: BrowserOf,
    changed: dict[str, object],
    says: str,
    step: str,
) -> None:
    browser = browser_of(world.region_officer)
    form = filled(browser, rule, **changed)

    answer = browser.post(reverse(step, args=[rule.code]), form)

    assert answer.status_code == 422
    assert says in text_of(answer)
    assert str(form["text_zh"]) in answer.content.decode()
    assert Correction.objects.count() == 0


def test_correction_of_a_rule_that_changed_meanwhile_is_refused(
    world: Cast, rule: Requirement, browser_of: BrowserOf
) -> None:
    browser = browser_of(world.region_officer)
    form = filled(browser, rule, clause="第六条")
    make_correction(rule, world.region_officer)

    answer = browser.post(reverse("correction-apply", args=[rule.code]), form)

    assert answer.status_code == 409
    assert "Somebody changed this rule meanwhile" in text_of(answer)
    assert "第六条" in answer.content.decode()
    assert Correction.objects.count() == 1


def test_correction_is_taken_back_in_the_browser(
    world: Cast, rule: Requirement, browser_of: BrowserOf
) -> None:
    correction = make_correction(rule, world.region_officer)
    browser = browser_of(world.region_officer)

    page = text_of(browser.get(reverse("correction-undo", args=[correction.pk])))
    browser.post(
        reverse("correction-undo-apply", args=[correction.pk]), {"source_note": "看错了一页"}
    )

    assert "第五条" in page
    assert Requirement.objects.get(pk=rule.pk).clause == rule.clause
    again = browser.get(reverse("correction-undo", args=[correction.pk]))
    assert "It was taken back already" in text_of(again)


@pytest.mark.parametrize("rows", [1, 3])
def test_list_of_the_unverified_asks_few_queries(
    world: Cast, browser_of: BrowserOf, rows: int, django_assert_num_queries: object
) -> None:
    for number in range(rows):
        make_rule()
        TargetFactory.create(verification="to_verify")
        StopWindowFactory.create(place__code=f"place-{number}", verification="to_verify")
        AnnexDate.objects.create(
            plant=world.plant,
            part=AnnexPart.values[number],
            document=DocumentFactory.create(),
            completion_on=TODAY,
            verification="to_verify",
        )
    browser = browser_of(world.region_officer)

    with django_assert_num_queries(17):  # type: ignore[operator]
        browser.get(reverse("unverified"))
