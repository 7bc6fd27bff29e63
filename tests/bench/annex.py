"""Loads an annex of 5,000 plants end to end; exits 1 if it takes too long or too much memory.

`python -m tests.bench.annex [sqlite] [postgresql] [--rows N]`
"""

import argparse
import os
import subprocess
import sys
import tempfile

from tests import postgresql

ROWS = 5_000


def main() -> int:
    """Measure on each database, in processes of its own."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.annex")
    parser.add_argument("databases", nargs="*", default=["sqlite", "postgresql"])
    parser.add_argument("--rows", type=int, default=ROWS)
    options = parser.parse_args()
    failed = []
    for name in options.databases:
        if name == "sqlite":
            is_within = measure("", options.rows)
        else:
            with postgresql.empty_database() as url:
                is_within = measure(url, options.rows)
        failed += [] if is_within else [name]
    print(f"\nOver the limit: {', '.join(failed)}" if failed else "\nAll within their limits.")
    return 1 if failed else 0


def measure(database_url: str, rows: int) -> bool:
    """Make plants and file, then load it in a process that has done nothing before."""
    with tempfile.TemporaryDirectory(prefix="ule-bench-") as folder:
        ours = {
            "DATA_DIR": folder,
            "DATABASE_URL": database_url,
            "DJANGO_SETTINGS_MODULE": "tracker.settings",
            "DEMO_SITE": "true",
        }
        site = [sys.executable, "-m", "tests.bench.annex_site"]
        subprocess.run([*site, "make", str(rows)], env=os.environ | ours, check=True)
        return subprocess.run([*site, "load"], env=os.environ | ours).returncode == 0


if __name__ == "__main__":
    sys.exit(main())
