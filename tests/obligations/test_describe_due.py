"""Due rules as sentences, and in a few words: when a requirement is due."""

from datetime import date

import pytest

from plants.text import Text
from tracker.obligations.describe_due import brief_due, describe_due
from tracker.regulations.rules import ByZone, read_due

NAMES = {
    "kui-du-wu": Text("奎—独—乌区域", "the Kui-Du-Wu area"),
    "other": Text("其他区域", "other areas"),
    "region": Text("自治区厅", "the Region"),
    "due:report": Text("监测报告", "Monitoring report"),
}


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
        (
            {"every": "month", "working_day": 1, "only": [3]},
            Text(
                "每年3月的义务，于次月第1个工作日前完成。",
                "Due for the March of each year, by the first working day of the next month.",
            ),
        ),
        (
            {"every": "quarter", "working_days_after": 1, "permit": "report"},
            Text(
                "每季度结束后1个工作日内；排污许可证另有载明的，以许可证为准。",
                "Due within 1 working day after each quarter ends; where the plant's permit sets a "
                "date, that counts.",
            ),
        ),
        (
            {"authority": {"other": "2028-12-31", "region": "2026-12-31"}},
            Text(
                "期限因主管部门而异（以最近一级列明的主管部门为准）："
                "自治区厅为2026年12月31日，其他企业为2028年12月31日。",
                "Due by authority (the nearest that is named counts): 31 December 2026 for the "
                "Region, 31 December 2028 for all other plants.",
            ),
        ),
        (
            {"before": "report", "working_days": 5, "backstop": "2028-12-31"},
            Text(
                "期限为“监测报告”的期限前5个工作日；该日期未知时，以2028年12月31日为兜底期限。",
                "Due 5 working days before the due date of “Monitoring report”; while that is not "
                "known, 31 December 2028 stands as a backstop.",
            ),
        ),
        (
            {"earliest": [{"on": "2028-12-31"}, {"after": "plant.restarted_on", "months": 1}]},
            Text(
                "以下各期限中最早的为准：（1）期限为2028年12月31日。（2）期限为恢复生产日期后1个月。",
                "The earliest of these counts: (1) Due by 31 December 2028. (2) Due 1 month after "
                "the day of restart.",
            ),
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
        ({"authority": {"other": "2028-12-31"}}, Text("按主管部门", "by authority")),
        (
            {"earliest": [{"on": "2028-12-31"}, {"on": "2027-12-31"}]},
            Text("2个期限中最早的", "the earliest of 2 dates"),
        ),
    ],
)
def test_due_in_a_few_words(rule: object, words: Text) -> None:
    assert brief_due(read_due(rule, subject="plant")) == words
