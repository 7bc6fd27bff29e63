"""Programs, scripts, pages, and contents under another kind's name."""

from tests.evidence import good_files as good
from tests.evidence.good_files import XML
from tests.evidence.hostile.case import (
    DRAWING,
    ELF,
    EXE,
    HTML,
    JAVA,
    MACH_O,
    NOT_TAKEN,
    PAGE,
    PDF_SAID,
    PROGRAM,
    SCRIPT,
    SVG,
    WORD_SAID,
    ZIP_SAID,
    Hostile,
    maybe,
    other,
)

FILES = [
    # Programs and scripts, whatever they are called.
    Hostile("Windows program as PDF", "报告.pdf", lambda: EXE, PROGRAM),
    Hostile("Windows program, double ending", "报告.pdf.exe", lambda: EXE, PROGRAM),
    Hostile("double ending, harmless content", "报告.pdf.exe", good.pdf, NOT_TAKEN),
    Hostile("Linux program as picture", "现场.jpg", lambda: ELF, PROGRAM),
    Hostile("macOS program as text", "说明.txt", lambda: MACH_O, PROGRAM),
    Hostile("Java class as ZIP", "附件.zip", lambda: JAVA, PROGRAM),
    Hostile("WebAssembly", "台账.csv", lambda: b"\0asm\x01\0\0\0", PROGRAM),
    Hostile("short-cut", "报告.pdf", lambda: b"L\0\0\0\x01\x14\x02\0" + bytes(60), PROGRAM),
    Hostile("shell script as text", "说明.txt", lambda: b"#!/bin/sh\nrm -rf ~\n", SCRIPT),
    Hostile("shell script behind a mark", "说明.txt", lambda: b"\xef\xbb\xbf#!/bin/sh\n", SCRIPT),
    Hostile("batch file as text", "说明.txt", lambda: b"\r\n@ECHO OFF\r\nformat c:", SCRIPT),
    Hostile("PHP as CSV", "台账.csv", lambda: b"<?php system($_GET[0]); ?>", SCRIPT),
    Hostile("script by ending", "脚本.js", lambda: b"alert(1)", NOT_TAKEN),
    # Pages and drawings with code.
    Hostile("HTML as text", "说明.txt", lambda: HTML, PAGE),
    Hostile("HTML by ending", "页面.html", lambda: HTML, PAGE),
    Hostile("HTML as PDF", "报告.pdf", lambda: HTML, PAGE),
    Hostile("HTML as picture", "现场.png", lambda: b"\n\t <!DOCTYPE html>" + HTML, PAGE),
    Hostile("HTML behind a mark", "说明.txt", lambda: b"\xef\xbb\xbf \n" + HTML, PAGE),
    Hostile("HTML in UTF-16", "说明.txt", lambda: HTML.decode().encode("utf-16"), PAGE),
    Hostile("HTML in UTF-16, no mark", "a.csv", lambda: HTML.decode().encode("utf-16-le"), PAGE),
    Hostile("HTML behind a comment", "说明.txt", lambda: b"<!--x-->" + HTML, PAGE),
    Hostile("script element", "台账.csv", lambda: b"  <ScRiPt>alert(1)</script>", PAGE),
    Hostile("XML as text", "说明.txt", lambda: XML + b"<a/>", PAGE),
    Hostile("SVG by ending", "图.svg", lambda: DRAWING, SVG),
    Hostile("SVG as PNG", "图.png", lambda: XML + DRAWING, SVG),
    Hostile("SVG as text", "图.txt", lambda: b"<!-- x -->\n" + DRAWING, SVG),
    # One thing under another's name.
    Hostile(
        "PNG as PDF", "报告.pdf", lambda: good.picture("PNG"), other("a PNG picture", PDF_SAID)
    ),
    Hostile(
        "JPEG as PNG",
        "a.png",
        lambda: good.picture("JPEG"),
        other("a JPEG picture", "a PNG picture"),
    ),
    Hostile(
        "GIF as JPEG",
        "a.jpg",
        lambda: good.picture("GIF"),
        other("a GIF picture", "a JPEG picture"),
    ),
    Hostile("PDF as Word", "报告.docx", good.pdf, other(PDF_SAID, WORD_SAID)),
    Hostile("Word as ZIP", "附件.zip", good.document, other(WORD_SAID, ZIP_SAID)),
    Hostile(
        "Excel as Word", "报告.docx", good.workbook, other("an Excel workbook (.xlsx)", WORD_SAID)
    ),
    Hostile(
        "old Word as new",
        "报告.docx",
        good.old_word,
        other("an old Word document (.doc)", WORD_SAID),
    ),
    Hostile(
        "RAR as ZIP",
        "附件.zip",
        lambda: b"Rar!\x1a\x07\x01\0" + bytes(40),
        other("a RAR package", ZIP_SAID),
    ),
    Hostile(
        "7z as ZIP",
        "附件.zip",
        lambda: b"7z\xbc\xaf\x27\x1c" + bytes(40),
        other("a 7z package", ZIP_SAID),
    ),
    Hostile(
        "AVIF as HEIC",
        "a.heic",
        lambda: good.heic(brand=b"avif"),
        other("an AVIF picture", "a HEIC picture"),
    ),
    Hostile("video as picture", "a.heic", good.video, other("an MP4 video", "a HEIC picture")),
    Hostile("text as PDF", "报告.pdf", lambda: "说明".encode(), other("a text", PDF_SAID)),
    Hostile("noise as CSV", "台账.csv", lambda: b"a,b\0c", maybe("a CSV table")),
    Hostile("noise as PDF", "报告.pdf", lambda: b"\x01\x02\x03" * 100, maybe(PDF_SAID)),
    Hostile("text in no encoding", "台账.txt", lambda: b"ab\xff\xffcd", maybe("a text")),
    Hostile("text with an escape code", "台账.txt", lambda: b"a\x1b[2Jb", maybe("a text")),
    Hostile("GIF by ending", "动图.gif", lambda: good.picture("GIF"), NOT_TAKEN),
    Hostile("no ending", "报告", good.pdf, NOT_TAKEN),
]
