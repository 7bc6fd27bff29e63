"""Tables of a Word document, written as XML at once: cell by cell a thousand rows take minutes."""

from collections.abc import Sequence
from xml.sax.saxutils import escape

from docx.document import Document as Docx
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.table import Table

from tracker.rounds.report.blocks import GAP

# Twentieths of a point between the margins of an A4 page.
WIDTH = 9638
BORDER = '<w:{0} w:val="single" w:sz="4" w:space="0" w:color="C3C9D1"/>'
SIDES = ("top", "left", "bottom", "right", "insideH", "insideV")
MANY_COLUMNS = 7


def add_table(
    document: Docx,
    head: Sequence[str],
    rows: Sequence[Sequence[str]],
    widths: Sequence[int],
    *,
    lined: bool = True,
) -> Table:
    """A table at the document's end; its head is repeated on each page, and gaps are marked."""
    columns = [WIDTH * width // sum(widths) for width in widths]
    size = 14 if len(widths) > MANY_COLUMNS else 17  # in half points
    filled = [[*cells, *[""] * (len(widths) - len(cells))] for cells in rows]
    parts = [_row(head, columns, size, is_head=True)] if head else []
    parts += [_row(cells, columns, size) for cells in filled]
    borders = "".join(BORDER.format(side) for side in SIDES) if lined else ""
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in columns)
    xml = (
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblW w:w="{WIDTH}" w:type="dxa"/>'
        f'<w:tblBorders>{borders}</w:tblBorders><w:tblLayout w:type="fixed"/></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{''.join(parts)}</w:tbl>"
    )
    element = parse_xml(xml)
    # Two tables in a row would become one: each is followed by a line of its own.
    after = document.add_paragraph()
    after.paragraph_format.space_after = 0
    after._p.addprevious(element)
    return Table(element, document)


def _row(cells: Sequence[str], columns: Sequence[int], size: int, *, is_head: bool = False) -> str:
    repeated = "<w:tblHeader/>" if is_head else ""
    inside = "".join(
        _cell(words, width, size, is_head=is_head)
        for words, width in zip(cells, columns, strict=True)
    )
    return f"<w:tr><w:trPr><w:cantSplit/>{repeated}</w:trPr>{inside}</w:tr>"


def _cell(words: str, width: int, size: int, *, is_head: bool) -> str:
    shade = '<w:shd w:val="clear" w:color="auto" w:fill="EEF1F5"/>' if is_head else ""
    lines = "".join(_line(line, size, is_head=is_head) for line in words.split("\n"))
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{shade}</w:tcPr>{lines}</w:tc>'


def _line(words: str, size: int, *, is_head: bool) -> str:
    runs, at = [], 0
    for found in GAP.finditer(words):
        runs.append(_run(words[at : found.start()], size, bold=is_head))
        runs.append(_run(found.group(), size, bold=True, colour="A4161A"))
        at = found.end()
    runs.append(_run(words[at:], size, bold=is_head))
    spacing = '<w:spacing w:before="20" w:after="20"/>'
    return f"<w:p><w:pPr>{spacing}</w:pPr>{''.join(runs)}</w:p>"


def _run(words: str, size: int, *, bold: bool, colour: str = "") -> str:
    if not words:
        return ""
    look = "<w:b/>" if bold else ""
    look += f'<w:color w:val="{colour}"/>' if colour else ""
    look += f'<w:sz w:val="{size}"/>'
    return f'<w:r><w:rPr>{look}</w:rPr><w:t xml:space="preserve">{escape(words)}</w:t></w:r>'
