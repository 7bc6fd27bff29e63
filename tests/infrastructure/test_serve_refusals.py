"""What `serve` refuses: one line, exit status 1, nothing started."""

import fcntl
import socket
from pathlib import Path

import pytest

from tests.infrastructure.sites import serve_to_the_end
from tests.ports import free_port

DEAD = free_port()


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        ({"PORT": "eighty"}, "PORT: must be a whole number above zero, not 'eighty'"),
        ({"HOST": "203.0.113.7"}, "HOST 203.0.113.7: Cannot assign requested address"),
        ({"DATABASE_URL": "nonsense"}, "DATABASE_URL: must start with sqlite:// or "),
        ({"DATABASE_URL": "sqlite:////nowhere/x.db"}, "DATABASE_URL: unable to open database"),
        ({"DATABASE_URL": f"postgresql://127.0.0.1:{DEAD}/x"}, "DATABASE_URL: connection failed: "),
        ({"CELERY_BROKER_URL": "nonsense"}, "CELERY_BROKER_URL: must start with redis:// or "),
        ({"CELERY_BROKER_URL": f"redis://127.0.0.1:{DEAD}/0"}, "CELERY_BROKER_URL: Error 111 "),
        ({"EMAIL_URL": "nonsense"}, "EMAIL_URL: must start with "),
        ({"DATA_DIR": "/dev/null/x"}, "DATA_DIR /dev/null/x: Not a directory"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_wrong_variable_is_one_line(tmp_path: Path, variables: dict[str, str], words: str) -> None:
    done = serve_to_the_end(tmp_path / "data", **({"PORT": str(free_port())} | variables))

    line = done.stderr.split(": ", 1)[1]
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert line[: len(words)] == words


def test_port_in_use_is_one_line(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        done = serve_to_the_end(tmp_path, PORT=str(port))

    assert done.stderr == f"serve: PORT {port}: in use on 127.0.0.1; choose another one\n"
    assert (done.returncode, done.stdout) == (1, "")
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "seal.key",
        "secret.key",
        "serve.lock",
    ]


def test_second_serve_on_one_folder_is_one_line(tmp_path: Path) -> None:
    with (tmp_path / "serve.lock").open("w") as lock:
        lock.write("4711")
        lock.flush()
        fcntl.flock(lock, fcntl.LOCK_EX)

        done = serve_to_the_end(tmp_path, PORT=str(free_port()))

    assert done.stderr == f"serve: DATA_DIR {tmp_path}: already served by process 4711\n"
    assert (done.returncode, done.stdout) == (1, "")
