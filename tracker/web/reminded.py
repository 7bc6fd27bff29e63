"""Reminders in words: for which rung or event each was promised, and who took its mail."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tracker.audit import Verb
from tracker.reminders.address_marks import CAME_BACK
from tracker.reminders.models import Kind, Message, Reminder, ReminderState
from tracker.reminders.models.messages import OUTBOX
from tracker.web.looks import Look

LOOKS = {
    ReminderState.PLANNED: ("submitted", "clock"),
    ReminderState.CLAIMED: ("submitted", "progress"),
    ReminderState.SENT: ("accepted", "send"),
    ReminderState.FAILED: ("late", "alert-triangle"),
    ReminderState.CANCELLED: ("closed", "ban"),
}


def look_of(reminder: Reminder) -> Look:
    """Its state as a badge."""
    tone, icon = LOOKS[ReminderState(reminder.state)]
    return Look(tone, icon, reminder.get_state_display())


def occasion_of(reminder: Reminder) -> str:
    """30 days before, on the day, 7 days after; or what happened that she was told of."""
    if reminder.kind == Kind.WAITING:
        waited = -(reminder.rung or 0)
        words = ngettext(
            "waits for review for %(days)s day", "waits for review for %(days)s days", waited
        )
        return words % {"days": waited}
    if reminder.rung is not None:
        words = rung_in_words(reminder.rung)
        return words if reminder.kind == Kind.DUE else _("escalation, %(rung)s") % {"rung": words}
    if reminder.review is not None:
        return _("decision: %(decision)s") % {"decision": reminder.review.get_decision_display()}
    if reminder.event is not None:
        return _("change: %(verb)s") % {"verb": Verb(reminder.event.verb).label}
    return _("something else")


def rung_in_words(rung: int) -> str:
    """A rung of the ladder: days before the due date, or after it where below nought."""
    if rung == 0:
        return _("on the day")
    if rung > 0:
        return ngettext("%(days)s day before", "%(days)s days before", rung) % {"days": rung}
    return ngettext("%(days)s day after", "%(days)s days after", -rung) % {"days": -rung}


def fault_of(reminder: Reminder) -> tuple[str, str]:
    """Why it hasn't gone: our own word where we kept it back, and the server's."""
    if not reminder.fault.startswith(CAME_BACK):
        return "", reminder.fault
    sentence = _("Not sent, since a mail to this address came back:")
    return sentence, reminder.fault.removeprefix(CAME_BACK)


def receipt_of(message: Message) -> str:
    """By whom the mail was taken, as a sentence; the server's own words stand beside it."""
    if message.server == OUTBOX:
        return _("Written to this site's outbox; no mail server was asked.")
    if not message.server:
        return _("Accepted; the server's name wasn't kept at that time.")
    return _("Accepted by %(server)s") % {"server": message.server}
