"""By when a requirement is due for a subject, and why on that day: a pure reading of its rule."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from dateutil.relativedelta import relativedelta

from plants.text import Text
from tracker.obligations.distance import anchor_label, distance_text
from tracker.obligations.facts import Facts
from tracker.obligations.recurring import PeriodDay, period_days
from tracker.obligations.wording import date_text
from tracker.obligations.workdays import Workday, working_days_from
from tracker.regulations.due_rules import OneDate
from tracker.regulations.rules import (
    ByAnnex,
    ByAuthority,
    ByZone,
    DueRule,
    Earliest,
    OnDay,
    Recurring,
    Relative,
    Standing,
)

ANNEX_PARTS = {
    "organised": Text("有组织排放", "organised emissions"),
    "fugitive": Text("无组织排放", "fugitive emissions"),
    "clean_transport": Text("清洁运输", "clean transport"),
    "whole": Text("全流程", "the whole plant"),
}


@dataclass(frozen=True)
class Span:
    """The days on which a duty binds, first and last, and until when we look ahead for dates."""

    first: date
    last: date
    until: date


@dataclass(frozen=True)
class Due:
    """One date, with the period that it answers (empty: once) and the reason as a sentence."""

    period: str
    on: date
    basis: Text


def due_dates(rule: DueRule, facts: Facts, span: Span, source: Text) -> tuple[Due, ...]:
    """Every date that the rule gives in the span, in order.

    What is due once is due whether or not its day lies in the span; what stands all the time gives
    no date. ``source`` is the document and clause in both languages, for the reason. A rule that
    hangs on a fact that is not known gives none: see ``missing_fact``.
    """
    match rule:
        case Standing():
            return ()
        case Recurring():
            return tuple(_recurring(rule, facts, span, source))
        case Earliest():
            due = _earliest(rule, facts, source)
        case _:
            due = _once(rule, facts, source)
    return (due,) if due else ()


def missing_fact(rule: DueRule, facts: Facts) -> str | None:
    """The name of the fact without which the rule gives no date, if that is not known."""
    if isinstance(rule, Earliest):
        missing = [missing_fact(inner, facts) for inner in rule.rules]
        return missing[0] if all(missing) else None
    if isinstance(rule, Relative) and rule.backstop is None and _anchor(rule, facts) is None:
        return rule.fact
    return None


def _once(rule: OneDate, facts: Facts, source: Text) -> Due | None:
    match rule:
        case OnDay():
            when = date_text(rule.day)
            basis = Text(
                f"{source.zh}规定的期限为{when.zh}。",
                f"{source.en} sets {when.en} as the last day.",
            )
            return Due("", rule.day, basis)
        case ByZone():
            zone = str(facts.values.get("plant.zone") or "other")
            return _for_those(zone, rule.days.get(zone, rule.days["other"]), facts, source)
        case ByAuthority():
            named = next((office for office in facts.offices if office in rule.days), None)
            if named is None:
                own = facts.offices[0] if facts.offices else "other"
                return _for_those(own, rule.days["other"], facts, source)
            return _for_those(named, rule.days[named], facts, source)
        case ByAnnex():
            return _by_annex(rule, facts, source)
        case Relative():
            return _relative(rule, facts, source)


def _for_those(code: str, day: date, facts: Facts, source: Text) -> Due:
    """The date for a zone or an authority."""
    name, when = facts.names.get(code, Text(code, code)), date_text(day)
    basis = Text(
        f"{source.zh}对{name.zh}规定的期限为{when.zh}。",
        f"{source.en} sets {when.en} as the last day for {name.en}.",
    )
    return Due("", day, basis)


def _by_annex(rule: ByAnnex, facts: Facts, source: Text) -> Due:
    """The annex's date for the part or else the plant; the backstop while there is none."""
    part = ANNEX_PARTS[rule.part]
    day, whole = facts.values.get(f"annex.{rule.part}"), facts.values.get("annex.whole")
    if isinstance(day, date):
        when = date_text(day)
        basis = Text(
            f"约束本企业的方案附表为{part.zh}规定的完成时限为{when.zh}（{source.zh}）。",
            f"The annex of the plan that binds this plant sets {when.en} for {part.en} "
            f"({source.en}).",
        )
        return Due("", day, _with_doubt(basis, f"annex.{rule.part}", facts))
    if isinstance(whole, date):
        when = date_text(whole)
        basis = Text(
            f"约束本企业的方案附表未单列{part.zh}的完成时限，以{ANNEX_PARTS['whole'].zh}的"
            f"{when.zh}为准（{source.zh}）。",
            f"The annex of the plan that binds this plant sets no date of its own for {part.en}; "
            f"its date for {ANNEX_PARTS['whole'].en}, {when.en}, counts ({source.en}).",
        )
        return Due("", whole, _with_doubt(basis, "annex.whole", facts))
    when = date_text(rule.backstop)
    basis = Text(
        f"约束本企业的方案附表中{part.zh}的完成时限尚未导入，"
        f"在此之前以{when.zh}为兜底期限（{source.zh}）。",
        f"The plant's own date for {part.en} comes with the annex of the plan that binds it, "
        f"which has not been loaded yet; until then {when.en} stands as a backstop "
        f"({source.en}).",
    )
    return Due("", rule.backstop, basis)


def _with_doubt(basis: Text, fact: str, facts: Facts) -> Text:
    """The reason, and that nobody has checked the annex's date where that is so."""
    if fact not in facts.unsettled:
        return basis
    return Text(
        f"{basis.zh}附表中的这一日期尚待核实。",
        f"{basis.en} That date in the annex is still to be verified.",
    )


def _anchor(rule: Relative, facts: Facts) -> date | None:
    anchor = facts.values.get(rule.fact)
    return anchor if isinstance(anchor, date) else None


def _relative(rule: Relative, facts: Facts, source: Text) -> Due | None:
    anchor, label = _anchor(rule, facts), anchor_label(rule, facts.names)
    how = distance_text(rule)
    if anchor is None:
        return _backstop(rule, rule.backstop, label, source) if rule.backstop else None
    day = _counted(rule, anchor)
    when = date_text(anchor)
    basis = Text(
        f"{source.zh}：{label.zh}（{when.zh}）{how.zh}{day.note.zh}。",
        f"{source.en}: {how.en} {label.en} ({when.en}){day.note.en}.",
    )
    return Due("", day.on, basis)


def _backstop(rule: Relative, backstop: date, label: Text, source: Text) -> Due:
    how, when = distance_text(rule), date_text(backstop)
    basis = Text(
        f"{source.zh}：应为{label.zh}{how.zh}，该日期未知，在此之前以{when.zh}为兜底期限。",
        f"{source.en}: {how.en} {label.en}, which is not known; until it is, {when.en} stands as "
        f"a backstop.",
    )
    return Due("", backstop, basis)


def _counted(rule: Relative, anchor: date) -> Workday:
    if rule.working_days:
        return working_days_from(anchor, rule.working_days)
    return Workday(anchor + relativedelta(days=rule.days, months=rule.months))


def _earliest(rule: Earliest, facts: Facts, source: Text) -> Due | None:
    """The earliest known date with its own reason, the later ones, and what is not counted."""
    known: list[tuple[OneDate, Due]] = []
    unknown: list[Text] = []
    for inner in rule.rules:
        due = _once(inner, facts, source)
        if due is not None:
            known.append((inner, due))
        elif isinstance(inner, Relative):
            unknown.append(anchor_label(inner, facts.names))
    if not known:
        return None
    known.sort(key=lambda pair: pair[1].on)
    first, later = known[0][1], known[1:]
    others = [(_form(inner, facts), date_text(due.on)) for inner, due in later]
    zh = "取各期限中最早的一个。" + first.basis.zh
    en = "The earliest of several dates counts. " + first.basis.en
    if others:
        zh += "其余期限：" + "、".join(f"{form.zh}（{when.zh}）" for form, when in others) + "。"
        en += " The others: " + ", ".join(f"{form.en} ({when.en})" for form, when in others) + "."
    if unknown:
        zh += "、".join(label.zh for label in unknown) + "未知，未计入。"
        en += " Not counted, as it is not known: " + ", ".join(label.en for label in unknown) + "."
    return Due("", first.on, Text(zh, en))


def _form(rule: OneDate, facts: Facts) -> Text:
    """How a date of several is called."""
    match rule:
        case OnDay():
            return Text("固定期限", "the fixed day")
        case ByZone():
            return Text("联防联控区期限", "the zone's day")
        case ByAuthority():
            return Text("主管部门期限", "the authority's day")
        case ByAnnex():
            return Text("方案附表期限", "the day by the plan's annex")
        case Relative():
            how, label = distance_text(rule), anchor_label(rule, facts.names)
            return Text(f"{label.zh}{how.zh}", f"{how.en} {label.en}")


def _recurring(rule: Recurring, facts: Facts, span: Span, source: Text) -> Iterator[Due]:
    """The duties of the periods in which it binds, due from the first day to the look-ahead."""
    for day in period_days(rule, facts, span.first, span.last):
        if span.first <= day.on <= span.until:
            yield Due(day.period.key, day.on, _recurring_basis(day, source))


def _recurring_basis(day: PeriodDay, source: Text) -> Text:
    how = day.how
    if not day.permit:
        return Text(f"{source.zh}：{how.zh}。", f"{source.en}: {how.en}.")
    return Text(
        f"{source.zh}：以本企业排污许可证（{day.permit}）载明的期限为准，{how.zh}。",
        f"{source.en}: the plant's own permit ({day.permit}) sets the date: {how.en}.",
    )
