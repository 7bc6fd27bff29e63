"""Who has which role under one's authority, and inviting somebody to one."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from plants.models import Invitation, Membership, Person, Role
from plants.models.people import AUTHORITY_ROLES
from tracker.accounts.address_mails import clear_address, may_clear, read_marks
from tracker.accounts.handover import unanswered
from tracker.accounts.invite import (
    HasRoleAlready,
    InvitedAlready,
    NotYours,
    OwnAddress,
    StaleInvitation,
    invite,
    revoke_invitation,
    send_again,
)
from tracker.accounts.rights import Reach, administered_by, reach_of
from tracker.reminders.address_marks import NotMarked
from tracker.tasks import nudge_account_mails, nudge_sender
from tracker.web.access import PersonRequest, actor_of, find, role_required, signed_in
from tracker.web.forms.people import InvitationForm
from tracker.web.roles import DUTIES

PAGE_SIZE = 50


@require_safe
@role_required(*AUTHORITY_ROLES)
def people(request: PersonRequest) -> HttpResponse:
    """Everybody with a role under one's authority; for who may invite what is pending, too."""
    return _page(request)


@require_safe
@signed_in
def roles(request: PersonRequest) -> HttpResponse:
    """Who may do what, for everybody to read."""
    return render(request, "people/roles.html", {"duties": DUTIES, "posts": request.user.posts()})


@require_POST
@role_required(Role.OFFICER, Role.ADMINISTRATOR)
def invitation_add(request: PersonRequest) -> HttpResponse:
    """Send the invitation; 422 with all that was typed where it can't be."""
    form = InvitationForm(request.POST, reach=reach_of(request.user))
    if not form.is_valid():
        return _page(request, form)
    try:
        made = invite(**form.cleaned_data, by=actor_of(request), at=timezone.now())
    except OwnAddress:
        form.add_error("email", _("This is your own address: nobody gives herself a role."))
        return _page(request, form)
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
@role_required(Role.OFFICER, Role.ADMINISTRATOR)
def invitation_again(request: PersonRequest, pk: int) -> HttpResponse:
    """A new link; the old one finds nothing."""
    done = _("A new link is on its way; the old one has ended.")
    answer = _move(request, pk, send_again, done)
    nudge_account_mails()
    return answer


@require_POST
@role_required(Role.OFFICER, Role.ADMINISTRATOR)
def invitation_revoke(request: PersonRequest, pk: int) -> HttpResponse:
    """Its link finds nothing from now on."""
    return _move(request, pk, revoke_invitation, _("The invitation is withdrawn."))


@require_POST
@role_required(Role.ADMINISTRATOR)
def address_clear(request: PersonRequest, pk: int) -> HttpResponse:
    """Reminders go again to the address of the person of this role."""
    seen = Membership.objects.visible_to(request.user)
    post = find(seen.select_related("person", "authority", "plant", "company"), pk=pk)
    try:
        planned = clear_address(post, by=actor_of(request), at=timezone.now())
    except NotYours as refusal:
        raise PermissionDenied from refusal
    except NotMarked:
        messages.error(request, _("No mark stands for this address any more."))
    else:
        nudge_sender()
        messages.success(request, _cleared(post.person.email, planned))
    return redirect("people")


def _cleared(address: str, planned: int) -> str:
    sentence = ngettext(
        "Reminders go to %(address)s again; %(count)s that failed is planned anew.",
        "Reminders go to %(address)s again; %(count)s that failed are planned anew.",
        planned,
    )
    return sentence % {"address": address, "count": planned}


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
    page = Paginator(posts, PAGE_SIZE).get_page(request.GET.get("page"))
    _add_marks(request.user, list(page))
    context = {
        "page": page,
        "base": f"q={wanted}&" if wanted else "",
        "q": wanted,
        "now": timezone.now(),
        "administers": request.user.has_role(Role.ADMINISTRATOR),
        "form": form
        or (InvitationForm(reach=reach, initial={"language": get_language()}) if reach else None),
        "invitations": _pending(request, reach),
        "unanswered": list(unanswered(request.user)[:PAGE_SIZE]),
    }
    status = 422 if form is not None else 200
    return render(request, "people/list.html", context, status=status)


def _add_marks(reader: Person, posts: list[Membership]) -> None:
    """To the rows whose address a mail came back from; ``may_clear`` where she may clear it."""
    marks = read_marks(posts)
    reach = administered_by(reader) if marks else Reach()
    for post in posts:
        if mark := marks.get(post.person.email):
            post.mark = mark  # type: ignore[attr-defined]
            post.may_clear = may_clear(reach, post)  # type: ignore[attr-defined]


def _pending(request: PersonRequest, reach: Reach) -> list[Invitation]:
    """Those that she may send again or withdraw."""
    if not reach:
        return []
    # A seat in a round is for the plant to promise, on the round's page.
    found = Invitation.objects.visible_to(request.user).pending().filter(seat_offer=None)
    named = found.select_related("authority", "plant", "company", "invited_by")
    return [
        each
        for each in named.order_by("-invited_at", "-pk")
        if each.scope is not None and each.role in reach.roles_of(each.scope)
    ]
