"""Whether a fault of the file system means that nothing fits any more."""

import errno

# No space, no quota, or a file larger than the system lets one grow.
FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def is_full(fault: OSError) -> bool:
    return fault.errno in FULL
