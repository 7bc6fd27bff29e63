"""Names that can't be kept."""

from tests.evidence import good_files as good
from tests.evidence.hostile.case import (
    DEVICE,
    INVISIBLE,
    Hostile,
)

FILES = [
    # Names.
    Hostile("NUL in the name", "a\0.pdf", good.pdf, INVISIBLE, "“a�.pdf”"),
    Hostile("bell in the name", "报\x07告.pdf", good.pdf, INVISIBLE, "“报�告.pdf”"),
    Hostile("delete in the name", "报\x7f告.pdf", good.pdf, INVISIBLE, "“报�告.pdf”"),
    Hostile("turned name", "报告\u202efdp.exe.pdf", good.pdf, INVISIBLE, "“报告�fdp.exe.pdf”"),
    Hostile("turned name, newer marks", "报告\u2067fdp.pdf", good.pdf, INVISIBLE, "“报告�fdp.pdf”"),
    Hostile("line separator in the name", "报告\u2028.pdf", good.pdf, INVISIBLE, "“报告�.pdf”"),
    Hostile("Windows device", "CON.pdf", good.pdf, DEVICE),
    Hostile("Windows device, two endings", "lpt1.tar.pdf", good.pdf, DEVICE),
    Hostile(
        "only dots", "...", good.pdf, "{file} is no name of a file: give it one, with its ending."
    ),
    Hostile(
        "two dots", "..", good.pdf, "{file} is no name of a file: give it one, with its ending."
    ),
    Hostile(
        "trailing dot",
        "报告.pdf.",
        good.pdf,
        "The name {file} ends in a dot or a blank: rename the file.",
    ),
    Hostile(
        "trailing blank",
        "报告.pdf ",
        good.pdf,
        "The name {file} ends in a dot or a blank: rename the file.",
    ),
    Hostile(
        "1001 characters",
        "长" * 997 + ".pdf",
        good.pdf,
        "The name {file} is too long: at most 1000 characters.",
        f"“{'长' * 80}…{'长' * 76}.pdf”",
    ),
]
