"""A small set of seed files without a fault, for tests to spoil."""

# ruff: noqa: E501 - YAML as people write it

from tracker.regulations.seeds import Known, Seeds, parse_seeds

PLACES = """\
zones:
  - {code: wu-chang-shi, name: {zh: 乌昌石, en: Zone A}, verification: verified}
  - {code: other, name: {zh: 其他区域, en: Other areas}, verification: verified}
places:
  - {code: hami, name: {zh: 哈密市, en: Hami}, level: prefecture, zone: other, verification: verified}
"""
RULE = """\
document:
  code: opinion
  number: 环大气〔2024〕5号
  kind: opinion
  title: {zh: 意见, en: Opinion}
  issuers: [{zh: 生态环境部, en: Ministry}]
  issued_on: 2024-01-19
  verification: verified
requirements:
  - code: opinion-kiln
    clause: "二（一）"
    part: organised
    subject: outlet
    title: {zh: 窑尾限值, en: Kiln limits}
    text: {zh: 窑尾颗粒物不高于10。, en: Dust at the kiln tail is at most 10.}
    applies: {all: [{outlet.source: kiln_tail}, {plant.zone: other}]}
    due: {zone: {wu-chang-shi: 2026-12-31, other: 2028-12-31}}
    completes: organised
    evidence: [{kind: report, zh: 监测报告, en: Monitoring report}]
    limits:
      - {pollutant: PM, value: 10, unit: mg/m3, averaging: hour, effective_from: 2024-01-19, verification: verified}
      - {pollutant: NOx, value: 50, unit: mg/m3, averaging: hour, effective_from: 2024-01-19, verification: verified}
    effective_from: 2024-01-19
    verification: verified
  - code: opinion-ledger
    part: reporting
    subject: plant
    title: {zh: 台账, en: Ledger}
    text: {zh: 每季度提交台账。, en: Hand in the ledger each quarter.}
    applies: always
    due: {every: quarter, days_after: 15}
    effective_from: 2024-01-19
    verification: to_verify
    note: {zh: 待核实, en: To be checked}
targets:
  - {code: opinion-2028, area: nation, share_percent: 80, by: 2028-12-31, verification: verified}
"""
NOTICE = """\
document:
  code: notice
  kind: notice
  title: {zh: 通知, en: Notice}
  implements: [opinion]
  verification: secondary
"""


def parse(rule: str = RULE, known: Known | None = None, **others: str) -> tuple[Seeds, list[str]]:
    """The sample with `rule` as its rule.yaml; `others` are further files by their stem."""
    return parse_files({"rule": rule, **others}, known)


def parse_files(files: dict[str, str], known: Known | None = None) -> tuple[Seeds, list[str]]:
    """The sample with these files in place of its own, or beside them."""
    texts = {"places": PLACES, "rule": RULE, "notice": NOTICE, **files}
    contents = {f"{name}.yaml": text.encode() for name, text in texts.items() if text}
    seeds, faults = parse_seeds(contents, known or Known())
    return seeds, [str(fault) for fault in faults]
