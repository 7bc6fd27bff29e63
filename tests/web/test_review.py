"""The review queue: the longest waiting first, one decision each, the next at once."""

from datetime import timedelta

import pytest
from django.urls import reverse

from plants.models import Membership, Role
from tests.factories import NOW, Cast, decide, make_obligation_at, submit
from tests.web.conftest import BrowserOf
from tests.web.pages import text_of
from tracker.assessments.models import Decision, Review
from tracker.assessments.seen import digest_of
from tracker.obligations.models import Obligation, State


@pytest.fixture
def waiting(world: Cast) -> list[Obligation]:
    """Three that wait, made out of order: the second has waited longest."""
    return [
        make_obligation_at(
            State.SUBMITTED, plant=world.plant, manager=world.manager, at=NOW - timedelta(hours=h)
        )
        for h in (2, 3, 1)
    ]


def form_of(obligation: Obligation, decision: str, reason: str = "") -> dict[str, object]:
    submission = obligation.submissions.get()
    return {
        "submission": submission.pk,
        "seen": digest_of(submission),
        "decision": decision,
        "reason": reason,
    }


def decide_address(obligation: Obligation) -> str:
    return reverse("review-decide", args=[obligation.pk])


def test_queue_opens_what_has_waited_longest(
    world: Cast, browser_of: BrowserOf, waiting: list[Obligation]
) -> None:
    page = browser_of(world.changji_officer).get(reverse("review-queue"))

    order = [waiting[1].pk, waiting[0].pk, waiting[2].pk]
    assert [each.row.pk for each in page.context["queue"]] == order
    assert page.context["obligation"] == waiting[1]
    assert (page.context["previous_pk"], page.context["next_pk"]) == (None, waiting[0].pk)


def test_empty_queue_says_so(world: Cast, browser_of: BrowserOf) -> None:
    text = text_of(browser_of(world.changji_officer).get(reverse("review-queue")))

    assert "Nothing waits for review" in text


def test_accepting_leads_to_the_next(
    world: Cast, browser_of: BrowserOf, waiting: list[Obligation]
) -> None:
    answer = browser_of(world.changji_officer).post(
        decide_address(waiting[1]), form_of(waiting[1], "accept")
    )

    assert answer.url == reverse("review", args=[waiting[0].pk])  # type: ignore[attr-defined]
    assert Review.objects.get().decision == Decision.ACCEPT


def test_last_decision_leads_to_the_empty_queue(world: Cast, browser_of: BrowserOf) -> None:
    only = make_obligation_at(State.SUBMITTED, plant=world.plant, manager=world.manager)

    answer = browser_of(world.changji_officer).post(
        decide_address(only), form_of(only, "return", "缺页。")
    )

    assert answer.url == reverse("review-queue")  # type: ignore[attr-defined]
    only.refresh_from_db()
    assert (only.state, Review.objects.get().reason) == (State.RETURNED, "缺页。")


def test_return_without_a_reason_asks_for_one(
    world: Cast, browser_of: BrowserOf, waiting: list[Obligation]
) -> None:
    answer = browser_of(world.changji_officer).post(
        decide_address(waiting[0]), form_of(waiting[0], "return", "  ")
    )

    assert answer.status_code == 422
    assert "Say what is missing or wrong" in text_of(answer)
    assert Review.objects.count() == 0


def test_same_decision_sent_twice_is_harmless(
    world: Cast, browser_of: BrowserOf, waiting: list[Obligation]
) -> None:
    browser, form = browser_of(world.changji_officer), form_of(waiting[0], "accept")

    answers = [browser.post(decide_address(waiting[0]), form).status_code for _ in range(2)]

    assert (answers, Review.objects.count()) == ([302, 302], 1)


def test_decision_that_comes_too_late_keeps_the_reason(
    world: Cast, browser_of: BrowserOf, waiting: list[Obligation]
) -> None:
    form = form_of(waiting[0], "return", "缺少盖章页")
    decide(waiting[0].submissions.get(), "accept", world.region_officer)

    answer = browser_of(world.changji_officer).post(decide_address(waiting[0]), form)

    assert answer.status_code == 409
    assert f"{world.region_officer.name} decided on this meanwhile: accepted" in text_of(answer)
    assert "缺少盖章页" in answer.content.decode()


def test_submission_of_another_obligation_is_404(
    world: Cast, browser_of: BrowserOf, waiting: list[Obligation]
) -> None:
    answer = browser_of(world.changji_officer).post(
        decide_address(waiting[0]), form_of(waiting[1], "accept")
    )

    assert answer.status_code == 404
    assert Review.objects.count() == 0


def test_officer_of_elsewhere_who_audits_here_reads_and_decides_nothing(
    world: Cast, browser_of: BrowserOf, waiting: list[Obligation]
) -> None:
    Membership.objects.create(
        person=world.corps_officer, role=Role.AUDITOR, authority=world.plant.authority
    )
    browser = browser_of(world.corps_officer)

    read = browser.get(reverse("review", args=[waiting[0].pk]))
    decided = browser.post(decide_address(waiting[0]), form_of(waiting[0], "accept"))

    assert (read.status_code, decided.status_code) == (200, 403)
    assert Review.objects.count() == 0


def test_page_works_without_scripts(
    world: Cast, browser_of: BrowserOf, waiting: list[Obligation]
) -> None:
    page = browser_of(world.changji_officer).get(reverse("review", args=[waiting[0].pk]))

    html = page.content.decode()
    assert f'<form method="post" action="{decide_address(waiting[0])}"' in html
    assert html.count('name="decision"') == 2
    assert [preview.kind for preview in page.context["previews"]] == ["pdf"]
    assert html.count("<iframe") == 1


@pytest.mark.parametrize("count", [2, 4])
def test_page_asks_few_queries_however_many_wait(
    world: Cast, browser_of: BrowserOf, django_assert_num_queries: object, count: int
) -> None:
    for _ in range(count):
        make_obligation_at(State.SUBMITTED, plant=world.plant, manager=world.manager)
    browser = browser_of(world.changji_officer)
    queue = reverse("review-queue")
    page = browser.get(queue)
    second = reverse("review", args=[page.context["next_pk"]])

    with django_assert_num_queries(10):  # type: ignore[operator]
        browser.get(queue)
    # To claim another is one statement, with a savepoint around it here.
    with django_assert_num_queries(13):  # type: ignore[operator]
        browser.get(second)

    assert len(page.context["queue"]) == count


def test_decision_on_an_older_submission_shows_the_newer(
    world: Cast, browser_of: BrowserOf, waiting: list[Obligation]
) -> None:
    form = form_of(waiting[0], "return", "缺少盖章页")
    decide(waiting[0].submissions.get(), "return", world.region_officer, reason="缺页。")
    newer = submit(Obligation.objects.get(pk=waiting[0].pk), world.manager, note="补充如下。")

    answer = browser_of(world.changji_officer).post(decide_address(waiting[0]), form)

    page = answer.content.decode()
    assert answer.status_code == 409
    assert f"{world.region_officer.name} decided on this meanwhile: returned" in text_of(answer)
    assert "缺少盖章页" in page
    assert "补充如下。" in page
    assert f'name="seen" value="{digest_of(newer)}"' in page


def test_decision_on_other_files_is_refused_and_shows_them(
    world: Cast, browser_of: BrowserOf, waiting: list[Obligation]
) -> None:
    form, submission = form_of(waiting[0], "accept"), waiting[0].submissions.get()
    submission.evidence.add(waiting[1].submissions.get().evidence.get())

    answer = browser_of(world.changji_officer).post(decide_address(waiting[0]), form)

    assert answer.status_code == 409
    assert "no longer those that you saw" in text_of(answer)
    assert len(answer.context["previews"]) == 2
    waiting[0].refresh_from_db()
    assert (Review.objects.count(), waiting[0].state) == (0, State.SUBMITTED)


def test_review_keeps_what_it_rests_on(
    world: Cast, browser_of: BrowserOf, waiting: list[Obligation]
) -> None:
    form = form_of(waiting[0], "accept")

    browser_of(world.changji_officer).post(decide_address(waiting[0]), form)

    assert Review.objects.get().seen_digest == form["seen"]


@pytest.mark.parametrize(
    ("decision", "typed", "kept"),
    [
        ("return", "", "The stamp or the signature is missing."),
        ("return", " 第3页。 ", "The stamp or the signature is missing.\n第3页。"),
        ("accept", "可以。", "可以。"),
    ],
)
def test_kept_sentence_stands_before_what_was_typed(
    world: Cast,
    browser_of: BrowserOf,
    waiting: list[Obligation],
    decision: str,
    typed: str,
    kept: str,
) -> None:
    form = {**form_of(waiting[0], decision, typed), "quick": "stamp"}

    browser_of(world.changji_officer).post(decide_address(waiting[0]), form)

    review = Review.objects.get()
    assert (review.decision, review.reason) == (decision, kept)


def test_kept_sentence_is_in_the_officers_language(
    world: Cast, browser_of: BrowserOf, waiting: list[Obligation]
) -> None:
    browser = browser_of(world.changji_officer, language="zh-CN")
    form = {**form_of(waiting[0], "return"), "quick": "stamp"}

    browser.post(decide_address(waiting[0]), form)

    assert Review.objects.get().reason == "缺少盖章或签字。"


def test_choice_from_the_list_stays_after_a_refusal(
    world: Cast, browser_of: BrowserOf, waiting: list[Obligation]
) -> None:
    browser = browser_of(world.changji_officer)
    form = {**form_of(waiting[0], "return"), "quick": "stamp", "seen": "0" * 64}

    stale = browser.post(decide_address(waiting[0]), form)
    strange = browser.post(decide_address(waiting[0]), {**form, "quick": "whatever"})

    assert (stale.status_code, strange.status_code) == (409, 422)
    assert '<option value="stamp" selected>' in stale.content.decode()
    assert Review.objects.count() == 0
