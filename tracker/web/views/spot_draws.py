"""Draws of plants and inspectors: announced, carried out, proved."""

import shlex
from collections.abc import Iterable
from typing import NamedTuple

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from plants.models import Role
from tracker.rounds.models import SpotCheck, SpotDraw, TieKind
from tracker.rounds.spot_checks.announce import announce_draw, give_up_draw
from tracker.rounds.spot_checks.carry_out import carry_out, drawn_in, proof_of
from tracker.rounds.spot_checks.draw import Pools, Tie, digest_for, read_pools
from tracker.rounds.spot_checks.law import read_rules
from tracker.rounds.spot_checks.rights import SpotCheckRefused, why_not_draw
from tracker.web.access import PersonRequest, actor_of, find, role_required, signed_in
from tracker.web.forms.spot_checks import DrawForm, ReasonForm, WordForm


class Outcome(NamedTuple):
    """A drawn plant with its check, its inspectors' names, and who was passed over why.

    ``may_open`` for whom the check itself is hers to see.
    """

    check: SpotCheck
    may_open: bool
    inspectors: list[str]
    passed_over: list[tuple[str, str | Promise]]


@require_safe
@role_required(Role.OFFICER)
def draw_form(request: PersonRequest) -> HttpResponse:
    """Where an officer announces a draw."""
    return _form_page(request, DrawForm(request.user))


@require_POST
@role_required(Role.OFFICER)
def announce(request: PersonRequest) -> HttpResponse:
    """Fix the pools; what was typed stays where it is refused."""
    form = DrawForm(request.user, request.POST)
    if not form.is_valid():
        return _form_page(request, form, status=422)
    try:
        made = announce_draw(**form.cleaned_data, by=actor_of(request), at=timezone.now())
    except SpotCheckRefused as refusal:
        return _form_page(request, form, refusal=str(refusal), status=409)
    messages.success(request, _("The draw is announced: now witnesses say a word."))
    return redirect("spot-draw", made.pk)


@require_safe
@signed_in
def draw(request: PersonRequest, pk: int) -> HttpResponse:
    """What was fixed, what was drawn, and all that is needed to draw it again."""
    return _page(request, _find(request, pk))


@require_POST
@signed_in
def carry(request: PersonRequest, pk: int) -> HttpResponse:
    """Draw, with the word of the witnesses."""
    shown = _drawable(request, pk)
    form = WordForm(request.POST)
    if not form.is_valid():
        return _page(request, shown, word=form, status=422)
    try:
        carry_out(shown, **form.cleaned_data, by=actor_of(request), at=timezone.now())
    except SpotCheckRefused as refusal:
        return _page(request, _find(request, pk), word=form, refusal=str(refusal), status=409)
    messages.success(request, _("The draw is carried out, and can be proved."))
    return redirect("spot-draw", pk)


@require_POST
@signed_in
def give_up(request: PersonRequest, pk: int) -> HttpResponse:
    """Leave a draw that was announced."""
    shown = _drawable(request, pk)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _page(request, shown, reason=form, status=422)
    try:
        give_up_draw(shown, **form.cleaned_data, by=actor_of(request), at=timezone.now())
    except SpotCheckRefused as refusal:
        return _page(request, _find(request, pk), reason=form, refusal=str(refusal), status=409)
    messages.success(request, _("The draw is given up; it stays here with the reason."))
    return redirect("spot-draw", pk)


@require_safe
@signed_in
def proof(request: PersonRequest, pk: int) -> HttpResponse:
    """All inputs and the outcome as JSON, for the recipe of docs/spot-checks.md."""
    shown = _find(request, pk)
    answer = JsonResponse(proof_of(shown), json_dumps_params={"ensure_ascii": False, "indent": 1})
    answer["Content-Disposition"] = f'attachment; filename="spot-draw-{pk}-proof.json"'
    return answer


def _find(request: PersonRequest, pk: int) -> SpotDraw:
    named = SpotDraw.objects.visible_to(request.user).select_related(
        "authority", "announced_by", "carried_out_by", "given_up_by"
    )
    return find(named, pk=pk)


def _drawable(request: PersonRequest, pk: int) -> SpotDraw:
    shown = _find(request, pk)
    refusal = why_not_draw(request.user, shown.authority)
    if refusal is not None:
        raise PermissionDenied(refusal)
    return shown


def _form_page(
    request: PersonRequest, form: DrawForm, *, refusal: str = "", status: int = 200
) -> HttpResponse:
    context = {"form": form, "refusal": refusal, "rules": read_rules()}
    return render(request, "spot_checks/announce.html", context, status=status)


def _page(
    request: PersonRequest,
    shown: SpotDraw,
    *,
    word: WordForm | None = None,
    reason: ReasonForm | None = None,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    pools = read_pools(shown.pools)
    is_open = shown.carried_out_at is None and shown.given_up_at is None
    names = {each.key: each.name for each in pools.inspectors}
    since = [Tie(**tie) for tie in shown.ties_since]
    context = {
        "draw": shown,
        "pools": pools,
        "outcomes": _outcomes(request, shown, names),
        "ties": _named(pools, pools.ties),
        "ties_since": _named(pools, since),
        "places": _places(shown, pools),
        "commands": _commands(shown),
        "may_draw": is_open and why_not_draw(request.user, shown.authority) is None,
        "word_form": word or WordForm(),
        "reason_form": reason or ReasonForm(),
        "refusal": refusal,
        "rules": read_rules(),
    }
    return render(request, "spot_checks/draw.html", context, status=status)


def _outcomes(request: PersonRequest, shown: SpotDraw, names: dict[str, str]) -> list[Outcome]:
    visible = SpotCheck.objects.visible_to(request.user).filter(draw=shown)
    hers = set(visible.values_list("pk", flat=True))
    checks = {check.plant.code: check for check in shown.checks.select_related("plant__authority")}
    return [
        Outcome(
            checks[each.plant],
            checks[each.plant].pk in hers,
            [names[key] for key in each.inspectors],
            [(names[tie.inspector], _why(tie)) for tie in each.passed_over],
        )
        for each in drawn_in(shown)
    ]


def _named(pools: Pools, ties: Iterable[Tie]) -> list[tuple[str, str, str | Promise]]:
    """Each tie as inspector, plant and what it is."""
    names = {each.key: each.name for each in pools.inspectors}
    plants = {each.key: each.name for each in pools.plants}
    return [(names[tie.inspector], plants[tie.plant], _why(tie)) for tie in ties]


def _why(tie: Tie) -> str | Promise:
    return TieKind(tie.kind).label


def _places(shown: SpotDraw, pools: Pools) -> list[tuple[str, str]]:
    """Every plant with the digest that decided on its place, in that order."""
    if not shown.seed:
        return []
    found = [(digest_for(shown.seed, "plant", each.key), each.key) for each in pools.plants]
    return sorted(found)


def _commands(shown: SpotDraw) -> list[tuple[str, str]]:
    """What to type at a shell, and what it has to print."""
    if not shown.seed:
        return []
    seeded = f"{shown.nonce}|{shown.word}|{shown.pools_digest}"
    return [
        (f"printf %s {shown.nonce} | sha256sum", shown.commitment),
        (f"printf %s {shlex.quote(seeded)} | sha256sum", shown.seed),
    ]
