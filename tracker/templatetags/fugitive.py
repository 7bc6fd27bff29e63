"""A tag library under the name that Django finds; see ``tracker.web.fugitive``."""

from tracker.web.fugitive import register

__all__ = ["register"]
