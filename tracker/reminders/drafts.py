"""Letters written ahead: between the night's plan and each person's hour, and whether they hold.

A digest takes some 30 ms to write and 3 ms to send. Written ahead, a whole authority's mails go
out within their hour's first minutes.
"""

import hashlib
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from itertools import groupby

from django.db.models import Max, Min
from django.utils import timezone

from plants.models import Person
from tracker.audit import SITE_CHAIN, chain_of_person, chain_of_plant, lengths_of
from tracker.reminders.claims import Pair
from tracker.reminders.days import DAY, MailDay
from tracker.reminders.letters import Letter, language_of, to_mime
from tracker.reminders.models import Draft, Reminder, ReminderQuerySet
from tracker.reminders.writing import write_letter

# A tick has a minute; what is left over is written in the next one, or as it is sent.
TICK_LASTS = 20.0


def write_ahead(*, now: datetime, lasts: float = TICK_LASTS) -> int:
    """Write the letters whose hour comes later today, for at most ``lasts`` seconds; count them.

    One that is there already is written anew if something was promised to its reader since. Running
    it twice writes nothing twice.
    """
    today, until = timezone.localdate(now), time.monotonic() + lasts
    Draft.objects.exclude(on=today).delete()
    written = 0
    for pair, at in _lacking(now):
        if time.monotonic() >= until:
            break
        written += _keep(pair, at=at, now=now)
    return written


def _lacking(now: datetime) -> list[tuple[Pair, datetime]]:
    """Whose letter goes later today and was not written since the last promise; in order."""
    today = MailDay(timezone.localdate(now))
    coming = (
        Reminder.objects.planned()
        .filter(next_attempt_at__gt=now, next_attempt_at__lt=today.at_hour(0) + DAY)
        .values("person_id", "letter")
        .annotate(newest=Max("planned_at"), at=Min("next_attempt_at"))
        .order_by("at", "person_id", "letter")
    )
    there = {
        (person, letter): written_at
        for person, letter, written_at in Draft.objects.values_list(
            "person_id", "letter", "written_at"
        )
    }
    found = []
    for row in coming:
        pair = (row["person_id"], row["letter"])
        if pair not in there or there[pair] < row["newest"]:
            found.append((pair, row["at"]))
    return found


def _keep(pair: Pair, *, at: datetime, now: datetime) -> bool:
    """Write one as it will go ``at`` its hour, and keep it unless something moved meanwhile."""
    person_id, letter = pair
    person = Person.objects.get(pk=person_id)
    rows = Reminder.objects.planned().filter(person=person, letter=letter)
    before = bases_of(rows, {person.pk: person})
    written = write_letter(rows, person, letter, at=at, cancelled=_ignore)
    if written is None or bases_of(rows, {person.pk: person}) != before:
        return False
    Draft.objects.update_or_create(
        person=person,
        letter=letter,
        defaults={
            "on": timezone.localdate(at),
            "basis": before[pair],
            "language": written.language,
            "subject": written.subject,
            "text": written.text,
            "html": written.html,
            "mime": to_mime(written, person=person, at=at),
            "written_at": now,
        },
    )
    return True


def _ignore(rows: int) -> None:
    """What is cancelled ahead is in the ledger; no run is there to count it."""


def as_letter(draft: Draft) -> Letter:
    """What was written."""
    return Letter(
        language=draft.language,
        subject=draft.subject,
        text=draft.text,
        html=draft.html,
        mime=bytes(draft.mime),
    )


def drafts_that_hold(
    rows: ReminderQuerySet, people: Mapping[int, Person], *, at: datetime
) -> dict[Pair, Draft]:
    """Those for today, of these people, that rest on exactly these rows and on nothing changed."""
    bases = bases_of(rows, people)
    drafts = Draft.objects.filter(person__in=people, on=timezone.localdate(at))
    return {
        (draft.person_id, draft.letter): draft
        for draft in drafts
        if bases.get((draft.person_id, draft.letter)) == draft.basis
    }


def bases_of(rows: ReminderQuerySet, people: Mapping[int, Person]) -> dict[Pair, str]:
    """What each letter for ``rows`` rests on, as SHA-256 in hex.

    That is the rows, the reader's language, name and address, and how far the trail has come of
    her, of the plants that the rows are about, and of the site: any deed there moves it.
    """
    found = (
        rows.filter(person__in=people)
        .order_by("person_id", "letter", "pk")
        .values_list("person_id", "letter", "pk", "obligation__plant_id")
    )
    numbers: dict[Pair, list[int]] = defaultdict(list)
    chains: dict[Pair, set[str]] = {}
    for pair, group in groupby(found, key=lambda row: (row[0], row[1])):
        chains[pair] = {SITE_CHAIN, chain_of_person(pair[0])}
        for _, _, number, plant in group:
            numbers[pair].append(number)
            if plant is not None:
                chains[pair].add(chain_of_plant(plant))
    lengths = lengths_of(chain for some in chains.values() for chain in some)
    return {
        pair: _hashed(people[pair[0]], numbers[pair], chains[pair], lengths) for pair in numbers
    }


def _hashed(
    person: Person, numbers: Iterable[int], chains: Iterable[str], lengths: Mapping[str, int]
) -> str:
    trail = [f"{chain}={lengths.get(chain, 0)}" for chain in sorted(chains)]
    parts = [language_of(person), person.name, person.email, *map(str, numbers), *trail]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
