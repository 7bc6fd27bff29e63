"""What a person reads when a page can't be shown: what was wrong, and that nothing was lost."""

import sys

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views import defaults

from plants.models import Person
from tracker.audit import Actor, Verb, record
from tracker.web.access import address_of
from tracker.web.faults import is_for_want_of_room
from tracker.web.htmx import tell
from tracker.web.uploads import NO_ROOM

NOTE_LENGTH = 2000


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django takes a session that the database has no room for, for one that was ended."""
    if is_for_want_of_room(exception):
        return _no_room(request)
    return tell(request, _("This request couldn't be understood; nothing was changed."), status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The sentence of the refusal, where there is one; the trail keeps who knocked where."""
    if isinstance(request.user, Person):
        record(
            by=Actor(request.user, address_of(request)),
            at=timezone.now(),
            verb=Verb.DENIED,
            thing=request.user,
            note=f"{request.method} {request.path}"[:NOTE_LENGTH],
        )
    sentence = str(exception) or _("You may see this, but your role may not do it.")
    return tell(request, sentence, status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    sentence = _("There is no such page, or it isn't among the plants that you work with.")
    return tell(request, sentence, status=404)


def too_many_requests(request: HttpRequest) -> HttpResponse:
    """More tries than a person needs, from one place."""
    sentence = _("Too many attempts from here. Wait a few minutes, then try again.")
    return tell(request, sentence, status=429)


def server_error(request: HttpRequest) -> HttpResponse:
    """A full disk is told like a refusal, whoever met it; every other fault by a page of its own.

    Django calls this for whatever fault a view or a middleware raised, while it is handled.
    """
    if not is_for_want_of_room(sys.exc_info()[1]):
        return defaults.server_error(request)
    return _no_room(request)


def _no_room(request: HttpRequest) -> HttpResponse:
    sentence = _(
        "There is no room left on the server: this wasn't done, and nothing was half-saved. "
        "Tell your administrator and try again later."
    )
    return tell(request, sentence, status=NO_ROOM)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was opened before the last sign-in, or cookies are off."""
    sentence = _(
        "This form was opened before you last signed in, so nothing was changed. "
        "Go back, reload the page and send it again."
    )
    return tell(request, sentence, status=403)
