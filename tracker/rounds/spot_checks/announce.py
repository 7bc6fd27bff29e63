"""Announce a draw: fix who may be drawn, and show the digest of a number that nobody sees."""

import secrets
from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from plants.models import Authority, Person, Plant
from plants.text import CHINESE, ENGLISH
from tracker import audit
from tracker.rounds.models import SpotDraw
from tracker.rounds.spot_checks.draw import (
    Entry,
    Pools,
    Tie,
    one_line,
    sha256,
    write_pools,
)
from tracker.rounds.spot_checks.rights import (
    SpotCheckRefused,
    inspectors_under,
    person_of,
    plants_under,
    refuse,
    why_not_draw,
)
from tracker.rounds.spot_checks.ties import key_of, read_ties

NONCE_BYTES = 32


def announce_draw(
    *,
    title: str,
    authority: Authority,
    plants: Collection[Plant],
    inspectors: Collection[Person],
    plants_asked: int,
    inspectors_asked: int,
    by: audit.Actor,
    at: datetime,
) -> SpotDraw:
    """Fix the pools and the nonce, of which only SHA-256 is shown and written to the trail.

    Refused with ``SpotCheckRefused``, also where a plant has fewer inspectors without a tie to it
    than are asked for.
    """
    person = person_of(by)
    refuse(why_not_draw(person, authority))
    pools = Pools(
        title=one_line(title),
        plants_asked=plants_asked,
        inspectors_asked=inspectors_asked,
        plants=tuple(Entry(plant.code, _both_names(plant)) for plant in plants),
        inspectors=tuple(Entry(key_of(each), each.name) for each in inspectors),
        ties=read_ties(plants, inspectors),
    )
    refuse(_why_not_so(pools) or _why_not_theirs(authority, plants, inspectors))
    text, nonce = write_pools(pools), secrets.token_hex(NONCE_BYTES)
    with transaction.atomic():
        made = SpotDraw.objects.create(
            title=pools.title,
            authority=authority,
            pools=text,
            pools_digest=sha256(text),
            nonce=nonce,
            commitment=sha256(nonce),
            announced_by=person,
            announced_at=at,
        )
        made.plants.set(plants)
        made.inspectors.set(inspectors)
        told = {"nonce_sha256": made.commitment, "pools_sha256": made.pools_digest, "pools": text}
        audit.record(by=by, at=at, verb=audit.Verb.ANNOUNCED, thing=made, after=told)
    return made


def _why_not_so(pools: Pools) -> str | None:
    if not pools.title:
        return _("Give the draw a title.")
    if not 1 <= pools.plants_asked <= len(pools.plants):
        return _("Draw at least one plant, and no more than are in the pool.")
    if pools.inspectors_asked < 1:
        return _("Draw at least one inspector for each plant.")
    return _why_too_few(pools)


def _why_too_few(pools: Pools) -> str | None:
    """Each plant needs enough inspectors who have no tie to it: it may be the one that is drawn."""
    for plant in pools.plants:
        if len(pools.inspectors) - _tied(pools.ties, plant) < pools.inspectors_asked:
            return _("%(plant)s has too few inspectors without a tie to it in the pool.") % {
                "plant": plant.name
            }
    return None


def _tied(ties: Collection[Tie], plant: Entry) -> int:
    return sum(tie.plant == plant.key for tie in ties)


def _why_not_theirs(
    authority: Authority, plants: Collection[Plant], inspectors: Collection[Person]
) -> str | None:
    """Plants and officers are the authority's own, or of one below it; each is there once."""
    own = set(plants_under(authority).values_list("pk", flat=True))
    if not {plant.pk for plant in plants} <= own or len({p.pk for p in plants}) < len(plants):
        return _("The pool has a plant that this authority does not oversee.")
    officers = set(inspectors_under(authority).values_list("pk", flat=True))
    keys = {person.pk for person in inspectors}
    if not keys <= officers or len(keys) < len(inspectors):
        return _("The pool has an inspector who is no officer of this authority or below it.")
    return None


def _both_names(plant: Plant) -> str:
    names = []
    for language in (CHINESE, ENGLISH):
        with override(language):
            names.append(str(plant))
    return " / ".join(dict.fromkeys(names))


def give_up_draw(draw: SpotDraw, *, reason: str, by: audit.Actor, at: datetime) -> None:
    """Leave an announced draw; it stays, with the reason. ``SpotCheckRefused`` once it was made."""
    person, reason = person_of(by), reason.strip()
    refuse(why_not_draw(person, draw.authority))
    if not reason:
        raise SpotCheckRefused(_("Say why: it is shown with the draw for ever."))
    with transaction.atomic():
        there = SpotDraw.objects.announced().filter(pk=draw.pk)
        if not there.update(given_up_at=at, given_up_by=person, given_up_reason=reason):
            raise SpotCheckRefused(_("The draw was carried out or given up meanwhile."))
        draw.refresh_from_db()
        audit.record(by=by, at=at, verb=audit.Verb.GAVE_UP, thing=draw, note=reason)
