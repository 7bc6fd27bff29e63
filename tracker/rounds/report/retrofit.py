"""Part two of the report: the retrofit (二、超低排放改造情况概述). Pure."""

from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import gettext as _

from plants.models import Part, Project
from tracker.rounds.report.blocks import Json, facts, gap, row, section, table, text
from tracker.rounds.report.source import Source, projects_of
from tracker.rounds.report.telling import day, number, told_at


def retrofit(source: Source) -> Json:
    parts = [
        section("2.1", _("1. Overview"), [facts("told", told_at(source, "2.1", _known(source)))]),
        section(
            "2.2",
            _("2. Reducing pollution and carbon together"),
            [facts("told", told_at(source, "2.2"))],
        ),
        _of_part(source, "2.3", _("3. Organised emissions"), Part.ORGANISED),
        _of_part(source, "2.4", _("4. Fugitive emissions"), Part.FUGITIVE),
        _of_part(source, "2.5", _("5. Clean transport"), Part.CLEAN_TRANSPORT),
    ]
    return section("2", _("2. The retrofit"), parts=parts)


def _of_part(source: Source, point: str, title: str, part: Part) -> Json:
    """A part that the round does not assess is named, and left out."""
    if part not in source.round.parts:
        return section(point, title, [text("left-out", _("This round is not about this part."))])
    blocks = []
    if part == Part.ORGANISED:
        blocks.append(_technologies(source))
    works = projects_of(source, part)
    if works:
        blocks.append(_projects(works))
    if part == Part.CLEAN_TRANSPORT:
        blocks.append(_fleet(source))
    blocks.append(facts("told", told_at(source, point)))
    return section(point, title, blocks)


def _known(source: Source) -> dict[str, str]:
    """What the records of the works say of the whole retrofit."""
    works = source.projects
    known = {}
    started = [each.started_on for each in works if each.started_on]
    if started:
        known["retrofit-start"] = _from_records(day(min(started)))
    finished = [each.finished_on for each in works if each.finished_on]
    if works and len(finished) == len(works):
        known["retrofit-end"] = _from_records(day(max(finished)))
    paid = sum((each.investment_paid_yuan for each in works), start=Decimal(0))
    if paid:
        known["total-investment"] = _from_records(
            _("%(amount)s × 10,000 yuan paid") % {"amount": number(paid / 10_000)}
        )
    return known


def _from_records(value: str) -> str:
    return _("%(value)s (from the records of the works)") % {"value": value}


def _technologies(source: Source) -> Json:
    """Every outlet with its route and parameters; who did not tell is a gap."""
    rows = []
    for result in source.results:
        told = result.technology
        rows.append(
            row(
                result.outlet.code,
                result.outlet.code,
                result.outlet.name,
                result.outlet.get_source_display(),
                told.technology if told else gap(_("technical route")),
                (told.parameters if told else "") or gap(_("main parameters")),
            )
        )
    head = [_("Code"), _("Outlet"), _("Kind of source"), _("Technical route"), _("Main parameters")]
    return table("technologies", _("Organised links"), head, [2, 5, 3, 6, 6], rows)


def _projects(works: Sequence[Project]) -> Json:
    head = [
        _("Works"),
        _("Started on"),
        _("Finished on"),
        _("Paid (10,000 yuan)"),
        _("Progress (%)"),
    ]
    rows = [
        row(
            str(each.pk),
            each.title,
            day(each.started_on) if each.started_on else gap(_("start date")),
            day(each.finished_on) if each.finished_on else gap(_("commissioning date")),
            number(each.investment_paid_yuan / 10_000),
            each.progress_percent,
        )
        for each in works
    ]
    return table("projects", _("Retrofit works"), head, [7, 4, 4, 3, 2], rows)


def _fleet(source: Source) -> Json:
    head = [_("Kind"), _("Class"), _("New-energy product"), _("Count"), _("Counted on")]
    if not source.fleet:
        return text("fleet", gap(_("in-plant vehicles and non-road machines")))
    rows = [
        row(
            f"{each.kind} {each.fleet_class} {each.product_exists}",
            each.get_kind_display(),
            each.get_fleet_class_display(),
            each.get_product_exists_display() if each.product_exists else "—",
            each.count,
            day(each.as_of_on),
        )
        for each in source.fleet
    ]
    title = _("In-plant vehicles and non-road machines")
    return table("fleet", title, head, [4, 4, 4, 2, 3], rows)
