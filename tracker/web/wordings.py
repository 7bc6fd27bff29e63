"""What is wrong with a wording, in the reader's language."""

from django import template

from tracker.reminders.wording import describe_fault

register = template.Library()
register.filter("fault_words", describe_fault)
