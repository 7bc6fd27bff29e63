"""A tag library under the name that Django finds; see ``tracker.web.round_rooms``."""

from tracker.web.round_rooms import register

__all__ = ["register"]
