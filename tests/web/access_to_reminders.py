"""The part of the access table that is about reminders: what was promised, and what went out."""

from collections.abc import Sequence

from plants.models import Person
from tests.web.access_to_machinery import make_failed
from tests.web.personas import Statuses, everyone, those_who_see
from tracker.reminders.prefer import token_of

REMINDER_ROWS: dict[tuple[str, str], Statuses] = {
    ("obligation-reminders", "GET"): those_who_see(200) | {"assessor": 403},
    ("bounce-hook", "POST"): everyone(404, anonymous=404),
    ("outbox", "GET"): everyone(200),
    ("inbox", "GET"): everyone(200),
    ("inbox-read", "POST"): everyone(302),
    ("inbox-entry", "GET"): everyone(404) | {"manager": 200},
    ("preference-set", "POST"): everyone(422),
    ("news-stop", "GET"): everyone(200, anonymous=200),
    ("news-stop", "POST"): everyone(200, anonymous=200),
    ("message", "GET"): everyone(404) | {"manager": 200},
    ("message-html", "GET"): everyone(404) | {"manager": 200},
}


def reminder_arguments(person: Person) -> dict[str, Sequence[object]]:
    """One of her reminders, and her address to stop what is optional."""
    return {"inbox-entry": [make_failed(person).pk], "news-stop": [token_of(person)]}
