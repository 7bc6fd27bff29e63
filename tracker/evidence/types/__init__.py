"""Which files are taken as evidence: the content decides, and every refusal has its reason.

A module for each noun. ``examine`` asks them in turn; none reads a file whole, none decodes a
picture, and what a package holds is judged by the same rules as what comes alone.
"""

from tracker.evidence.types.content import quoted
from tracker.evidence.types.disk import is_full
from tracker.evidence.types.examine import looks_like, media_type_of
from tracker.evidence.types.kinds import BY_ENDING, EXCEL, WORD, limit_bytes_of
from tracker.evidence.types.names import refuse_name
from tracker.evidence.types.refusal import FileRefused, FileTooLarge, StoreFull

__all__ = [
    "BY_ENDING",
    "EXCEL",
    "WORD",
    "FileRefused",
    "FileTooLarge",
    "StoreFull",
    "is_full",
    "limit_bytes_of",
    "looks_like",
    "media_type_of",
    "quoted",
    "refuse_name",
]
