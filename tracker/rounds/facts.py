"""Reads from the rows what the checks of a round look at."""

from collections.abc import Collection
from datetime import date

from django.db.models import Q

from plants.kilns import Kiln, read_kilns
from plants.models import Line, Outlet, RunStatus
from plants.models.site import Denitration
from plants.text import Text
from tracker.obligations.models import Obligation
from tracker.regulations.steady import read_steady
from tracker.rounds.checks import OXIDATION, REAGENT_SAMPLE
from tracker.rounds.findings import (
    Facts,
    LineFact,
    ObligationFact,
    OutletFact,
    PermitFact,
    Reference,
)
from tracker.rounds.models import Round, Stage
from tracker.rounds.part_facts import read_part_facts


def read_facts(round_: Round, *, today: date, checks: Collection[str] = ()) -> Facts:
    """The round's lines, permits, main outlets and obligations, in a fixed number of queries.

    What the round's rooms amount to is read only where one of the ``checks`` asks for it.

    Month verdicts have no rows yet: ``months`` stays empty, so that the check says not known.
    """
    lines = lines_of(round_)
    dated = round_.steps.filter(stage__in=[Stage.STABLE_RUNNING, Stage.PUBLIC_NOTICE])
    newest = {step.stage: step for step in dated.order_by("number")}
    stable, notice = newest.get(Stage.STABLE_RUNNING), newest.get(Stage.PUBLIC_NOTICE)
    ends_on = stable.ends_on if stable else None
    calendar = read_kilns(round_.plant.place, lines, until=ends_on or today)
    permits = round_.plant.permits.order_by("-valid_until_on", "pk")
    return Facts(
        today=today,
        starts_on=stable.starts_on if stable else None,
        ends_on=ends_on,
        steady=read_steady(today),
        lines=[_line(kiln) for kiln in calendar.kilns],
        permits=[
            PermitFact(
                Reference("permit", str(permit.pk), Text(permit.number, permit.number)),
                permit.valid_from_on,
                permit.valid_until_on,
            )
            for permit in permits
        ],
        main_outlets=_main_outlets(round_, lines),
        obligations=_obligations(round_, lines),
        notice_ends_on=notice.ends_on if notice else None,
        parts=read_part_facts(round_, checks, today=today),
    )


def lines_of(round_: Round) -> list[Line]:
    """The chosen ones; where none is chosen, all of the plant's that are not closed."""
    chosen = list(round_.lines.order_by("number"))
    if chosen:
        return chosen
    return list(round_.plant.lines.exclude(status=RunStatus.CLOSED).order_by("number"))


def _line(kiln: Kiln) -> LineFact:
    return LineFact(
        Reference("line", str(kiln.line.pk), kiln.line.name),
        kiln.windows,
        kiln.line.denitration == Denitration.OXIDATION,
    )


def _main_outlets(round_: Round, lines: list[Line]) -> list[OutletFact]:
    """Those of the lines, and those that stand by no line."""
    theirs = Q(line__in=lines) | Q(line__isnull=True)
    main = Outlet.objects.filter(theirs, plant=round_.plant_id, is_main=True).order_by("code")
    return [
        OutletFact(
            Reference("outlet", str(outlet.pk), Text(str(outlet), str(outlet))),
            outlet.has_cems,
            outlet.mn_code or "",
        )
        for outlet in main
    ]


def _obligations(round_: Round, lines: list[Line]) -> list[ObligationFact]:
    theirs = Q(line__in=lines) | Q(line__isnull=True)
    wanted = [REAGENT_SAMPLE, *OXIDATION.values()]
    rows = (
        Obligation.objects.counting()
        .filter(theirs, plant=round_.plant_id, requirement__code__in=wanted)
        .select_related("requirement")
        .order_by("pk")
    )
    return [
        ObligationFact(
            Reference("obligation", str(row.pk), row.requirement.title),
            row.requirement.code,
            row.state,
            str(row.line_id or ""),
        )
        for row in rows
    ]
