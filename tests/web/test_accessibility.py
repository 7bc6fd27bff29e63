"""Every page by axe, in both languages, on a desk and on a phone: nothing breaks WCAG 2.2 AA."""

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.axe import find_violations
from tests.browsers import NewPage
from tests.factories import (
    Cast,
    LimitFactory,
    StopWindowFactory,
    TargetFactory,
    make_obligation_at,
)
from tests.factories.walks import quarantine
from tests.web.access_to_machinery import (
    make_failed,
    make_ladder,
    make_told_channel,
    make_wording,
)
from tests.web.access_to_round_actions import make_asked_round
from tests.web.access_to_round_rooms import ENTRY_PAGES, room_pages
from tests.web.pages import (
    Things,
    get_addresses,
    links_by_mail,
    looked_at_once,
    make_annex,
    make_applied_annex,
    make_correction,
    make_things,
    sign_in,
)
from tracker.assessments.models import Decision, Review
from tracker.obligations.models import State
from tracker.reminders.backlog import read_groups
from tracker.reminders.digest import Due, build_digest
from tracker.reminders.models import Reminder
from tracker.reminders.notices import build_notice
from tracker.reminders.prefer import token_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), looked_at_once]

LOCALES = {"zh-CN": "zh-hans", "en": "en"}
WIDTHS = (1440, 360)
# A PDF is no page of ours; an e-mail is the manager's, and as a page of its own it runs no script.
ANNEXES = ("annexes", "annex", "annex-applied", "annex-take-back")
MACHINERY = ("machinery", "channels", "ladders", "ladder-add", "wordings", "wording-add")
NOT_HERS = (
    *("evidence-file", "message", "message-html", "trail"),
    *(*MACHINERY, *ANNEXES, *ENTRY_PAGES),
)


def look(page: Page, name: str) -> list[tuple[str, int, str]]:
    """What axe finds on the page that is open, at both widths."""
    found = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        found += [(name, width, fault) for fault in find_violations(page)]
    return found


def visit(page: Page, addresses: dict[str, str]) -> list[tuple[str, int, str]]:
    """The same for each of the addresses; a preview of a file need not have come."""
    found = []
    for name, address in addresses.items():
        answer = page.goto(address, wait_until="domcontentloaded")
        assert answer is not None
        assert (name, answer.ok) == (name, name != "refused")
        found += look(page, name)
    return found


@pytest.mark.parametrize("locale", LOCALES)
def test_pages_of_who_corrects_rules(
    crew: Cast, new_page: NewPage, live_server: object, locale: str
) -> None:
    rule = LimitFactory.create().requirement
    correction = make_correction(rule, crew.region_officer)
    target = TargetFactory.create(document=rule.document, verification="to_verify")
    applied = make_applied_annex(crew)
    window = StopWindowFactory.create(document_code=rule.document.code, verification="to_verify")
    pages = {
        "correction": reverse("correction", args=[rule.code]),
        "correction-undo": reverse("correction-undo", args=[correction.pk]),
        "correction-target": reverse("target-correction", args=[target.code]),
        "correction-document": reverse("document-correction", args=[rule.document.code]),
        "correction-window": reverse("window-correction", args=[window.pk]),
        "document": reverse("document", args=[rule.document.code]),
        "unverified": reverse("unverified"),
        "requirement": reverse("requirement", args=[rule.code]),
        "annexes": reverse("annexes"),
        "annex": reverse("annex", args=[make_annex(crew).pk]),
        "annex-applied": reverse("annex", args=[applied.pk]),
        "annex-take-back": reverse("annex-take-back", args=[applied.pk]),
    }
    page = sign_in(new_page(locale=locale), crew.region_officer, live_server)

    assert visit(page, pages) == []


@pytest.mark.parametrize("locale", LOCALES)
def test_officers_pages(crew: Cast, new_page: NewPage, live_server: object, locale: str) -> None:
    addresses = get_addresses(crew, make_things(crew))
    pages = {name: address for name, address in addresses.items() if name not in NOT_HERS}
    pages["narrowed"] = f"{reverse('obligations')}?state=to_review"
    pages["refused"] = reverse("plant", args=[crew.corps_plant.pk])
    page = sign_in(new_page(locale=locale), crew.changji_officer, live_server)

    assert visit(page, pages) == []


@pytest.mark.parametrize("locale", LOCALES)
def test_pages_with_a_virus(
    crew: Cast, new_page: NewPage, live_server: object, locale: str
) -> None:
    obligation = make_obligation_at(State.SUBMITTED, plant=crew.plant, manager=crew.manager)
    for evidence in obligation.submissions.get().evidence.select_related("stored"):
        quarantine(evidence.stored)
    pages = {
        "obligation": reverse("obligation", args=[obligation.pk]),
        "review": reverse("review", args=[obligation.pk]),
        "several": f"{reverse('review-several')}?pick={obligation.pk}",
        "files": reverse("plant-files", args=[crew.plant.pk]),
    }
    page = sign_in(new_page(locale=locale), crew.changji_officer, live_server)

    assert visit(page, pages) == []


@pytest.mark.parametrize("locale", LOCALES)
def test_other_peoples_pages(
    crew: Cast, new_page: NewPage, live_server: object, locale: str
) -> None:
    """Sign-in, the manager's own, and each other role's home; a manager answers on her pages."""
    things = make_things(crew)
    page = new_page(locale=locale)

    found = visit(page, strangers_pages(crew))
    sign_in(page, crew.manager, live_server)
    asked = reverse("round", args=[make_asked_round(crew).pk])
    found += visit(page, managers_pages(things) | {"round": asked} | room_pages(crew))
    sign_in(page, crew.administrator, live_server)
    found += visit(page, administrators_pages(crew))
    for person in (crew.group_manager, crew.administrator):
        sign_in(page, person, live_server)
        found += visit(page, {f"home of {person.email}": reverse("home")})
    found += visit(page, {"trail": reverse("trail")})

    assert found == []


def strangers_pages(crew: Cast) -> dict[str, str]:
    """What somebody opens who isn't signed in: the doors, and the links that come by e-mail."""
    plain = ("sign-in", "password-reset", "password-reset-sent")
    return {name: reverse(name) for name in plain} | links_by_mail(crew)


def managers_pages(things: Things) -> dict[str, str]:
    first = Reminder.objects.in_inbox_of(things.message.person)[0]
    return {
        "home": reverse("home"),
        "returned": reverse("obligation", args=[things.returned.pk]),
        "outbox": reverse("outbox"),
        "message": reverse("message", args=[things.message.pk]),
        "reminders": reverse("obligation-reminders", args=[things.waiting.pk]),
        "inbox": reverse("inbox"),
        "inbox-entry": reverse("inbox-entry", args=[first.pk]),
        "news-stop": reverse("news-stop", args=[token_of(first.person)]),
    }


def administrators_pages(crew: Cast) -> dict[str, str]:
    """With invitations that wait, after ``links_by_mail``."""
    post = crew.manager.memberships.get()
    row = make_failed(crew.manager)
    [group] = read_groups(Reminder.objects.filter(pk=row.pk))
    return {
        "people": reverse("people"),
        "role": reverse("role", args=[post.pk]),
        "machinery": reverse("machinery"),
        "machinery-reason": reverse("machinery-reason", args=[group.key]),
        "machinery-cancel": reverse("machinery-row-cancel", args=[row.pk]),
        "channels": reverse("channels"),
        "channel": reverse("channel", args=[make_told_channel(crew).pk]),
        "ladders": reverse("ladders"),
        "ladder-change": reverse("ladder-change", args=[make_ladder(crew.manager).pk]),
        "wordings": reverse("wordings"),
        "wording-change": reverse("wording-change", args=[make_wording(crew.manager).pk]),
    }


@pytest.mark.parametrize("locale", LOCALES)
def test_previews_of_reminders(
    crew: Cast, new_page: NewPage, live_server: object, locale: str
) -> None:
    """What a ladder and a wording would do, before they are saved."""
    page = sign_in(new_page(locale=locale), crew.administrator, live_server)
    found = []
    for kind, field, text in (("ladder", "before", "7, 0"), ("wording", "greeting", "{{ name }}")):
        page.goto(reverse(f"{kind}-add"))
        page.locator(f"[name={field}]").fill(text)
        page.locator(f"form[action='{reverse(f'{kind}-preview')}'] .btn-primary").click()
        expect(page.locator(f"[formaction='{reverse(f'{kind}-set')}']")).to_be_visible()
        found += look(page, kind)

    assert found == []


@pytest.mark.parametrize("locale", LOCALES)
def test_mails(crew: Cast, new_page: NewPage, locale: str) -> None:
    things, reader, page = make_things(crew), crew.manager, new_page(locale=locale)
    reader.language = LOCALES[locale]
    owed = (things.waiting, things.returned)
    dues = [Due(each.due_on, each.pk, each.plant_id) for each in owed]
    letters = (
        build_digest(person=reader, dues=dues, today=timezone.localdate()),
        build_notice(person=reader, decision=Decision.RETURN, reviews=[Review.objects.get()]),
    )

    found = []
    for letter in letters:
        page.set_content(letter.html)
        found += look(page, letter.subject)

    assert found == []
