"""The templates' tag library under the name that Django finds; see ``tracker.web.tags``."""

from tracker.web.tags import register

__all__ = ["register"]
