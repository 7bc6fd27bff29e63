"""Chromium for the browser tests: where it is, how it runs, what its pages complain about."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

NewPage = Callable[..., Page]

ARGUMENTS = [
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]
# The browser's own word for an answer of 4xx or 5xx: tests of refusals expect those.
STATUS_NOTE = "Failed to load resource"


def find_chromium() -> str | None:
    """Return the browser's path: CHROMIUM, or what the PATH has."""
    given = os.environ.get("CHROMIUM", "")
    if given:
        return given if Path(given).exists() else None
    return shutil.which("chromium") or shutil.which("chromium-browser")


class Pages:
    """Opens pages, each in a context of its own, and collects their complaints."""

    def __init__(self, browser: Browser, base_url: str) -> None:
        self.browser = browser
        self.base_url = base_url
        self.contexts: list[BrowserContext] = []
        self.faults: list[str] = []

    def __enter__(self) -> "Pages":
        return self

    def __exit__(self, *_: object) -> None:
        for context in self.contexts:
            context.close()

    def open(self, *, width: int = 1440, locale: str = "zh-CN", **options: Any) -> Page:
        """Return an empty page of a new visitor; relative addresses are the live site's."""
        context = self.browser.new_context(
            base_url=self.base_url,
            viewport={"width": width, "height": 900},
            locale=locale,
            has_touch=width < 600,
            **options,
        )
        context.set_default_timeout(10_000)
        self.contexts.append(context)
        page = context.new_page()
        page.on("console", self._note)
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        return page

    def _note(self, message: ConsoleMessage) -> None:
        if message.type == "error" and STATUS_NOTE not in message.text:
            self.faults.append(message.text)
