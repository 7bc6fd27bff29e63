"""Each slip in a regulation file is one fault, at its line, in plain words."""

# ruff: noqa: E501 - one fault, one row

import re
from collections.abc import Iterator
from datetime import date

import pytest
import yaml

from tests.regulations.sample import NOTICE, PLACES, RULE, parse, parse_files
from tracker.regulations.parse import KnownRegulations
from tracker.regulations.seeds import Known


def test_parse_seeds_accepts_the_sample() -> None:
    seeds, faults = parse()

    assert faults == []
    assert [regulation.code for regulation in seeds.regulations] == ["opinion", "notice"]


SHAPE = [
    ("kind: opinion", "kind: opinon", ["rule.yaml:4: document.kind: must be one of opinion, notice, guide, plan, standard, rule; got 'opinon' (did you mean 'opinion'?)"]),
    ("  kind: opinion\n", "", ["rule.yaml:1: document.kind: is missing"]),
    ("    subject: outlet\n", "", ["rule.yaml:10: requirements[1].subject: is missing"]),
    ("clause: \"二（一）\"", "claus: x", ["rule.yaml:11: requirements[1].claus: is no known key (did you mean 'clause'?); known are code, clause, part, subject, title, text, applies, due, completes, answered_by_listing, evidence, limits, review_levels, effective_from, effective_to, verification, note"]),
    ("clause: \"二（一）\"", "clause: 2.1", ["rule.yaml:11: requirements[1].clause: must be text; got 2.1: put it in quotes"]),
    ("code: opinion-kiln", "code: Opinion Kiln", ["rule.yaml:10: requirements[1].code: must be lower-case letters, digits and single hyphens; got 'Opinion Kiln'"]),
    ("en: Kiln limits", "en: Kiln limits, tail", ["rule.yaml:14: requirements[1].title.tail: is no known key; known are zh, en: put text that holds a comma in quotes"]),
    ("zh: 窑尾限值", "zh: Kiln limits", ["rule.yaml:14: requirements[1].title.zh: must be Chinese; got 'Kiln limits'"]),
    ("en: Kiln limits", "en: 窑尾限值", ["rule.yaml:14: requirements[1].title.en: must be English; got '窑尾限值'"]),
    ("zh: 窑尾限值, en: Kiln limits", "zh: 窑尾限值", ["rule.yaml:14: requirements[1].title.en: is missing"]),
    ("zh: 窑尾限值", "zh: ''", ["rule.yaml:14: requirements[1].title.zh: is empty: write the text"]),
    ("zh: 窑尾限值", "zh: " + "窑" * 101, ["rule.yaml:14: requirements[1].title: zh is too long: 101 characters, at most 100"]),
    ("text: {zh: 窑尾颗粒物不高于10。, en: Dust at the kiln tail is at most 10.}", "text: 窑尾", ["rule.yaml:15: requirements[1].text: must hold the keys zh, en; got '窑尾'"]),
    ("text: {zh: 窑尾颗粒物不高于10。, en: Dust at the kiln tail is at most 10.}", "text:", ["rule.yaml:15: requirements[1].text: is empty: write a value, or remove the key if it is optional"]),
    ("kind: report", "kind: reports", ["rule.yaml:19: requirements[1].evidence[1].kind: must be one of report, photo, ledger, data, certificate, contract, plan, other; got 'reports' (did you mean 'report'?)"]),
    ("evidence: [{kind: report, zh: 监测报告, en: Monitoring report}]", "evidence: {kind: report}", ["rule.yaml:19: requirements[1].evidence: must be a list: start each entry with '- '; got keys and values"]),
    ("value: 10,", "value: ten,", ["rule.yaml:21: requirements[1].limits[1].value: must be a number; got 'ten'"]),
    ("value: 10,", "value: 0.00001,", ["rule.yaml:21: requirements[1].limits[1].value: must have at most 4 decimal places; got 0.00001"]),
    ("value: 10,", "value: 123456789,", ["rule.yaml:21: requirements[1].limits[1].value: must be below 100000000; got 123456789"]),
    ("value: 10,", "value: .nan,", ["rule.yaml:21: requirements[1].limits[1].value: must be a number; got nan"]),
    ("issued_on: 2024-01-19", "issued_on: January 2024", ["rule.yaml:7: document.issued_on: must be a date like 2028-12-31; got 'January 2024'"]),
    ("issued_on: 2024-01-19", "issued_on: 2024-13-01", ["rule.yaml:7: document.issued_on: '2024-13-01' is not a date of the calendar"]),
    ("completes: organised", "completes: organised\n    review_levels: 3", ["rule.yaml:19: requirements[1].review_levels: Input should be 1 or 2; got 3"]),
    ("completes: organised", "completes: monitoring", ["rule.yaml:18: requirements[1].completes: must be one of organised, fugitive, clean_transport; got 'monitoring'"]),
    ("    verification: to_verify", "    verification: G", ["rule.yaml:33: requirements[2].verification: must be one of verified, secondary, to_verify; got 'G'"]),
    ("document:\n", "documents:\n", ["notice.yaml:5: document.implements[1]: no document 'opinion' is known", "rule.yaml:1: document: is missing", "rule.yaml:1: documents: is no known key (did you mean 'document'?); known are document, requirements, targets"]),
]  # fmt: skip

SENSE = [
    ("code: opinion-ledger", "code: opinion-kiln", ["rule.yaml:25: requirements[2].code: the requirement 'opinion-kiln' is defined twice (first at rule.yaml:10)"]),
    ("  verification: verified\nrequirements", "  verification: verified\n  implements: [plan, opinion]\nrequirements", [
        "rule.yaml:9: document.implements[1]: no document 'plan' is known",
        "rule.yaml:9: document.implements[2]: names the document itself: remove it",
    ]),
    ("  issued_on: 2024-01-19", "  issued_on: 2024-01-19\n  effective_on: 2023-01-01", ["rule.yaml:8: document.effective_on: is before issued_on, 2024-01-19"]),
    ("    effective_from: 2024-01-19\n    verification: to_verify", "    effective_from: 2024-01-19\n    effective_to: 2023-12-31\n    verification: to_verify", ["rule.yaml:33: requirements[2].effective_to: is before effective_from, 2024-01-19"]),
    ("applies: always", "applies: sometimes", ["rule.yaml:30: requirements[2].applies: must be 'always' or a mapping of one key: all, any, not or a fact"]),
    ("applies: always", "applies: {line.capacity_tpd: {at_least: 2500}}", ["rule.yaml:30: requirements[2].applies.line.capacity_tpd: can't be asked of a plant; line.capacity_tpd belongs to a line"]),
    ("plant.zone: other", "plant.zone: others", ["rule.yaml:16: requirements[1].applies.all[2].plant.zone: no zone 'others' is known (did you mean 'other'?)"]),
    ("plant.zone: other", "plant.prefecture: [hami, hamii]", ["rule.yaml:16: requirements[1].applies.all[2].plant.prefecture: no prefecture-level place 'hamii' is known (did you mean 'hami'?)"]),
    ("outlet.source: kiln_tail", "outlet.source: chimney", ["rule.yaml:16: requirements[1].applies.all[1].outlet.source: must be one of kiln_tail, kiln_head, coal_mill, raw_mill, cement_mill, crusher, packer, silo, conveyor, dryer, other; got 'chimney'"]),
    ("wu-chang-shi: 2026-12-31", "wu-chang: 2026-12-31", ["rule.yaml:17: requirements[1].due.zone.wu-chang: no zone 'wu-chang' is known (did you mean 'wu-chang-shi'?)"]),
    ("wu-chang-shi: 2026-12-31", "wu-chang-shi: 2023-12-31", ["rule.yaml:17: requirements[1].due.zone.wu-chang-shi: 2023-12-31 is before effective_from, 2024-01-19"]),
    (", other: 2028-12-31}}", "}}", ["rule.yaml:17: requirements[1].due.zone: must have a date for 'other', so that no plant is left without one"]),
    ("due: {every: quarter, days_after: 15}", "due: {on: 2023-12-31}", ["rule.yaml:31: requirements[2].due.on: 2023-12-31 is before effective_from, 2024-01-19"]),
    ("due: {every: quarter, days_after: 15}", "due: {every: week, days_after: 15}", ["rule.yaml:31: requirements[2].due.every: must be one of month, quarter, half_year, year; got 'week'"]),
    ("due: {every: quarter, days_after: 15}", "due: {after: line.commissioned_on, days: 15}", ["rule.yaml:31: requirements[2].due.after: can't be asked of a plant; line.commissioned_on belongs to a line"]),
    ("pollutant: NOx", "pollutant: PM", ["rule.yaml:22: requirements[1].limits[2]: is a second limit of PM for the same days: end one"]),
    ("value: 50, unit: mg/m3, averaging: hour, effective_from: 2024-01-19", "value: 50, unit: mg/m3, averaging: hour, effective_from: 2024-01-18", ["rule.yaml:22: requirements[1].limits[2].effective_from: is before the requirement's, 2024-01-19"]),
    ("share_percent: 80", "share_percent: 180", ["rule.yaml:36: targets[1].share_percent: must be above 0 and at most 100; got 180"]),
    ("area: nation", "area: zone", ["rule.yaml:36: targets[1].zone: is missing: area: zone needs the zone's code"]),
    ("area: nation", "area: zone, zone: oter", ["rule.yaml:36: targets[1].zone: no zone 'oter' is known (did you mean 'other'?)"]),
    ("area: nation", "area: nation, zone: other", ["rule.yaml:36: targets[1].zone: goes only with area: zone; the area is nation"]),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "faults"), SHAPE + SENSE)
def test_parse_seeds_reports_each_fault(old: str, new: str, faults: list[str]) -> None:
    assert old in RULE

    assert parse(RULE.replace(old, new, 1))[1] == faults


def test_parse_seeds_reports_faults_of_all_files_at_once() -> None:
    rule = RULE.replace("kind: opinion", "kind: opinon").replace("    subject: plant\n", "")

    _seeds, faults = parse(rule, notice=NOTICE.replace("kind: notice", "kind: [notice"))

    assert faults == [
        "notice.yaml:3: is not valid YAML: a ']' or ',' is missing: put text that holds a comma or a quote in quotes",
        "rule.yaml:4: document.kind: must be one of opinion, notice, guide, plan, standard, rule; got 'opinon' (did you mean 'opinion'?)",
        "rule.yaml:25: requirements[2].subject: is missing",
    ]


def test_parse_seeds_does_not_miss_what_a_broken_file_may_hold() -> None:
    assert parse(places=PLACES.replace("zones:", "zones: ["))[1] == [
        "places.yaml:2: is not valid YAML: a value is missing here, or a '[' or '{' above is not closed"
    ]


def test_parse_seeds_knows_the_codes_of_a_faulty_file() -> None:
    assert parse(RULE.replace("kind: opinion", "kind: x"))[1] == [
        "rule.yaml:4: document.kind: must be one of opinion, notice, guide, plan, standard, rule; got 'x'"
    ]


def test_parse_seeds_refuses_a_file_of_no_known_sort() -> None:
    assert parse(more="requirement: []\n")[1] == [
        "more.yaml:1: holds none of the keys zones, places, authorities, season, windows, not_known, document, requirements, targets (did you mean 'requirements'?)"
    ]


def test_parse_seeds_refuses_a_code_in_two_files() -> None:
    notice = (
        NOTICE
        + "targets:\n  - {code: opinion-2028, area: nation, share_percent: 80, by: 2028-12-31, verification: verified}\n"
    )

    assert parse(notice=notice)[1] == [
        "notice.yaml:8: targets[1].code: the target 'opinion-2028' is defined twice (first at rule.yaml:36)"
    ]


def test_parse_seeds_refuses_a_code_that_another_document_in_the_database_has() -> None:
    regulations = KnownRegulations(
        documents=frozenset({"guide"}), requirements={"opinion-kiln": "guide"}
    )

    assert parse(known=Known(regulations=regulations))[1] == [
        "rule.yaml:10: requirements[1].code: the requirement 'opinion-kiln' belongs to the document 'guide' already"
    ]


AUTHORITIES = """\
authorities:
  - {code: corps, name: {zh: 兵团, en: Corps}, tree: corps, level: corps, path: corps/}
  - {code: corps-13, name: {zh: 第十三师, en: 13th}, tree: corps, level: division, parent: corps, path: corps/13/, place: hami}
"""
SEASON = """\
season: 2025-26
document: notice
verification: verified
windows:
  - {places: [hami], stops: [{from: 2025-11-11, to: 2026-03-21}]}
not_known: []
"""
LOCATED = re.compile(r"\w+\.yaml:\d+: ")
ODD_VALUES: list[object] = [None, "x", 7, True, date(2020, 1, 1), [[]], {"x": {}}]


def spoiled(data: object) -> Iterator[object]:
    """The data again and again, with an odd value in each place in turn."""
    yield from ODD_VALUES
    if isinstance(data, dict):
        for key, value in data.items():
            yield from ({**data, key: odd} for odd in spoiled(value))
    if isinstance(data, list):
        for i, value in enumerate(data):
            yield from ([*data[:i], odd, *data[i + 1 :]] for odd in spoiled(value))


@pytest.mark.parametrize(
    ("name", "text"),
    [("rule", RULE), ("notice", NOTICE), ("places", PLACES + AUTHORITIES), ("season", SEASON)],
)
def test_parse_seeds_answers_odd_values_with_faults_only(name: str, text: str) -> None:
    """Whatever stands where, no value ends in a traceback, and every fault names file and line."""
    for data in spoiled(yaml.safe_load(text)):
        odd = yaml.dump(data, Dumper=yaml.CSafeDumper, allow_unicode=True)

        _seeds, faults = parse_files({"season": SEASON, name: odd})

        assert [fault for fault in faults if not LOCATED.match(fault)] == []
