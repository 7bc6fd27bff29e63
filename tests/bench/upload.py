"""Uploads through the real web server: memory, speed beside a bare copy, and many at once.

`python -m tests.bench.upload [sqlite] [postgresql] [--times N]`; exits 1 where one is over its
limit.
"""

import argparse
import hashlib
import os
import random
import statistics
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from tests import postgresql, valkey
from tests.bench.demo import Demo, demo_on, workers_of
from tests.bench.visitor import Visitor
from tests.evidence import pdf_files

MEGABYTE = 1000 * 1000
LARGE, MANY, AT_ONCE = 50 * MEGABYTE, 10 * MEGABYTE, 20
BLOCK = 1024 * 1024
MOST_GROWTH_MB = 20
LEAST_SHARE = 0.6
EMAIL = "manager@bench.example"
MAKE = f"""
from tests.factories import ObligationFactory, manager_of
owed = ObligationFactory.create()
manager_of(owed.plant, email="{EMAIL}")
print(owed.pk)
"""
TAKEN = """
from tracker.evidence.models import Attachment
print(*Attachment.objects.lying().values_list("evidence__stored__sha256", flat=True))
"""


@dataclass
class Uploader:
    """A signed-in manager who lays files to one obligation."""

    port: int
    obligation: int
    cookies: dict[str, str]

    def send(self, path: Path) -> float:
        """Send a file over a connection of its own; return the seconds until the answer."""
        visitor = Visitor(self.port)
        visitor.cookies = dict(self.cookies)
        mark = uuid4().hex
        head = (
            f'--{mark}\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n'
            f"{self.cookies['csrftoken']}\r\n--{mark}\r\n"
            f'Content-Disposition: form-data; name="files"; filename="{path.name}"\r\n'
            "Content-Type: application/octet-stream\r\n\r\n"
        ).encode()
        tail = f"\r\n--{mark}--\r\n".encode()
        headers = {
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "Content-Type": f"multipart/form-data; boundary={mark}",
            "Content-Length": str(len(head) + path.stat().st_size + len(tail)),
        }
        start = time.perf_counter()
        visitor.web.request(
            "POST",
            f"/obligations/{self.obligation}/upload/",
            _body(head, path, tail),
            headers,
        )
        answer = visitor.web.getresponse()
        answer.read()
        seconds = time.perf_counter() - start
        visitor.web.close()
        assert answer.status == 302, f"{path.name}: {answer.status}"
        return seconds


def measure(database: str, demo: Demo, times: int = 5) -> list[str]:
    """Print each number beside its limit; return what is over."""
    demo.manage("migrate", "--verbosity", "0")
    demo.manage("collectstatic", "--noinput", "--verbosity", "0")
    obligation = int(demo.manage("shell", "--verbosity", "0", "--command", MAKE).split()[-1])
    folder = Path(demo.environment["DATA_DIR"]) / "bench"
    folder.mkdir()
    print(f"\n{database}: uploads")
    with demo.running() as server:
        visitor = Visitor(demo.port)
        visitor.sign_in(EMAIL)
        uploader = Uploader(demo.port, obligation, visitor.cookies)
        workers = workers_of(server)
        for n in range(8):  # a small one or more for each worker: what it loads once
            uploader.send(make_pdf(folder, f"small-{n}", 1000))
        over = _large(database, uploader, workers, folder, times)
        over += _many(database, uploader, folder, demo)
    return over


def _large(
    database: str, uploader: Uploader, workers: list[int], folder: Path, times: int
) -> list[str]:
    """One large PDF after the other, each beside a bare copy of the same file."""
    sent, copied, plain, growth = [], [], [], []
    for n in range(times):
        path = make_pdf(folder, f"large-{n}", LARGE)
        os.sync()
        copied.append(copy(path, "sha256", "sm3"))
        plain.append(copy(path, "sha256"))
        before = [_forget_peak(pid) for pid in workers]
        sent.append(uploader.send(path))
        growth.append(max(_peak_mb(pid) - rest for pid, rest in zip(workers, before, strict=True)))
        path.unlink()
    taken, bare, only = map(statistics.median, (sent, copied, plain))
    print(
        f"50 MB: {50 / taken:.0f} MB/s; bare copy with SHA-256 and SM3 {50 / bare:.0f} MB/s, with "
        f"SHA-256 only {50 / only:.0f} MB/s (share {only / taken:.2f})"
    )
    print(f"worker memory grows by {max(growth):.1f} MB (at most {MOST_GROWTH_MB})")
    print(f"share of the bare copy: {bare / taken:.2f} (at least {LEAST_SHARE})")
    faults = [f"memory of an upload on {database}"] if max(growth) > MOST_GROWTH_MB else []
    return faults + ([f"speed of an upload on {database}"] if bare / taken < LEAST_SHARE else [])


def _many(database: str, uploader: Uploader, folder: Path, demo: Demo) -> list[str]:
    """Twenty at once: each is in the database, and in the store as it was sent."""
    paths = [make_pdf(folder, f"many-{n}", MANY) for n in range(AT_ONCE)]
    wanted = {hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}
    threads = [threading.Thread(target=uploader.send, args=(path,)) for path in paths]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - start
    rows = set(demo.manage("shell", "--verbosity", "0", "--command", TAKEN).split())
    store = Path(demo.environment["DATA_DIR"]) / "files"
    kept = {
        sha256
        for sha256 in wanted & rows
        if hashlib.sha256((store / sha256[:2] / sha256).read_bytes()).hexdigest() == sha256
    }
    demo.manage("verify_evidence")  # fails where a fingerprint, SM3 too, is not that of the bytes
    print(f"{AT_ONCE} uploads of 10 MB at once: {len(kept)} kept whole, in {seconds:.1f} s")
    return [] if len(kept) == AT_ONCE else [f"uploads at once on {database}"]


def make_pdf(folder: Path, name: str, size: int) -> Path:
    """A whole PDF of about that size, unlike every other of its bytes."""
    path = folder / f"{name}.pdf"
    noise = random.Random(name).randbytes(size)
    path.write_bytes(pdf_files.pdf_of(b"", pdf_files.stream(b"", noise)))
    return path


def copy(path: Path, *fingerprints: str) -> float:
    """Copy a file as plainly as can be, with its fingerprints, to the disk; the seconds."""
    target = path.with_suffix(".copy")
    start = time.perf_counter()
    digests = [hashlib.new(name) for name in fingerprints]
    with path.open("rb") as source, target.open("wb") as copied:
        while block := source.read(BLOCK):
            for digest in digests:
                digest.update(block)
            copied.write(block)
        copied.flush()
        os.fsync(copied.fileno())
    seconds = time.perf_counter() - start
    target.unlink()
    return seconds


def _body(head: bytes, path: Path, tail: bytes) -> Iterator[bytes]:
    yield head
    with path.open("rb") as content:
        while block := content.read(BLOCK):
            yield block
    yield tail


def _forget_peak(pid: int) -> float:
    """Start the process's peak anew; what it holds now."""
    Path(f"/proc/{pid}/clear_refs").write_text("5")
    return _memory_mb(pid, "VmRSS:")


def _peak_mb(pid: int) -> float:
    return _memory_mb(pid, "VmHWM:")


def _memory_mb(pid: int, word: str) -> float:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(word))


def main() -> int:
    """Measure on each database."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.upload")
    parser.add_argument("databases", nargs="*", default=["sqlite", "postgresql"])
    parser.add_argument("--times", type=int, default=5)
    options = parser.parse_args()
    over: list[str] = []
    with valkey.running_server() as broker_url:
        for name in options.databases:
            if name == "sqlite":
                with demo_on("", broker_url) as demo:
                    over += measure(name, demo, options.times)
                continue
            with postgresql.empty_database() as url, demo_on(url, broker_url) as demo:
                over += measure(name, demo, options.times)
    print(f"\nOver the limit: {', '.join(over)}" if over else "\nAll within their limits.")
    return 1 if over else 0


if __name__ == "__main__":
    sys.exit(main())
