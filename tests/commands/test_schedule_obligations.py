"""The command says what it did."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests.factories import PlantFactory, RequirementFactory

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> list[str]:
    stdout = StringIO()
    call_command("schedule_obligations", *arguments, stdout=stdout)
    return stdout.getvalue().splitlines()


def test_command_reports_what_it_did_and_what_it_lacks() -> None:
    PlantFactory.create()
    RequirementFactory.create(due={"on": "2028-12-31"}, applies="always")
    RequirementFactory.create(due={"before": "permit.valid_until", "days": 60}, applies="always")

    assert run("--today", "2026-09-01") == [
        "obligations: 1 created, 0 re-dated, 0 re-worded, 0 withdrawn, 0 reopened, 0 unchanged",
        "without a date, because permit.valid_until is not known: 1",
    ]
    assert run("--today", "2026-09-01")[0] == (
        "obligations: 0 created, 0 re-dated, 0 re-worded, 0 withdrawn, 0 reopened, 1 unchanged"
    )


def test_command_fails_where_a_plant_was_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    plant = PlantFactory.create()

    def broken(**_given: object) -> None:
        raise OverflowError("date value out of range")

    monkeypatch.setattr("tracker.obligations.everywhere.schedule_obligations", broken)

    with pytest.raises(CommandError, match=f"{plant.code}: OverflowError"):
        run()


def test_command_refuses_what_is_no_day() -> None:
    with pytest.raises(CommandError, match="invalid fromisoformat value: 'tomorrow'"):
        run("--today", "tomorrow")
