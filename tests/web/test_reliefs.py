"""Extensions and waivers in the browser: asked with papers, decided, taken back, never lost."""

from datetime import date
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from plants.models import Person
from tests.factories import NOW, TODAY, Cast, ObligationFactory, RequirementFactory
from tests.factories.walks import quarantine
from tests.web.conftest import BrowserOf
from tests.web.pages import text_of
from tracker.audit import Actor
from tracker.demo.evidence_files import make_pdf
from tracker.evidence.models import StoredFile
from tracker.obligations.models import Obligation, Relief, ReliefState, State
from tracker.obligations.schedule import schedule_obligations

pytestmark = pytest.mark.django_db
LONG_NAME = f"{'关于设备交货推迟的情况说明' * 19}.pdf"


@pytest.fixture
def owed(world: Cast) -> Obligation:
    RequirementFactory.create(due={"on": "2026-10-31"})
    schedule_obligations(today=TODAY, by=Actor(None, "tests"), at=NOW, plants=[world.plant])
    return Obligation.objects.get(plant=world.plant)


def typed(**changed: object) -> dict[str, object]:
    return {
        "kind": "extension",
        "new_due_on": "2026-12-15",
        "reason": "设备交货推迟",
        "token": str(uuid4()),
        **changed,
    }


def ask(browser_of: BrowserOf, person: Person, owed: Obligation, **changed: object) -> Relief:
    answer = browser_of(person).post(reverse("relief-ask", args=[owed.pk]), typed(**changed))
    assert answer.status_code == 302
    return Relief.objects.get(obligation=owed, state=ReliefState.ASKED)


def decide(browser_of: BrowserOf, person: Person, relief: Relief, **form: object) -> int:
    address = reverse("relief-decide", args=[relief.pk])
    given = {"decision": "grant", "state": relief.state, "reason": "", **form}
    return browser_of(person).post(address, given).status_code


def test_asked_with_papers_then_granted(
    world: Cast, owed: Obligation, browser_of: BrowserOf
) -> None:
    paper = SimpleUploadedFile(LONG_NAME, make_pdf(1), "application/pdf")
    relief = ask(browser_of, world.manager, owed, papers=[paper])

    officer = browser_of(world.changji_officer)
    listed = text_of(officer.get(reverse("reliefs")))
    page = text_of(officer.get(reverse("relief", args=[relief.pk])))
    assert "waits for you" in listed
    assert LONG_NAME in page
    assert decide(browser_of, world.changji_officer, relief) == 302

    owed.refresh_from_db()
    assert owed.due_on == date(2026, 12, 15)
    shown = text_of(browser_of(world.manager).get(reverse("obligation", args=[owed.pk])))
    assert "extended it to 15 December 2026" in shown
    assert "2026-10-31 2026-12-15 granted" in shown


def test_nothing_is_granted_on_a_paper_with_a_virus(
    world: Cast, owed: Obligation, browser_of: BrowserOf
) -> None:
    paper = SimpleUploadedFile("说明.pdf", make_pdf(1), "application/pdf")
    relief = ask(browser_of, world.manager, owed, papers=[paper])
    quarantine(StoredFile.objects.get())
    officer = browser_of(world.changji_officer)
    sentence = "A virus was found in “说明.pdf”, so the request can't be granted. Refuse it"

    page = officer.get(reverse("relief", args=[relief.pk]))
    answer = officer.post(
        reverse("relief-decide", args=[relief.pk]),
        {"decision": "grant", "state": relief.state, "reason": "好的"},
    )

    assert sentence in text_of(page)
    assert 'value="grant" disabled' in page.content.decode()
    assert (answer.status_code, sentence in text_of(answer)) == (422, True)
    assert "好的" in text_of(answer)
    relief.refresh_from_db()
    owed.refresh_from_db()
    assert (relief.state, owed.due_on) == (ReliefState.ASKED, date(2026, 10, 31))
    decide(browser_of, world.changji_officer, relief, decision="refuse", reason="文件有病毒")
    relief.refresh_from_db()
    assert relief.state == ReliefState.REFUSED


def test_form_sent_twice_asks_once(world: Cast, owed: Obligation, browser_of: BrowserOf) -> None:
    form, browser = typed(), browser_of(world.manager)
    address = reverse("relief-ask", args=[owed.pk])

    answers = [browser.post(address, form) for _ in range(2)]

    relief = Relief.objects.get()
    assert [answer["Location"] for answer in answers] == [reverse("relief", args=[relief.pk])] * 2


@pytest.mark.parametrize(
    ("changed", "status", "says"),
    [
        ({"reason": " "}, 422, "Say why"),
        ({"reason": "长" * 2001}, 422, "too long"),
        ({"new_due_on": "31.12.2026"}, 422, "must look like 2026-12-31"),
        ({"new_due_on": ""}, 409, "Say until when"),
        ({"new_due_on": "2026-10-01"}, 409, "has to lie after"),
        ({"new_due_on": "9999-12-31"}, 422, "can be 2031-10-31 at the latest"),
        ({"kind": "gift"}, 422, "incomplete"),
        ({"token": "x"}, 422, "incomplete"),
    ],
)
def test_refused_request_keeps_what_was_typed(
    world: Cast,
    owed: Obligation,
    browser_of: BrowserOf,
    changed: dict[str, object],
    status: int,
    says: str,
) -> None:
    answer = browser_of(world.manager).post(reverse("relief-ask", args=[owed.pk]), typed(**changed))

    assert answer.status_code == status
    assert says in text_of(answer)
    assert str(changed.get("reason", "设备交货推迟")).strip() in answer.content.decode()
    assert Relief.objects.count() == 0


def test_form_says_beforehand_until_when(
    world: Cast, owed: Obligation, browser_of: BrowserOf
) -> None:
    page = browser_of(world.manager).get(reverse("relief-form", args=[owed.pk]))

    assert "2031-10-31 at the latest" in text_of(page)


def test_far_day_of_a_waiver_is_no_fault(
    world: Cast, owed: Obligation, browser_of: BrowserOf
) -> None:
    relief = ask(browser_of, world.manager, owed, kind="waiver", new_due_on="9999-12-31")

    assert relief.new_due_on is None


def test_program_as_a_paper_is_refused_and_nothing_is_asked(
    world: Cast, owed: Obligation, browser_of: BrowserOf
) -> None:
    program = SimpleUploadedFile("说明.pdf", b"MZ\x90\x00" + b"\0" * 200, "application/pdf")

    answer = browser_of(world.manager).post(
        reverse("relief-ask", args=[owed.pk]), typed(papers=[program])
    )

    assert answer.status_code == 422
    assert "说明.pdf" in text_of(answer)
    assert Relief.objects.count() == 0


def test_refusal_needs_a_reason(world: Cast, owed: Obligation, browser_of: BrowserOf) -> None:
    relief = ask(browser_of, world.manager, owed)

    assert decide(browser_of, world.changji_officer, relief, decision="refuse") == 422
    assert (
        decide(browser_of, world.changji_officer, relief, decision="refuse", reason="不充分") == 302
    )

    assert Relief.objects.get().state == ReliefState.REFUSED


def test_decision_on_what_was_taken_back_is_stale_and_keeps_the_reason(
    world: Cast, owed: Obligation, browser_of: BrowserOf
) -> None:
    relief = ask(browser_of, world.manager, owed)
    browser_of(world.manager).post(reverse("relief-take-back", args=[relief.pk]))

    answer = browser_of(world.changji_officer).post(
        reverse("relief-decide", args=[relief.pk]),
        {"decision": "refuse", "state": "asked", "reason": "材料不全"},
    )

    assert answer.status_code == 409
    assert "Somebody decided on it meanwhile" in text_of(answer)
    assert Relief.objects.get().state == ReliefState.TAKEN_BACK


def test_waiver_in_two_steps(world: Cast, owed: Obligation, browser_of: BrowserOf) -> None:
    authority = world.plant.authority
    authority.grants_alone_days = 30
    authority.save(update_fields=["grants_alone_days"])
    relief = ask(browser_of, world.manager, owed, kind="waiver")

    page = text_of(browser_of(world.changji_officer).get(reverse("relief", args=[relief.pk])))
    assert "goes to the authority above" in page
    decide(browser_of, world.changji_officer, relief)
    relief.refresh_from_db()
    decide(browser_of, world.region_officer, relief)

    owed.refresh_from_db()
    assert owed.state == State.WAIVED


@pytest.mark.parametrize("rows", [1, 3])
def test_list_asks_the_database_the_same_for_one_and_for_three(
    world: Cast, browser_of: BrowserOf, rows: int, django_assert_max_num_queries: object
) -> None:
    for number in range(rows):
        Relief.objects.create(
            obligation=ObligationFactory.create(plant=world.plant),
            kind="waiver",
            due_on_before=TODAY,
            reason=f"理由{number}",
            token=uuid4(),
            asked_by=world.manager,
            asked_at=NOW,
            state_changed_at=NOW,
        )
    browser = browser_of(world.changji_officer)

    with django_assert_max_num_queries(8):  # type: ignore[operator]
        answer = browser.get(reverse("reliefs"))

    assert answer.content.decode().count("waits for you") == rows
