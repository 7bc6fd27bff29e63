"""`make check`: format, lint, import rules, types, Django's checks, migrations, templates, sizes.

Every check runs, every failure is printed, the exit status says whether there was one.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
SOURCES = ("plants", "tracker", "tests")
LONGEST_FILE = 400
TRANSLATED = ("manage.py", "plants", "tracker", "templates", "locale")
MAKE_MESSAGES = ("makemessages", "--locale", "zh_Hans", "--no-location", "--no-wrap")

Check = Callable[[], str]


def command(*arguments: str, **environment: str) -> Check:
    """Return a check that runs a command and answers what it printed if it failed."""

    def run() -> str:
        done = subprocess.run(
            arguments,
            cwd=ROOT,
            env=os.environ | environment,
            capture_output=True,
            text=True,
        )
        if done.returncode == 0:
            return ""
        return (done.stdout + done.stderr).strip() or f"exit status {done.returncode}"

    return run


def check_migration_names() -> str:
    """Refuse migrations that nobody has named."""
    nameless = sorted(ROOT.glob("*/migrations/*_auto_*.py"))
    return "\n".join(f"{path.relative_to(ROOT)}: name it for what it does" for path in nameless)


def check_sizes() -> str:
    """Refuse files that have grown too long to be read."""
    faults = []
    for folder in SOURCES:
        for path in sorted((ROOT / folder).rglob("*.py")):
            lines = len(path.read_text().splitlines())
            if lines > LONGEST_FILE and path.parent.name != "migrations":
                faults.append(f"{path.relative_to(ROOT)}: {lines} lines, at most {LONGEST_FILE}")
    return "\n".join(faults)


def check_messages() -> str:
    """Refuse catalogues that lack a text of the code, or a translation, or their compiled form."""
    if shutil.which("msgfmt") is None:
        if os.environ.get("CI") == "true":
            return "gettext is missing, and CI=true asks for it"
        print("   (messages: not checked, gettext is missing)")
        return ""
    with tempfile.TemporaryDirectory() as scratch:
        copy = Path(scratch) / "copy"
        copy.mkdir()
        for name in TRANSLATED:
            source = ROOT / name
            if source.is_dir():
                shutil.copytree(source, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
            elif source.exists():
                shutil.copy(source, copy / name)
        return _compare_messages(copy, {**os.environ, "DATA_DIR": str(Path(scratch) / "data")})


def _compare_messages(copy: Path, environment: dict[str, str]) -> str:
    """Make the messages anew in a copy of the sources and compare with what is committed."""
    made = subprocess.run(
        [sys.executable, "manage.py", *MAKE_MESSAGES],
        cwd=copy,
        env=environment,
        capture_output=True,
        text=True,
    )
    if made.returncode:
        return made.stdout + made.stderr
    name = "locale/zh_Hans/LC_MESSAGES/django.po"
    faults = []
    if _texts(copy / name) != _texts(ROOT / name):
        faults.append(f"{name}: not up to date; run `make messages` and translate what is new")
    counted = subprocess.run(
        ["msgfmt", "--check-format", "--statistics", "-o", str(copy / "new.mo"), str(ROOT / name)],
        capture_output=True,
        text=True,
        env=os.environ | {"LC_ALL": "C"},
    )
    if counted.returncode or re.search(r"fuzzy|untranslated", counted.stderr):
        faults.append(f"{name}: {counted.stderr.strip()}")
    compiled = (ROOT / name).with_suffix(".mo")
    if not compiled.exists() or compiled.read_bytes() != (copy / "new.mo").read_bytes():
        faults.append(f"{name}: its compiled form is older; run `make messages`")
    return "\n".join(faults)


def _texts(catalogue: Path) -> list[str]:
    """Return a catalogue's lines without its dates."""
    if not catalogue.exists():
        return []
    lines = catalogue.read_text().splitlines()
    return [line for line in lines if not line.startswith(('"POT-Creation', '"PO-Revision'))]


def checks(data_dir: str) -> dict[str, Check]:
    """Return every check by name."""
    ruff, manage = str(BIN / "ruff"), (sys.executable, "manage.py")
    return {
        "format": command(ruff, "format", "--check", "."),
        "lint": command(ruff, "check", "."),
        "import rules": command(str(BIN / "lint-imports"), "--no-cache"),
        "types": command(str(BIN / "mypy"), DATA_DIR=data_dir),
        "django": command(*manage, "check", "--fail-level", "WARNING", DATA_DIR=data_dir),
        "migrations": command(
            *manage, "makemigrations", "--check", "--dry-run", "--verbosity", "1", DATA_DIR=data_dir
        ),
        "migration names": check_migration_names,
        "templates": command(str(BIN / "djlint"), "templates", "--lint", "--quiet"),
        "messages": check_messages,
        "sizes": check_sizes,
    }


def main() -> int:
    """Run all, print each failure, count them."""
    failed = []
    with tempfile.TemporaryDirectory() as data_dir, ThreadPoolExecutor(2) as pool:
        running = {name: pool.submit(_timed, check) for name, check in checks(data_dir).items()}
        for name, outcome in running.items():
            fault, seconds = outcome.result()
            print(f"{'FAILED' if fault else 'ok':<7}{name} ({seconds:.1f} s)", flush=True)
            if fault:
                failed.append(name)
                print("   " + fault.replace("\n", "\n   "), flush=True)
    print(f"{len(failed)} failed: {', '.join(failed)}" if failed else "All checks passed.")
    return 1 if failed else 0


def _timed(check: Check) -> tuple[str, float]:
    start = time.monotonic()
    return check(), time.monotonic() - start


if __name__ == "__main__":
    sys.exit(main())
