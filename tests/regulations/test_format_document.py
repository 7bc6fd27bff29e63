"""docs/regulation-format.md says what is so: its examples are read by the real parser."""

import re
from pathlib import Path

import pytest

from plants.seedfile import read_seed
from tracker.regulations.facts import FACTS
from tracker.regulations.rules import read_applies, read_due
from tracker.regulations.seeds import SHIPPED, parse_seeds

PAGE = (Path(SHIPPED).parent / "docs" / "regulation-format.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
RULES = [line for block in BLOCKS for line in re.findall(r"^(?:applies|due): .*$", block, re.M)]


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
    seed, faults = read_seed("example.yaml", line.encode())
    assert seed is not None
    assert isinstance(seed.data, dict)
    ((key, rule),) = seed.data.items()
    read = {"applies": read_applies, "due": read_due}[key]

    read(rule, subject="outlet")

    assert faults == []


def test_every_fact_is_explained() -> None:
    explained = set(re.findall(r"`((?:plant|line|outlet|permit)\.\w+)`", PAGE))

    assert explained == set(FACTS)
