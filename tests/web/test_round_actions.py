"""A round is walked on its page: answers, overrides, moves, and what stays of what was typed."""

import re
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import resolve, reverse

from tests.rounds.walks import Scene, condition, scene
from tests.web.conftest import BrowserOf
from tests.web.pages import text_of
from tracker.rounds.models import ConditionAnswer, Override, Round
from tracker.web.forms.rounds import stamp_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def walked(db: None) -> Scene:
    return scene()


class Site:
    """Posts to a round's addresses as one person, with the page's own stamp."""

    def __init__(self, walked: Scene, browser_of: BrowserOf) -> None:
        self.walked, self.browser_of = walked, browser_of

    def browser(self, who: str) -> Client:
        return self.browser_of(self.walked.people[who])

    def page(self, who: str) -> Any:
        return self.browser(who).get(reverse("round", args=[self.walked.round.pk]))

    def post(self, who: str, name: str, *args: object, seen: str = "", **fields: str) -> Any:
        fresh = Round.objects.get(pk=self.walked.round.pk)
        fields["seen"] = seen or stamp_of(fresh)
        return self.browser(who).post(reverse(name, args=[fresh.pk, *args]), fields)

    def stage(self) -> str:
        return Round.objects.get(pk=self.walked.round.pk).stage


@pytest.fixture
def site(walked: Scene, browser_of: BrowserOf) -> Site:
    return Site(walked, browser_of)


def test_what_is_answered_lets_the_round_go_on(site: Site) -> None:
    asked = condition("自查完成", "planned")
    before = text_of(site.page("manager"))
    assert "Your turn: 1 condition is in the way of “stable running”." in before

    answered = site.post("manager", "round-answer", asked.pk, answer="met", note="自查报告")
    assert answered.status_code == 302
    assert "nothing is in the way" in text_of(site.page("manager"))

    moved = site.post("manager", "round-move", to="stable_running", note="")
    assert moved.status_code == 302
    assert site.stage() == "stable_running"
    assert ConditionAnswer.objects.get().note == "自查报告"


def test_what_does_not_apply_says_why_and_keeps_the_rest(site: Site) -> None:
    asked = condition("asked", "planned")

    page = site.post("manager", "round-answer", asked.pk, answer="not_applicable", note="")
    assert page.status_code == 422
    assert "Say why it does not apply." in text_of(page)

    long = "长" * 2001
    page = site.post("manager", "round-answer", asked.pk, answer="met", note=long)
    assert page.status_code == 422
    assert long in page.content.decode()
    assert not ConditionAnswer.objects.exists()


def test_blocked_move_names_what_is_in_the_way(site: Site) -> None:
    condition("自查完成", "planned")

    page = site.post("manager", "round-move", to="stable_running", note="先走一步")

    assert page.status_code == 409
    assert "Conditions are in the way that are not met. 自查完成" in text_of(page)
    assert "先走一步" in text_of(page)
    assert site.stage() == "planned"


def test_officer_overrides_with_a_reason_and_the_plant_does_not(site: Site) -> None:
    asked = condition("asked", "planned")
    assert "Override it" not in text_of(site.page("manager"))
    assert site.post("manager", "round-override", asked.pk, reason="急").status_code == 403

    assert site.post("officer", "round-override", asked.pk, reason=" ").status_code == 422
    assert site.post("officer", "round-override", asked.pk, reason="已核实").status_code == 302

    assert Override.objects.get().reason == "已核实"
    assert "overrode it" in text_of(site.page("manager"))


def test_an_override_is_shown_for_ever(site: Site, walked: Scene) -> None:
    """Also where its stage was entered again, and it holds nothing any more."""
    asked = condition("asked", "document_review")
    walked.walk("document_review")
    walked.override(asked, reason="先行勘查，资料后补")
    walked.move("document_rectification", "assessor", note="缺页")
    walked.move("document_review", "manager")

    page = site.page("manager")

    standings = [row.standing for group in page.context["groups"] for row in group.rows]
    assert [each.override for each in standings if each.condition == asked] == [None]
    assert "先行勘查，资料后补" in text_of(page)


def test_who_was_slower_is_told_and_keeps_what_she_typed(site: Site, walked: Scene) -> None:
    """Her page showed the document review; the body has sent it back since."""
    walked.walk("document_review")
    seen = stamp_of(Round.objects.get(pk=walked.round.pk))
    walked.move("document_rectification", "assessor", "缺监测报告")

    page = site.post("manager", "round-move", seen=seen, to="site_survey", note="材料已齐")

    assert page.status_code == 409
    shown = text_of(page)
    assert "it stands in “rectification of the documents” now" in shown
    assert "材料已齐" in shown
    assert site.stage() == "document_rectification"


def test_assessor_sends_back_with_a_reason(site: Site, walked: Scene) -> None:
    walked.walk("document_review")
    assert "Give the round up" not in text_of(site.page("assessor"))

    page = site.post("assessor", "round-move", to="document_rectification", note="")
    assert page.status_code == 409
    assert "Say why: it is shown with the round for ever." in text_of(page)

    site.post("assessor", "round-move", to="document_rectification", note="缺附件3")
    assert site.stage() == "document_rectification"
    assert "缺附件3" in text_of(site.page("manager"))


def test_days_and_who_is_responsible(site: Site, walked: Scene) -> None:
    walked.walk("monitoring")
    body = str(walked.people["assessor"].pk)
    wrong = {"starts_on": "2026-08-20", "ends_on": "2026-08-11", "responsible": body}
    page = site.post("assessor", "round-step", note="两台机组", **wrong)
    assert page.status_code == 422
    assert "The last day lies before the first." in text_of(page)
    assert "2026-08-20" in page.content.decode()

    right = wrong | {"ends_on": "2026-08-22"}
    assert site.post("assessor", "round-step", note="两台机组", **right).status_code == 302
    found = Round.objects.get(pk=walked.round.pk)
    assert (found.monitoring_from_on, found.monitoring_to_on) == (
        date(2026, 8, 20),
        date(2026, 8, 22),
    )

    stranger = right | {"responsible": str(walked.people["auditor"].pk)}
    assert site.post("assessor", "round-step", note="", **stranger).status_code == 422


def test_given_up_with_the_reason_it_has_no_buttons_left(site: Site) -> None:
    assert site.post("manager", "round-give-up", reason="").status_code == 422
    assert site.post("manager", "round-give-up", reason="改造推迟").status_code == 302

    page = site.page("manager")
    assert "It was given up: nothing is left to do." in text_of(page)
    assert "改造推迟" in text_of(page)
    assert b"/move/" not in page.content
    late = site.post("manager", "round-move", to="stable_running", note="")
    assert late.status_code == 409
    assert "The round was given up." in text_of(late)


def test_what_was_removed_is_assessed_anew_once(site: Site, walked: Scene) -> None:
    walked.walk("listed")
    assert site.post("upper", "round-move", to="removed", note="复查不达标").status_code == 302

    answer = site.post("manager", "round-again")

    anew = Round.objects.get(after=walked.round)
    assert answer.headers["Location"] == reverse("round", args=[anew.pk])
    assert "Assess it anew" not in text_of(site.page("manager"))
    assert site.post("manager", "round-again").status_code == 409


def test_conditions_of_stages_passed_are_folded_unless_in_the_way(
    site: Site, walked: Scene
) -> None:
    first = condition("first", "planned")
    walked.answer(first)
    walked.move("stable_running")

    groups = site.page("manager").context["groups"]
    assert [(group.stage, group.is_open) for group in groups] == [
        ("stable_running", True),
        ("planned", False),
    ]

    walked.answer(first, "not_met")
    groups = site.page("manager").context["groups"]
    assert [group.is_open for group in groups] == [True, True]


def test_who_only_reads_may_take_a_package_and_nothing_else(site: Site) -> None:
    condition("asked", "planned")

    page = site.page("auditor")

    forms = re.findall(rf'action="({reverse("rounds")}[^"]*)', page.content.decode())
    assert {resolve(address).url_name for address in forms} == {"round-package"}
    assert "Waits for the plant: 1 condition" in text_of(page)
