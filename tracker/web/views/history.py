"""The trail as sentences in the reader's language."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tracker.audit import Event, Verb
from tracker.obligations.models import ObligationQuerySet, State
from tracker.regulations.models import AnnexPart
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
    Verb.SUBMITTED: gettext_lazy("%(who)s submitted %(thing)s for review"),
    Verb.ACCEPTED: gettext_lazy("%(who)s accepted %(thing)s"),
    Verb.RETURNED: gettext_lazy("%(who)s returned %(thing)s"),
    Verb.ASKED: gettext_lazy("%(who)s asked for an extension or a waiver of %(thing)s"),
    Verb.TOOK_BACK: gettext_lazy("%(who)s took back the request about %(thing)s"),
    Verb.AGREED: gettext_lazy("%(who)s agreed to the request about %(thing)s"),
    Verb.EXTENDED: gettext_lazy("%(who)s granted an extension of %(thing)s"),
    Verb.WAIVED: gettext_lazy("%(who)s granted a waiver of %(thing)s"),
    Verb.REFUSED: gettext_lazy("%(who)s refused the request about %(thing)s"),
    Verb.SIGNED_IN: gettext_lazy("%(who)s signed in"),
}


@dataclass(frozen=True, slots=True)
class Sentence:
    """``change`` tells from what to what; ``obligation_id`` where it can be opened."""

    at: datetime
    text: str
    change: str
    note: str
    origin: str
    verb: str
    obligation_id: int | None


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
        "thing": _("“%(name)s”") % {"name": thing},
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


def _change(event: Event) -> str:
    """From what to what, where the event says so: states as words, anything else as it was.

    Lists stand in the trail for whoever checks it; they are no sentence.
    """
    before, after = event.before or {}, event.after or {}
    pairs = [
        f"{_of_part(key)}{_value(key, before.get(key))} → {_value(key, after.get(key))}"
        for key in sorted(after, key=_place)
        if key in before and before[key] != after[key] and not isinstance(after[key], (list, dict))
    ]
    return _(", ").join(pairs)


def _place(key: str) -> int:
    """The parts in their order; a database may hand them back in another."""
    return AnnexPart.values.index(key) if key in AnnexPart.values else -1


def _of_part(key: str) -> str:
    """A plan's annex may date several parts of a plant at once: each change says which."""
    return f"{AnnexPart(key).label} " if key in AnnexPart.values else ""


def _value(key: str, value: object) -> str:
    if key == "state" and value in State.values:
        return str(STATES[str(value)].word)
    return "—" if value in (None, "") else str(value)
