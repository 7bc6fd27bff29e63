"""Keeps a set of processes running, and lets none of them outlive it."""

import contextlib
import os
import select
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

RESTART_SECONDS = (1, 2, 4, 8, 15, 30)
# A process that has run this long was well; its next fall starts the back-off anew.
WELL_AFTER_SECONDS = 60

# Reads the groups to end, a line each time they change. The pipe breaks when the supervisor is
# killed: then the groups are told to stop, and a little later they are stopped.
GUARDIAN = """
trap '' INT TERM HUP
while read -r line; do groups=$line; done
alive() { for g in $groups; do kill -0 "$g" 2>/dev/null && return 0; done; return 1; }
tell() { for g in $groups; do kill "$1" "$g" 2>/dev/null; done; }
tell -TERM
for _ in 1 2 3 4 5 6 7 8 9 10 11 12; do
  alive || exit 0
  sleep 0.25
done
tell -KILL
"""


@dataclass
class Child:
    """One process to keep running, in a process group of its own."""

    name: str
    command: Sequence[str]
    environment: dict[str, str]
    # The broker: the others need it to the end of their work.
    stops_last: bool = False
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    falls: int = 0
    restart_at: float | None = None

    def start(self) -> None:
        """Start it, out of reach of the terminal's Ctrl-C: the supervisor decides the order."""
        self.restart_at = None
        self.started_at = time.monotonic()
        self.process = subprocess.Popen(
            self.command, env=self.environment, stdin=subprocess.DEVNULL, start_new_session=True
        )

    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def tell(self, number: signal.Signals) -> None:
        """Signal the main process only: it knows how to let its own children finish."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(number)

    def sweep(self) -> None:
        """End whatever of its group is left."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None


@dataclass
class Supervisor:
    """Starts children, restarts those that fall, stops them all.

    Killed with -9 it cannot do so: then a guardian, a shell that waits on a pipe, does.
    """

    warn: Callable[[str], None]
    children: list[Child] = field(default_factory=list)
    stopping: bool = False

    def __enter__(self) -> "Supervisor":
        """Take over the signals and start the guardian."""
        self._wake, bell = socket.socketpair()
        self._wake.setblocking(False)
        bell.setblocking(False)
        self._bell = bell
        signal.set_wakeup_fd(bell.fileno(), warn_on_full_buffer=False)
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._stop_soon)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        self._guardian = subprocess.Popen(
            ["/bin/sh", "-c", GUARDIAN], stdin=subprocess.PIPE, start_new_session=True
        )
        return self

    def __exit__(self, *_: object) -> None:
        """Stop every child; the guardian goes last and finds nothing to do."""
        self.stop()
        self._tell_guardian()
        if self._guardian.stdin:
            self._guardian.stdin.close()
        self._guardian.wait()
        signal.set_wakeup_fd(-1)
        self._wake.close()
        self._bell.close()

    def start(self, child: Child) -> None:
        """Start a child and keep it running from now on."""
        self.children.append(child)
        child.start()
        self._tell_guardian()

    def run_once(self, name: str, command: Sequence[str], environment: dict[str, str]) -> int:
        """Run a command to its end and return its exit status; a stop signal ends it early."""
        child = Child(name, command, environment)
        self.start(child)
        while child.is_running() and not self.stopping:
            self.wait(1.0)
        child.tell(signal.SIGTERM)
        status = child.process.wait() if child.process else 1
        self.children.remove(child)
        child.sweep()
        self._tell_guardian()
        return status

    def watch(self) -> None:
        """Restart what falls, with a growing pause, until a stop signal comes."""
        while not self.stopping:
            now = time.monotonic()
            for child in self.children:
                self._mend(child, now)
            pauses = [child.restart_at - now for child in self.children if child.restart_at]
            self.wait(max(0.0, min(pauses, default=60.0)))

    def wait(self, seconds: float) -> None:
        """Return when a signal arrives, at the latest after so many seconds."""
        select.select([self._wake], [], [], seconds)
        with contextlib.suppress(BlockingIOError):
            while self._wake.recv(4096):
                pass

    def stop(self, seconds: float = 30.0) -> None:
        """Let the children finish what they do; what has not ended by then is ended."""
        self.stopping = True
        last = [child for child in self.children if child.stops_last]
        others = [child for child in self.children if not child.stops_last]
        for group in (others, last):
            for child in group:
                child.tell(signal.SIGTERM)
            deadline = time.monotonic() + seconds
            while any(child.is_running() for child in group) and time.monotonic() < deadline:
                self.wait(max(0.0, deadline - time.monotonic()))
            for child in group:
                child.sweep()
        self.children.clear()

    def _mend(self, child: Child, now: float) -> None:
        if child.is_running():
            return
        if child.restart_at is None:
            status = child.process.returncode if child.process else None
            child.sweep()
            if now - child.started_at > WELL_AFTER_SECONDS:
                child.falls = 0
            pause = RESTART_SECONDS[min(child.falls, len(RESTART_SECONDS) - 1)]
            child.falls += 1
            child.restart_at = now + pause
            self.warn(f"{child.name} ended with status {status}; it starts again in {pause} s")
        elif child.restart_at <= now:
            child.start()
        else:
            return
        self._tell_guardian()

    def _tell_guardian(self) -> None:
        groups = [f"-{child.process.pid}" for child in self.children if child.process]
        if self._guardian.stdin:
            with contextlib.suppress(BrokenPipeError):
                self._guardian.stdin.write((" ".join(groups) + "\n").encode())
                self._guardian.stdin.flush()

    def _stop_soon(self, *_: object) -> None:
        self.stopping = True
