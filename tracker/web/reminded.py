"""Reminders in words: for which rung or event each was promised, and who took its mail."""

from typing import NamedTuple

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from plants.models import Person
from tracker.audit import Verb
from tracker.obligations.models import Obligation
from tracker.reminders.address_marks import CAME_BACK
from tracker.reminders.changes import read_changes
from tracker.reminders.inbox import Entry
from tracker.reminders.models import Kind, LetterKind, Message, Reminder, ReminderState
from tracker.reminders.models.messages import OUTBOX
from tracker.web.looks import Look

SORTS = {
    Kind.DUE: gettext_lazy("Due dates"),
    Kind.ESCALATION: gettext_lazy("Overdue for long"),
    Kind.WAITING: gettext_lazy("Waiting for your review"),
    Kind.REVIEW: gettext_lazy("Decisions"),
    Kind.CHANGE: gettext_lazy("Changes and comments"),
    Kind.RULE: gettext_lazy("Rules put right"),
}
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


class Told(NamedTuple):
    """A row of the inbox: what, when it is due, at which plant, and what became of its mail."""

    title: str
    address: str
    occasion: str
    under: str
    mail: str


def told_in_inbox(reader: Person, reminder: Reminder) -> Told:
    """It leads to the obligation, or to the rule that was put right."""
    obligation, correction = reminder.obligation, reminder.correction
    if obligation is not None:
        due = _("due %(day)s") % {"day": obligation.due_on}
        under = f"{obligation.plant.name} · {due}"
        page = reverse("obligation", args=[obligation.pk])
        what = _change_of(reader, reminder, obligation) or occasion_of(reminder)
        return Told(str(obligation), page, what, under, _mail_of(reminder))
    requirement = correction.requirement if correction is not None else None
    if requirement is None:
        return Told(str(correction), "", _("a rule was put right"), "", _mail_of(reminder))
    page = reverse("requirement", args=[requirement.code])
    return Told(str(requirement), page, _("a rule was put right"), "", _mail_of(reminder))


def sort_in_words(kind: str) -> str:
    """What an entry of the inbox is about."""
    return str(SORTS[Kind(kind)])


def entry_in_words(entry: Entry) -> str:
    """One line of the inbox: what it is about, and how many."""
    kind = sort_in_words(entry.kind)
    if entry.total == 1:
        return kind
    return _("%(kind)s: %(count)d") % {"kind": kind, "count": entry.total}


def _change_of(reader: Person, reminder: Reminder, obligation: Obligation) -> str:
    """The sentence that her mail tells it by; empty for what is no change."""
    if reminder.event is None:
        return ""
    is_officer = not reader.answers_for(obligation.plant)
    [line] = read_changes([reminder.event], {obligation.pk: obligation})
    context = {"line": line, "obligation": obligation, "is_officer": is_officer}
    return render_to_string("email/_change.txt", context).strip()


def _mail_of(reminder: Reminder) -> str:
    if reminder.letter == LetterKind.NONE:
        return _("not by mail, as you have chosen")
    if reminder.sent_at is not None:
        at = timezone.localtime(reminder.sent_at).strftime("%Y-%m-%d %H:%M")
        return _("by mail on %(at)s") % {"at": at}
    if reminder.state == ReminderState.FAILED:
        return _("its mail could not be delivered")
    return _("its mail is still to come")


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
