"""Applies rules as sentences: whom a requirement binds."""

import pytest

from plants.text import Text
from tracker.obligations.describe import describe_applies
from tracker.regulations.rules import read_applies

NAMES = {
    "kui-du-wu": Text("奎—独—乌区域", "the Kui-Du-Wu area"),
    "other": Text("其他区域", "other areas"),
    "hami": Text("哈密市", "Hami"),
    "aksu": Text("阿克苏地区", "Aksu"),
    "hotan": Text("和田地区", "Hotan"),
    "corps": Text("兵团局", "the Corps"),
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
            {"plant.authority": "corps"},
            if_outlet("主管部门为兵团局", "the authority is the Corps"),
        ),
        (
            {"not": {"permit.known": True}},
            if_outlet("企业未录入排污许可证", "the plant has no permit on record"),
        ),
        (
            {"project.fugitive.finished_on": {"known": True}},
            if_outlet(
                "无组织排放改造项目完工日期已知",
                "the end of the works on fugitive emissions is known",
            ),
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
