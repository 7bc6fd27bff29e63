"""A file that can't be taken, and the sentence that says why."""

from tracker.evidence.types.content import Content


class FileRefused(Exception):
    """The file can't be taken; the sentence says why, in the reader's language."""


class FileTooLarge(FileRefused):
    """The file is larger than one of its kind may be."""


class StoreFull(FileRefused):
    """The disk has no room for the file: nobody's fault who sends one."""


def refused(content: Content, sentence: str, **more: object) -> FileRefused:
    """The refusal of this content: ``sentence`` is translated and names it as %(file)s."""
    return FileRefused(sentence % {"file": content.label, **more})
