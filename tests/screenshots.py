"""`make screenshots`: pictures of a running demo (`make run`), for the README and for our eyes.

`make screenshots` renews docs/img. `make screenshots ARGS="--all FOLDER"` takes every page as each
persona in both languages at 1440 and 360 px.
"""

import argparse
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests import browsers

ROOT = Path(__file__).resolve().parent.parent
PASSWORD = "demo-ULE-2024"
CHINESE, ENGLISH = "zh-CN", "en"
DESK, PHONE = 1440, 360


@dataclass(frozen=True)
class Shot:
    """One picture: who looks, at what; ``follow`` names links to go on by, with ``>>`` between."""

    name: str
    persona: str
    path: str
    follow: str = ""


A_PLANT = "a[href^='/plants/']:not([href='/plants/'])"
OFFICER, MANAGER = "changji-officer", "manager"
REGION, MONITORING, TECHNICAL = "region-officer", "monitoring", "technical"
A_ROUND = "main table a.title"
README: tuple[tuple[Shot, str, int], ...] = (
    (Shot("officer-home", OFFICER, "/"), CHINESE, DESK),
    (
        Shot("plant", OFFICER, "/plants/", "a[href^='/plants/']:not([href='/plants/'])"),
        ENGLISH,
        DESK,
    ),
    (Shot("review", OFFICER, "/review/"), CHINESE, DESK),
    (Shot("obligation", MANAGER, "/obligations/?state=returned", "a.title"), ENGLISH, DESK),
    (Shot("manager-phone", MANAGER, "/"), CHINESE, PHONE),
)
EVERYTHING = (
    Shot("sign-in", "", "/sign-in/"),
    Shot("home", OFFICER, "/"),
    Shot("home-region", "region-officer", "/"),
    Shot("home-corps", "corps-officer", "/"),
    Shot("home-manager", MANAGER, "/"),
    Shot("home-group", "group-manager", "/"),
    Shot("home-auditor", "auditor", "/"),
    Shot("home-admin", "admin", "/"),
    Shot("trail", "auditor", "/audit/"),
    Shot("plant-files", MANAGER, "/plants/", f"{A_PLANT} >> main a[href$='/files/']"),
    Shot(
        "plant-holds",
        OFFICER,
        "/plants/",
        f"{A_PLANT} >> main a[href$='/files/'] >> a[href$='/holds/']",
    ),
    Shot("files", OFFICER, "/files/?q=氨"),
    Shot("files-quarantined", OFFICER, "/files/?q=门禁系统运行记录"),
    Shot(
        "obligation-quarantined",
        MANAGER,
        "/files/?q=门禁系统运行记录",
        "main a[href^='/obligations/']",
    ),
    Shot("preview-table", OFFICER, "/files/?kind=table", "main a[href$='/preview/']"),
    Shot("preview-pdf", OFFICER, "/files/?kind=pdf", "main a[href$='/preview/']"),
    Shot("spot-checks", "region-officer", "/spot-checks/"),
    Shot("spot-checks-manager", MANAGER, "/spot-checks/"),
    Shot("spot-draw-form", "region-officer", "/spot-checks/draws/new/"),
    Shot("spot-draw", "region-officer", "/spot-checks/", "main li a[href^='/spot-checks/draws/']"),
    Shot("spot-check", MANAGER, "/spot-checks/", "main table a.title"),
    Shot("plants", OFFICER, "/plants/"),
    Shot("plant", OFFICER, "/plants/", "a[href^='/plants/']:not([href='/plants/'])"),
    Shot("plant-manager", MANAGER, "/plants/", "a[href^='/plants/']:not([href='/plants/'])"),
    Shot(
        "plant-requirements",
        OFFICER,
        "/plants/",
        "a[href^='/plants/']:not([href='/plants/']) >> main a[href$='/requirements/']",
    ),
    Shot("calendar", OFFICER, "/calendar/"),
    Shot("calendar-stops", "region-officer", "/calendar/?month=2026-06"),
    Shot("calendar-list", MANAGER, "/calendar/?view=list"),
    Shot("projects", MANAGER, "/plants/", f"{A_PLANT} >> a[href$='/projects/']"),
    Shot("permits", MANAGER, "/plants/", f"{A_PLANT} >> a[href$='/permits/']"),
    Shot(
        "planner",
        OFFICER,
        "/plants/",
        "a[href^='/plants/']:not([href='/plants/']) >> a[href$='/planner/']",
    ),
    Shot(
        "planner-manager",
        MANAGER,
        "/plants/",
        "a[href^='/plants/']:not([href='/plants/']) >> a[href$='/planner/']",
    ),
    Shot("home-assessor", MONITORING, "/"),
    Shot("rounds", REGION, "/rounds/"),
    Shot("rounds-stage", REGION, "/rounds/?stage=public_notice"),
    Shot("rounds-assessor", TECHNICAL, "/rounds/"),
    Shot("round", MANAGER, "/rounds/", A_ROUND),
    Shot("round-officer", OFFICER, "/rounds/?stage=monitoring", A_ROUND),
    Shot("round-technical", TECHNICAL, "/rounds/?stage=monitoring", A_ROUND),
    Shot("round-auditor", "auditor", "/rounds/?stage=monitoring", A_ROUND),
    Shot("round-notice", REGION, "/rounds/?stage=public_notice", A_ROUND),
    Shot("round-listed", REGION, "/rounds/?stage=listed", A_ROUND),
    Shot("round-samples", MANAGER, "/rounds/", f"{A_ROUND} >> main a[href$='/samples/']"),
    Shot(
        "round-outlet",
        MONITORING,
        "/rounds/?stage=monitoring",
        f"{A_ROUND} >> main a[href$='/samples/'] >> {A_ROUND}",
    ),
    Shot(
        "round-samples-enter",
        MONITORING,
        "/rounds/?stage=monitoring",
        f"{A_ROUND} >> main a[href$='/samples/'] >> main a[href$='/enter/']",
    ),
    Shot(
        "round-fugitive",
        TECHNICAL,
        "/rounds/?stage=monitoring",
        f"{A_ROUND} >> main a[href$='/fugitive/']",
    ),
    Shot(
        "round-source",
        TECHNICAL,
        "/rounds/?stage=monitoring",
        f"{A_ROUND} >> main a[href$='/fugitive/'] >> .sources a",
    ),
    Shot("round-transport", MANAGER, "/rounds/", f"{A_ROUND} >> main a[href$='/transport/']"),
    Shot(
        "round-transport-month",
        MANAGER,
        "/rounds/",
        f"{A_ROUND} >> main a[href$='/transport/'] >> main a[href*='/transport/month/']",
    ),
    Shot(
        "round-transport-fleet",
        MANAGER,
        "/rounds/",
        f"{A_ROUND} >> main a[href$='/transport/'] >> main a[href$='/fleet/']",
    ),
    Shot("round-report", MANAGER, "/rounds/", f"{A_ROUND} >> main a[href$='/report/']"),
    Shot("list", REGION, "/list/"),
    Shot("list-removed", REGION, "/list/?show=removed"),
    Shot("plant-findings", OFFICER, "/plants/", f"{A_PLANT} >> main a[href$='/findings/']"),
    Shot("round-form", MANAGER, "/plants/", f"{A_PLANT} >> main a[href$='/rounds/new/']"),
    Shot("obligations", OFFICER, "/obligations/?state=overdue"),
    Shot("obligation-returned", MANAGER, "/obligations/?state=returned", "a.title"),
    Shot("obligation-owed", MANAGER, "/obligations/?state=due_soon", "a.title"),
    Shot("obligation-accepted", OFFICER, "/obligations/?state=accepted", "a.title"),
    Shot(
        "obligation-reminders",
        OFFICER,
        "/obligations/?state=overdue",
        "a.title >> a[href$='/reminders/']",
    ),
    Shot("review", OFFICER, "/review/"),
    Shot("review-second-level", "region-officer", "/review/?level=second"),
    Shot("review-second-level-corps", "corps-bureau-officer", "/review/?level=second"),
    Shot(
        "decision-correction",
        OFFICER,
        "/obligations/?state=accepted",
        "a.title >> a[href$='/decision/correct/']",
    ),
    Shot("reliefs", OFFICER, "/reliefs/"),
    Shot("relief", OFFICER, "/reliefs/", "main a[href^='/reliefs/']"),
    Shot("relief-agreed", "region-officer", "/reliefs/", "main a[href^='/reliefs/']"),
    Shot("relief-manager", MANAGER, "/reliefs/", "main a[href^='/reliefs/']"),
    Shot("relief-form", MANAGER, "/obligations/?state=overdue", "a.title >> a[href$='/relief/']"),
    Shot("requirements", OFFICER, "/requirements/"),
    Shot("requirement", OFFICER, "/requirements/", "main a[href^='/requirements/']"),
    Shot("unverified", "region-officer", "/unverified/"),
    Shot("correction", "region-officer", "/requirements/r117-organised/correct/"),
    Shot("correction-target", "region-officer", "/targets/r117-2028/correct/"),
    Shot("correction-document", "region-officer", "/documents/region-117-2024/correct/"),
    Shot(
        "correction-window",
        "region-officer",
        "/documents/stop-window-2025-26/",
        "#stops a[href$='/correct/']",
    ),
    Shot("document", OFFICER, "/documents/region-117-2024/"),
    Shot("document-stops", "region-officer", "/documents/stop-window-2025-26/"),
    Shot("requirement-subjects", "region-officer", "/requirements/opinion-kiln-tail/subjects/"),
    Shot("requirement-subjects-dated", "region-officer", "/requirements/permit-renewal/subjects/"),
    Shot("annexes", "region-officer", "/annexes/"),
    Shot("annex", "region-officer", "/annexes/", "main a.title"),
    Shot("inbox", MANAGER, "/inbox/"),
    Shot("inbox-entry", MANAGER, "/inbox/", ".inbox a.title"),
    Shot("outbox", MANAGER, "/outbox/"),
    Shot("message", MANAGER, "/outbox/", "main a[href^='/outbox/']"),
    Shot("account", MANAGER, "/account/"),
    Shot("account-password", MANAGER, "/password/"),
    Shot("account-address", MANAGER, "/address/"),
    Shot("account-sessions", MANAGER, "/sessions/"),
    Shot("factor", MANAGER, "/second-factor/"),
    Shot("factor-password", MANAGER, "/second-factor/app/"),
    Shot("roles", MANAGER, "/roles/"),
    Shot("role", "admin", "/people/?q=changji", "main td a[href^='/people/roles/']"),
    Shot(
        "role-manager",
        "admin",
        "/people/?q=manager-004",
        "main td a[href^='/people/roles/']",
    ),
    Shot("people", OFFICER, "/people/"),
    Shot("people-admin", "admin", "/people/?q=changji"),
    Shot("machinery", "admin", "/machinery/"),
    Shot("machinery-reason", "admin", "/machinery/", "a[href^='/machinery/reasons/']"),
    Shot("machinery-cancel", "admin", "/machinery/", "a[href$='/cancel/']"),
    Shot("people-marked", "admin", "/people/?q=manager@demo"),
    Shot("channels", "admin", "/channels/"),
    Shot("channel", "admin", "/channels/", "main a.title"),
    Shot("ladders", "admin", "/ladders/"),
    Shot("ladder-add", "admin", "/ladders/add/"),
    Shot("wordings", "admin", "/wordings/"),
    Shot("wording-add", "admin", "/wordings/add/"),
    Shot("password-reset", "", "/password/reset/"),
    Shot("password-reset-sent", "", "/password/reset/sent/"),
    Shot("not-found", MANAGER, "/plants/999999/"),
)


def main() -> None:
    arguments = _arguments()
    path = browsers.find_chromium()
    if path is None:
        raise SystemExit("screenshots: no Chromium here")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=browsers.ARGUMENTS)
        if arguments.all is None:
            _readme(browser, arguments.url)
        else:
            _everything(browser, arguments.url, arguments.all, arguments.only)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", default="http://127.0.0.1:8000", help="the running demo")
    parser.add_argument("--all", type=Path, metavar="FOLDER", help="every page, into a folder")
    parser.add_argument("--only", default="", help="with --all: names that match this pattern")
    return parser.parse_args()


def _readme(browser: Browser, url: str) -> None:
    folder = ROOT / "docs" / "img"
    folder.mkdir(parents=True, exist_ok=True)
    for shot, locale, width in README:
        with _visitor(browser, url, shot.persona, locale, width) as page:
            _go(page, shot)
            page.screenshot(path=folder / f"{shot.name}.png")


def _everything(browser: Browser, url: str, folder: Path, only: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for locale in (CHINESE, ENGLISH):
        for width in (DESK, PHONE):
            for persona in sorted({shot.persona for shot in EVERYTHING}):
                shots = [s for s in EVERYTHING if s.persona == persona and re.search(only, s.name)]
                if shots:
                    with _visitor(browser, url, persona, locale, width) as page:
                        _take(page, shots, folder, f"{locale[:2]}-{width}")


def _take(page: Page, shots: list[Shot], folder: Path, suffix: str) -> None:
    for shot in shots:
        _go(page, shot)
        page.screenshot(path=folder / f"{shot.name}-{suffix}.png", full_page=True)


@contextmanager
def _visitor(browser: Browser, url: str, persona: str, locale: str, width: int) -> Iterator[Page]:
    """Somebody signed in, with a window of that width; nobody where persona is empty."""
    with browsers.Pages(browser, url) as pages:
        page = pages.open(width=width, locale=locale)
        if persona:
            page.goto("/sign-in/")
            page.locator("[name=login]").fill(f"{persona}@demo.example")
            page.locator("[name=password]").fill(PASSWORD)
            page.locator("main form [type=submit]").first.click()
            page.wait_for_load_state()
        yield page
    for fault in pages.faults:
        print(f"{persona} {locale} {width}: {fault}")


def _go(page: Page, shot: Shot) -> None:
    page.goto(shot.path)
    for link in filter(None, shot.follow.split(" >> ")):
        page.goto(str(page.locator(link).first.get_attribute("href")))


if __name__ == "__main__":
    main()
