"""One drill in a process of its own, with parts of its own; its outcome is printed as JSON.

`python -m tests.drills.child NAME SIZE KILLS SEED TIMEOUT DATABASE_URL`; without a URL PostgreSQL
is started for this drill alone, and may be killed.
"""

import importlib
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import django

from tests import postgresql
from tests.drills.broker import running_broker
from tests.drills.catalogue import DRILLS
from tests.drills.mailhost import running_mailhost
from tests.infrastructure.sites import environment

LOG_SHOWN = 5000
ROOT = Path(__file__).resolve().parents[2]


def main() -> None:
    """Bring up the parts, then the product on them, then play."""
    name, size, kills, seed, timeout, url = sys.argv[1:]
    # Whoever ends this process ends the parts with it.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    with (
        tempfile.TemporaryDirectory(prefix="ule-drill-") as scratch,
        running_broker(Path(scratch) / "broker") as broker,
        running_mailhost(Path(scratch)) as mailhost,
    ):
        folder = Path(scratch)
        server: Any = None if url else postgresql.start_server()
        os.environ.update(
            environment(
                folder / "data",
                DATABASE_URL=url or str(server.get_uri()),
                CELERY_BROKER_URL=broker.url,
                EMAIL_URL=mailhost.url,
                DJANGO_SETTINGS_MODULE="tests.drills.settings",
                DRILL_EMAIL_TIMEOUT=timeout,
                PYTHONPATH=str(ROOT),
            )
        )
        if server is not None:
            migrate = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
            subprocess.run(migrate, cwd=ROOT, check=True)
        django.setup()
        module, _, function = DRILLS[name].function.partition(":")
        # The product's modules may be read only now that its settings stand.
        play = getattr(importlib.import_module(f"tests.drills.{module}"), function)
        stage = importlib.import_module("tests.drills.stage").Stage(
            folder, mailhost, broker, int(size), int(kills), int(seed), server
        )
        try:
            print(play(stage).to_json())
        except BaseException:
            for log in sorted(folder.glob("*.log")):
                print(f"--- {log.name}\n{log.read_text()[-LOG_SHOWN:]}", file=sys.stderr)
            raise


if __name__ == "__main__":
    main()
