"""One role of a person: what hangs on it, who takes that over, and ending it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from plants.models import Membership, Role
from tracker.accounts.end import OwnRole, StaleRole, end_role
from tracker.accounts.factors import has_factor, may_reset
from tracker.accounts.handover import NeedsHeir, read_heirs, read_left
from tracker.accounts.invite import NotYours
from tracker.accounts.rights import may_end
from tracker.tasks import nudge_sender
from tracker.web.access import PersonRequest, actor_of, find, role_required
from tracker.web.forms.people import RoleEndForm


@require_safe
@role_required(Role.ADMINISTRATOR)
def role(request: PersonRequest, pk: int) -> HttpResponse:
    """One role of a person, and ending it."""
    return _page(request, _find_post(request, pk))


@require_POST
@role_required(Role.ADMINISTRATOR)
def role_end(request: PersonRequest, pk: int) -> HttpResponse:
    """It is over at once; 422 without a reason, or without an heir where something is open."""
    post = _find_post(request, pk)
    form = _form_of(post, request.POST)
    if not form.is_valid():
        return _page(request, post, form)
    given = {"reason": form.cleaned_data["reason"], "heir": form.cleaned_data["heir"]}
    try:
        end_role(post, **given, by=actor_of(request), at=timezone.now())
    except OwnRole:
        form.add_error(None, _("This is your own role: another administrator has to end it."))
        return _page(request, post, form)
    except NeedsHeir:
        form.add_error(None, _("Who answers for what has changed meanwhile: choose again."))
        return _page(request, post, form)
    except NotYours as refusal:
        raise PermissionDenied from refusal
    except StaleRole:
        messages.error(request, _("It was ended in the meantime."))
    else:
        nudge_sender()
        words = {"name": post.person.name, "role": post.get_role_display()}
        messages.success(request, _("%(name)s has this role no more: %(role)s.") % words)
    return redirect("people")


def _find_post(request: PersonRequest, pk: int) -> Membership:
    seen = Membership.objects.visible_to(request.user)
    return find(seen.select_related("person", "authority", "plant", "company"), pk=pk)


def _form_of(post: Membership, data: QueryDict | None = None) -> RoleEndForm:
    return RoleEndForm(data, heirs=read_heirs(post, read_left(post), at=timezone.now()))


def _page(
    request: PersonRequest, post: Membership, form: RoleEndForm | None = None
) -> HttpResponse:
    context = {
        "post": post,
        "form": form or _form_of(post),
        "may_end": post.person != request.user and may_end(request.user, post.role, post.scope),
        "left": read_left(post),
        "has_factor": has_factor(post.person),
        "may_reset": may_reset(request.user, post.person),
    }
    status = 422 if form is not None else 200
    return render(request, "people/role.html", context, status=status)
