"""Until when a file is kept: by table, leap days and month ends included."""

from datetime import date

import pytest

from tracker.evidence.retention import Use, kept_until, months_after, read_rules, rule_of

VIDEO, OTHER = "video/mp4", "application/pdf"
UPLOADED = date(2026, 3, 1)


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2024, 2, 29), 48, date(2028, 2, 29)),
        (date(2024, 2, 29), 60, date(2029, 2, 28)),
        (date(2023, 2, 28), 12, date(2024, 2, 28)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2026, 12, 31), 12, date(2027, 12, 31)),
        (date(2026, 11, 30), 1, date(2026, 12, 30)),
        (date(2026, 12, 1), 1, date(2027, 1, 1)),
    ],
)
def test_months_after(start: date, months: int, end: date) -> None:
    assert months_after(start, months) == end


@pytest.mark.parametrize(
    ("use", "end"),
    [
        (Use(VIDEO, UPLOADED), date(2027, 3, 1)),
        (Use(OTHER, UPLOADED), date(2031, 3, 1)),
        (Use(OTHER, UPLOADED, (date(2026, 9, 1),)), date(2031, 9, 1)),
        (Use(OTHER, UPLOADED, (date(2026, 9, 1), date(2027, 1, 5))), date(2032, 1, 5)),
        (Use(OTHER, UPLOADED, (date(2025, 9, 1),)), date(2031, 3, 1)),
        (Use(OTHER, UPLOADED, (date(2026, 9, 1), None)), None),
        (Use(OTHER, UPLOADED, (None,)), None),
        (Use(OTHER, UPLOADED, is_held=True), None),
        (Use(VIDEO, UPLOADED, expires_on=date(2030, 1, 1)), date(2030, 1, 1)),
        (Use(VIDEO, UPLOADED, expires_on=date(2026, 6, 1)), date(2027, 3, 1)),
    ],
)
def test_kept_until(use: Use, end: date | None) -> None:
    assert kept_until(use, read_rules()) == end


def test_nothing_that_nobody_has_read_is_called_settled() -> None:
    assert {rule.kind: str(rule.verification) for rule in read_rules()} == {
        "video": "to_verify",
        "other": "to_verify",
    }
    assert rule_of("video/quicktime", read_rules()).months == 12
    assert rule_of("", read_rules()).months == 60
