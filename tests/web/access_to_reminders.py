"""The part of the access table that is about reminders: what was promised, and what went out."""

from tests.web.personas import Statuses, everyone, those_who_see

REMINDER_ROWS: dict[tuple[str, str], Statuses] = {
    ("obligation-reminders", "GET"): those_who_see(200) | {"assessor": 403},
    ("bounce-hook", "POST"): everyone(404, anonymous=404),
    ("outbox", "GET"): everyone(200),
    ("message", "GET"): everyone(404) | {"manager": 200},
    ("message-html", "GET"): everyone(404) | {"manager": 200},
}
