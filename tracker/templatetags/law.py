"""A tag library under the name that Django finds; see ``tracker.web.law``."""

from tracker.web.law import register

__all__ = ["register"]
