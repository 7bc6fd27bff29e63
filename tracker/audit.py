"""Who did what, when and from where: an append-only trail, chained for each plant."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, date, datetime
from operator import attrgetter
from typing import Any, Self

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models, transaction
from django.utils.translation import override

from plants.bulk import insert_many
from plants.models import Person, Plant
from plants.models.people import plants_of
from plants.text import CHINESE, ENGLISH, Text
from tracker.verbs import QUIET as QUIET
from tracker.verbs import Verb as Verb
from tracker.verbs import verb_choices

SITE_CHAIN = "site"
CHAINS_AT_ONCE = 200
_HEAD = ("id", "sequence", "digest")
_READ_HEAD = "SELECT id, sequence, digest FROM tracker_chainhead WHERE chain = %s"
_MOVE_HEAD = "UPDATE tracker_chainhead SET sequence = %s, digest = %s WHERE id = %s"


@dataclass(frozen=True)
class Actor:
    """Who acts, and from where: an address for a browser, else the name of the door."""

    person: Person | None
    origin: str

    @property
    def name(self) -> str:
        return self.person.name if self.person else ""


class EventQuerySet(models.QuerySet["Event"]):
    def visible_to(self, person: Person) -> Self:
        return self.filter(plants_of(person, "plant__"))

    def for_plant(self, plant: Plant) -> Self:
        """A plant's history, newest first."""
        told = self.filter(plant=plant).exclude(verb__in=QUIET)
        return told.select_related("person").order_by("-sequence")

    def about(self, thing: models.Model) -> Self:
        """What happened to one thing, newest first."""
        return (
            self.filter(thing_kind=thing._meta.model_name, thing_id=thing.pk)
            .select_related("person")
            .order_by("-pk")
        )


class Event(models.Model):
    """One deed. Rows are only ever added; each holds the hash of the one before in its chain.

    ``digest`` is SHA-256 in hex over ``previous`` and the row's facts, so that a row changed or
    taken out later shows when the chain is walked (``broken_links``).
    """

    chain = models.CharField(max_length=40)
    sequence = models.PositiveBigIntegerField()
    at = models.DateTimeField()
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    person_name = models.CharField(max_length=100, blank=True, default="")
    origin = models.CharField(max_length=100)
    verb = models.CharField(max_length=16, choices=verb_choices)
    thing_kind = models.CharField(max_length=40)
    thing_id = models.BigIntegerField()
    thing_name_zh = models.CharField(max_length=400)
    thing_name_en = models.CharField(max_length=400)
    plant = models.ForeignKey(
        Plant, on_delete=models.PROTECT, null=True, blank=True, related_name="events"
    )
    before = models.JSONField(null=True, blank=True, encoder=DjangoJSONEncoder)
    after = models.JSONField(null=True, blank=True, encoder=DjangoJSONEncoder)
    note = models.TextField(blank=True, default="")
    previous = models.CharField(max_length=64, blank=True, default="")
    digest = models.CharField(max_length=64)

    objects = EventQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="event_once_in_its_chain", fields=["chain", "sequence"])
        ]
        indexes = [
            models.Index(name="event_thing", fields=["thing_kind", "thing_id"]),
            models.Index(name="event_verb_at", fields=["verb", "at"]),
            models.Index(name="event_plant", fields=["plant", "-sequence"]),
        ]

    def __str__(self) -> str:
        return f"{self.chain}#{self.sequence} {self.verb} {self.thing_name}"

    @property
    def thing_name(self) -> Text:
        return Text(self.thing_name_zh, self.thing_name_en)


class ChainHead(models.Model):
    """The last link of a chain; its row is the lock that keeps the links in one line."""

    chain = models.CharField(max_length=40, unique=True)
    sequence = models.PositiveBigIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True, default="")

    def __str__(self) -> str:
        return f"{self.chain}#{self.sequence}"


_waiting: ContextVar[list[Event] | None] = ContextVar("waiting", default=None)


@contextmanager
def together() -> Iterator[None]:
    """One transaction for deeds by the hundred; their events are written at its end, in bulk.

    The deeds stand or fall together: none sets a savepoint, to which it alone could be rolled back
    and leave its event waiting here. So what fails in the block fails the block.
    """
    if _waiting.get() is not None:
        yield
        return
    events: list[Event] = []
    with transaction.atomic():
        token = _waiting.set(events)
        try:
            with _without_savepoints():
                yield
        finally:
            _waiting.reset(token)
        if transaction.get_rollback():
            raise transaction.TransactionManagementError("A deed of the block has failed.")
        _write(events)


@contextmanager
def _without_savepoints() -> Iterator[None]:
    """Each ``atomic`` in the block is one with ``savepoint=False``."""
    # Not by the database's features: SQLite's own check does not ask them.
    connection.savepoint = lambda: None  # type: ignore[method-assign]
    try:
        yield
    finally:
        del connection.savepoint


def record(
    *,
    by: Actor,
    at: datetime,
    verb: str,
    thing: models.Model,
    plant: Plant | None = None,
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object] | None = None,
    note: str = "",
) -> Event:
    """Add one event, in the transaction of the deed that it tells of.

    Two deeds for one plant at the same moment wait for each other at the chain's head.
    """
    event = Event(
        chain=_chain_of(thing, plant),
        at=at,
        person=by.person,
        person_name=by.name,
        origin=by.origin[:100],
        verb=verb,
        thing_kind=thing._meta.model_name or "",
        thing_id=thing.pk,
        thing_name_zh=_name_in(CHINESE, thing),
        thing_name_en=_name_in(ENGLISH, thing),
        plant=plant,
        before=_plain(before),
        after=_plain(after),
        note=note,
    )
    waiting = _waiting.get()
    if waiting is None:
        _write([event])
    else:
        waiting.append(event)
    return event


def chain_of_plant(plant_id: int) -> str:
    """The name of the chain that holds all that happened at the plant."""
    return f"plant:{plant_id}"


def chain_of_person(person_id: int) -> str:
    """Her own, so that sign-ins don't wait for each other."""
    return f"person:{person_id}"


def _chain_of(thing: models.Model, plant: Plant | None) -> str:
    """The plant's, the person's, else the site's."""
    if plant is not None:
        return chain_of_plant(plant.pk)
    return chain_of_person(thing.pk) if isinstance(thing, Person) else SITE_CHAIN


def lengths_of(chains: Iterable[str]) -> dict[str, int]:
    """How many links these chains have by now; one that nobody began yet is left out.

    Whoever reads them before something else can tell later whether that has changed since: a deed
    moves the head of its chain in its own transaction.
    """
    names = sorted(set(chains))
    found: dict[str, int] = {}
    for start in range(0, len(names), CHAINS_AT_ONCE):
        heads = ChainHead.objects.filter(chain__in=names[start : start + CHAINS_AT_ONCE])
        found.update(heads.values_list("chain", "sequence"))
    return found


@dataclass(frozen=True)
class Deed:
    """What happened to one thing of a plant, for ``record_all``."""

    verb: str
    thing: models.Model
    plant: Plant
    before: Mapping[str, object] | None = None
    after: Mapping[str, object] | None = None
    note: str = ""


def record_all(*, by: Actor, at: datetime, deeds: Iterable[Deed]) -> None:
    """Add an event for each deed to its plant's chain, in the order given, in few statements."""
    with together():
        for deed in deeds:
            record(
                by=by,
                at=at,
                verb=deed.verb,
                thing=deed.thing,
                plant=deed.plant,
                before=deed.before,
                after=deed.after,
                note=deed.note,
            )


def _write(events: Sequence[Event]) -> None:
    """Link the events to their chains, the chains in one order for whoever writes several."""
    if len(events) == 1:
        _write_one(events[0])
        return
    by_chain: dict[str, list[Event]] = defaultdict(list)
    for event in events:
        by_chain[event.chain].append(event)
    chains = sorted(by_chain)
    # No savepoint of its own: the events stand or fall with the deeds.
    with transaction.atomic(savepoint=False):
        for start in range(0, len(chains), CHAINS_AT_ONCE):
            heads = _locked_heads(chains[start : start + CHAINS_AT_ONCE])
            links = [link for head in heads for link in _linked(head, by_chain[head.chain])]
            # The newest row is what happened last, whichever the chain.
            insert_many(sorted(links, key=attrgetter("at")))
            _move_heads(heads)


def _write_one(event: Event) -> None:
    """The same for one event, for which whoever does the deed waits: statements made beforehand."""
    lock = " FOR UPDATE" if connection.features.has_select_for_update else ""
    with transaction.atomic(savepoint=False), connection.cursor() as cursor:
        cursor.execute(_READ_HEAD + lock, [event.chain])
        found = cursor.fetchone()
        head = ChainHead(**dict(zip(_HEAD, found, strict=True))) if found else None
        head = head or _locked_heads([event.chain])[0]
        _linked(head, [event])
        event.save(force_insert=True)
        cursor.execute(_MOVE_HEAD, [head.sequence, head.digest, head.pk])


def _linked(head: ChainHead, events: list[Event]) -> list[Event]:
    """The events as the next links of the head's chain; the head moves on to the last."""
    for sequence, event in enumerate(events, start=head.sequence + 1):
        event.sequence, event.previous = sequence, head.digest
        head.sequence, head.digest = sequence, digest_of(event)
        event.digest = head.digest
    return events


def _locked_heads(chains: list[str]) -> list[ChainHead]:
    """The heads of these chains, locked in their order; made by whoever is first."""
    heads = ChainHead.objects.select_for_update().filter(chain__in=chains).order_by("chain")
    found = list(heads)
    if len(found) < len(chains):
        there = {head.chain for head in found}
        lacking = [ChainHead(chain=chain) for chain in chains if chain not in there]
        ChainHead.objects.bulk_create(lacking, ignore_conflicts=True)
        found = list(heads.all())
    return found


def _move_heads(heads: list[ChainHead]) -> None:
    # They are all there: an INSERT that meets its own key is the fastest UPDATE of many rows.
    ChainHead.objects.bulk_create(
        heads,
        update_conflicts=True,
        unique_fields=["chain"],
        update_fields=["sequence", "digest"],
    )


def digest_of(event: Event) -> str:
    """SHA-256 in hex over the link before and this event's facts, as canonical JSON."""
    return digest_of_facts(facts_of(event))


def facts_of(event: Event) -> list[Any]:
    """What a link vouches for, as plain JSON: the digest before it, then its columns in order."""
    return [
        event.previous,
        event.chain,
        event.sequence,
        event.at.astimezone(UTC).isoformat(),
        event.plant_id,
        event.person_id,
        event.person_name,
        event.origin,
        event.verb,
        event.thing_kind,
        event.thing_id,
        event.thing_name_zh,
        event.thing_name_en,
        event.before,
        event.after,
        event.note,
    ]


def digest_of_facts(facts: Sequence[Any]) -> str:
    """The same from what ``facts_of`` gave, for who has no database."""
    canonical = json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def broken_links(chain: str) -> list[int]:
    """The numbers of a chain's links that were changed, moved or taken out, in order.

    A link is broken where its digest is not that of its facts, where it does not hold the digest
    of the one before, and where it is missing, be it the newest: the head tells how many there are.
    """
    head = ChainHead.objects.filter(chain=chain).first()
    broken: list[int] = []
    previous, expected = "", 1
    for event in Event.objects.filter(chain=chain).order_by("sequence").iterator():
        broken += range(expected, event.sequence)
        if event.previous != previous or event.digest != digest_of(event):
            broken.append(event.sequence)
        previous, expected = event.digest, event.sequence + 1
    last = head.sequence if head else 0
    broken += range(expected, last + 1)
    if head and head.digest != previous and last not in broken:
        broken.append(last)
    return broken


def _name_in(language: str, thing: models.Model) -> str:
    with override(language):
        return str(thing)[:400]


def _plain(values: Mapping[str, object] | None) -> dict[str, object] | None:
    """The values as they will read back from JSON, so that the digest can be made again."""
    if values is None:
        return None
    shaped = {
        key: value.isoformat() if isinstance(value, (date, datetime)) else value
        for key, value in values.items()
    }
    plain: dict[str, object] = json.loads(json.dumps(shaped, cls=DjangoJSONEncoder))
    return plain
