"""A real `manage.py serve` on a scratch folder, as a person would start it."""

import http.client
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.ports import free_port

ROOT = Path(__file__).resolve().parents[2]
MANAGE = [sys.executable, str(ROOT / "manage.py")]


def environment(data_dir: Path, **variables: str) -> dict[str, str]:
    """Return the variables of a site of its own: nothing of the test's, no demo, a quick pulse."""
    ours = {"DATABASE_URL": "", "SITE_URL": "http://127.0.0.1", "HEARTBEAT_SECONDS": "1"}
    kept = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    return kept | ours | {"DATA_DIR": str(data_dir), "DEMO_SITE": "false"} | variables


def serve_to_the_end(data_dir: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run `serve` that is expected to refuse."""
    return subprocess.run(
        [*MANAGE, "serve"],
        env=environment(data_dir, **variables),
        capture_output=True,
        text=True,
        timeout=60,
    )


def wait_until(holds: Callable[[], bool], seconds: float = 40) -> None:
    """Return as soon as it holds; fail if it never does."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)


@dataclass
class Site:
    """One running `serve`."""

    data_dir: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="ule-site-")))
    port: int = field(default_factory=free_port)
    parts: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[str] | None = None

    def environment(self, **variables: str) -> dict[str, str]:
        """Return the variables of this site's processes."""
        return environment(self.data_dir, **self.parts, **variables)

    def start(self, **variables: str) -> str:
        """Start, wait for its last line, return all it printed."""
        self.process = subprocess.Popen(
            [*MANAGE, "serve"],
            env=self.environment(PORT=str(self.port), **variables),
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        said = ""
        for line in self.process.stdout:
            said += line
            if line.startswith("Ctrl-C"):
                return said
        raise AssertionError(f"serve ended with {self.process.wait()}: {said}")

    def stop(self) -> int:
        """Ask it to stop, as Docker and systemd do; return its exit status."""
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        return self._end()

    def kill(self) -> None:
        """End the supervisor as the kernel does when memory runs out."""
        assert self.process is not None
        self.process.kill()
        self._end()

    def _end(self) -> int:
        assert self.process is not None
        status = self.process.wait(timeout=40)
        if self.process.stdout:
            self.process.stdout.close()
        return status

    def remove(self) -> None:
        """Leave nothing behind, whatever the test did."""
        if self.process is not None and self.process.poll() is None:
            self.stop()
        shutil.rmtree(self.data_dir)

    def health(self) -> tuple[int, dict[str, Any]]:
        """Return /healthz's status and report; (0, {}) when nobody answers."""
        web = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            web.request("GET", "/healthz")
            answer = web.getresponse()
            return answer.status, json.load(answer)
        except (OSError, http.client.HTTPException):
            return 0, {}
        finally:
            web.close()

    def children(self) -> dict[str, int]:
        """Return the supervisor's children by what they do (read from /proc)."""
        assert self.process is not None
        marks = {" granian ": "web", " worker ": "worker", " beat ": "beat", "valkey-": "broker"}
        found: dict[str, int] = {}
        for pid in children_of(self.process.pid):
            command = Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
            found |= {name: pid for mark, name in marks.items() if mark in command}
        return found

    def everybody(self) -> set[int]:
        """Return every process of the site, children's children too, but not the supervisor."""
        assert self.process is not None
        found: set[int] = set()
        new = children_of(self.process.pid)
        while new:
            found |= new
            new = {child for pid in new for child in children_of(pid)} - found
        return found


def is_alive(pid: int) -> bool:
    """Whether a process runs (one that has ended but was not fetched does not)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def children_of(pid: int) -> set[int]:
    """Return the children of a process."""
    try:
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
        return {int(one) for task in tasks for one in (task / "children").read_text().split()}
    except (FileNotFoundError, ProcessLookupError):
        return set()
