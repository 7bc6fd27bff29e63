"""Samples are entered all together or not at all; a wrong one is replaced, never edited."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from plants.bulk import insert_many
from plants.models import Person
from tracker import audit
from tracker.rounds.models.rounds import Round
from tracker.rounds.models.samples import Origin, Sample
from tracker.rounds.samples.convert import plain_number
from tracker.rounds.samples.parse import Parsed
from tracker.rounds.samples.reading import SamplesRefused, why_no_samples
from tracker.rounds.samples.rights import may_enter_samples
from tracker.rounds.samples.rows import ReadSample

_VALUES = (
    *("pollutant", "taken_from_at", "taken_to_at", "load_percent", "oxygen_percent"),
    *("measured", "laboratory_number", "cems_measured"),
)


@dataclass(frozen=True)
class Source:
    """How samples came in; ``file_name`` for a file."""

    origin: Origin
    file_name: str = ""


def enter_samples(
    *, round: Round, parsed: Parsed, source: Source, by: audit.Actor, at: datetime
) -> int:
    """Store all samples of a table and tell the trail once; how many they were.

    ``SamplesRefused`` with every fault of the table, where the round takes none, and where somebody
    entered one of them since the table was read: nothing is stored then.
    """
    person = _person(by, round)
    if parsed.faults:
        raise SamplesRefused(
            _("Nothing was stored: mend what is named and try again."), parsed.faults
        )
    if not parsed.samples:
        raise SamplesRefused(_("There is no sample in the table."))
    rows = [row_of(round, read, source, person, at) for read in parsed.samples]
    try:
        with transaction.atomic():
            _lock(round, parsed.samples)
            insert_many(rows)
            audit.record(
                by=by,
                at=at,
                verb=audit.Verb.ENTERED,
                thing=round,
                plant=round.plant,
                after=_told(parsed.samples, source),
            )
    except IntegrityError as fault:
        raise SamplesRefused(_stood_before()) from fault
    return len(rows)


def replace_sample(
    *, sample: Sample, read: ReadSample, reason: str, by: audit.Actor, at: datetime
) -> Sample:
    """Put a corrected sample in a wrong one's place, with the reason; both stay to be seen."""
    person, reason = _person(by, sample.round), reason.strip()
    if not reason:
        raise SamplesRefused(_("Say why the sample is corrected."))
    if read.outlet != sample.outlet_id:
        raise SamplesRefused(_("A correction stays at its outlet: enter another sample there."))
    new = row_of(sample.round, read, Source(Origin.HAND), person, at)
    new.replaces, new.reason = sample, reason
    try:
        with transaction.atomic():
            _lock(sample.round, [read])
            standing = Sample.objects.standing().filter(pk=sample.pk)
            if not standing.update(replaced_at=at):
                raise SamplesRefused(_("Somebody else corrected this sample before you."))
            new.save()
            audit.record(
                by=by,
                at=at,
                verb=audit.Verb.CORRECTED,
                thing=new,
                plant=sample.round.plant,
                before=_values(sample),
                after=_values(new),
                note=reason,
            )
    except IntegrityError as fault:
        raise SamplesRefused(_stood_before()) from fault
    return new


def _stood_before() -> str:
    return _(
        "Nothing was stored: a sample of the same outlet, pollutant and start came in meanwhile."
    )


def _person(by: audit.Actor, round_: Round) -> Person:
    if by.person is None:
        raise SamplesRefused(_("Only a person can enter samples."))
    if not may_enter_samples(by.person, round_):
        raise SamplesRefused(_("Only the plant or its monitoring body can enter samples."))
    return by.person


def _lock(round_: Round, samples: Sequence[ReadSample]) -> None:
    """Lock the round as it stands now; ``SamplesRefused`` if it takes no samples, or not these."""
    locked = Round.objects.select_for_update().get(pk=round_.pk)
    refusal = why_no_samples(locked)
    if refusal is not None:
        raise SamplesRefused(refusal)
    first, last = locked.monitoring_from_on, locked.monitoring_to_on
    for sample in samples:
        taken_on = timezone.localdate(sample.taken_from_at), timezone.localdate(sample.taken_to_at)
        if (first and taken_on[0] < first) or (last and taken_on[1] > last):
            raise SamplesRefused(
                _("Nothing was stored: the round's monitoring days have changed meanwhile.")
            )


def row_of(round_: Round, read: ReadSample, source: Source, person: Person, at: datetime) -> Sample:
    """The row as it would be stored."""
    return Sample(
        round=round_,
        outlet_id=read.outlet,
        pollutant=read.pollutant,
        taken_from_at=read.taken_from_at,
        taken_to_at=read.taken_to_at,
        load_percent=read.load_percent,
        oxygen_percent=read.oxygen_percent,
        measured=read.measured,
        laboratory_number=read.laboratory_number,
        cems_measured=read.cems_measured,
        origin=source.origin,
        file_name=source.file_name[:255],
        place=read.place[:60],
        entered_by=person,
        entered_at=at,
    )


def _told(samples: Sequence[ReadSample], source: Source) -> dict[str, object]:
    return {
        "samples": len(samples),
        "outlets": len({sample.outlet for sample in samples}),
        "origin": source.origin.value,
        "file_name": source.file_name,
    }


def _values(sample: Sample) -> dict[str, object]:
    """What was measured, numbers as they are written."""
    values = {name: getattr(sample, name) for name in _VALUES}
    return {
        name: plain_number(value) if hasattr(value, "quantize") else value
        for name, value in values.items()
    }
