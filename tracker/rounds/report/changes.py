"""What a version of a report says otherwise than the one before. Pure."""

from collections.abc import Iterator

from tracker.rounds.report.blocks import Json, sections_of

BETWEEN = " | "


def changes_between(before: Json, after: Json) -> list[Json]:
    """Lines that came, went or say something else, in the order of the new text, gone ones last.

    Lines are told apart by their keys, so that what only moved is no change.
    """
    old, new = dict(_lines(before)), dict(_lines(after))
    changed = [
        _change(where, what, old.get(key, ("", "", ""))[2], said)
        for key, (where, what, said) in new.items()
        if key not in old or old[key][2] != said
    ]
    gone = [
        _change(where, what, said, "") for key, (where, what, said) in old.items() if key not in new
    ]
    return changed + gone


def _change(where: str, what: str, before: str, after: str) -> Json:
    return {"where": where, "what": what, "before": before, "after": after}


def _lines(content: Json) -> Iterator[tuple[tuple[str, str, str], tuple[str, str, str]]]:
    """Each line by section, block and key: where it stands, how it is called, what it says."""
    for path, each in sections_of(content):
        for block in each["blocks"]:
            for key, what, said in _of_block(block):
                yield (each["key"], block["key"], key), (path, what, said)


def _of_block(block: Json) -> Iterator[tuple[str, str, str]]:
    if block["kind"] == "text":
        yield "", "", "\n".join(block["lines"])
    elif block["kind"] == "facts":
        for each in block["rows"]:
            yield each["key"], each["label"], each["value"]
    elif block["kind"] == "table":
        for each in block["rows"]:
            yield each["key"], block["title"], BETWEEN.join(each["cells"])
    else:
        for each in block["photos"]:
            yield each["key"], "", each["caption"]
