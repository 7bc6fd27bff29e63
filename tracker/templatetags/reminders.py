"""A tag library under the name that Django finds; see ``tracker.web.ladders``."""

from tracker.web.ladders import register

__all__ = ["register"]
