"""The trail as sentences in the reader's language."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Field, Model
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from plants.models import Line, Outlet, Permit, PermitReport, Plant, Project
from tracker.assessments.models import Side
from tracker.audit import Event, Verb
from tracker.obligations.models import ObligationQuerySet, State
from tracker.regulations.corrections import THINGS, split_path
from tracker.regulations.models import AnnexPart, Limit
from tracker.reminders.models import Ladder, Wording
from tracker.rounds.models import Answer, FindingState, Stage
from tracker.web.ladders import change_of_ladder
from tracker.web.law import COLUMNS
from tracker.web.looks import STATES

SENTENCES = {
    Verb.CREATED: gettext_lazy("%(who)s added %(thing)s"),
    Verb.CHANGED: gettext_lazy("%(who)s changed %(thing)s"),
    Verb.WITHDREW: gettext_lazy("%(who)s withdrew %(thing)s"),
    Verb.RESTORED: gettext_lazy("%(who)s restored %(thing)s"),
    Verb.LOADED: gettext_lazy("%(who)s loaded %(thing)s"),
    Verb.SCHEDULED: gettext_lazy("%(who)s scheduled %(thing)s"),
    Verb.MOVED: gettext_lazy("%(who)s changed the state of %(thing)s"),
    Verb.RE_DATED: gettext_lazy("%(who)s changed the due date of %(thing)s"),
    Verb.UPLOADED: gettext_lazy("%(who)s uploaded %(thing)s"),
    Verb.REMOVED: gettext_lazy("%(who)s removed %(thing)s"),
    Verb.REUSED: gettext_lazy("%(who)s used %(thing)s again"),
    Verb.REOPENED: gettext_lazy("%(who)s reopened %(thing)s, since its evidence ran out"),
    Verb.LISTED: gettext_lazy("%(thing)s is done: the plant is on the public list with it"),
    Verb.DELISTED: gettext_lazy("%(thing)s is owed again: the plant left the public list with it"),
    Verb.SUBMITTED: gettext_lazy("%(who)s submitted %(thing)s for review"),
    Verb.ACCEPTED: gettext_lazy("%(who)s accepted %(thing)s"),
    Verb.RETURNED: gettext_lazy("%(who)s returned %(thing)s"),
    Verb.COMMENTED: gettext_lazy("%(who)s (%(side)s) commented on %(thing)s"),
    Verb.PROPOSED: gettext_lazy(
        "%(who)s proposed to accept %(thing)s; the authority above confirms"
    ),
    Verb.SENT_BACK: gettext_lazy("%(who)s sent %(thing)s back to the first level of review"),
    Verb.REVISED: gettext_lazy(
        "%(who)s corrected the decision on %(thing)s, approved by %(superior)s"
    ),
    Verb.TOOK_OVER: gettext_lazy("%(who)s took over the review of %(thing)s"),
    Verb.ASKED: gettext_lazy("%(who)s asked for an extension or a waiver of %(thing)s"),
    Verb.TOOK_BACK: gettext_lazy("%(who)s took back the request about %(thing)s"),
    Verb.AGREED: gettext_lazy("%(who)s agreed to the request about %(thing)s"),
    Verb.EXTENDED: gettext_lazy("%(who)s granted an extension of %(thing)s"),
    Verb.WAIVED: gettext_lazy("%(who)s granted a waiver of %(thing)s"),
    Verb.REFUSED: gettext_lazy("%(who)s refused the request about %(thing)s"),
    Verb.CORRECTED: gettext_lazy("%(who)s corrected %(thing)s"),
    Verb.INVITED: gettext_lazy("%(who)s sent out the %(thing)s"),
    Verb.RENEWED: gettext_lazy("%(who)s sent the %(thing)s again"),
    Verb.JOINED: gettext_lazy("%(who)s took up the role: %(thing)s"),
    Verb.HANDED_OVER: gettext_lazy("%(thing)s went from %(leaver)s to %(heir)s"),
    Verb.LEFT_ALONE: gettext_lazy("%(leaver)s left, and nobody answers for %(thing)s"),
    Verb.SIGNED_IN: gettext_lazy("%(who)s signed in"),
    Verb.SIGNED_OUT: gettext_lazy("%(who)s signed out"),
    Verb.NEW_PASSWORD: gettext_lazy("%(who)s set a new password for %(thing)s"),
    Verb.ADDED_FACTOR: gettext_lazy("%(who)s set up a second factor"),
    Verb.ENDED_FACTOR: gettext_lazy("%(who)s ended a second factor"),
    Verb.RESET_FACTOR: gettext_lazy("%(who)s took away the second factor of %(thing)s"),
    Verb.NEW_CODES: gettext_lazy("%(who)s made new recovery codes"),
    Verb.LINKED: gettext_lazy("%(thing)s was linked to her identity at the sign-in service"),
    Verb.UNLINKED: gettext_lazy(
        "%(who)s ended the link of %(thing)s to her identity at the sign-in service"
    ),
    Verb.ENDED_SESSION: gettext_lazy("%(who)s signed out in another browser"),
    Verb.FAILED_SIGN_IN: gettext_lazy("Somebody failed to sign in as %(thing)s"),
    Verb.DENIED: gettext_lazy("%(who)s was denied access"),
    Verb.DOWNLOADED: gettext_lazy("%(who)s opened %(thing)s"),
    Verb.QUARANTINED: gettext_lazy("A virus was found in a file of %(thing)s"),
    Verb.SEALED: gettext_lazy("%(who)s took a sealed package of %(thing)s"),
    Verb.HELD: gettext_lazy("%(who)s set a legal hold on %(thing)s"),
    Verb.LIFTED: gettext_lazy("%(who)s lifted the legal hold on %(thing)s"),
    Verb.MARKED: gettext_lazy("A mail to %(thing)s came back: no reminder goes to that address"),
    Verb.UNMARKED: gettext_lazy("%(who)s lets reminders go to the address of %(thing)s again"),
    Verb.DISPOSED: gettext_lazy("%(who)s disposed of %(thing)s, since its retention is over"),
    Verb.CHOSE_MAILS: gettext_lazy("%(who)s chose how to be reminded"),
    Verb.RETRIED: gettext_lazy("%(who)s had the reminder to %(receiver)s sent anew: %(thing)s"),
    Verb.CALLED_OFF: gettext_lazy("%(who)s called off the reminder to %(receiver)s: %(thing)s"),
    Verb.ADDED_CHANNEL: gettext_lazy("%(who)s set up the channel %(thing)s"),
    Verb.TESTED_CHANNEL: gettext_lazy("%(who)s sent a test message to the channel %(thing)s"),
    Verb.ENDED_CHANNEL: gettext_lazy("%(who)s ended the channel %(thing)s"),
    Verb.FELL_BACK: gettext_lazy("%(thing)s can't be used: ours goes out instead"),
    Verb.OPENED: gettext_lazy("%(who)s began %(thing)s"),
    Verb.ANSWERED: gettext_lazy("%(who)s answered a condition of %(thing)s"),
    Verb.OVERRODE: gettext_lazy("%(who)s overrode a condition of %(thing)s"),
    Verb.GAVE_UP: gettext_lazy("%(who)s gave up %(thing)s"),
    Verb.GAVE_SEAT: gettext_lazy("%(who)s gave a seat in %(thing)s"),
    Verb.ENDED_SEAT: gettext_lazy("%(who)s ended a seat in %(thing)s"),
    Verb.TOLD: gettext_lazy("%(who)s told something for the report of %(thing)s"),
    Verb.WANTED_REPORT: gettext_lazy("%(who)s asked for a report of %(thing)s"),
    Verb.MADE_REPORT: gettext_lazy("%(who)s made a report of %(thing)s"),
    Verb.SIGNED_OFF: gettext_lazy("%(who)s signed the report of %(thing)s"),
    Verb.ENTERED: gettext_lazy("%(who)s entered samples for %(thing)s"),
    Verb.ANNOUNCED: gettext_lazy("%(who)s announced the draw %(thing)s"),
    Verb.DREW: gettext_lazy("%(who)s carried out the draw %(thing)s"),
    Verb.SPOT_CHECKED: gettext_lazy("%(who)s wrote down what was seen: %(thing)s"),
    Verb.FOUND: gettext_lazy("%(who)s found something wrong: %(thing)s"),
    Verb.TOLD_REMEDY: gettext_lazy("%(who)s told the remedy: %(thing)s"),
    Verb.CONFIRMED: gettext_lazy("%(who)s confirmed the remedy: %(thing)s"),
    Verb.NOT_REMEDIED: gettext_lazy("%(who)s sent the remedy back: %(thing)s"),
}

FACTS: dict[str, type[Model]] = {
    str(model._meta.model_name): model
    for model in (Plant, Line, Outlet, Permit, PermitReport, Project, Ladder, Wording)
}
# What a round and a finding write down besides the columns of their rows.
CHOICES: dict[tuple[str, str], dict[object, object]] = {
    ("round", "stage"): dict(Stage.choices),
    ("round", "answer"): dict(Answer.choices),
    ("spotfinding", "finding"): dict(FindingState.choices),
}
NAMES: dict[tuple[str, str], Promise] = {
    ("round", "starts_on"): pgettext_lazy("days", "From"),
    ("round", "ends_on"): pgettext_lazy("days", "To"),
    ("round", "responsible"): gettext_lazy("Responsible"),
}
RULES: dict[str, type[Model]] = {str(model._meta.model_name): model for model in THINGS.values()}


@dataclass(frozen=True, slots=True)
class Sentence:
    """``change`` tells from what to what; ``obligation_id`` where it can be opened.

    ``told`` says which officers heard of it.
    """

    at: datetime
    text: str
    change: str
    note: str
    origin: str
    verb: str
    obligation_id: int | None
    told: str = ""


def sentences_of(events: Iterable[Event], obligations: ObligationQuerySet) -> list[Sentence]:
    """The events in their order; obligations are named in the reader's language, in one query."""
    shown = list(events)
    wanted = [event.thing_id for event in shown if event.thing_kind == "obligation"]
    named = obligations.filter(pk__in=wanted).select_related("requirement", "line", "outlet")
    names = {obligation.pk: str(obligation) for obligation in named}
    return [_sentence(event, names) for event in shown]


def _sentence(event: Event, names: dict[int, str]) -> Sentence:
    is_obligation = event.thing_kind == "obligation"
    thing = names.get(event.thing_id, event.thing_name) if is_obligation else event.thing_name
    words = {
        "who": event.person_name or _("The system"),
        "thing": _thing(event.thing_kind, str(thing)),
        "side": _side(event),
        **{
            key: (event.after or {}).get(key, "")
            for key in ("superior", "leaver", "heir", "receiver")
        },
    }
    template = SENTENCES.get(Verb(event.verb), SENTENCES[Verb.CHANGED])
    return Sentence(
        at=event.at,
        text=str(template) % words,
        change=_change(event),
        note=event.note,
        origin=event.origin,
        verb=event.verb,
        obligation_id=event.thing_id if is_obligation and event.thing_id in names else None,
    )


def _side(event: Event) -> str:
    """For whom a comment was written."""
    return str(dict(Side.choices).get(str((event.after or {}).get("side")), ""))


def _thing(kind: str, name: str) -> str:
    """A fact's name alone doesn't tell what it is: a permit's is a number."""
    words = {"name": name}
    if kind not in FACTS:
        return _("“%(name)s”") % words
    return _("%(kind)s “%(name)s”") % {**words, "kind": FACTS[kind]._meta.verbose_name}


def _change(event: Event) -> str:
    """From what to what, where the event says so: columns and choices of facts in words.

    Lists stand in the trail for whoever checks it; they are no sentence.
    """
    before, after = event.before or {}, event.after or {}
    if event.thing_kind == "ladder":
        return change_of_ladder(before, after)
    return _(", ").join(
        _of_part(key) + _pair(event.thing_kind, key, before[key], after[key])
        for key in sorted(after, key=_place)
        if key in before
        and before[key] != after[key]
        and not isinstance(after[key], list | dict)
        and not key.endswith(_others())
    )


def _others() -> str:
    """How the columns end that say the same in the other language."""
    return "_en" if (get_language() or "").startswith("zh") else "_zh"


def _place(key: str) -> int:
    """The parts in their order; a database may hand them back in another."""
    return AnnexPart.values.index(key) if key in AnnexPart.values else -1


def _of_part(key: str) -> str:
    """A plan's annex may date several parts of a plant at once: each change says which."""
    return f"{AnnexPart(key).label} " if key in AnnexPart.values else ""


def _column(kind: str, key: str) -> "Field[object, object] | None":
    """Of a fact or of a rule; a rule's limit is named by a path."""
    limit, name = split_path(key)
    model = Limit if limit is not None else FACTS.get(kind) or RULES.get(kind)
    if model is None:
        return None
    try:
        column = model._meta.get_field(name)
    except FieldDoesNotExist:
        return None
    return column if isinstance(column, Field) else None


def _pair(kind: str, key: str, before: object, after: object) -> str:
    column = _column(kind, key)
    choices = dict(column.flatchoices) if column is not None else CHOICES.get((kind, key), {})
    values = [str(choices.get(value, _value(key, value))) for value in (before, after)]
    label = NAMES.get((kind, key)) or _label(kind, column)
    if label is None:
        return f"{values[0]} → {values[1]}"
    return _("%(column)s: %(before)s → %(after)s") % {
        "column": label,
        "before": values[0],
        "after": values[1],
    }


def _label(kind: str, column: "Field[object, object] | None") -> object:
    """What a page calls it; None for what has no name there."""
    if column is None:
        return None
    return column.verbose_name if kind in FACTS else COLUMNS.get(column.name)


def _value(key: str, value: object) -> str:
    if key == "state" and value in State.values:
        return str(STATES[str(value)].word)
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    return "—" if value in (None, "") else str(value)
