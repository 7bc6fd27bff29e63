"""Programs, scripts and pages with code: refused whatever they are called."""

import re

from django.utils.translation import gettext as _

from tracker.evidence.types.content import HEAD_BYTES, Content
from tracker.evidence.types.refusal import refused

PROGRAMS = (
    b"\x7fELF",
    *(b"\xfe\xed\xfa\xce", b"\xfe\xed\xfa\xcf", b"\xce\xfa\xed\xfe", b"\xcf\xfa\xed\xfe"),
    b"\xca\xfe\xba\xbe",  # Mach-O for several processors, and Java
    b"dex\n",
    b"\0asm",
    b"L\0\0\0\x01\x14\x02\0",  # a Windows short-cut
)
SCRIPTS = (b"#!", b"<?php", b"<%", b"@echo off", b"<job", b"<script language")
# What browsers take for a page (the sniffing standard's list), and XML, which may become one.
PAGES = re.compile(
    rb"<(?:!doctype|!--|\?xml|(?:html|head|script|iframe|h1|div|font|table|a|style|title|b|body|"
    rb"br|p|meta|link|object|embed|form|img|frameset|base)(?=[\s>/]|$))"
)
SVG = re.compile(rb"<(?:[a-z0-9]+:)?svg[\s>]")
MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\x84\x31\x95\x33")
BLANKS = b" \t\r\n\f\v\0"


def refuse_programs(content: Content) -> None:
    """``FileRefused`` for what acts when it is opened."""
    head = content.head
    if is_program(head):
        raise refused(content, _("%(file)s is a program: programs are not taken."))
    shown = plain(head)
    if shown.startswith(SCRIPTS):
        raise refused(content, _("%(file)s is a script: scripts are not taken."))
    if shown.startswith(b"<") and SVG.search(shown):
        raise refused(
            content,
            _("%(file)s is an SVG drawing, which can hold code: save it as PNG or PDF."),
        )
    if PAGES.match(shown):
        raise refused(
            content, _("%(file)s is a web page (HTML or XML): print it into a PDF instead.")
        )


def is_program(head: bytes) -> bool:
    # A text may begin with the letters MZ; a program has zeros right behind them.
    return head.startswith(PROGRAMS) or (head[:2] == b"MZ" and b"\0" in head[2:64])


def plain(head: bytes) -> bytes:
    """The first bytes as a browser reads them: small letters, no mark, no blanks, no UTF-16."""
    shown = head[:HEAD_BYTES]
    for mark in MARKS:
        shown = shown.removeprefix(mark)
    return shown.replace(b"\0", b"").lstrip(BLANKS).lower()
