"""The machinery's page and banner: who sees them, what they say, and what the buttons do."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from plants.models import Authority
from tests import valkey
from tests.factories import NOW, Cast, PersonFactory, administrator_of
from tests.web.access_to_machinery import make_failed
from tests.web.conftest import BrowserOf
from tests.web.pages import text_of
from tracker.audit import Event, Verb
from tracker.celery import app
from tracker.reminders.backlog import read_groups
from tracker.reminders.models import Heartbeat, Reminder
from tracker.serving.queue import count_waiting_tasks

pytestmark = pytest.mark.django_db
BANNER = "the night's run stands still"
PAGE = "/machinery/"


def sign(**seconds: int) -> None:
    for name, past in seconds.items():
        Heartbeat.objects.create(name=name, at=NOW - timedelta(seconds=past))


def key_of_only_group() -> str:
    [group] = read_groups(Reminder.objects.all())
    return group.key


@pytest.mark.parametrize(
    ("signs", "said"),
    [
        ({"beat": 1, "worker": 1}, ""),
        ({"beat": 21, "worker": 1}, f"{BANNER}: no sign of life from the clock (beat)."),
        ({"beat": 21, "worker": 21}, "from the clock (beat) and the worker."),
        ({"beat": 21, "worker": 21, "started": 5}, "The site has just started"),
    ],
)
def test_banner_tells_administrators_who_is_silent(
    world: Cast, browser_of: BrowserOf, signs: dict[str, int], said: str
) -> None:
    sign(**signs)

    hers, officers = (
        text_of(browser_of(who).get(reverse("roles")))
        for who in (world.administrator, world.region_officer)
    )

    assert said in hers
    assert (BANNER in hers) == (BANNER in said or "from the clock" in said)
    assert BANNER not in officers
    assert "just started" not in officers


def test_banner_costs_one_query_and_others_none(world: Cast, browser_of: BrowserOf) -> None:
    counts = []
    for who in (world.administrator, world.region_officer):
        browser = browser_of(who)
        browser.get(reverse("roles"))
        with CaptureQueriesContext(connection) as asked:
            browser.get(reverse("roles"))
        counts.append(sum("heartbeat" in each["sql"] for each in asked))

    assert counts == [1, 0]


def test_who_has_every_right_sees_banner_and_page(browser_of: BrowserOf) -> None:
    browser = browser_of(PersonFactory.create(is_superuser=True))

    assert BANNER in text_of(browser.get(reverse("roles")))
    assert browser.get(PAGE).status_code == 200


@pytest.mark.parametrize(
    ("language", "sentence", "word"),
    [("en", "Mails go out.", "lives"), ("zh-CN", "邮件发送正常。", "正常")],
)
def test_page_says_that_mails_go_out(
    world: Cast, browser_of: BrowserOf, language: str, sentence: str, word: str
) -> None:
    sign(beat=1, worker=1, nightly=3600)

    page = text_of(browser_of(world.administrator, language=language).get(PAGE))

    assert sentence in page
    assert page.count(word) >= 2
    assert "2026-09-02 06:00" in page


def test_page_groups_what_did_not_get_through(
    world: Cast, browser_of: BrowserOf, django_assert_max_num_queries: Any
) -> None:
    sign(beat=1, worker=1)
    for number in range(3):
        make_failed(world.manager, f"550 5.1.1 <p{number}@demo.example> unknown")
    make_failed(world.other_manager, "ConnectionRefusedError: [Errno 111] Connection refused")
    browser = browser_of(world.administrator)
    browser.get(PAGE)

    with django_assert_max_num_queries(12):
        page = browser.get(PAGE)

    assert [group.rows for group in page.context["groups"]] == [3, 1]
    assert "Mails go out, but 4 reminders didn't get through." in text_of(page)
    group = page.context["groups"][0]
    opened = browser.get(reverse("machinery-reason", args=[group.key]))
    assert [row.person for row in opened.context["page"]] == [world.manager] * 3


def test_page_says_so_when_the_server_is_away(world: Cast, browser_of: BrowserOf) -> None:
    sign(beat=1, worker=1)
    make_failed(world.manager)
    away = "ConnectionRefusedError: [Errno 111] Connection refused"
    make_failed(world.manager, away, state="planned", attempts=1)

    page = text_of(browser_of(world.administrator).get(PAGE))

    assert "Mails don't go out. The mail server can't be reached. Check that it runs" in page


def test_rows_beyond_her_authority_are_not_there(world: Cast, browser_of: BrowserOf) -> None:
    row = make_failed(world.manager)
    key, corps = key_of_only_group(), administrator_of(Authority.objects.get(code="corps"))
    browser = browser_of(corps)

    seen = browser.get(PAGE)
    answers = [
        browser.get(reverse("machinery-reason", args=[key])).status_code,
        browser.post(reverse("machinery-row-retry", args=[row.pk])).status_code,
        browser.post(
            reverse("machinery-row-cancel-apply", args=[row.pk]), {"reason": "x"}
        ).status_code,
        browser.post(reverse("machinery-reason-retry", args=[key])).status_code,
    ]

    assert (seen.context["groups"], answers) == ([], [404, 404, 404, 302])
    row.refresh_from_db()
    assert row.state == "failed"


def test_buttons_without_scripts_retry_and_call_off(world: Cast, browser_of: BrowserOf) -> None:
    browser, row = browser_of(world.administrator), make_failed(world.manager)
    key = key_of_only_group()

    asked = browser.get(reverse("machinery-reason-cancel", args=[key]))
    address = reverse("machinery-reason-cancel-apply", args=[key])
    form = fields_of_textarea(asked, address)
    empty = browser.post(address, form)
    first, second = (browser.post(address, {"reason": "已电话告知"}, follow=True) for _ in range(2))

    assert (empty.status_code, "Say why" in text_of(empty)) == (422, True)
    assert "1 was called off." in text_of(first)
    assert "There was nothing left to do." in text_of(second)
    assert Event.objects.filter(verb=Verb.CALLED_OFF, note="已电话告知").count() == 1
    history = browser.get(reverse("plant-history", args=[world.plant.pk]))
    assert f"called off the reminder to {world.manager.name}" in text_of(history)
    row.refresh_from_db()
    assert row.state == "cancelled"


def fields_of_textarea(page: Any, address: str) -> dict[str, str]:
    """What the form sends as it stands: nothing typed."""
    assert f'action="{address}"' in page.content.decode()
    assert page.content.decode().count("<textarea") == 1
    return {"reason": ""}


def test_retry_of_one_row_says_so_once(world: Cast, browser_of: BrowserOf) -> None:
    browser, row = browser_of(world.administrator), make_failed(world.manager)
    address = reverse("machinery-row-retry", args=[row.pk])

    said = [text_of(browser.post(address, follow=True)) for _ in range(2)]

    assert "1 is tried anew." in said[0]
    assert "There was nothing left to do." in said[1]


def test_test_mail_is_promised_once_a_minute(world: Cast, browser_of: BrowserOf) -> None:
    browser = browser_of(world.administrator)

    first, second = (
        text_of(browser.post(reverse("machinery-test-mail"), follow=True)) for _ in range(2)
    )

    assert "waits to be sent" in first
    assert "One is on its way already" in second
    assert world.administrator.account_mails.count() == 1


def test_page_stays_up_when_the_broker_stops(
    world: Cast, browser_of: BrowserOf, settings: Any
) -> None:
    browser = browser_of(world.administrator)
    settings.CELERY_BROKER_TRANSPORT_OPTIONS = {"global_keyprefix": "ule-"}
    with valkey.running_server() as url:
        settings.CELERY_BROKER_URL = url
        with app.connection_for_write(url=url) as connection:
            app.send_task("tracker.pulse", connection=connection)
        running = browser.get(PAGE)
    stopped = browser.get(PAGE)

    assert (running.context["waiting_tasks"], running.status_code) == (1, 200)
    assert (stopped.context["waiting_tasks"], stopped.status_code) == (None, 200)
    assert "the queue does not answer" in text_of(stopped)


def test_folder_of_the_file_broker_is_counted(settings: Any, tmp_path: Any) -> None:
    settings.CELERY_BROKER_URL = "filesystem://localhost/"
    settings.CELERY_BROKER_TRANSPORT_OPTIONS = {"data_folder_in": str(tmp_path / "queue")}
    missing = count_waiting_tasks()
    (tmp_path / "queue").mkdir()
    for name in ("1_a.celery.msg", "2_b.celery.msg", "3_c.other.msg"):
        (tmp_path / "queue" / name).touch()

    assert (missing, count_waiting_tasks()) == (None, 2)


@pytest.mark.parametrize("page", ["ladders", "wordings", "channels"])
def test_its_pages_are_marked_in_the_side_bar(
    page: str, world: Cast, browser_of: BrowserOf
) -> None:
    shown = browser_of(world.administrator).get(reverse(page)).content.decode()

    marked = re.findall(r'<a class="nav" href="([^"]+)" aria-current="page">', shown)
    assert marked == [reverse("machinery")]
