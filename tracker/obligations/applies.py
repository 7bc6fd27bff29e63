"""Whether a requirement binds a subject, and why: a pure reading of its applies rule."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Choices

from plants.models import Denitration, OutletSource, PlantKind, RunStatus, Tree
from plants.models.people import AuthorityLevel
from plants.text import Text
from tracker.obligations.facts import Facts
from tracker.obligations.wording import choice_text, date_text, joined
from tracker.regulations.facts import FACTS, Value
from tracker.regulations.rules import All, Always, Any, AppliesRule, Ask, Not

CHOICES: dict[str, type[Choices]] = {
    "plant.kind": PlantKind,
    "plant.status": RunStatus,
    "plant.tree": Tree,
    "plant.authority_level": AuthorityLevel,
    "line.denitration": Denitration,
    "line.status": RunStatus,
    "outlet.source": OutletSource,
}
EVERY = {
    "plant": Text("适用于所有水泥企业。", "It applies to every cement plant."),
    "line": Text("适用于所有熟料生产线。", "It applies to every clinker line."),
    "outlet": Text("适用于所有排放口。", "It applies to every outlet."),
}


@dataclass(frozen=True)
class Verdict:
    """Yes or no, and the half-sentences that it rests on: for a no, those that failed.

    ``open`` is a no for want of a fact that is not known: its opposite is no yes.
    """

    yes: bool
    reasons: tuple[Text, ...]
    open: bool = False

    def sentence(self, subject_kind: str) -> Text:
        """The reason as a sentence in both languages."""
        if not self.reasons:
            return EVERY[subject_kind]
        why = joined(self.reasons)
        if self.yes:
            return Text(f"适用，因为{why.zh}。", f"It applies because {why.en}.")
        return Text(f"不适用，因为{why.zh}。", f"It does not apply because {why.en}.")


def applies(rule: AppliesRule, facts: Facts) -> Verdict:
    """Judge the rule over one subject's facts; a fact that is not known is never a yes."""
    match rule:
        case Always():
            return Verdict(True, ())
        case Ask():
            return _ask(rule, facts)
        case Not():
            verdict = applies(rule.rule, facts)
            return Verdict(not (verdict.yes or verdict.open), verdict.reasons, verdict.open)
        case All():
            return _all([applies(inner, facts) for inner in rule.rules])
        case Any():
            return _any([applies(inner, facts) for inner in rule.rules])


def _all(verdicts: list[Verdict]) -> Verdict:
    """One clear no decides; else what is open keeps it open."""
    clear = [verdict for verdict in verdicts if not verdict.yes and not verdict.open]
    return _decided(clear, verdicts, yes=not clear)


def _any(verdicts: list[Verdict]) -> Verdict:
    """One yes decides; else what is open keeps it open."""
    clear = [verdict for verdict in verdicts if verdict.yes]
    return _decided(clear, verdicts, yes=bool(clear))


def _decided(clear: list[Verdict], verdicts: list[Verdict], *, yes: bool) -> Verdict:
    """The verdict over all, with the reasons that decided it."""
    left = [verdict for verdict in verdicts if verdict.open]
    is_open = bool(left) and not clear
    deciding = clear or left or verdicts
    reasons = tuple(reason for verdict in deciding for reason in verdict.reasons)
    return Verdict(yes and not is_open, reasons, is_open)


def _ask(ask: Ask, facts: Facts) -> Verdict:
    value = facts.values.get(ask.fact)
    if ask.fact == "plant.authority" and ask.test == "one_of":
        return _under(ask, facts)
    is_open = value is None and ask.test != "known"
    return Verdict(_holds(ask, value), (_reason(ask.fact, value, facts),), is_open)


def _under(ask: Ask, facts: Facts) -> Verdict:
    """Whether one of the authorities that the rule names is the plant's, or stands above it."""
    named = next((office for office in facts.offices if office in ask.values), None)
    reason = _reason(ask.fact, facts.values.get(ask.fact), facts)
    if named is not None and named != facts.offices[0]:
        above = facts.names.get(named, Text(named, named))
        reason = Text(f"{reason.zh}（隶属{above.zh}）", f"{reason.en} (under {above.en})")
    return Verdict(named is not None, (reason,))


def _holds(ask: Ask, value: Value | None) -> bool:
    wanted = ask.values[0]
    if ask.test == "known":
        return (value is not None) is wanted
    if value is None:
        return False
    match ask.test, value, wanted:
        case "at_least", int(), int():
            return value >= wanted
        case "at_most", int(), int():
            return value <= wanted
        case "before", date(), date():
            return value < wanted
        case "on_or_after", date(), date():
            return value >= wanted
    return value in ask.values


def _reason(name: str, value: Value | None, facts: Facts) -> Text:
    """The fact as it is, as a half-sentence in both languages."""
    fact = FACTS[name]
    if value is None:
        return Text(f"{fact.label.zh}未知", f"{fact.label.en} is not known")
    if isinstance(value, bool):
        return fact.yes if value else fact.no
    shown = _shown(name, value, facts)
    return Text(f"{fact.label.zh}为{shown.zh}", f"{fact.label.en} is {shown.en}")


def _shown(name: str, value: Value, facts: Facts) -> Text:
    if isinstance(value, date):
        return date_text(value)
    if name in CHOICES:
        return choice_text(CHOICES[name], str(value))
    if isinstance(value, int):
        return Text(f"{value:,}", f"{value:,}")
    return facts.names.get(str(value), Text(str(value), str(value)))
