"""The report's text: the template's points in their order, what the app knows, and the gaps."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import translation

from plants.models import Project
from tests.factories import NOW, TODAY
from tests.rounds.walks import Scene, condition, scene
from tracker.rounds.acting import RoundRefused
from tracker.rounds.models import Body, Origin, OutletTechnology, Sample
from tracker.rounds.report.blocks import Json, freeze, gaps_of, sections_of
from tracker.rounds.report.build import Before, Version, build_content
from tracker.rounds.report.questions import parse_questions, read_questions
from tracker.rounds.report.source import read_source
from tracker.rounds.report.tell import tell

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(db: None) -> Scene:
    return scene()


def content_of(world: Scene, version: int = 1, **fields: object) -> Json:
    source = read_source(world.round, today=TODAY)
    return build_content(source, Version(version, "zh-hans", **fields))  # type: ignore[arg-type]


def values(content: Json, key: str) -> dict[str, str]:
    """What the lists of facts of a section say, by key."""
    blocks = next(each["blocks"] for _path, each in sections_of(content) if each["key"] == key)
    return {
        row["key"]: row["value"]
        for block in blocks
        if block["kind"] == "facts"
        for row in block["rows"]
    }


def rows(content: Json, key: str, table: str) -> list[list[str]]:
    blocks = next(each["blocks"] for _path, each in sections_of(content) if each["key"] == key)
    (found,) = [block for block in blocks if block["key"] == table]
    return [row["cells"] for row in found["rows"]]


def sample(world: Scene, measured: str, **fields: object) -> Sample:
    values: dict[str, object] = {
        "round": world.round,
        "outlet": world.plant.outlets.order_by("code")[0],
        "pollutant": "PM",
        "taken_from_at": NOW,
        "taken_to_at": NOW + timedelta(hours=1),
        "measured": Decimal(measured),
        "origin": Origin.HAND,
        "entered_by": world.people["assessor"],
        "entered_at": NOW,
    }
    return Sample.objects.create(**values | fields)


def test_points_stand_in_the_order_of_the_template(world: Scene) -> None:
    """Domain 2.5: the headings that were read, and which of ours are marked."""
    sample(world, "4.2")
    found = list(sections_of(content_of(world)))

    assert [path.rpartition(" › ")[2] for path, _each in found] == [
        "一、企业基本情况",
        "二、超低排放改造情况概述",
        "1. 总体情况",
        "2. 减污降碳协同措施",
        "3. 有组织排放",
        "4. 无组织排放",
        "5. 清洁运输",
        "三、评估监测进展情况及结论",
        "1. 评估监测开展情况及现场监测条件",
        "2. 有组织排放",
        "3. 无组织排放",
        "4. 清洁运输",
        "5. 结论和建议",
        "附件1：手工监测样品",
    ]
    marked = {each["key"] for _path, each in found if each["note"]}
    assert marked == {"3.3", "3.4", "3.5", "annex-samples"}


def test_what_nobody_told_is_a_gap_and_what_was_told_is_not(world: Scene) -> None:
    before = content_of(world)
    tell(
        world.round, code="incidents", text="近三年未发生\x0b。", by=world.actor("manager"), at=NOW
    )
    after = content_of(world)

    assert values(before, "1")["incidents"] == "【待补充：近三年是否发生重大环境污染事件】"
    assert values(after, "1")["incidents"] == "近三年未发生。"
    assert len(gaps_of(before)) - len(gaps_of(after)) == 1
    assert values(after, "1")["name"] == world.plant.name_zh


def test_works_tell_dates_and_money_until_somebody_does(world: Scene) -> None:
    Project.objects.create(
        plant=world.plant,
        part="organised",
        title_zh="SCR脱硝",
        planned_start_on=date(2025, 1, 1),
        planned_finish_on=date(2025, 12, 1),
        started_on=date(2025, 2, 3),
        finished_on=date(2025, 11, 30),
        investment_paid_yuan=Decimal(12_500_000),
        progress_percent=100,
    )
    known = values(content_of(world), "2.1")
    tell(world.round, code="total-investment", text="2亿元", by=world.actor("manager"), at=NOW)

    assert known["retrofit-start"] == "2025-02-03（据改造项目记录）"
    assert known["total-investment"] == "已支付1250万元（据改造项目记录）"
    assert values(content_of(world), "2.1")["total-investment"] == "2亿元"


def test_samples_conditions_and_bodies_are_told(world: Scene) -> None:
    outlet = sample(world, "4.2").outlet
    OutletTechnology.objects.create(
        round=world.round,
        outlet=outlet,
        technology="覆膜袋式除尘",
        entered_by=world.people["manager"],
        entered_at=NOW,
    )
    asked = condition("a", "planned", title_zh="采样口规范")
    world.override(asked, reason="已现场核实，同意。")

    content = content_of(world)

    (line,) = rows(content, "annex-samples", "samples")
    assert line[0] == outlet.code
    assert line[5:7] == ["4.2", "4.2"]
    (route, *_others) = rows(content, "2.3", "technologies")
    assert route[3:] == ["覆膜袋式除尘", "【待补充：主要参数】"]
    (stands,) = rows(content, "3.1", "conditions")
    assert stands[0] == "采样口规范"
    assert "已现场核实，同意。" in stands[3]
    assert values(content, "3.1")["monitoring"] == "示例检测公司"
    assert [each["signer"] for each in content["signers"]] == ["monitoring", "plant"]


def test_a_part_that_is_not_assessed_asks_nothing(world: Scene) -> None:
    world.round.clean_transport = False
    world.round.save()

    content = content_of(world)

    assert values(content, "2.5") == {}
    assert not [path for path, _what in gaps_of(content) if "清洁运输" in path]


def test_a_version_names_what_it_changes_and_the_same_rows_change_nothing(world: Scene) -> None:
    sample(world, "4.2")
    first = content_of(world)
    before = Before(1, freeze(first).sha256, first)

    same = content_of(world, 2, before=before)
    tell(world.round, code="incidents", text="无", by=world.actor("manager"), at=NOW)
    sample(world, "5.1", pollutant="SO2")
    changed = content_of(world, 2, before=before)

    assert same["changes"] == []
    assert same["before"] == {"number": 1, "sha256": freeze(first).sha256}
    told = {(each["what"], each["before"]): each["after"] for each in changed["changes"]}
    question = "近三年是否发生重大环境污染事件"
    assert told[question, f"【待补充：{question}】"] == "无"
    assert any("5.1" in after and before == "" for (_what, before), after in told.items())


def test_the_same_rows_are_the_same_text(world: Scene) -> None:
    assert freeze(content_of(world)) == freeze(content_of(world))


def test_only_whose_it_is_tells_it(world: Scene) -> None:
    technical = world.people["stranger"]
    world.seat(technical, Body.TECHNICAL)

    tell(world.round, code="suggestions", text="建议", by=world.actor("stranger"), at=NOW)
    for who, code in (
        ("stranger", "incidents"),
        ("officer", "suggestions"),
        ("manager", "no-such"),
    ):
        with pytest.raises(RoundRefused):
            tell(world.round, code=code, text="无", by=world.actor(who), at=NOW)


def test_shipped_questions_are_in_both_languages_and_where_the_report_tells_them(
    world: Scene,
) -> None:
    content = content_of(world)
    asked = {each.code: each.point for each in read_questions()}

    told = {
        row["key"]
        for _path, each in sections_of(content)
        for block in each["blocks"]
        if block["kind"] == "facts"
        for row in block["rows"]
    }
    assert asked.keys() <= told
    _questions, faults = parse_questions(
        "x.yaml",
        b'report_questions:\n  - {code: a, point: "1", by: judge, title: {zh: a, en: a}}\n',
    )
    assert len(faults) == 2


def test_english_is_for_reading(world: Scene) -> None:
    with translation.override("zh-hans"):
        content = build_content(read_source(world.round, today=TODAY), Version(1, "en"))

    assert content["title"] == "Report on the ULE assessment"
    assert ("1. The enterprise", "Environmental management") in gaps_of(content)
