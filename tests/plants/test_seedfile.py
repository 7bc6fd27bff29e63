"""A seed file that cannot be read names its line and says what to do."""

# ruff: noqa: E501 - one fault, one row

from datetime import date

import pytest

from plants.seedfile import Fault, read_seed

COLON = "is not valid YAML: put text that holds ': ' in quotes, and a ':' after each key"
BRACE = "is missing: put text that holds a comma or a quote in quotes"
ALIAS = "anchors and aliases ('&', '*') are not allowed: write it out"


@pytest.mark.parametrize(
    ("content", "faults"),
    [
        ("", ["f.yaml:1: is empty: write at least one key, such as 'document:'"]),
        ("# only a comment\n", ["f.yaml:1: is empty: write at least one key, such as 'document:'"]),
        ("- a\n- b\n", ["f.yaml:1: must hold keys and values, such as 'document:'"]),
        ("just text\n", ["f.yaml:1: must hold keys and values, such as 'document:'"]),
        ("a:\n\t- b\n", ["f.yaml:2: is not valid YAML: a tab stands here: indent with spaces"]),
        ("a: 1\nb: c: d\n", [f"f.yaml:2: {COLON}"]),
        ("a: 1\nb：2\nc: 3\n", ["f.yaml:2: is not valid YAML: a wide '：' stands after a key: write ':' and a space"]),
        ("a: 1\nb: {c: 1\nd: 2\n", [f"f.yaml:2: is not valid YAML: a '}}' or ',' {BRACE}"]),
        ("a: 1\nb: [c\nd: 2\n", [f"f.yaml:2: is not valid YAML: a ']' or ',' {BRACE}"]),
        ('a: 1\nb: "c\nd: 2\n', ["f.yaml:2: is not valid YAML: a quotation mark is opened and never closed"]),
        ("a: 1\n---\nb: 2\n", ["f.yaml:2: is not valid YAML: one file holds one document: remove the second '---'"]),
        ("a:\n  - b: 1\n   c: 2\n", ["f.yaml:3: is not valid YAML: the indentation is wrong: entries of one list or mapping start in the same column"]),
        ("a: 1\nb: \x01\n", ["f.yaml:2: is not valid YAML: a character that is no text stands here: delete it"]),
        ("a: " + "[" * 3000 + "]" * 3000, ["f.yaml:1: is nested too deeply"]),
        ("a: &x [1]\nb: *x\n", [f"f.yaml:1: b: {ALIAS}"]),
        ("a: &x\n  b: *x\n", [f"f.yaml:1: a.b: {ALIAS}"]),
        ("a: 1\nb:\n  c: 1\n  c: 2\n", ["f.yaml:4: b.c: is written twice (first on line 3): keep one"]),
        ("a: 1\nb: 2024-02-30\n", ["f.yaml:2: b: '2024-02-30' is not a date of the calendar"]),
        ("a: 2024-01-19 10:00:00\n", ["f.yaml:1: a: must be a date without a time; got '2024-01-19 10:00:00'"]),
        ("a: !x 1\n", ["f.yaml:1: a: the tag '!x' is not allowed: text that starts with '!' must stand in quotes"]),
        ("a: @x\n", ["f.yaml:1: is not valid YAML: text that starts with '%', '@' or '`' must stand in quotes"]),
        ("a: 1\n<<: {b: 1}\n", ["f.yaml:2: '<<' is not allowed: write it out"]),
        ("[a]: 1\n", ["f.yaml:1: a key must be a word"]),
    ],
)  # fmt: skip
def test_read_seed_names_line_and_remedy(content: str, faults: list[str]) -> None:
    _seed, found = read_seed("f.yaml", content.encode())

    assert [str(fault) for fault in found] == faults


def test_read_seed_refuses_other_encodings() -> None:
    seed, faults = read_seed("f.yaml", b"a: 1\nb: " + "新疆".encode("gbk"))

    assert seed is None
    assert faults == [Fault("f.yaml", 2, "", "is not UTF-8 text: save the file as UTF-8")]


def test_read_seed_keeps_values_and_lines() -> None:
    content = "\ufeffon: 2028-12-31\nrows:\n  - {no: 乌鲁木齐, n: 1.5}\n  - yes\n".encode()

    seed, faults = read_seed("f.yaml", content)

    assert faults == []
    assert seed is not None
    assert seed.data == {"on": date(2028, 12, 31), "rows": [{"no": "乌鲁木齐", "n": 1.5}, True]}
    assert seed.line_of(("rows", 1)) == 4
    assert str(seed.fault(("rows", 0, "zh"), "is missing")) == "f.yaml:3: rows[1].zh: is missing"
