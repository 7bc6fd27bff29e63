"""A tag library under the name that Django finds; see ``tracker.web.wordings``."""

from tracker.web.wordings import register

__all__ = ["register"]
