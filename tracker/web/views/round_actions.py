"""What is done on a round's page: conditions, the present step, and the way from stage to stage."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tracker.rounds.acting import RoundRefused, StaleRound, movers_of
from tracker.rounds.answering import answer_condition, override_condition, set_step
from tracker.rounds.models import Condition, Round
from tracker.rounds.walk import give_up, move_round, reassess, why_not_open
from tracker.web.access import PersonRequest, actor_of, find, signed_in
from tracker.web.forms.rounds import (
    AnswerForm,
    BareForm,
    GiveUpForm,
    MoveForm,
    OverrideForm,
    RoundForm,
    stamp_of,
)
from tracker.web.views.round_desk import show_round, step_form, with_surroundings


@require_POST
@signed_in
def round_answer(request: PersonRequest, pk: int, condition_pk: int) -> HttpResponse:
    """Say of a condition whether it is met."""
    found, condition = find_mine(request, pk), find(Condition.objects.all(), pk=condition_pk)
    form = AnswerForm(request.POST, key=f"answer-{condition.pk}")

    def deed() -> None:
        answer_condition(
            found,
            condition=condition,
            answer=form.cleaned_data["answer"],
            note=form.cleaned_data["note"],
            by=actor_of(request),
            at=timezone.now(),
            today=timezone.localdate(),
        )

    return act(request, found, form, deed, to=f"#condition-{condition.pk}")


@require_POST
@signed_in
def round_override(request: PersonRequest, pk: int, condition_pk: int) -> HttpResponse:
    """Let a step be passed without a condition, for a reason that is shown for ever."""
    found, condition = find_round(request, pk), find(Condition.objects.all(), pk=condition_pk)
    if not request.user.oversees(found.plant):
        sentence = _("Only an officer of the plant's authority can override a condition.")
        raise PermissionDenied(sentence)
    form = OverrideForm(request.POST, key=f"override-{condition.pk}")

    def deed() -> None:
        override_condition(
            found,
            condition=condition,
            reason=form.cleaned_data["reason"],
            by=actor_of(request),
            at=timezone.now(),
            today=timezone.localdate(),
        )

    return act(request, found, form, deed, to=f"#condition-{condition.pk}")


@require_POST
@signed_in
def round_move(request: PersonRequest, pk: int) -> HttpResponse:
    """On to the next stage, back, or off the list."""
    found = find_mine(request, pk)
    form = MoveForm(request.POST, key=f"move-{request.POST.get('to', '')}")

    def deed() -> None:
        step = move_round(
            found,
            to=form.cleaned_data["to"],
            note=form.cleaned_data["note"],
            by=actor_of(request),
            at=timezone.now(),
            today=timezone.localdate(),
        )
        said = _("The round stands in “%(stage)s” now.") % {"stage": step.get_stage_display()}
        messages.success(request, said)

    return act(request, found, form, deed)


@require_POST
@signed_in
def round_step(request: PersonRequest, pk: int) -> HttpResponse:
    """The days of the present step, who is responsible, and a note."""
    found = find_mine(request, pk)
    form = step_form(found, found.steps.get(left_at=None), request.POST)

    def deed() -> None:
        set_step(
            found,
            starts_on=form.cleaned_data["starts_on"],
            ends_on=form.cleaned_data["ends_on"],
            responsible=form.cleaned_data["responsible"],
            note=form.cleaned_data["note"],
            by=actor_of(request),
            at=timezone.now(),
        )
        messages.success(request, _("Saved."))

    return act(request, found, form, deed, to="#step")


@require_POST
@signed_in
def round_give_up(request: PersonRequest, pk: int) -> HttpResponse:
    """End a round that leads nowhere."""
    found = find_mine(request, pk)
    form = GiveUpForm(request.POST, key="give-up")

    def deed() -> None:
        reason = form.cleaned_data["reason"]
        give_up(found, reason=reason, by=actor_of(request), at=timezone.now())
        messages.success(request, _("The round is given up."))

    return act(request, found, form, deed)


@require_POST
@signed_in
def round_again(request: PersonRequest, pk: int) -> HttpResponse:
    """Open the round that assesses anew what was removed, and go there."""
    found = find_round(request, pk)
    why_not = why_not_open(request.user, found.plant)
    if why_not is not None:
        raise PermissionDenied(why_not)
    form = BareForm(request.POST, key="again")
    opened: list[Round] = []

    def deed() -> None:
        opened.append(reassess(found, by=actor_of(request), at=timezone.now()))

    answer = act(request, found, form, deed)
    return redirect("round", opened[0].pk) if opened else answer


def find_round(request: PersonRequest, pk: int) -> Round:
    return find(with_surroundings(Round.objects.visible_to(request.user)), pk=pk)


def find_mine(request: PersonRequest, pk: int) -> Round:
    """A round that she has to do with; 403 for whoever only reads it."""
    found = find_round(request, pk)
    if not movers_of(request.user, found):
        raise PermissionDenied(_("You read this round, but have no part in it."))
    return found


def act(
    request: PersonRequest,
    found: Round,
    form: RoundForm,
    deed: Callable[[], object],
    *,
    to: str = "",
) -> HttpResponse:
    """Do it and lead back to the page; refused, the page as it is now, with all that was typed."""
    if not form.is_valid():
        return show_round(request, found, typed=form, status=422)
    try:
        if form.cleaned_data["seen"] != stamp_of(found):
            raise StaleRound(found)
        deed()
    except RoundRefused as refusal:
        form.add_error(None, _with_conditions(refusal))
    except StaleRound as stale:
        form.add_error(None, stale_words(stale))
    else:
        return redirect(reverse("round", args=[found.pk]) + to)
    return show_round(request, find_round(request, found.pk), typed=form, status=409)


def stale_words(stale: StaleRound) -> str:
    """Where it stands now, for who was slower."""
    said = _(
        "Somebody moved the round meanwhile: it stands in “%(stage)s” now. "
        "Nothing was changed; what you typed is still here."
    )
    return said % {"stage": stale.round.get_stage_display()}


def _with_conditions(refusal: RoundRefused) -> str:
    names = _("; ").join(str(each) for each in refusal.conditions)
    return f"{refusal.sentence} {names}".strip()
