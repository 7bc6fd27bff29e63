"""The whole journey on a running site: upload, review, mail; web, worker, broker and SMTP real."""

import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests import browsers, mail, postgresql
from tests.infrastructure.sites import MANAGE, ROOT, Site, is_alive, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.processes]

MANAGER, OFFICER = "manager@demo.example", "changji-officer@demo.example"
PASSWORD = "demo-ULE-2024"
# The page after a decision says so; that of before has notes of other kinds, an instant longer.
DECIDED = ".note.success[role=status]"
# The night of the last working day: digests go on working days, at hours that have come.
LAST_NIGHT = """
from datetime import timedelta
from django.utils import timezone
from tracker.obligations.workdays import is_working_day
from tracker.reminders.days import moment
from tracker.reminders.nightly import finish_night
from tracker.reminders.plan import plan_reminders

day = timezone.localdate() - timedelta(days=1)
while not is_working_day(day):
    day -= timedelta(days=1)
plan_reminders(today=day, at=moment(day, 6))
finish_night(now=timezone.now())
"""
SENDS_BY_ITSELF_SECONDS = 90  # a review's mail needs no minute; the sweep is the safety net


@pytest.fixture
def post_office() -> Iterator[mail.Server]:
    with mail.running_server() as server:
        yield server


@pytest.fixture
def database_url() -> Iterator[str]:
    """The site's own database, on the same kind of server as the rest of this pass."""
    if connection.vendor == "sqlite":
        yield ""
        return
    with postgresql.empty_database() as url:
        yield url


@pytest.fixture
def site(database_url: str, post_office: mail.Server) -> Iterator[Site]:
    """A small demo of a week ago with reminders that wait, served with mail going out by SMTP."""
    site, last_week = Site(), timezone.localdate() - timedelta(days=7)
    site.parts = {"DATABASE_URL": database_url}
    smtp = f"smtp://127.0.0.1:{post_office.address[1]}"
    try:
        manage(site, "migrate", "--verbosity=0")
        manage(site, "load_regulations")
        manage(site, "seed_demo", "--plants=4", f"--today={last_week}")
        manage(site, "shell", "--command", LAST_NIGHT)
        site.start(EMAIL_URL=smtp, DEMO_SITE="true", DEBUG="true")
        yield site
        # How a site stops is tested elsewhere; here its worker would first read the demo's files.
        everybody = site.everybody()
        site.kill()
        wait_until(lambda: not any(is_alive(pid) for pid in everybody))
    finally:
        site.remove()


@pytest.fixture
def new_page(chromium: Browser, site: Site) -> Iterator[browsers.NewPage]:
    with browsers.Pages(chromium, f"http://127.0.0.1:{site.port}") as pages:
        yield pages.open
    assert pages.faults == []


@pytest.fixture
def two_files(tmp_path: Path) -> list[str]:
    report, photo = tmp_path / "窑尾监测报告（盖章）.pdf", tmp_path / "现场照片.png"
    Image.new("RGB", (200, 280), "white").save(report, "PDF")
    Image.new("RGB", (64, 64), "teal").save(photo, "PNG")
    return [str(report), str(photo)]


def manage(site: Site, *arguments: str) -> None:
    subprocess.run([*MANAGE, *arguments], env=site.environment(), check=True)


def ask_worker(site: Site, task: str) -> None:
    """Put a task on the running site's queue, as beat does."""
    command = [sys.executable, "-m", "celery", "-A", "tracker", "call", task]
    subprocess.run(command, cwd=ROOT, env=site.environment(), check=True)


def sign_in(page: Page, email: str) -> None:
    page.goto("/sign-in/")
    page.locator("[name=login]").fill(email)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main form [type=submit]").first.click()
    expect(page).not_to_have_url(re.compile("sign-in"))


def subjects_to(server: mail.Server, email: str) -> list[str]:
    return [str(message["Subject"]) for message in server.received if message["To"] == email]


def body_of(message: EmailMessage) -> str:
    part = message.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def test_answer_is_uploaded_reviewed_and_told(
    site: Site, post_office: mail.Server, new_page: browsers.NewPage, two_files: list[str]
) -> None:
    # The night's reminders go out by the worker: one mail for the manager, and no second one.
    ask_worker(site, "tracker.send_due")
    wait_until(lambda: len(subjects_to(post_office, MANAGER)) == 1, SENDS_BY_ITSELF_SECONDS)
    ask_worker(site, "tracker.send_due")

    # The manager, on a phone, in Chinese: what she owes, two files, a note, submitted.
    phone = new_page(width=360)
    sign_in(phone, MANAGER)
    phone.goto("/obligations/?state=owed")
    obligation = phone.locator("a.title").first.get_attribute("href") or ""
    phone.goto(obligation)
    obligation = phone.url
    phone.locator("input[type=file][multiple]").set_input_files(two_files)
    expect(phone.locator(".file-list li")).to_have_count(2)
    phone.locator("textarea[name=note]").fill("两份材料，请审核。")
    phone.locator(".row-actions [type=submit]").click()
    expect(phone.locator("textarea[name=note]")).to_have_count(0)

    # The officer, at her desk, in English: reads it, returns it with a reason, by keyboard.
    desk = new_page(locale="en")
    sign_in(desk, OFFICER)
    desk.goto(f"/review/{obligation.rstrip('/').rpartition('/')[2]}/")
    expect(desk.get_by_text("两份材料，请审核。")).to_be_visible()
    expect(desk.get_by_text("窑尾监测报告（盖章）.pdf").first).to_be_visible()
    desk.keyboard.press("r")
    desk.keyboard.type("缺少监测人员签字。")
    desk.locator("button[value=return]").click()
    expect(desk.locator(DECIDED)).to_be_visible()

    # The worker tells the manager at once, in her language.
    wait_until(lambda: len(subjects_to(post_office, MANAGER)) == 2, SENDS_BY_ITSELF_SECONDS)
    told = [message for message in post_office.received if message["To"] == MANAGER][-1]
    assert "缺少监测人员签字。" in body_of(told)
    assert obligation.partition("/obligations/")[2] in body_of(told)

    # She sees why, and can answer again; her files are still there.
    phone.goto(obligation)
    expect(phone.get_by_text("缺少监测人员签字。").first).to_be_visible()
    expect(phone.locator(".files .file-list li")).to_have_count(2)
    phone.locator(".row-actions [type=submit]").click()
    expect(phone.locator("textarea[name=note]")).to_have_count(0)

    # Accepted with one key: she sees it there, and reads of it in her next digest.
    desk.goto(f"/review/{obligation.rstrip('/').rpartition('/')[2]}/")
    desk.keyboard.press("a")
    expect(desk.locator(DECIDED)).to_be_visible()
    phone.goto(obligation)
    expect(phone.locator(".b-accepted").first).to_be_visible()
    ask_worker(site, "tracker.send_due")
    assert len(subjects_to(post_office, MANAGER)) == 2
