"""Who is let in to a round from outside the plant, and out again."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from plants.models import Invitation
from tracker.accounts.appoint import let_in
from tracker.accounts.invite import (
    InvitedAlready,
    NotYours,
    StaleInvitation,
    revoke_invitation,
    send_again,
)
from tracker.rounds.acting import RoundRefused
from tracker.rounds.models import Round
from tracker.rounds.seating import end_seat, why_not_appoint
from tracker.tasks import nudge_account_mails
from tracker.web.access import PersonRequest, actor_of, find, signed_in
from tracker.web.forms.rounds import BareForm, SeatForm
from tracker.web.views.round_actions import act, find_round


@require_POST
@signed_in
def round_seat_give(request: PersonRequest, pk: int) -> HttpResponse:
    """Let in whoever has the address; who has no account is invited to make one."""
    found = _find_own(request, pk)
    form = SeatForm(request.POST, key="seat")

    def deed() -> None:
        read = {key: value for key, value in form.cleaned_data.items() if key != "seen"}
        language, now = get_language() or "", timezone.now()
        try:
            let_in(found, **read, language=language, by=actor_of(request), at=now)
        except InvitedAlready as there:
            sentence = _("An invitation to a round of this plant waits for this address already.")
            raise RoundRefused(sentence) from there
        nudge_account_mails()
        said = _("A mail is on its way to %(email)s.") % {"email": read["email"]}
        messages.success(request, said)

    return act(request, found, form, deed, to="#seats")


@require_POST
@signed_in
def round_seat_end(request: PersonRequest, pk: int, seat_pk: int) -> HttpResponse:
    """By the plant, or by who has it; she then sees the round no more."""
    found = find_round(request, pk)
    seat = find(found.seats.standing().select_related("person"), pk=seat_pk)
    own = seat.person_id == request.user.pk
    if not own:
        _refuse_others(request, found)
    form = BareForm(request.POST, key=f"seat-{seat.pk}")

    def deed() -> None:
        seat.round = found
        end_seat(seat, by=actor_of(request), at=timezone.now())
        messages.success(request, _("The seat has ended."))

    answer = act(request, found, form, deed, to="#seats")
    return redirect("home") if own and answer.status_code == 302 else answer


@require_POST
@signed_in
def round_invitation_again(request: PersonRequest, pk: int, invitation_pk: int) -> HttpResponse:
    """A new link; the old one finds nothing."""
    said = _("A new link is on its way; the old one has ended.")
    answer = _move(request, pk, invitation_pk, send_again, said)
    nudge_account_mails()
    return answer


@require_POST
@signed_in
def round_invitation_revoke(request: PersonRequest, pk: int, invitation_pk: int) -> HttpResponse:
    """Its link finds nothing from now on."""
    said = _("The invitation is withdrawn.")
    return _move(request, pk, invitation_pk, revoke_invitation, said)


def _move(
    request: PersonRequest, pk: int, invitation_pk: int, move: Callable[..., Any], said: str
) -> HttpResponse:
    found = _find_own(request, pk)
    offered = Invitation.objects.filter(seat_offer__round=found)
    invitation = find(offered.select_related("plant"), pk=invitation_pk)
    try:
        move(invitation, by=actor_of(request), at=timezone.now())
    except NotYours as refusal:
        raise PermissionDenied from refusal
    except StaleInvitation:
        messages.error(request, _("It was taken up or withdrawn in the meantime."))
    else:
        messages.success(request, said)
    return redirect(reverse("round", args=[found.pk]) + "#seats")


def _find_own(request: PersonRequest, pk: int) -> Round:
    found = find_round(request, pk)
    _refuse_others(request, found)
    return found


def _refuse_others(request: PersonRequest, found: Round) -> None:
    """A round that is over is said on its page, not here."""
    if not request.user.answers_for(found.plant):
        raise PermissionDenied(why_not_appoint(request.user, found))
