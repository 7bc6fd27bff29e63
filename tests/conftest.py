"""What every test may ask for: real parts on scratch folders, and no way out to the network."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from django.core.cache import cache
from django.test import TransactionTestCase
from playwright.sync_api import Browser, Page, sync_playwright

from tests import browsers, mail, valkey
from tracker.trail_guard import lifted_guard

FIRST_PASS = "FIRST_PASS_STATUS"
# What the fixtures of pytest-django are called that open a database.
DATABASE_FIXTURES = {"db", "transactional_db", "live_server"}

# A busy machine is slow at times, which is no fault; examples are not kept between runs.
hypothesis.settings.register_profile("house", deadline=None, database=None)
hypothesis.settings.load_profile("house")


@pytest.fixture(autouse=True, scope="session")
def emptied_tables() -> Iterator[None]:
    """Tests with transactions of their own empty the tables at their end, the trail's as well."""
    case: Any = TransactionTestCase
    empty = case._fixture_teardown

    def emptied(self: TransactionTestCase) -> None:
        with lifted_guard():
            empty(self)

    case._fixture_teardown = emptied
    yield
    case._fixture_teardown = empty


@pytest.fixture(autouse=True)
def own_folders(settings: Any, tmp_path: Path) -> None:
    """Each test stores its files in a folder of its own."""
    settings.FILES_DIR = tmp_path / "files"
    settings.MEDIA_ROOT = settings.FILES_DIR


@pytest.fixture(autouse=True)
def fresh_limits() -> None:
    """Tests sign in as the same few people; how often is counted in the cache."""
    cache.clear()


@pytest.fixture(scope="session")
def valkey_url() -> Iterator[str]:
    """A real broker: the Redis in TEST_BROKER_URL, or the embedded server on a scratch socket."""
    if given := os.environ.get("TEST_BROKER_URL"):
        yield given
        return
    with valkey.running_server() as url:
        yield url


@pytest.fixture
def smtp_server(settings: Any) -> Iterator[mail.Server]:
    """A real SMTP server in this process; Django's mails go to it and are kept in `received`."""
    with mail.running_server() as server:
        settings.EMAIL_BACKEND = "tracker.reminders.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.address
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
        yield server


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """A headless Chromium; without one the test is skipped, or fails where CI=true."""
    path = browsers.find_chromium()
    if path is None:
        reason = "no Chromium here (looked for CHROMIUM and chromium on the PATH)"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    # Playwright's event loop runs in this thread; Django must not take that for async code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=browsers.ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def new_page(chromium: Browser, live_server: Any) -> Iterator[browsers.NewPage]:
    """Open pages on the live site: `new_page(width=360, locale="en")`.

    The test fails if a page it opened wrote an error to its console (so the content security
    policy is tested by every browser test).
    """
    with browsers.Pages(chromium, live_server.url) as pages:
        yield pages.open
    assert pages.faults == []


@pytest.fixture
def browser_page(new_page: browsers.NewPage) -> Page:
    """One page, 1440 px wide, of a reader of Chinese."""
    return new_page()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """In the second pass of `make test` leave out what hangs on no database: it ran already.

    Nor does a page look another way there: what Chromium is for is seen in the first pass, but for
    journeys. What pages read and write is tested by requests in both. `once` marks what walks rules
    that other tests try on both, at great length.
    """
    if FIRST_PASS not in os.environ or os.environ.get("TEST_DATABASE") != "postgresql":
        return
    alike = [item for item in items if _is_alike(item)]
    items[:] = [item for item in items if not _is_alike(item)]
    config.hook.pytest_deselected(items=alike)


def _is_alike(item: pytest.Item) -> bool:
    if item.get_closest_marker("processes") or item.get_closest_marker("journey"):
        return False
    alike = ("browser", "once")
    return any(map(item.get_closest_marker, alike)) or not _opens_database(item)


def _opens_database(item: pytest.Item) -> bool:
    """Also those that start the site itself, on a database of their own."""
    if item.get_closest_marker("django_db") or item.get_closest_marker("processes"):
        return True
    return not DATABASE_FIXTURES.isdisjoint(getattr(item, "fixturenames", ()))


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """In the second pass of `make test`, recall a failure of the first one."""
    if os.environ.get(FIRST_PASS, "0") != "0":
        terminalreporter.write_line("The first pass, on SQLite, FAILED: see above.", red=True)
