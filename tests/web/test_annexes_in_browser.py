"""An annex made by hand in the style of a department's Excel goes in by the browser."""

import io
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import expect

from plants.models import Plant
from tests.annexes.books import as_serial, written
from tests.browsers import NewPage
from tests.factories import Cast, DocumentFactory, PlantFactory, RequirementFactory, cast
from tests.web.pages import sign_in
from tracker.annexes.models import AnnexImport, ImportState
from tracker.regulations.models import AnnexDate

pytestmark = [
    pytest.mark.browser,
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True),
]

FILE = "附件2：水泥企业超低排放改造计划表（定稿）.xlsx"


@pytest.fixture
def fixed_day() -> None:
    """A browser has its own clock: here the real day counts."""


@pytest.fixture
def crew(transactional_db: None) -> Cast:
    return cast()


def department_excel(first: Plant, second: Plant, third: Plant) -> bytes:
    """Titles, a heading of two rows, merged prefectures, days in three ways, a sum, a note."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "附表1"
    for row in (
        ["附件2"],
        ["水泥企业超低排放改造计划表"],
        ["填报单位：自治区生态环境厅", None, None, None, None, None, None, "2025年3月"],
        ["序号", "地州市", "企业名称", "统一社会信用代码", "完成时限", None, None, "备注"],
        [None, None, None, None, "有组织", "无组织", "清洁运输", None],
        [1, "昌吉州", first.name_zh, None, "2026年6月底", None, date(2027, 12, 31), None],
        [2, None, "示例北塔山水泥集团公司", None, "2026年上半年", "2026.12.31", "/", "更名"],
        [3, "塔城地区", "旧名水泥厂", third.credit_code, "2026年第三季度", "待定", None, None],
        ["合计", None, "3家", None, None, None, None, None],
        ["注：时限含当日。"],
    ):
        sheet.append(row)
    as_serial(sheet, "F6", date(2026, 9, 30))
    for merged in ("A2:H2", "B6:B7", "E4:G4", "A10:H10", *(f"{c}4:{c}5" for c in "ABCDH")):
        sheet.merge_cells(merged)
    book.create_sheet("填表说明")["A1"] = "一、请于3月底前报送。"
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_department_excel_goes_in_by_the_browser_and_is_taken_back(
    crew: Cast, new_page: NewPage, live_server: object, tmp_path: Path, scripts: bool
) -> None:
    renamed = PlantFactory.create(
        authority=crew.plant.authority, name_zh="示例北塔山水泥有限责任公司"
    )
    plan = DocumentFactory.create(number="示例〔2024〕1号")
    RequirementFactory.create(
        document=plan,
        applies={"plant.tree": "region"},
        due={"annex": "organised", "backstop": "2028-12-31"},
    )
    file = written(tmp_path, department_excel(crew.plant, renamed, crew.other_plant), FILE)
    page = sign_in(new_page(java_script_enabled=scripts), crew.region_officer, live_server)
    page.goto("/")
    page.get_by_role("link", name="方案附表").first.click()

    page.get_by_label("企业名单").set_input_files(str(file))
    page.get_by_label("时限的核实状态").select_option("verified")
    page.get_by_role("button", name="上传并核对").click()

    expect(page.get_by_role("heading", level=1)).to_have_text(FILE)
    expect(page.get_by_text("表头：第 4–5 行")).to_be_visible()
    expect(page.locator("tbody tr")).to_have_count(3)
    problems = page.locator(".problem")
    expect(problems).to_have_text(
        [
            "附表1!C7 本方案及本部门管辖范围内没有该名称的企业。",
            "附表1!F8 “待定”无法识别为日期。",
        ]
    )

    page.get_by_label("企业 附表1!C7").select_option(str(renamed.pk))
    page.get_by_role("button", name="保存本页").last.click()
    expect(problems).to_have_count(1)
    expect(page.locator(".apply")).to_contain_text("有变动的共 2 行，已勾选 2 行。")
    page.get_by_role("button", name="导入勾选的行").click()

    expect(page.get_by_role("status")).to_contain_text("写入 5 个时限，涉及 2 家企业")
    found = AnnexDate.objects.order_by("plant__pk", "part")
    assert list(found.values_list("plant_id", "part", "completion_on", "verification")) == [
        (crew.plant.pk, "clean_transport", date(2027, 12, 31), "verified"),
        (crew.plant.pk, "fugitive", date(2026, 9, 30), "verified"),
        (crew.plant.pk, "organised", date(2026, 6, 30), "verified"),
        (renamed.pk, "fugitive", date(2026, 12, 31), "verified"),
        (renamed.pk, "organised", date(2026, 6, 30), "verified"),
    ]
    assert AnnexImport.objects.get().state == ImportState.APPLIED

    page.get_by_role("link", name="撤回本次导入").click()
    page.get_by_label("撤回理由").fill("附件版本有误。")
    page.get_by_role("button", name="撤回本次导入").click()

    expect(page.get_by_role("status")).to_contain_text("撤回")
    assert not AnnexDate.objects.exists()
