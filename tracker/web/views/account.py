"""Signing in and out, the language, and one's own account."""

from allauth.account.views import LoginView, LogoutView
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from plants.models import Person
from plants.models.people import AUTHORITY_ROLES
from tracker.accounts.factors import has_factor
from tracker.demo.accounts import ACCOUNTS, PASSWORD
from tracker.reminders.feeds import standing_feed
from tracker.reminders.prefer import preference_of
from tracker.web.access import PersonRequest, safe_next, signed_in
from tracker.web.forms.account import SignInForm
from tracker.web.forms.preferences import PreferenceForm
from tracker.web.provider import provider_name
from tracker.web.second_factor import takes_passkeys
from tracker.web.spoken import remember_language


class SignIn(LoginView):  # type: ignore[misc]
    """By e-mail. Goes on to ``next`` on this site only; what else happens is in the adapter."""

    template_name = "account/sign_in.html"
    form_class = SignInForm

    def get_context_data(self, **context: object) -> dict[str, object]:
        shown: dict[str, object] = super().get_context_data(**context)
        return {
            **shown,
            "demo_accounts": _demo_accounts(),
            "demo_password": PASSWORD,
            "next": shown["redirect_field_value"] or "",
            "passkeys": takes_passkeys(self.request),
            "provider": provider_name(),
        }


sign_in = SignIn.as_view()
sign_out = LogoutView.as_view(http_method_names=["post"])


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Switch the language, for this browser and, when signed in, for the e-mails as well."""
    wanted = request.POST.get("language", "")
    response = redirect(safe_next(request, request.POST.get("next"), reverse("home")))
    if wanted not in dict(settings.LANGUAGES):
        messages.error(request, _("There is no such language here; nothing was changed."))
        return response
    if isinstance(request.user, Person):
        Person.objects.filter(pk=request.user.pk).update(language=wanted)
    remember_language(response, wanted)
    return response


@require_safe
@signed_in
def account(request: PersonRequest) -> HttpResponse:
    """Who one is here, and the way out."""
    return render(request, "account/account.html", account_context(request))


def account_context(request: PersonRequest) -> dict[str, object]:
    """The roles, and the calendar feed if there is one."""
    return {
        "posts": request.user.posts(),
        "feed": standing_feed(request.user),
        "preference_form": PreferenceForm.of(preference_of(request.user)),
        "has_factor": has_factor(request.user),
        "sees_people": request.user.has_role(*AUTHORITY_ROLES),
    }


def _demo_accounts() -> list[tuple[str, str]]:
    """Who can be tried on a demo site: e-mail and name."""
    if not settings.DEMO_SITE:
        return []
    people = Person.objects.filter(email__in=[account.email for account in ACCOUNTS])
    there = set(people.values_list("email", flat=True))
    return [(a.email, str(a.role)) for a in ACCOUNTS if a.email in there]
