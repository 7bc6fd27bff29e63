"""A sealed package: what it holds, and that no change of it stays unseen."""

import io
import json
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command

from plants.models import Person, Plant
from tests.factories import NOW, Cast, ObligationFactory, cast
from tests.factories.walks import decide, store_file
from tests.web.test_room_for_files import files_end_at
from tracker.assessments.comments import write_comment
from tracker.assessments.correct import correct_decision, read_standing
from tracker.audit import Actor
from tracker.demo.evidence_files import make_pdf
from tracker.evidence.attach import attach_evidence, remove_attachment
from tracker.evidence.models import Attachment, Evidence, Submission
from tracker.evidence.store import path_of
from tracker.evidence.submit import submit_evidence
from tracker.obligations.models import Obligation
from tracker.reporting.sealed.archive import PackageRefused, seal_package
from tracker.reporting.sealed.contents import read_contents
from tracker.reporting.sealed.manifest import member_name
from tracker.reporting.sealed.seal import public_key
from tracker.reporting.sealed.verify import verify_package

pytestmark = pytest.mark.django_db
NAME = "1#窑 SNCR＋SCR 改造“验收”报告（盖章）.pdf"


@pytest.fixture
def world() -> Cast:
    return cast()


def lay(obligation: Obligation, by: Person, number: int, name: str = NAME) -> Attachment:
    return attach_evidence(
        obligation=obligation,
        file=store_file(make_pdf(number), name=name),
        document_on=None,
        by=Actor(by, "tests"),
        at=NOW,
    )


def hand_in(obligation: Obligation, by: Person) -> Submission:
    return submit_evidence(
        obligation=obligation, note="请审核", token=uuid4(), by=Actor(by, "tests"), at=NOW
    )


@pytest.fixture
def answered(world: Cast) -> Obligation:
    """Returned once, then accepted; one file was taken away before."""
    obligation = ObligationFactory.create(plant=world.plant)
    wrong = lay(obligation, world.manager, 1, "错的.pdf")
    remove_attachment(attachment=wrong, reason="传错了", by=Actor(world.manager, "tests"), at=NOW)
    lay(obligation, world.manager, 2)
    decide(hand_in(obligation, world.manager), "return", world.changji_officer, reason="缺页")
    lay(obligation, world.manager, 3)
    decide(hand_in(obligation, world.manager), "accept", world.changji_officer)
    return obligation


@pytest.fixture
def seal(world: Cast, tmp_path: Path) -> Callable[..., Path]:
    def sealed(plant: Plant, obligation: Obligation | None = None) -> Path:
        package = seal_package(
            read_contents(plant, obligation),
            by=Actor(world.auditor, "tests"),
            at=NOW,
            site="http://testserver",
        )
        path = tmp_path / "package.zip"
        with path.open("wb") as target:
            shutil.copyfileobj(package.stream, target)
        package.stream.close()
        return path

    return sealed


def manifest_of(path: Path) -> dict[str, Any]:
    with zipfile.ZipFile(path) as package:
        told: dict[str, Any] = json.loads(package.read("manifest.json"))
    return told


def test_package_holds_every_file_under_its_name_and_what_was_decided(
    world: Cast, answered: Obligation, seal: Callable[..., Path]
) -> None:
    path = seal(world.plant, answered)

    told = manifest_of(path)
    assert [file["name"] for file in told["files"]] == ["错的.pdf", NAME, NAME]
    [obligation] = told["obligations"]
    assert [answer["decision"]["decision"] for answer in obligation["answers"]] == [
        "return",
        "accept",
    ]
    assert obligation["answers"][0]["decision"]["reason"] == "缺页"
    assert obligation["taken_away"][0]["reason"] == "传错了"
    with zipfile.ZipFile(path) as package:
        held = {file["sha256"]: package.read(file["path"]) for file in told["files"]}
        page = package.read("index.html").decode()
    assert set(held.values()) == {make_pdf(number) for number in (1, 2, 3)}
    assert NAME in page.replace("&quot;", '"')
    assert "缺页" in page
    assert "<script" not in page


def test_whole_package_is_found_whole(
    world: Cast, answered: Obligation, seal: Callable[..., Path]
) -> None:
    for path in (seal(world.plant), seal(world.plant, answered)):
        found = verify_package(path, public_key=public_key())

        assert found.faults == []
        assert found.file_count == 3
        assert found.link_count == len(read_contents(world.plant).trail())


def test_package_of_one_obligation_tells_nothing_of_the_others(
    world: Cast, answered: Obligation, seal: Callable[..., Path]
) -> None:
    other = ObligationFactory.create(plant=world.plant)
    lay(other, world.manager, 4, "别的义务.pdf")

    path = seal(world.plant, answered)

    with zipfile.ZipFile(path) as package:
        everything = b"".join(package.read(name) for name in package.namelist())
    assert "别的义务".encode() not in everything
    assert "错的".encode() in everything
    assert verify_package(path).faults == []


def test_package_tells_what_was_put_right_and_written_since(
    world: Cast, answered: Obligation, seal: Callable[..., Path]
) -> None:
    by = Actor(world.changji_officer, "tests")
    obligation = Obligation.objects.select_related("plant__authority").get(pk=answered.pk)
    write_comment(obligation=obligation, text="印章不清", token=uuid4(), by=by, at=NOW)
    standing = read_standing(obligation)
    assert standing is not None
    correct_decision(
        obligation=obligation,
        review_pk=standing.review.pk,
        corrections=0,
        superior_pk=world.region_officer.pk,
        reason="附件属于另一家企业",
        seen=standing.review.seen_digest,
        by=by,
        at=NOW,
    )

    path = seal(world.plant, answered)

    [told] = manifest_of(path)["obligations"]
    assert [comment["text"] for comment in told["comments"]] == ["印章不清"]
    [correction] = told["answers"][1]["corrections"]
    assert correction["decision"] == "return"
    assert correction["superior"] == world.region_officer.name
    with zipfile.ZipFile(path) as package:
        page = package.read("index.html").decode()
    assert "附件属于另一家企业" in page
    assert "印章不清" in page
    assert verify_package(path).faults == []


def rewritten(path: Path, change: Callable[[dict[str, bytes]], None]) -> Path:
    """The package as somebody would forge it: the members changed, the ZIP whole."""
    with zipfile.ZipFile(path) as package:
        members = {name: package.read(name) for name in package.namelist()}
    change(members)
    target = path.with_name("forged.zip")
    with zipfile.ZipFile(target, "w") as package:
        for name, content in members.items():
            package.writestr(name, content)
    return target


def first_file(members: dict[str, bytes]) -> str:
    return next(name for name in members if name.startswith("files/"))


def swap_file(members: dict[str, bytes]) -> None:
    members[first_file(members)] = b"%PDF-1.4 swapped"


def drop_file(members: dict[str, bytes]) -> None:
    del members[first_file(members)]


def add_file(members: dict[str, bytes]) -> None:
    members["files/9999 late.pdf"] = b"%PDF-1.4 late"


def grow_file(members: dict[str, bytes]) -> None:
    members[first_file(members)] += b"0" * 10_000_000


def change_decision(members: dict[str, bytes]) -> None:
    members["manifest.json"] = members["manifest.json"].replace(b'"return"', b'"accept"')


def change_page(members: dict[str, bytes]) -> None:
    members["index.html"] = members["index.html"].replace("缺页".encode(), "无误".encode())


def change_trail(members: dict[str, bytes]) -> None:
    members["trail.jsonl"] = members["trail.jsonl"].replace("缺页".encode(), "无误".encode())


def drop_link(members: dict[str, bytes]) -> None:
    lines = members["trail.jsonl"].splitlines(keepends=True)
    members["trail.jsonl"] = b"".join(lines[:1] + lines[2:])


def drop_seal(members: dict[str, bytes]) -> None:
    del members["seal.json"]


def break_seal(members: dict[str, bytes]) -> None:
    members["seal.json"] = b"{}"


def spoil_members(members: dict[str, bytes]) -> None:
    told = json.loads(members["manifest.json"])
    told["members"] = dict.fromkeys(told["members"], 1)
    members["manifest.json"] = json.dumps(told).encode()


def spoil_size(members: dict[str, bytes]) -> None:
    told = json.loads(members["manifest.json"])
    told["members"]["index.html"]["size_bytes"] = "many"
    members["manifest.json"] = json.dumps(told).encode()


def break_manifest(members: dict[str, bytes]) -> None:
    members["manifest.json"] = b"[]"


@pytest.mark.parametrize(
    ("forge", "named"),
    [
        (swap_file, "files/0001"),
        (drop_file, "files/0001"),
        (grow_file, "files/0001"),
        (add_file, "files/9999 late.pdf"),
        (change_decision, ""),
        (change_page, "index.html"),
        (change_trail, "trail.jsonl"),
        (drop_link, "trail.jsonl"),
        (drop_seal, "seal.json"),
        (break_seal, ""),
        (break_manifest, "manifest.json"),
        (spoil_members, "manifest.json"),
        (spoil_size, "manifest.json"),
    ],
)
def test_every_forgery_is_named(
    world: Cast,
    answered: Obligation,
    seal: Callable[..., Path],
    forge: Callable[[dict[str, bytes]], None],
    named: str,
) -> None:
    found = verify_package(rewritten(seal(world.plant), forge))

    assert found.faults
    assert any(fault.startswith(named) for fault in found.faults)


def test_seal_of_another_key_is_told_apart(
    world: Cast, answered: Obligation, seal: Callable[..., Path], settings: Any
) -> None:
    path = seal(world.plant)
    settings.SEAL_KEY = "1" * 64

    assert verify_package(path).faults == []
    assert verify_package(path, public_key=public_key()).faults != []


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"no zip at all"])
def test_what_is_no_package_is_said_to_be_none(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "package.zip"
    path.write_bytes(content)

    assert len(verify_package(path).faults) == 1
    assert len(verify_package(tmp_path / "none.zip").faults) == 1


@pytest.mark.parametrize("is_there", [True, False])
def test_file_that_is_not_as_it_was_uploaded_gets_no_seal(
    world: Cast, answered: Obligation, seal: Callable[..., Path], is_there: bool
) -> None:
    stored = path_of(read_contents(world.plant).files[0].stored)
    stored.chmod(0o640)
    if is_there:
        stored.write_bytes(b"%PDF-1.4 changed")
    else:
        stored.unlink()

    with pytest.raises(PackageRefused, match=r"错的\.pdf"):
        seal(world.plant)


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("报告.pdf", "files/0001 报告.pdf"),
        ("../../etc/passwd", "files/0001 _.._etc_passwd"),
        ("a\\b:c*?.pdf", "files/0001 a_b_c__.pdf"),
        ("报告\u202efdp.exe", "files/0001 报告_fdp.exe"),
        ("报" * 300 + ".xlsx", "files/0001 " + "报" * 115 + ".xlsx"),
        (" . ", "files/0001 _"),
    ],
)
def test_names_in_the_package_unpack_anywhere(name: str, safe: str) -> None:
    assert member_name(1, Evidence(original_name=name)) == safe


def test_command_checks_a_package_and_names_what_is_wrong(
    world: Cast, answered: Obligation, seal: Callable[..., Path]
) -> None:
    path, out, err = seal(world.plant), io.StringIO(), io.StringIO()

    call_command("verify_package", path, stdout=out)
    with pytest.raises(CommandError):
        call_command("verify_package", rewritten(path, swap_file), stderr=err)

    assert "3 files" in out.getvalue()
    assert "The seal is this site's." in out.getvalue()
    assert "files/0001" in err.getvalue()


def test_package_whose_bytes_were_spoiled_is_told_without_a_crash(
    world: Cast, answered: Obligation, seal: Callable[..., Path]
) -> None:
    path = seal(world.plant)
    with zipfile.ZipFile(path) as package:
        start = package.getinfo("trail.jsonl").header_offset
    content = bytearray(path.read_bytes())
    for place in range(start + 80, start + 120):
        content[place] ^= 0xFF
    path.write_bytes(content)

    assert verify_package(path).faults != []


def test_full_disk_gives_no_package_and_leaves_nothing(
    world: Cast, answered: Obligation, seal: Callable[..., Path], settings: Any
) -> None:
    with files_end_at(1024), pytest.raises(PackageRefused, match=r"空间不足|no room"):
        seal(world.plant)

    assert list((Path(settings.FILES_DIR) / "outgoing").iterdir()) == []
