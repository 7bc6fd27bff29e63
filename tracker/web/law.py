"""The template filters that say a requirement's rules in words."""

from django import template

from plants.text import Text
from tracker.obligations.describe_due import brief_due
from tracker.regulations.models import Requirement
from tracker.regulations.rules import read_due

register = template.Library()


@register.filter
def due_briefly(requirement: Requirement) -> Text:
    """When it is due, in a few words for a list."""
    return brief_due(read_due(requirement.due, subject=requirement.subject_kind))
