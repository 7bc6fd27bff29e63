"""The shipped conditions of the stages, and how a file of them is checked and loaded."""

from datetime import UTC, date, datetime
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.factories import DocumentFactory
from tracker.audit import Actor, Event, Verb
from tracker.rounds.condition_seeds import (
    ConditionShape,
    load_conditions,
    parse_conditions,
    read_conditions,
)
from tracker.rounds.models import Check, Condition, Stage

NOW = datetime(2026, 11, 29, 2, 0, tzinfo=UTC)
TODAY = date(2026, 11, 29)
DOCUMENTS = ("assessment-guide-2024", "permit-regulation", "opinion-2024")
ONE = """conditions:
  - code: documents-complete
    stage: document_review
    title: {zh: 资料齐全, en: The documents are complete}
    text: {zh: 资料齐全。, en: They are complete.}
    blocking: true
    document: assessment-guide-2024
    verification: verified
"""


def load(shapes: list[ConditionShape]) -> tuple[int, int, int, int]:
    report = load_conditions(shapes=shapes, today=TODAY, by=Actor(None, "tests"), at=NOW)
    return (
        report.count("created"),
        report.count("changed"),
        report.count("withdrew"),
        report.count("restored"),
    )


def shapes_of(text: str) -> list[ConditionShape]:
    shapes, faults = parse_conditions("rounds.yaml", text.encode(), DOCUMENTS)
    assert faults == []
    return shapes


def test_shipped_conditions_are_without_a_fault() -> None:
    shapes, faults = read_conditions(DOCUMENTS)

    assert faults == []
    assert {shape.check for shape in shapes if shape.check} == set(Check.values)


def test_nothing_that_is_only_presumed_blocks() -> None:
    """2.6 marks these G: shown, and no hindrance."""
    shapes, _faults = read_conditions()
    codes = {shape.code for shape in shapes if not shape.blocking}

    assert {"fugitive-site-check", "transport-ledgers", "yearly-self-check"} <= codes


@pytest.mark.parametrize(
    ("code", "stage", "value", "unit", "verification"),
    [
        ("stable-month", Stage.STABLE_RUNNING, None, "", "to_verify"),  # 2.4: G for cement
        ("reagent-sample", Stage.DOCUMENT_REVIEW, 1, "a", "verified"),  # 2.4: V [S34]
        ("oxidation-cpm", Stage.SITE_SURVEY, 10, "mg/m3", "verified"),  # 2.4: V [S34]
        ("cems-share-of-hours", Stage.MONITORING, 95, "%", "secondary"),  # 2.6: V, window G
        ("report-conclusions", Stage.REPORT, None, "", "verified"),  # 2.3 (4): V
        ("report-received", Stage.FILED, None, "", "secondary"),  # 2.7: V of steel and Henan
        ("notice-over", Stage.PUBLIC_NOTICE, None, "", "to_verify"),  # 2.7: duration "?"
    ],
)
def test_shipped_condition_is_as_sure_as_its_source(
    code: str, stage: str, value: int | None, unit: str, verification: str
) -> None:
    shapes, _faults = read_conditions()
    shape = next(shape for shape in shapes if shape.code == code)

    found = (shape.stage, shape.value, shape.unit, shape.verification)
    assert found == (stage, value, unit, verification)


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("stage: document_review", "stage: documents", "rounds.yaml:3: conditions[1].stage: must"),
        ("    document: assessment-guide-2024\n", "", "rounds.yaml:2: conditions[1]: needs either"),
        ("assessment-guide-2024", "guide", "rounds.yaml:7: conditions[1].document: no document"),
        (
            "    blocking",
            "    value: 3\n    blocking",
            "rounds.yaml:6: conditions[1].value: is a",
        ),
        ("blocking: true", "check: weather", "rounds.yaml:6: conditions[1].check: must be one of"),
        ("blocking", "blokcing", "rounds.yaml:6: conditions[1].blokcing: is no known key"),
    ],
)
def test_faults_are_told_by_line(old: str, new: str, fault: str) -> None:
    _shapes, faults = parse_conditions("rounds.yaml", ONE.replace(old, new).encode(), DOCUMENTS)

    assert [str(found)[: len(fault)] for found in faults] == [fault]


def test_code_stands_once() -> None:
    twice = ONE + ONE.partition("\n")[2]

    _shapes, faults = parse_conditions("rounds.yaml", twice.encode(), DOCUMENTS)

    assert [found.path for found in faults] == ["conditions[2].code"]


@pytest.mark.django_db
def test_load_changes_withdraws_and_restores() -> None:
    DocumentFactory.create(code="assessment-guide-2024")
    assert load(shapes_of(ONE)) == (1, 0, 0, 0)
    assert load(shapes_of(ONE)) == (0, 0, 0, 0)
    assert load(shapes_of(ONE.replace("blocking: true", "blocking: false"))) == (0, 1, 0, 0)
    assert load(shapes_of("conditions: []")) == (0, 0, 1, 0)
    assert Condition.objects.get().withdrawn_on == TODAY
    assert not Condition.objects.in_force().exists()
    assert load(shapes_of(ONE)) == (0, 1, 0, 1)

    condition = Condition.objects.get()
    assert (condition.withdrawn_on, condition.is_blocking) == (None, True)
    verbs = [event.verb for event in Event.objects.about(condition)]
    assert verbs == [Verb.RESTORED, Verb.CHANGED, Verb.WITHDREW, Verb.CHANGED, Verb.CREATED]


@pytest.mark.django_db
def test_command_loads_them_with_all_that_is_shipped() -> None:
    call_command("load_regulations", stdout=StringIO())
    out = StringIO()

    call_command("load_regulations", stdout=out)

    assert Condition.objects.in_force().count() == len(read_conditions()[0])
    assert "0 created, 0 changed" in out.getvalue()


@pytest.mark.django_db
def test_command_loads_the_file_alone_on_top_of_the_others(tmp_path: Path) -> None:
    """Its faults are told like those of every other file, and nothing is loaded."""
    DocumentFactory.create(code="assessment-guide-2024")
    path = tmp_path / "rounds.yaml"
    path.write_text(ONE, encoding="utf-8")
    out, err = StringIO(), StringIO()

    call_command("load_regulations", str(path), stdout=out)
    path.write_text(ONE.replace("verified", "sure"), encoding="utf-8")
    with pytest.raises(CommandError, match="1 fault; nothing was loaded"):
        call_command("load_regulations", str(path), stderr=err)

    assert out.getvalue() == "1 created, 0 changed, 0 unchanged.\n"
    assert ":8: conditions[1].verification: must be one of verified" in err.getvalue()
    assert Condition.objects.get().verification == "verified"
