"""What an invitation's link opens: a new account with its role, or the role for who is here."""

from allauth.account.utils import perform_login
from django.contrib import messages
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from plants.models import Invitation, Person
from tracker.accounts.invite import StaleInvitation, find_invitation, join, join_as_new
from tracker.accounts.letters import promise_of
from tracker.audit import Actor
from tracker.rounds.acting import RoundRefused, StaleRound
from tracker.web.access import address_of
from tracker.web.forms.people import JoinForm
from tracker.web.htmx import tell


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sensitive_post_parameters("password1", "password2")
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Opening it changes nothing, since mail programmes open links by themselves."""
    found = find_invitation(token, at=timezone.now())
    if found is None:
        return _gone(request)
    try:
        if isinstance(request.user, Person):
            return _for_who_is_here(request, found, request.user)
        if Person.objects.filter(email=found.email).exists():
            return _page(request, found, "known")
        return _for_somebody_new(request, found)
    except (StaleInvitation, IntegrityError, RoundRefused, StaleRound):
        return _gone(request)


def _for_who_is_here(request: HttpRequest, found: Invitation, person: Person) -> HttpResponse:
    if person.email != found.email:
        return _page(request, found, "other")
    if request.method != "POST":
        return _page(request, found, "own")
    join(found, by=Actor(person, address_of(request)), at=timezone.now())
    messages.success(request, _welcome(found))
    return redirect("home")


def _for_somebody_new(request: HttpRequest, found: Invitation) -> HttpResponse:
    # The validators compare the password with the name and the address.
    person = Person(email=found.email, name=request.POST.get("name", found.name))
    form = JoinForm(person, request.POST or None, initial={"name": found.name})
    if request.method != "POST" or not form.is_valid():
        return _page(request, found, "new", form)
    person = join_as_new(
        found,
        name=form.cleaned_data["name"],
        password=form.cleaned_data["password1"],
        origin=address_of(request),
        at=timezone.now(),
    )
    messages.success(request, _welcome(found))
    answer: HttpResponse = perform_login(request, person)
    return answer


def _page(
    request: HttpRequest, found: Invitation, case: str, form: JoinForm | None = None
) -> HttpResponse:
    context = {"invitation": found, "case": case, "form": form, "here": request.path}
    context |= {"promise": promise_of(found)}
    # Always 200: other answers are logged with their address, and this one is a secret.
    return render(request, "people/invitation.html", context)


def _gone(request: HttpRequest) -> HttpResponse:
    sentence = _(
        "This invitation has been used or withdrawn, or is older than seven days. "
        "Ask whoever invited you to send it again."
    )
    return tell(request, sentence, status=404)


def _welcome(found: Invitation) -> str:
    return _("Welcome. You work here as %(role)s now: %(scope)s.") % promise_of(found)
