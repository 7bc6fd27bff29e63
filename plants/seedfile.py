"""Reads one seed file: YAML into plain data, the line of each value, faults in plain words."""

import re
from collections.abc import Hashable
from dataclasses import dataclass, field
from datetime import date, datetime

import yaml

Path = tuple[str | int, ...]

MERGE = "tag:yaml.org,2002:merge"
MISALIGNED = "the indentation is wrong: entries of one list or mapping start in the same column"
WIDE_COLON = re.compile(r"^[\s-]*[\w-]+：")

# What the parser says, and what an editor who is no programmer should do about it.
SYNTAX_HINTS = (
    (
        "mapping values are not allowed",
        "put text that holds ': ' in quotes, and a ':' after each key",
    ),
    (
        "could not find expected ':'",
        "a key without its colon: write 'key: value' with a plain ':' and a space after it",
    ),
    ("expected <block end>", MISALIGNED),
    ("expected '-' indicator", MISALIGNED),
    (
        "expected ',' or '}'",
        "a '}' or ',' is missing: put text that holds a comma or a quote in quotes",
    ),
    (
        "expected ',' or ']'",
        "a ']' or ',' is missing: put text that holds a comma or a quote in quotes",
    ),
    ("expected node content", "a value is missing here, or a '[' or '{' above is not closed"),
    ("while scanning a quoted scalar", "a quotation mark is opened and never closed"),
    ("expected a single document", "one file holds one document: remove the second '---'"),
    ("control characters", "a character that is no text stands here: delete it"),
    ("found undefined alias", "text that starts with '*' must stand in quotes"),
    ("cannot start any token", "text that starts with '%', '@' or '`' must stand in quotes"),
)


@dataclass(frozen=True, order=True)
class Fault:
    """One thing that is wrong in a seed file; prints as `file:line: path: what is wrong`."""

    file: str
    line: int
    path: str
    message: str

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}"
        return f"{where}: {self.path}: {self.message}" if self.path else f"{where}: {self.message}"


@dataclass(frozen=True)
class SeedFile:
    """A file's data as dicts, lists and scalars, and the line on which each path starts.

    `refused` holds the shown paths whose value the reader has complained of already.
    """

    name: str
    data: object
    lines: dict[Path, int]
    refused: frozenset[str] = frozenset()

    def line_of(self, path: Path) -> int:
        """The line of `path`, or of the nearest thing around it that is written down."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def fault(self, path: Path, message: str) -> Fault:
        """A fault of this file at `path`."""
        return Fault(self.name, self.line_of(path), show_path(path), message)


def show_path(path: Path) -> str:
    """`("requirements", 0, "title")` as `requirements[1].title`: people count from one."""
    shown = ""
    for step in path:
        shown += f"[{step + 1}]" if isinstance(step, int) else f".{step}" if shown else step
    return shown


def read_seed(name: str, content: bytes) -> tuple[SeedFile | None, list[Fault]]:
    """Read one YAML file.

    `name` is what faults call the file. Refuses what is not UTF-8, what is not YAML, an empty file,
    a top level that is no mapping, keys written twice, anchors and tags. Bad content never raises.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        return None, [Fault(name, line, "", "is not UTF-8 text: save the file as UTF-8")]
    try:
        root = yaml.compose(text, Loader=yaml.CSafeLoader)
    except (yaml.YAMLError, RecursionError) as error:
        return None, [_syntax_fault(name, text, error)]
    if root is None:
        return None, [Fault(name, 1, "", "is empty: write at least one key, such as 'document:'")]
    if not isinstance(root, yaml.MappingNode):
        return None, [
            Fault(name, _line(root), "", "must hold keys and values, such as 'document:'")
        ]
    reader = _Reader(name)
    try:
        data = reader.take(root, ())
    except RecursionError:
        return None, [Fault(name, 1, "", "is nested too deeply")]
    refused = frozenset(fault.path for fault in reader.faults)
    return SeedFile(name, data, reader.lines, refused), reader.faults


@dataclass
class _Reader:
    """Turns YAML nodes into plain data, noting lines and faults as it goes."""

    name: str
    lines: dict[Path, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    seen: set[int] = field(default_factory=set)
    scalars: yaml.SafeLoader = field(default_factory=lambda: yaml.SafeLoader(""))

    def take(self, node: yaml.Node, path: Path) -> object:
        self.lines.setdefault(path, _line(node))
        if id(node) in self.seen:  # an alias leads back to a node that was already taken
            self.refuse(node, path, "anchors and aliases ('&', '*') are not allowed: write it out")
            return None
        self.seen.add(id(node))
        if isinstance(node, yaml.MappingNode):
            return self.take_mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self.take(child, (*path, i)) for i, child in enumerate(node.value)]
        return self.take_scalar(node, path)

    def take_mapping(self, node: yaml.MappingNode, path: Path) -> dict[str, object]:
        taken: dict[str, object] = {}
        for key_node, value_node in node.value:
            key = self.take_key(key_node, path)
            if key is None:
                continue
            here = (*path, key)
            if key in taken:
                first = self.lines[here]
                self.refuse(key_node, here, f"is written twice (first on line {first}): keep one")
                continue
            self.lines[here] = _line(key_node)
            taken[key] = self.take(value_node, here)
        return taken

    def take_key(self, node: yaml.Node, path: Path) -> str | None:
        """A key is its text as written: `on` and `no` are words here, not true and false."""
        if not isinstance(node, yaml.ScalarNode) or not node.value:
            self.refuse(node, path, "a key must be a word")
            return None
        if node.tag == MERGE:
            self.refuse(node, path, "'<<' is not allowed: write it out")
            return None
        return str(node.value)

    def take_scalar(self, node: yaml.Node, path: Path) -> Hashable:
        try:
            value = self.scalars.construct_object(node, deep=True)
        except (yaml.YAMLError, ValueError, OverflowError):
            self.refuse(node, path, _bad_scalar(node))
            return None
        if isinstance(value, datetime):
            self.refuse(node, path, f"must be a date without a time; got {node.value!r}")
            return None
        if isinstance(value, (str, int, float, bool, date)) or value is None:
            return value
        self.refuse(node, path, _bad_scalar(node))
        return None

    def refuse(self, node: yaml.Node, path: Path, message: str) -> None:
        self.faults.append(Fault(self.name, _line(node), show_path(path), message))


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1


def _bad_scalar(node: yaml.Node) -> str:
    if node.tag == "tag:yaml.org,2002:timestamp":
        return f"{node.value!r} is not a date of the calendar"
    if node.tag.startswith("tag:yaml.org,2002:"):
        return f"{node.value!r} cannot be read: put it in quotes"
    return f"the tag {node.tag!r} is not allowed: text that starts with '!' must stand in quotes"


def _syntax_fault(name: str, text: str, error: Exception) -> Fault:
    lines = text.split("\n")
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    position = getattr(error, "position", 0) or 0
    line = min(mark.line if mark is not None else text.count("\n", 0, position), len(lines) - 1)
    said = " ".join(str(error).split())
    hint = next((words for sign, words in SYNTAX_HINTS if sign in said), None)
    opened = getattr(error, "context_mark", None)
    for near in (line, max(line - 1, 0)):
        if WIDE_COLON.match(lines[near]):
            line, hint = near, "a wide '：' stands after a key: write ':' and a space"
    if "\t" in lines[line][: len(lines[line]) - len(lines[line].lstrip())]:
        hint = "a tab stands here: indent with spaces"
    elif hint and ("is missing" in hint or "never closed" in hint) and opened is not None:
        line = min(opened.line, line)
    reason = hint or getattr(error, "problem", None) or "it cannot be read"
    return Fault(name, line + 1, "", f"is not valid YAML: {reason}")
