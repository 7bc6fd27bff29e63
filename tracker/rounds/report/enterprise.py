"""Part one of the report: the enterprise (一、企业基本情况). Pure."""

from django.utils.translation import gettext as _

from tracker.rounds.report.blocks import Json, fact, facts, gap, row, section, table
from tracker.rounds.report.source import Source
from tracker.rounds.report.telling import day, told_at


def enterprise(source: Source) -> Json:
    plant = source.round.plant
    known = [
        fact("name", _("Legal name"), plant.name),
        fact("credit-code", _("Unified social credit code"), plant.credit_code),
        fact("location", _("Location"), _location(source)),
        fact("kind", _("Kind of plant"), plant.get_kind_display()),
        fact("permit", _("Discharge permit"), _permit(source)),
        fact("equipment", _("Main equipment and capacity"), _capacity(source)),
    ]
    blocks = [facts("known", [*known, *told_at(source, "1")])]
    if source.lines:
        blocks.insert(1, _lines(source))
    return section("1", _("1. The enterprise"), blocks)


def _location(source: Source) -> str:
    place = source.round.plant.place
    return f"{place.parent.name} {place.name}" if place.parent else str(place.name)


def _permit(source: Source) -> str:
    if not source.permits:
        return gap(_("discharge permit"))
    newest = source.permits[0]
    return _("%(number)s, valid %(since)s to %(until)s") % {
        "number": newest.number,
        "since": day(newest.valid_from_on),
        "until": day(newest.valid_until_on),
    }


def _capacity(source: Source) -> str:
    if not source.lines:
        return gap(_("main equipment and capacity"))
    words = {
        "count": len(source.lines),
        "tonnes": sum(line.capacity_tpd for line in source.lines),
        "outlets": len(source.outlets),
    }
    return (
        _("lines: %(count)d; together %(tonnes)d t of clinker a day; outlets: %(outlets)d") % words
    )


def _lines(source: Source) -> Json:
    head = [
        _("Line"),
        _("Capacity (t/d)"),
        _("Denitration"),
        _("Commissioned on"),
        _("Status"),
    ]
    rows = [
        row(
            str(line.number),
            line.name,
            line.capacity_tpd,
            line.get_denitration_display(),
            day(line.commissioned_on) if line.commissioned_on else gap(_("commissioning date")),
            line.get_status_display(),
        )
        for line in source.lines
    ]
    return table("lines", _("Production lines"), head, [4, 3, 3, 4, 3], rows)
