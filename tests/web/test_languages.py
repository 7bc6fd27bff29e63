"""Both languages are complete: in the catalogue, and on every page."""

import ast
import gettext
import re
from pathlib import Path

from tests.factories import Cast
from tests.web.conftest import BrowserOf
from tests.web.pages import get_addresses, make_things, text_of

FOLDER = Path(__file__).resolve().parents[2] / "locale/zh_Hans/LC_MESSAGES"
CHINESE = re.compile(r"[\u4e00-\u9fff]")
HALF_WIDTH = re.compile(r"[\u4e00-\u9fff][,;:!?](?!\w)|[\u4e00-\u9fff]\.(?!\w)")
Entry = dict[str, str]
# Files as they came in; and a page that quotes a report in the language in which it was made.
NOT_OURS = ("evidence-file", "message-html", "round-report")


def entries() -> list[Entry]:
    """The catalogue's entries after the header, each by its keywords."""
    blocks = (FOLDER / "django.po").read_text().split("\n\n")[1:]
    return [_entry(block) for block in blocks if "msgid" in block]


def _entry(block: str) -> Entry:
    pairs = re.findall(r'^(msg[a-z_]+(?:\[0\])?) ((?:".*"\n?)+)', block, re.M)
    return {key: "".join(ast.literal_eval(f"({lines})").splitlines(True)) for key, lines in pairs}


def chinese_of(entry: Entry) -> str:
    return entry.get("msgstr", "") or entry.get("msgstr[0]", "")


def test_every_message_has_its_chinese() -> None:
    assert [entry["msgid"] for entry in entries() if not chinese_of(entry)] == []
    assert ", fuzzy" not in (FOLDER / "django.po").read_text()


def test_chinese_uses_full_width_punctuation() -> None:
    assert [chinese_of(e) for e in entries() if HALF_WIDTH.search(chinese_of(e))] == []


def test_placeholders_are_the_same_in_both() -> None:
    names = re.compile(r"%(?:\(\w+\))?[sd]")

    wrong = [
        entry["msgid"]
        for entry in entries()
        if set(names.findall(chinese_of(entry)))
        != set(names.findall(entry.get("msgid_plural", entry["msgid"])))
    ]

    assert wrong == []


def test_compiled_catalogue_is_the_written_one() -> None:
    with (FOLDER / "django.mo").open("rb") as stream:
        compiled = gettext.GNUTranslations(stream)

    stale = []
    for entry in entries():
        context, single = entry.get("msgctxt"), entry["msgid"]
        if "msgid_plural" in entry:
            said = compiled.ngettext(single, entry["msgid_plural"], 2)
        else:
            said = compiled.pgettext(context, single) if context else compiled.gettext(single)
        if said != chinese_of(entry):
            stale.append(single)

    assert stale == []


def test_no_english_is_left_on_a_chinese_page(world: Cast, browser_of: BrowserOf) -> None:
    addresses = get_addresses(world, make_things(world))
    sentences = {
        entry["msgid"]
        for entry in entries()
        if " " in entry["msgid"] and "%" not in entry["msgid"] and CHINESE.search(chinese_of(entry))
    }

    left = {
        (name, sentence)
        for who in (world.manager, world.changji_officer, world.administrator)
        for name, address in addresses.items()
        if name not in ("evidence-file", "message-html")
        for text in [text_of(browser_of(who, language="zh-CN").get(address), raw_values=False)]
        for sentence in sentences
        if sentence in text
    }

    assert left == set()


def test_no_chinese_is_left_on_an_english_page(world: Cast, browser_of: BrowserOf) -> None:
    addresses = get_addresses(world, make_things(world))
    words = {chinese_of(entry) for entry in entries() if len(chinese_of(entry)) > 2}
    words = {word for word in words if CHINESE.search(word) and "%" not in word}
    in_rows = {"监测报告", "窑尾废气排放口", "昌吉回族自治州", "简体中文", "排放口"}

    left = {
        (name, word)
        for who in (world.manager, world.changji_officer, world.administrator)
        for name, address in addresses.items()
        if name not in NOT_OURS
        for text in [text_of(browser_of(who).get(address))]
        for word in words - in_rows
        if word in text
    }

    assert left == set()
