"""What is read out of a file of each kind, and what a bad one does."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.evidence import good_files as good
from tests.evidence.text import files
from tracker.demo.evidence_files import make_pdf
from tracker.evidence.text import Fault, Read, read_apart
from tracker.evidence.text.extract import extract
from tracker.evidence.types import FileRefused

Make = Callable[[], bytes]
FALLBACK = (
    "<w:p><w:r><w:t>框</w:t></w:r></w:p>"
    '<m:AlternateContent xmlns:m="m"><m:Choice><w:p><w:r><w:t>一次</w:t></w:r></w:p></m:Choice>'
    "<m:Fallback><w:p><w:r><w:t>两次</w:t></w:r></w:p></m:Fallback></m:AlternateContent>"
)
LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>'
    b'<Page xmlns="http://www.ofdspec.org/2016"><TextCode>&b;</TextCode></Page>'
)


def kept(tmp_path: Path, content: bytes) -> Path:
    path = tmp_path / "0a1b"
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("make", "text"),
    [
        (
            files.document,
            "SNCR脱硝运行台账\n喷氨量与氨逃逸\n日期\t氨水\n2026-05-01\t3.5\n完\n\n\f\n示例水泥有限公司",
        ),
        (lambda: files.document_of(FALLBACK), "框\n一次"),
        (
            files.workbook,
            "台账\n日期\t氨水（吨）\t合格\n2026-05-01\t12\tTrue\n\t3.25\n\f说明\nSNCR 两行",
        ),
        (files.slides, "第二页\n\n\f\n第十页"),
        (files.ofd, "电子发票\nSNCR 氨水"),
        (lambda: "日期，氨水\r\n一日，3\r\n".encode("gb18030"), "日期，氨水\n一日，3"),
        (lambda: "\ufeff氨水 台账\n\n\n\n完".encode(), "氨水 台账\n\n完"),
        (lambda: "氨水".encode("utf-16"), "氨水"),
        (lambda: good.zipped({"照片/一.png": b"x", "二.pdf": b"y"}), "照片/一.png\n二.pdf"),
        (lambda: good.picture("PNG"), ""),
        (good.heic, ""),
        (good.video, ""),
        (good.old_word, ""),
    ],
)
def test_text_of_each_kind(tmp_path: Path, make: Make, text: str) -> None:
    assert extract(kept(tmp_path, make())) == (text, False)


def test_pdf_is_read_in_chinese(tmp_path: Path) -> None:
    text, _is_cut = extract(kept(tmp_path, make_pdf(7)))

    assert "示例检测报告 第007号\n一、监测项目：颗粒物、二氧化硫、氮氧化物、氨\n" in text


def test_entities_are_refused(tmp_path: Path) -> None:
    with pytest.raises(FileRefused):
        extract(kept(tmp_path, files.ofd(LAUGHS)))


def test_long_text_is_cut_and_says_so(tmp_path: Path) -> None:
    text, is_cut = extract(kept(tmp_path, ("氨水台账\n" * 100).encode()), most=42)

    assert is_cut
    assert text == "氨水台账\n" * 8 + "氨水"


@pytest.mark.parametrize(
    "make",
    [
        lambda: make_pdf(1)[:700],
        lambda: b"%PDF-1.7\n" + b"\0" * 4000,
        lambda: files.document()[:-40],
        lambda: files.document_of("<w:p><w:r><w:t>半</w:t>"),
        lambda: files.ofd(LAUGHS),
        lambda: files.ofd(files.OFD_PAGE[:200]),
        lambda: good.zipped({"a.txt": b"\0" * 9_000_000}),
    ],
)
def test_broken_file_is_told_not_raised(tmp_path: Path, make: Make) -> None:
    assert read_apart(kept(tmp_path, make())) == Read(fault=Fault.BROKEN)


def test_missing_file(tmp_path: Path) -> None:
    assert read_apart(tmp_path / "nowhere") == Read(fault=Fault.MISSING)


def test_file_is_read_in_a_process_of_its_own(tmp_path: Path) -> None:
    path = kept(tmp_path, files.document())

    assert read_apart(path) == Read(*extract(path))


def test_file_that_takes_too_long_is_given_up(tmp_path: Path) -> None:
    path = kept(
        tmp_path, files.document_of("".join(f"<w:r>{n}</w:r><w:b/>" for n in range(2_500_000)))
    )

    assert read_apart(path, seconds=1) == Read(fault=Fault.SLOW)


def test_file_that_takes_too_much_memory_is_given_up(tmp_path: Path) -> None:
    whole = files.document_of("".join(f"<w:t>{n:0>9000}</w:t>" for n in range(20_000)))

    assert read_apart(kept(tmp_path, whole), memory_mb=150) == Read(fault=Fault.BROKEN)
