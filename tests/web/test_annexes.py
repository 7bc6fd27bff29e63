"""Annexes in the browser without scripts: brought, mapped, chosen, applied, or refused."""

import io
import re
from datetime import date
from typing import Any
from urllib.parse import unquote

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from plants.models import Person
from tests.annexes.books import book, with_part
from tests.factories import Cast, DocumentFactory, PlantFactory, RequirementFactory
from tests.web.annex_forms import HEADING, Rows, apply, bring, dates, rows_form, upload
from tests.web.conftest import BrowserOf
from tests.web.pages import content_of, text_of
from tracker.annexes.models import AnnexImport, ImportState
from tracker.annexes.template import SHEET
from tracker.regulations.models import AnnexDate, Document

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(world: Cast) -> Document:
    document = DocumentFactory.create(number="示例〔2024〕1号")
    RequirementFactory.create(
        document=document,
        applies={"plant.tree": "region"},
        due={"annex": "organised", "backstop": "2028-12-31"},
    )
    return document


@pytest.fixture
def officer(world: Cast, plan: Document, browser_of: BrowserOf) -> Client:
    return browser_of(world.region_officer)


def test_annex_goes_from_upload_to_the_plants_history(
    world: Cast, plan: Document, officer: Client, browser_of: BrowserOf
) -> None:
    annex = bring(officer, plan, [[world.plant.name_zh, "2026年6月底", 46387]])

    page = text_of(officer.get(reverse("annex", args=[annex.pk])))
    assert "2026-06-30 new read from “2026年6月底” in 附表!B2" in page
    assert "1 row of 1 that would change something is ticked." in page
    said = text_of(apply(officer, annex))

    assert "2 dates written at 1 plant; 0 due dates moved." in said
    assert dates() == [
        (world.plant.pk, "organised", date(2026, 6, 30)),
        (world.plant.pk, "whole", date(2026, 12, 31)),
    ]
    history = browser_of(world.manager).get(reverse("plant-history", args=[world.plant.pk]))
    assert "organised emissions — → 2026-06-30, whole plant — → 2026-12-31" in text_of(history)


def test_month_cell_says_how_it_was_read(world: Cast, plan: Document, officer: Client) -> None:
    def as_month(made: openpyxl.Workbook) -> None:
        made.active["B2"].number_format = 'yyyy"年"m"月"'

    rows: Rows = [HEADING, [world.plant.name_zh, date(2026, 6, 1), None]]
    upload(officer, plan, book(("附表", rows), dress=as_month))

    page = officer.get(reverse("annex", args=[AnnexImport.objects.get().pk]))

    assert "2026-06-30 new 附表!B2 shows “2026年6月”: read as the end of the month" in text_of(page)


def test_heading_of_several_parts_is_chosen_as_such(
    world: Cast, plan: Document, officer: Client
) -> None:
    rows: Rows = [["企业名称", "有组织和无组织完成时限"], [world.plant.name_zh, "2026年底"]]
    upload(officer, plan, book(("附表", rows)))
    annex = AnnexImport.objects.get()

    page = officer.get(reverse("annex", args=[annex.pk])).content.decode()
    apply(officer, annex)

    chosen = '<option value="organised+fugitive" selected>'
    assert f"{chosen}date: organised emissions, fugitive emissions</option>" in page
    assert [part for _plant, part, _day in dates()] == ["fugitive", "organised"]


def test_same_file_again_says_that_nothing_is_left(
    world: Cast, plan: Document, officer: Client
) -> None:
    # Made once: a workbook holds the second of its making.
    content = book(("附表", [HEADING, [world.plant.name_zh, "2026年6月底", None]]))
    upload(officer, plan, content)
    apply(officer, AnnexImport.objects.get())

    upload(officer, plan, content)
    again = AnnexImport.objects.latest("pk")
    page = text_of(officer.get(reverse("annex", args=[again.pk])))
    said = text_of(apply(officer, again))

    assert "This very file was applied on" in page
    assert "Every date of this file is on record already: there is nothing to apply." in page
    assert "Every date of these rows was on record already: nothing was changed." in said


def test_applying_twice_is_refused_once(world: Cast, plan: Document, officer: Client) -> None:
    annex = bring(officer, plan, [[world.plant.name_zh, "2026年6月底", None]])
    form = rows_form(officer, annex)
    address = reverse("annex-apply", args=[annex.pk])

    first, second = (officer.post(address, form) for _ in range(2))

    assert (first.status_code, second.status_code) == (302, 409)
    assert "has been applied already; nothing was changed again." in text_of(second)


def test_every_problem_is_named_by_sheet_and_cell(
    world: Cast, plan: Document, officer: Client
) -> None:
    content = book(
        (
            "附表",
            [
                HEADING,
                [world.plant.name_zh, "=B3", None],
                [world.other_plant.name_zh, "2026年6月底", None],
                ["不存在的水泥厂", "2026年6月底", None],
                [world.corps_plant.name_zh, "2026年6月底", None],
                [world.plant.name_zh, None, "待定"],
            ],
        ),
        ("补充", [["企业名称", "有组织完成时限"], [world.other_plant.name_zh, "2026年底"]]),
    )
    upload(officer, plan, content)
    annex = AnnexImport.objects.get()

    page = text_of(officer.get(reverse("annex", args=[annex.pk]), {"show": "problem"}))
    refused = apply(officer, annex)

    for sentence in (
        "附表!B2 The cell holds a formula: enter the value itself.",
        "附表!B3 Two dates for one plant (organised emissions): 2026-06-30 here, 2026-12-31 in "
        "补充!B2.",
        "补充!B2 Two dates for one plant (organised emissions): 2026-12-31 here, 2026-06-30 in "
        "附表!B3.",
        "附表!A4 No plant under this plan and your authority is called so.",
        "附表!A5 No plant under this plan and your authority is called so.",
        "附表!C6 “待定” is read as no date.",
    ):
        assert sentence in page
    assert refused.status_code == 409
    assert "No row can be applied as it stands: settle its problems first." in text_of(refused)
    assert dates() == []


def test_near_miss_is_chosen_and_applied_with_the_page(
    world: Cast, plan: Document, officer: Client
) -> None:
    meant = PlantFactory.create(authority=world.plant.authority, name_zh="示例红山水泥有限公司")
    annex = bring(officer, plan, [["示例红山水泥集团", "2026年6月底", None]])
    page = officer.get(reverse("annex", args=[annex.pk]))
    [row] = page.context["rows"]
    assert row.options[0][0] == meant.pk

    apply(officer, annex, **{f"plant-{row.key}": meant.pk})

    assert dates() == [(meant.pk, "organised", date(2026, 6, 30))]


def test_ticks_are_kept_when_the_page_is_turned(
    world: Cast, plan: Document, officer: Client
) -> None:
    plants = [PlantFactory.create(authority=world.plant.authority) for _ in range(60)]
    annex = bring(officer, plan, [[plant.name_zh, "2026年6月底", None] for plant in plants])
    form = rows_form(officer, annex)
    taken = [key for key in form["row"] if key != "0-2"]  # type: ignore[attr-defined]
    address = reverse("annex-rows", args=[annex.pk])

    turned = officer.post(address, {**form, "take": taken, "go": "2"})
    second = officer.get(turned["Location"].partition("#")[0])

    assert turned["Location"] == f"/annexes/{annex.pk}/?show=all&page=2#rows"
    assert len(second.context["rows"]) == 10
    assert "59 rows of 60 that would change something are ticked." in text_of(second)
    officer.post(address, {"go": "none"})
    assert "0 rows of 60" in text_of(officer.get(reverse("annex", args=[annex.pk])))
    nothing = officer.post(
        reverse("annex-apply", args=[annex.pk]), {"seen": second.context["seen"]}
    )
    assert "No row is ticked. Tick at least one, or cancel the import." in text_of(nothing)
    officer.post(address, {"go": "all"})
    apply(officer, annex)
    assert AnnexDate.objects.count() == 60


@pytest.mark.parametrize("key", ["\x00", "0-2\x00", "0-1", "0-3", "9-2", "x" * 5000])
def test_keys_of_no_row_are_passed_over(
    world: Cast, plan: Document, officer: Client, key: str
) -> None:
    annex = bring(officer, plan, [[world.plant.name_zh, "2026年6月底", None]])
    form = {"row": [key, "0-2"], f"plant-{key}": world.plant.pk, "take": [key]}

    answer = officer.post(reverse("annex-rows", args=[annex.pk]), form)

    annex.refresh_from_db()
    assert (answer.status_code, annex.left_out, annex.chosen) == (302, ["0-2"], {})


def test_columns_are_corrected_by_hand(world: Cast, plan: Document, officer: Client) -> None:
    annex = bring(officer, plan, [[world.plant.name_zh, "2026年6月底", None]])
    address = reverse("annex-columns", args=[annex.pk])
    form = {"sheet": "0", "first-0": "1", "last-0": "1", "kind-0-0": "name", "kind-0-1": "fugitive"}

    assert officer.post(address, form).status_code == 302
    apply(officer, annex)

    assert dates() == [(world.plant.pk, "fugitive", date(2026, 6, 30))]


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        (
            {"first-0": "1", "last-0": "1", "kind-0-0": "name", "kind-0-1": "name"},
            "Sheet “附表”: two columns are taken for “plant's name”.",
        ),
        ({"first-0": "2", "last-0": "9"}, "Sheet “附表”: the heading is one to three rows"),
        ({"first-0": "nonsense", "last-0": ""}, "Sheet “附表”: the heading is one to three rows"),
    ],
)
def test_wrong_columns_are_refused_with_the_sheet(
    world: Cast, plan: Document, officer: Client, form: dict[str, str], sentence: str
) -> None:
    annex = bring(officer, plan, [[world.plant.name_zh, "2026年6月底", None]])

    answer = officer.post(reverse("annex-columns", args=[annex.pk]), {"sheet": "0", **form})

    assert answer.status_code == 422
    assert sentence in text_of(answer)


def test_emptied_heading_leaves_a_sheet_out(world: Cast, plan: Document, officer: Client) -> None:
    annex = bring(officer, plan, [[world.plant.name_zh, "2026年6月底", None]])

    emptied = {"sheet": "0", "first-0": "", "last-0": ""}
    officer.post(reverse("annex-columns", args=[annex.pk]), emptied)

    page = text_of(officer.get(reverse("annex", args=[annex.pk])))
    assert "no plant list found: left out" in page
    assert "No row with a date was found" in page


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (b"PK", "附表.xlsm", "“附表.xlsm” is a workbook with macros"),
        (with_part(book(("附表", [HEADING])), "xl/vbaProject.bin", b"x"), "附表.xlsx", "macros"),
        (
            with_part(book(("附表", [HEADING])), "xl/x.xml", b" " * (80 * 1024 * 1024)),
            "附表.xlsx",
            "“附表.xlsx” unpacks to 80 MB",
        ),
        (b"", "附表.xlsx", "“附表.xlsx” is empty (0 bytes)."),
    ],
)
def test_bad_file_is_refused_and_nothing_is_kept(
    world: Cast, plan: Document, officer: Client, content: bytes, name: str, sentence: str
) -> None:
    answer = upload(officer, plan, content, name)

    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert (AnnexImport.objects.count(), dates()) == (0, [])


def test_file_over_the_limit_is_refused(plan: Document, officer: Client, settings: Any) -> None:
    settings.UPLOAD_LIMIT_BYTES = 1024 * 1024

    answer = upload(officer, plan, b"x" * (3 * 1024 * 1024))

    assert "“附表1.xlsx” has 3 MB; at most 1 MB are taken." in text_of(answer)


def test_form_without_its_parts_says_so(plan: Document, officer: Client) -> None:
    no_file = officer.post(
        reverse("annex-upload"), {"document": plan.pk, "verification": "verified"}
    )
    no_document = upload(officer, DocumentFactory.create(), book(("附表", [HEADING])))

    assert "No file came with the form. Choose one first." in text_of(no_file)
    assert "Choose the document that the annex belongs to." in text_of(no_document)


def test_stale_preview_is_shown_anew(world: Cast, plan: Document, officer: Client) -> None:
    annex = bring(officer, plan, [[world.plant.name_zh, "2026年6月底", None]])
    form = rows_form(officer, annex)
    apply(officer, bring(officer, plan, [[world.plant.name_zh, "2026年底", None]]))

    answer = officer.post(reverse("annex-apply", args=[annex.pk]), form)

    assert answer.status_code == 409
    assert "The dates on record changed meanwhile" in text_of(answer)
    assert "2026-12-31 2026-06-30 moved" in text_of(answer)


def test_cancelled_import_writes_nothing(world: Cast, plan: Document, officer: Client) -> None:
    annex = bring(officer, plan, [[world.plant.name_zh, "2026年6月底", None]])

    said = officer.post(reverse("annex-cancel", args=[annex.pk]), follow=True)

    assert "Cancelled: 示例〔2024〕1号 · 附表1.xlsx" in text_of(said)
    annex.refresh_from_db()
    assert (annex.state, dates()) == (ImportState.CANCELLED, [])


def test_template_is_filled_in_and_comes_back(world: Cast, plan: Document, officer: Client) -> None:
    answer = officer.get(reverse("annex-template"))
    assert "附表模板.xlsx" in unquote(answer["Content-Disposition"])
    filled = openpyxl.load_workbook(io.BytesIO(answer.content))
    sheet = filled[SHEET]
    assert [cell.value for cell in sheet["C"][3:]] == [
        world.plant.name_zh,
        world.other_plant.name_zh,
    ]
    sheet["F4"], sheet["I5"] = "2026年6月底", date(2026, 12, 31)
    stream = io.BytesIO()
    filled.save(stream)

    upload(officer, plan, stream.getvalue())
    apply(officer, AnnexImport.objects.get())

    assert dates() == [
        (world.plant.pk, "organised", date(2026, 6, 30)),
        (world.other_plant.pk, "whole", date(2026, 12, 31)),
    ]


def test_file_comes_back_as_it_was_brought(world: Cast, plan: Document, officer: Client) -> None:
    content = book(("附表", [HEADING]))
    upload(officer, plan, content)

    answer = officer.get(reverse("annex-file", args=[AnnexImport.objects.get().pk]))

    assert content_of(answer) == content


def test_plan_leads_those_who_may_to_its_annex(
    world: Cast, plan: Document, browser_of: BrowserOf
) -> None:
    page = reverse("requirement", args=[plan.requirements.get().code])
    people: list[Person] = [world.region_officer, world.changji_officer, world.manager]

    offered = [
        f"/annexes/?document={plan.pk}" in browser_of(who).get(page).content.decode()
        for who in people
    ]

    assert offered == [True, False, False]


@pytest.mark.parametrize("count", [1, 40])
def test_page_asks_as_little_for_many_rows(
    world: Cast,
    plan: Document,
    officer: Client,
    django_assert_num_queries: Any,
    count: int,
) -> None:
    plants = [PlantFactory.create(authority=world.plant.authority) for _ in range(count)]
    annex = bring(officer, plan, [[plant.name_zh, "2026年6月底", None] for plant in plants])
    officer.get(reverse("annex", args=[annex.pk]))

    with django_assert_num_queries(26):
        page = officer.get(reverse("annex", args=[annex.pk]))

    assert len(re.findall(r'name="take"', page.content.decode())) == count
