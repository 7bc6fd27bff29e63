"""Versions of documents: kept when they differ, compared requirement by requirement."""

from datetime import UTC, date, datetime

import pytest

from plants.text import Text
from tests.factories import AuthorityFactory
from tests.regulations.sample import RULE, parse
from tracker.audit import Actor
from tracker.regulations.load import load_seeds, read_known
from tracker.regulations.models import DocumentVersion, Requirement
from tracker.regulations.versions import (
    Comparison,
    FieldChange,
    RequirementChange,
    against_newest,
    compare_versions,
    content_of,
)

FIRST = datetime(2026, 9, 1, 2, 0, tzinfo=UTC)
SECOND = datetime(2026, 10, 1, 2, 0, tzinfo=UTC)
TEXT = RULE.replace("窑尾颗粒物不高于10。", "窑尾颗粒物不得高于10。")
LIMIT = RULE.replace("pollutant: PM, value: 10", "pollutant: PM, value: 8")
TITLE = RULE.replace("Kiln limits", "Limits of the kiln")
NO_LEDGER = RULE[: RULE.index("  - code: opinion-ledger")] + RULE[RULE.index("targets:") :]


def compare(old: str, new: str) -> Comparison:
    contents = []
    for text in (old, new):
        seeds, faults = parse(text)
        assert faults == []
        shapes = {r.code: r.shape for r in seeds.regulations}
        contents.append(content_of(shapes["opinion"]))
    return compare_versions(*contents)


def test_same_file_differs_in_nothing() -> None:
    assert compare(RULE, RULE).is_nothing


def test_changed_wording_stands_old_beside_new() -> None:
    comparison = compare(RULE, TEXT)

    english = "Dust at the kiln tail is at most 10."
    change = FieldChange(
        "text",
        {"zh": "窑尾颗粒物不高于10。", "en": english},
        {"zh": "窑尾颗粒物不得高于10。", "en": english},
    )
    title = Text("窑尾限值", "Kiln limits")
    assert comparison.changed == (RequirementChange("opinion-kiln", title, (change,)),)
    assert (comparison.added, comparison.withdrawn, comparison.head) == ((), (), ())


def test_requirement_that_left_is_withdrawn_and_one_that_came_is_added() -> None:
    gone, came = compare(RULE, NO_LEDGER), compare(NO_LEDGER, RULE)

    assert [entry["code"] for entry in gone.withdrawn] == ["opinion-ledger"]
    assert [entry["code"] for entry in came.added] == ["opinion-ledger"]
    assert gone.changed == came.changed == ()


def test_changed_head_of_the_document_is_told() -> None:
    comparison = compare(RULE, RULE.replace("issued_on: 2024-01-19", "issued_on: 2024-01-15"))

    assert comparison.head == (FieldChange("issued_on", "2024-01-19", "2024-01-15"),)


def load(rule: str, at: datetime) -> None:
    seeds, faults = parse(rule, known=read_known())
    assert faults == []
    load_seeds(seeds=seeds, today=date(2026, 9, 1), by=Actor(None, "tests"), at=at)


def versions() -> list[tuple[str, int]]:
    found = DocumentVersion.objects.order_by("document__code", "number")
    return list(found.values_list("document__code", "number"))


@pytest.fixture
def loaded(db: None) -> None:
    AuthorityFactory.create(code="region-changji")
    load(RULE, FIRST)


@pytest.mark.usefixtures("loaded")
def test_version_is_kept_once_for_what_differs() -> None:
    load(RULE, SECOND)
    assert versions() == [("notice", 1), ("opinion", 1)]

    load(TEXT, SECOND)

    assert versions() == [("notice", 1), ("opinion", 1), ("opinion", 2)]


@pytest.mark.usefixtures("loaded")
def test_what_loading_would_change_is_known_before() -> None:
    seeds, _faults = parse(NO_LEDGER, known=read_known())

    [(code, comparison)] = against_newest(r.shape for r in seeds.regulations)

    assert (code, comparison.summary) == ("opinion", "0 added, 0 changed, 1 withdrawn")
    assert versions() == [("notice", 1), ("opinion", 1)]


@pytest.mark.usefixtures("loaded")
@pytest.mark.parametrize(
    ("rule", "changed_at"), [(TEXT, SECOND), (LIMIT, SECOND), (TITLE, None), (RULE, None)]
)
def test_only_a_changed_wording_or_number_flags_earlier_answers(
    rule: str, changed_at: datetime | None
) -> None:
    load(rule, SECOND)

    assert Requirement.objects.get(code="opinion-kiln").text_changed_at == changed_at
    assert Requirement.objects.get(code="opinion-ledger").text_changed_at is None
