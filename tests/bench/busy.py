"""How long pages take while the worker sends a night's letters, beside an idle system.

`python -m tests.bench.busy [sqlite] [postgresql]`; exits 1 where it is over its limit.
"""

import argparse
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from tests import postgresql, valkey
from tests.bench.demo import ROOT, Demo, demo_on
from tests.bench.letterbox import Letterbox, running_letterbox
from tests.bench.visitor import Visitor
from tests.infrastructure.sites import wait_until
from tracker.serving import commands

OFFICER = "officer@bench.example"
PAGES = ("/", "/plants/", "/review/")
TIMES = 25
MOST_RATIO = 1.5


def main() -> int:
    """Measure on each database."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.busy")
    parser.add_argument("databases", nargs="*", default=["sqlite", "postgresql"])
    over: list[str] = []
    with valkey.running_server() as broker_url:
        for name in parser.parse_args().databases:
            if name == "sqlite":
                with demo_on("", broker_url) as demo:
                    over += measure(name, demo)
            else:
                with postgresql.empty_database() as url, demo_on(url, broker_url) as demo:
                    over += measure(name, demo)
    return 1 if over else 0


def measure(database: str, demo: Demo) -> list[str]:
    """Print the times and their ratio; the name of the measure if it is over its limit."""
    demo.manage("migrate", "--verbosity", "0")
    demo.manage("collectstatic", "--noinput", "--verbosity", "0")
    make = "from tests.bench.sending import make_busy; make_busy()"
    letters = int(demo.manage("shell", "--verbosity", "0", "--command", make).split()[-1])
    with running_letterbox() as box, demo.running():
        visitor = Visitor(demo.port)
        visitor.sign_in(OFFICER)
        _open_pages(visitor)
        idle = _open_pages(visitor)
        with _worker_sends(demo, box):
            before, started = box.count(), time.monotonic()
            busy = _open_pages(visitor)
            sent, took = box.count() - before, time.monotonic() - started
            # A run that was over before the pages were would prove nothing.
            assert before + sent < letters, "the run was over too soon: make more letters"
    ratio = statistics.median(during / alone for during, alone in zip(busy, idle, strict=True))
    print(
        f"\n{database}, {letters} letters go out, {sent / took:.0f} a second meanwhile: "
        + "; ".join(
            f"{path} {alone:.1f} ms, during the run {during:.1f}"
            for path, alone, during in zip(PAGES, idle, busy, strict=True)
        )
    )
    print(f"pages during a run: {ratio:.2f} times as long (at most {MOST_RATIO})")
    return [f"pages during a run on {database}"] if ratio > MOST_RATIO else []


def _open_pages(visitor: Visitor) -> list[float]:
    """The median of each page, in milliseconds; turn by turn, so that all see the same run."""
    taken: dict[str, list[float]] = {path: [] for path in PAGES}
    for _ in range(TIMES):
        for path in PAGES:
            started = time.perf_counter()
            visitor.get(path)
            taken[path].append((time.perf_counter() - started) * 1000)
    return [statistics.median(taken[path]) for path in PAGES]


@contextmanager
def _worker_sends(demo: Demo, box: Letterbox) -> Iterator[None]:
    """The real worker at its run; it is killed at the end of the block."""
    mail = {"EMAIL_URL": f"smtp://127.0.0.1:{box.port}"}
    worker = subprocess.Popen(commands.worker(), env=demo.environment | mail, cwd=ROOT)
    try:
        call = commands.python(*commands.CELERY, "call", "tracker.send_due")
        subprocess.run(call, env=demo.environment, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        wait_until(lambda: box.count() > 0, 120)
        yield
    finally:
        worker.kill()
        worker.wait()


if __name__ == "__main__":
    sys.exit(main())
