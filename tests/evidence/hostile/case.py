"""A hostile or broken file, the name that it comes under, and the sentence that refuses it."""

from collections.abc import Callable
from dataclasses import dataclass

from tests.evidence import good_files as good
from tests.evidence.good_files import XML, added

PROGRAM = "{file} is a program: programs are not taken."
SCRIPT = "{file} is a script: scripts are not taken."
PAGE = "{file} is a web page (HTML or XML): print it into a PDF instead."
SVG = "{file} is an SVG drawing, which can hold code: save it as PNG or PDF."
MACROS = "{file} holds macros or controls: save it as a plain file without them."
SEALED = "{file} is protected by a password: save it without one."
BROKEN = "{file} is damaged or incomplete: save it anew."
EMPTY = "{file} is empty (0 bytes)."
ACTS = "{file} holds a script or starts a program: print it into a new PDF."
NOT_TAKEN = "{file}: files of this kind are not taken."
BEFORE_PDF = "{file} is two files in one: something lies before the PDF's beginning."
HIDDEN_ZIP = "{file} is two files in one: a ZIP package hides in it."
BEHIND = "{file} is two files in one: something lies behind the picture."
AROUND = "{file} is two files in one: something lies before or behind the package."
ENTITIES = "{file} declares XML entities in its part {part}: no office program does that."
FETCHES = "{file} fetches a template or an object from elsewhere: save it without."
INNER_PROGRAM = "{file} holds a program in it: take that out first."
OUT = "{file} points out of its package."
NESTED = "{file} is a package in a package: put its files in directly."
INVISIBLE = "The name {file} holds invisible characters: rename the file."
DEVICE = "Windows keeps the name {file} for itself: rename the file."
FORMULA = "{file} holds a formula that starts a program: take it out first."
PDF_SAID, ZIP_SAID, WORD_SAID = "a PDF document", "a ZIP package", "a Word document (.docx)"

EXE = b"MZ\x90\0\x03\0\0\0" + bytes(200)
ELF = b"\x7fELF\x02\x01\x01" + bytes(200)
MACH_O = b"\xcf\xfa\xed\xfe" + bytes(200)
JAVA = b"\xca\xfe\xba\xbe\0\0\0\x34" + bytes(200)
HTML = b"<html><script>alert(1)</script></html>"
DRAWING = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
BOMB = b'<!DOCTYPE r [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;">]><r>&b;</r>'
RELATIONS = (
    XML + b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    b'<Relationship Id="r1" TargetMode="External" Target="%s" Type='
    b'"http://schemas.openxmlformats.org/officeDocument/2006/relationships/%s"/></Relationships>'
)


@dataclass(frozen=True)
class Hostile:
    """``shown`` is how the refusal names it, where that is not its own name."""

    title: str
    name: str
    make: Callable[[], bytes]
    says: str
    shown: str = ""

    @property
    def sentence(self) -> str:
        return self.says.replace("{file}", self.shown or f"“{self.name}”")


def inside(name: str, member: str) -> str:
    return f"“{name}” › “{member}”"


def other(found: str, said: str) -> str:
    return f"{{file}} is {found}, not {said}."


def maybe(said: str) -> str:
    return f"{{file}} is damaged, or not {said} at all."


def document_with(member: str, content: bytes) -> bytes:
    return added(good.document(), {member: content})


def workbook_with(member: str, content: bytes) -> bytes:
    return added(good.workbook(), {member: content})


def relation(target: bytes, kind: bytes) -> bytes:
    return added(good.document(), {"word/_rels/document.xml.rels": RELATIONS % (target, kind)})
