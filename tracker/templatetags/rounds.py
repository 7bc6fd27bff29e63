"""A tag library under the name that Django finds; see ``tracker.web.rounds``."""

from tracker.web.rounds import register

__all__ = ["register"]
