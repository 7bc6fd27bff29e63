"""Sets a frozen text as a PDF, with the fonts that come with the product and no others."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

import pypdfium2

from tracker.evidence.types.pdf import PDFIUM
from tracker.rounds.report.blocks import Frozen, Json, is_annex, photos_of
from tracker.rounds.report.pictures import thumbnail_in

HERE = Path(__file__).resolve().parent
FONTS = HERE / "fonts"
TEMPLATE = HERE / "report.typ"
MODULE = "tracker.rounds.report.typesetting"
SECONDS = 120
# Not the site's secrets, which it has no use for.
PASSED_ON = ("PATH", "LANG", "LC_ALL", "TMPDIR", "SYSTEMROOT")


class NotSet(Exception):
    """The text could not be set."""


def write_pdf(content: Json, frozen: Frozen, folder: Path) -> bytes:
    """The document; ``folder`` holds the small pictures, and may be written to.

    The body and each annex are set by themselves, one after the other in a process of their own:
    so nothing stays behind in the worker, and no plant is so large that it takes much at once.
    """
    shutil.copyfile(TEMPLATE, folder / TEMPLATE.name)
    annexes = [each for each in content["sections"] if is_annex(each)]
    body = [each for each in content["sections"] if not is_annex(each)]
    data = {
        "sha256": frozen.sha256,
        "pictures": [
            each for each in photos_of(content) if thumbnail_in(folder, each, "pdf").exists()
        ],
        "annexes": [each["title"] for each in annexes],
    }
    parts: list[bytes] = []
    pages = 0
    for number, sections in enumerate([body, *([each] for each in annexes)]):
        said = {
            **content,
            "sections": sections,
            "changes": content["changes"] if not number else [],
        }
        told = {**data, "content": said, "is-body": not number, "page": pages + 1}
        (folder / "data.json").write_text(json.dumps(told, ensure_ascii=False))
        parts.append(_set(folder))
        pages += _count(parts[-1])
    return _together(parts)


def _set(folder: Path) -> bytes:
    written = folder / "part.pdf"
    written.unlink(missing_ok=True)
    # Nothing outside of the folder can be read, and no font of the machine is looked at.
    ended = subprocess.run(
        [sys.executable, "-m", MODULE, str(folder / TEMPLATE.name), str(FONTS), str(written)],
        cwd=HERE.parents[2],
        env={name: os.environ[name] for name in PASSED_ON if name in os.environ},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=SECONDS,
        check=False,
    )
    if ended.returncode != 0:
        raise NotSet(ended.stderr.decode(errors="replace")[-2000:])
    return written.read_bytes()


def _count(document: bytes) -> int:
    with PDFIUM, pypdfium2.PdfDocument(document) as opened:
        return len(opened)


def _together(parts: Sequence[bytes]) -> bytes:
    """The annexes behind the body, which brings the table of contents."""
    if len(parts) == 1:
        return parts[0]
    with PDFIUM, pypdfium2.PdfDocument(parts[0]) as whole:
        for part in parts[1:]:
            with pypdfium2.PdfDocument(part) as annex:
                whole.import_pages(annex)
        written = BytesIO()
        whole.save(written)
    return written.getvalue()
