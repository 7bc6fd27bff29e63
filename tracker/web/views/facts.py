"""What the pages of a plant's facts share: who may change them, and saving so that none is lost."""

from dataclasses import replace
from typing import Any, NamedTuple

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plants.models import Plant
from tracker.audit import Event
from tracker.obligations.amend import StaleFact, add_fact, amend, why_not_amend
from tracker.obligations.models import Obligation
from tracker.obligations.schedule import ScheduleReport
from tracker.reminders.told import Told, read_told
from tracker.web.access import PersonRequest, actor_of, find
from tracker.web.forms.facts import FactForm
from tracker.web.views.history import Sentence, sentences_of

SHOWN_EVENTS = 20


class Refusal(NamedTuple):
    """Why nothing was saved; the sentence is empty where the form's fields say it."""

    status: int
    sentence: str


def find_plant(request: PersonRequest, pk: int) -> Plant:
    """The plant, for who may see it."""
    return find(Plant.objects.visible_to(request.user).with_surroundings(), pk=pk)


def refuse_unless_may(request: PersonRequest, plant: Plant) -> None:
    """403 for who sees the plant and may not change its facts."""
    refusal = why_not_amend(request.user, plant)
    if refusal is not None:
        raise PermissionDenied(refusal)


def told_of(request: PersonRequest, plant: Plant, *kinds: str) -> list[Sentence]:
    """The newest deeds about such facts of the plant."""
    events = Event.objects.visible_to(request.user).for_plant(plant)
    shown = list(events.filter(thing_kind__in=kinds)[:SHOWN_EVENTS])
    told = read_told(shown)
    return [
        replace(sentence, told=_told_words(told.get(event.pk)))
        for event, sentence in zip(
            shown, sentences_of(shown, Obligation.objects.none()), strict=True
        )
    ]


def _told_words(told: Told | None) -> str:
    if told is None:
        return ""
    words = {"names": _(", ").join(told.officers)}
    if told.is_sent:
        return _("The authority was told: %(names)s") % words
    return _("The authority is being told: %(names)s") % words


def deed_of(request: PersonRequest) -> dict[str, Any]:
    """Who changes it, and when."""
    return {"by": actor_of(request), "at": timezone.now(), "today": timezone.localdate()}


def save(request: PersonRequest, form: FactForm) -> Refusal | None:
    """Write what the form says and tell of it, or return why not."""
    if not form.is_valid():
        return Refusal(422, "")
    try:
        report = _change(request, form) if form.thing.pk else _add(request, form)
    except ValidationError as contradiction:
        # Her half and another's, entered since she read the page, don't fit together.
        return Refusal(409, " ".join(contradiction.messages))
    except StaleFact:
        return Refusal(409, stale_words())
    except IntegrityError:
        return Refusal(409, _("Somebody entered the same meanwhile; nothing was saved."))
    tell_saved(request, str(form.thing), report)
    return None


def tell_saved(request: PersonRequest, name: str, report: ScheduleReport) -> None:
    """With how many obligations got another date, came or went with it."""
    said = _("Saved: %(name)s") % {"name": name}
    moved = report.re_dated + report.created + report.withdrawn + report.reopened
    if moved:
        said += " " + ngettext("%d obligation follows.", "%d obligations follow.", moved) % moved
    messages.success(request, said)


def stale_words() -> str:
    return _(
        "Somebody changed this meanwhile. What you typed is still here and not saved; above it you "
        "see how it stands now. Save again if yours is right."
    )


def _add(request: PersonRequest, form: FactForm) -> ScheduleReport:
    for name, value in form.values().items():
        setattr(form.thing, name, value)
    return add_fact(thing=form.thing, **deed_of(request))


def _change(request: PersonRequest, form: FactForm) -> ScheduleReport:
    """Only what she changed is written, and only where it still is as she read it."""
    as_read, wanted = form.changes()
    for name, value in as_read.items():
        setattr(form.thing, name, value)
    return amend(thing=form.thing, values=wanted, **deed_of(request))
