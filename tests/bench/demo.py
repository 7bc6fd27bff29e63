"""A demo site for the bench: its database made from nothing, its web server as `serve` runs it."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.infrastructure.sites import wait_until
from tests.ports import free_port
from tracker.serving import commands

ROOT = Path(__file__).resolve().parents[2]

PICK = """
from collections import Counter
from django.db.models import Count
from plants.models import Plant
from tracker.obligations.models import Obligation
from plants.models import Person
mine = Plant.objects.visible_to(Person.objects.get(email="region-officer@demo.example"))
plant = mine.annotate(n=Count("obligations")).order_by("-n", "pk").first()
waiting = Obligation.objects.filter(state="submitted", plant__in=mine).order_by("pk").first()
months = Counter(f"{day:%Y-%m}" for day in Obligation.objects.values_list("due_on", flat=True))
print(months.most_common(1)[0][0], plant.pk, waiting.pk, plant.n, Obligation.objects.count())
"""


@dataclass(frozen=True)
class Facts:
    """What the demo holds, and what it took to make it; most is due in the fullest month."""

    plant: int
    obligation: int
    obligations_of_plant: int
    obligations: int
    fullest_month: str
    migrate_seconds: float
    seed_seconds: float


@dataclass
class Demo:
    """One demo on one database."""

    environment: dict[str, str]
    port: int

    def manage(self, *arguments: str) -> str:
        """Run one command to its end and return what it printed."""
        command = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(
            command, cwd=ROOT, env=self.environment, check=True, stdout=subprocess.PIPE, text=True
        )
        return done.stdout

    def make(self) -> Facts:
        """Make the database and its plants."""
        start = time.monotonic()
        self.manage("migrate", "--verbosity", "0")
        migrated = time.monotonic()
        self.manage("collectstatic", "--noinput", "--verbosity", "0")
        self.manage("load_regulations")
        self.manage("seed_demo")
        seeded = time.monotonic()
        picked = self.manage("shell", "--verbosity", "0", "--command", PICK)
        month, *numbers = picked.split()[-5:]
        plant, obligation, of_plant, of_all = map(int, numbers)
        took = (migrated - start, seeded - migrated)
        return Facts(plant, obligation, of_plant, of_all, month, *took)

    @contextmanager
    def running(self) -> Iterator[subprocess.Popen[bytes]]:
        """Run the web server until the block ends."""
        server = subprocess.Popen(commands.web("127.0.0.1", self.port), env=self.environment)
        try:
            wait_until(lambda: self._listens(), 60)
            yield server
        finally:
            server.terminate()
            server.wait()

    def _listens(self) -> bool:
        sockets = Path("/proc/net/tcp").read_text()
        return f":{self.port:04X} 00000000:0000 0A" in sockets


def workers_of(server: subprocess.Popen[bytes]) -> list[int]:
    """Return the ids of the web workers."""
    children = Path(f"/proc/{server.pid}/task/{server.pid}/children")
    return [int(pid) for pid in children.read_text().split()]


def worker_memory_mb(server: subprocess.Popen[bytes]) -> float:
    """Return the resident memory of the largest web worker."""
    sizes = [
        int(line.split()[1]) / 1024
        for pid in workers_of(server)
        for line in Path(f"/proc/{pid}/status").read_text().splitlines()
        if line.startswith("VmRSS:")
    ]
    return max(sizes)


@contextmanager
def demo_on(database_url: str, broker_url: str) -> Iterator[Demo]:
    """Yield a demo on a scratch data folder."""
    with tempfile.TemporaryDirectory(prefix="ule-bench-") as folder:
        ours = {
            "DATA_DIR": folder,
            "DATABASE_URL": database_url,
            "CELERY_BROKER_URL": broker_url,
            "DJANGO_SETTINGS_MODULE": "tests.bench.settings",
            "DEMO_SITE": "true",
            "STATIC_HASHED": "1",
            "PYTHONPATH": str(ROOT),
        }
        yield Demo(os.environ | ours, free_port())
