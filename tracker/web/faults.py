"""Whether a fault means that a disk is full: the files', or the one that the database writes to."""

import sqlite3

from tracker.evidence.types import is_full

DISK_FULL = "53100"  # PostgreSQL's word for it


def is_for_want_of_room(fault: BaseException | None) -> bool:
    """True where it, or what it was raised from or over, says that nothing fits any more."""
    while fault is not None:
        if _says_full(fault):
            return True
        fault = fault.__cause__ or fault.__context__
    return False


def _says_full(fault: BaseException) -> bool:
    """SQLite numbers its faults, PostgreSQL's driver names them, the system does both."""
    if isinstance(fault, OSError):
        return is_full(fault)
    if isinstance(fault, sqlite3.Error):
        return getattr(fault, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL
    return getattr(fault, "sqlstate", None) == DISK_FULL
