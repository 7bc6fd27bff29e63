"""Words of rounds, as template filters."""

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from plants.models import Tree
from tracker.reporting.rounds import BoardRow
from tracker.rounds.stages import Mover

register = template.Library()


@register.filter
def whose_turn(row: BoardRow) -> str:
    """Who has to act for the round to go on; a dash where nobody has to."""
    in_corps = row.round.plant.authority.tree == Tree.CORPS
    if Mover.UPPER in row.turn:
        return _("the Corps") if in_corps else _("the region")
    if Mover.OFFICE in row.turn:
        return _("the division") if in_corps else _("the prefecture")
    if Mover.BODY in row.turn:
        return _("the plant or its assessors")
    return _("the plant") if row.turn else pgettext("nobody", "—")
