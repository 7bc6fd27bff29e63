"""`make test`: the whole suite on SQLite, then again on PostgreSQL; fails if either does."""

import os
import subprocess
import sys

from tests.conftest import FIRST_PASS


def main() -> int:
    """Run both passes, the second whatever the first one said; its closing line is the last."""
    status = 0
    for database in ("sqlite", "postgresql"):
        print(f"\n--- The suite on {database} ---", flush=True)
        environment = os.environ | {"TEST_DATABASE": database, FIRST_PASS: str(status)}
        command = [sys.executable, "-m", "pytest", *sys.argv[1:]]
        status = subprocess.run(command, env=environment).returncode or status
    return status


if __name__ == "__main__":
    sys.exit(main())
