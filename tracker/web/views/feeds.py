"""A person's private calendar feed: the feed itself, and its address on her account's page."""

from functools import partial
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from tracker.reminders.agenda import read_agenda, to_ical
from tracker.reminders.feeds import make_feed, owner_of, revoke_feed
from tracker.web.access import PersonRequest, actor_of, signed_in
from tracker.web.cells import address
from tracker.web.views.account import account_context


@require_safe
def calendar_feed(request: HttpRequest, token: str) -> HttpResponseBase:
    """No session: calendar programmes have none. The address is the secret; unknown ones get 404.

    A programme asks every few hours; nothing is made anew for it while nothing has changed.
    """
    person = owner_of(token)
    if person is None:
        raise Http404
    now = timezone.now()
    agenda = read_agenda(person, today=timezone.localdate(now), at=now)
    etag = quote_etag(agenda.version)
    response = get_conditional_response(request, etag=etag)
    if response is None:
        page_of = partial(_page_of, settings.SITE_URL)
        text = to_ical(agenda, host=urlsplit(settings.SITE_URL).hostname or "", page_of=page_of)
        response = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache"
    return response


def _page_of(site: str, pk: int) -> str:
    return f"{site}{address('obligation', pk)}"


@never_cache
@require_POST
@signed_in
def feed_make(request: PersonRequest) -> HttpResponse:
    """Make the address, or a new one in place of the old, and show it this once."""
    token = make_feed(person=request.user, by=actor_of(request), at=timezone.now())
    shown = request.build_absolute_uri(reverse("calendar-feed", args=[token]))
    context = {**account_context(request), "feed_address": shown}
    return render(request, "account/account.html", context)


@require_POST
@signed_in
def feed_revoke(request: PersonRequest) -> HttpResponse:
    """From now on the old address finds nothing."""
    if revoke_feed(person=request.user, by=actor_of(request), at=timezone.now()):
        messages.success(request, _("The calendar feed has ended; its address finds nothing now."))
    return redirect(f"{reverse('account')}#feed")
