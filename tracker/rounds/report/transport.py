"""What a report says of clean transport: the rules with their numbers, and the ledger. Pure."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from tracker.rounds.report.blocks import Json, gap, row, table, text
from tracker.rounds.report.source import Source
from tracker.rounds.report.telling import listed, number, tonnes
from tracker.rounds.samples.convert import shown
from tracker.rounds.transport.findings import Finding
from tracker.rounds.transport.rules import Bound


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
    head = [_("Month"), _("Direction"), _("Goods"), _("Mode"), _("Vehicle class"), _("Tonnes")]
    rows = [
        row(
            f"{each.month:%Y-%m} {each.direction} {each.goods} {each.mode} {each.road_class}",
            f"{each.month:%Y-%m}",
            each.get_direction_display(),
            each.get_goods_display(),
            each.get_mode_display(),
            each.get_road_class_display() if each.road_class else "—",
            tonnes(each.tonnes),
        )
        for each in source.months
    ]
    return table("ledger", _("Transport ledger"), head, [3, 2, 3, 3, 3, 4], rows)
