"""Collects, hashes and compresses the static files, when their sources have changed."""

import hashlib
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders

MANIFEST = "staticfiles.json"


def fingerprint() -> str:
    """Return what the sources look like: names, sizes, times."""
    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            state = Path(storage.path(name)).stat()
            digest.update(f"{name} {state.st_size} {state.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def are_collected() -> bool:
    """Whether what was collected is what the sources are now; with DEBUG nothing needs to be."""
    if settings.DEBUG:
        return True
    stamp = _stamp()
    return (
        (Path(settings.STATIC_ROOT) / MANIFEST).exists()
        and stamp.exists()
        and stamp.read_text() == fingerprint()
    )


def mark_collected() -> None:
    """Remember that the sources as they are now have been collected."""
    _stamp().write_text(fingerprint())


def _stamp() -> Path:
    return Path(settings.DATA_DIR) / "static.collected"
