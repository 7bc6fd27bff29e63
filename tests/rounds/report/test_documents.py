"""The PDF and the Word document, opened as a reader does, on whatever machine this is."""

from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pypdfium2
import pytest
from django.utils import translation
from docx import Document
from PIL import Image

from tracker.evidence.types.pdf import PDFIUM
from tracker.rounds.report.blocks import (
    Json,
    fact,
    facts,
    freeze,
    gap,
    photo,
    photos,
    row,
    section,
    table,
    text,
)
from tracker.rounds.report.build import words_beside
from tracker.rounds.report.pdf import write_pdf
from tracker.rounds.report.pictures import thumbnail_in
from tracker.rounds.report.word import write_word

MARKUP = '<水泥> & #panic("x") $x$ *星号* </w:t>'
SHOWN, LOST = "a" * 64, "b" * 64


@pytest.fixture(scope="module")
def content() -> Json:
    with translation.override("zh-hans"):
        return _content()


def _content() -> Json:
    lines = [row(str(number), f"DA{number:03d}", MARKUP) for number in range(60)]
    return {
        "language": "zh-hans",
        "plant": "示例水泥厂",
        "title": "超低排放评估监测报告",
        "subtitle": "第1轮 · 第2版",
        "note": "注明",
        "reason": "更正产量",
        "before": {"number": 1, "sha256": "c" * 64},
        "changes": [{"where": "一", "what": "产量", "before": "1", "after": "2"}],
        "sections": [
            section("1", "一、企业基本情况", [facts("f", [fact("a", "名称", MARKUP, "张三")])]),
            section(
                "2",
                "二、概述",
                parts=[section("2.1", "1. 总体", [text("t", gap("总投资"), "两行\n文字")])],
            ),
            section(
                "annex-a", "附件1：样品", [table("s", "样品", ["编号", "内容"], [1, 3], lines)]
            ),
            section(
                "annex-b",
                "附件2：照片",
                [photos("p", [photo(SHOWN, "料棚"), photo(LOST, "皮带"), photo(SHOWN, "磨机")])],
            ),
        ],
        "signers": [{"signer": "plant", "title": "企业", "organisations": ["示例水泥厂"]}],
        "words": words_beside(),
    }


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("report")
    picture = Image.new("RGB", (120, 90), "navy")
    picture.save(thumbnail_in(made, SHOWN))
    picture.save(thumbnail_in(made, SHOWN, "pdf"))
    return made


def test_pdf_says_all_in_fonts_of_its_own(content: Json, folder: Path) -> None:
    frozen = freeze(content)
    written = write_pdf(content, frozen, folder)
    with PDFIUM, pypdfium2.PdfDocument(written) as opened:
        pages = [page.get_textpage().get_text_bounded() for page in opened]
        fonts = {
            each.get_font().get_base_name()
            for page in opened
            for each in page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_TEXT])
        }

    said = "".join("".join(pages).split())
    for words in ("示例水泥厂", "一、企业基本情况", "总投资", "更正产量", "料棚", frozen.sha256):
        assert words in said
    # What people typed is text, whatever it looks like.
    assert "".join(MARKUP.split()) in said
    assert {name.partition("+")[2] or name for name in fonts} <= {
        "NotoSansSC-Regular",
        "NotoSansSC-Bold",
    }
    # The annexes follow the body, numbered on; a table's head stands on each of its pages.
    last = len(pages)
    assert f"第{last}页" in "".join(pages[-1].split())
    assert sum("编号" in page for page in pages) == sum("DA0" in page for page in pages) > 1


def test_word_says_all_and_brings_its_fonts(content: Json, folder: Path) -> None:
    written = write_word(content, freeze(content), folder)
    document = Document(BytesIO(written))

    headings = [
        p.text
        for p in document.paragraphs
        if p.style and (p.style.name or "").startswith("Heading")
    ]
    assert headings == [
        content["words"]["changes"],
        "一、企业基本情况",
        "二、概述",
        "1. 总体",
        content["words"]["signatures"],
        "附件1：样品",
        "附件2：照片",
    ]
    cells = [cell.text for each in document.tables for line in each.rows for cell in line.cells]
    assert cells.count(MARKUP) == 60
    assert f"{MARKUP}\n张三" in cells
    assert content["words"]["missing"] in cells
    (marked,) = [p for p in document.paragraphs if "总投资" in p.text]
    assert [run.bold for run in marked.runs if "总投资" in run.text] == [True]
    # The same photograph twice is two pictures of one package, each part with a name of its own.
    assert len(document.inline_shapes) == 2
    with ZipFile(BytesIO(written)) as package:
        assert len(set(package.namelist())) == len(package.namelist())
        assert [n for n in package.namelist() if n.endswith(".odttf")] == [
            "word/fonts/font1.odttf",
            "word/fonts/font2.odttf",
        ]
        assert b"embedTrueTypeFonts" in package.read("word/settings.xml")
