"""The facts that an applies rule may ask for: their type, their choices, and how to say them."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from plants.models import Denitration, OutletSource, PlantKind, RunStatus, Tree
from plants.text import Text

Value = str | int | bool | date
Subject = Literal["plant", "line", "outlet"]


@dataclass(frozen=True)
class Fact:
    """One fact. ``subjects`` are the subject kinds that can be asked for it."""

    kind: type[str] | type[int] | type[bool] | type[date]
    label: Text
    subjects: frozenset[str] = frozenset({"plant", "line", "outlet"})
    choices: tuple[str, ...] = ()


_ON_LINE = frozenset({"line", "outlet"})
_ON_OUTLET = frozenset({"outlet"})

FACTS: dict[str, Fact] = {
    "plant.kind": Fact(str, Text("企业类型", "the kind of plant"), choices=tuple(PlantKind.values)),
    "plant.status": Fact(
        str, Text("运行状态", "the plant's status"), choices=tuple(RunStatus.values)
    ),
    "plant.co_processing": Fact(bool, Text("协同处置固废", "co-processing of waste")),
    "plant.tree": Fact(str, Text("主管体系", "the authority's tree"), choices=tuple(Tree.values)),
    "plant.zone": Fact(str, Text("联防联控区", "the zone")),
    "plant.prefecture": Fact(str, Text("所在地州市", "the prefecture")),
    "plant.state_owned_group": Fact(
        bool, Text("属国有企业集团", "belonging to a state-owned group")
    ),
    "plant.has_carbide_slag": Fact(bool, Text("有电石渣生产线", "having a carbide-slag line")),
    "plant.uses_ammonia": Fact(bool, Text("使用含氨还原剂", "using ammonia or urea")),
    "plant.has_cems": Fact(bool, Text("安装自动监测设备", "having CEMS")),
    "plant.restarted_on": Fact(date, Text("恢复生产日期", "the day of restart")),
    "permit.valid_until": Fact(date, Text("排污许可证有效期止", "the permit's last day")),
    "line.capacity_tpd": Fact(
        int, Text("熟料设计产能（吨/日）", "the clinker capacity in t/d"), _ON_LINE
    ),
    "line.carbide_slag": Fact(bool, Text("电石渣生产线", "being a carbide-slag line"), _ON_LINE),
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
    "outlet.is_main": Fact(bool, Text("主要排放口", "being a main outlet"), _ON_OUTLET),
    "outlet.has_cems": Fact(
        bool, Text("排放口安装自动监测设备", "having CEMS on the outlet"), _ON_OUTLET
    ),
}

DATE_FACTS = tuple(name for name, fact in FACTS.items() if fact.kind is date)
