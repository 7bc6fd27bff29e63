"""Words of rounds, as template filters."""

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from plants.models import Tree
from tracker.reporting.round_work import RoundWork
from tracker.reporting.rounds import BoardRow
from tracker.rounds.models import Stage
from tracker.rounds.stages import MOVES, Mover, Movers

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


def next_words(row: BoardRow, movers: Movers, in_the_way: int | None) -> str:
    """Who must do what next, in one sentence; None where nobody has looked what is in the way."""
    if row.round.given_up_at is not None:
        return _("It was given up: nothing is left to do.")
    if row.stage == Stage.REMOVED:
        return _("It is off the list: what was removed can be assessed anew.")
    if row.stage == Stage.LISTED:
        return _("It is listed: nothing has to be done now.")
    onwards = next(to for to, move in MOVES[row.stage].items() if move.passes)
    words: dict[str, object] = {
        "who": whose_turn(row),
        "next": onwards.label,
        "n": in_the_way,
    }
    if not row.turn.isdisjoint(movers):
        return _your_turn(words, in_the_way)
    if in_the_way is None:
        return _("Waits for %(who)s to go on to “%(next)s”.") % words
    if in_the_way:
        sentence = ngettext(
            "Waits for %(who)s: %(n)d condition is in the way of “%(next)s”.",
            "Waits for %(who)s: %(n)d conditions are in the way of “%(next)s”.",
            in_the_way,
        )
        return sentence % words
    return _("Waits for %(who)s to go on to “%(next)s”; nothing is in the way.") % words


def _your_turn(words: dict[str, object], in_the_way: int | None) -> str:
    if in_the_way is None:
        return _("Your turn: on to “%(next)s”.") % words
    if in_the_way:
        sentence = ngettext(
            "Your turn: %(n)d condition is in the way of “%(next)s”.",
            "Your turn: %(n)d conditions are in the way of “%(next)s”.",
            in_the_way,
        )
        return sentence % words
    return _("Your turn: go on to “%(next)s”; nothing is in the way.") % words


@register.filter
def work_words(work: RoundWork) -> str:
    """The same, of a round on somebody's home."""
    count = None if work.in_the_way is None else len(work.in_the_way)
    return next_words(work.row, work.movers, count)
