"""One factory for each model. Zones, places and authorities are made once for each code."""

# mypy: allow-untyped-calls

from datetime import UTC, date, datetime, timedelta
from typing import Any

from factory.declarations import (
    LazyAttribute,
    LazyAttributeSequence,
    LazyFunction,
    SelfAttribute,
    Sequence,
    SubFactory,
)
from factory.django import DjangoModelFactory
from factory.helpers import post_generation

from plants import models as world
from plants.models import Authority, Company, Person, Plant
from plants.models.people import AuthorityLevel
from plants.verification import Verification
from tracker.obligations.models import Obligation
from tracker.regulations.models import AreaKind, Document, Limit, Requirement, SubjectKind, Target

TODAY = date(2026, 9, 1)
NOW = datetime(2026, 9, 1, 2, 0, tzinfo=UTC)  # 10:00 in Asia/Shanghai
PASSWORD = "demo-ULE-2024"

# code: Chinese name, English name, parent, zone
_PLACES: dict[str, tuple[str, str, str, str]] = {
    "changji": ("昌吉回族自治州", "Changji Prefecture", "", "other"),
    "changji-city": ("昌吉市", "Changji City", "changji", "wu-chang-shi"),
    "fukang": ("阜康市", "Fukang", "changji", "wu-chang-shi"),
    "shihezi": ("石河子市", "Shihezi", "changji", "wu-chang-shi"),
    "tacheng": ("塔城地区", "Tacheng Prefecture", "", "other"),
    "wusu": ("乌苏市", "Wusu", "tacheng", "kui-du-wu"),
    "hotan": ("和田地区", "Hotan Prefecture", "", "other"),
}
_CORPS_CITIES = frozenset({"shihezi"})
_LEVELS = {
    "region": (AuthorityLevel.REGION, AuthorityLevel.PREFECTURE, AuthorityLevel.COUNTY),
    "corps": (AuthorityLevel.CORPS, AuthorityLevel.DIVISION, AuthorityLevel.COUNTY),
}


class ZoneFactory(DjangoModelFactory[world.Zone]):
    class Meta:
        model = world.Zone
        django_get_or_create = ("code",)

    code = "other"
    name_zh = LazyAttribute(lambda o: f"{o.code} 区域")
    name_en = LazyAttribute(lambda o: f"Area {o.code}")
    verification = Verification.VERIFIED


class PlaceFactory(DjangoModelFactory[world.Place]):
    """A known code brings its parent and zone; any other is a prefecture of the other areas."""

    class Meta:
        model = world.Place
        django_get_or_create = ("code",)
        exclude = ("known",)

    code = "changji-city"
    known = LazyAttribute(lambda o: _PLACES.get(o.code, (o.code, o.code, "", "other")))
    name_zh = LazyAttribute(lambda o: o.known[0])
    name_en = LazyAttribute(lambda o: o.known[1])
    parent = LazyAttribute(lambda o: PlaceFactory.create(code=o.known[2]) if o.known[2] else None)
    level = LazyAttribute(
        lambda o: (
            "prefecture"
            if o.parent is None
            else "corps_city"
            if o.code in _CORPS_CITIES
            else "county"
        )
    )
    zone = LazyAttribute(lambda o: ZoneFactory.create(code=o.known[3]))
    verification = Verification.VERIFIED


class AuthorityFactory(DjangoModelFactory[Authority]):
    """The code tells the rest: ``region-changji`` has the path region/changji/ under ``region``."""

    class Meta:
        model = Authority
        django_get_or_create = ("code",)

    code = "region-changji"
    name_zh = LazyAttribute(lambda o: f"{o.code} 生态环境局")
    name_en = LazyAttribute(lambda o: f"Bureau {o.code}")
    tree = LazyAttribute(lambda o: o.code.partition("-")[0])
    level = LazyAttribute(lambda o: _LEVELS[o.tree][o.code.count("-")])
    path = LazyAttribute(lambda o: o.code.replace("-", "/") + "/")
    parent = LazyAttribute(
        lambda o: AuthorityFactory.create(code=o.code.rpartition("-")[0]) if "-" in o.code else None
    )


class CompanyFactory(DjangoModelFactory[Company]):
    class Meta:
        model = Company

    code = Sequence(lambda n: f"group-{n}")
    name_zh = Sequence(lambda n: f"示例集团{n}")
    name_en = Sequence(lambda n: f"Example Group {n}")


class PersonFactory(DjangoModelFactory[Person]):
    class Meta:
        model = Person
        skip_postgeneration_save = True

    email = Sequence(lambda n: f"person-{n}@demo.example")
    name = Sequence(lambda n: f"人员{n}")

    @post_generation  # type: ignore[untyped-decorator]
    def password(self: Any, create: bool, extracted: str | None, **_: Any) -> None:
        self.set_password(extracted or PASSWORD)
        if create:
            self.save(update_fields=["password"])


class PlantFactory(DjangoModelFactory[Plant]):
    class Meta:
        model = Plant

    code = Sequence(lambda n: f"plant-{n}")
    name_zh = Sequence(lambda n: f"示例水泥{n}厂")
    name_en = Sequence(lambda n: f"Example Cement {n}")
    kind = world.PlantKind.CLINKER
    authority = SubFactory(AuthorityFactory)
    place = SubFactory(PlaceFactory)
    credit_code = Sequence(lambda n: f"91650000{n:010d}")
    tracked_from_on = date(2026, 1, 1)


class LineFactory(DjangoModelFactory[world.Line]):
    class Meta:
        model = world.Line

    plant = SubFactory(PlantFactory)
    number = Sequence(lambda n: n + 1)
    name_zh = LazyAttribute(lambda o: f"{o.number}号熟料线")
    name_en = LazyAttribute(lambda o: f"Clinker line {o.number}")
    capacity_tpd = 2500
    commissioned_on = date(2012, 5, 1)


class OutletFactory(DjangoModelFactory[world.Outlet]):
    """An outlet without CEMS; with ``has_cems=True`` it gets an MN code."""

    class Meta:
        model = world.Outlet

    plant = SubFactory(PlantFactory)
    code = Sequence(lambda n: f"DA{n + 1:03d}")
    name = "煤磨废气排放口"
    source = world.OutletSource.COAL_MILL
    mn_code = LazyAttributeSequence(lambda o, n: f"65DEMO{n:018d}" if o.has_cems else None)
    is_main = SelfAttribute("has_cems")
    has_cems = False


class PermitFactory(DjangoModelFactory[world.Permit]):
    class Meta:
        model = world.Permit

    plant = SubFactory(PlantFactory)
    number = LazyAttributeSequence(lambda o, n: f"{o.plant.credit_code}{n:03d}P")
    valid_from_on = date(2023, 1, 1)
    valid_until_on = date(2027, 12, 31)


class PermitReportFactory(DjangoModelFactory[world.PermitReport]):
    class Meta:
        model = world.PermitReport

    permit = SubFactory(PermitFactory)
    every = world.ReportEvery.YEAR
    month = 1
    day = 31
    next_year = True


class ProjectFactory(DjangoModelFactory[world.Project]):
    class Meta:
        model = world.Project

    plant = SubFactory(PlantFactory)
    part = world.Part.ORGANISED
    title_zh = "窑尾SCR脱硝改造"
    title_en = "SCR denitration at the kiln tail"
    planned_start_on = date(2026, 3, 1)
    planned_finish_on = date(2026, 10, 31)


class StopWindowFactory(DjangoModelFactory[world.StopWindow]):
    class Meta:
        model = world.StopWindow

    place = SubFactory(PlaceFactory)
    season = "2025-26"
    starts_on = date(2025, 11, 1)
    ends_on = date(2026, 4, 30)
    document_code = "peak-2025-26"
    verification = Verification.VERIFIED


class SwapFactory(DjangoModelFactory[world.Swap]):
    """The kiln runs on the first ten days of the usual window."""

    class Meta:
        model = world.Swap

    line = SubFactory(LineFactory)
    kind = world.SwapKind.RUN
    starts_on = date(2025, 11, 1)
    ends_on = date(2025, 11, 10)
    document = "示例批次"
    approved_by = "示例部门"
    verification = Verification.VERIFIED


class AgreementFactory(DjangoModelFactory[world.Agreement]):
    """With a partner that is no line here, for a number of days."""

    class Meta:
        model = world.Agreement

    line = SubFactory(LineFactory, carbide_slag=True)
    partner_name = "示例一厂"
    days = 31
    season = "2025-26"
    starts_on = date(2025, 12, 1)
    ends_on = date(2025, 12, 31)
    filed_on = date(2025, 11, 25)
    document = "示例协议"
    verification = Verification.VERIFIED


class DocumentFactory(DjangoModelFactory[Document]):
    class Meta:
        model = Document

    code = Sequence(lambda n: f"document-{n}")
    number = Sequence(lambda n: f"示例〔2026〕{n}号")
    kind = "plan"
    title_zh = "示例方案"
    title_en = "Example plan"
    issuers = LazyFunction(lambda: [{"zh": "示例部门", "en": "Example Department"}])
    issued_on = date(2024, 1, 19)
    verification = Verification.VERIFIED


class RequirementFactory(DjangoModelFactory[Requirement]):
    """Binds every plant and is due at the end of 2028, unless told otherwise."""

    class Meta:
        model = Requirement

    code = Sequence(lambda n: f"requirement-{n}")
    document = SubFactory(DocumentFactory)
    part = world.Part.FUGITIVE
    subject_kind = SubjectKind.PLANT
    title_zh = "封闭物料储存"
    title_en = "Enclose the stored materials"
    text_zh = "块状物料入棚，粉状物料入库。"
    text_en = "Lumps are kept in closed sheds, powders in silos."
    applies = "always"
    due = LazyFunction(lambda: {"on": "2028-12-31"})
    evidence_asked = LazyFunction(
        lambda: [{"kind": "photo", "zh": "现场照片", "en": "Photos of the site"}]
    )
    effective_from = date(2024, 1, 19)
    verification = Verification.VERIFIED


class LimitFactory(DjangoModelFactory[Limit]):
    class Meta:
        model = Limit

    requirement = SubFactory(RequirementFactory)
    pollutant = "PM"
    value = 10
    unit = "mg/m3"
    averaging = "hour"
    effective_from = date(2024, 1, 19)
    verification = Verification.VERIFIED


class TargetFactory(DjangoModelFactory[Target]):
    class Meta:
        model = Target

    code = Sequence(lambda n: f"target-{n}")
    document = SubFactory(DocumentFactory)
    area_kind = AreaKind.NATION
    share_percent = 80
    by_on = date(2028, 12, 31)
    verification = Verification.VERIFIED


class ObligationFactory(DjangoModelFactory[Obligation]):
    """An open obligation; every other state is reached by walking, see ``make_obligation_at``."""

    class Meta:
        model = Obligation

    requirement = SubFactory(RequirementFactory)
    plant = SubFactory(PlantFactory)
    due_on = TODAY + timedelta(days=20)
    due_basis_zh = "按示例方案的规定日期。"
    due_basis_en = "The date that the example plan sets."
    applies_basis_zh = "适用于所有企业。"
    applies_basis_en = "It binds every plant."
    state_changed_at = NOW
