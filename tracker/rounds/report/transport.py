"""What a report says of clean transport: the rules with their numbers, and the ledger. Pure."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from tracker.rounds.report.blocks import Json, gap, row, table, text
from tracker.rounds.report.source import Source
from tracker.rounds.report.telling import listed, number, tonnes
from tracker.rounds.samples.convert import shown
from tracker.rounds.transport.findings import Finding
from tracker.rounds.transport.kinds import MATERIALS, PRODUCTS
from tracker.rounds.transport.rules import Bound
from tracker.rounds.transport.share import Haul, add_up


def transport(source: Source) -> list[Json]:
    if not source.round.clean_transport:
        return [text("left-out", _("This round is not about this part."))]
    verdict = source.transport
    if verdict is None:
        return [text("summary", gap(_("monthly transport ledger")))]
    lines = [
        _(
            "Period: %(first)s to %(last)s; which period is asked for is not known and is to be "
            "verified. Verdict: %(outcome)s."
        )
        % {
            "first": f"{verdict.period.first:%Y-%m}",
            "last": f"{verdict.period.last:%Y-%m}",
            "outcome": verdict.outcome.label,
        }
    ]
    if verdict.missing:
        months = listed(f"{month:%Y-%m}" for month in verdict.missing)
        lines.append(gap(_("transport ledger of %(months)s") % {"months": months}))
    return [text("summary", *lines), _rules(verdict.findings), _ledger(source)]


def _rules(findings: tuple[Finding, ...]) -> Json:
    head = [
        pgettext("transport", "Rule"),
        _("As asked"),
        _("Of"),
        _("Share (%)"),
        _("Asked (%), source"),
        pgettext("report", "Verdict"),
    ]
    rows = [
        row(
            each.rule.value,
            each.rule.label,
            tonnes(each.part),
            tonnes(each.whole),
            shown(each.percent) if each.percent is not None else "—",
            _bound(each.bound),
            each.outcome.label,
        )
        for each in findings
    ]
    return table("rules", _("Rules of clean transport"), head, [6, 3, 3, 2, 6, 3], rows)


def _bound(bound: Bound | None) -> str:
    if bound is None:
        return "—"
    asked = f"≥ {number(bound.percent)}"
    return " · ".join(each for each in (asked, bound.document, bound.clause) if each)


def _ledger(source: Source) -> Json:
    """A month in a row: materials by clean modes and by class on the road, then products."""
    head = [
        _("Month"),
        _("Clean modes"),
        _("Road: new energy"),
        _("Road: China VI"),
        _("Road: other"),
        _("Clean share (%)"),
        _("Products: clean modes"),
        _("Products: road"),
    ]
    by_month: dict[date, list[Haul]] = {}
    for each in source.hauls:
        by_month.setdefault(each.month, []).append(each)
    rows = [_month(month, by_month[month]) for month in sorted(by_month)]
    name = _("Transport ledger, tonnes")
    return table("ledger", name, head, [3, 3, 3, 3, 3, 3, 3, 3], rows)


def _month(month: date, hauls: list[Haul]) -> Json:
    materials, products = add_up(hauls, MATERIALS), add_up(hauls, PRODUCTS)
    share = materials.clean_percent
    return row(
        f"{month:%Y-%m}",
        f"{month:%Y-%m}",
        tonnes(materials.clean),
        tonnes(materials.new_energy),
        tonnes(materials.china_vi),
        tonnes(materials.other),
        shown(share) if share is not None else "—",
        tonnes(products.clean),
        tonnes(products.road),
    )
