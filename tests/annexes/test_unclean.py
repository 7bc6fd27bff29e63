"""An annex with a virus is never read; one that waits for its scan is not applied before."""

from typing import Any

import pytest

from tests.annexes.conftest import NAME, Receive
from tests.annexes.test_import import apply, by, on_record
from tests.factories import NOW, Cast
from tests.factories.walks import VIRUS, quarantine
from tracker.annexes.arrange import AnnexRefused, choose_rows, receive_annex
from tracker.annexes.models import AnnexImport, ImportState
from tracker.annexes.preview import read_keys, read_preview
from tracker.evidence.models import StoredFile
from tracker.evidence.types import FileRefused
from tracker.regulations.models import Document

pytestmark = pytest.mark.django_db

FOUND = rf"A virus was found in “{NAME}” \({VIRUS}\)"
SCANNER = "tcp://127.0.0.1:1"


@pytest.fixture
def annex(world: Cast, receive: Receive) -> AnnexImport:
    return receive([["企业名称", "全流程完成时限"], [world.plant.name_zh, "2026年底"]])


def anew(annex: AnnexImport) -> AnnexImport:
    """As the next request reads it."""
    return AnnexImport.objects.select_related("document", "stored").get(pk=annex.pk)


def test_quarantined_file_is_not_read(world: Cast, annex: AnnexImport, plan: Document) -> None:
    [key] = read_keys(annex)
    quarantine(annex.stored)
    annex, officer = anew(annex), by(world.region_officer)

    with pytest.raises(FileRefused, match=FOUND):
        read_preview(annex, world.region_officer)
    with pytest.raises(FileRefused, match=FOUND):
        choose_rows(annex=annex, shown=[key], taken=[], plants={}, by=officer, at=NOW)
    with pytest.raises(FileRefused, match=FOUND):
        receive_annex(
            document=plan,
            stored=annex.stored,
            original_name=NAME,
            verification="verified",
            by=officer,
            at=NOW,
        )

    assert AnnexImport.objects.get().left_out == []


def test_file_found_out_since_it_was_looked_at_is_not_applied(
    world: Cast, annex: AnnexImport
) -> None:
    seen = read_preview(annex, world.region_officer)
    quarantine(StoredFile.objects.get())

    with pytest.raises(FileRefused, match=FOUND):
        apply(annex, world.region_officer, seen=seen.seen)

    assert (AnnexImport.objects.get().state, on_record()) == (ImportState.UPLOADED, [])


@pytest.mark.parametrize(
    ("state", "fault", "url", "is_applied"),
    [
        ("waiting", "", "", True),
        ("not_scanned", "", "", True),
        ("clean", "", SCANNER, True),
        # The scanner looked and would not: there is nothing to wait for.
        ("not_scanned", "size limit exceeded", SCANNER, True),
        ("waiting", "", SCANNER, False),
        ("waiting", "timed out", SCANNER, False),
        ("not_scanned", "", SCANNER, False),
    ],
)
def test_file_that_waits_for_its_scan_is_applied_only_where_nothing_scans(
    world: Cast,
    annex: AnnexImport,
    settings: Any,
    state: str,
    fault: str,
    url: str,
    is_applied: bool,
) -> None:
    settings.CLAMD_URL = url
    StoredFile.objects.update(scan_state=state, scan_fault=fault)

    if is_applied:
        apply(annex, world.region_officer)
    else:
        with pytest.raises(AnnexRefused, match="still being scanned for viruses"):
            apply(annex, world.region_officer)

    assert bool(on_record()) == is_applied


def test_settled_import_says_that_and_not_its_scan(
    world: Cast, annex: AnnexImport, settings: Any
) -> None:
    seen = read_preview(annex, world.region_officer).seen
    apply(annex, world.region_officer)
    settings.CLAMD_URL = SCANNER

    with pytest.raises(AnnexRefused, match="has been applied already"):
        apply(annex, world.region_officer, seen=seen)
