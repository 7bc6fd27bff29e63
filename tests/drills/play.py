"""Runs one drill in a child, on a database that was migrated before; as `make drill` and tests."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from tests import postgresql
from tests.drills.catalogue import DRILLS
from tests.drills.outcome import Outcome
from tests.infrastructure.sites import environment

ROOT = Path(__file__).resolve().parents[2]
PATIENCE, SHORT_PATIENCE = 20, 2  # seconds that a worker waits for a silent mail server


@contextmanager
def migrated_database(name: str) -> Iterator[str]:
    """Yield the URL of a database with all tables and no rows: sqlite or postgresql."""
    with tempfile.TemporaryDirectory(prefix="ule-drill-") as folder:
        if name == "sqlite":
            url = f"sqlite:///{folder}/migrated.sqlite3"
            _migrate(url, Path(folder))
            yield url
            return
        with postgresql.empty_database() as url:
            _migrate(url, Path(folder))
            yield url


@contextmanager
def copy_of(url: str) -> Iterator[str]:
    """Yield the URL of a copy that a drill may write into."""
    if not url.startswith("sqlite:///"):
        with postgresql.empty_database(like=urlsplit(url).path.lstrip("/")) as copied:
            yield copied
        return
    with tempfile.TemporaryDirectory(prefix="ule-drill-") as folder:
        shutil.copy(url.removeprefix("sqlite:///"), f"{folder}/drill.sqlite3")
        yield f"sqlite:///{folder}/drill.sqlite3"


def play(name: str, migrated: str, *, small: bool, seed: int) -> Outcome:
    """Run one drill to its end."""
    drill = DRILLS[name]
    if drill.needs_postgresql:
        return _play(name, "", small=small, seed=seed)
    with copy_of(migrated) as url:
        return _play(name, url, small=small, seed=seed)


def _play(name: str, url: str, *, small: bool, seed: int) -> Outcome:
    size, kills = DRILLS[name].sized(small=small)
    patience = SHORT_PATIENCE if small else PATIENCE
    words = (name, f"{size}", f"{kills}", f"{seed}", f"{patience}", url)
    kept = {key: value for key, value in os.environ.items() if key != "DJANGO_SETTINGS_MODULE"}
    done = subprocess.run(
        [sys.executable, "-m", "tests.drills.child", *words],
        cwd=ROOT,
        env=kept,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    return Outcome(**json.loads(done.stdout.splitlines()[-1]))


def _migrate(url: str, folder: Path) -> None:
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "--verbosity", "0"],
        cwd=ROOT,
        env=environment(folder / "data", DATABASE_URL=url),
        check=True,
    )
