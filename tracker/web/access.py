"""Who may open which address: signed in or not, in which role, and for whose plants."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar, cast

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django_htmx.middleware import HtmxDetails

from plants.models import Person
from tracker.audit import Actor

P = ParamSpec("P")
Thing = TypeVar("Thing", bound=Model)


class PersonRequest(HttpRequest):
    """A request behind ``signed_in``: there is a person."""

    user: Person
    htmx: HtmxDetails


Answer = TypeVar("Answer", bound=HttpResponseBase)
View = Callable[Concatenate[PersonRequest, P], Answer]
Door = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def signed_in(view: View[P, Answer]) -> Door[P]:
    """Sends a stranger to the sign-in page, and back here afterwards."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return ask_to_sign_in(request)
        return view(cast(PersonRequest, request), *args, **kwargs)

    return guarded


def role_required(*roles: str) -> Callable[[View[P, Answer]], Door[P]]:
    """Only people with a membership in one of the roles; others get 403."""

    def decorate(view: View[P, Answer]) -> Door[P]:
        @signed_in
        @wraps(view)
        def guarded(request: PersonRequest, /, *args: P.args, **kwargs: P.kwargs) -> Answer:
            if not request.user.has_role(*roles):
                raise PermissionDenied(_("Your role doesn't include this page."))
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def find(visible: QuerySet[Thing], **look_up: object) -> Thing:
    """The one row of a queryset that was narrowed by ``visible_to``; 404 for all others."""
    return get_object_or_404(visible, **look_up)


def actor_of(request: PersonRequest) -> Actor:
    """The signed-in person, and the address that the request came from."""
    return Actor(person=request.user, origin=address_of(request))


def address_of(request: HttpRequest) -> str:
    """The visitor's address: behind trusted proxies the one that the outermost of them saw."""
    seen = str(request.META.get("HTTP_X_FORWARDED_FOR", "")).split(",")
    proxies = settings.TRUSTED_PROXIES
    if proxies and len(seen) >= proxies and seen[-proxies].strip():
        return seen[-proxies].strip()
    return str(request.META.get("REMOTE_ADDR", ""))


def safe_next(request: HttpRequest, wanted: str | None, otherwise: str) -> str:
    """An address on this site to go on to; anything else becomes ``otherwise``.

    A word without a slash is no address: Django would take it for the name of a view.
    """
    if (
        wanted
        and wanted.startswith(("/", "http:", "https:"))
        and url_has_allowed_host_and_scheme(
            wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
        )
    ):
        return wanted
    return otherwise


def ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    """A page goes to sign-in; an htmx action says so in place, so that nothing typed is lost."""
    if request.headers.get("HX-Request") == "true":
        response = render(request, "errors/_signed_out.html", status=401)
        response["HX-Retarget"], response["HX-Reswap"] = "#notes", "innerHTML"
        return response
    back = request.get_full_path()
    if request.method not in ("GET", "HEAD"):
        back = safe_next(request, request.headers.get("Referer"), reverse("home"))
    return redirect(f"{reverse('sign-in')}?{urlencode({'next': back})}")
