"""A sealed package tells of files that were disposed of before, and is whole without them."""

import json
import shutil
import zipfile
from pathlib import Path

import pytest
from django.utils.translation import override

from plants.models import Person
from tests.factories import NOW, Cast, ObligationFactory, cast, decide
from tests.factories.walks import store_file, submit
from tracker.audit import Actor
from tracker.demo.evidence_files import make_pdf
from tracker.evidence.attach import attach_evidence
from tracker.evidence.disposal import dispose
from tracker.evidence.models import StoredFile
from tracker.evidence.retention import read_rules
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
def answered(world: Cast) -> Obligation:
    obligation = ObligationFactory.create(plant=world.plant)
    decide(submit(obligation, world.manager), "accept", world.changji_officer)
    return obligation


def lay(obligation: Obligation, by: Person) -> None:
    """Another file, which is not disposed of."""
    attach_evidence(
        obligation=obligation,
        file=store_file(make_pdf(2), name="新.pdf"),
        document_on=None,
        by=Actor(by, "tests"),
        at=NOW,
    )


def seal(world: Cast, by: Person, path: Path) -> Path:
    package = seal_package(
        read_contents(world.plant), by=Actor(by, "tests"), at=NOW, site="http://testserver"
    )
    with path.open("wb") as target:
        shutil.copyfileobj(package.stream, target)
    package.stream.close()
    return path


def test_file_that_was_disposed_of_is_told_of(
    world: Cast, answered: Obligation, tmp_path: Path
) -> None:
    stored = StoredFile.objects.get()
    over = NOW.replace(year=2032)
    assert dispose(stored, rules=read_rules(), by=Actor(None, "x"), at=over) is not None
    lay(ObligationFactory.create(plant=world.plant), world.manager)

    with override("en"):
        path = seal(world, world.auditor, tmp_path / "package.zip")

    with zipfile.ZipFile(path) as package:
        told = json.loads(package.read("manifest.json"))
        page = package.read("index.html").decode()
    first, second = told["files"]
    assert first["disposed"]["rule"]["en"].endswith("kept for 5 years")
    assert [file["path"] in told["members"] for file in (first, second)] == [False, True]
    assert "disposed of on 2032-09-01" in page
    assert page.count('href="files') == 1
    found = verify_package(path, public_key=public_key())
    assert (found.faults, found.file_count) == ([], 2)
