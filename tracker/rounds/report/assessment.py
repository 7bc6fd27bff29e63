"""Part three of the report: the assessment and its conclusions (三、评估监测进展情况及结论). Pure.

Its first two points follow the notice template; the others are our arrangement (domain 2.5, G).
"""

from django.utils.translation import gettext as _

from plants.models import Part
from tracker.rounds.models import PARTS, Body, RoundStep
from tracker.rounds.outcomes import Outcome
from tracker.rounds.report.blocks import Json, fact, facts, gap, row, section, table, text
from tracker.rounds.report.fugitive import fugitive
from tracker.rounds.report.organised import organised, organised_outcome
from tracker.rounds.report.source import Source
from tracker.rounds.report.telling import day, listed, moment, told_at
from tracker.rounds.report.transport import transport
from tracker.rounds.samples.verdict import Outcome as OfSamples
from tracker.rounds.standings import Standing


def arranged_by_us() -> str:
    """The note of a section whose place in the template nobody has read."""
    return _("The template was only read in part: this section is our arrangement, to be verified.")


def assessment(source: Source) -> Json:
    note = arranged_by_us()
    parts = [
        section("3.1", _("1. The assessment and the conditions on site"), _account(source)),
        section("3.2", _("2. Organised emissions"), organised(source)),
        section("3.3", _("3. Fugitive emissions"), fugitive(source), note=note),
        section("3.4", _("4. Clean transport"), transport(source), note=note),
        section("3.5", _("5. Conclusions and suggestions"), _conclusion(source), note=note),
    ]
    return section("3", _("3. The assessment and its conclusions"), parts=parts)


def _account(source: Source) -> list[Json]:
    round_ = source.round
    parts = listed(part.label for part in round_.parts)
    rows = [
        fact("kind", _("Kind of round"), round_.get_kind_display()),
        fact("parts", _("Parts assessed"), parts),
        fact(
            "lines",
            _("Lines assessed"),
            listed(line.name for line in source.lines),
        ),
        fact("monitoring", _("Monitoring body"), _body(source, Body.MONITORING)),
        fact("technical", _("Technical body"), _body(source, Body.TECHNICAL)),
        fact("days", _("On-site monitoring"), _days(source)),
    ]
    told = facts("account", [*rows, *told_at(source, "3.1")])
    blocks = [told, _steps(source)]
    return [*blocks, _conditions(source)] if source.standings else blocks


def _body(source: Source, body: Body) -> str:
    """Who was appointed; with none the plant assesses itself, which it may."""
    names = dict.fromkeys(seat.organisation for seat in source.seats if seat.body == body)
    return listed(names) or _("none appointed; the plant assesses itself")


def _days(source: Source) -> str:
    first, last = source.round.monitoring_from_on, source.round.monitoring_to_on
    if first is None or last is None:
        return gap(_("days of the on-site monitoring"))
    return _("%(first)s to %(last)s") % {"first": day(first), "last": day(last)}


def _steps(source: Source) -> Json:
    head = [_("Step"), _("Entered"), _("Left"), _("Days named for it"), _("Responsible")]
    rows = [
        row(
            str(step.number),
            step.get_stage_display(),
            moment(step.entered_at),
            moment(step.left_at) if step.left_at else "—",
            _named_days(step),
            step.responsible.name if step.responsible else "—",
        )
        for step in source.steps
    ]
    return table("steps", _("The way of the round"), head, [4, 4, 4, 5, 3], rows)


def _named_days(step: RoundStep) -> str:
    if step.starts_on is None and step.ends_on is None:
        return "—"
    return _("%(first)s to %(last)s") % {"first": day(step.starts_on), "last": day(step.ends_on)}


def _conditions(source: Source) -> Json:
    head = [_("Condition"), _("Source and clause"), _("How it stands"), _("Answers and overrides")]
    rows = [
        row(
            each.condition.code,
            each.condition.title,
            _clause(each),
            each.outcome.label,
            _said(each) or "—",
        )
        for each in source.standings
    ]
    return table("conditions", _("Conditions checked"), head, [5, 6, 2, 7], rows)


def _clause(standing: Standing) -> str:
    condition = standing.condition
    named = [str(condition.source), condition.clause, str(condition.get_verification_display())]
    return " · ".join(each for each in named if each)


def _said(standing: Standing) -> str:
    """What the app found, people answered, and an officer overrode with which reason."""
    lines = [str(standing.finding.sentence)] if standing.finding else []
    if standing.answer:
        answer = standing.answer
        words = {"what": answer.get_answer_display(), "why": answer.answered_by.name}
        lines.append(f"{_('%(what)s (%(why)s)') % words} {answer.note}".strip())
    if standing.override:
        lines.append(
            _("overridden by %(who)s, %(at)s: %(reason)s")
            % {
                "who": standing.override.overridden_by.name,
                "at": moment(standing.override.overridden_at),
                "reason": standing.override.reason,
            }
        )
    return "\n".join(lines)


def _conclusion(source: Source) -> list[Json]:
    rows = [
        fact(part.value, part.label, _outcome(source, part))
        for part in PARTS
        if part in source.round.parts
    ]
    verdicts = facts("outcomes", rows)
    blocks = [verdicts, facts("told", told_at(source, "3.5"))]
    if len(source.round.parts) < len(PARTS):
        left = _("The parts not assessed here need a round of their own.")
        blocks.insert(1, text("left-out", left))
    return blocks


def _outcome(source: Source, part: Part) -> str:
    if part == Part.ORGANISED:
        return str(OfSamples(organised_outcome(source)).label)
    if part == Part.FUGITIVE:
        found = source.fugitive.outcome if source.fugitive else Outcome.NOT_ENOUGH
        return str(found.label)
    found = source.transport.outcome if source.transport else Outcome.NOT_ENOUGH
    return str(found.label)
