"""Text with placeholders in double braces, and nothing else: no tag, no filter, no code. Pure."""

import re
from collections.abc import Collection, Mapping

COMMON = ("name", "authority", "site", "subject", "count")
OF_PLANTS = (*COMMON, "plant")
NAMES = {
    "digest": (*OF_PLANTS, "date"),
    "escalation": (*OF_PLANTS, "date"),
    "returned": OF_PLANTS,
    "accepted": OF_PLANTS,
    "at_once": OF_PLANTS,
    "changed": OF_PLANTS,
    "rules": COMMON,
}
"""What each letter can always fill."""

# Other braces of a template language, and the full-width ones that an input method writes.
_TOKEN = re.compile(r"\{\{(?P<name>[^{}]*)\}\}|\{\{|\}\}|\{%|%\}|\{#|#\}|｛｛|｝｝")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")
_EXCERPT = 40


class Fault(Exception):
    """Why a text can't be filled: a kind, and the piece that it is about."""

    def __init__(self, kind: str, about: str = "") -> None:
        super().__init__(kind, about)
        self.kind, self.about = kind, about

    @property
    def key(self) -> str:
        return f"{self.kind}:{self.about}" if self.about else self.kind


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with each placeholder's value, which is not looked into again; or ``Fault``."""
    check(text, values.keys())
    return _TOKEN.sub(lambda found: values[found["name"].strip()], text)


def check(text: str, allowed: Collection[str], *, longest: int = 1000, lines: bool = True) -> None:
    """Raise the first ``Fault`` of a text; without ``lines`` it must have one line only."""
    if len(text) > longest:
        raise Fault("too_long")
    if not lines and len(text.splitlines()) > 1:
        raise Fault("line_break")
    if _CONTROL.search(text):
        raise Fault("control")
    for found in _TOKEN.finditer(text):
        name = found["name"]
        if name is None:
            raise Fault("brace", found[0])
        if name.strip() not in allowed:
            raise Fault("unknown", name.strip()[:_EXCERPT])
