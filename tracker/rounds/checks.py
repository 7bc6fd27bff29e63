"""The conditions that the app answers by itself: facts in, a finding out. Pure.

Each says met, not met or not known, and names the rows that it looked at. Not known is where rows
are missing; then people answer.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial

from plants.text import Text
from plants.windows import DAY
from tracker.obligations.models import State
from tracker.rounds.findings import (
    Facts,
    Finding,
    LineFact,
    ObligationFact,
    Outcome,
    Reference,
)
from tracker.rounds.models import Check
from tracker.rounds.outcomes import Outcome as PartOutcome

PARTS_CHECKED = (Check.SAMPLES_WITHIN, Check.FUGITIVE_IN_ORDER, Check.TRANSPORT_CLEAN)
REAGENT_SAMPLE = "guide-reagent-sample"
OXIDATION = {
    Check.OXIDATION_ABSORBER: "guide-oxidation-absorber",
    Check.OXIDATION_CPM: "guide-oxidation-cpm",
    Check.OXIDATION_NITROGEN: "guide-oxidation-nitrogen-balance",
    Check.OXIDATION_NO2: "guide-oxidation-no2",
}


def find(check: str, facts: Facts, value: Decimal | None = None) -> Finding:
    """What the check finds; ``value`` is the condition's number, where it has one."""
    return CHECKS[Check(check)](facts, value)


def stable_month(facts: Facts, _value: Decimal | None = None) -> Finding:
    """Long enough, over, and outside of every line's stop windows (domain.md 2.4)."""
    first, last = facts.starts_on, facts.ends_on
    if first is None or last is None:
        return _unknown("尚未填写稳定运行起止日期。", "The days of stable running are not entered.")
    span = Text(f"{first}至{last}", f"{first} to {last}")
    if last >= facts.today:
        return _not_met(
            f"稳定运行期{span.zh}尚未结束。", f"The stable running, {span.en}, is not over."
        )
    if facts.steady is None:
        return _unknown(
            "没有现行规定说明须稳定运行多久。",
            "No rule in force says how long the stable running lasts.",
        )
    steady = facts.steady
    rule = Reference("requirement", steady.requirement, steady.document or Text("", ""))
    wanted = steady.before(last + DAY)
    if first > wanted:
        return _not_met(
            f"稳定运行期{span.zh}过短：最迟应自{wanted}起。",
            f"The stable running, {span.en}, is too short: it had to begin by {wanted}.",
            rule,
        )
    return _outside_of_stops(facts, span, rule)


def _outside_of_stops(facts: Facts, span: Text, rule: Reference) -> Finding:
    """A projected window is no plan yet: it makes the answer unknown, an issued one not met."""
    touched = [
        (line.line, window)
        for line in facts.lines
        for window in line.windows
        if facts.starts_on and facts.ends_on and window.touches(facts.starts_on, facts.ends_on)
    ]
    issued = [(line, window) for line, window in touched if not window.is_projected]
    rows = [rule]
    for line, window in issued or touched:
        rows += [line, _window_row(window.source, window.starts_on, window.ends_on)]
    if issued:
        return _not_met(
            f"稳定运行期{span.zh}与错峰停窑期重叠。",
            f"The stable running, {span.en}, shares days with a kiln stop.",
            *rows,
        )
    if touched:
        return _unknown(
            f"稳定运行期{span.zh}可能与错峰停窑期重叠，该年度方案尚未录入。",
            f"The stable running, {span.en}, may share days with a kiln stop whose plan is not "
            "entered yet.",
            *rows,
        )
    return _met(
        f"稳定运行期{span.zh}足够长，且不在错峰停窑期内。",
        f"The stable running, {span.en}, is long enough and shares no day with a kiln stop.",
        rule,
        *(line.line for line in facts.lines),
    )


def _window_row(source: Text, first: object, last: object) -> Reference:
    return Reference(
        "stopwindow",
        "",
        Text(f"{source.zh}（{first}至{last}）", f"{source.en} ({first} to {last})"),
    )


def permit_valid(facts: Facts, _value: Decimal | None = None) -> Finding:
    """One of the plant's permits is valid on the day, its last day included."""
    day = facts.today
    for permit in facts.permits:
        if permit.valid_from_on <= day <= permit.valid_until_on:
            return _met(
                f"排污许可证有效期至{permit.valid_until_on}。",
                f"The permit is valid until {permit.valid_until_on}.",
                permit.permit,
            )
    if not facts.permits:
        return _unknown("没有登记排污许可证。", "No discharge permit is recorded.")
    return _not_met(
        f"登记的排污许可证在{day}均无效。",
        f"No recorded permit is valid on {day}.",
        *(permit.permit for permit in facts.permits),
    )


def cems_on_main_outlets(facts: Facts, _value: Decimal | None = None) -> Finding:
    """Each main outlet has a CEMS and its MN code (domain.md 2.5, 三、1（2）)."""
    if not facts.main_outlets:
        return _unknown("没有登记主要排放口。", "No main outlet is recorded.")
    without = [each.outlet for each in facts.main_outlets if not (each.has_cems and each.mn_code)]
    if without:
        return _not_met(
            f"{len(without)}个主要排放口没有自动监测设备或MN号。",
            f"Main outlets without CEMS or MN code: {len(without)}.",
            *without,
        )
    return _met(
        f"全部{len(facts.main_outlets)}个主要排放口均有自动监测设备和MN号。",
        f"Main outlets with CEMS and MN code: all {len(facts.main_outlets)}.",
        *(each.outlet for each in facts.main_outlets),
    )


def reagent_sample(facts: Facts, _value: Decimal | None = None) -> Finding:
    """The analysis and the sample that is kept for a year were accepted (domain.md 2.4)."""
    return _accepted([_Subject(obligations=_owed(facts, REAGENT_SAMPLE))])


def oxidation(requirement: str, facts: Facts, _value: Decimal | None = None) -> Finding:
    """Accepted for each line that denitrates by oxidation; no such line, no such demand (2.4)."""
    lines = [line for line in facts.lines if line.oxidises]
    if facts.lines and not lines:
        return _met(
            "没有生产线采用氧化法脱硝。",
            "No line denitrates by oxidation.",
            *(line.line for line in facts.lines),
        )
    if not lines:
        return _unknown("没有登记生产线。", "No line is recorded.")
    owed = _owed(facts, requirement)
    return _accepted([_of_line(line, owed) for line in lines])


def month_verdicts(facts: Facts, value: Decimal | None = None) -> Finding:
    """Each month's share is at least the condition's; equality is within (domain.md 2.6)."""
    if not facts.months or value is None:
        return _unknown("尚无月度达标判定。", "There are no month verdicts yet.")
    percent = f"{value.normalize():f}"
    below = [month.verdict for month in facts.months if month.share_percent < value]
    if below:
        return _not_met(
            f"{len(below)}个月度达标比例低于{percent}%。",
            f"Month verdicts below {percent} %: {len(below)}.",
            *below,
        )
    return _met(
        f"月度达标比例均不低于{percent}%。",
        f"All month verdicts are at least {percent} %.",
        *(month.verdict for month in facts.months),
    )


@dataclass(frozen=True, slots=True)
class _Subject:
    """Whoever owes something: the plant, or one of its lines."""

    obligations: Sequence[ObligationFact]
    line: Reference | None = None


def _owed(facts: Facts, requirement: str) -> list[ObligationFact]:
    """What was withdrawn with its rule is owed by nobody."""
    return [
        each
        for each in facts.obligations
        if each.requirement == requirement and each.state != State.WITHDRAWN
    ]


def _of_line(line: LineFact, owed: Iterable[ObligationFact]) -> _Subject:
    return _Subject([each for each in owed if each.line == line.line.key], line.line)


def _accepted(subjects: Sequence[_Subject]) -> Finding:
    """An officer accepted it for each subject.

    One that is owed and not accepted makes it not met. One that nobody was asked for, or that an
    officer let them off, says nothing of how things are.
    """
    rows = [each.obligation for subject in subjects for each in subject.obligations]
    states = [each.state for subject in subjects for each in subject.obligations]
    if any(state not in (State.ACCEPTED, State.WAIVED) for state in states):
        return _not_met("相应义务的材料尚未被接受。", "What was owed of it is not accepted.", *rows)
    nobody = [subject.line for subject in subjects if not subject.obligations]
    if nobody or State.WAIVED in states:
        return _unknown(
            "没有相应义务的接受记录，或该义务已豁免。",
            "Nothing of it was accepted: it was not asked for, or waived.",
            *(line for line in nobody if line is not None),
            *rows,
        )
    return _met("相应义务的材料已被接受。", "What was owed of it is accepted.", *rows)


def _met(chinese: str, english: str, *rows: Reference) -> Finding:
    return Finding(Outcome.MET, Text(chinese, english), rows)


def _not_met(chinese: str, english: str, *rows: Reference) -> Finding:
    return Finding(Outcome.NOT_MET, Text(chinese, english), rows)


def _unknown(chinese: str, english: str, *rows: Reference) -> Finding:
    return Finding(Outcome.UNKNOWN, Text(chinese, english), rows)


def notice_over(facts: Facts, _value: Decimal | None = None) -> Finding:
    """Its last day, which is entered with the step, has passed (domain.md 2.7: length unknown)."""
    day = facts.notice_ends_on
    if day is None:
        return _unknown(
            "尚未填写公示截止日期。", "The last day of the public notice is not entered."
        )
    if day >= facts.today:
        return _not_met(f"公示至{day}。", f"The public notice runs until {day}.")
    return _met(f"公示已于{day}期满。", f"The public notice ended on {day}.")


_OF_PARTS = {PartOutcome.MET: Outcome.MET, PartOutcome.NOT_MET: Outcome.NOT_MET}


def of_part(check: Check, facts: Facts, _value: Decimal | None = None) -> Finding:
    """What the round's room amounts to; where its data are not enough, people answer."""
    part = facts.parts.get(check)
    if part is None:
        return _unknown("尚无可判定的数据。", "There are no data to judge by yet.")
    outcome = _OF_PARTS.get(part.outcome, Outcome.UNKNOWN)
    return Finding(outcome, part.told, part.rows)


CHECKS: Mapping[Check, Callable[[Facts, Decimal | None], Finding]] = {
    Check.STABLE_MONTH: stable_month,
    Check.PERMIT_VALID: permit_valid,
    Check.CEMS_ON_MAIN_OUTLETS: cems_on_main_outlets,
    Check.REAGENT_SAMPLE: reagent_sample,
    Check.MONTH_VERDICTS: month_verdicts,
    Check.NOTICE_OVER: notice_over,
    **{check: partial(oxidation, requirement) for check, requirement in OXIDATION.items()},
    **{check: partial(of_part, check) for check in PARTS_CHECKED},
}
