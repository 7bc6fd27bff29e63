"""Targets, documents' heads and stop windows verified in the browser, and taken back there."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from plants.models import StopWindow
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
from tests.web.pages import text_of
from tracker.audit import Actor
from tracker.obligations.schedule import schedule_obligations
from tracker.regulations.models import Correction, Document, Target

pytestmark = pytest.mark.django_db
PLAN = "plan"


@dataclass(frozen=True)
class Case:
    """What is typed into the form of one kind, and what the preview then says."""

    name: str
    key: object
    typed: Mapping[str, str]
    says: str

    def address(self, step: str = "") -> str:
        return reverse(self.name + step, args=[self.key])


@pytest.fixture
def cases(world: Cast) -> dict[str, Case]:
    """The region's plan with an open obligation, a target and a winter's stop."""
    plan = DocumentFactory.create(code=PLAN, tree="region", verification="to_verify")
    rule = RequirementFactory.create(document=plan, part="assessment", due={"on": "2027-03-31"})
    LimitFactory.create(requirement=rule, pollutant="steady running", value=1, unit="mo")
    schedule_obligations(today=TODAY, by=Actor(None, "tests"), at=NOW)
    TargetFactory.create(code="target", document=plan, verification="to_verify")
    window = StopWindowFactory.create(
        place=world.plant.place,
        season="2026-27",
        starts_on=date(2026, 11, 1),
        ends_on=date(2027, 4, 30),
        document_code=PLAN,
        verification="to_verify",
    )
    return {
        "target": Case(
            "target-correction",
            "target",
            {"share_percent": "75", "by_on": "2026-08-31"},
            "Then: 75 % by 2026-08-31 was missed",
        ),
        "document": Case(
            "document-correction",
            PLAN,
            {"number": "新环〔2026〕9号", "issuers_zh": "甲厅\r\n乙局", "issuers_en": "A\r\nB"},
            "The reasons of 3 obligations are worded anew; their dates stay.",
        ),
        "window": Case(
            "window-correction",
            window.pk,
            {"starts_on": "2026-11-11", "verification": "verified"},
            "1 line stops on other days at 1 plant; 1 answer of the planner changes",
        ),
    }


@pytest.fixture
def officer(world: Cast, browser_of: BrowserOf) -> Client:
    return browser_of(world.region_officer)


KINDS = pytest.mark.parametrize("kind", ["target", "document", "window"])


def filled(browser: Client, case: Case, **typed: str) -> dict[str, Any]:
    """The form as it is shown, with some fields typed over."""
    form = browser.get(case.address()).context["form"]
    shown = {field.html_name: field.value() or "" for field in form}
    return {**shown, "source_note": "正式文本第5页", **case.typed, **typed}


@KINDS
def test_previewed_applied_shown_and_taken_back(
    cases: dict[str, Case], officer: Client, kind: str
) -> None:
    case = cases[kind]
    form = filled(officer, case)

    preview = officer.post(case.address("-preview"), form)
    assert case.says in text_of(preview)
    assert Correction.objects.count() == 0
    # What the preview hands on is what was typed.
    handed = {field.html_name: field.value() for field in preview.context["form"]}
    done = officer.post(case.address("-apply"), handed)

    assert done.headers["Location"] == reverse("document", args=[PLAN])
    [correction] = Correction.objects.all()
    shown = text_of(officer.get(reverse("document", args=[PLAN])))
    assert "Confirmed and corrected" in shown
    assert "正式文本第5页" in shown
    undo = officer.get(reverse("correction-undo", args=[correction.pk]))
    assert "What stood before comes back" in text_of(undo)
    address = reverse("correction-undo-apply", args=[correction.pk])
    officer.post(address, {"source_note": "看错了一页"})
    assert not Correction.objects.standing().exists()


def test_each_was_set_as_it_was_typed(cases: dict[str, Case], officer: Client) -> None:
    for case in cases.values():
        officer.post(case.address("-apply"), filled(officer, case))

    assert Target.objects.get().by_on == date(2026, 8, 31)
    document = Document.objects.get(code=PLAN)
    assert (document.number, document.title_is_name) == ("新环〔2026〕9号", True)
    assert document.issuers == [{"zh": "甲厅", "en": "A"}, {"zh": "乙局", "en": "B"}]
    window = StopWindow.objects.get()
    assert (window.starts_on, window.verification) == (date(2026, 11, 11), "verified")


@pytest.mark.parametrize(
    ("kind", "typed", "says"),
    [
        ("target", {"share_percent": "most"}, "must be a number"),
        ("target", {"share_percent": "101"}, "at most 100 %"),
        ("target", {"by_on": ""}, "must look like 2026-12-31"),
        ("document", {"issuers_en": "A"}, "Name each issuer in both languages"),
        ("document", {"effective_on": "2020-01-01"}, "before it is issued"),
        ("document", {"title_is_name": "perhaps"}, "perhaps"),
        ("window", {"ends_on": "2026-11-01"}, "end before it begins"),
        ("window", {"source_note": ""}, "Name the source"),
    ],
)
@pytest.mark.parametrize("step", ["-preview", "-apply"])
def test_wrong_form_is_refused_with_what_was_typed(
    cases: dict[str, Case],
    officer: Client,
    kind: str,
    typed: dict[str, str],
    says: str,
    step: str,
) -> None:
    form = filled(officer, cases[kind], **typed)

    answer = officer.post(cases[kind].address(step), form)

    assert answer.status_code == 422
    assert says in text_of(answer)
    assert form["note_zh"] in answer.content.decode()
    assert Correction.objects.count() == 0


@KINDS
def test_form_that_was_read_before_another_correction_is_stale(
    cases: dict[str, Case], officer: Client, kind: str
) -> None:
    case = cases[kind]
    form = filled(officer, case)
    officer.post(case.address("-apply"), {**form, "note_zh": "另一人的更正"})

    answer = officer.post(case.address("-apply"), form)

    assert answer.status_code == 409
    assert Correction.objects.count() == 1


@KINDS
def test_nothing_typed_over_is_no_correction(
    cases: dict[str, Case], officer: Client, kind: str
) -> None:
    """A browser sends line ends of its own."""
    document = Document.objects.get(code=PLAN)
    document.note_zh = "第一行\n第二行"
    document.save()
    form = officer.get(cases[kind].address()).context["form"]
    shown = {field.html_name: str(field.value() or "") for field in form}
    sent = {name: value.replace("\n", "\r\n") for name, value in shown.items()}

    answer = officer.post(cases[kind].address("-preview"), {**sent, "source_note": "正式文本第5页"})

    assert answer.status_code == 422
    assert "Nothing differs" in text_of(answer)


@KINDS
def test_who_may_not_correct(
    world: Cast, cases: dict[str, Case], browser_of: BrowserOf, kind: str
) -> None:
    browser = browser_of(world.changji_officer)

    assert browser.get(cases[kind].address()).status_code == 403
    assert "Confirm or correct" not in text_of(browser.get(reverse("document", args=[PLAN])))


def test_unknown_and_withdrawn_things_are_not_there(
    cases: dict[str, Case], officer: Client
) -> None:
    Target.objects.update(withdrawn_on=date(2026, 8, 1))

    assert officer.get(cases["target"].address()).status_code == 404
    assert officer.get(reverse("document-correction", args=["nowhere"])).status_code == 404
    assert officer.get(reverse("window-correction", args=[10**30])).status_code == 404


def test_verified_they_leave_the_list_of_the_unverified(
    cases: dict[str, Case], officer: Client
) -> None:
    listed = officer.get(reverse("unverified"))
    for case in cases.values():
        assert case.address() in listed.content.decode()

    for case in cases.values():
        form = filled(officer, case, verification="verified")
        assert officer.post(case.address("-apply"), form).status_code == 302

    assert "Everything is verified" in text_of(officer.get(reverse("unverified")))


def test_list_tells_a_manager_what_affects_her_plant(
    world: Cast, cases: dict[str, Case], browser_of: BrowserOf
) -> None:
    listed = browser_of(world.manager).get(reverse("unverified"))

    said = text_of(listed)
    assert "2,500 t/d at 1 plant are measured against it" in said
    assert "1 open obligation at 1 plant" in said
    assert "1 line at 1 plant" in said
    assert cases["window"].address() not in listed.content.decode()
