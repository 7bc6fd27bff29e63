"""Prints how fast pages, nights, mails, reviews, uploads and an annex are; exits 1 if one is not.

`python -m tests.bench [sqlite] [postgresql] [--times N]`
"""

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from tests import postgresql, valkey
from tests.bench import annex, busy, upload
from tests.bench.demo import Demo, demo_on, worker_memory_mb
from tests.bench.visitor import Times, Visitor, measure_together

OFFICER = "region-officer@demo.example"
AUDITOR = "auditor@demo.example"
MANAGER = "manager@demo.example"
CLIENTS = 4
FEWEST_PAGES_A_SECOND = 80
MOST_WORKER_MB = 180
MOST_MIGRATE_SECONDS = 60
QUEUES = {
    "queue": "/review/",
    "queue, due first": "/review/?sort=due",
    "queue, narrowed": "/review/?authority=region-p03&part=fugitive&due=soon",
    "queue, one plant": "/review/?name=bench-777",
}
BOARDS = {"all": "/rounds/", "one stage": "/rounds/?stage=filed", "page 9": "/rounds/?page=9"}
HEADING = (
    f"{'page':<32}{'p50 ms':>8}{'limit':>7}{'p95 ms':>8}{'x floor':>9}"
    f"{'queries':>9}{'limit':>7}{'kB':>7}"
)


@dataclass(frozen=True)
class Page:
    """One page, who opens it, and what it may take."""

    name: str
    path: str
    email: str
    most_ms: float
    most_queries: int


def main() -> int:
    """Measure on each database; print each number beside its limit."""
    parser = argparse.ArgumentParser(prog="make bench")
    parser.add_argument("databases", nargs="*", default=["sqlite", "postgresql"])
    parser.add_argument("--times", type=int, default=200)
    options = parser.parse_args()
    over: list[str] = []
    with valkey.running_server() as broker_url:
        for name in options.databases:
            for part in (
                measure,
                measure_scheduling,
                measure_reminding,
                measure_sending,
                measure_busy,
                measure_review,
                measure_rounds,
                measure_report,
                measure_uploads,
            ):
                with database(name) as url, demo_on(url, broker_url) as demo:
                    over += part(name, demo, options.times)
            with database(name) as url:
                over += [] if annex.measure(url, annex.ROWS) else [f"annex on {name}"]
    print(f"\nOver the limit: {', '.join(over)}" if over else "\nAll within their limits.")
    return 1 if over else 0


@contextmanager
def database(name: str) -> Iterator[str]:
    """Yield the URL of an empty database; none means SQLite in the data folder."""
    if name == "sqlite":
        yield ""
        return
    with postgresql.empty_database() as url:
        yield url


def measure_scheduling(database: str, demo: Demo, _times: int) -> list[str]:
    """Schedule 1,500 plants, write to the trail, search texts, import samples; what is over."""
    return _measure_inside(
        database,
        demo,
        "from tests.bench import sampling, scheduling, searching, trail;"
        "scheduling.measure(); trail.measure(); searching.measure(); sampling.measure()",
    )


def measure_reminding(database: str, demo: Demo, _times: int) -> list[str]:
    """Plan one night over 200,000 obligations; what is over a limit."""
    return _measure_inside(database, demo, "from tests.bench import reminding; reminding.measure()")


def measure_sending(database: str, demo: Demo, _times: int) -> list[str]:
    """Send letters beside a bare loop with the same mails; what is over a limit."""
    return _measure_inside(database, demo, "from tests.bench import sending; sending.measure()")


def measure_busy(database: str, demo: Demo, _times: int) -> list[str]:
    """Open pages while letters go out, and while nothing does; what is over the limit."""
    return busy.measure(database, demo)


def _measure_inside(database: str, demo: Demo, command: str) -> list[str]:
    """Run a command on an empty database and judge the figures that it prints."""
    demo.manage("migrate", "--verbosity", "0")
    over = []
    for line in demo.manage("shell", "--verbosity", "0", "--command", command).splitlines():
        kind, *words = line.split("\t")
        if kind == "figure":
            print(f"\n{database}, {words[0]}")
        elif kind == "limit":
            name, figure, limit = words
            over += judge(database, name, float(figure), float(limit), "")
    return over


def measure(database: str, demo: Demo, times: int) -> list[str]:
    """Make a demo, measure its pages, print the table; return what is over its limit."""
    facts = demo.make()
    print(
        f"\n{database}: {facts.obligations} obligations, {facts.obligations_of_plant} of them at "
        f"the plant measured; seeded in {facts.seed_seconds:.0f} s\n{HEADING}"
    )
    plant, obligation = f"/plants/{facts.plant}/", f"/obligations/{facts.obligation}/"
    pages = [
        Page("plants list", "/plants/", AUDITOR, 40, 12),
        Page("plant", plant, OFFICER, 120, 15),
        Page("obligation", obligation, OFFICER, 40, 12),
        Page("calendar, fullest month", f"/calendar/?month={facts.fullest_month}", AUDITOR, 80, 12),
        Page("home, officer", "/", OFFICER, 40, 12),
        Page("home, manager", "/", MANAGER, 40, 12),
    ]
    with demo.running() as server:
        over = measure_pages(database, demo, pages, times)
        over += measure_rest(database, demo, pages[0])
        over += judge(database, "worker memory", worker_memory_mb(server), MOST_WORKER_MB, "MB")
    return over + judge(
        database, "migrate from empty", facts.migrate_seconds, MOST_MIGRATE_SECONDS, "s"
    )


def measure_pages(database: str, demo: Demo, pages: list[Page], times: int) -> list[str]:
    """Measure each page beside the floor and print its line; return what is over its limit."""
    over = []
    floor = Visitor(demo.port).measure("/bench/floor/", times)
    print(row("floor", floor, floor, ""))
    for page in pages:
        visitor = Visitor(demo.port)
        visitor.sign_in(page.email)
        taken = visitor.measure(page.path, times)
        print(row(page.name, taken, floor, page.most_ms, page.most_queries), flush=True)
        if taken.p50_ms > page.most_ms or taken.queries > page.most_queries:
            over.append(f"{page.name} on {database}")
    return over


def measure_review(database: str, demo: Demo, times: int) -> list[str]:
    """Open the queue of a hundred thousand submissions; return what is over its limit."""
    demo.manage("migrate", "--verbosity", "0")
    demo.manage("collectstatic", "--noinput", "--verbosity", "0")
    command = "from tests.bench.waiting import make; make()"
    made = demo.manage("shell", "--verbosity", "0", "--command", command)
    count, middle = made.split()[-2:]
    paths = {**QUEUES, "one in the middle": f"/review/{middle}/"}
    pages = [
        Page(f"{name}, {office}", path, f"{office}@bench.example", 60, 12)
        for office in ("region", "prefecture")
        for name, path in paths.items()
    ]
    print(f"\n{database}: {count} submissions wait for review\n{HEADING}")
    with demo.running():
        return measure_pages(database, demo, pages, times)


def measure_rounds(database: str, demo: Demo, times: int) -> list[str]:
    """Open the board of 1,500 rounds; return what is over its limit."""
    demo.manage("migrate", "--verbosity", "0")
    demo.manage("collectstatic", "--noinput", "--verbosity", "0")
    command = "from tests.bench.rounds import make; make()"
    count = demo.manage("shell", "--verbosity", "0", "--command", command).split()[-1]
    pages = [
        Page(f"board, {name}, {office}", path, f"{office}@bench.example", 60, 12)
        for office in ("region", "prefecture")
        for name, path in BOARDS.items()
    ]
    print(f"\n{database}: {count} rounds go on\n{HEADING}")
    with demo.running():
        return measure_pages(database, demo, pages, times)


def measure_report(database: str, demo: Demo, _times: int) -> list[str]:
    """Make the report of a large plant; what is over a limit."""
    demo.manage("migrate", "--verbosity", "0")
    command = "from tests.bench import report; report.make()"
    demo.manage("shell", "--verbosity", "0", "--command", command)
    return _measure_inside(database, demo, "from tests.bench import report; report.measure()")


def measure_uploads(database: str, demo: Demo, _times: int) -> list[str]:
    """Send large files, and many at once, on an empty database; return what is over a limit."""
    return upload.measure(database, demo)


def measure_rest(database: str, demo: Demo, page: Page) -> list[str]:
    """Measure what several visitors get at once, and the floor under the same load."""
    visitors = [Visitor(demo.port) for _ in range(CLIENTS)]
    for visitor in visitors:
        visitor.sign_in(page.email)
    floor = measure_together(visitors, "/bench/floor/")
    pages = measure_together(visitors, page.path)
    print(
        f"{page.name}, {CLIENTS} clients: {pages:.0f} pages/s (at least {FEWEST_PAGES_A_SECOND}; "
        f"floor {floor:.0f}, ratio 1/{floor / pages:.1f})"
    )
    return [] if pages >= FEWEST_PAGES_A_SECOND else [f"{page.name}, {CLIENTS} clients, {database}"]


def judge(database: str, name: str, value: float, limit: float, unit: str) -> list[str]:
    """Print a number beside its limit; return its name if it is over."""
    print(f"{name}: {value:.2f} {unit} (at most {limit:g})")
    return [f"{name} on {database}"] if value > limit else []


def row(
    name: str, taken: Times, floor: Times, most_ms: float | str, most_queries: int | str = ""
) -> str:
    """Return one line of the table."""
    return (
        f"{name:<32}{taken.p50_ms:>8.1f}{most_ms:>7}{taken.p95_ms:>8.1f}"
        f"{taken.p50_ms / floor.p50_ms:>9.1f}{taken.queries:>9}{most_queries:>7}"
        f"{taken.size / 1024:>7.0f}"
    )


if __name__ == "__main__":
    sys.exit(main())
