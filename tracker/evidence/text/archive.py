"""Of a package only the names in it."""

from collections.abc import Iterator

from tracker.evidence.types.content import Content
from tracker.evidence.types.packages import name_of, opened


def lines_of_archive(content: Content) -> Iterator[str]:
    with opened(content) as package:
        yield from (name_of(info) for info in package.infolist() if not info.is_dir())
