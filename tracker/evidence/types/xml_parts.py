"""XML parts of packages: no document type, which no office program writes, and no entities."""

from collections.abc import Iterable
from xml.parsers import expat

from django.utils.translation import gettext as _

from tracker.evidence.types.content import Content
from tracker.evidence.types.refusal import refused


class _RootReached(Exception):
    """The part's head is over: a document type can't come any more."""


def check_head(content: Content, member: str, chunks: Iterable[bytes]) -> str:
    """The name of the root element; ``FileRefused`` for a part that declares a document type."""
    root: list[str] = []

    def reach(name: str, _attributes: dict[str, str]) -> None:
        root.append(name)
        raise _RootReached

    parser = parser_of(content, member)
    parser.StartElementHandler = reach
    try:
        for chunk in chunks:
            parser.Parse(chunk, False)
        parser.Parse(b"", True)
    except _RootReached:
        pass
    return root[0]


def elements(content: Content, member: str, text: bytes) -> list[tuple[str, dict[str, str]]]:
    """Every element's name and attributes of a small part."""
    found: list[tuple[str, dict[str, str]]] = []
    parser = parser_of(content, member)
    parser.StartElementHandler = lambda name, attributes: found.append((name, attributes))
    parser.Parse(text, True)
    return found


def parser_of(content: Content, member: str) -> expat.XMLParserType:
    """A parser that raises ``FileRefused`` at a document type or an entity."""

    def refuse(*_declared: object) -> None:
        raise refused(
            content,
            _("%(file)s declares XML entities in its part %(part)s: no office program does that."),
            part=member,
        )

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    return parser
