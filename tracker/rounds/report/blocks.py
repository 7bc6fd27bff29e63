"""What a report's text is made of: sections and blocks, as JSON that is frozen. Pure."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from tracker.evidence.digests import Digests

FORMAT = "ule-report/1"
_NO_TEXT = re.compile(r"[\x00-\x09\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
Json = dict[str, Any]
GAP = re.compile(r"【(?:待补充|to be added)[：:] ?([^】]*)】")


@dataclass(frozen=True)
class Frozen:
    """A text in its canonical form, with its hashes."""

    text: str
    sha256: str
    sm3: str


def plain(words: object) -> str:
    """Without signs that are no text, which no document takes."""
    return _NO_TEXT.sub("", str(words))


def gap(what: object) -> str:
    """What stands in the text where nobody has told something yet."""
    return _("【to be added: %(what)s】") % {"what": what}


def section(
    key: str, title: str, blocks: Sequence[Json] = (), parts: Sequence[Json] = (), note: str = ""
) -> Json:
    """``note`` says what is not sure about its arrangement."""
    return {"key": key, "title": title, "note": note, "blocks": list(blocks), "parts": list(parts)}


def text(key: str, *lines: str) -> Json:
    return {"kind": "text", "key": key, "lines": [plain(line) for line in lines]}


def fact(key: str, label: object, value: object, said: str = "") -> Json:
    """One line of a list of facts; ``said`` is by whom and when."""
    return {"key": key, "label": plain(label), "value": plain(value), "said": plain(said)}


def facts(key: str, rows: Sequence[Json]) -> Json:
    return {"kind": "facts", "key": key, "rows": list(rows)}


def row(key: str, *cells: object) -> Json:
    """``key`` tells the row from one version to the next."""
    return {"key": key, "cells": [plain(cell) for cell in cells]}


def table(
    key: str, title: str, head: Sequence[str], widths: Sequence[int], rows: Sequence[Json]
) -> Json:
    """``widths`` are shares of the page's width, one for each column."""
    return {
        "kind": "table",
        "key": key,
        "title": title,
        "head": list(head),
        "widths": list(widths),
        "rows": list(rows),
    }


def photo(sha256: str, caption: str) -> Json:
    return {"key": sha256, "sha256": sha256, "caption": plain(caption)}


def photos(key: str, shown: Sequence[Json]) -> Json:
    return {"kind": "photos", "key": key, "photos": list(shown)}


def freeze(content: Json) -> Frozen:
    """One text for each content, whatever the order of its keys."""
    written = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    digests = Digests()
    digests.update(written.encode())
    return Frozen(written, digests.sha256, digests.sm3)


def sections_of(content: Json) -> Iterator[tuple[str, Json]]:
    """Every section, each after the one that it stands in, with the titles that lead to it."""

    def walk(found: Sequence[Json], above: str) -> Iterator[tuple[str, Json]]:
        for each in found:
            path = f"{above} › {each['title']}" if above else each["title"]
            yield path, each
            yield from walk(each["parts"], path)

    yield from walk(content["sections"], "")


def is_annex(each: Json) -> bool:
    """Whether a section stands behind the signatures."""
    return str(each["key"]).startswith("annex")


def folded(sha256: str) -> str:
    """A fingerprint on two lines, which fit into a column."""
    half = len(sha256) // 2
    return f"{sha256[:half]}\n{sha256[half:]}"


def photos_of(content: Json) -> list[str]:
    """The fingerprints of the photographs, each once, in their order."""
    blocks = (block for _path, each in sections_of(content) for block in each["blocks"])
    shown = (each for block in blocks if block["kind"] == "photos" for each in block["photos"])
    return list(dict.fromkeys(each["sha256"] for each in shown))


def gaps_of(content: Json) -> list[tuple[str, str]]:
    """Where something is to be added, and what: read out of the text itself."""
    return [
        (path, found)
        for path, each in sections_of(content)
        for block in each["blocks"]
        for words in _words_of(block)
        for found in GAP.findall(words)
    ]


def _words_of(block: Json) -> Iterator[str]:
    yield from block.get("lines", ())
    for each in block.get("rows", ()):
        yield from each["cells"] if "cells" in each else (each["value"],)
