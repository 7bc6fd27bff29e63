"""What a page says of the machinery behind it: who is silent, and whether mails go out."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Concatenate, ParamSpec

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from plants.models import Person
from tracker.reminders.backlog import Backlog, Group
from tracker.reminders.channels import faults
from tracker.reminders.life import BEAT, SCANNER, WORKER, Life, Sign, judge_signs, read_signs
from tracker.reminders.reasons import Trouble
from tracker.web.access import Door, PersonRequest, signed_in
from tracker.web.navigation import runs_machinery

P = ParamSpec("P")

NAMES: dict[str, str | Promise] = {
    BEAT: gettext_lazy("the clock (beat)"),
    WORKER: gettext_lazy("the worker"),
    SCANNER: gettext_lazy("the virus scanner"),
}
TROUBLES: dict[Trouble, tuple[str | Promise, str | Promise]] = {
    Trouble.UNREACHABLE: (
        gettext_lazy("The mail server can't be reached"),
        gettext_lazy(
            "Check that it runs, the network, and EMAIL_URL. The mails wait and go out by "
            "themselves when it answers."
        ),
    ),
    Trouble.ADDRESS: (
        gettext_lazy("The server knows no such address"),
        gettext_lazy("Put the person's address right, then have the mails sent anew."),
    ),
    Trouble.SIGN_IN: (
        gettext_lazy("The server refuses our sign-in"),
        gettext_lazy("Check the user and the password in EMAIL_URL."),
    ),
    Trouble.POLICY: (
        gettext_lazy("The server refuses by its policy"),
        gettext_lazy("Show its answer to whoever runs the mail server."),
    ),
    Trouble.LATER: (
        gettext_lazy("The server asks for patience"),
        gettext_lazy("Nothing needs to be done: they are tried again by themselves."),
    ),
    Trouble.OTHER: (
        gettext_lazy("Another fault"),
        gettext_lazy("Read the answer; the site's log says more."),
    ),
}

POST_FAULTS: dict[str, str | Promise] = {
    faults.ENDED: gettext_lazy("The channel has ended."),
    faults.NOTHING_LEFT: gettext_lazy("All of it was settled before it went."),
    faults.UNREADABLE: gettext_lazy(
        "Its address can't be read since SECRET_KEY was changed: set it up anew, or give the old "
        "key in SECRET_KEY_FALLBACKS."
    ),
}


@dataclass(frozen=True)
class Verdict:
    """Whether mails go out, in one sentence; ``advice`` says what to do."""

    tone: str
    icon: str
    sentence: str
    advice: str = ""


def for_who_runs_it(
    view: Callable[Concatenate[PersonRequest, P], HttpResponse],
) -> Door[P]:
    """Only for administrators and who has every right; 403 for all others."""

    @signed_in
    @wraps(view)
    def guarded(request: PersonRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not runs_machinery(request.user):
            raise PermissionDenied(_("Your role doesn't include this page."))
        return view(request, *args, **kwargs)

    return guarded


def signs_at(now: datetime, found: dict[str, datetime]) -> list[Sign]:
    """Judged as this site is set up."""
    return judge_signs(
        found, now=now, tick_seconds=settings.HEARTBEAT_SECONDS, scans=bool(settings.CLAMD_URL)
    )


def alarm_for(request: HttpRequest, signs: list[Sign] | None) -> list[Sign]:
    """Beat or worker where silent, the longest known first; ``signs`` where they were read."""
    person = getattr(request, "user", None)
    if not isinstance(person, Person) or not runs_machinery(person):
        return []
    if signs is None:
        signs = signs_at(timezone.now(), read_signs())
    return silent_senders(signs)


def silent_senders(signs: list[Sign]) -> list[Sign]:
    """Those without whom no mail goes out, and that are silent."""
    return [sign for sign in signs if sign.name in (BEAT, WORKER) and sign.life is not Life.WELL]


def judge_sending(
    signs: list[Sign], backlog: Backlog, groups: list[Group], *, now: datetime
) -> Verdict:
    """The worst comes first: who is silent, what is stuck, what didn't get through."""
    silent = silent_senders(signs)
    if any(sign.life is Life.SILENT for sign in silent):
        return Verdict(
            "late",
            "alert-triangle",
            _("Mails don't go out: no sign of life from %(names)s.") % {"names": names_of(silent)},
            _("Restart the site's service. If it stays silent, its log says why."),
        )
    if silent:
        return Verdict("open", "hourglass", _("The site has just started."))
    if blocking := [group for group in groups if backlog.holds_up(group)]:
        return Verdict("late", "alert-triangle", _("Mails don't go out."), _advice(blocking[0]))
    if backlog.is_stuck(now):
        advice = _("Nobody takes what is due: the site's log says why.")
        return Verdict("late", "alert-triangle", _("Mails are stuck."), advice)
    if groups:
        rows = sum(group.rows for group in groups)
        sentence = ngettext(
            "Mails go out, but %(n)d reminder didn't get through.",
            "Mails go out, but %(n)d reminders didn't get through.",
            rows,
        )
        return Verdict("soon", "alert-circle", sentence % {"n": rows}, _advice(groups[0]))
    return Verdict("accepted", "circle-check", _("Mails go out."))


def names_of(signs: list[Sign]) -> str:
    return _(" and ").join(str(NAMES[sign.name]) for sign in signs)


def _advice(group: Group) -> str:
    title, advice = TROUBLES[group.trouble]
    return _("%(title)s. %(advice)s") % {"title": title, "advice": advice}
