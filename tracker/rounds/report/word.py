"""Writes a frozen text as a Word document, its fonts inside."""

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

from docx import Document
from docx.document import Document as Docx
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph

from tracker.rounds.report.blocks import GAP, Frozen, Json, folded, is_annex
from tracker.rounds.report.pictures import thumbnail_in
from tracker.rounds.report.word_fonts import embed_fonts, set_font
from tracker.rounds.report.word_pictures import add_picture
from tracker.rounds.report.word_tables import add_table

INK = RGBColor(0x1B, 0x23, 0x30)
QUIET = RGBColor(0x5B, 0x64, 0x70)
WARNING = RGBColor(0xA4, 0x16, 0x1A)
PHOTOS_ABREAST = 3
PAGE_NUMBER = (
    f'<w:fldSimple {nsdecls("w")} w:instr="PAGE"><w:r><w:rPr><w:color w:val="5B6470"/>'
    '<w:sz w:val="16"/></w:rPr><w:t>1</w:t></w:r></w:fldSimple>'
)


def write_word(content: Json, frozen: Frozen, folder: Path) -> bytes:
    """The document; ``folder`` holds the small pictures."""
    document = Document()
    _set_up(document, content)
    _first_page(document, content, frozen)
    if content["before"] is not None:
        _changes(document, content)
    annexes = [each for each in content["sections"] if is_annex(each)]
    for each in content["sections"]:
        if each not in annexes:
            _section(document, each, 1, content["words"], folder)
    _signatures(document, content)
    for each in annexes:
        document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
        _section(document, each, 1, content["words"], folder)
    embed_fonts(document)
    written = BytesIO()
    document.save(written)
    return written.getvalue()


def _set_up(document: Docx, content: Json) -> None:
    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin = page.right_margin = Mm(20)
    page.top_margin, page.bottom_margin = Mm(22), Mm(20)
    set_font(document)
    document.core_properties.title = f"{content['title']} {content['plant']}"
    document.core_properties.author = content["plant"]
    document.core_properties.comments = ""
    for level in (1, 2, 3):
        document.styles[f"Heading {level}"].font.color.rgb = INK
    foot = page.footer.paragraphs[0]
    foot.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    before, _brace, after = content["words"]["page"].partition("{}")
    _add(foot, before, 8, QUIET)
    foot._p.append(parse_xml(PAGE_NUMBER))
    _add(foot, after, 8, QUIET)
    head = page.header.paragraphs[0]
    _add(head, f"{content['plant']} · {content['title']} · {content['subtitle']}", 8, QUIET)


def _first_page(document: Docx, content: Json, frozen: Frozen) -> None:
    sizes = ((content["plant"], 16, False), (content["title"], 26, True))
    for number, (words, size, bold) in enumerate((*sizes, (content["subtitle"], 11, False))):
        line = document.add_paragraph()
        line.alignment = WD_ALIGN_PARAGRAPH.CENTER
        line.paragraph_format.space_before = Mm(40) if number == 0 else Mm(6)
        _add(line, words, size).bold = bold
    document.add_paragraph().paragraph_format.space_after = Mm(20)
    _quiet(document, content["note"])
    _quiet(document, f"{content['words']['fingerprint']}: {frozen.sha256}")
    document.paragraphs[-1].add_run().add_break(WD_BREAK.PAGE)


def _changes(document: Docx, content: Json) -> None:
    words, before = content["words"], content["before"]
    document.add_heading(words["changes"], 1)
    rows = [[words["before"], f"{before['number']}\nSHA-256\n{folded(before['sha256'])}"]]
    if content["reason"]:
        rows.append([words["reason"], content["reason"]])
    add_table(document, [], rows, [6, 11])
    if not content["changes"]:
        document.add_paragraph(words["none"])
        return
    document.add_paragraph()
    told = [
        [" · ".join(filter(None, (each["where"], each["what"]))), each["before"], each["after"]]
        for each in content["changes"]
    ]
    add_table(document, [words["where"], words["was"], words["is"]], told, [4, 6, 6])


def _section(document: Docx, each: Json, level: int, words: Json, folder: Path) -> None:
    document.add_heading(each["title"], level)
    if each["note"]:
        _quiet(document, each["note"])
    for block in each["blocks"]:
        _block(document, block, words, folder)
    for part in each["parts"]:
        _section(document, part, level + 1, words, folder)


def _block(document: Docx, block: Json, words: Json, folder: Path) -> None:
    if block["kind"] == "text":
        for line in block["lines"]:
            _marked(document.add_paragraph(), line)
    elif block["kind"] == "facts":
        rows = [
            [row["label"], "\n".join(filter(None, (row["value"], row["said"])))]
            for row in block["rows"]
        ]
        add_table(document, [], rows, [6, 11])
    elif block["kind"] == "table":
        title = document.add_paragraph()
        title.paragraph_format.keep_with_next = True
        title.paragraph_format.space_after = Pt(3)
        _add(title, block["title"], 9.5).bold = True
        add_table(document, block["head"], [r["cells"] for r in block["rows"]], block["widths"])
    else:
        _photos(document, block["photos"], words, folder)


def _photos(document: Docx, shown: Sequence[Json], words: Json, folder: Path) -> None:
    """A row of pictures, and below it the row of what they are."""
    for start in range(0, len(shown), PHOTOS_ABREAST):
        abreast = shown[start : start + PHOTOS_ABREAST]
        table = add_table(
            document,
            [],
            [[""] * PHOTOS_ABREAST, [each["caption"] for each in abreast]],
            [1] * PHOTOS_ABREAST,
            lined=False,
        )
        for number, (cell, each) in enumerate(
            zip(table.rows[0].cells, abreast, strict=False), start=start + 1
        ):
            picture = thumbnail_in(folder, each["sha256"])
            if picture.exists():
                add_picture(cell.paragraphs[0], picture, number=number, height=Mm(34))
            else:
                _add(cell.paragraphs[0], words["missing"], 8)


def _signatures(document: Docx, content: Json) -> None:
    words = content["words"]
    document.add_heading(words["signatures"], 1)
    head = ["", "", words["signature"], words["date"]]
    rows = [
        [each["title"], "\n".join(each["organisations"]), "", ""] for each in content["signers"]
    ]
    table = add_table(document, head, rows, [4, 6, 5, 4])
    for row in table.rows[1:]:
        row.height = Mm(26)


def _quiet(document: Docx, words: str) -> None:
    _add(document.add_paragraph(), words, 8.5, QUIET)


def _marked(paragraph: Paragraph, words: str) -> None:
    """Gaps in another colour and bold."""
    at = 0
    for found in GAP.finditer(words):
        paragraph.add_run(words[at : found.start()])
        mark = paragraph.add_run(found.group())
        mark.bold, mark.font.color.rgb = True, WARNING
        at = found.end()
    paragraph.add_run(words[at:])


def _add(paragraph: Paragraph, words: str, size: float, colour: RGBColor | None = None) -> Any:
    run = paragraph.add_run(words)
    run.font.size = Pt(size)
    if colour is not None:
        run.font.color.rgb = colour
    return run
