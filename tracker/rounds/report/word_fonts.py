"""Puts the product's fonts into a Word document, so that it looks alike where none is installed."""

from docx.document import Document as Docx
from docx.opc.constants import RELATIONSHIP_TYPE as RELATION
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement
from docx.oxml.ns import nsdecls, qn

from tracker.rounds.report.pdf import FONTS

NAME = "Noto Sans SC"
OBFUSCATED = "application/vnd.openxmlformats-officedocument.obfuscatedFont"
# A font's bytes are mixed with a key that stands beside them (ECMA-376, part 4, 2.8.1).
FACES = {
    "embedRegular": ("NotoSansSC-Regular.ttf", "{6C0B7A54-3E0F-4B6B-9D59-0D1A5E7F2C01}"),
    "embedBold": ("NotoSansSC-Bold.ttf", "{6C0B7A54-3E0F-4B6B-9D59-0D1A5E7F2C02}"),
}
MIXED_BYTES = 32
EMBEDDED = "w:embedTrueTypeFonts"


def set_font(document: Docx) -> None:
    """One font for every style, also for Chinese, which has a setting of its own."""
    for style in document.styles:
        if not hasattr(style, "font"):
            continue
        style.font.name = NAME
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
        for script in ("ascii", "hAnsi", "eastAsia", "cs"):
            fonts.set(qn(f"w:{script}"), NAME)


def embed_fonts(document: Docx) -> None:
    """Regular and bold, as the font table names them."""
    fonts = document.part.part_related_by(RELATION.FONT_TABLE)
    faces = []
    for number, (face, (file, key)) in enumerate(FACES.items(), start=1):
        part = Part(
            PackURI(f"/word/fonts/font{number}.odttf"),
            OBFUSCATED,
            _mixed((FONTS / file).read_bytes(), key),
            document.part.package,
        )
        relation = fonts.relate_to(part, RELATION.FONT)
        faces.append(f'<w:{face} r:id="{relation}" w:fontKey="{key}"/>')
    table = (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        f'<w:fonts {nsdecls("w", "r")}><w:font w:name="{NAME}"><w:charset w:val="86"/>'
        f'<w:family w:val="swiss"/><w:pitch w:val="variable"/>{"".join(faces)}</w:font></w:fonts>'
    )
    fonts._blob = table.encode()
    settings = document.settings.element
    zoom = settings.find(qn("w:zoom"))  # after which the schema wants it
    settings.insert(0 if zoom is None else list(settings).index(zoom) + 1, OxmlElement(EMBEDDED))


def _mixed(font: bytes, key: str) -> bytes:
    """The first bytes mixed with the key, whose digits are read from the end."""
    code = bytes.fromhex(key.strip("{}").replace("-", ""))[::-1]
    head = bytes(byte ^ code[at % len(code)] for at, byte in enumerate(font[:MIXED_BYTES]))
    return head + font[MIXED_BYTES:]
