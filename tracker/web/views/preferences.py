"""How a person is reminded: her hour, and whether optional news comes by mail."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from plants.models import Person
from tracker.audit import Actor
from tracker.reminders.prefer import person_of, set_preference, stop_news
from tracker.web.access import PersonRequest, actor_of, address_of, signed_in
from tracker.web.forms.preferences import PreferenceForm
from tracker.web.views.account import account_context


@never_cache
@require_POST
@signed_in
def preference_set(request: PersonRequest) -> HttpResponse:
    """Keep the choice; what waits moves to the new hour."""
    form = PreferenceForm(request.POST)
    if not form.is_valid():
        context = {**account_context(request), "preference_form": form}
        return render(request, "account/account.html", context, status=422)
    chosen = form.cleaned_data
    changed = set_preference(
        person=request.user,
        hour=chosen["hour"],
        news_by_mail=chosen["news_by_mail"],
        by=actor_of(request),
        at=timezone.now(),
    )
    messages.success(request, _("Saved.") if changed else _("Nothing was different."))
    return redirect("account")


# A mail programme presses the button by itself (RFC 8058): it has neither session nor token of a
# form. The signed address can do this one thing only.
@never_cache
@csrf_exempt
def news_stop(request: HttpRequest, token: str) -> HttpResponse:
    """No more mails about what is optional, without signing in: asked first, then done."""
    person = person_of(token)
    if person is None:
        raise Http404
    if request.method == "POST":
        stop_news(person=person, by=_actor(request, person), at=timezone.now())
    done = request.method == "POST"
    return render(request, "account/news_stop.html", {"reader": person, "done": done})


def _actor(request: HttpRequest, person: Person) -> Actor:
    return Actor(person, address_of(request))
