"""Who has which role under one's authority, and inviting somebody to one."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from plants.models import Invitation, Membership, Role
from plants.models.people import AUTHORITY_ROLES
from tracker.accounts.end import OwnRole, StaleRole, end_role
from tracker.accounts.invite import (
    HasRoleAlready,
    InvitedAlready,
    NotYours,
    StaleInvitation,
    invite,
    revoke_invitation,
    send_again,
)
from tracker.accounts.rights import may_give, reach_of
from tracker.tasks import nudge_account_mails
from tracker.web.access import PersonRequest, actor_of, find, role_required, signed_in
from tracker.web.forms.people import InvitationForm, RoleEndForm
from tracker.web.roles import DUTIES

PAGE_SIZE = 50


@require_safe
@role_required(*AUTHORITY_ROLES)
def people(request: PersonRequest) -> HttpResponse:
    """Everybody with a role under one's authority; for an administrator what is pending, too."""
    return _page(request)


@require_safe
@signed_in
def roles(request: PersonRequest) -> HttpResponse:
    """Who may do what, for everybody to read."""
    return render(request, "people/roles.html", {"duties": DUTIES, "posts": request.user.posts()})


@require_safe
@role_required(Role.ADMINISTRATOR)
def role(request: PersonRequest, pk: int) -> HttpResponse:
    """One role of a person, and ending it."""
    return _role_page(request, _find_post(request, pk), RoleEndForm())


@require_POST
@role_required(Role.ADMINISTRATOR)
def role_end(request: PersonRequest, pk: int) -> HttpResponse:
    """It is over at once; 422 without a reason."""
    post = _find_post(request, pk)
    form = RoleEndForm(request.POST)
    if not form.is_valid():
        return _role_page(request, post, form)
    try:
        end_role(post, reason=form.cleaned_data["reason"], by=actor_of(request), at=timezone.now())
    except OwnRole:
        form.add_error(None, _("This is your own role: another administrator has to end it."))
        return _role_page(request, post, form)
    except NotYours as refusal:
        raise PermissionDenied from refusal
    except StaleRole:
        messages.error(request, _("It was ended in the meantime."))
    else:
        words = {"name": post.person.name, "role": post.get_role_display()}
        messages.success(request, _("%(name)s has this role no more: %(role)s.") % words)
    return redirect("people")


def _find_post(request: PersonRequest, pk: int) -> Membership:
    seen = Membership.objects.visible_to(request.user)
    return find(seen.select_related("person", "authority", "plant", "company"), pk=pk)


def _role_page(request: PersonRequest, post: Membership, form: RoleEndForm) -> HttpResponse:
    may_end = may_give(request.user, post.role, post.scope) and post.person != request.user
    context = {"post": post, "form": form, "may_end": may_end}
    return render(request, "people/role.html", context, status=422 if form.is_bound else 200)


@require_POST
@role_required(Role.ADMINISTRATOR)
def invitation_add(request: PersonRequest) -> HttpResponse:
    """Send the invitation; 422 with all that was typed where it can't be."""
    form = InvitationForm(request.POST, reach=reach_of(request.user))
    if not form.is_valid():
        return _page(request, form)
    try:
        made = invite(**form.cleaned_data, by=actor_of(request), at=timezone.now())
    except InvitedAlready:
        form.add_error("email", _("This role waits for this address already: see below."))
        return _page(request, form)
    except HasRoleAlready:
        form.add_error("email", _("Whoever has this address has this role already."))
        return _page(request, form)
    nudge_account_mails()
    messages.success(
        request, _("The invitation is on its way to %(email)s.") % {"email": made.email}
    )
    return redirect("people")


@require_POST
@role_required(Role.ADMINISTRATOR)
def invitation_again(request: PersonRequest, pk: int) -> HttpResponse:
    """A new link; the old one finds nothing."""
    done = _("A new link is on its way; the old one has ended.")
    answer = _move(request, pk, send_again, done)
    nudge_account_mails()
    return answer


@require_POST
@role_required(Role.ADMINISTRATOR)
def invitation_revoke(request: PersonRequest, pk: int) -> HttpResponse:
    """Its link finds nothing from now on."""
    return _move(request, pk, revoke_invitation, _("The invitation is withdrawn."))


def _move(request: PersonRequest, pk: int, move: Callable[..., None], done: str) -> HttpResponse:
    invitation = find(Invitation.objects.visible_to(request.user), pk=pk)
    try:
        move(invitation, by=actor_of(request), at=timezone.now())
    except NotYours as refusal:
        raise PermissionDenied from refusal
    except StaleInvitation:
        messages.error(request, _("It was taken up or withdrawn in the meantime."))
    else:
        messages.success(request, done)
    return redirect("people")


def _page(request: PersonRequest, form: InvitationForm | None = None) -> HttpResponse:
    wanted = request.GET.get("q", "").strip()
    named = Q(person__name__icontains=wanted) | Q(person__email__icontains=wanted)
    posts = (
        Membership.objects.visible_to(request.user)
        .filter(named)
        .select_related("person", "authority", "plant", "company")
        .order_by("authority__path", "plant__code", "company__code", "role", "person__name", "pk")
    )
    reach = reach_of(request.user)
    context = {
        "page": Paginator(posts, PAGE_SIZE).get_page(request.GET.get("page")),
        "base": f"q={wanted}&" if wanted else "",
        "q": wanted,
        "now": timezone.now(),
        "administers": bool(reach),
        "form": form
        or (InvitationForm(reach=reach, initial={"language": get_language()}) if reach else None),
        "invitations": _pending(request) if reach else [],
    }
    status = 422 if form is not None else 200
    return render(request, "people/list.html", context, status=status)


def _pending(request: PersonRequest) -> list[Invitation]:
    found = Invitation.objects.visible_to(request.user).pending()
    named = found.select_related("authority", "plant", "company", "invited_by")
    return list(named.order_by("-invited_at", "-pk"))
