"""The checklist that is shipped: whole, honest of its sources, and the same when loaded twice."""

from datetime import UTC, date, datetime
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.factories import DocumentFactory
from tracker.audit import Actor, Event
from tracker.rounds.fugitive.seeds import (
    ItemShape,
    load_checklist,
    parse_checklist,
    read_shipped,
)
from tracker.rounds.models import FugitiveGroup, FugitiveItem

BY, NOW, TODAY = Actor(None, "tests"), datetime(2026, 11, 29, 2, tzinfo=UTC), date(2026, 11, 29)
SAMPLE = """\
fugitive_items:
  - code: one
    group: storage
    text: {zh: 封闭料棚, en: A closed shed}
    document: opinion-2024
    verification: to_verify
"""


def shipped() -> list[ItemShape]:
    shapes, faults = parse_checklist(*read_shipped(), documents={"opinion-2024"})
    assert faults == []
    return list(shapes)


# domain 1.3 (2): the general clause is V, in three checkable conditions; all other rows are R or G.
def test_only_the_general_clause_is_verified() -> None:
    verified = [shape.group for shape in shipped() if shape.verification == "verified"]
    others = [shape for shape in shipped() if shape.group != FugitiveGroup.GENERAL]

    assert verified == ["general"] * 3
    assert {shape.verification for shape in others} == {"to_verify"}
    assert {shape.group for shape in others} == set(FugitiveGroup) - {FugitiveGroup.GENERAL}
    assert len(others) == 17
    assert all(shape.note is not None and shape.clause == "" for shape in shipped())


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (SAMPLE + SAMPLE[16:], "the item 'one' is defined twice (first at a.yaml:2)"),
        (SAMPLE.replace("opinion-2024", "opinion"), "no document 'opinion' is known"),
        (SAMPLE.replace("storage", "store"), "must be one of general, storage"),
        (SAMPLE.replace("to_verify", "sure"), "must be one of verified"),
        ("fugitive_items: []\n", "must have at least one entry"),
        ("", "is empty"),
    ],
)
def test_faults_are_told_by_their_line(content: str, fault: str) -> None:
    _shapes, faults = parse_checklist("a.yaml", content.encode(), documents={"opinion-2024"})

    assert len(faults) == 1
    assert fault in faults[0].message


@pytest.mark.django_db
def test_checklist_loads_twice_and_changes_nothing() -> None:
    DocumentFactory.create(code="opinion-2024")

    first = load_checklist(shipped(), today=TODAY, by=BY, at=NOW)
    events = Event.objects.count()
    second = load_checklist(shipped(), today=TODAY, by=BY, at=NOW)

    assert (first.count("created"), events) == (20, 20)
    assert (second.changes, second.unchanged, Event.objects.count()) == ([], 20, 20)


@pytest.mark.django_db
def test_item_that_left_the_file_is_withdrawn_and_comes_back() -> None:
    DocumentFactory.create(code="opinion-2024")
    load_checklist(shipped(), today=TODAY, by=BY, at=NOW)

    load_checklist(shipped()[1:], today=TODAY, by=BY, at=NOW)
    gone = FugitiveItem.objects.get(withdrawn_on=TODAY)
    left = FugitiveItem.objects.in_force().count()
    load_checklist(shipped(), today=TODAY, by=BY, at=NOW)

    assert (gone.code, left) == ("general-enclosed", 19)
    assert FugitiveItem.objects.in_force().count() == 20


@pytest.mark.django_db
def test_command_loads_a_checklist_by_itself(tmp_path: Path) -> None:
    DocumentFactory.create(code="opinion-2024")
    path, out = tmp_path / "own.yaml", StringIO()
    path.write_text(SAMPLE, encoding="utf-8")

    call_command("load_regulations", path, "--check", stdout=out)
    checked = FugitiveItem.objects.count()
    call_command("load_regulations", path, stdout=out)

    assert out.getvalue() == "1 file checked: no fault.\n1 created, 0 changed, 0 unchanged.\n"
    assert checked == 0
    assert [item.code for item in FugitiveItem.objects.in_force()] == ["one"]


@pytest.mark.django_db
def test_command_refuses_two_checklists_and_one_with_a_fault(tmp_path: Path) -> None:
    DocumentFactory.create(code="opinion-2024")
    paths = [tmp_path / "a.yaml", tmp_path / "b.yaml"]
    for path in paths:
        path.write_text(SAMPLE, encoding="utf-8")

    with pytest.raises(CommandError, match="1 fault; nothing was loaded"):
        call_command("load_regulations", *paths, stderr=StringIO())
    paths[0].write_text(SAMPLE.replace("storage", "store"), encoding="utf-8")
    with pytest.raises(CommandError, match="1 fault; nothing was loaded"):
        call_command("load_regulations", paths[0], stderr=StringIO())

    assert not FugitiveItem.objects.exists()


@pytest.mark.django_db
def test_command_loads_the_checklist_with_the_regulations() -> None:
    call_command("load_regulations", stdout=StringIO())

    item = FugitiveItem.objects.get(code="general-no-dust")
    assert (item.document.code, item.verification, item.group) == (
        "opinion-2024",
        "verified",
        "general",
    )
