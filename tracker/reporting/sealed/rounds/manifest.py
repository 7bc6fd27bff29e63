"""A round in the manifest: its rows as plain JSON, numbers with all their digits."""

from collections.abc import Callable

from tracker.reporting.sealed.packed import Json, Paths
from tracker.reporting.sealed.plain import told_day, told_moment, told_number, told_text
from tracker.reporting.sealed.rounds.contents import RoundContents
from tracker.reporting.sealed.rounds.measured import tell_outlets, tell_samples
from tracker.rounds.findings import Finding
from tracker.rounds.models import Condition
from tracker.rounds.standings import Standing
from tracker.rounds.transport.findings import Finding as TransportFinding


def tell_round(contents: RoundContents, paths: Paths) -> Json:
    """Each room of the round under its own name."""
    return {name: tell(contents, paths) for name, tell in SECTIONS.items()}


def _round(contents: RoundContents, _paths: Paths) -> Json:
    round_ = contents.round
    return {
        "number": round_.number,
        "kind": round_.kind,
        "parts": [part.value for part in round_.parts],
        "lines": [told_text(line.name) for line in contents.lines],
        "stage": round_.stage,
        "stage_since_at": told_moment(round_.stage_since_at),
        "monitoring_from_on": told_day(round_.monitoring_from_on),
        "monitoring_to_on": told_day(round_.monitoring_to_on),
        "opened_by": round_.opened_by.name,
        "opened_at": told_moment(round_.opened_at),
        "after": round_.after.number if round_.after else None,
        "given_up_at": told_moment(round_.given_up_at),
        "given_up_reason": round_.given_up_reason,
    }


def _steps(contents: RoundContents, paths: Paths) -> list[Json]:
    files = contents.files_by_thing
    return [
        {
            "number": step.number,
            "stage": step.stage,
            "entered_at": told_moment(step.entered_at),
            "left_at": told_moment(step.left_at),
            "left_by": step.left_by.name if step.left_by else "",
            "starts_on": told_day(step.starts_on),
            "ends_on": told_day(step.ends_on),
            "responsible": step.responsible.name if step.responsible else "",
            "note": step.note,
            "papers": [paths[file.pk] for file in files[step]],
        }
        for step in contents.steps
    ]


def _seats(contents: RoundContents, _paths: Paths) -> list[Json]:
    return [
        {
            "person": seat.person.name,
            "body": seat.body,
            "organisation": seat.organisation,
            "given_by": seat.given_by.name,
            "given_at": told_moment(seat.given_at),
            "ended_at": told_moment(seat.ended_at),
        }
        for seat in contents.seats
    ]


def _conditions(contents: RoundContents, _paths: Paths) -> list[Json]:
    return [_condition(each) for each in contents.standings]


def _condition(standing: Standing) -> Json:
    return {
        **_law(standing.condition),
        "is_blocking": standing.condition.is_blocking,
        "outcome": standing.outcome,
        "is_in_the_way": standing.is_in_the_way,
        "found": _finding(standing.finding),
    }


def _law(condition: Condition) -> Json:
    return {
        "code": condition.code,
        "stage": condition.stage,
        "title": told_text(condition.title),
        "source": told_text(condition.source),
        "clause": condition.clause,
        "verification": condition.verification,
    }


def _finding(finding: Finding | None) -> Json | None:
    if finding is None:
        return None
    return {
        "outcome": finding.outcome,
        "sentence": told_text(finding.sentence),
        "rows": [
            {"kind": row.kind, "key": row.key, "name": told_text(row.name)} for row in finding.rows
        ],
    }


def _answers(contents: RoundContents, _paths: Paths) -> list[Json]:
    return [
        {
            "condition": each.condition.code,
            "step": each.step.number,
            "answer": each.answer,
            "note": each.note,
            "by": each.answered_by.name,
            "at": told_moment(each.answered_at),
        }
        for each in contents.answers
    ]


def _overrides(contents: RoundContents, _paths: Paths) -> list[Json]:
    return [
        {
            "condition": each.condition.code,
            "step": each.step.number,
            "reason": each.reason,
            "by": each.overridden_by.name,
            "at": told_moment(each.overridden_at),
        }
        for each in contents.overrides
    ]


def _outlets(contents: RoundContents, _paths: Paths) -> list[Json]:
    return tell_outlets(contents)


def _samples(contents: RoundContents, _paths: Paths) -> list[Json]:
    return tell_samples(contents)


def _fugitive(contents: RoundContents, paths: Paths) -> list[Json]:
    files = contents.files_by_thing
    return [
        {
            "source": check.source.name,
            "place_in_plant": check.source.place_in_plant,
            "group": check.source.group,
            "item": told_text(check.item.text),
            "clause": check.item.clause,
            "verification": check.item.verification,
            "result": check.result,
            "note": check.note,
            "remedy": check.remedy,
            "remedy_due_on": told_day(check.remedy_due_on),
            "remedied_on": told_day(check.remedied_on),
            "by": check.checked_by.name,
            "at": told_moment(check.checked_at),
            "received_at": told_moment(check.received_at),
            "photos": [paths[file.pk] for file in files[check]],
        }
        for check in contents.checks
    ]


def _transport(contents: RoundContents, _paths: Paths) -> Json | None:
    ledger = contents.ledger
    if ledger is None:
        return None
    return {
        "from_month": f"{ledger.period.first:%Y-%m}",
        "to_month": f"{ledger.period.last:%Y-%m}",
        "outcome": ledger.verdict.outcome,
        "missing_months": [f"{month:%Y-%m}" for month in ledger.verdict.missing],
        "rules": [_rule(each) for each in ledger.verdict.findings],
        "rows": [
            {
                "month": f"{row.month:%Y-%m}",
                "direction": row.direction,
                "goods": row.goods,
                "mode": row.mode,
                "road_class": row.road_class,
                "tonnes": told_number(row.tonnes),
                "source": row.source,
                "by": row.entered_by.name,
                "at": told_moment(row.entered_at),
                "replaced_at": told_moment(row.replaced_at),
            }
            for row in ledger.months
        ],
        "fleet": [
            {
                "counted_on": told_day(row.as_of_on),
                "kind": row.kind,
                "class": row.fleet_class,
                "product_exists": row.product_exists,
                "count": row.count,
                "by": row.entered_by.name,
                "at": told_moment(row.entered_at),
                "replaced_at": told_moment(row.replaced_at),
            }
            for row in ledger.fleet
        ],
    }


def _rule(finding: TransportFinding) -> Json:
    bound = finding.bound
    return {
        "rule": finding.rule,
        "outcome": finding.outcome,
        "part": told_number(finding.part),
        "whole": told_number(finding.whole),
        "asked_percent": told_number(bound.percent) if bound else None,
        "document": bound.document if bound else "",
        "clause": bound.clause if bound else "",
        "verification": bound.verification if bound else "",
    }


def _listings(contents: RoundContents, _paths: Paths) -> list[Json]:
    return [
        {
            "part": each.part,
            "line": told_text(each.line.name) if each.line else None,
            "authority": told_text(each.authority.name),
            "capacity_tpd": each.capacity_tpd,
            "listed_on": told_day(each.listed_on),
            "suspended_on": told_day(each.suspended_on),
            "removed_on": told_day(each.removed_on),
            "reason": each.reason,
        }
        for each in contents.listings
    ]


def _reports(contents: RoundContents, paths: Paths) -> list[Json]:
    files = contents.files_by_thing
    return [
        {
            "number": report.number,
            "language": report.language,
            "state": report.state,
            "after": report.after.number if report.after else None,
            "reason": report.reason,
            "content_sha256": report.content_sha256,
            "content_sm3": report.content_sm3,
            "asked_by": report.asked_by.name,
            "asked_at": told_moment(report.asked_at),
            "made_at": told_moment(report.made_at),
            "frozen_at": told_moment(report.frozen_at),
            "files": [paths[file.pk] for file in files[report]],
            "sign_offs": [
                {
                    "signer": each.signer,
                    "person": each.person.name,
                    "organisation": each.organisation,
                    "content_sha256": each.content_sha256,
                    "at": told_moment(each.signed_at),
                }
                for each in report.sign_offs.all()
            ],
        }
        for report in contents.reports
    ]


def _statements(contents: RoundContents, _paths: Paths) -> list[Json]:
    return [
        {
            "code": each.code,
            "text": each.text,
            "by": each.said_by.name,
            "at": told_moment(each.said_at),
        }
        for each in contents.statements
    ]


SECTIONS: dict[str, Callable[[RoundContents, Paths], Json | list[Json] | None]] = {
    "round": _round,
    "steps": _steps,
    "seats": _seats,
    "conditions": _conditions,
    "answers": _answers,
    "overrides": _overrides,
    "outlets": _outlets,
    "samples": _samples,
    "fugitive": _fugitive,
    "transport": _transport,
    "reports": _reports,
    "statements": _statements,
    "listings": _listings,
}
