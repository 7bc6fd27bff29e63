"""How a state looks: one tone, one icon and one word, never a colour alone."""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from tracker.obligations.models import DUE_SOON_DAYS, State


class Look(NamedTuple):
    """``tone`` is a CSS class and the key of a legend; ``word`` is lazy."""

    tone: str
    icon: str
    word: str | Promise


@dataclass(frozen=True)
class Due:
    """A due date against today; what is overdue or soon is never stored."""

    on: date
    today: date

    @property
    def days(self) -> int:
        return (self.on - self.today).days

    @property
    def tone(self) -> str:
        if self.days < 0:
            return "late"
        return "soon" if self.days <= DUE_SOON_DAYS else "open"

    @property
    def words(self) -> str:
        if self.days < 0:
            return ngettext("%d day overdue", "%d days overdue", -self.days) % -self.days
        if self.days == 0:
            return str(_("due today"))
        return ngettext("%d day left", "%d days left", self.days) % self.days


STATES = {
    "open": Look("open", "circle-dashed", pgettext_lazy("state", "open")),
    "late": Look("late", "alert-triangle", pgettext_lazy("state", "overdue")),
    "soon": Look("soon", "clock", pgettext_lazy("state", "due soon")),
    "submitted": Look("submitted", "send", pgettext_lazy("state", "to review")),
    "accepted": Look("accepted", "circle-check", pgettext_lazy("state", "accepted")),
    "returned": Look("returned", "arrow-back-up", pgettext_lazy("state", "returned")),
    "waived": Look("closed", "ban", pgettext_lazy("state", "waived")),
    "withdrawn": Look("closed", "ban", pgettext_lazy("state", "withdrawn")),
}

ANNEXES = {
    "uploaded": Look("submitted", "hourglass", pgettext_lazy("annex", "being looked over")),
    "applied": Look("accepted", "circle-check", pgettext_lazy("annex", "applied")),
    "cancelled": Look("closed", "ban", pgettext_lazy("annex", "cancelled")),
    "taken_back": Look("closed", "arrow-back-up", pgettext_lazy("annex", "taken back")),
}
EFFECTS = {
    "new": Look("submitted", "circle-dashed", pgettext_lazy("annex", "new")),
    "moved": Look("soon", "calendar-event", pgettext_lazy("annex", "moved")),
    "checked": Look("secondary", "shield-check", pgettext_lazy("annex", "same date, new source")),
    "same": Look("closed", "check", pgettext_lazy("annex", "on record")),
}
RELIEFS = {
    "asked": Look("submitted", "hourglass", pgettext_lazy("relief", "to decide")),
    "agreed": Look("submitted", "hourglass", pgettext_lazy("relief", "agreed, waits above")),
    "granted": Look("accepted", "check", pgettext_lazy("relief", "granted")),
    "refused": Look("returned", "x", pgettext_lazy("relief", "refused")),
    "taken_back": Look("closed", "ban", pgettext_lazy("relief", "taken back")),
}

SCANS = {
    "not_scanned": Look("closed", "shield-question", pgettext_lazy("virus scan", "not scanned")),
    "waiting": Look("submitted", "hourglass", pgettext_lazy("virus scan", "waits for its scan")),
    "clean": Look("accepted", "shield-check", pgettext_lazy("virus scan", "no virus found")),
    "quarantined": Look("late", "alert-triangle", pgettext_lazy("virus scan", "quarantined")),
}

ANSWER_LOOKS = {
    "yes": Look("applies", "check", pgettext_lazy("rule", "applies")),
    "unknown": Look("soon", "help-hexagon", pgettext_lazy("rule", "date unknown")),
    "no": Look("closed", "ban", pgettext_lazy("rule", "does not apply")),
}

VERIFICATIONS = {
    "verified": Look("verified", "shield-check", pgettext_lazy("verification", "verified")),
    "secondary": Look("secondary", "shield-half", pgettext_lazy("verification", "second-hand")),
    "to_verify": Look(
        "to_verify", "shield-question", pgettext_lazy("verification", "to be verified")
    ),
}

PROJECTED = Look("to_verify", "calendar-event", pgettext_lazy("window", "projected"))
PROJECTED_HINT = _("The plan of this season is not issued yet; the last one's days are shown.")

VERDICTS = {
    "fits": Look("accepted", "circle-check", pgettext_lazy("verdict", "fits")),
    "tight": Look("soon", "clock", pgettext_lazy("verdict", "tight")),
    "too_late": Look("late", "alert-triangle", pgettext_lazy("verdict", "no longer fits")),
}

VERIFICATION_HINTS = {
    "verified": _("The text behind this rule was read in the original."),
    "secondary": _("Known from a source that quotes the original; not yet read in the original."),
    "to_verify": _("Not settled: the original text isn't public or hasn't been found yet."),
}

PART_ICONS = {
    "organised": "building-factory-2",
    "fugitive": "wind",
    "clean_transport": "truck",
    "monitoring": "activity",
    "assessment": "clipboard-check",
    "reporting": "report-analytics",
}

# The worst first: what a place, a tick or a plant shows when it holds several.
WORST_FIRST = ("late", "returned", "soon", "submitted", "open", "accepted", "closed")


def state_key(state: str, due_on: date, today: date) -> str:
    """The state; ``late`` or ``soon`` for what is open and the day says so."""
    if state != State.OPEN:
        return state
    tone = Due(due_on, today).tone
    return state if tone == "open" else tone


def state_look(state: str, due_on: date, today: date) -> Look:
    return STATES[state_key(state, due_on, today)]


def worst(tones: set[str]) -> str:
    """The tone that stands for many; empty for none."""
    return next((tone for tone in WORST_FIRST if tone in tones), "")
