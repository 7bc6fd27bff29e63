#!/usr/bin/env python3
"""Makes .venv exactly as a lock file says: `python3 bootstrap.py [dev]`. Standard library only.

The lock carries hashes and no address, so any mirror of PyPI serves (PIP_INDEX_URL names it).
uv, itself hashed in bootstrap.lock, is four times as fast as pip; where it cannot be had, pip
does the same. Nothing happens when the lock has not changed since the last time.
"""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
STAMP = VENV / "synced"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
LOCKS = {"runtime": ROOT / "requirements.lock", "dev": ROOT / "requirements-dev.lock"}


def fingerprint(kind: str) -> str:
    """Return what the environment holds when it follows this lock under this Python."""
    digest = hashlib.sha256(LOCKS[kind].read_bytes()).hexdigest()
    return f"{kind} {digest} {sys.version_info.major}.{sys.version_info.minor}"


def is_fresh(kind: str) -> bool:
    """Whether .venv already serves; the development set holds all of the other one."""
    if not STAMP.exists() or not PYTHON.exists():
        return False
    return STAMP.read_text() in (fingerprint(kind), fingerprint("dev"))


def make_venv() -> None:
    """Make .venv, or make it anew if another Python made it."""
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    config = VENV / "pyvenv.cfg"
    if PYTHON.exists() and config.exists() and f"version = {version}." in config.read_text():
        return
    made = subprocess.run([sys.executable, "-m", "venv", "--clear", str(VENV)])
    if made.returncode:
        sys.exit("bootstrap: Python has no venv here; on Debian: apt-get install python3-venv")


def install(kind: str) -> None:
    """Install the locked packages with uv, or with pip where uv has no wheel."""
    pip = [str(PYTHON), "-m", "pip", "install", "-qq", "--disable-pip-version-check"]
    pip += ["--require-hashes", "--requirement"]
    lock = str(LOCKS[kind])
    environment = os.environ | {"UV_PYTHON_DOWNLOADS": "never", "UV_LINK_MODE": "copy"}
    if "PIP_INDEX_URL" in os.environ:
        environment.setdefault("UV_DEFAULT_INDEX", os.environ["PIP_INDEX_URL"])
    if subprocess.run([*pip, str(ROOT / "bootstrap.lock")]).returncode == 0:
        uv = [str(PYTHON.with_name("uv")), "pip", "sync", "--quiet", "--python", str(PYTHON)]
        uv += ["--require-hashes", "--compile-bytecode", lock]
        if subprocess.run(uv, env=environment).returncode == 0:
            return
        print("bootstrap: uv could not install the lock; trying pip", file=sys.stderr)
    if subprocess.run([*pip, lock]).returncode:
        sys.exit(f"bootstrap: the packages of {LOCKS[kind].name} could not be installed")


def main() -> None:
    """Bring .venv to what the lock says."""
    if sys.version_info < (3, 11):
        sys.exit(f"bootstrap: Python 3.11 or later is needed, this is {sys.version.split()[0]}")
    kind = "dev" if sys.argv[1:] == ["dev"] else "runtime"
    if is_fresh(kind):
        return
    print("Setting up .venv (once; again only when a lock file changes) …", flush=True)
    make_venv()
    STAMP.unlink(missing_ok=True)
    install(kind)
    STAMP.write_text(fingerprint(kind))


if __name__ == "__main__":
    main()
