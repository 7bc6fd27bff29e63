"""How each condition of a round stands: what the app found, what people said of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from tracker.rounds.checks import find
from tracker.rounds.facts import read_facts
from tracker.rounds.findings import Finding, Outcome
from tracker.rounds.models import (
    Answer,
    Condition,
    ConditionAnswer,
    Override,
    Round,
    RoundStep,
    Stage,
)
from tracker.rounds.stages import passed_stages

_SAID = {
    Answer.MET: Outcome.MET,
    Answer.NOT_APPLICABLE: Outcome.MET,
    Answer.NOT_MET: Outcome.NOT_MET,
}


@dataclass(frozen=True, slots=True)
class Standing:
    """One condition with all that is known of it.

    ``answer`` and ``override`` are those given since its stage was last entered; what was said
    before that is history.
    """

    condition: Condition
    finding: Finding | None = None
    answer: ConditionAnswer | None = None
    override: Override | None = None

    @property
    def outcome(self) -> Outcome:
        """What the app found; where it does not know, what people said last."""
        if self.finding is not None and self.finding.outcome != Outcome.UNKNOWN:
            return self.finding.outcome
        return _SAID[Answer(self.answer.answer)] if self.answer else Outcome.UNKNOWN

    @property
    def is_in_the_way(self) -> bool:
        """It blocks, it is not met, and no officer has overridden it."""
        return self.condition.is_blocking and self.outcome != Outcome.MET and self.override is None


def read_standings(round_: Round, *, today: date) -> list[Standing]:
    """The conditions of the stages passed and of the present one, in their order."""
    steps = list(round_.steps.order_by("number"))
    asked = [
        condition for condition in _conditions(due_stages(steps)) if condition.is_about(round_)
    ]
    entered = {step.stage: step.number for step in steps}
    answers = _newest(round_, asked)
    overrides = _overrides(round_, entered)
    checks = {each.check_name for each in asked} - {""}
    facts = read_facts(round_, today=today, checks=checks) if checks else None
    return [
        Standing(
            condition=each,
            finding=find(each.check_name, facts, each.value) if each.check_name and facts else None,
            answer=_since(answers.get(each.pk), entered[each.stage]),
            override=overrides.get(each.pk),
        )
        for each in asked
    ]


def due_stages(steps: Sequence[RoundStep]) -> frozenset[Stage]:
    """The stages whose conditions have to hold for the round to go on."""
    walked = [step.stage for step in steps]
    return passed_stages(walked) | {Stage(walked[-1])}


def _conditions(stages: Iterable[str]) -> list[Condition]:
    there = Condition.objects.in_force().filter(stage__in=sorted(stages))
    return list(there.select_related("document"))


def _newest(round_: Round, asked: Iterable[Condition]) -> dict[int, ConditionAnswer]:
    """By condition; later rows take the place of earlier ones."""
    rows = round_.answers.filter(condition__in=[each.pk for each in asked])
    return {
        answer.condition_id: answer
        for answer in rows.select_related("answered_by", "step").order_by("pk")
    }


def _since(answer: ConditionAnswer | None, entered: int) -> ConditionAnswer | None:
    return answer if answer is not None and answer.step.number >= entered else None


def _overrides(round_: Round, entered: dict[str, int]) -> dict[int, Override]:
    """By condition, the newest that was given since its stage was last entered."""
    rows = round_.overrides.select_related("overridden_by", "step", "condition").order_by("pk")
    return {
        override.condition_id: override
        for override in rows
        if override.step.number >= entered.get(override.condition.stage, 0)
    }
