"""ZIP packages of evidence: one level, and every file in them by the rules for files alone."""

import zipfile
from collections.abc import Callable

from django.utils.translation import gettext as _

from tracker.evidence.types import kinds
from tracker.evidence.types.content import Content
from tracker.evidence.types.packages import MEGABYTE, member_label, name_of, opened, unpacked
from tracker.evidence.types.refusal import FileRefused, refused

# What systems put into packages by themselves: its name, and how it begins.
LITTER = ((".ds_store", b"\0\0\0\x01Bud1"), ("._", b"\0\x05\x16\x07"))


def check_archive(content: Content, check: Callable[[Content], object]) -> None:
    """``FileRefused`` names the member that ``check`` refuses, and what is no plain package."""
    with opened(content) as package:
        members = [info for info in package.infolist() if not info.is_dir()]
        if not members:
            raise refused(content, _("%(file)s holds no file."))
        for info in members:
            _refuse_size(content, info)
            with unpacked(content, package, info) as inner:
                if not _is_litter(inner):
                    check(inner)


def _refuse_size(content: Content, info: zipfile.ZipInfo) -> None:
    name = name_of(info)
    limit = kinds.limit_bytes_of(name)
    if info.file_size > limit:
        raise FileRefused(
            _("%(file)s has %(size)d MB; at most %(limit)d MB are taken.")
            % {
                "file": member_label(content, name),
                "size": -(-info.file_size // MEGABYTE),
                "limit": limit // MEGABYTE,
            }
        )


def _is_litter(inner: Content) -> bool:
    name, head = inner.name.lower(), inner.head
    return any(name.startswith(start) and head.startswith(mark) for start, mark in LITTER)
