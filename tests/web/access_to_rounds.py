"""The part of the access table that is about rounds of the assessment."""

from tests.web.personas import Statuses, everyone

ROUND_ROWS: dict[tuple[str, str], Statuses] = {
    ("rounds", "GET"): everyone(200),
}
