"""A round's sealed package: what it holds, what it does not tell, and that no change is unseen."""

import csv
import io
import json
import shutil
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from tests.factories import NOW, TODAY
from tests.reporting.sealed.full_round import (
    ELSEWHERE,
    NOTE,
    REASON,
    WRONG,
    bind,
    enter,
    full_round,
    look,
    measure,
)
from tests.reporting.sealed.test_package import drop_link, rewritten, swap_file
from tests.rounds.walks import Scene, scene
from tracker.audit import Actor
from tracker.demo.evidence_files import make_picture
from tracker.reporting.sealed.archive import seal_package
from tracker.reporting.sealed.rounds.contents import read_round
from tracker.reporting.sealed.seal import public_key
from tracker.reporting.sealed.verify import verify_package
from tracker.rounds.models import Round

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with override("en"):
        yield


@pytest.fixture
def walked() -> Scene:
    return full_round()


def seal(round_: Round, folder: Path) -> Path:
    package = seal_package(
        read_round(Round.objects.get(pk=round_.pk), today=TODAY),
        by=Actor(None, "tests"),
        at=NOW,
        site="http://testserver",
    )
    path = folder / "package.zip"
    with package.stream, path.open("wb") as target:
        shutil.copyfileobj(package.stream, target)
    return path


def members_of(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as package:
        return {name: package.read(name) for name in package.namelist()}


def table(members: dict[str, bytes], name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(members[name].decode("utf-8-sig"))))


def test_package_holds_the_whole_round(walked: Scene, tmp_path: Path) -> None:
    path = seal(walked.round, tmp_path)

    members = members_of(path)
    told = json.loads(members["manifest.json"])
    assert told["scope"] == "round"
    assert [step["stage"] for step in told["steps"]][0::9] == ["planned", "listed"]
    assert (told["answers"][0]["answer"], told["overrides"][0]["reason"]) == ("not_met", REASON)
    [asked] = told["conditions"]
    assert (asked["code"], asked["outcome"], asked["is_in_the_way"]) == ("ports", "not_met", False)
    assert [sample.get("outcome") for sample in told["samples"]] == [None, "within"]
    assert told["outlets"][0]["outcome"] == "within"
    assert (told["transport"]["rows"][0]["tonnes"], told["seats"][0]["body"]) == (
        "80.000",
        "monitoring",
    )
    assert [each["part"] for each in told["listings"]] == told["round"]["parts"]
    pdf, word, paper, photo = told["files"]
    kinds = [each["laid_to"][0]["kind"] for each in told["files"]]
    assert kinds == ["report", "report", "roundstep", "fugitivecheck"]
    assert told["reports"][0]["files"] == [pdf["path"], word["path"]]
    assert members[pdf["path"]] == told["reports"][0]["content_sha256"].encode()
    assert told["steps"][0]["papers"] == [paper["path"]]
    assert told["fugitive"][0]["photos"] == [photo["path"]]
    assert members[photo["path"]] == make_picture(1)


def test_tables_and_page_say_what_the_rows_say(walked: Scene, tmp_path: Path) -> None:
    members = members_of(seal(walked.round, tmp_path))

    wrong, right = table(members, "samples.csv")
    assert (wrong["measured (mg/m³)"], wrong["result"], bool(wrong["replaced"])) == (
        *("404", ""),
        True,
    )
    assert right["conversion"] == "40.4 × (21 − 10) ÷ (21 − 12.2) = 50.5"
    assert (right["converted (mg/m³)"], right["limit (mg/m³)"], right["result"]) == (
        *("50.5", "51"),
        "within",
    )
    assert right["reason"] == WRONG
    assert table(members, "transport.csv")[0]["read at"].startswith("'=台账.xlsx")
    assert table(members, "fugitive.csv")[0]["photos"] in members
    page = members["index.html"].decode()
    assert page.count('href="files/') == 4
    assert all(words in page for words in (REASON, NOTE, right["conversion"], "Sampling ports"))
    assert 'href="samples.csv"' in page
    assert "<script" not in page


def test_only_the_rounds_own_events_are_told(walked: Scene, tmp_path: Path) -> None:
    members = members_of(seal(walked.round, tmp_path))

    links = [json.loads(line) for line in members["trail.jsonl"].splitlines()]
    told = {(link["facts"][8], link["facts"][9]) for link in links if "facts" in link}
    assert told >= {
        *(("opened", "round"), ("overrode", "round"), ("moved", "round"), ("entered", "round")),
        *(("corrected", "sample"), ("created", "fugitivesource"), ("uploaded", "evidence")),
        ("loaded", "plant"),
    }
    assert not {kind for _verb, kind in told} & {"obligation"}
    assert ELSEWHERE not in b"".join(members.values()).decode(errors="ignore")


def change_table(members: dict[str, bytes]) -> None:
    members["samples.csv"] = members["samples.csv"].replace(b"50.5", b"40.5")


def change_override(members: dict[str, bytes]) -> None:
    members["manifest.json"] = members["manifest.json"].replace(REASON.encode(), "同意。".encode())


def change_event(members: dict[str, bytes]) -> None:
    members["trail.jsonl"] = members["trail.jsonl"].replace(REASON.encode(), "同意。".encode())


@pytest.mark.parametrize(
    ("forge", "named"),
    [
        (swap_file, "files/0001"),
        (change_table, "samples.csv"),
        (change_override, "The seal is not that of this manifest."),
        (change_event, "trail.jsonl"),
        (drop_link, "trail.jsonl"),
    ],
)
def test_it_is_whole_and_every_forgery_is_named(
    walked: Scene, tmp_path: Path, forge: Callable[[dict[str, Any]], None], named: str
) -> None:
    path = seal(walked.round, tmp_path)
    whole = verify_package(path, public_key=public_key())
    assert (whole.faults, whole.file_count) == ([], 4)

    found = verify_package(rewritten(path, forge))

    assert any(fault.startswith(named) for fault in found.faults)


def test_round_that_has_just_begun_has_no_tables(tmp_path: Path) -> None:
    path = seal(scene().round, tmp_path)

    assert set(members_of(path)) == {"index.html", "manifest.json", "seal.json", "trail.jsonl"}
    assert verify_package(path).faults == []


def test_more_rows_take_no_more_queries() -> None:
    made = scene()
    bind()
    made.walk("monitoring")
    measure(made)
    look(made)
    few = count_queries(made.round)
    for number in (2, 3):
        look(made, number)
        enter(made, "40", day=10 + number)

    assert count_queries(made.round) == few


def count_queries(round_: Round) -> int:
    found = Round.objects.select_related("plant__authority", "plant__place").get(pk=round_.pk)
    with CaptureQueriesContext(connection) as queries:
        seal_package(
            read_round(found, today=TODAY), by=Actor(None, "tests"), at=NOW, site=""
        ).stream.close()
    return len(queries)
