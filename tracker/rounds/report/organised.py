"""What a report says of organised emissions: verdicts, and every sample with its sum. Pure."""

from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from tracker.regulations.models import Limit
from tracker.rounds.models import Pollutant
from tracker.rounds.report.blocks import Json, facts, gap, row, table, text
from tracker.rounds.report.source import Source
from tracker.rounds.report.telling import moment, number, told_at
from tracker.rounds.samples.convert import Flaw, shown
from tracker.rounds.samples.limits import Chosen
from tracker.rounds.samples.results import PollutantResult, SampleResult
from tracker.rounds.samples.verdict import Gap, Outcome, worst_of


def organised_outcome(source: Source) -> Outcome:
    """Of all outlets: the worst decides; without outlets there is not enough."""
    outcomes = [each.verdict.outcome for each in source.results]
    return worst_of(outcomes) if outcomes else Outcome.NOT_ENOUGH


def organised(source: Source) -> list[Json]:
    if not source.round.organised:
        return [text("left-out", _("This round is not about this part."))]
    words = {
        "outlets": len(source.results),
        "samples": sum(len(each.samples) for r in source.results for each in r.pollutants),
        "within": sum(each.verdict.outcome == Outcome.WITHIN for each in source.results),
        "over": sum(each.verdict.outcome == Outcome.OVER for each in source.results),
    }
    summary = _(
        "Outlets: %(outlets)d; manual samples: %(samples)d; outlets within the limits: %(within)d; "
        "outlets over them: %(over)d."
    )
    hours = _("Production hours: %(why)s.") % {"why": Gap.NO_HOURS.label}
    return [
        facts("told", told_at(source, "3.2")),
        text("summary", summary % words, hours),
        _verdicts(source),
    ]


def _verdicts(source: Source) -> Json:
    rows = []
    for result in source.results:
        for each in result.pollutants:
            rows.append(
                row(
                    f"{result.outlet.code} {each.pollutant}",
                    result.outlet.code,
                    result.outlet.name,
                    pollutant_name(each.pollutant),
                    f"{each.verdict.valid}/{len(each.samples)}",
                    shown(each.verdict.worst.value) if each.verdict.worst else "—",
                    _limit(each.limit),
                    _verdict(each),
                )
            )
    head = [
        _("Code"),
        _("Outlet"),
        _("Pollutant"),
        _("Valid samples"),
        _("Highest (mg/m³)"),
        _("Limit (mg/m³), with its source"),
        pgettext("report", "Verdict"),
    ]
    return table("verdicts", _("Verdicts by outlet"), head, [2, 4, 3, 2, 3, 7, 4], rows)


def _verdict(result: PollutantResult) -> str:
    """With what lacks; where a sample lacks that is a gap of the report, too."""
    verdict = result.verdict
    if verdict.why == Gap.NO_SAMPLE and result.is_asked:
        return gap(_("manual samples"))
    return _because(verdict.outcome, verdict.why)


def _because(outcome: Outcome, why: Flaw | Gap | None) -> str:
    if why is None:
        return str(outcome.label)
    return _("%(what)s (%(why)s)") % {"what": outcome.label, "why": why.label}


def _limit(chosen: Chosen | None) -> str:
    if chosen is None:
        return "—"
    limit: Limit = chosen.limit
    document = limit.requirement.document
    named = [
        _with_reference(limit.value, chosen.reference),
        document.number or str(document.title),
        limit.requirement.clause,
        str(limit.get_verification_display()),
    ]
    return " · ".join(each for each in named if each)


def _with_reference(value: Decimal, reference: Decimal | None) -> str:
    if reference is None:
        return number(value)
    return _("%(value)s (at %(oxygen)s %% O₂)") % {
        "value": number(value),
        "oxygen": number(reference),
    }


def pollutant_name(code: str) -> str:
    return str(Pollutant(code).label) if code in Pollutant.values else code


def samples(source: Source) -> Json:
    """The annex: every sample that stands, as measured and as converted."""
    rows = [
        _sample(result.outlet.code, each)
        for result in source.results
        for found in result.pollutants
        for each in found.samples
    ]
    head = [
        _("Outlet"),
        _("Pollutant"),
        _("Sampled"),
        _("Load (%)"),
        _("O₂ (%)"),
        _("Measured"),
        _("Converted"),
        _("Limit"),
        _("CEMS"),
        pgettext("report", "Verdict"),
    ]
    title = _("Manual samples, in mg/m³ (dry, standard state)")
    return table("samples", title, head, [2, 3, 4, 2, 2, 2, 6, 2, 2, 4], rows)


def _sample(code: str, result: SampleResult) -> Json:
    sample, verdict = result.sample, result.verdict
    converted = verdict.conversion
    return row(
        f"{code} {sample.pollutant} {sample.taken_from_at:%Y%m%d%H%M}",
        code,
        pollutant_name(sample.pollutant),
        moment(sample.taken_from_at),
        number(sample.load_percent) if sample.load_percent is not None else "—",
        number(sample.oxygen_percent) if sample.oxygen_percent is not None else "—",
        number(sample.measured),
        (converted.formula or shown(converted.value)) if converted else "—",
        number(result.limit.limit.value) if result.limit else "—",
        number(sample.cems_measured) if sample.cems_measured is not None else "—",
        _because(verdict.outcome, verdict.why),
    )
