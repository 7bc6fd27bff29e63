"""The few places that each role works in, for the side bar and a phone's bottom bar."""

from typing import NamedTuple

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from plants.models import Person, Role
from tracker.annexes.rights import trees_of
from tracker.reporting.trail import AUDITING
from tracker.web.unread import unread_of


class Stop(NamedTuple):
    """One of them; ``here`` when the page that is shown belongs to it."""

    address: str
    icon: str
    word: str | Promise
    here: bool
    on_phone: bool
    unread: int = 0


_HOME = ("home", "home", pgettext_lazy("navigation", "Home"))
_INBOX = ("inbox", "inbox", pgettext_lazy("navigation", "Inbox"))
_REVIEW = ("review-queue", "clipboard-list", pgettext_lazy("navigation", "Review"))
_PLANTS = ("plants", "building-factory-2", pgettext_lazy("navigation", "Plants"))
_CALENDAR = ("calendar", "calendar-event", pgettext_lazy("navigation", "Calendar"))
_ROUNDS = ("rounds", "list-check", pgettext_lazy("navigation", "Assessments"))
_FILES = ("files", "file-text", pgettext_lazy("navigation", "Files"))
_RULES = ("requirements", "gavel", pgettext_lazy("navigation", "Requirements"))
_RELIEFS = ("reliefs", "hourglass", pgettext_lazy("navigation", "Extensions"))
_ANNEXES = ("annexes", "file-spreadsheet", pgettext_lazy("navigation", "Annexes"))
_OUTBOX = ("outbox", "mail", pgettext_lazy("navigation", "Outbox"))
_TRAIL = ("trail", "history", pgettext_lazy("navigation", "Audit"))
_PEOPLE = ("people", "users", pgettext_lazy("navigation", "People"))
_MACHINERY = ("machinery", "heartbeat", pgettext_lazy("navigation", "Machinery"))
# Pages of their own that a stop leads to.
_BELOW = {
    "machinery": ("ladders", "wordings", "channels"),
    "rounds": ("listings", "spot-checks"),
}
_ACCOUNT = ("account", "user", pgettext_lazy("navigation", "Account"))


def stops_of(request: HttpRequest) -> list[Stop]:
    """In order of use. A phone shows four of them, the account always being one."""
    person = request.user
    if not isinstance(person, Person):
        return []
    chosen = [_HOME, _REVIEW] if person.has_role(Role.OFFICER) else [_HOME]
    # Who only has a seat in a round, or nothing yet, sees no plant and nothing that is owed.
    works = bool(person.posts()) or person.is_superuser
    chosen += (
        [_PLANTS, _CALENDAR, _ROUNDS, _FILES, _RULES, _RELIEFS] if works else [_ROUNDS, _RULES]
    )
    on_phone = {name for name, _icon, _word in chosen[:3]} | {"account"}
    chosen.insert(1, _INBOX)
    if trees_of(person):
        chosen.append(_ANNEXES)
    if person.has_role(*AUDITING):
        chosen.append(_TRAIL)
    if person.has_role(Role.ADMINISTRATOR):
        chosen.append(_PEOPLE)
    if runs_machinery(person):
        chosen.append(_MACHINERY)
    if sees_outbox(person):
        chosen.append(_OUTBOX)
    chosen.append(_ACCOUNT)
    stops = [
        _stop(name, icon, word, path=request.path, on_phone=name in on_phone)
        for name, icon, word in chosen
    ]
    stops[1] = stops[1]._replace(unread=unread_of(person))
    return stops


def runs_machinery(person: Person) -> bool:
    """Administrators, and whoever has every right."""
    return person.is_superuser or person.has_role(Role.ADMINISTRATOR)


def sees_outbox(person: Person) -> bool:
    """Administrators; on a demo site everybody, since the mails there go nowhere else."""
    return bool(getattr(settings, "DEMO_SITE", False)) or person.has_role(Role.ADMINISTRATOR)


def _stop(name: str, icon: str, word: str | Promise, *, path: str, on_phone: bool) -> Stop:
    address = reverse(name)
    below = [reverse(each) for each in (name, *_BELOW.get(name, ()))]
    here = path == address or any(each != "/" and path.startswith(each) for each in below)
    return Stop(address, icon, word, here, on_phone)
