"""Reads what a plant's planner answers: each line's windows against what is still owed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from plants.kilns import Kiln
from plants.models import Line, Part, Plant, Project, RunStatus
from plants.text import Text
from tracker.obligations.models import Obligation
from tracker.regulations.steady import read_steady
from tracker.reporting.planner import (
    ASSUMED_MONITORING_DAYS,
    ASSUMED_RETROFIT_DAYS,
    Answer,
    Need,
    Verdict,
    plan_backwards,
)
from tracker.reporting.planner_words import say


@dataclass(frozen=True, slots=True)
class Deadline:
    """A day by which a line's plant has to complete something, and what that is."""

    obligations: list[Obligation]
    answer: Answer
    sentence: Text


@dataclass(frozen=True, slots=True)
class LinePlan:
    """A line with the answer to each of its deadlines, the nearest first."""

    kiln: Kiln
    deadlines: list[Deadline]


@dataclass(frozen=True, slots=True)
class Asked:
    """What the planner counts with, and where each number comes from.

    ``need`` is none where no rule in force says how long a line runs steadily;
    ``retrofit_source`` is given, done (no part is left to complete), project or assumed.
    """

    need: Need | None
    monitoring_days: int
    retrofit_days: int
    monitoring_is_assumed: bool
    retrofit_source: str


@dataclass(frozen=True, slots=True)
class Warnings:
    """The lines for which something is tight or no longer fits, and what that was counted with."""

    lines: list[LinePlan]
    asked: Asked


def read_asked(
    given: Mapping[str, int],
    *,
    owed: Iterable[Obligation],
    projects: Iterable[Project],
    today: date,
) -> Asked:
    """The numbers that were given; else what the plant's rows tell; else assumptions."""
    steady = read_steady(today)
    monitoring = given.get("monitoring_days", ASSUMED_MONITORING_DAYS)
    retrofit, source = _retrofit(given, owed, projects)
    return Asked(
        need=Need(steady, monitoring, retrofit) if steady else None,
        monitoring_days=monitoring,
        retrofit_days=retrofit,
        monitoring_is_assumed="monitoring_days" not in given,
        retrofit_source=source,
    )


def _retrofit(
    given: Mapping[str, int], owed: Iterable[Obligation], projects: Iterable[Project]
) -> tuple[int, str]:
    """How many days the works take, and how that is known."""
    if "retrofit_days" in given:
        return given["retrofit_days"], "given"
    if not any(obligation.requirement.completes for obligation in owed):
        return 0, "done"
    lengths = [
        (project.planned_finish_on - project.planned_start_on).days + 1
        for project in projects
        if project.finished_on is None
    ]
    return (max(lengths), "project") if lengths else (ASSUMED_RETROFIT_DAYS, "assumed")


def read_deadlines(plant: Plant) -> list[Obligation]:
    """What is owed once and completes a part, or belongs to the assessment.

    The Python twin is ``is_deadline``.
    """
    wanted = ~Q(requirement__completes="") | Q(requirement__part=Part.ASSESSMENT)
    owed = Obligation.objects.for_plant(plant).owed().filter(wanted, period="")
    return list(
        owed.select_related("requirement", "line", "outlet").order_by(
            "due_on", "requirement__part", "requirement__position", "pk"
        )
    )


def is_deadline(obligation: Obligation) -> bool:
    """The Python twin of ``read_deadlines``."""
    requirement = obligation.requirement
    wanted = bool(requirement.completes) or requirement.part == Part.ASSESSMENT
    return wanted and obligation.is_owed and not obligation.period


def read_planned_lines(plant: Plant) -> list[Line]:
    """The lines that can still be retrofitted and assessed."""
    return list(plant.lines.exclude(status=RunStatus.CLOSED).order_by("number"))


def plan_lines(
    kilns: Iterable[Kiln], obligations: list[Obligation], *, need: Need, today: date
) -> list[LinePlan]:
    """Each line by itself; obligations that are due on one day share an answer. Pure."""
    return [LinePlan(kiln, _deadlines(kiln, obligations, need, today)) for kiln in kilns]


def read_warnings(
    plant: Plant, kilns: Iterable[Kiln], projects: Iterable[Project], today: date
) -> Warnings | None:
    """What does not fit well, of each line the first; none where all fits or nothing is owed."""
    running = [kiln for kiln in kilns if kiln.line.status != RunStatus.CLOSED]
    owed = read_deadlines(plant) if running else []
    if not owed:
        return None
    asked = read_asked({}, owed=owed, projects=projects, today=today)
    if asked.need is None:
        return None
    found = []
    for plan in plan_lines(running, owed, need=asked.need, today=today):
        wanting = [d for d in plan.deadlines if d.answer.verdict != Verdict.FITS]
        if wanting:
            found.append(LinePlan(plan.kiln, wanting[:1]))
    return Warnings(found, asked) if found else None


def _deadlines(
    kiln: Kiln, obligations: list[Obligation], need: Need, today: date
) -> list[Deadline]:
    by_day: dict[date, list[Obligation]] = {}
    for obligation in obligations:
        if _concerns(obligation, kiln.line):
            by_day.setdefault(obligation.due_on, []).append(obligation)
    found = []
    for day in sorted(by_day):
        answer = plan_backwards(deadline=day, windows=kiln.windows, need=need, today=today)
        found.append(Deadline(by_day[day], answer, say(answer, need)))
    return found


def _concerns(obligation: Obligation, line: Line) -> bool:
    """The whole plant's, the line's own, and those of its outlets."""
    return line_of(obligation) in (None, line.pk)


def line_of(obligation: Obligation) -> int | None:
    """The key of the one line that it binds, itself or by an outlet; none where it binds all."""
    return obligation.outlet.line_id if obligation.outlet else obligation.line_id
