"""What the pages of a plant's facts share: who may change them, previewing, and saving."""

from collections.abc import Callable
from copy import copy
from dataclasses import replace
from typing import Any, NamedTuple, TypeVar

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from plants.models import Plant
from tracker.audit import Event
from tracker.obligations.amend import StaleFact, add_fact, amend, remove_report, why_not_amend
from tracker.obligations.models import Obligation
from tracker.obligations.preview import Impact, preview_deed
from tracker.obligations.schedule import ScheduleReport
from tracker.reminders.told import Told, read_told
from tracker.web.access import PersonRequest, actor_of, find
from tracker.web.forms.facts import FactForm
from tracker.web.impact import moves_by_obligation
from tracker.web.views.history import Sentence, sentences_of

SHOWN_EVENTS = 20
Done = TypeVar("Done")


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


def save_or_preview(request: PersonRequest, form: FactForm) -> Refusal | Impact | None:
    """None where the form was saved; its impact where only that was asked for, by ``preview``."""
    return preview(request, form) if "preview" in request.POST else save(request, form)


def save(request: PersonRequest, form: FactForm) -> Refusal | None:
    """Write what the form says and tell of it, or return why not."""
    done = _attempt(form, lambda: _write(request, form, form.thing))
    if isinstance(done, Refusal):
        return done
    _tell_saved(request, str(form.thing), done)
    return None


def preview(request: PersonRequest, form: FactForm) -> Refusal | Impact:
    """What saving would do to what the plant owes; it is refused where saving is."""
    # The form and its row stay as they are: a new row keeps no number of one that was undone.
    thing = copy(form.thing)
    return _attempt(
        form,
        lambda: preview_deed(
            lambda: _write(request, form, thing), thing=thing, today=timezone.localdate()
        ),
    )


def shown_of(
    request: PersonRequest, form: FactForm | None, answer: Refusal | Impact | None
) -> dict[str, Any]:
    """What a page shows of the form that was sent: it stands open, with why not or the impact."""
    shown = moves_by_obligation(request.user, answer) if isinstance(answer, Impact) else {}
    return shown | {
        "typed": form.key if form else "",
        "refusal": answer.sentence if isinstance(answer, Refusal) else "",
    }


def status_of(answer: Refusal | Impact | None) -> int:
    return answer.status if isinstance(answer, Refusal) else 200


def _attempt(form: FactForm, deed: Callable[[], Done]) -> Done | Refusal:
    """Do it with a form that is right, or return why not."""
    if not form.is_valid():
        return Refusal(422, "")
    try:
        return deed()
    except ValidationError as contradiction:
        # Her half and another's, entered since she read the page, don't fit together.
        return Refusal(409, " ".join(contradiction.messages))
    except StaleFact:
        return Refusal(409, _stale_words())
    except IntegrityError:
        return Refusal(409, _("Somebody entered the same meanwhile; nothing was saved."))


def _write(request: PersonRequest, form: FactForm, thing: Any) -> ScheduleReport:
    """Only what she changed is written, and only where it still is as she read it."""
    deed = _deed_of(request)
    if not thing.pk:
        for name, value in form.values().items():
            setattr(thing, name, value)
        return add_fact(thing=thing, **deed)
    as_read, wanted = form.changes()
    for name, value in as_read.items():
        setattr(thing, name, value)
    if form.takes_out:
        return remove_report(report=thing, **deed)
    return amend(thing=thing, values=wanted, **deed)


def _deed_of(request: PersonRequest) -> dict[str, Any]:
    """Who changes it, and when."""
    return {"by": actor_of(request), "at": timezone.now(), "today": timezone.localdate()}


def _tell_saved(request: PersonRequest, name: str, report: ScheduleReport) -> None:
    """With how many obligations got another date, came or went with it."""
    said = _("Saved: %(name)s") % {"name": name}
    moved = report.re_dated + report.created + report.withdrawn + report.reopened
    if moved:
        said += (
            pgettext("between items", "; ")
            + ngettext("%d obligation follows.", "%d obligations follow.", moved) % moved
        )
    messages.success(request, said)


def _stale_words() -> str:
    return _(
        "Somebody changed this meanwhile. What you typed is still here and not saved; above it you "
        "see how it stands now. Save again if yours is right."
    )
