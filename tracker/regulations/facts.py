"""The facts that an applies rule may ask for: their type, their choices, and how to say them."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from plants.models import Denitration, OutletSource, Part, PlantKind, RunStatus, Tree
from plants.models.people import AuthorityLevel
from plants.text import Text

Value = str | int | bool | date
Subject = Literal["plant", "line", "outlet"]


UNSAID = Text("", "")


@dataclass(frozen=True)
class Fact:
    """One fact. ``subjects`` are the subject kinds that can be asked for it.

    ``label`` is a noun phrase; a yes-or-no fact also has the two half-sentences that state it. A
    day that ``recurs`` comes again: what was answered for one is asked anew for the next.
    """

    kind: type[str] | type[int] | type[bool] | type[date]
    label: Text
    subjects: frozenset[str] = frozenset({"plant", "line", "outlet"})
    choices: tuple[str, ...] = ()
    yes: Text = UNSAID
    no: Text = UNSAID
    recurs: bool = False


_ANY = frozenset({"plant", "line", "outlet"})
_ON_LINE = frozenset({"line", "outlet"})
_ON_OUTLET = frozenset({"outlet"})


def _yes_or_no(label: Text, yes: Text, no: Text, subjects: frozenset[str] = _ANY) -> Fact:
    return Fact(bool, label, subjects, yes=yes, no=no)


WORKS = {
    Part.ORGANISED: Text("有组织排放", "organised emissions"),
    Part.FUGITIVE: Text("无组织排放", "fugitive emissions"),
    Part.CLEAN_TRANSPORT: Text("清洁运输", "clean transport"),
    Part.MONITORING: Text("监测监控", "monitoring"),
    Part.ASSESSMENT: Text("评估监测", "assessment"),
    Part.REPORTING: Text("报告", "reporting"),
}


def _of_works(part: Part, name: Text) -> dict[str, Fact]:
    """When the works on a part end: as planned, and as they did once all of them are done."""
    finish = f"the end of the works on {name.en}"
    return {
        f"project.{part}.planned_finish_on": Fact(
            date, Text(f"{name.zh}改造项目计划完工日期", f"the planned {finish[4:]}")
        ),
        f"project.{part}.finished_on": Fact(date, Text(f"{name.zh}改造项目完工日期", finish)),
    }


FACTS: dict[str, Fact] = {
    "plant.kind": Fact(str, Text("企业类型", "the kind of plant"), choices=tuple(PlantKind.values)),
    "plant.status": Fact(
        str, Text("运行状态", "the plant's status"), choices=tuple(RunStatus.values)
    ),
    "plant.co_processing": _yes_or_no(
        Text("协同处置固废", "co-processing of waste"),
        Text("企业协同处置固体废物", "the plant co-processes waste"),
        Text("企业不协同处置固体废物", "the plant does not co-process waste"),
    ),
    "plant.tree": Fact(str, Text("主管体系", "the authority's tree"), choices=tuple(Tree.values)),
    "plant.authority": Fact(str, Text("主管部门", "the authority")),
    "plant.authority_level": Fact(
        str,
        Text("主管部门层级", "the authority's level"),
        choices=tuple(AuthorityLevel.values),
    ),
    "plant.zone": Fact(str, Text("联防联控区", "the zone")),
    "plant.key_zone": _yes_or_no(
        Text("位于联防联控区", "standing in a joint-control zone"),
        Text("企业位于联防联控区内", "the plant stands in a joint-control zone"),
        Text("企业不在联防联控区内", "the plant stands in no joint-control zone"),
    ),
    "plant.prefecture": Fact(str, Text("所在地州市", "the prefecture")),
    "plant.place": Fact(str, Text("所在县市", "the county or city")),
    "plant.capacity_tpd": Fact(
        int, Text("企业熟料设计总产能（吨/日）", "the plant's clinker capacity in t/d")
    ),
    "plant.state_owned_group": _yes_or_no(
        Text("属国有企业集团", "belonging to a state-owned group"),
        Text("企业属国有企业集团", "the plant belongs to a state-owned group"),
        Text("企业不属国有企业集团", "the plant does not belong to a state-owned group"),
    ),
    "plant.has_carbide_slag": _yes_or_no(
        Text("有电石渣生产线", "having a carbide-slag line"),
        Text("企业有电石渣生产线", "the plant has a carbide-slag line"),
        Text("企业没有电石渣生产线", "the plant has no carbide-slag line"),
    ),
    "plant.uses_ammonia": _yes_or_no(
        Text("使用含氨还原剂", "using ammonia or urea"),
        Text("企业使用氨水、尿素等含氨还原剂", "the plant uses ammonia or urea"),
        Text("企业不使用含氨还原剂", "the plant uses neither ammonia nor urea"),
    ),
    "plant.has_cems": _yes_or_no(
        Text("安装自动监测设备", "having CEMS"),
        Text("企业安装了自动监测设备", "the plant has CEMS"),
        Text("企业未安装自动监测设备", "the plant has no CEMS"),
    ),
    "plant.listed": _yes_or_no(
        Text("三部分均已列入名单", "having all three parts on the public list"),
        Text("企业三部分均已列入名单", "all parts of the plant are on the public list"),
        Text("企业三部分未全部列入名单", "not all parts of the plant are on the public list"),
    ),
    "plant.restarted_on": Fact(date, Text("恢复生产日期", "the day of restart"), recurs=True),
    "permit.known": _yes_or_no(
        Text("已录入排污许可证", "having a permit on record"),
        Text("企业已录入排污许可证", "the plant has a permit on record"),
        Text("企业未录入排污许可证", "the plant has no permit on record"),
    ),
    "permit.valid_until": Fact(
        date, Text("排污许可证有效期止", "the permit's last day"), recurs=True
    ),
    "line.capacity_tpd": Fact(
        int, Text("熟料设计产能（吨/日）", "the clinker capacity in t/d"), _ON_LINE
    ),
    "line.carbide_slag": _yes_or_no(
        Text("电石渣生产线", "being a carbide-slag line"),
        Text("该生产线使用电石渣", "the line uses carbide slag"),
        Text("该生产线不使用电石渣", "the line does not use carbide slag"),
        _ON_LINE,
    ),
    "line.denitration": Fact(
        str, Text("脱硝工艺", "the denitration process"), _ON_LINE, tuple(Denitration.values)
    ),
    "line.commissioned_on": Fact(date, Text("投产日期", "the day of commissioning"), _ON_LINE),
    "line.status": Fact(
        str, Text("生产线状态", "the line's status"), _ON_LINE, tuple(RunStatus.values)
    ),
    "outlet.source": Fact(
        str, Text("排放口类型", "the outlet's source"), _ON_OUTLET, tuple(OutletSource.values)
    ),
    "outlet.is_main": _yes_or_no(
        Text("主要排放口", "being a main outlet"),
        Text("该排放口为主要排放口", "the outlet is a main outlet"),
        Text("该排放口不是主要排放口", "the outlet is not a main outlet"),
        _ON_OUTLET,
    ),
    "outlet.has_cems": _yes_or_no(
        Text("排放口安装自动监测设备", "having CEMS on the outlet"),
        Text("该排放口安装了自动监测设备", "the outlet has CEMS"),
        Text("该排放口未安装自动监测设备", "the outlet has no CEMS"),
        _ON_OUTLET,
    ),
    **{key: fact for part, name in WORKS.items() for key, fact in _of_works(part, name).items()},
}

DATE_FACTS = tuple(name for name, fact in FACTS.items() if fact.kind is date)
