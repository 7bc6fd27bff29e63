"""Rules as sentences: whom a requirement binds and when it is due."""

from datetime import date

import pytest

from plants.text import Text
from tracker.obligations.describe import brief_due, describe_applies, describe_due
from tracker.regulations.rules import ByZone, read_applies, read_due

NAMES = {
    "kui-du-wu": Text("奎—独—乌区域", "the Kui-Du-Wu area"),
    "other": Text("其他区域", "other areas"),
    "hami": Text("哈密市", "Hami"),
    "aksu": Text("阿克苏地区", "Aksu"),
    "hotan": Text("和田地区", "Hotan"),
}


def if_outlet(zh: str, en: str) -> Text:
    return Text(f"适用于符合以下条件的排放口：{zh}。", f"It applies to an outlet if {en}.")


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        ("always", Text("适用于所有排放口。", "It applies to every outlet.")),
        (
            {"outlet.source": "kiln_tail"},
            if_outlet("排放口类型为窑尾", "the outlet's source is “kiln tail”"),
        ),
        (
            {"plant.prefecture": ["hami", "aksu", "hotan"]},
            if_outlet(
                "所在地州市为哈密市、阿克苏地区或和田地区", "the prefecture is Hami, Aksu or Hotan"
            ),
        ),
        (
            {"not": {"plant.prefecture": ["hami", "aksu"]}},
            if_outlet("所在地州市不为哈密市或阿克苏地区", "the prefecture is not Hami or Aksu"),
        ),
        (
            {"plant.co_processing": False},
            if_outlet("企业不协同处置固体废物", "the plant does not co-process waste"),
        ),
        (
            {"not": {"plant.co_processing": True}},
            if_outlet("企业不协同处置固体废物", "the plant does not co-process waste"),
        ),
        (
            {"line.capacity_tpd": {"at_least": 2500}},
            if_outlet(
                "熟料设计产能（吨/日）不低于2,500", "the clinker capacity in t/d is at least 2,500"
            ),
        ),
        (
            {"not": {"line.commissioned_on": {"before": "2024-01-19"}}},
            if_outlet(
                "投产日期不早于2024年1月19日",
                "the day of commissioning is on or after 19 January 2024",
            ),
        ),
        (
            {"permit.valid_until": {"known": True}},
            if_outlet("排污许可证有效期止已知", "the permit's last day is known"),
        ),
        (
            {"not": {"permit.valid_until": {"known": True}}},
            if_outlet("排污许可证有效期止未知", "the permit's last day is not known"),
        ),
        (
            {
                "all": [
                    {"outlet.is_main": True},
                    {"any": [{"plant.has_cems": True}, {"plant.zone": "kui-du-wu"}]},
                ]
            },
            if_outlet(
                "该排放口为主要排放口，且（企业安装了自动监测设备，或联防联控区为奎—独—乌区域）",
                "the outlet is a main outlet and (the plant has CEMS or the zone is the "
                "Kui-Du-Wu area)",
            ),
        ),
        (
            {"not": {"any": [{"plant.has_cems": True}, {"outlet.is_main": True}]}},
            if_outlet(
                "企业未安装自动监测设备，且该排放口不是主要排放口",
                "the plant has no CEMS and the outlet is not a main outlet",
            ),
        ),
    ],
)
def test_whom_a_rule_binds(rule: object, sentence: Text) -> None:
    read = read_applies(rule, subject="outlet")

    assert describe_applies(read, "outlet", NAMES) == sentence


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        (
            "standing",
            Text(
                "始终有效，不设提交期限。", "It holds at all times; nothing is handed in by a day."
            ),
        ),
        ({"on": "2028-12-31"}, Text("期限为2028年12月31日。", "Due by 31 December 2028.")),
        (
            {"annex": "fugitive", "backstop": "2028-12-31"},
            Text(
                "以约束各企业的方案附表为无组织排放规定的完成时限为准；"
                "附表导入前，以2028年12月31日为兜底期限。",
                "Due on the plant's own date for fugitive emissions in the annex of the plan that "
                "binds it; until that annex is loaded, 31 December 2028 stands as a backstop.",
            ),
        ),
        (
            {"every": "quarter", "days_after": 15},
            Text("每季度结束后15日内。", "Due within 15 days after each quarter ends."),
        ),
        (
            {"every": "month", "days_after": 0},
            Text("每月最后一日前。", "Due by the last day of each month."),
        ),
        (
            {"every": "half_year", "days_after": 31, "only": [1]},
            Text(
                "每年上半年结束后31日内。",
                "Due within 31 days after the first half of each year ends.",
            ),
        ),
        (
            {"every": "quarter", "days_after": 5, "only": [1, 3]},
            Text(
                "每年第一季度、第三季度结束后5日内。",
                "Due within 5 days after the first quarter and third quarter of each year ends.",
            ),
        ),
        (
            {"every": "year", "due_on": "11-30", "of": "same_year"},
            Text("每年11月30日前。", "Due each year by 30 November."),
        ),
        (
            {"every": "year", "due_on": "03-15", "of": "next_year"},
            Text(
                "每年的义务，于次年3月15日前完成。",
                "Due for each year, by 15 March of the next year.",
            ),
        ),
        (
            {"before": "permit.valid_until", "days": 60},
            Text("期限为排污许可证有效期止前60日。", "Due 60 days before the permit's last day."),
        ),
        (
            {"after": "plant.restarted_on", "months": 3},
            Text("期限为恢复生产日期后3个月。", "Due 3 months after the day of restart."),
        ),
        (
            {"after": "plant.restarted_on", "days": 0},
            Text("期限为恢复生产日期当日。", "Due on the day of restart."),
        ),
    ],
)
def test_when_a_rule_is_due(rule: object, sentence: Text) -> None:
    assert describe_due(read_due(rule, subject="plant"), NAMES) == sentence


def test_dates_of_zones_are_named_one_by_one() -> None:
    rule = ByZone({"kui-du-wu": date(2026, 12, 31), "other": date(2028, 12, 31)})

    assert describe_due(rule, NAMES) == Text(
        "期限因联防联控区而异：奎—独—乌区域为2026年12月31日，其他区域为2028年12月31日。",
        "Due by zone: 31 December 2026 in the Kui-Du-Wu area, 31 December 2028 in other areas.",
    )
    assert brief_due(rule) == Text("按联防联控区", "by zone")


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("standing", Text("始终有效", "holds at all times")),
        ({"on": "2028-12-31"}, Text("2028-12-31", "2028-12-31")),
        (
            {"annex": "whole", "backstop": "2028-12-31"},
            Text("按方案附表，兜底2028-12-31", "by the plan's annex, backstop 2028-12-31"),
        ),
        (
            {"every": "quarter", "days_after": 15},
            Text("每季度结束后15日内", "within 15 days after each quarter ends"),
        ),
        (
            {"before": "permit.valid_until", "days": 60},
            Text("排污许可证有效期止前60日", "60 days before the permit's last day"),
        ),
    ],
)
def test_due_in_a_few_words(rule: object, words: Text) -> None:
    assert brief_due(read_due(rule, subject="plant")) == words
