"""Names that a file can't keep: invisible characters, names that Windows won't open."""

import re

from django.utils.translation import gettext as _

from tracker.evidence.types.content import is_invisible, quoted
from tracker.evidence.types.refusal import FileRefused

LONGEST_NAME = 1000
# Windows keeps these for its devices, with any ending.
DEVICES = re.compile(
    r"^\s*(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)\s*(\..*)?$", re.I
)


def refuse_name(name: str, label: str = "") -> None:
    """``FileRefused`` for a name that can't be kept to the letter and given out again."""
    sentence = _why_not(name)
    if sentence is not None:
        raise FileRefused(sentence % {"file": label or quoted(name)})


def _why_not(name: str) -> str | None:
    if not name.strip(". \u3000\t"):
        return _("%(file)s is no name of a file: give it one, with its ending.")
    if any(is_invisible(character) for character in name):
        return _("The name %(file)s holds invisible characters: rename the file.")
    if "/" in name or "\\" in name:
        return _("The name %(file)s holds a path: rename the file.")
    if DEVICES.match(name):
        return _("Windows keeps the name %(file)s for itself: rename the file.")
    if name[-1] in ". ":
        return _("The name %(file)s ends in a dot or a blank: rename the file.")
    if len(name) > LONGEST_NAME:
        return _("The name %(file)s is too long: at most 1000 characters.")
    return None
