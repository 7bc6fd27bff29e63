"""The process that sets one part: ``python -m … template fonts target``. It knows no settings."""

import sys
from pathlib import Path

import typst


def main(template: str, fonts: str, target: str) -> None:
    """The template reads its data from files beside it."""
    typst.compile(
        template,
        output=target,
        root=str(Path(template).parent),
        font_paths=[fonts],
        ignore_system_fonts=True,
    )


if __name__ == "__main__":
    main(*sys.argv[1:4])
