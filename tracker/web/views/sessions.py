"""Where one is signed in, and signing out from there."""

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tracker.audit import Verb, record
from tracker.web.access import PersonRequest, actor_of, signed_in
from tracker.web.devices import name_of


@require_safe
@signed_in
def sessions(request: PersonRequest) -> HttpResponse:
    """One's own, the newest first; the present one stands on top."""
    key = request.session.session_key
    if not UserSession.objects.filter(session_key=key).exists():
        UserSession.objects.create_from_request(request)
    found = UserSession.objects.purge_and_list(request.user)
    rows = [
        {"session": each, "name": name_of(each.user_agent), "here": each.session_key == key}
        for each in sorted(found, key=lambda each: (each.session_key != key, -each.pk))
    ]
    return render(request, "account/sessions.html", {"rows": rows})


@require_POST
@signed_in
def session_end(request: PersonRequest, pk: int) -> HttpResponse:
    """Whoever sits there has to sign in again."""
    session = get_object_or_404(UserSession, user=request.user, pk=pk)
    session.end()
    by, at = actor_of(request), timezone.now()
    name = name_of(session.user_agent)
    record(by=by, at=at, verb=Verb.ENDED_SESSION, thing=request.user, note=name)
    messages.success(request, _("Signed out there: %(name)s.") % {"name": name})
    return redirect("sessions")
