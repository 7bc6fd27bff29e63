"""Small pictures of photographs, for documents: made one after the other, kept on the disk."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from PIL import Image, ImageOps

from tracker.evidence.models import StoredFile
from tracker.evidence.store import path_of

# Some 200 dots an inch at the width that a picture has in the documents.
SIZE = (440, 330)
QUALITY = 70
# Pillow lets go of the interpreter while it decodes; more would only cost memory.
AT_ONCE = 2


def thumbnail_in(folder: Path, sha256: str, suffix: str = "jpg") -> Path:
    """Where the small picture lies; not there where the photograph can't be read.

    It lies there as a PDF, too: in one a PDF takes it over as it is, where it would unpack a JPEG.
    """
    return folder / f"{sha256}.{suffix}"


def make_thumbnails(wanted: Sequence[str], folder: Path) -> Iterator[str]:
    """Draw each of these contents small into the folder; gives each back when it is done."""
    found = StoredFile.objects.openable().filter(sha256__in=wanted)
    paths = {stored.sha256: path_of(stored) for stored in found}
    with ThreadPoolExecutor(AT_ONCE) as threads:
        drawn = threads.map(
            lambda sha256: _draw(paths[sha256], folder, sha256),
            [sha256 for sha256 in wanted if sha256 in paths],
        )
        for sha256, _done in zip(wanted, drawn, strict=False):
            yield sha256


def _draw(photo: Path, folder: Path, sha256: str) -> None:
    """What can't be read is left out: a report is not held up by one photograph."""
    try:
        with Image.open(photo) as image:
            image.draft("RGB", SIZE)  # a JPEG is decoded at an eighth where that is enough
            image.thumbnail(SIZE, Image.Resampling.BICUBIC)
            upright = ImageOps.exif_transpose(image).convert("RGB")
            # No place and no owner of a phone: a copy carries nothing but the picture.
            upright.info.clear()
            for suffix, format_ in (("jpg", "JPEG"), ("pdf", "PDF")):
                upright.save(thumbnail_in(folder, sha256, suffix), format_, quality=QUALITY)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        thumbnail_in(folder, sha256).unlink(missing_ok=True)
