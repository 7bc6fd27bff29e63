"""What can be wrong with a document, requirement or target whose shape is right. Pure."""

from collections.abc import Iterator
from datetime import date

from plants.geography import Geography
from plants.seedfile import Fault, Path
from plants.seedshape import Entry, unknown
from tracker.regulations.due_rules import dates_of
from tracker.regulations.models import AreaKind
from tracker.regulations.rules import (
    All,
    Any,
    AppliesRule,
    Ask,
    ByAnnex,
    ByAuthority,
    ByZone,
    DueRule,
    Not,
    OnDay,
    Relative,
    RuleFault,
    read_applies,
    read_due,
)
from tracker.regulations.shape import DocumentShape, LimitShape, RequirementShape, TargetShape


def document_faults(
    document: Entry[DocumentShape], documents: frozenset[str], *, whole: bool
) -> list[Fault]:
    """Dates out of order, and documents named that nobody knows (only if the load is `whole`)."""
    faults = []
    shape = document.shape
    if shape.issued_on and shape.effective_on and shape.effective_on < shape.issued_on:
        faults.append(document.fault("effective_on", f"is before issued_on, {shape.issued_on}"))
    for key, codes in {"implements": shape.implements, "supersedes": shape.supersedes}.items():
        for i, code in enumerate(codes):
            path = (*document.path, key, i)
            if code == shape.code:
                faults.append(document.seed.fault(path, "names the document itself: remove it"))
            elif whole and code not in documents:
                faults.append(document.seed.fault(path, unknown("document", code, documents)))
    return faults


def requirement_faults(
    requirement: Entry[RequirementShape], geography: Geography, *, whole: bool
) -> list[Fault]:
    """Rules that cannot be read, unknown zones, and days that contradict each other."""
    shape = requirement.shape
    faults = []
    try:
        applies = read_applies(shape.applies, subject=shape.subject)
        if whole:
            faults += _unknown_places(requirement, applies, geography)
    except RuleFault as fault:
        faults.append(_at(requirement, ("applies", *fault.path), fault.message))
    try:
        due = read_due(shape.due, subject=shape.subject)
        faults += _due_faults(requirement, due)
        if whole:
            faults += _unknown_areas(requirement, due, geography)
    except RuleFault as fault:
        faults.append(_at(requirement, ("due", *fault.path), fault.message))
    if shape.effective_to is not None and shape.effective_to < shape.effective_from:
        faults.append(
            requirement.fault("effective_to", f"is before effective_from, {shape.effective_from}")
        )
    return faults + _limit_faults(requirement)


def target_faults(target: Entry[TargetShape], geography: Geography, *, whole: bool) -> list[Fault]:
    """A zone where none belongs or none where one belongs, or a share that is no percentage."""
    shape, zones = target.shape, geography.zone_codes
    faults = []
    if shape.area != AreaKind.ZONE and shape.zone is not None:
        faults.append(target.fault("zone", f"goes only with area: zone; the area is {shape.area}"))
    elif shape.area == AreaKind.ZONE and shape.zone is None:
        faults.append(target.fault("zone", "is missing: area: zone needs the zone's code"))
    elif whole and shape.zone is not None and shape.zone not in zones:
        faults.append(target.fault("zone", unknown("zone", shape.zone, zones)))
    if not 0 < shape.share_percent <= 100:
        message = f"must be above 0 and at most 100; got {shape.share_percent}"
        faults.append(target.fault("share_percent", message))
    return faults


def _at(requirement: Entry[RequirementShape], path: Path, message: str) -> Fault:
    return requirement.seed.fault((*requirement.path, *path), message)


def _due_faults(requirement: Entry[RequirementShape], due: DueRule) -> list[Fault]:
    """A fixed day before the demand is in force, or after it has ended, is a slip."""
    faults = []
    shape = requirement.shape
    for path, day in fixed_days(due):
        if day < shape.effective_from:
            message = f"{day} is before effective_from, {shape.effective_from}"
            faults.append(_at(requirement, ("due", *path), message))
        elif shape.effective_to is not None and day > shape.effective_to:
            message = f"{day} is after effective_to, {shape.effective_to}"
            faults.append(_at(requirement, ("due", *path), message))
    return faults


def fixed_days(due: DueRule) -> Iterator[tuple[Path, date]]:
    """The days that stand in the rule itself, and where."""
    for path, rule in dates_of(due):
        if isinstance(rule, OnDay):
            yield (*path, "on"), rule.day
        elif isinstance(rule, ByAnnex | Relative) and rule.backstop is not None:
            yield (*path, "backstop"), rule.backstop
        elif isinstance(rule, ByZone | ByAuthority):
            word = "zone" if isinstance(rule, ByZone) else "authority"
            for code, day in rule.days.items():
                yield (*path, word, code), day


def _unknown_areas(
    requirement: Entry[RequirementShape], due: DueRule, geography: Geography
) -> list[Fault]:
    """Zones and authorities that nobody knows; ``other`` is also what is left of authorities."""
    zones = geography.zone_codes
    authorities = frozenset(geography.authority_paths)
    faults = []
    for path, rule in dates_of(due):
        if isinstance(rule, ByZone):
            what, codes, named = "zone", zones, list(rule.days)
        elif isinstance(rule, ByAuthority):
            what, codes = "authority", authorities
            named = [code for code in rule.days if code != "other"]
        else:
            continue
        faults += [
            _at(requirement, ("due", *path, what, code), unknown(what, code, codes))
            for code in named
            if code not in codes
        ]
    return faults


def _unknown_places(
    requirement: Entry[RequirementShape], applies: AppliesRule, geography: Geography
) -> list[Fault]:
    known = {
        "plant.zone": ("zone", geography.zone_codes),
        "plant.prefecture": ("prefecture-level place", geography.prefectures),
        "plant.place": ("place", frozenset(geography.place_levels)),
        "plant.authority": ("authority", frozenset(geography.authority_paths)),
    }
    faults = []
    for path, ask in _asks(applies):
        what, codes = known.get(ask.fact, ("", frozenset()))
        for value in ask.values if what and ask.test == "one_of" else ():
            if value not in codes:
                message = unknown(what, str(value), codes)
                faults.append(_at(requirement, ("applies", *path), message))
    return faults


def _asks(rule: AppliesRule) -> Iterator[tuple[Path, Ask]]:
    """Every fact that the rule asks for, and where in the rule."""
    if isinstance(rule, Ask):
        yield (rule.fact,), rule
    elif isinstance(rule, Not):
        for path, ask in _asks(rule.rule):
            yield ("not", *path), ask
    elif isinstance(rule, (All, Any)):
        word = "all" if isinstance(rule, All) else "any"
        for i, inner in enumerate(rule.rules):
            for path, ask in _asks(inner):
                yield (word, i, *path), ask


def _limit_faults(requirement: Entry[RequirementShape]) -> list[Fault]:
    faults = []
    earlier: list[LimitShape] = []
    for i, limit in enumerate(requirement.shape.limits):
        for key, message in _limit_day_faults(limit, requirement.shape):
            faults.append(_at(requirement, ("limits", i, key), message))
        for other in earlier:
            if limit.series == other.series and _share_a_day(limit, other):
                message = f"is a second limit of {limit.pollutant} for the same days: end one"
                faults.append(_at(requirement, ("limits", i), message))
        earlier.append(limit)
    return faults


def _limit_day_faults(limit: LimitShape, shape: RequirementShape) -> Iterator[tuple[str, str]]:
    if limit.effective_from < shape.effective_from:
        yield "effective_from", f"is before the requirement's, {shape.effective_from}"
    if limit.effective_to is None:
        return
    if limit.effective_to < limit.effective_from:
        yield "effective_to", f"is before effective_from, {limit.effective_from}"
    if shape.effective_to is not None and limit.effective_to > shape.effective_to:
        yield "effective_to", f"is after the requirement's, {shape.effective_to}"


def _share_a_day(one: LimitShape, other: LimitShape) -> bool:
    one_to, other_to = one.effective_to or date.max, other.effective_to or date.max
    return one.effective_from <= other_to and other.effective_from <= one_to
