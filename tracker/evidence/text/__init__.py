"""What a file says, as plain text, so that it can be searched and shown.

A module for each noun. ``extract`` asks the one that knows the kind; it runs in a process of its
own (``apart``), so that a file that was made to hang or to burst takes nobody with it.

Sheets, slides and pages are kept apart by ``BREAK``, cells by tabs.
"""

from tracker.evidence.text.apart import Fault, Read, draw_apart, read_apart
from tracker.evidence.text.pdf import count_pages
from tracker.evidence.text.pieces import BREAK, MOST_CHARACTERS

__all__ = ["BREAK", "MOST_CHARACTERS", "Fault", "Read", "count_pages", "draw_apart", "read_apart"]
