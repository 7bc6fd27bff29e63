"""A round's page: where it stands, what is asked, and the forms for what she may do now."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from django.conf import settings
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from plants.models import Invitation, Person, Plant
from tracker.evidence.types import BY_ENDING
from tracker.reporting.rounds import read_board
from tracker.reporting.sealed.contents import may_take
from tracker.rounds.acting import movers_of
from tracker.rounds.findings import Outcome
from tracker.rounds.involved import people_of
from tracker.rounds.models import (
    Override,
    Round,
    RoundPaper,
    RoundQuerySet,
    RoundStep,
    Seat,
    Stage,
)
from tracker.rounds.seating import is_over
from tracker.rounds.stages import (
    Mover,
    Movers,
    answerers,
    may_give_up,
    move_between,
    next_stages,
)
from tracker.rounds.standings import Standing, read_standings
from tracker.rounds.walk import why_not_open
from tracker.web.access import PersonRequest
from tracker.web.forms.rounds import (
    AnswerForm,
    BareForm,
    GiveUpForm,
    MoveForm,
    OverrideForm,
    RoundForm,
    SeatForm,
    StepForm,
    stamp_of,
)
from tracker.web.rounds import next_words

F = TypeVar("F", bound=RoundForm)


@dataclass(frozen=True, slots=True)
class ConditionRow:
    """A condition as it stands, with the forms for who may answer or override it now."""

    standing: Standing
    answer: RoundForm | None
    override: RoundForm | None


@dataclass(frozen=True, slots=True)
class StageGroup:
    """What one stage asks; folded unless the round stands there or something is in the way."""

    stage: Stage
    rows: Sequence[ConditionRow]
    is_open: bool

    @property
    def in_the_way(self) -> int:
        return sum(row.standing.is_in_the_way for row in self.rows)


@dataclass(frozen=True, slots=True)
class MoveRow:
    """A stage that she may move the round to; any but the one onwards needs a reason."""

    to: Stage
    passes: bool
    form: RoundForm


@dataclass(frozen=True, slots=True)
class SeatRow:
    """A seat, and the form for who may end it."""

    seat: Seat
    form: RoundForm | None


class _Forms:
    """The forms of one page: where one came with the request, that one stands in its place."""

    def __init__(self, typed: RoundForm | None) -> None:
        self.typed = typed
        self.placed: set[str] = set()

    def put(self, form: F) -> RoundForm:
        self.placed.add(form.key)
        return self.typed if self.typed and self.typed.key == form.key else form

    @property
    def homeless(self) -> RoundForm | None:
        """What was typed into a form that is not on the page any more."""
        return None if self.typed is None or self.typed.key in self.placed else self.typed


def with_surroundings(rounds: RoundQuerySet) -> RoundQuerySet:
    return rounds.select_related("plant__authority", "plant__place", "plant__company", "after")


def show_round(
    request: PersonRequest, shown: Round, *, typed: RoundForm | None = None, status: int = 200
) -> HttpResponse:
    """The page as it is now; ``typed`` was refused, and stays as it was filled in."""
    today = timezone.localdate()
    forms, movers = _Forms(typed), movers_of(request.user, shown)
    standings = read_standings(shown, today=today)
    row = read_board([shown], today=today)[0]
    steps = _steps(shown)
    in_the_way = sum(each.is_in_the_way for each in standings)
    may_work = shown.given_up_at is None and not answerers(shown.stage).isdisjoint(movers)
    context = {
        "round": shown,
        "row": row,
        "next": next_words(row, movers, in_the_way),
        "stamp": stamp_of(shown),
        "lines": shown.lines.order_by("number"),
        "standings": standings,
        "in_the_way": in_the_way,
        "groups": _groups(request, forms, shown, standings, may_answer=may_work),
        "moves": _moves(forms, shown, movers, in_the_way),
        "step": steps[0],
        **_papers(forms, shown, steps, may_work=may_work),
        "step_form": forms.put(step_form(shown, steps[0])) if may_work else None,
        "give_up": _give_up(forms, shown, movers),
        "again": _again(request, forms, shown),
        **_seats(request, forms, shown, movers),
        "sees_plant": _sees_plant(request.user, shown.plant),
        "may_take": may_take(request.user, shown.plant),
    }
    context["homeless"], context["typed"] = forms.homeless, typed.key if typed else ""
    return render(request, "rounds/round.html", context, status=status)


def step_form(shown: Round, step: RoundStep, data: object = None) -> StepForm:
    """For the present step: its days, who is responsible, a note."""
    now = {
        "starts_on": step.starts_on,
        "ends_on": step.ends_on,
        "responsible": step.responsible_id,
        "note": step.note,
    }
    return StepForm(data, key="step", initial=now, people=people_of(shown))


def _groups(
    request: PersonRequest,
    forms: _Forms,
    shown: Round,
    standings: Sequence[Standing],
    *,
    may_answer: bool,
) -> list[StageGroup]:
    """The present stage first, then those passed, in their order."""
    may_override = shown.given_up_at is None and request.user.oversees(shown.plant)
    by_stage: dict[Stage, list[ConditionRow]] = {Stage(shown.stage): []}
    for each in standings:
        row = _row(forms, each, may_answer=may_answer, may_override=may_override)
        by_stage.setdefault(Stage(each.condition.stage), []).append(row)
    typed = forms.typed.key if forms.typed else ""
    return [
        StageGroup(
            stage,
            rows,
            stage == shown.stage
            or any(
                row.standing.is_in_the_way or typed.endswith(f"-{row.standing.condition.pk}")
                for row in rows
            ),
        )
        for stage, rows in by_stage.items()
    ]


def _row(
    forms: _Forms, standing: Standing, *, may_answer: bool, may_override: bool
) -> ConditionRow:
    """Where the app knows, nobody is asked; only what is in the way can be overridden."""
    pk, finding = standing.condition.pk, standing.finding
    is_asked = may_answer and (finding is None or finding.outcome == Outcome.UNKNOWN)
    overridable = may_override and standing.is_in_the_way
    return ConditionRow(
        standing,
        forms.put(AnswerForm(key=f"answer-{pk}")) if is_asked else None,
        forms.put(OverrideForm(key=f"override-{pk}")) if overridable else None,
    )


def _moves(forms: _Forms, shown: Round, movers: Movers, in_the_way: int) -> list[MoveRow]:
    """Where she may move it to; not onwards while conditions are in the way."""
    if shown.given_up_at is not None:
        return []
    found = []
    for to in next_stages(shown.stage, movers):
        move = move_between(shown.stage, to)
        passes = move is not None and move.passes
        if not (passes and in_the_way):
            found.append(MoveRow(to, passes, forms.put(MoveForm(key=f"move-{to}"))))
    return found


def _give_up(forms: _Forms, shown: Round, movers: Movers) -> RoundForm | None:
    may = shown.given_up_at is None and may_give_up(shown.stage, movers)
    return forms.put(GiveUpForm(key="give-up")) if may else None


def _again(request: PersonRequest, forms: _Forms, shown: Round) -> RoundForm | None:
    """Assess anew what was removed, where nobody has begun to."""
    if shown.stage != Stage.REMOVED or why_not_open(request.user, shown.plant) is not None:
        return None
    if shown.followed_by.filter(given_up_at=None).exists():
        return None
    return forms.put(BareForm(key="again"))


def _papers(
    forms: _Forms, shown: Round, steps: Sequence[RoundStep], *, may_work: bool
) -> dict[str, object]:
    """By step, those of the present one first; the way to add some for who may."""
    found = RoundPaper.objects.filter(step__round=shown).order_by("pk")
    by_step: dict[int, list[RoundPaper]] = {step.pk: [] for step in steps}
    for paper in found.select_related("evidence__stored", "evidence__uploaded_by"):
        by_step[paper.step_id].append(paper)
    form = forms.put(BareForm(key="paper")) if may_work else None
    return {
        "papers": by_step[steps[0].pk],
        "way": [(step, by_step[step.pk]) for step in steps],
        "paper_form": form,
        "endings": ",".join(BY_ENDING),
        "limit_mb": settings.UPLOAD_LIMIT_MB,
        "video_limit_mb": settings.VIDEO_LIMIT_MB,
    }


def _steps(shown: Round) -> list[RoundStep]:
    """Its stays in stages, the present one first, with what officers overrode in each."""
    overrides = Override.objects.select_related("condition", "overridden_by").order_by("pk")
    steps = shown.steps.select_related("left_by", "responsible").order_by("-number")
    return list(steps.prefetch_related(Prefetch("overrides", queryset=overrides)))


def _seats(
    request: PersonRequest, forms: _Forms, shown: Round, movers: Movers
) -> dict[str, object]:
    """Who has or had a seat, who is invited to one; the forms for the plant, and for herself."""
    appoints = Mover.PLANT in movers and not is_over(shown)
    rows = [
        SeatRow(
            seat,
            forms.put(BareForm(key=f"seat-{seat.pk}"))
            if seat.ended_at is None and (appoints or seat.person_id == request.user.pk)
            else None,
        )
        for seat in shown.seats.select_related("person").order_by("pk")
    ]
    offers = shown.seat_offers.select_related("invitation").order_by("pk")
    pending = offers.filter(invitation__in=Invitation.objects.pending())
    return {
        "seats": rows,
        "offers": pending if appoints else [],
        "seat_form": forms.put(SeatForm(key="seat")) if appoints else None,
    }


def _sees_plant(person: Person, plant: Plant) -> bool:
    """Who has a seat only does not."""
    if person.answers_for(plant) or person.oversees(plant):
        return True
    return Plant.objects.visible_to(person).filter(pk=plant.pk).exists()
