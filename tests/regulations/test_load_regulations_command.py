"""`manage.py load_regulations`: faults on stderr and nothing loaded, or one line of counts."""

# ruff: noqa: E501 - faults as they are printed

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from plants.models import Place
from tests.factories import PlantFactory
from tests.regulations.sample import NOTICE, PLACES, RULE
from tracker.audit import Actor
from tracker.obligations.models import Obligation
from tracker.obligations.schedule import schedule_obligations
from tracker.regulations.models import Document, Requirement

pytestmark = pytest.mark.django_db
BY = Actor(None, "tests")


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.chdir(tmp_path)
    for name, text in {"places": PLACES, "rule": RULE, "notice": NOTICE}.items():
        Path(f"{name}.yaml").write_text(text, encoding="utf-8")
    return ["places.yaml", "rule.yaml", "notice.yaml"]


def run(*arguments: str) -> tuple[str, str, str]:
    """What the command writes to stdout and stderr, and how it fails."""
    out, err, failure = StringIO(), StringIO(), ""
    try:
        call_command("load_regulations", *arguments, stdout=out, stderr=err, no_color=True)
    except CommandError as error:
        failure = str(error)
    return out.getvalue(), err.getvalue(), failure


def test_command_loads_and_says_what_it_did(files: list[str]) -> None:
    assert run(*files) == ("10 created, 0 changed, 0 unchanged.\n", "", "")
    assert run(*files) == ("0 created, 0 changed, 10 unchanged.\n", "", "")


def test_command_loads_one_file_on_top_of_the_others(files: list[str]) -> None:
    run(*files)
    start, end = RULE.index("  - code: opinion-ledger"), RULE.index("targets:")
    Path("rule.yaml").write_text(RULE[:start] + RULE[end:], encoding="utf-8")

    compared = "opinion: 0 added, 0 changed, 1 withdrawn\n"
    assert run("rule.yaml", "--check") == (f"{compared}1 file checked: no fault.\n", "", "")
    assert run("rule.yaml") == (
        f"{compared}0 created, 0 changed, 5 unchanged, 1 withdrawn.\n",
        "",
        "",
    )
    assert Requirement.objects.in_force().count() == 1


def test_command_with_faults_loads_nothing(files: list[str]) -> None:
    Path("rule.yaml").write_text(RULE.replace("kind: opinion", "kind: x"), encoding="utf-8")

    out, err, failure = run(*files, "missing.yaml")

    assert out == ""
    assert err.splitlines() == [
        "missing.yaml:1: cannot be read: No such file or directory",
        "rule.yaml:4: document.kind: must be one of opinion, notice, guide, plan, standard, rule; got 'x'",
    ]
    assert failure == "2 faults; nothing was loaded."
    assert Document.objects.count() == 0


def test_command_check_loads_nothing(files: list[str]) -> None:
    assert run("--check", *files) == ("3 files checked: no fault.\n", "", "")
    assert Document.objects.count() == 0


def test_command_without_a_file_takes_the_shipped_seeds() -> None:
    out, err, failure = run()

    assert (err, failure) == ("", "")
    assert out.endswith(" 0 unchanged.\n")
    assert Document.objects.filter(code="opinion-2024").count() == 1


def test_circle_by_way_of_what_is_loaded_already_changes_nothing(files: list[str]) -> None:
    """The notice's rule counts from the opinion's; then the opinion's shall count from it."""
    ledger, due = "due: {every: quarter, days_after: 15}", "due: {on: 2027-12-31}"
    report = RULE[RULE.index("requirements:") : RULE.index("targets:")]
    report = "requirements:\n" + report[report.index("  - code: opinion-ledger") :]
    report = report.replace("opinion-ledger", "notice-report")
    Path("rule.yaml").write_text(RULE.replace(ledger, due), encoding="utf-8")
    Path("notice.yaml").write_text(
        NOTICE + report.replace(ledger, "due: {after: opinion-ledger, days: 30}"), encoding="utf-8"
    )
    assert run(*files)[2] == ""
    circle = RULE.replace(ledger, "due: {after: notice-report, days: 30}")
    Path("rule.yaml").write_text(circle, encoding="utf-8")

    out, err, failure = run("rule.yaml")

    assert (out, failure) == ("", "1 fault; nothing was loaded.")
    assert err == (
        "rule.yaml:31: requirements[2].due.after: goes round in a circle: "
        "opinion-ledger → notice-report → opinion-ledger\n"
    )
    assert Requirement.objects.get(code="opinion-ledger").due == {"on": "2027-12-31"}


def test_check_says_what_loading_would_do_to_the_plants(files: list[str]) -> None:
    run(*files)
    PlantFactory.create(place=Place.objects.get(code="hami"))
    schedule_obligations(today=timezone.localdate(), by=BY, at=timezone.now())
    start, end = RULE.index("  - code: opinion-ledger"), RULE.index("targets:")
    Path("rule.yaml").write_text(RULE[:start] + RULE[end:], encoding="utf-8")
    owed = Obligation.objects.owed().count()

    out, _err, _fault = run("rule.yaml", "--check")

    said = f"0 dates move, 0 become overdue, 0 added, {owed} withdrawn, 0 restored; 1 plants"
    assert said in out
    assert Obligation.objects.owed().count() == owed > 0
    assert Requirement.objects.in_force().count() == 2
