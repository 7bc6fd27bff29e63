"""A tag library under the name that Django finds; see ``tracker.web.folds``."""

from tracker.web.folds import register

__all__ = ["register"]
