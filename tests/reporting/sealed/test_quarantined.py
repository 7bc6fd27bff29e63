"""A package where one of the files holds a virus: told of, without its bytes, and whole."""

import json
import shutil
import zipfile
from pathlib import Path

import pytest
from django.utils.translation import override

from tests.factories import NOW, Cast, ObligationFactory, cast
from tests.factories.walks import VIRUS, quarantine, store_file
from tracker.audit import Actor
from tracker.demo.evidence_files import make_pdf
from tracker.evidence.attach import attach_evidence
from tracker.evidence.models import StoredFile
from tracker.obligations.models import Obligation
from tracker.reporting.sealed.archive import seal_package
from tracker.reporting.sealed.contents import read_contents
from tracker.reporting.sealed.seal import public_key
from tracker.reporting.sealed.verify import verify_package

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Cast:
    return cast()


@pytest.fixture
def obligation(world: Cast) -> Obligation:
    """Two files; the second holds a virus."""
    made = ObligationFactory.create(plant=world.plant)
    for number in (1, 2):
        attach_evidence(
            obligation=made,
            file=store_file(make_pdf(number), name=f"{number}.pdf"),
            document_on=None,
            by=Actor(world.manager, "tests"),
            at=NOW,
        )
    quarantine(StoredFile.objects.order_by("-pk")[0])
    return made


def test_package_tells_of_it_without_its_bytes(
    world: Cast, obligation: Obligation, tmp_path: Path
) -> None:
    path = tmp_path / "package.zip"
    contents = read_contents(world.plant)
    with override("en"):
        package = seal_package(contents, by=Actor(world.auditor, ""), at=NOW, site="http://site")
    with package.stream, path.open("wb") as target:
        shutil.copyfileobj(package.stream, target)

    with zipfile.ZipFile(path) as members:
        told = json.loads(members.read("manifest.json"))
        page = members.read("index.html").decode()
        names = members.namelist()
    held, left_out = told["files"][0], told["quarantined"][0]
    assert (held["name"], left_out["name"]) == ("1.pdf", "2.pdf")
    assert (left_out["virus"], left_out["scanned_by"]) == (VIRUS, "ClamAV")
    assert (len(told["files"]), len(told["quarantined"]), package.file_count) == (1, 1, 1)
    assert held["path"] in names
    assert left_out["path"] not in names
    assert f"left out: a virus was found in it ({VIRUS})" in page
    found = verify_package(path, public_key=public_key())
    assert (found.faults, found.file_count) == ([], 1)
