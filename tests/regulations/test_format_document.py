"""docs/regulation-format.md says what is so: its examples are read by the real parser."""

import re
from pathlib import Path
from typing import cast

import pytest

from plants.seedfile import read_seed
from plants.text import Text
from tracker.obligations.describe_due import describe_due
from tracker.regulations.facts import FACTS
from tracker.regulations.rules import read_applies, read_due
from tracker.regulations.seeds import SHIPPED, parse_seeds

PAGE = (Path(SHIPPED).parent / "docs" / "regulation-format.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
RULES = [line for block in BLOCKS for line in re.findall(r"^(?:applies|due): .*$", block, re.M)]

READ_AS = re.findall(r"^\| `(\{.*\})` \| (.*) \| (.*) \|$", PAGE, re.M)
NAMES = {"other": Text("其他区域", "other areas")}


def test_example_files_have_no_fault_of_their_own() -> None:
    examples = {
        "regulation.yaml": BLOCKS[0],
        "season.yaml": BLOCKS[-2],
        "places.yaml": BLOCKS[-1],
    }

    _seeds, faults = parse_seeds({name: text.encode() for name, text in examples.items()})

    # The examples name a document, a zone and places that are not among them.
    assert [(fault.file, fault.path) for fault in faults] == [
        ("regulation.yaml", "targets[1].zone"),
        ("season.yaml", "document"),
        ("season.yaml", "windows"),
        ("season.yaml", "windows[1].places[1]"),
        ("season.yaml", "windows[1].places[2]"),
        ("season.yaml", "not_known[1].places[1]"),
    ]


@pytest.mark.parametrize("line", RULES)
def test_example_rule_can_be_read(line: str) -> None:
    ((key, rule),) = data_of(line).items()
    read = {"applies": read_applies, "due": read_due}[key]

    read(rule, subject="outlet")


@pytest.mark.parametrize(("form", "english", "chinese"), READ_AS)
def test_form_reads_as_the_page_says(form: str, english: str, chinese: str) -> None:
    rule = read_due(data_of(f"due: {form}")["due"], subject="outlet")

    assert describe_due(rule, NAMES) == Text(chinese, english)


def data_of(line: str) -> dict[str, object]:
    seed, faults = read_seed("example.yaml", line.encode())
    assert (faults, seed is not None and isinstance(seed.data, dict)) == ([], True)
    return cast(dict[str, object], seed.data if seed else {})


def test_every_fact_is_explained() -> None:
    explained = set(re.findall(r"`((?:plant|line|outlet|permit|project)\.[\w.]+)`", PAGE))

    assert explained == set(FACTS)
