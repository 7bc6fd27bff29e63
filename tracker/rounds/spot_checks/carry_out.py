"""Carry out a draw that was announced, once, and make the checks that follow on it."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from plants.models import Person, Plant
from tracker import audit
from tracker.rounds.models import SpotCheck, SpotDraw, TieKind
from tracker.rounds.spot_checks.draw import Drawn, Tie, draw, one_line, read_pools, seed_of
from tracker.rounds.spot_checks.rights import (
    SpotCheckRefused,
    inspectors_under,
    person_of,
    refuse,
    why_not_draw,
)
from tracker.rounds.spot_checks.ties import key_of, read_ties


def carry_out(
    announced: SpotDraw, *, word: str, witnesses: str, by: audit.Actor, at: datetime
) -> tuple[SpotCheck, ...]:
    """Draw with the word that witnesses have said; now the nonce is no secret any more.

    ``SpotCheckRefused`` once it was carried out or given up, be it at the same moment.
    """
    person = person_of(by)
    refuse(why_not_draw(person, announced.authority))
    word, witnesses = one_line(word), one_line(witnesses)
    refuse(_why_not_so(announced, word, witnesses))
    plants, inspectors = list(announced.plants.all()), list(announced.inspectors.all())
    since = _ties_since(announced, plants, inspectors)
    with transaction.atomic():
        there = SpotDraw.objects.announced().filter(pk=announced.pk)
        values = {
            "word": word,
            "witnesses": witnesses,
            "seed": seed_of(nonce=announced.nonce, word=word, digest=announced.pools_digest),
            "ties_since": [asdict(tie) for tie in since],
        }
        if not there.update(**values, carried_out_by=person, carried_out_at=at):
            raise SpotCheckRefused(_("The draw was carried out or given up meanwhile."))
        announced.refresh_from_db()
        checks = _make_checks(announced, plants, inspectors)
        # In the site's chain only: a plant's history would tell it of a visit to come.
        drawn = [asdict(each) for each in drawn_in(announced)]
        told = {"nonce": announced.nonce, **values, "drawn": drawn}
        audit.record(by=by, at=at, verb=audit.Verb.DREW, thing=announced, after=told)
    return checks


def _make_checks(
    made: SpotDraw, plants: Iterable[Plant], inspectors: Iterable[Person]
) -> tuple[SpotCheck, ...]:
    """One for each plant that was drawn, with its inspectors."""
    by_code = {plant.code: plant for plant in plants}
    by_key = {key_of(person): person for person in inspectors}
    checks = []
    for number, each in enumerate(drawn_in(made), start=1):
        check = SpotCheck.objects.create(draw=made, number=number, plant=by_code[each.plant])
        check.inspectors.set([by_key[key] for key in each.inspectors])
        checks.append(check)
    return tuple(checks)


def drawn_in(made: SpotDraw) -> tuple[Drawn, ...]:
    """The outcome, drawn once more from what is kept; nothing before it was carried out."""
    if not made.seed:
        return ()
    ties = [Tie(**each) for each in made.ties_since]
    return draw(read_pools(made.pools), seed=made.seed, ties_since=ties)


def proof_of(made: SpotDraw) -> dict[str, object]:
    """All that is needed to draw again; nonce, word and outcome once the draw was carried out."""
    done = made.carried_out_at is not None
    return {
        "title": made.title,
        "announced_at": made.announced_at,
        "carried_out_at": made.carried_out_at,
        "given_up_at": made.given_up_at,
        "given_up_reason": made.given_up_reason,
        "pools": made.pools,
        "pools_sha256": made.pools_digest,
        "nonce_sha256": made.commitment,
        "nonce": made.nonce if done else None,
        "word": made.word if done else None,
        "witnesses": made.witnesses if done else None,
        "seed": made.seed if done else None,
        "ties_since": made.ties_since,
        "drawn": [asdict(each) for each in drawn_in(made)],
    }


def _ties_since(
    announced: SpotDraw, plants: Sequence[Plant], inspectors: Sequence[Person]
) -> tuple[Tie, ...]:
    """What has come up since the pools were fixed; who is no officer any more goes nowhere."""
    fixed = {(tie.inspector, tie.plant) for tie in read_pools(announced.pools).ties}
    officers = {key_of(person) for person in inspectors_under(announced.authority)}
    gone = [key_of(person) for person in inspectors if key_of(person) not in officers]
    left = [Tie(key, plant.code, TieKind.LEFT.value) for key in gone for plant in plants]
    bound = [tie for tie in read_ties(plants, inspectors) if tie.inspector not in gone]
    return tuple(tie for tie in (*bound, *left) if (tie.inspector, tie.plant) not in fixed)


def _why_not_so(announced: SpotDraw, word: str, witnesses: str) -> str | None:
    if announced.given_up_at is not None:
        return _("The draw was given up.")
    if announced.carried_out_at is not None:
        return _("The draw was carried out already: it stays as it is.")
    if not word:
        return _("Enter the word or number that the witnesses said.")
    if not witnesses:
        return _("Say who the witnesses are.")
    return None
